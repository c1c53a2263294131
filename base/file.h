/* file.h - whole files in, whole files out. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>

#include "base/diag.h"
#include "base/status.h"

/* Reads a file of at most `limit` bytes into a fresh buffer with a NUL behind it (not counted in
 * *length). The caller frees *bytes. A missing file, a folder, a larger file: an error in `diags`. */
enum status file_read(const char *path, size_t limit, char **bytes, size_t *length, struct diags *diags);

/* Writes a temporary file beside `path`, flushes it to the disk and renames it over `path`: a reader
 * sees the old content or the new, never half. A full disk or an unwritable folder: an error in
 * `diags`, and `path` is as it was. The temporary file has no name while it grows (where the file system
 * can do that), so that a kill leaves none behind. Links are followed, an old file's mode is kept; a
 * device or a pipe is written to as it is. */
enum status file_write(const char *path, const void *bytes, size_t length, struct diags *diags);

/* Makes a folder and its parents; fine when it exists. */
enum status folder_make(const char *path, struct diags *diags);

#endif
