#include "kernels/cpu/unfused.h"

#include <stdio.h>
#include <string.h>

#include "kernels/cpu/tile.h"

void unfused_stages(const struct attention_problem *problem, struct kernel_stages *stages)
{
    double sequences = (double)(problem->layers * problem->batch), d = (double)problem->head_dim;
    double rows = sequences * (double)(problem->heads * problem->len_q);
    double square = 4.0 * rows * (double)problem->len_kv;
    double q = 4.0 * rows * d, kv = 4.0 * sequences * (double)(problem->len_kv * problem->kv_heads) * d;
    double product = 2.0 * rows * (double)problem->len_kv * d;
    *stages = (struct kernel_stages){
        .items =
            {
                [STAGE_SCORES] = {"scores", product, q + kv, square},
                [STAGE_SOFTMAX] = {"softmax", 0, square, square + 4.0 * rows},
                [STAGE_VALUES] = {"values", product, square + kv, q},
            },
        .count = 3,
    };
}

float unfused_softmax_row(const struct attention_problem *problem, int64_t layer, int64_t i, float *row)
{
    struct key_range keys = attention_keys(problem, layer, i);
    memset(row, 0, (size_t)keys.first * sizeof *row);
    memset(row + keys.last, 0, (size_t)(problem->len_kv - keys.last) * sizeof *row);
    return tile_ops()->softmax(row + keys.first, keys.last - keys.first, problem->scale);
}
