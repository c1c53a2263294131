/* An array of floats from any bytes, or of integers. */
#include <stdint.h>
#include <stdlib.h>

#include "harness/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct npy array = {0};
    struct diags diags = {0};
    enum status status = npy_parse((const char *)data, size, "fuzz", &array, &diags);
    if ((status == STATUS_OK) != (diags.errors == 0))
        abort();
    if (status == STATUS_OK) {
        int64_t elements = 1;
        if (array.dimensions < 0 || array.dimensions > NPY_MAX_DIMENSIONS)
            abort();
        for (int i = 0; i < array.dimensions; i++)
            elements *= array.shape[i];
        if (elements != array.elements)
            abort();
        volatile float sum = 0; /* every element is there */
        for (int64_t i = 0; i < elements; i++)
            sum += array.values[i];
        (void)sum;
        npy_free(&array);
    }
    if (npy_parse_integers((const char *)data, size, "fuzz", &array, &diags) == STATUS_OK) {
        volatile int64_t last = 0;
        for (int64_t i = 0; i < array.elements; i++)
            last = array.integers[i];
        (void)last;
        npy_free(&array);
    }
    diags_free(&diags);
    return 0;
}
