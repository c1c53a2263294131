#include "kernels/packed.h"

enum status packed_check(const struct packed *packed, int64_t tokens, struct diags *diags)
{
    const char *remedy = "Starts are sums of lengths: 0, length 0, length 0 + length 1, ...";
    size_t before = diags->errors;
    if (packed->count < 1)
        diags_error(diags, NULL, 0, remedy, "there is no sequence");
    else if (packed->starts[0] != 0)
        diags_error(diags, NULL, 0, remedy, "the first sequence starts at %lld, not at 0",
                    (long long)packed->starts[0]);
    for (int64_t s = 0; s < packed->count && diags->errors == before; s++)
        if (packed->starts[s + 1] < packed->starts[s])
            diags_error(diags, NULL, 0, remedy, "sequence %lld ends at %lld, before it starts at %lld", (long long)s,
                        (long long)packed->starts[s + 1], (long long)packed->starts[s]);
    if (diags->errors == before && packed->starts[packed->count] != tokens)
        diags_error(diags, NULL, 0, remedy, "the last sequence ends at %lld; the tensors have %lld tokens",
                    (long long)packed->starts[packed->count], (long long)tokens);
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

static int64_t length_of(const struct packed *packed, int64_t sequence)
{
    return packed->starts[sequence + 1] - packed->starts[sequence];
}

int64_t packed_longest(const struct packed *packed)
{
    int64_t longest = 0;
    for (int64_t s = 0; s < packed->count; s++)
        longest = length_of(packed, s) > longest ? length_of(packed, s) : longest;
    return longest;
}

struct attention_problem packed_part(const struct attention_problem *problem, const struct packed *packed,
                                     int64_t sequence, int64_t layer)
{
    struct attention_problem part = *problem;
    bool global = part.mask.global_every > 0 && layer % part.mask.global_every == 0;
    part.layers = 1;
    part.len_q = part.len_kv = length_of(packed, sequence);
    part.mask.global_every = 0;
    if (global)
        part.mask.window_left = part.mask.window_right = -1;
    return part;
}
