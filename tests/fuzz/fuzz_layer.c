/* A layer's Q, K and V from any bytes; the first says how they are asked for. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/layer_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void all_finite(const float *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct layer_request request = {.path = "fuzz",
                                    .names = {"q", "k", "v"},
                                    .heads_first = data[0] & 1,
                                    .theta = data[0] & 2 ? 10000 : 0,
                                    .turn = data[0] & 4};
    struct layer_input input;
    struct diags diags = {0};
    char *bytes = malloc(size);
    if (!bytes)
        abort();
    memcpy(bytes, data + 1, size - 1);
    enum status status = layer_input_parse(bytes, size - 1, &request, &input, &diags);
    if ((status == STATUS_OK) != (diags.errors == 0))
        abort();
    if (status == STATUS_OK) {
        const struct attention_problem *p = &input.problem;
        if (!(data[0] & 4)) {
            all_finite(input.q, attention_q_elements(p));
            all_finite(input.k, attention_kv_elements(p));
        }
        all_finite(input.v, attention_kv_elements(p));
        all_finite(input.angles, p->len_kv * p->head_dim);
    }
    layer_input_free(&input);
    diags_free(&diags);
    return 0;
}
