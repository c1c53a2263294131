/* recorded.h - records of real GPUs that come with the program: reports/recorded/. */
#ifndef CLI_RECORDED_H
#define CLI_RECORDED_H

#include "base/diag.h"
#include "base/status.h"

/* A record named "recorded" on the command line is the newest there (names begin with their dates): *path becomes its
 * path, and *owned as well, to be freed. Any other name is left alone. None there: STATUS_BAD_INPUT. */
enum status recorded_resolve(const char **path, char **owned, struct diags *diags);

#endif
