#include "harness/record_modernbert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/record.h"
#include "harness/stats.h"

struct record_modernbert *record_add_modernbert(struct record *record)
{
    if (record->modernbert_count == record->modernbert_capacity) {
        size_t capacity = record->modernbert_capacity ? 2 * record->modernbert_capacity : 4;
        struct record_modernbert *rows = realloc(record->modernberts, capacity * sizeof *rows);
        if (!rows)
            return NULL;
        record->modernberts = rows;
        record->modernbert_capacity = capacity;
    }
    struct record_modernbert *added = &record->modernberts[record->modernbert_count++];
    *added = (struct record_modernbert){0};
    return added;
}

char *record_key_modernbert(const struct record_modernbert *row)
{
    struct text key = {0};
    text_format(&key, "modernbert.%s.", row->model);
    for (const char *at = row->lengths; *at; at++)
        text_add_bytes(&key, *at == ' ' ? "_" : at, 1);
    if (strcmp(row->device, "cpu") == 0)
        text_format(&key, ".h%lld.t%d", (long long)row->heads, row->threads);
    else
        text_format(&key, ".h%lld.%s", (long long)row->heads, row->device);
    return text_take(&key);
}

const struct record_way *record_way_named(const struct record_modernbert *row, const char *name)
{
    for (size_t i = 0; i < row->way_count; i++)
        if (strcmp(row->ways[i].name, name) == 0)
            return &row->ways[i];
    return NULL;
}

/* NaN where one of the two was not run. */
static struct estimate ratio_of(const struct record_modernbert *row, const char *over, const char *under)
{
    const struct record_way *a = record_way_named(row, over), *b = record_way_named(row, under);
    if (!a || !b || !a->samples || !b->samples)
        return (struct estimate){NAN, NAN, NAN, 0};
    return stats_ratio(a->samples, b->samples, row->sample_count);
}

static double pairs_of(const struct record_modernbert *row, const char *name)
{
    const struct record_way *way = record_way_named(row, name);
    return way ? way->pairs : (double)NAN;
}

void record_settle_modernbert(struct record_modernbert *row)
{
    for (size_t i = 0; i < row->way_count; i++)
        row->ways[i].seconds = row->ways[i].samples ? stats_estimate(row->ways[i].samples, row->sample_count)
                                                    : (struct estimate){NAN, NAN, NAN, 0};
    for (size_t i = 0; i < row->way_count; i++)
        row->ways[i].rope_seconds = row->ways[i].rope ? stats_estimate(row->ways[i].rope, row->sample_count)
                                                      : (struct estimate){NAN, NAN, NAN, 0};
    row->alternation = ratio_of(row, "all_global", "alternating");
    row->padding = ratio_of(row, "all_global_padded", "all_global");
    row->padding_alternating = ratio_of(row, "alternating_padded", "alternating");
    row->ceiling = pairs_of(row, "all_global") / pairs_of(row, "alternating");
    row->padding_pairs = pairs_of(row, "all_global_padded") / pairs_of(row, "all_global");
    row->padding_tokens = (double)row->padded_tokens / (double)row->tokens;
}

static void free_row(struct record_modernbert *row)
{
    for (size_t i = 0; i < row->way_count; i++) {
        free(row->ways[i].name);
        free(row->ways[i].samples);
        free(row->ways[i].rope);
    }
    for (size_t i = 0; i < row->paper_count; i++) {
        free(row->papers[i].model);
        free(row->papers[i].source);
    }
    free(row->ways);
    free(row->papers);
    free(row->key);
    free(row->date);
    free(row->command);
    free(row->model);
    free(row->lengths);
    free(row->device);
    free(row->dtype);
}

void record_remove_modernbert(struct record *record, size_t index)
{
    free_row(&record->modernberts[index]);
    record->modernbert_count--;
    memmove(&record->modernberts[index], &record->modernberts[index + 1],
            (record->modernbert_count - index) * sizeof *record->modernberts);
}

void record_free_modernberts(struct record *record)
{
    for (size_t i = 0; i < record->modernbert_count; i++)
        free_row(&record->modernberts[i]);
    free(record->modernberts);
    record->modernberts = NULL;
    record->modernbert_count = record->modernbert_capacity = 0;
}
