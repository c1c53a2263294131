#include "harness/record_efficiency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/record.h"
#include "harness/stats.h"

struct record_efficiency *record_add_efficiency(struct record *record)
{
    if (record->efficiency_count == record->efficiency_capacity) {
        size_t capacity = record->efficiency_capacity ? 2 * record->efficiency_capacity : 64;
        struct record_efficiency *rows = realloc(record->efficiency, capacity * sizeof *rows);
        if (!rows)
            return NULL;
        record->efficiency = rows;
        record->efficiency_capacity = capacity;
    }
    struct record_efficiency *added = &record->efficiency[record->efficiency_count++];
    *added = (struct record_efficiency){0};
    return added;
}

char *record_key_efficiency(const struct record_efficiency *row)
{
    struct text key = {0};
    const struct attention_problem *p = &row->problem;
    text_format(&key, "efficiency.%s.keep%.0f.%s.n%lld.d%lld.h%lld.t%d", row->pattern, 100 * row->asked,
                p->mask.causal ? "causal" : "full", (long long)p->len_kv, (long long)p->head_dim, (long long)p->heads,
                row->threads);
    return text_take(&key);
}

/* Over dense x density, paired. */
static bool ratio_of(const struct record_efficiency *row, const double *sparse, const double *dense,
                     struct estimate *ratio)
{
    *ratio = (struct estimate){NAN, NAN, NAN, 0};
    if (!sparse || row->sample_count == 0)
        return true;
    double *due = malloc(row->sample_count * sizeof *due);
    for (size_t i = 0; due && i < row->sample_count; i++)
        due[i] = dense[i] * row->density;
    if (due)
        *ratio = stats_ratio(sparse, due, row->sample_count);
    free(due);
    return due != NULL;
}

bool record_settle_efficiency(struct record_efficiency *row)
{
    bool wall = ratio_of(row, row->samples, row->dense, &row->wall_ratio);
    return ratio_of(row, row->processor, row->dense_processor, &row->processor_ratio) && wall;
}

static void free_row(struct record_efficiency *row)
{
    free(row->key);
    free(row->date);
    free(row->command);
    free(row->pattern);
    free(row->error);
    free(row->samples);
    free(row->dense);
    free(row->processor);
    free(row->dense_processor);
}

void record_remove_efficiency(struct record *record, size_t index)
{
    free_row(&record->efficiency[index]);
    record->efficiency_count--;
    memmove(&record->efficiency[index], &record->efficiency[index + 1],
            (record->efficiency_count - index) * sizeof *record->efficiency);
}

void record_free_efficiency(struct record *record)
{
    for (size_t i = 0; i < record->efficiency_count; i++)
        free_row(&record->efficiency[i]);
    free(record->efficiency);
    record->efficiency = NULL;
    record->efficiency_count = record->efficiency_capacity = 0;
}
