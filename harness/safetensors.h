/* safetensors.h - tensors by name in one file: Hugging Face's format, read strictly.
 *
 *   header length (8 bytes, little endian) | header: JSON | the tensors' bytes, one behind the other
 *
 * Refused with the place and the reason: headers over 100 MB or beyond the file, names given twice, shapes that do not
 * fit their bytes, ranges that overlap, leave gaps or pass the end, bytes behind the last one. */
#ifndef HARNESS_SAFETENSORS_H
#define HARNESS_SAFETENSORS_H

#include <stdint.h>

#include "base/diag.h"
#include "base/status.h"

enum { SAFETENSORS_DIMENSIONS = 8 };

enum safetensors_type {
    SAFETENSORS_F32,
    SAFETENSORS_F64,
    SAFETENSORS_F16,
    SAFETENSORS_BF16,
    SAFETENSORS_OTHER /* integers and what the format may get: listed, not read */
};

struct safetensor {
    char *name;
    enum safetensors_type type;
    int dimensions;
    int64_t shape[SAFETENSORS_DIMENSIONS];
    int64_t elements;
    const unsigned char *bytes; /* in the file's; not aligned */
    size_t length;
};

struct safetensors {
    char *file; /* owned, all of it */
    struct safetensor *items;
    size_t count;
    struct safetensors_note {
        char *key, *value;
    } * notes; /* __metadata__ */
    size_t note_count;
};

enum status safetensors_read(const char *path, struct safetensors *tensors, struct diags *diags);
/* Takes over `bytes` (malloc'd) in every case. */
enum status safetensors_parse(char *bytes, size_t length, const char *name, struct safetensors *tensors,
                              struct diags *diags);
void safetensors_free(struct safetensors *tensors);

/* NULL when there is none of that name. */
const struct safetensor *safetensors_find(const struct safetensors *tensors, const char *name);
const char *safetensors_note(const struct safetensors *tensors, const char *key);
/* All elements as float32 (float64 is rounded). STATUS_UNSUPPORTED for SAFETENSORS_OTHER. */
enum status safetensors_floats(const struct safetensor *tensor, float *to);

/* What is written: float32 only. */
struct safetensors_out {
    const char *name;
    const float *values;
    int dimensions;
    int64_t shape[SAFETENSORS_DIMENSIONS];
};
enum status safetensors_write(const char *path, const struct safetensors_out *items, size_t count,
                              const struct safetensors_note *notes, size_t note_count, struct diags *diags);

#endif
