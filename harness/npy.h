/* npy.h - NumPy's .npy files, versions 1 to 3, C order (numpy.lib.format): float32 and float64, or int32 and int64. */
#ifndef HARNESS_NPY_H
#define HARNESS_NPY_H

#include <stdint.h>

#include "base/diag.h"
#include "base/status.h"

enum { NPY_MAX_DIMENSIONS = 8 };

struct npy {
    int dimensions;
    int64_t shape[NPY_MAX_DIMENSIONS];
    int64_t elements;
    float *values;     /* owned, aligned to 64, float64 is rounded to float32 on reading; NULL for integers */
    int64_t *integers; /* owned; NULL for floats */
    bool was_float64;
};

/* Anything else (other dtypes, big endian, Fortran order, truncated or trailing bytes, shapes that
 * overflow) is refused with its reason. */
enum status npy_read(const char *path, struct npy *array, struct diags *diags);
enum status npy_parse(const char *bytes, size_t length, const char *name, struct npy *array, struct diags *diags);
/* The same for int32 and int64; floats are refused. */
enum status npy_read_integers(const char *path, struct npy *array, struct diags *diags);
enum status npy_parse_integers(const char *bytes, size_t length, const char *name, struct npy *array,
                               struct diags *diags);
/* Writes float32, version 1. */
enum status npy_write(const char *path, const float *values, int dimensions, const int64_t *shape, struct diags *diags);
void npy_free(struct npy *array);

#endif
