/* block_mask.h - which blocks of keys each block of queries sees: CSR, as FlashInfer's block-sparse layout.
 *
 * Queries are cut into blocks of block_q rows, keys into blocks of block_kv; the last of each may be shorter. A key is
 * kept for a query when the problem's other masks keep it (causal, windows) and its block is listed for the query's. So
 * a listed block may be full (every pair kept) or partial (an edge of the causal mask or of a window crosses it). */
#ifndef KERNELS_BLOCK_MASK_H
#define KERNELS_BLOCK_MASK_H

#include "kernels/attention.h"

enum { BLOCK_LABEL = 40 };

struct block_choice;

struct block_mask {
    int64_t block_q, block_kv; /* rows and keys of a block */
    int64_t count;             /* 1: one mask for every head; else layers * batch * heads of them, in that order */
    int64_t rows, columns;     /* blocks of queries, blocks of keys: lengths over block, rounded up */
    const int64_t *first;      /* [count * rows + 1]; row r of mask m lists block[first[m * rows + r]] up to, not
                                  including, block[first[m * rows + r + 1]]; first[0] is 0 */
    const int32_t *block;      /* [entries] blocks of keys, rising within a row */
    int64_t entries;
    struct block_choice *choice; /* NULL: the blocks are as listed. Else the list is an example of its length, and
                                    learned_sparse writes the blocks that it chooses into it (select/choice.h); one
                                    piece of memory, freed with the mask */
    char label[BLOCK_LABEL]; /* its name, behind that of the mask's other part: "a1_8_b64" (block_rule.h); "" when it
                                has none: then attention_mask_label says "blocks" */
};

/* Every kind of fault at once, the first of its kind by place: blocks below 1, another number of masks or of blocks
 * than the problem has, rows that fall or leave the list, blocks unsorted, doubled, out of range. STATUS_OK or
 * STATUS_BAD_INPUT. attention_check calls it. */
enum status block_mask_check(const struct block_mask *mask, const struct attention_problem *problem,
                             struct diags *diags);

/* The listed blocks of keys for the query block `row` of one head. */
struct block_row {
    const int32_t *block;
    int64_t count;
};
struct block_row block_mask_row(const struct block_mask *mask, const struct attention_problem *problem, int64_t layer,
                                int64_t batch, int64_t head, int64_t row);

/* Whether key j's block is listed for query i's; the other masks are left aside. */
bool block_mask_keeps(const struct block_mask *mask, const struct attention_problem *problem, int64_t layer,
                      int64_t batch, int64_t head, int64_t i, int64_t j);

/* Listed blocks over all blocks. */
double block_mask_density(const struct block_mask *mask);

/* `count` masks with the blocks that keep() wants, asked row by row from left to right. NULL when memory lacks. Free
 * with block_mask_free. */
typedef bool block_mask_keep(void *context, int64_t mask, int64_t row, int64_t column);
struct block_mask *block_mask_build(const struct attention_problem *problem, int64_t block_q, int64_t block_kv,
                                    int64_t count, block_mask_keep *keep, void *context);
void block_mask_free(struct block_mask *mask);

#endif
