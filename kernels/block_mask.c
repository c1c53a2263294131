#include "kernels/block_mask.h"

#include <stdlib.h>

static int64_t blocks_of(int64_t length, int64_t block)
{
    return length / block + (length % block > 0);
}

static enum status check_sizes(const struct block_mask *mask, const struct attention_problem *problem,
                               struct diags *diags)
{
    int64_t heads = problem->layers * problem->batch * problem->heads;
    size_t before = diags->errors;
    if (mask->block_q < 1 || mask->block_kv < 1) {
        diags_error(diags, NULL, 0, "64 and 128 are usual.", "a block of the mask is %lld x %lld; it must be 1 or more",
                    (long long)mask->block_q, (long long)mask->block_kv);
        return STATUS_BAD_INPUT;
    }
    if (mask->count != 1 && mask->count != heads)
        diags_error(diags, NULL, 0, "Give one mask for all heads, or one for each head of each sequence and layer.",
                    "there are %lld block masks for %lld heads", (long long)mask->count, (long long)heads);
    if (mask->rows != blocks_of(problem->len_q, mask->block_q) ||
        mask->columns != blocks_of(problem->len_kv, mask->block_kv))
        diags_error(diags, NULL, 0, NULL, "the block mask has %lld x %lld blocks; this problem has %lld x %lld",
                    (long long)mask->rows, (long long)mask->columns,
                    (long long)blocks_of(problem->len_q, mask->block_q),
                    (long long)blocks_of(problem->len_kv, mask->block_kv));
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

/* Whether the rows' places rise from 0 to the end of the list. */
static bool check_rows(const struct block_mask *mask, struct diags *diags)
{
    const char *places = "Places rise from 0 to the length of the list of blocks, one more than there are rows.";
    int64_t rows = mask->count * mask->rows;
    if (mask->first[0] != 0 || mask->first[rows] != mask->entries) {
        diags_error(diags, NULL, 0, places, "the rows of the block mask span %lld to %lld; its list has 0 to %lld",
                    (long long)mask->first[0], (long long)mask->first[rows], (long long)mask->entries);
        return false;
    }
    for (int64_t r = 0; r < rows; r++)
        if (mask->first[r + 1] < mask->first[r]) {
            diags_error(diags, NULL, 0, places, "row %lld of the block mask ends before it starts", (long long)r);
            return false;
        }
    return true;
}

enum status block_mask_check(const struct block_mask *mask, const struct attention_problem *problem,
                             struct diags *diags)
{
    enum fault { OUT_OF_RANGE, DOUBLED, UNSORTED, FAULTS };
    static const char *const words[] = {"is out of range", "is listed twice", "is not in rising order"};
    bool told[FAULTS] = {false};
    size_t before = diags->errors;
    if (check_sizes(mask, problem, diags) != STATUS_OK || !check_rows(mask, diags))
        return STATUS_BAD_INPUT;
    for (int64_t r = 0; r < mask->count * mask->rows; r++)
        for (int64_t n = mask->first[r]; n < mask->first[r + 1]; n++) {
            int64_t block = mask->block[n], left = n > mask->first[r] ? mask->block[n - 1] : -1;
            enum fault fault = block < 0 || block >= mask->columns ? OUT_OF_RANGE
                               : block == left                     ? DOUBLED
                               : block < left                      ? UNSORTED
                                                                   : FAULTS;
            if (fault == FAULTS || told[fault])
                continue;
            told[fault] = true;
            diags_error(diags, NULL, 0, "A row lists its blocks of keys in rising order, each once.",
                        "block mask %lld, row %lld: block %lld %s (there are %lld)", (long long)(r / mask->rows),
                        (long long)(r % mask->rows), (long long)block, words[fault], (long long)mask->columns);
        }
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

struct block_row block_mask_row(const struct block_mask *mask, const struct attention_problem *problem, int64_t layer,
                                int64_t batch, int64_t head, int64_t row)
{
    int64_t which = mask->count == 1 ? 0 : (layer * problem->batch + batch) * problem->heads + head;
    int64_t at = which * mask->rows + row;
    return (struct block_row){mask->block + mask->first[at], mask->first[at + 1] - mask->first[at]};
}

bool block_mask_keeps(const struct block_mask *mask, const struct attention_problem *problem, int64_t layer,
                      int64_t batch, int64_t head, int64_t i, int64_t j)
{
    struct block_row row = block_mask_row(mask, problem, layer, batch, head, i / mask->block_q);
    int64_t wanted = j / mask->block_kv, low = 0, high = row.count;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (row.block[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < row.count && row.block[low] == wanted;
}

double block_mask_density(const struct block_mask *mask)
{
    return (double)mask->entries / ((double)mask->count * (double)mask->rows * (double)mask->columns);
}

struct block_mask *block_mask_build(const struct attention_problem *problem, int64_t block_q, int64_t block_kv,
                                    int64_t count, block_mask_keep *keep, void *context)
{
    int64_t rows = blocks_of(problem->len_q, block_q), columns = blocks_of(problem->len_kv, block_kv), entries = 0;
    struct block_mask *mask = malloc(sizeof *mask);
    int64_t *first = malloc(((size_t)(count * rows) + 1) * sizeof *first);
    int32_t *block = malloc((size_t)(count * rows * columns) * sizeof *block);
    if (!mask || !first || !block) {
        free(mask);
        free(first);
        free(block);
        return NULL;
    }
    first[0] = 0;
    for (int64_t r = 0; r < count * rows; r++) {
        for (int64_t c = 0; c < columns; c++)
            if (keep(context, r / rows, r % rows, c))
                block[entries++] = (int32_t)c;
        first[r + 1] = entries;
    }
    *mask = (struct block_mask){block_q, block_kv, count, rows, columns, first, block, entries, NULL, ""};
    return mask;
}

void block_mask_free(struct block_mask *mask)
{
    if (!mask)
        return;
    free((void *)mask->first);
    free((void *)mask->block);
    free(mask->choice);
    free(mask);
}
