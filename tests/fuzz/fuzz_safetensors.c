/* Tensors from any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct safetensors tensors;
    struct diags diags = {0};
    char *bytes = malloc(size ? size : 1);
    if (!bytes)
        abort();
    if (size)
        memcpy(bytes, data, size);
    enum status status = safetensors_parse(bytes, size, "fuzz", &tensors, &diags);
    if ((status == STATUS_OK) != (diags.errors == 0))
        abort();
    for (size_t i = 0; i < tensors.count; i++) {
        const struct safetensor *tensor = &tensors.items[i];
        float *values = malloc((size_t)tensor->elements * sizeof *values + 1);
        if (!values)
            abort();
        safetensors_floats(tensor, values); /* every element is there */
        free(values);
    }
    safetensors_free(&tensors);
    diags_free(&diags);
    return 0;
}
