/* watch_files.h - waits until one of some files was written (inotify). */
#ifndef CLI_WATCH_FILES_H
#define CLI_WATCH_FILES_H

#include "base/diag.h"
#include "base/status.h"

struct watch_files; /* opaque */

enum status watch_files_open(struct watch_files **files, struct diags *diags);
void watch_files_close(struct watch_files *files);

enum watch_what {
    WATCH_DECK, /* this file, the deck itself */
    WATCH_FILE, /* this file, that the deck is made from */
    WATCH_LOOKS /* every style file and image in this file's folder */
};
/* A file may be named that is not there yet, or any number of times. A folder that is not there is passed over. */
void watch_files_add(struct watch_files *files, const char *path, enum watch_what what);

enum watch_event {
    WATCH_DECK_WRITTEN,   /* only the deck was */
    WATCH_OTHERS_WRITTEN, /* others too */
    WATCH_QUIET,          /* the time went by */
    WATCH_FAILED          /* nothing can be watched any more */
};
/* What is written within a hundredth of a second counts as one event. Waits at most `seconds`; less than 0: for as long
 * as it takes. */
enum watch_event watch_files_wait(struct watch_files *files, double seconds);

#endif
