/* data_path.h - where the data files are (presets, themes, decks): FLASHDECK_DATA when set, else the source tree that
 * this program was built from. */
#ifndef HARNESS_DATA_PATH_H
#define HARNESS_DATA_PATH_H

#include <stddef.h>

/* "harness/presets/quick.yml" becomes a whole path. Fresh string, NULL when out of memory. */
char *data_path(const char *relative);

/* Names (without folder and ending) of the files with this ending in a data folder, sorted. The caller frees each and
 * the array. NULL when there are none. */
char **data_names(const char *folder, const char *ending, size_t *count);
void data_names_free(char **names, size_t count);

#endif
