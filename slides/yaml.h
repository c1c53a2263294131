/* yaml.h - YAML by schema (libcyaml), with faults that carry file and line. */
#ifndef SLIDES_YAML_H
#define SLIDES_YAML_H

#include <cyaml/cyaml.h>

#include "base/diag.h"
#include "base/status.h"

/* Loads `bytes` by a schema whose top is a pointer. Lines in messages are counted from `first_line` (1 for a whole
 * file). No anchors or aliases. Every fault goes to diags; unknown keys are faults. */
enum status yaml_load(const char *bytes, size_t length, const char *file, int first_line,
                      const cyaml_schema_value_t *schema, void **data, struct diags *diags);
/* The same, but keys that the schema does not name are passed over: for a first look at what a mapping is. */
enum status yaml_peek(const char *bytes, size_t length, const char *file, int first_line,
                      const cyaml_schema_value_t *schema, void **data, struct diags *diags);
enum status yaml_load_file(const char *path, const cyaml_schema_value_t *schema, void **data, struct diags *diags);
void yaml_release(const cyaml_schema_value_t *schema, void *data);

#endif
