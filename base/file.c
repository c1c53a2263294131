#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status fail(struct diags *diags, const char *path, const char *doing)
{
    static const struct {
        int number;
        const char *remedy;
    } remedies[] = {
        {ENOSPC, "Free some space there, or write to another place."},
        {EDQUOT, "Free some of your quota, or write to another place."},
        {EROFS, "Write to another place."},
        {EACCES, "Choose a place that you may use."},
        {ENOENT, "Check the name and its folder."},
        {ENOTDIR, "A part of this path is a file, not a folder."},
    };
    const char *remedy = NULL;
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++)
        if (remedies[i].number == errno)
            remedy = remedies[i].remedy;
    diags_error(diags, path, 0, remedy, "cannot %s: %s", doing, strerror(errno));
    return STATUS_IO;
}

enum status file_read(const char *path, size_t limit, char **bytes, size_t *length, struct diags *diags)
{
    *bytes = NULL;
    *length = 0;
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail(diags, path, "open");
    enum status status = STATUS_OK;
    char *buffer = NULL;
    size_t capacity = 0, used = 0;
    if (fstat(file, &facts) != 0) {
        status = fail(diags, path, "read");
        goto cleanup;
    }
    if (S_ISDIR(facts.st_mode)) {
        diags_error(diags, path, 0, "Name a file inside it.", "this is a folder, not a file");
        status = STATUS_BAD_INPUT;
        goto cleanup;
    }
    /* The size is a hint only: a pipe has none, and a file may grow while we read. */
    capacity = facts.st_size > 0 && (size_t)facts.st_size <= limit ? (size_t)facts.st_size + 1 : 4096;
    buffer = malloc(capacity + 1);
    for (;;) {
        if (!buffer) {
            diags_error(diags, path, 0, NULL, "out of memory after %zu bytes", used);
            status = STATUS_NO_MEMORY;
            goto cleanup;
        }
        ssize_t got = read(file, buffer + used, capacity - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            status = fail(diags, path, "read");
            goto cleanup;
        }
        if (got == 0)
            break;
        used += (size_t)got;
        if (used > limit) {
            diags_error(diags, path, 0, NULL, "larger than the %zu bytes that are read from such a file", limit);
            status = STATUS_BAD_INPUT;
            goto cleanup;
        }
        if (used == capacity) {
            capacity *= 2;
            char *larger = realloc(buffer, capacity + 1);
            if (!larger)
                free(buffer);
            buffer = larger;
        }
    }
    buffer[used] = '\0';
    *bytes = buffer;
    *length = used;
    buffer = NULL;
cleanup:
    free(buffer);
    close(file);
    return status;
}

/* All of it; errno says why not. */
static bool write_all(int file, const char *bytes, size_t length)
{
    for (size_t written = 0; written < length;) {
        ssize_t put = write(file, bytes + written, length - written);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            errno = put == 0 ? ENOSPC : errno;
            return false;
        }
        written += (size_t)put;
    }
    return true;
}

/* A device or a pipe cannot be replaced by a file (and /dev/null must not be): it is written to. */
static enum status write_through(const char *path, const char *bytes, size_t length, struct diags *diags)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    bool done = file >= 0 && write_all(file, bytes, length);
    enum status status = done ? STATUS_OK : fail(diags, path, "write");
    if (file >= 0)
        close(file);
    return status;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

/* A file without a name, that a kill leaves no trace of; where the file system has none, one with a name. */
static int open_temporary(const char *path, char *temporary, bool *named)
{
    char *folder = access("/proc/self/fd", X_OK) == 0 ? folder_of(path) : NULL;
    int file = folder ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) : -1;
    free(folder);
    *named = file < 0;
    return *named ? mkostemp(temporary, O_CLOEXEC) : file;
}

/* Gives the nameless file the name `temporary`, from where it can be renamed. linkat never replaces: a name that is
 * taken is passed over, and no empty file has to hold it meanwhile, which a kill would leave behind. */
static bool name_temporary(int file, char *temporary)
{
    char link[40], *ending = temporary + strlen(temporary) - strlen("XXXXXX");
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    for (int tries = 0; tries < 100; tries++) {
        unsigned random;
        if (getrandom(&random, sizeof random, 0) != sizeof random)
            return false;
        snprintf(ending, sizeof "XXXXXX", "%06x", random & 0xffffff);
        if (linkat(AT_FDCWD, link, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0)
            return true;
        if (errno != EEXIST)
            return false;
    }
    return false;
}

static enum status replace(const char *path, mode_t mode, const char *bytes, size_t length, struct diags *diags)
{
    char *temporary = NULL;
    bool named = false;
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
        diags_error(diags, path, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    int file = open_temporary(path, temporary, &named);
    bool done = file >= 0 && write_all(file, bytes, length) && fchmod(file, mode) == 0 && fsync(file) == 0;
    if (done && !named)
        done = named = name_temporary(file, temporary);
    done = done && rename(temporary, path) == 0;
    enum status status = done ? STATUS_OK : fail(diags, path, "write");
    if (file >= 0)
        close(file);
    if (!done && named && file >= 0)
        unlink(temporary);
    free(temporary);
    return status;
}

enum status file_write(const char *path, const void *bytes, size_t length, struct diags *diags)
{
    struct stat facts;
    mode_t mask = umask(0);
    umask(mask);
    if (stat(path, &facts) != 0)
        return replace(path, 0666 & ~mask, bytes, length, diags);
    if (S_ISDIR(facts.st_mode)) {
        diags_error(diags, path, 0, "Name a file inside it.", "this is a folder, not a file");
        return STATUS_IO;
    }
    if (!S_ISREG(facts.st_mode))
        return write_through(path, bytes, length, diags);
    char *behind_links = realpath(path, NULL);
    enum status status =
        behind_links ? replace(behind_links, facts.st_mode & 0777, bytes, length, diags) : fail(diags, path, "write");
    free(behind_links);
    return status;
}

enum status folder_make(const char *path, struct diags *diags)
{
    char *partial = strdup(path);
    if (!partial) {
        diags_error(diags, path, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = STATUS_OK;
    for (char *slash = partial + 1; status == STATUS_OK && *partial; slash++) {
        if (*slash != '/' && *slash != '\0')
            continue;
        char kept = *slash;
        *slash = '\0';
        if (mkdir(partial, 0777) != 0 && errno != EEXIST)
            status = fail(diags, path, "make the folder");
        if (kept == '\0')
            break;
        *slash = kept;
    }
    struct stat facts;
    if (status == STATUS_OK && stat(path, &facts) != 0)
        status = fail(diags, path, "make the folder");
    if (status == STATUS_OK && !S_ISDIR(facts.st_mode)) {
        diags_error(diags, path, 0, "Choose another folder, or move that file away.", "exists and is not a folder");
        status = STATUS_IO;
    }
    free(partial);
    return status;
}
