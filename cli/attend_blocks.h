/* attend_blocks.h - a user's own block mask: two .npy files of integers, as FlashInfer's and SciPy's BSR have them. */
#ifndef CLI_ATTEND_BLOCKS_H
#define CLI_ATTEND_BLOCKS_H

#include "harness/npy.h"
#include "kernels/block_mask.h"

struct attend_blocks {
    const char *files; /* "INDPTR,INDICES"; NULL: no block mask */
    const char *sizes; /* "64" or "64,128": queries and keys of a block; NULL: 64 */
    struct npy indptr, indices;
    int32_t *block;
    struct block_mask mask; /* owns nothing: its arrays are the ones above */
};

/* Reads both and makes them the problem's mask, whose lengths are known by now. indptr: one place more than blocks of
 * queries, or than heads times those, for a mask each ([layers, batch, heads] in order). Faults with their place.
 * attention_check judges the lists. Free with attend_blocks_free also after a failure. */
enum status attend_blocks_read(struct attend_blocks *blocks, struct attention_problem *problem, struct diags *diags);
void attend_blocks_free(struct attend_blocks *blocks);

#endif
