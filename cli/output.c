#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status output_check(const char *path, struct diags *diags)
{
    struct stat facts;
    if (*path == '\0') {
        diags_error(diags, NULL, 0, "Name a file.", "the name of the file to write is empty");
        return STATUS_BAD_INPUT;
    }
    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        diags_error(diags, path, 0, "Name a file inside it.", "this is a folder, not a file");
        return STATUS_IO;
    }
    const char *slash = strrchr(path, '/');
    /* With "/." behind it a file is told from a folder that is closed. */
    char *folder = NULL;
    if (asprintf(&folder, "%.*s/.", slash ? (int)(slash - path) : 1, slash ? path : ".") < 0)
        folder = NULL;
    enum status status = STATUS_OK;
    if (!folder) {
        diags_error(diags, path, 0, NULL, "out of memory");
        status = STATUS_NO_MEMORY;
    } else if (access(folder, W_OK | X_OK) != 0) {
        diags_error(diags, path, 0, "Choose a folder that is there and that you may write to.",
                    "cannot write into %.*s: %s", (int)strlen(folder) - 2, folder, strerror(errno));
        status = STATUS_IO;
    }
    free(folder);
    return status;
}

int output_exit_code(enum status status)
{
    return status_exit_code(status == STATUS_FAILED ? STATUS_IO : status);
}
