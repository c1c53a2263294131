/* record_efficiency_json.c - the array "efficiency" of a record: ratios must follow from samples and density. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/record_json.h"

enum { MOST_ROWS = 1024, SERIES = 4 };

/* The samples by their names in the file. */
static const struct {
    const char *name;
    size_t offset;
    double least;
} series[SERIES] = {
    {"samples", offsetof(struct record_efficiency, samples), 1e-12},
    {"dense_samples", offsetof(struct record_efficiency, dense), 1e-12},
    {"processor_samples", offsetof(struct record_efficiency, processor), 0},
    {"dense_processor_samples", offsetof(struct record_efficiency, dense_processor), 0},
};

static double **series_of(struct record_efficiency *row, int which)
{
    return (double **)((char *)row + series[which].offset);
}

json_t *record_efficiency_json(const struct record *record)
{
    json_t *rows = json_array();
    for (size_t r = 0; r < record->efficiency_count; r++) {
        const struct record_efficiency *e = &record->efficiency[r];
        json_t *row = record_fields_json(record_efficiency_fields, e);
        json_object_set_new(row, "kind", json_string("measured"));
        json_object_set_new(row, "problem", record_problem_json(&e->problem));
        for (int s = 0; s < SERIES; s++) {
            const double *samples = *(double *const *)((const char *)e + series[s].offset);
            json_object_set_new(row, series[s].name, record_numbers_json(samples, samples ? e->sample_count : 0));
        }
        json_array_append_new(rows, row);
    }
    return rows;
}

static void read_samples(const struct place *place, const json_t *json, struct record_efficiency *row)
{
    size_t counts[SERIES] = {0};
    for (int s = 0; s < SERIES; s++)
        *series_of(row, s) = record_read_numbers(place, json, series[s].name, series[s].least, &counts[s]);
    row->sample_count = counts[0];
    for (int s = 1; s < SERIES; s++)
        if (counts[s] != counts[0])
            record_fault(place, "\"%s\" has %zu numbers and \"samples\" %zu: all are of the same rounds",
                         series[s].name, counts[s], counts[0]);
    if ((counts[0] == 0) != row->failed)
        record_fault(place, "a row has samples, or it failed");
    for (int s = 0; row->failed && s < SERIES; s++) {
        free(*series_of(row, s));
        *series_of(row, s) = NULL;
    }
}

static void check_row(const struct place *place, const struct record_efficiency *row, const struct record *record)
{
    struct record_efficiency computed = *row;
    if (!record_settle_efficiency(&computed))
        record_fault(place, "out of memory");
    record_check_estimate(place, "wall_ratio", &row->wall_ratio, &computed.wall_ratio);
    record_check_estimate(place, "processor_ratio", &row->processor_ratio, &computed.processor_ratio);
    char *key = record_key_efficiency(row);
    if (!key || strcmp(key, row->key) != 0)
        record_fault(place, "\"key\" should be %.120s", key ? key : "(out of memory)");
    free(key);
    for (size_t i = 0; i + 1 < record->efficiency_count; i++)
        if (strcmp(record->efficiency[i].key, row->key) == 0)
            record_fault(place, "the key %.120s stands twice", row->key);
}

static void read_row(const struct place *place, const json_t *json, struct record *record)
{
    size_t before = place->diags->errors;
    struct record_efficiency *row = record_add_efficiency(record);
    const char *kind = json_string_value(json_object_get(json, "kind"));
    if (!row) {
        record_fault(place, "out of memory");
        return;
    }
    record_read_fields(place, json, record_efficiency_fields, row);
    if (!kind || strcmp(kind, "measured") != 0)
        record_fault(place, "\"kind\" is not measured");
    if (place->diags->errors > before)
        return;
    record_read_problem(place, json, &row->problem);
    read_samples(place, json, row);
    if (row->threads < 1 || !(row->asked > 0 && row->asked <= 1) || !(row->density > 0 && row->density <= 1))
        record_fault(place, "threads or a density is out of range");
    if (place->diags->errors == before)
        check_row(place, row, record);
}

void record_read_efficiency(const struct place *place, const json_t *rows, struct record *record)
{
    struct place here = *place;
    snprintf(here.path, sizeof here.path, "efficiency");
    if (!rows)
        return;
    if (!json_is_array(rows) || json_array_size(rows) > MOST_ROWS)
        record_fault(&here, "should be an array of at most %d", MOST_ROWS);
    for (size_t i = 0; i < json_array_size(rows) && place->diags->errors == place->before; i++) {
        snprintf(here.path, sizeof here.path, "efficiency[%zu]", i);
        read_row(&here, json_array_get(rows, i), record);
    }
}
