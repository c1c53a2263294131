/* record_tradeoff_json.c - the array "tradeoffs" of a record: what is stored must follow from its samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/record_json.h"
#include "harness/stats.h"
#include "kernels/select/select.h"

enum { MOST_ROWS = 64, MOST_POINTS = 256 };

json_t *record_tradeoffs_json(const struct record *record)
{
    json_t *rows = json_array();
    for (size_t r = 0; r < record->tradeoff_count; r++) {
        const struct record_tradeoff *t = &record->tradeoffs[r];
        json_t *row = record_fields_json(record_tradeoff_fields, t), *points = json_array();
        json_object_set_new(row, "kind", json_string("measured"));
        json_object_set_new(row, "problem", record_problem_json(&t->problem));
        json_object_set_new(row, "dense_samples", record_numbers_json(t->dense, t->sample_count));
        for (size_t i = 0; i < t->point_count; i++) {
            const struct record_point *p = &t->points[i];
            json_t *point = record_fields_json(record_point_fields, p);
            json_object_set_new(point, "samples", record_numbers_json(p->samples, p->samples ? t->sample_count : 0));
            if (p->recalls)
                json_object_set_new(point, "model_recalls", record_numbers_json(p->recalls, (size_t)t->models));
            if (p->needle_shares)
                json_object_set_new(point, "model_needles", record_numbers_json(p->needle_shares, (size_t)t->models));
            json_array_append_new(points, point);
        }
        json_object_set_new(row, "points", points);
        json_array_append_new(rows, row);
    }
    return rows;
}

static bool share(double value)
{
    return value >= 0 && value <= 1;
}

static bool share_estimate(const struct estimate *e)
{
    return share(e->median) && share(e->low) && share(e->high) && e->low <= e->median && e->median <= e->high;
}

static void check_point(const struct place *place, const struct record_tradeoff *row, const struct record_point *p)
{
    if (selector_find(p->selector) == SELECTORS)
        record_fault(place, "there is no selector '%.40s'", p->selector);
    if (!(p->density > 0 && share(p->density)) || !share(p->square) || !share(p->pairs))
        record_fault(place, "a density is not between 0 and 1");
    if (!share_estimate(&p->recall) || (!isnan(p->needles.median) && !share_estimate(&p->needles)))
        record_fault(place, "what is kept is not between 0 and 1, or its interval is in disorder");
    char *key = record_key_point(row, p->selector, p->density);
    if (!key || strcmp(key, p->key) != 0)
        record_fault(place, "\"key\" should be %.120s", key ? key : "(out of memory)");
    free(key);
    for (const struct record_point *q = row->points; q < p; q++)
        if (q->key && strcmp(q->key, p->key) == 0)
            record_fault(place, "the key %.120s stands twice", p->key);
}

/* What each model kept, where the record has it: the estimate must be what these give. */
static double *read_models(const struct place *place, const json_t *json, const char *name, int64_t models,
                           const char *of, const struct estimate *estimate)
{
    size_t before = place->diags->errors, count = 0;
    if (!json_object_get(json, name))
        return NULL;
    double *values = record_read_numbers(place, json, name, 0, &count);
    if (values && count != (size_t)models)
        record_fault(place, "\"%s\" has %zu numbers and there are %lld models", name, count, (long long)models);
    for (size_t m = 0; values && m < count; m++)
        if (values[m] > 1)
            record_fault(place, "\"%s\"[%zu] is above 1", name, m);
    if (place->diags->errors == before) {
        struct estimate computed = stats_estimate(values, count);
        record_check_estimate(place, of, estimate, &computed);
    }
    return values;
}

static void read_point(const struct place *place, const json_t *json, struct record_tradeoff *row)
{
    size_t before = place->diags->errors, count = 0;
    struct record_point *p = &row->points[row->point_count++];
    record_read_fields(place, json, record_point_fields, p);
    if (place->diags->errors == before)
        p->samples = record_read_numbers(place, json, "samples", 1e-12, &count);
    if (place->diags->errors > before)
        return;
    if (count != (p->failed ? 0 : row->sample_count))
        record_fault(place, "%zu samples, and dense flash has %zu: they ran in the same rounds", count,
                     row->sample_count);
    if (p->failed) {
        free(p->samples);
        p->samples = NULL;
    }
    if (place->diags->errors == before)
        check_point(place, row, p);
    p->recalls = read_models(place, json, "model_recalls", row->models, "recall", &p->recall);
    p->needle_shares = read_models(place, json, "model_needles", row->models, "needles", &p->needles);
}

