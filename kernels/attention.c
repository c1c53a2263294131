/* attention.c - the problem by formula: which keys a row sees, how many pairs, what they cost. */
#include "kernels/attention.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/block_mask.h"

static const struct {
    size_t size;
    const char *name;
} dtypes[] = {
    [DTYPE_F32] = {4, "f32"},
    [DTYPE_BF16] = {2, "bf16"},
    [DTYPE_F16] = {2, "f16"},
};

size_t dtype_size(enum dtype dtype)
{
    return dtypes[dtype].size;
}

const char *dtype_name(enum dtype dtype)
{
    return dtypes[dtype].name;
}

/* The product of positive factors, or -1 when it passes 63 bits. */
static int64_t product(const int64_t *factors, int count)
{
    int64_t all = 1;
    for (int i = 0; i < count; i++)
        if (__builtin_mul_overflow(all, factors[i], &all))
            return -1;
    return all;
}

size_t attention_matrix_bytes(int64_t count, int64_t rows, int64_t columns)
{
    const int64_t factors[] = {count, rows, columns, (int64_t)sizeof(float)}, most = (int64_t)1 << 62;
    int64_t bytes = product(factors, 4);
    return (size_t)(bytes < 0 || bytes > most ? most : bytes);
}

enum status attention_check(const struct attention_problem *problem, struct diags *diags)
{
    const struct {
        const char *name;
        int64_t value;
    } lengths[] = {
        {"layers", problem->layers},     {"batch", problem->batch}, {"heads", problem->heads},
        {"kv_heads", problem->kv_heads}, {"len_q", problem->len_q}, {"len_kv", problem->len_kv},
        {"head_dim", problem->head_dim},
    };
    size_t before = diags->errors;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        if (lengths[i].value < 1)
            diags_error(diags, NULL, 0, NULL, "%s is %lld; it must be 1 or more", lengths[i].name,
                        (long long)lengths[i].value);
    if (problem->layers > MAX_LAYERS)
        diags_error(diags, NULL, 0, NULL, "layers is %lld; at most %d are taken", (long long)problem->layers,
                    MAX_LAYERS);
    if (problem->head_dim > 0 && (problem->head_dim % 8 || problem->head_dim > MAX_HEAD_DIM))
        diags_error(diags, NULL, 0, "Choose a multiple of 8 up to 256: 64 and 128 are usual.",
                    "head_dim is %lld; it must be a multiple of 8 and at most %d", (long long)problem->head_dim,
                    MAX_HEAD_DIM);
    if (problem->heads > 0 && problem->kv_heads > 0 && problem->heads % problem->kv_heads)
        diags_error(diags, NULL, 0, "Grouped heads share keys evenly: choose kv_heads that divides heads.",
                    "kv_heads %lld does not divide heads %lld", (long long)problem->kv_heads,
                    (long long)problem->heads);
    const struct attention_mask *mask = &problem->mask;
    if (mask->window_left < -1 || mask->window_right < -1)
        diags_error(diags, NULL, 0, "A window counts keys to either side; -1 is no limit.",
                    "the window (%lld, %lld) is negative", (long long)mask->window_left, (long long)mask->window_right);
    if (mask->global_every < 0)
        diags_error(diags, NULL, 0, NULL, "global_every is %d; it must be 0 or more", (int)mask->global_every);
    if (!isfinite(problem->scale))
        diags_error(diags, NULL, 0, "The usual scale is 1 / sqrt(head_dim).", "scale is not a finite number");
    if (diags->errors == before) {
        int64_t longest = problem->len_q > problem->len_kv ? problem->len_q : problem->len_kv;
        /* 64: Q, K, V, O and the log-sum-exp together, in bytes, with room to add a workspace. */
        const int64_t bytes[] = {problem->layers, problem->batch, longest, problem->heads, problem->head_dim, 64};
        if (product(bytes, 6) < 0)
            diags_error(diags, NULL, 0, "Choose smaller lengths.",
                        "the tensors of this problem have more bytes than 63 bits can count");
    }
    if (diags->errors == before && mask->blocks)
        block_mask_check(mask->blocks, problem, diags);
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

static bool layer_is_global(const struct attention_mask *mask, int64_t layer)
{
    return mask->global_every > 0 && layer % mask->global_every == 0;
}

struct key_range attention_keys(const struct attention_problem *problem, int64_t layer, int64_t i)
{
    const struct attention_mask *mask = &problem->mask;
    bool global = layer_is_global(mask, layer);
    int64_t left = global ? -1 : mask->window_left;
    int64_t right = global ? -1 : mask->window_right;
    if (mask->causal)
        right = 0;
    int64_t position = i + problem->len_kv - problem->len_q;
    /* Compared before adding: a window may be as wide as 63 bits. */
    int64_t first = left < 0 || left >= position ? 0 : position - left;
    int64_t last = problem->len_kv;
    if (right >= 0 && right < last - 1 - position)
        last = position + right + 1;
    if (last < 0)
        last = 0;
    if (first > last)
        first = last;
    return (struct key_range){first, last};
}

int64_t attention_pairs(const struct attention_problem *problem, int64_t layer)
{
    int64_t pairs = 0;
    for (int64_t i = 0; i < problem->len_q; i++) {
        struct key_range keys = attention_keys(problem, layer, i);
        pairs += keys.last - keys.first;
    }
    return pairs;
}

/* The pairs of one head under its block mask: each row's range, cut to the blocks that are listed for it. */
static int64_t block_pairs(const struct attention_problem *problem, int64_t layer, int64_t batch, int64_t head)
{
    const struct block_mask *mask = problem->mask.blocks;
    int64_t pairs = 0;
    for (int64_t i = 0; i < problem->len_q; i++) {
        struct key_range keys = attention_keys(problem, layer, i);
        struct block_row row = block_mask_row(mask, problem, layer, batch, head, i / mask->block_q);
        for (int64_t n = 0; n < row.count; n++) {
            int64_t first = row.block[n] * mask->block_kv, last = first + mask->block_kv;
            first = first > keys.first ? first : keys.first;
            last = last < keys.last ? last : keys.last;
            pairs += last > first ? last - first : 0;
        }
    }
    return pairs;
}

int64_t attention_layer_pairs(const struct attention_problem *problem, int64_t layer)
{
    const struct block_mask *mask = problem->mask.blocks;
    int64_t heads = problem->batch * problem->heads, pairs = 0;
    if (!mask)
        return heads * attention_pairs(problem, layer);
    if (mask->count == 1)
        return heads * block_pairs(problem, layer, 0, 0);
    for (int64_t h = 0; h < heads; h++)
        pairs += block_pairs(problem, layer, h / problem->heads, h % problem->heads);
    return pairs;
}

/* Keys that at least one query of the layer sees. Both ends of a row's range never fall from row to row,
 * so the union is counted by walking up. */
static int64_t seen_keys(const struct attention_problem *problem, int64_t layer)
{
    int64_t seen = 0, upto = 0;
    for (int64_t i = 0; i < problem->len_q; i++) {
        struct key_range keys = attention_keys(problem, layer, i);
        int64_t first = keys.first > upto ? keys.first : upto;
        if (keys.last > first) {
            seen += keys.last - first;
            upto = keys.last;
        }
    }
    return seen;
}

/* Marks the keys that one head's queries see under its block mask. The ranges of neighbouring rows touch, so those of
 * a block of rows are one range. */
static void mark_seen(const struct attention_problem *problem, int64_t layer, int64_t batch, int64_t head,
                      unsigned char *seen)
{
    const struct block_mask *mask = problem->mask.blocks;
    for (int64_t r = 0; r < mask->rows; r++) {
        struct block_row row = block_mask_row(mask, problem, layer, batch, head, r);
        int64_t end = (r + 1) * mask->block_q < problem->len_q ? (r + 1) * mask->block_q : problem->len_q;
        int64_t low = attention_keys(problem, layer, r * mask->block_q).first;
        int64_t high = attention_keys(problem, layer, end - 1).last;
        for (int64_t n = 0; n < row.count; n++) {
            int64_t first = row.block[n] * mask->block_kv, last = first + mask->block_kv;
            for (int64_t j = first > low ? first : low; j < last && j < high; j++)
                seen[j] = 1;
        }
    }
}

/* Keys seen by at least one query of the heads that share them, over all groups and batches of the layer; all of them
 * when there is no memory to look. */
static int64_t seen_by_layer(const struct attention_problem *problem, int64_t layer)
{
    int64_t share = problem->heads / problem->kv_heads, groups = problem->batch * problem->kv_heads, count = 0;
    if (!problem->mask.blocks)
        return groups * seen_keys(problem, layer);
    unsigned char *seen = malloc((size_t)problem->len_kv);
    for (int64_t g = 0; seen && g < groups; g++) {
        memset(seen, 0, (size_t)problem->len_kv);
        for (int64_t h = 0; h < share; h++)
            mark_seen(problem, layer, g / problem->kv_heads, g % problem->kv_heads * share + h, seen);
        for (int64_t j = 0; j < problem->len_kv; j++)
            count += seen[j];
    }
    count = seen ? count : groups * problem->len_kv;
    free(seen);
    return count;
}

struct attention_cost attention_cost(const struct attention_problem *problem)
{
    struct attention_cost cost = {0, 0};
    double element = (double)dtype_size(problem->dtype), d = (double)problem->head_dim;
    double rows = (double)problem->batch * (double)problem->heads * (double)problem->len_q; /* of one layer */
    for (int64_t layer = 0; layer < problem->layers; layer++) {
        cost.flops += 4.0 * d * (double)attention_layer_pairs(problem, layer);
        cost.bytes += 2.0 * rows * d * element + 4.0 * rows; /* Q and O, log-sum-exp */
        cost.bytes += 2.0 * (double)seen_by_layer(problem, layer) * d * element;
    }
    return cost;
}

int64_t attention_q_elements(const struct attention_problem *problem)
{
    return attention_rows(problem) * problem->head_dim;
}

int64_t attention_kv_elements(const struct attention_problem *problem)
{
    return problem->layers * problem->batch * problem->len_kv * problem->kv_heads * problem->head_dim;
}

int64_t attention_rows(const struct attention_problem *problem)
{
    return problem->layers * problem->batch * problem->heads * problem->len_q;
}

static int window_word(char *word, size_t size, int64_t keys)
{
    return keys < 0 ? snprintf(word, size, "inf") : snprintf(word, size, "%lld", (long long)keys);
}

void attention_mask_label(const struct attention_mask *mask, char *label, size_t size)
{
    char left[24], right[24], every[16] = "";
    window_word(left, sizeof left, mask->window_left);
    window_word(right, sizeof right, mask->window_right);
    if (mask->global_every > 0)
        snprintf(every, sizeof every, "_g%d", (int)mask->global_every);
    if (mask->causal && mask->window_left < 0)
        snprintf(label, size, "causal%s", every);
    else if (mask->causal)
        snprintf(label, size, "causal_w%s%s", left, every);
    else if (mask->window_left < 0 && mask->window_right < 0)
        snprintf(label, size, "full%s", every);
    else
        snprintf(label, size, "w%s_%s%s", left, right, every);
    size_t used = strlen(label);
    if (mask->blocks)
        snprintf(label + used, size - used, "_%s", *mask->blocks->label ? mask->blocks->label : "blocks");
}

/* "inf" or digits at *at; moves *at behind them. */
static bool read_window(const char **at, int64_t *keys)
{
    if (strncmp(*at, "inf", 3) == 0) {
        *keys = -1;
        *at += 3;
        return true;
    }
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    *keys = strtoll(*at, &end, 10);
    *at = end;
    return true;
}

bool attention_mask_parse(const char *label, struct attention_mask *mask)
{
    struct attention_mask read = {.causal = false, .window_left = -1, .window_right = -1};
    const char *at = label;
    if (strncmp(at, "causal", 6) == 0) {
        read.causal = true;
        at += 6;
        if (strncmp(at, "_w", 2) == 0 && (at += 2, !read_window(&at, &read.window_left)))
            return false;
    } else if (strncmp(at, "full", 4) == 0) {
        at += 4;
    } else {
        if (*at++ != 'w' || !read_window(&at, &read.window_left) || *at++ != '_' ||
            !read_window(&at, &read.window_right))
            return false;
    }
    if (strncmp(at, "_g", 2) == 0) {
        int64_t every;
        at += 2;
        if (!read_window(&at, &every) || every < 1 || every > MAX_LAYERS)
            return false;
        read.global_every = (int32_t)every;
    }
    if (*at != '\0')
        return false;
    *mask = read;
    return true;
}
