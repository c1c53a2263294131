/* options.h - a command's flags as a table: read, checked, explained by --help. */
#ifndef HARNESS_OPTIONS_H
#define HARNESS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/status.h"

enum option_type {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char * (points into argv) */
    OPTION_NUMBER, /* double */
    OPTION_COUNT,  /* int64_t, 0 or more */
    OPTION_TEXTS   /* struct option_texts: may be given several times */
};

enum { OPTION_TEXTS_MOST = 16 };
struct option_texts {
    const char *texts[OPTION_TEXTS_MOST];
    size_t count;
};

struct option {
    const char *name;   /* "--threads" */
    const char *letter; /* "-a", or NULL */
    enum option_type type;
    void *to;
    const char *value; /* for --help: "FILE"; NULL for flags */
    const char *help;
};

/* Reads argv[1..]: --name=value, --name value, -a value; what begins with no dash goes to `rest`. Unknown flags: the
 * nearest. *help becomes true at --help or -h (nothing else is checked then). The table ends with a NULL name. */
enum status options_read(int argc, char **argv, const struct option *options, struct option_texts *rest, bool *help,
                         struct diags *diags);
/* usage, then one line a flag. */
void options_help(const char *usage, const struct option *options, FILE *stream);

#endif
