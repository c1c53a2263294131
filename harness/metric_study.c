#include "harness/metric_study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/stats.h"

static const char *const tradeoff_remedy =
    "Measure it: flashdeck train-gate, then flashdeck tradeoff --benchmark_out FILE, and name the record.";
static const char *const modernbert_remedy =
    "Measure it: flashdeck reproduce modernbert --benchmark_out FILE, and name the record.";
static const char *const efficiency_remedy =
    "Measure it: flashdeck reproduce block-sparse --benchmark_out FILE, and name the record.";
static const char *const points_metrics =
    "A point has time, speed, share, recall, needles, error, max_error, density, square, pairs; its stages pool, "
    "score, "
    "keep, attend have time; dense has time; a selector of one length has overtaken.";
static const char *const rows_metrics =
    "A row has alternation, ceiling, padding, padding_alternating, padding_pairs, padding_tokens, tokens, "
    "padded_tokens; a way (all_global, alternating, and both _padded) time, rope and pairs.";

bool metric_is_study(const char *segment)
{
    return strcmp(segment, "tradeoff") == 0 || strcmp(segment, "modernbert") == 0 || strcmp(segment, "efficiency") == 0;
}

static const char *const pairs_source = "kept (query, key) pairs, by formula";
static const char *const listed_source = "blocks that the mask lists";
static const char *const tokens_source = "lengths drawn as the paper draws them";
static const char *const overtaken_source = "a line through the measured times on either side";

static struct estimate exact(double number)
{
    return (struct estimate){number, number, number, 1};
}

static void fill(struct value *value, const struct estimate *estimate, enum unit unit, enum kind kind,
                 const char *source, size_t samples)
{
    value->number = estimate->median;
    value->low = estimate->low;
    value->high = estimate->high;
    value->level = estimate->level;
    value->unit = unit;
    value->kind = kind;
    value->source = source;
    value->samples = kind == KIND_MEASURED ? samples : 0;
}

static bool of_point(const struct record_tradeoff *row, const struct record_point *p, const char *metric,
                     struct value *value)
{
    struct estimate none = {NAN, NAN, NAN, 0};
    struct estimate share = p->samples ? stats_ratio(p->samples, row->dense, row->sample_count) : none;
    size_t models = (size_t)row->models, rounds = row->sample_count;
    const struct {
        const char *name;
        struct estimate estimate;
        enum unit unit;
        enum kind kind;
        const char *source;
        size_t samples;
    } metrics[] = {
        {"time", p->seconds, UNIT_SECONDS, KIND_MEASURED, NULL, rounds},
        {"speed", p->speed, UNIT_NONE, KIND_MEASURED, NULL, rounds},
        {"share", share, UNIT_SHARE, KIND_MEASURED, NULL, rounds},
        {"recall", p->recall, UNIT_SHARE, KIND_MEASURED, NULL, models},
        {"needles", p->needles, UNIT_SHARE, KIND_MEASURED, NULL, models},
        {"error", exact(p->relative_l2), UNIT_NONE, KIND_MEASURED, NULL, 0},
        {"max_error", exact(p->max_error), UNIT_NONE, KIND_MEASURED, NULL, 0},
        {"density", exact(p->density), UNIT_SHARE, KIND_COMPUTED, listed_source, 0},
        {"square", exact(p->square), UNIT_SHARE, KIND_COMPUTED, listed_source, 0},
        {"pairs", exact(p->pairs), UNIT_SHARE, KIND_COMPUTED, pairs_source, 0},
    };
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        if (strcmp(metrics[i].name, metric) == 0) {
            fill(value, &metrics[i].estimate, metrics[i].unit, metrics[i].kind, metrics[i].source, metrics[i].samples);
            return true;
        }
    return false;
}

static bool of_point_stage(const struct record_tradeoff *row, const struct record_point *p, const char *stage,
                           const char *metric, struct value *value)
{
    const struct {
        const char *name;
        double seconds;
    } stages[] = {{"pool", p->pool}, {"score", p->score}, {"keep", p->keep}, {"attend", p->attend}};
    for (size_t i = 0; strcmp(metric, "time") == 0 && i < sizeof stages / sizeof stages[0]; i++)
        if (strcmp(stages[i].name, stage) == 0) {
            struct estimate seconds = exact(p->failed ? NAN : stages[i].seconds);
            fill(value, &seconds, UNIT_SECONDS, KIND_MEASURED, NULL, row->sample_count);
            return true;
        }
    return false;
}

