/* replay.c - runs a fuzz target over files and folders of files, without a fuzzer: what broke it once stays a test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    struct diags diags = {0};
    char *bytes;
    size_t length;
    if (file_read(path, 64 << 20, &bytes, &length, &diags) != STATUS_OK) {
        diags_print(&diags, stderr);
        diags_free(&diags);
        return 0;
    }
    printf("%s\n", path); /* before, so that a crash says whose it is */
    fflush(stdout);
    uint8_t *exact = malloc(length ? length : 1); /* no NUL behind it, as the fuzzer gives it */
    if (exact) {
        memcpy(exact, bytes, length);
        LLVMFuzzerTestOneInput(exact, length);
    }
    free(exact);
    free(bytes);
    return 1;
}

static int run_folder(const char *path)
{
    DIR *listing = opendir(path);
    struct dirent *entry;
    int count = 0;
    while (listing && (entry = readdir(listing)) != NULL) {
        char *inner = NULL;
        if (entry->d_name[0] != '.' && asprintf(&inner, "%s/%s", path, entry->d_name) > 0)
            count += run_file(inner);
        free(inner);
    }
    if (listing)
        closedir(listing);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        struct stat facts;
        bool folder = stat(argv[i], &facts) == 0 && S_ISDIR(facts.st_mode);
        count += folder ? run_folder(argv[i]) : run_file(argv[i]);
    }
    printf("%d inputs\n", count);
    return count ? 0 : 1;
}
