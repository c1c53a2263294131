#include "kernels/select/select.h"

#include <math.h>
#include <string.h>

#include "kernels/select/products.h"
#include "kernels/workload.h"

static const struct selector_row rows[SELECTORS] = {
    [SELECT_RANDOM] = {"random", "random blocks", "the least that one can do"},
    [SELECT_LOCAL] = {"local", "nearest blocks", "Longformer 2004.05150"},
    [SELECT_A_SHAPE] = {"a_shape", "first and nearest", "StreamingLLM 2309.17453"},
    [SELECT_MEAN] = {"mean", "mean of keys", "MoBA 2502.13189"},
    [SELECT_BOUND] = {"bound", "bound of keys", "Quest 2406.10774"},
    [SELECT_HALVES] = {"halves", "bound, halved queries", "ours, unlearned"},
    [SELECT_GATE] = {"gate", "learned gate", "SeerAttention 2410.13276, with the bound"},
    [SELECT_MASS] = {"mass", "the attention itself", "no selector can do better"},
};

const struct selector_row *selector_row(enum selector selector)
{
    return &rows[selector];
}

enum selector selector_find(const char *name)
{
    enum selector s = 0;
    while (s < SELECTORS && strcmp(rows[s].name, name) != 0)
        s++;
    return s;
}

size_t select_scratch(int64_t blocks, int64_t head_dim)
{
    return gate_scratch(blocks, head_dim);
}

static void by_place(enum selector selector, const struct select_input *input, float *scores)
{
    int64_t n = input->pooled->blocks;
    uint64_t state = input->seed;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            float score = -(float)(i > j ? i - j : j - i);
            if (selector == SELECT_RANDOM)
                score = (float)(workload_random(&state) >> 40);
            else if (selector == SELECT_A_SHAPE && j == 0)
                score = 1;
            scores[i * n + j] = score;
        }
}

void select_scores(enum selector selector, const struct select_input *input, float *scratch, float *scores)
{
    const struct pooled *p = input->pooled;
    int64_t n = p->blocks;
    switch (selector) {
    case SELECT_RANDOM:
    case SELECT_LOCAL:
    case SELECT_A_SHAPE:
    case SELECTORS:
        by_place(selector, input, scores);
        break;
    case SELECT_MEAN:
        block_products(p->q_mean, 1, p->k_mean, n, p->head_dim, 1, 0, input->causal, scores);
        break;
    case SELECT_BOUND:
        bound_products(p->q_mean, 1, p->k_bound, n, p->head_dim, 1, input->causal, scratch, scores);
        break;
    case SELECT_HALVES:
        gate_bound(p, input->causal, scratch, scores);
        break;
    case SELECT_GATE:
        gate_scores(input->gate, input->head, p, input->causal, scratch, scores);
        break;
    case SELECT_MASS:
        memcpy(scores, input->mass, (size_t)(n * n) * sizeof *scores);
        break;
    }
}

int64_t select_seen(int64_t row, int64_t blocks, bool causal)
{
    return causal ? row + 1 : blocks;
}

int64_t select_count(int64_t seen, double density)
{
    int64_t count = (int64_t)ceil(density * (double)seen - 1e-9);
    count = count < 2 ? 2 : count;
    return count < seen ? count : seen;
}

/* The value that is number `rank` (from 0) of `count` when the largest stands first. Reorders them (Hoare's
 * quickselect). */
static float of_rank(float *values, int64_t count, int64_t rank)
{
    int64_t low = 0, high = count - 1;
    while (low < high) {
        float pivot = values[(low + high) / 2];
        int64_t i = low, j = high;
        while (i <= j) {
            while (values[i] > pivot)
                i++;
            while (values[j] < pivot)
                j--;
            if (i <= j) {
                float swap = values[i];
                values[i++] = values[j];
                values[j--] = swap;
            }
        }
        if (rank <= j)
            high = j;
        else if (rank >= i)
            low = i;
        else
            break;
    }
    return values[rank];
}

void select_row(const float *scores, int64_t row, int64_t blocks, bool causal, double density, float *scratch,
                int32_t *kept)
{
    int64_t seen = select_seen(row, blocks, causal), count = select_count(seen, density);
    float *values = scratch, *own = scratch + blocks;
    /* A score that is no number would lose itself in the search. */
    for (int64_t j = 0; j < seen; j++)
        own[j] = isnan(scores[row * blocks + j]) ? -INFINITY : scores[row * blocks + j];
    own[row] = INFINITY;
    memcpy(values, own, (size_t)seen * sizeof *values);
    float least = of_rank(values, seen, count - 1);
    int64_t above = 0, n = count;
    for (int64_t j = 0; j < seen; j++)
        above += own[j] > least;
    /* From the right, so that of equal scores the later block (where causal: the nearer) is kept. */
    int64_t ties = count - above;
    for (int64_t j = seen - 1; j >= 0; j--)
        if (own[j] > least || (own[j] == least && ties-- > 0))
            kept[--n] = (int32_t)j;
}
