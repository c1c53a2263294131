#include "harness/data_path.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *data_path(const char *relative)
{
    const char *root = getenv("FLASHDECK_DATA");
    char *path = NULL;
    return asprintf(&path, "%s/%s", root ? root : DATA_FOLDER, relative) < 0 ? NULL : path;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **data_names(const char *folder, const char *ending, size_t *count)
{
    char *path = data_path(folder);
    DIR *listing = path ? opendir(path) : NULL;
    char **names = NULL;
    struct dirent *entry;
    *count = 0;
    while (listing && (entry = readdir(listing)) != NULL) {
        size_t length = strlen(entry->d_name), tail = strlen(ending);
        if (length <= tail || strcmp(entry->d_name + length - tail, ending) != 0)
            continue;
        char **more = realloc(names, (*count + 1) * sizeof *names);
        if (!more)
            break;
        names = more;
        names[*count] = strndup(entry->d_name, length - tail);
        *count += names[*count] != NULL;
    }
    if (listing)
        closedir(listing);
    free(path);
    if (names)
        qsort(names, *count, sizeof *names, by_name);
    return names;
}

void data_names_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}
