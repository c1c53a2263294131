/* style_file.h - the data files behind a style: where one of a name is, and its content. */
#ifndef SLIDES_STYLE_FILE_H
#define SLIDES_STYLE_FILE_H

#include <stdbool.h>

#include "slides/yaml.h"

enum style_kind { STYLE_CANVAS, STYLE_THEME, STYLE_TYPE, STYLE_BRAND, STYLE_CALL, STYLE_KINDS };

struct style_source {
    const char *name;   /* of a file of ours ("ink"), or a file's path (*.yml); NULL: the default */
    const char *folder; /* where a path is looked up from; NULL: the current one */
    bool outside;       /* the path may leave the folder */
};

/* What is taken when none is named: "linkedin", "ink", "inter", "flashdeck". */
const char *style_default(enum style_kind kind);

/* Loads the file by its schema; *path (fresh, also after a failure; NULL when there is none) is where it is. Unknown
 * names: the nearest. */
enum status style_file_load(enum style_kind kind, const struct style_source *source, const cyaml_schema_value_t *schema,
                            void **data, char **path, struct diags *diags);

/* The line of `key` in a file, inside the mapping `parent` unless that is NULL; 0 when it is not found. For faults in
 * values, whose lines libcyaml does not keep. */
int style_file_line(const char *path, const char *parent, const char *key);

/* "C" of "A/B/C.yml" is where it lies: "A/B". Fresh. */
char *style_file_folder(const char *path);

/* A copy; NULL for "" and NULL. */
char *style_copy(const char *text);

#endif
