#include "slides/path_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *path_inside_remedy(const char *name)
{
    return strstr(name, "://") ? "Save a copy beside the file that names it."
                               : "Put it beside the file that names it, or pass --allow-outside when you trust its "
                                 "author.";
}

/* "a/../../b" climbs above where it starts, "a/../b" does not. */
static bool climbs(const char *name)
{
    int depth = 0;
    while (*name) {
        size_t length = strcspn(name, "/");
        if (length == 2 && name[0] == '.' && name[1] == '.')
            depth--;
        else if (length > 0 && !(length == 1 && name[0] == '.'))
            depth++;
        if (depth < 0)
            return true;
        name += length + (name[length] == '/');
    }
    return false;
}

/* A link may lead anywhere; what is not there leads nowhere. */
static bool leads_out(const char *path, const char *folder)
{
    char *file = realpath(path, NULL), *home = realpath(*folder ? folder : "/", NULL);
    bool out = false;
    if (file && home) {
        size_t length = strlen(home);
        bool root = length == 1;
        out = !root && (strncmp(file, home, length) != 0 || (file[length] != '/' && file[length] != '\0'));
    }
    free(file);
    free(home);
    return out;
}

char *path_inside(const char *name, const char *folder, bool outside, const char **fault)
{
    char *path = NULL;
    *fault = "";
    if (strstr(name, "://")) {
        *fault = "what is on the network is never loaded";
        return NULL;
    }
    if (!outside && (*name == '/' || climbs(name))) {
        *fault = *name == '/' ? "this is a whole path" : "this path leaves the folder";
        return NULL;
    }
    if (asprintf(&path, "%s%s%s", *name == '/' ? "" : folder, *name == '/' ? "" : "/", name) < 0)
        return NULL;
    if (!outside && leads_out(path, folder)) {
        *fault = "this link leads out of the folder";
        free(path);
        return NULL;
    }
    return path;
}