/* What is stored beside the samples, against what they give. */
static void check_estimates(const struct place *place, struct record_tradeoff *row)
{
    struct record_tradeoff computed = *row;
    computed.points = calloc(row->point_count + 1, sizeof *computed.points);
    if (!computed.points) {
        record_fault(place, "out of memory");
        return;
    }
    memcpy(computed.points, row->points, row->point_count * sizeof *row->points);
    record_settle_tradeoff(&computed);
    record_check_estimate(place, "dense_seconds", &row->dense_seconds, &computed.dense_seconds);
    for (size_t i = 0; i < row->point_count; i++) {
        struct place here = *place;
        snprintf(here.path, sizeof here.path, "%.60s.points[%zu]", place->path, i);
        record_check_estimate(&here, "seconds", &row->points[i].seconds, &computed.points[i].seconds);
        record_check_estimate(&here, "speed", &row->points[i].speed, &computed.points[i].speed);
    }
    free(computed.points);
}

static void read_points(const struct place *place, const json_t *json, struct record_tradeoff *row)
{
    const json_t *points = json_object_get(json, "points");
    size_t count = json_array_size(points);
    if (!json_is_array(points) || count < 1 || count > MOST_POINTS) {
        record_fault(place, "\"points\" should be an array of 1 to %d", MOST_POINTS);
        return;
    }
    row->points = calloc(count, sizeof *row->points);
    if (!row->points)
        record_fault(place, "out of memory");
    for (size_t i = 0; row->points && i < count; i++) {
        struct place here = *place;
        snprintf(here.path, sizeof here.path, "%.60s.points[%zu]", place->path, i);
        read_point(&here, json_array_get(points, i), row);
    }
}

static void read_row(const struct place *place, const json_t *json, struct record *record)
{
    size_t before = place->diags->errors;
    struct record_tradeoff *row = record_add_tradeoff(record);
    const char *kind = json_string_value(json_object_get(json, "kind"));
    if (!row) {
        record_fault(place, "out of memory");
        return;
    }
    record_read_fields(place, json, record_tradeoff_fields, row);
    if (!kind || strcmp(kind, "measured") != 0)
        record_fault(place, "\"kind\" is not measured");
    if (place->diags->errors > before)
        return;
    record_read_problem(place, json, &row->problem);
    row->dense = record_read_numbers(place, json, "dense_samples", 1e-12, &row->sample_count);
    if (row->dense && row->sample_count == 0)
        record_fault(place, "\"dense_samples\" is empty");
    if (row->threads < 1 || row->models < 1 || row->documents < 1)
        record_fault(place, "threads, models and documents must be 1 or more");
    char *key = record_key_tradeoff(&row->problem, row->threads);
    if (!key || strcmp(key, row->key) != 0)
        record_fault(place, "\"key\" should be %.120s", key ? key : "(out of memory)");
    free(key);
    for (size_t i = 0; i + 1 < record->tradeoff_count; i++)
        if (strcmp(record->tradeoffs[i].key, row->key) == 0)
            record_fault(place, "the key %.120s stands twice", row->key);
    if (place->diags->errors == before)
        read_points(place, json, row);
    if (place->diags->errors == before)
        check_estimates(place, row);
}

void record_read_tradeoffs(const struct place *place, const json_t *rows, struct record *record)
{
    struct place here = *place;
    snprintf(here.path, sizeof here.path, "tradeoffs");
    if (!rows)
        return;
    if (!json_is_array(rows) || json_array_size(rows) > MOST_ROWS)
        record_fault(&here, "should be an array of at most %d", MOST_ROWS);
    for (size_t i = 0; i < json_array_size(rows) && place->diags->errors == place->before; i++) {
        snprintf(here.path, sizeof here.path, "tradeoffs[%zu]", i);
        read_row(&here, json_array_get(rows, i), record);
    }
}
