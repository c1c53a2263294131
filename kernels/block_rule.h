/* block_rule.h - block masks that have a name: which blocks are listed follows from a few numbers, so that a command
 * line can ask for them and a record can be measured again.
 *
 * A label is that of the mask's other part (attention_mask_label), then the rule's, as in "causal_a1_8_b64":
 *   l8_b64      local: the blocks that hold the queries' own keys, and of those before 7 more (without a causal mask
 *               also 7 more behind)
 *   a1_8_b64    A-shape (StreamingLLM 2309.17453): the first block, and local as above with 8
 *   d4_8_b64    dilated (Sparse Transformers 1904.10509, section 4.2): local with 4, and of those before (behind) each
 *               whose distance is a multiple of 8
 *   r10_s1_b64  random: each block with a chance of 10 in 100, seed 1, and the queries' own
 *   g10_b64     gate: learned_sparse chooses 10 in 100 of the blocks that a row may see, by a gate as training starts
 *               from it (select/choice.h): what choosing costs; blocks of 64, one layer, no windows, len_q = len_kv
 * b64: blocks of 64 queries and 64 keys. All heads share the mask, but for the gate's. Under a causal mask blocks that
 * are hidden anyway are not listed. The last query stands at the last key, as everywhere. */
#ifndef KERNELS_BLOCK_RULE_H
#define KERNELS_BLOCK_RULE_H

#include "kernels/block_mask.h"

enum block_rule_kind { BLOCKS_LOCAL, BLOCKS_A_SHAPE, BLOCKS_DILATED, BLOCKS_RANDOM, BLOCKS_GATE, BLOCK_RULES };

struct block_rule {
    enum block_rule_kind kind;
    int64_t numbers[2]; /* in the label's order: local; sink and local; local and step; percent and seed;
                           percent */
    int64_t block;
};

/* "a1_8_b64": at most `size` bytes with the NUL; BLOCK_LABEL is always enough. */
void block_rule_label(const struct block_rule *rule, char *label, size_t size);

/* A whole label: the mask's other part into *mask (its `blocks` NULL), the rule into *rule. False, and nothing touched,
 * when it is no such label, numbers out of range included: a block, local and step of 1 or more, percents up to 100, of
 * the gate from 1 on. */
bool block_rule_parse(const char *label, struct attention_mask *mask, struct block_rule *rule);

/* The mask of a checked problem, which carries the rule's label; the caller frees it (block_mask_free). STATUS_OK,
 * STATUS_NO_MEMORY, or STATUS_BAD_INPUT when it would have more than 2^28 blocks, or a gate cannot choose here. */
enum status block_rule_build(const struct block_rule *rule, const struct attention_problem *problem,
                             struct block_mask **mask, struct diags *diags);

#endif
