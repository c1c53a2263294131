/* record_counted_json.c - the array "counts" of a record: written, and read as strictly as the cases are. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/record_json.h"

json_t *record_counts_json(const struct record *record)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < record->counted_count; i++) {
        const struct record_counted *c = &record->counted[i];
        json_t *row = record_fields_json(record_counted_fields, c), *stages = json_array();
        json_object_set_new(row, "kind", json_string("counted"));
        json_object_set_new(row, "problem", record_problem_json(&c->problem));
        for (size_t s = 0; s < c->stage_count; s++) {
            json_t *stage = record_fields_json(record_counted_stage_fields, &c->stages[s]);
            json_object_set_new(stage, "name", json_string(c->stages[s].name));
            json_array_append_new(stages, stage);
        }
        json_object_set_new(row, "stages", stages);
        json_array_append_new(rows, row);
    }
    return rows;
}

/* Whole numbers that a double holds exactly. */
static bool whole(const struct counted_stage *stage)
{
    for (const struct field *f = record_counted_stage_fields; f->name; f++) {
        double n = *(const double *)((const char *)stage + f->offset);
        if (!(n >= 0 && n <= 0x1p53 && n == floor(n)))
            return false;
    }
    return true;
}

static void read_stages(const struct place *place, const json_t *row, struct record_counted *c)
{
    const json_t *stages = json_object_get(row, "stages");
    if (!json_is_array(stages) || json_array_size(stages) > MAX_LAYERS || (json_array_size(stages) == 0) != c->failed) {
        record_fault(place, "\"stages\" should be an array of 1 to %d, or empty in a row that failed", MAX_LAYERS);
        return;
    }
    c->stages = calloc(json_array_size(stages) + 1, sizeof *c->stages);
    if (!c->stages)
        record_fault(place, "out of memory");
    for (size_t i = 0; c->stages && i < json_array_size(stages); i++) {
        struct place here = *place;
        const json_t *stage = json_array_get(stages, i);
        const char *name = json_string_value(json_object_get(stage, "name"));
        snprintf(here.path, sizeof here.path, "%.60s.stages[%zu]", place->path, i);
        if (!name)
            record_fault(&here, "\"name\" is missing");
        snprintf(c->stages[i].name, sizeof c->stages[i].name, "%s", name ? name : "");
        record_read_fields(&here, stage, record_counted_stage_fields, &c->stages[i]);
        if (!whole(&c->stages[i]))
            record_fault(&here, "a count is no whole number of 0 or more");
        c->stage_count++;
    }
}

/* Whether each stage's bytes of HBM are its formula's: what "equal" claims. */
static bool equal(const struct record_counted *c)
{
    for (size_t s = 0; s < c->stage_count; s++)
        if (counted_stage_ran(&c->stages[s]) && (c->stages[s].hbm_read != c->stages[s].formula_read ||
                                                 c->stages[s].hbm_written != c->stages[s].formula_written))
            return false;
    return !c->failed;
}

static void read_row(const struct place *place, const json_t *row, struct record *record)
{
    size_t before = place->diags->errors;
    struct record_counted *c = record_add_counted(record);
    if (!c) {
        record_fault(place, "out of memory");
        return;
    }
    const char *kind = json_string_value(json_object_get(row, "kind"));
    record_read_fields(place, row, record_counted_fields, c);
    if (!kind || strcmp(kind, "counted") != 0)
        record_fault(place, "\"kind\" is not counted");
    if (place->diags->errors > before)
        return;
    record_read_problem(place, row, &c->problem);
    read_stages(place, row, c);
    if (c->parts < 1)
        record_fault(place, "\"parts\" is %lld", (long long)c->parts);
    if (place->diags->errors == before && c->equal && !equal(c))
        record_fault(place, "\"equal\" is true and a count differs from its formula");
    for (size_t i = 0; i + 1 < record->counted_count; i++)
        if (strcmp(record->counted[i].key, c->key) == 0)
            record_fault(place, "the key %.200s stands twice", c->key);
}

enum { MOST_ROWS = 4096 };

void record_read_counts(const struct place *place, const json_t *counts, struct record *record)
{
    struct place here = *place;
    snprintf(here.path, sizeof here.path, "counts");
    if (!counts)
        return;
    if (!json_is_array(counts) || json_array_size(counts) > MOST_ROWS)
        record_fault(&here, "should be an array of at most %d", MOST_ROWS);
    for (size_t i = 0; i < json_array_size(counts) && place->diags->errors == place->before; i++) {
        snprintf(here.path, sizeof here.path, "counts[%zu]", i);
        read_row(&here, json_array_get(counts, i), record);
    }
}