/* What a key names in the trade-offs: a point, dense flash, or a selector at one length. */
struct match {
    const struct record *record;
    const struct record_tradeoff *row;
    const struct record_point *point; /* NULL: dense */
    size_t points, rows;              /* how many match */
    bool one_selector;
};

static struct match match_points(const struct record *const *records, size_t count, const struct parsed_key *parsed)
{
    struct match match = {.one_selector = true};
    for (size_t r = 0; r < count; r++)
        for (size_t t = 0; t < records[r]->tradeoff_count; t++) {
            const struct record_tradeoff *row = &records[r]->tradeoffs[t];
            size_t before = match.points;
            for (size_t i = 0; i < row->point_count; i++) {
                if (!key_matches(row->points[i].key, parsed->segments, parsed->count))
                    continue;
                if (match.point && strcmp(match.point->selector, row->points[i].selector) != 0)
                    match.one_selector = false;
                match.record = records[r];
                match.row = row;
                match.point = &row->points[i];
                match.points++;
            }
            match.rows += match.points > before;
        }
    return match;
}

/* The same with the segment "dense" taken out, held against the rows' own keys. */
static struct match match_dense(const struct record *const *records, size_t count, const struct parsed_key *parsed)
{
    struct match match = {0};
    const char *segments[24];
    size_t kept = 0;
    for (size_t i = 0; i < parsed->count; i++)
        if (strcmp(parsed->segments[i], "dense") != 0)
            segments[kept++] = parsed->segments[i];
    for (size_t r = 0; r < count; r++)
        for (size_t t = 0; t < records[r]->tradeoff_count; t++) {
            const struct record_tradeoff *row = &records[r]->tradeoffs[t];
            if (!key_matches(row->key, segments, kept))
                continue;
            match.record = records[r];
            match.row = row;
            match.rows++;
        }
    return match;
}

static bool refuse(const char **what, char **remedy, const char *why, const char *words)
{
    *what = why;
    *remedy = words ? strdup(words) : NULL;
    return false;
}

static void place(struct value *value, const struct record *record, const struct record_tradeoff *row, const char *key)
{
    value->record = record;
    value->key = key;
    value->problem = &row->problem;
    value->threads = row->threads;
}

static bool of_tradeoff(const struct record *const *records, size_t count, const struct parsed_key *parsed,
                        struct value *value, const char **what, char **remedy)
{
    bool dense = parsed->count > 1 && strcmp(parsed->segments[1], "dense") == 0;
    bool overtaken = strcmp(parsed->metric, "overtaken") == 0;
    struct match match = dense ? match_dense(records, count, parsed) : match_points(records, count, parsed);
    if (match.rows == 0)
        return refuse(what, remedy, "no record holds this point of a trade-off", tradeoff_remedy);
    if (match.rows > 1 || (!dense && (overtaken ? !match.one_selector : match.points > 1)))
        return refuse(what, remedy, "several points match",
                      "Name the selector, the density and the length, as in tradeoff.gate.keep10.n8192.");
    place(value, match.record, match.row, match.point ? match.point->key : match.row->key);
    if (dense && strcmp(parsed->metric, "time") == 0 && !parsed->stage) {
        fill(value, &match.row->dense_seconds, UNIT_SECONDS, KIND_MEASURED, NULL, match.row->sample_count);
        return true;
    }
    if (overtaken && match.point) {
        struct estimate at = exact(record_overtaken(match.row, match.point->selector));
        fill(value, &at, UNIT_SHARE, KIND_MEASURED, overtaken_source, match.row->sample_count);
        return true;
    }
    if (match.point && match.point->failed)
        return refuse(what, remedy, "the output of this point was wrong", match.point->error);
    if (match.point && (parsed->stage ? of_point_stage(match.row, match.point, parsed->stage, parsed->metric, value)
                                      : of_point(match.row, match.point, parsed->metric, value)))
        return true;
    return refuse(what, remedy, "there is no such metric or stage of a trade-off", points_metrics);
}

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
        {"ceiling", exact(row->ceiling), UNIT_NONE, KIND_COMPUTED, pairs_source},
        {"padding_pairs", exact(row->padding_pairs), UNIT_NONE, KIND_COMPUTED, pairs_source},
        {"padding_tokens", exact(row->padding_tokens), UNIT_NONE, KIND_COMPUTED, tokens_source},
        {"tokens", exact((double)row->tokens), UNIT_TOKENS, KIND_COMPUTED, tokens_source},
        {"padded_tokens", exact((double)row->padded_tokens), UNIT_TOKENS, KIND_COMPUTED, tokens_source},
    };
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        if (strcmp(metrics[i].name, metric) == 0) {
            fill(value, &metrics[i].estimate, metrics[i].unit, metrics[i].kind, metrics[i].source, row->sample_count);
            return true;
        }
    return false;
}

