#include "kernels/block_rule.h"

#include <stdio.h>
#include <string.h>

#include "kernels/select/choice.h"
#include "kernels/workload.h"

enum { NUMBERS = 3 };                 /* of a label; the last is the block */
static const int64_t most = 99999999; /* of a number */
static const int64_t most_blocks = (int64_t)1 << 28;

/* A label: # is a number. */
static const struct {
    const char *pattern;
    int64_t least[NUMBERS];
    int64_t most_first;
} rules[BLOCK_RULES] = {
    [BLOCKS_LOCAL] = {"l#_b#", {1, 1, 0}, most},          [BLOCKS_A_SHAPE] = {"a#_#_b#", {0, 1, 1}, most},
    [BLOCKS_DILATED] = {"d#_#_b#", {1, 1, 1}, most},      [BLOCKS_RANDOM] = {"r#_s#_b#", {0, 0, 1}, 100},
    [BLOCKS_GATE] = {"g#_b#", {1, SELECT_BLOCK, 0}, 100},
};

static int numbers_of(enum block_rule_kind kind)
{
    int count = 0;
    for (const char *at = rules[kind].pattern; *at; at++)
        count += *at == '#';
    return count;
}

void block_rule_label(const struct block_rule *rule, char *label, size_t size)
{
    int last = numbers_of(rule->kind) - 1, number = 0;
    size_t used = 0;
    for (const char *at = rules[rule->kind].pattern; *at && used + 1 < size; at++) {
        int written;
        if (*at == '#') {
            written = snprintf(label + used, size - used, "%lld",
                               (long long)(number == last ? rule->block : rule->numbers[number]));
            number++;
        } else {
            written = snprintf(label + used, size - used, "%c", *at);
        }
        used += (size_t)written;
    }
}

/* A number without leading zeros, as labels are printed. */
static bool read_number(const char **at, int64_t *value)
{
    const char *from = *at;
    *value = 0;
    for (; **at >= '0' && **at <= '9' && *value <= most; ++*at)
        *value = 10 * *value + (**at - '0');
    return *at > from && *value <= most && (*from != '0' || *at == from + 1);
}

static bool read_rule(const char *at, enum block_rule_kind kind, struct block_rule *rule)
{
    int64_t numbers[NUMBERS] = {0};
    int last = numbers_of(kind) - 1, number = 0;
    for (const char *wanted = rules[kind].pattern; *wanted; wanted++) {
        if (*wanted != '#' && *at++ != *wanted)
            return false;
        if (*wanted != '#')
            continue;
        if (!read_number(&at, &numbers[number]) || numbers[number] < rules[kind].least[number])
            return false;
        number++;
    }
    if (*at != '\0' || numbers[0] > rules[kind].most_first || (kind == BLOCKS_GATE && numbers[1] != SELECT_BLOCK))
        return false;
    *rule = (struct block_rule){kind, {numbers[0], last > 1 ? numbers[1] : 0}, numbers[last]};
    return true;
}

bool block_rule_parse(const char *label, struct attention_mask *mask, struct block_rule *rule)
{
    for (const char *at = strchr(label, '_'); at; at = strchr(at + 1, '_')) {
        char other[64];
        struct block_rule read;
        struct attention_mask read_mask;
        if ((size_t)(at - label) >= sizeof other)
            return false;
        memcpy(other, label, (size_t)(at - label));
        other[at - label] = '\0';
        for (int kind = 0; kind < BLOCK_RULES; kind++)
            if (read_rule(at + 1, (enum block_rule_kind)kind, &read) && attention_mask_parse(other, &read_mask)) {
                *rule = read;
                *mask = read_mask;
                return true;
            }
    }
    return false;
}

struct listing {
    const struct block_rule *rule;
    const struct attention_problem *problem;
};

/* Blocks between a column and the nearest that holds keys of the queries' own: 0 at those, negative before them. */
static int64_t distance(const struct attention_problem *p, int64_t block, int64_t row, int64_t column)
{
    int64_t first = row * block, end = first + block < p->len_q ? first + block : p->len_q;
    int64_t low = first + p->len_kv - p->len_q, high = end - 1 + p->len_kv - p->len_q;
    low /= block; /* no column is left of 0, so that it does not matter which block before that */
    high = (high < 0 ? high - block + 1 : high) / block; /* rounded down: there may be fewer keys than queries */
    return column < low ? column - low : column > high ? column - high : 0;
}

static bool listed(void *context, int64_t mask, int64_t row, int64_t column)
{
    const struct listing *listing = context;
    const struct block_rule *rule = listing->rule;
    const int64_t *n = rule->numbers;
    int64_t far = distance(listing->problem, rule->block, row, column), near = far < 0 ? -far : far;
    uint64_t state = (uint64_t)n[1] + (uint64_t)row * 0x9e3779b97f4a7c15u + (uint64_t)column * 0xbf58476d1ce4e5b9u;
    (void)mask;
    if (listing->problem->mask.causal && far > 0)
        return false;
    switch (rule->kind) {
    case BLOCKS_LOCAL:
        return near < n[0];
    case BLOCKS_A_SHAPE:
        return near < n[1] || column < n[0];
    case BLOCKS_DILATED:
        return near < n[0] || near % n[1] == 0;
    case BLOCKS_RANDOM:
        return near == 0 || (int64_t)(workload_random(&state) % 100) < n[0];
    case BLOCKS_GATE: /* choice_mask's */
    case BLOCK_RULES:
        break;
    }
    return false;
}

enum status block_rule_build(const struct block_rule *rule, const struct attention_problem *problem,
                             struct block_mask **mask, struct diags *diags)
{
    struct listing listing = {rule, problem};
    int64_t rows = (problem->len_q - 1) / rule->block + 1, columns = (problem->len_kv - 1) / rule->block + 1;
    *mask = NULL;
    if (rows > most_blocks / columns) {
        diags_error(diags, NULL, 0, "Choose larger blocks: 64 and 128 are usual.",
                    "a block mask of %lld x %lld blocks of %lld; at most 2^28 are taken", (long long)rows,
                    (long long)columns, (long long)rule->block);
        return STATUS_BAD_INPUT;
    }
    const char *reason = rule->kind == BLOCKS_GATE ? choice_unsupported(problem) : NULL;
    if (reason) {
        diags_error(diags, NULL, 0, "Give as many queries as keys, one layer, and a mask that is causal or full.",
                    "no gate can choose blocks here: %s", reason);
        return STATUS_BAD_INPUT;
    }
    *mask = rule->kind == BLOCKS_GATE ? choice_mask(problem, NULL, (double)rule->numbers[0] / 100)
                                      : block_mask_build(problem, rule->block, rule->block, 1, listed, &listing);
    if (!*mask) {
        diags_error(diags, NULL, 0, NULL, "out of memory for a block mask of %lld x %lld blocks", (long long)rows,
                    (long long)columns);
        return STATUS_NO_MEMORY;
    }
    block_rule_label(rule, (*mask)->label, sizeof(*mask)->label);
    return STATUS_OK;
}
