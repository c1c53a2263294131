/* metric_tradeoff.c - keys of trade-offs: a point, dense flash, a selector at one length. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/metric_row.h"
#include "harness/metric_study.h"
#include "harness/stats.h"

static const char *const tradeoff_remedy =
    "Measure it: flashdeck train-gate, then flashdeck tradeoff --benchmark_out FILE, and name the record.";
static const char *const points_metrics =
    "A point has time, speed, share, recall, needles, error, max_error, density, square, pairs; its stages pool, "
    "score, "
    "keep, attend have time; dense has time; a selector of one length has overtaken.";
static const char *const listed_source = "blocks that the mask lists";
static const char *const overtaken_source = "a line through the measured times on either side";

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
        {"error", metric_row_exact(p->relative_l2), UNIT_NONE, KIND_MEASURED, NULL, 0},
        {"max_error", metric_row_exact(p->max_error), UNIT_NONE, KIND_MEASURED, NULL, 0},
        {"density", metric_row_exact(p->density), UNIT_SHARE, KIND_COMPUTED, listed_source, 0},
        {"square", metric_row_exact(p->square), UNIT_SHARE, KIND_COMPUTED, listed_source, 0},
        {"pairs", metric_row_exact(p->pairs), UNIT_SHARE, KIND_COMPUTED, metric_pairs_source, 0},
    };
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        if (strcmp(metrics[i].name, metric) == 0) {
            metric_row_fill(value, &metrics[i].estimate, metrics[i].unit, metrics[i].kind, metrics[i].source,
                            metrics[i].samples);
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
            struct estimate seconds = metric_row_exact(p->failed ? NAN : stages[i].seconds);
            metric_row_fill(value, &seconds, UNIT_SECONDS, KIND_MEASURED, NULL, row->sample_count);
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

static void place(struct value *value, const struct record *record, const struct record_tradeoff *row, const char *key)
{
    value->record = record;
    value->key = key;
    value->problem = &row->problem;
    value->threads = row->threads;
}

bool metric_of_tradeoff(const struct record *const *records, size_t count, const struct parsed_key *parsed,
                        struct value *value, const char **what, char **remedy)
{
    bool dense = parsed->count > 1 && strcmp(parsed->segments[1], "dense") == 0;
    bool overtaken = strcmp(parsed->metric, "overtaken") == 0;
    struct match match = dense ? match_dense(records, count, parsed) : match_points(records, count, parsed);
    if (match.rows == 0)
        return metric_row_refuse(what, remedy, "no record holds this point of a trade-off", tradeoff_remedy);
    if (match.rows > 1 || (!dense && (overtaken ? !match.one_selector : match.points > 1)))
        return metric_row_refuse(what, remedy, "several points match",
                                 "Name the selector, the density and the length, as in tradeoff.gate.keep10.n8192.");
    place(value, match.record, match.row, match.point ? match.point->key : match.row->key);
    if (dense && strcmp(parsed->metric, "time") == 0 && !parsed->stage) {
        metric_row_fill(value, &match.row->dense_seconds, UNIT_SECONDS, KIND_MEASURED, NULL, match.row->sample_count);
        return true;
    }
    if (overtaken && match.point) {
        struct estimate at = metric_row_exact(record_overtaken(match.row, match.point->selector));
        metric_row_fill(value, &at, UNIT_SHARE, KIND_MEASURED, overtaken_source, match.row->sample_count);
        return true;
    }
    if (match.point && match.point->failed)
        return metric_row_refuse(what, remedy, "the output of this point was wrong", match.point->error);
    if (match.point && (parsed->stage ? of_point_stage(match.row, match.point, parsed->stage, parsed->metric, value)
                                      : of_point(match.row, match.point, parsed->metric, value)))
        return true;
    return metric_row_refuse(what, remedy, "there is no such metric or stage of a trade-off", points_metrics);
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
