#include "harness/metric_study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/metric_row.h"

static const char *const modernbert_remedy =
    "Measure it: flashdeck reproduce modernbert --benchmark_out FILE, and name the record.";
static const char *const efficiency_remedy =
    "Measure it: flashdeck reproduce block-sparse --benchmark_out FILE, and name the record.";
static const char *const rows_metrics =
    "A row has alternation, ceiling, padding, padding_alternating, padding_pairs, padding_tokens, tokens, "
    "padded_tokens; a way (all_global, alternating, and both _padded) time, rope and pairs.";

bool metric_on_gpu(const struct value *value)
{
    const char *device = value->from ? value->from->backend : value->device;
    return device && strcmp(device, "cuda") == 0;
}

bool metric_is_study(const char *segment)
{
    return strcmp(segment, "tradeoff") == 0 || strcmp(segment, "modernbert") == 0 || strcmp(segment, "efficiency") == 0;
}

static const char *const tokens_source = "lengths drawn as the paper draws them";
static bool of_row(const struct record_modernbert *row, const char *metric, struct value *value)
{
    const struct {
        const char *name;
        struct estimate estimate;
        enum unit unit;
        enum kind kind;
        const char *source;
    } metrics[] = {
        {"alternation", row->alternation, UNIT_NONE, KIND_MEASURED, NULL},
        {"padding", row->padding, UNIT_NONE, KIND_MEASURED, NULL},
        {"padding_alternating", row->padding_alternating, UNIT_NONE, KIND_MEASURED, NULL},
        {"ceiling", metric_row_exact(row->ceiling), UNIT_NONE, KIND_COMPUTED, metric_pairs_source},
        {"padding_pairs", metric_row_exact(row->padding_pairs), UNIT_NONE, KIND_COMPUTED, metric_pairs_source},
        {"padding_tokens", metric_row_exact(row->padding_tokens), UNIT_NONE, KIND_COMPUTED, tokens_source},
        {"tokens", metric_row_exact((double)row->tokens), UNIT_TOKENS, KIND_COMPUTED, tokens_source},
        {"padded_tokens", metric_row_exact((double)row->padded_tokens), UNIT_TOKENS, KIND_COMPUTED, tokens_source},
    };
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        if (strcmp(metrics[i].name, metric) == 0) {
            metric_row_fill(value, &metrics[i].estimate, metrics[i].unit, metrics[i].kind, metrics[i].source,
                            row->sample_count);
            return true;
        }
    return false;
}

static bool of_way(const struct record_modernbert *row, const struct record_way *way, const char *metric,
                   struct value *value)
{
    struct estimate pairs = metric_row_exact(way->pairs);
    if (strcmp(metric, "time") == 0)
        metric_row_fill(value, &way->seconds, UNIT_SECONDS, KIND_MEASURED, NULL, row->sample_count);
    else if (strcmp(metric, "rope") == 0)
        metric_row_fill(value, &way->rope_seconds, UNIT_SECONDS, KIND_MEASURED, NULL, row->sample_count);
    else if (strcmp(metric, "pairs") == 0)
        metric_row_fill(value, &pairs, UNIT_NONE, KIND_COMPUTED, metric_pairs_source, 0);
    else
        return false;
    return true;
}

/* The row that matches; the segment that names one of its ways is left out of the comparison and told in *way. */
static bool matches(const struct record_modernbert *row, const struct parsed_key *parsed, const struct record_way **way)
{
    const char *segments[24];
    size_t kept = 0;
    *way = NULL;
    for (size_t i = 0; i < parsed->count; i++) {
        const struct record_way *named = record_way_named(row, parsed->segments[i]);
        if (named)
            *way = named;
        else
            segments[kept++] = parsed->segments[i];
    }
    return key_matches(row->key, segments, kept);
}

static bool of_modernbert(const struct record *const *records, size_t count, const struct parsed_key *parsed,
                          struct value *value, const char **what, char **remedy)
{
    const struct record_modernbert *row = NULL;
    const struct record_way *way = NULL, *found;
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < records[r]->modernbert_count; i++) {
            if (!matches(&records[r]->modernberts[i], parsed, &found))
                continue;
            if (row)
                return metric_row_refuse(what, remedy, "several rows match",
                                         "Name model, lengths, heads, and threads or device, as in "
                                         "modernbert.base.fixed_8192.h12.cuda.");
            row = &records[r]->modernberts[i];
            way = found;
            value->record = records[r];
        }
    if (!row)
        return metric_row_refuse(what, remedy, "no record holds this row of ModernBERT's table", modernbert_remedy);
    value->key = row->key;
    value->threads = row->threads;
    value->device = row->device;
    if (!parsed->stage && (way ? of_way(row, way, parsed->metric, value) : of_row(row, parsed->metric, value)))
        return true;
    return metric_row_refuse(what, remedy, "there is no such metric of ModernBERT's rows", rows_metrics);
}

static bool of_efficiency(const struct record *const *records, size_t count, const struct parsed_key *parsed,
                          struct value *value, const char **what, char **remedy)
{
    const struct record_efficiency *row = NULL;
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < records[r]->efficiency_count; i++) {
            if (!key_matches(records[r]->efficiency[i].key, parsed->segments, parsed->count))
                continue;
            if (row)
                return metric_row_refuse(what, remedy, "several rows match",
                                         "Name all of them, as in efficiency.scattered.keep10.causal.n8192.");
            row = &records[r]->efficiency[i];
            value->record = records[r];
        }
    if (!row)
        return metric_row_refuse(what, remedy, "no record holds this efficiency", efficiency_remedy);
    if (row->failed)
        return metric_row_refuse(what, remedy, "the output of this row was wrong", row->error);
    value->key = row->key;
    value->problem = &row->problem;
    value->threads = row->threads;
    struct estimate density = metric_row_exact(row->density);
    if (!parsed->stage && strcmp(parsed->metric, "ratio") == 0)
        metric_row_fill(value, &row->wall_ratio, UNIT_NONE, KIND_MEASURED, NULL, row->sample_count);
    else if (!parsed->stage && strcmp(parsed->metric, "processor") == 0)
        metric_row_fill(value, &row->processor_ratio, UNIT_NONE, KIND_MEASURED, NULL, row->sample_count);
    else if (!parsed->stage && strcmp(parsed->metric, "density") == 0)
        metric_row_fill(value, &density, UNIT_SHARE, KIND_COMPUTED, metric_pairs_source, 0);
    else
        return metric_row_refuse(what, remedy, "there is no such metric of efficiency",
                                 "A row has ratio (wall), processor and density.");
    return true;
}

bool metric_of_study(const struct record *const *records, size_t record_count, const struct parsed_key *parsed,
                     struct value *value, const char **what, char **remedy)
{
    *what = NULL;
    *remedy = NULL;
    if (strcmp(parsed->segments[0], "tradeoff") == 0)
        return metric_of_tradeoff(records, record_count, parsed, value, what, remedy);
    if (strcmp(parsed->segments[0], "efficiency") == 0)
        return of_efficiency(records, record_count, parsed, value, what, remedy);
    return of_modernbert(records, record_count, parsed, value, what, remedy);
}