static bool of_way(const struct record_modernbert *row, const struct record_way *way, const char *metric,
                   struct value *value)
{
    struct estimate pairs = exact(way->pairs);
    if (strcmp(metric, "time") == 0)
        fill(value, &way->seconds, UNIT_SECONDS, KIND_MEASURED, NULL, row->sample_count);
    else if (strcmp(metric, "rope") == 0)
        fill(value, &way->rope_seconds, UNIT_SECONDS, KIND_MEASURED, NULL, row->sample_count);
    else if (strcmp(metric, "pairs") == 0)
        fill(value, &pairs, UNIT_NONE, KIND_COMPUTED, pairs_source, 0);
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
                return refuse(what, remedy, "several rows match",
                              "Name model, lengths and heads, as in modernbert.base.fixed_8192.h2.");
            row = &records[r]->modernberts[i];
            way = found;
            value->record = records[r];
        }
    if (!row)
        return refuse(what, remedy, "no record holds this row of ModernBERT's table", modernbert_remedy);
    value->key = row->key;
    value->threads = row->threads;
    if (!parsed->stage && (way ? of_way(row, way, parsed->metric, value) : of_row(row, parsed->metric, value)))
        return true;
    return refuse(what, remedy, "there is no such metric of ModernBERT's rows", rows_metrics);
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
                return refuse(what, remedy, "several rows match",
                              "Name all of them, as in efficiency.scattered.keep10.causal.n8192.");
            row = &records[r]->efficiency[i];
            value->record = records[r];
        }
    if (!row)
        return refuse(what, remedy, "no record holds this efficiency", efficiency_remedy);
    if (row->failed)
        return refuse(what, remedy, "the output of this row was wrong", row->error);
    value->key = row->key;
    value->problem = &row->problem;
    value->threads = row->threads;
    struct estimate density = exact(row->density);
    if (!parsed->stage && strcmp(parsed->metric, "ratio") == 0)
        fill(value, &row->wall_ratio, UNIT_NONE, KIND_MEASURED, NULL, row->sample_count);
    else if (!parsed->stage && strcmp(parsed->metric, "processor") == 0)
        fill(value, &row->processor_ratio, UNIT_NONE, KIND_MEASURED, NULL, row->sample_count);
    else if (!parsed->stage && strcmp(parsed->metric, "density") == 0)
        fill(value, &density, UNIT_SHARE, KIND_COMPUTED, pairs_source, 0);
    else
        return refuse(what, remedy, "there is no such metric of efficiency",
                      "A row has ratio (wall), processor and density.");
    return true;
}

bool metric_of_study(const struct record *const *records, size_t record_count, const struct parsed_key *parsed,
                     struct value *value, const char **what, char **remedy)
{
    *what = NULL;
    *remedy = NULL;
    if (strcmp(parsed->segments[0], "tradeoff") == 0)
        return of_tradeoff(records, record_count, parsed, value, what, remedy);
    if (strcmp(parsed->segments[0], "efficiency") == 0)
        return of_efficiency(records, record_count, parsed, value, what, remedy);
    return of_modernbert(records, record_count, parsed, value, what, remedy);
}

static int by_density(const void *a, const void *b)
{
    double x = (*(const struct record_point *const *)a)->density, y = (*(const struct record_point *const *)b)->density;
    return (x > y) - (x < y);
}

enum status metric_points(const struct record *record, const char *segments, const struct record_point ***points,
                          size_t *count, struct diags *diags)
{
    struct parsed_key parsed = {.text = strdup(segments)};
    char *rest = parsed.text, *part;
    size_t capacity = 1;
    for (size_t t = 0; t < record->tradeoff_count; t++)
        capacity += record->tradeoffs[t].point_count;
    *points = calloc(capacity, sizeof **points);
    *count = 0;
    while (parsed.text && (part = strsep(&rest, ".")) != NULL && parsed.count < 24)
        parsed.segments[parsed.count++] = part;
    for (size_t t = 0; *points && t < record->tradeoff_count; t++)
        for (size_t i = 0; i < record->tradeoffs[t].point_count; i++) {
            const struct record_point *point = &record->tradeoffs[t].points[i];
            if (!point->failed && key_matches(point->key, parsed.segments, parsed.count))
                (*points)[(*count)++] = point;
        }
    free(parsed.text);
    if (!*points) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    qsort(*points, *count, sizeof **points, by_density);
    return STATUS_OK;
}
