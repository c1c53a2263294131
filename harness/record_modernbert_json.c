/* record_modernbert_json.c - the array "modernbert" of a record: ratios must follow from samples and pairs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/record_json.h"

enum { MOST_ROWS = 256, MOST_WAYS = 8, MOST_PAPERS = 16 };

json_t *record_modernberts_json(const struct record *record)
{
    json_t *rows = json_array();
    for (size_t r = 0; r < record->modernbert_count; r++) {
        const struct record_modernbert *m = &record->modernberts[r];
        json_t *row = record_fields_json(record_modernbert_fields, m), *ways = json_array(), *papers = json_array();
        json_object_set_new(row, "kind", json_string(m->sample_count ? "measured" : "rehearsed"));
        for (size_t i = 0; i < m->way_count; i++) {
            json_t *way = record_fields_json(record_way_fields, &m->ways[i]);
            json_object_set_new(way, "samples",
                                record_numbers_json(m->ways[i].samples, m->ways[i].samples ? m->sample_count : 0));
            json_object_set_new(way, "rope_samples",
                                record_numbers_json(m->ways[i].rope, m->ways[i].rope ? m->sample_count : 0));
            json_array_append_new(ways, way);
        }
        for (size_t i = 0; i < m->paper_count; i++)
            json_array_append_new(papers, record_fields_json(record_paper_fields, &m->papers[i]));
        json_object_set_new(row, "ways", ways);
        json_object_set_new(row, "published", papers);
        json_array_append_new(rows, row);
    }
    return rows;
}

static void read_way(const struct place *place, const json_t *json, struct record_modernbert *row)
{
    size_t before = place->diags->errors, count = 0, turned = 0;
    struct record_way *way = &row->ways[row->way_count++];
    record_read_fields(place, json, record_way_fields, way);
    if (place->diags->errors == before)
        way->samples = record_read_numbers(place, json, "samples", 1e-12, &count);
    if (place->diags->errors == before)
        way->rope = record_read_numbers(place, json, "rope_samples", 0, &turned);
    if (place->diags->errors > before)
        return;
    if (turned != count)
        record_fault(place, "%zu samples of attention and %zu of RoPE: both are of every run", count, turned);
    else if (row->way_count > 1 && count != row->sample_count)
        record_fault(place, "%zu samples, and another way has %zu: they ran in the same rounds", count,
                     row->sample_count);
    else
        row->sample_count = count;
    if (count == 0) { /* rehearsed */
        free(way->samples);
        free(way->rope);
        way->samples = way->rope = NULL;
    }
    if (!(way->pairs > 0))
        record_fault(place, "\"pairs\" should be above 0");
    for (const struct record_way *other = row->ways; other < way; other++)
        if (other->name && strcmp(other->name, way->name) == 0)
            record_fault(place, "the way %.40s stands twice", way->name);
}

static void read_paper(const struct place *place, const json_t *json, struct record_modernbert *row)
{
    struct record_paper *paper = &row->papers[row->paper_count++];
    record_read_fields(place, json, record_paper_fields, paper);
    if (!(paper->thousands > 0))
        record_fault(place, "\"thousands\" should be above 0");
}

/* Each item of an array by its own reader. */
static void read_array(const struct place *place, const json_t *json, const char *name, size_t most, size_t each,
                       void **items, void (*read)(const struct place *, const json_t *, struct record_modernbert *),
                       struct record_modernbert *row)
{
    const json_t *array = json_object_get(json, name);
    size_t count = json_array_size(array);
    if (!json_is_array(array) || count > most) {
        record_fault(place, "\"%s\" should be an array of at most %zu", name, most);
        return;
    }
    *items = calloc(count + 1, each);
    if (!*items)
        record_fault(place, "out of memory");
    for (size_t i = 0; *items && i < count; i++) {
        struct place here = *place;
        snprintf(here.path, sizeof here.path, "%.60s.%s[%zu]", place->path, name, i);
        read(&here, json_array_get(array, i), row);
    }
}

static void check_number(const struct place *place, const char *name, double stored, double computed)
{
    bool neither = isnan(stored) && isnan(computed);
    if (!neither && !(fabs(stored - computed) <= 1e-9 * fabs(computed)))
        record_fault(place, "\"%s\" is not what its parts give (%.6g)", name, computed);
}

static void check_ratios(const struct place *place, struct record_modernbert *row, bool rehearsal)
{
    struct record_modernbert computed = *row;
    struct record_way ways[MOST_WAYS];
    if (!record_way_named(row, "all_global") || !record_way_named(row, "alternating")) {
        record_fault(place, "\"ways\" lacks all_global and alternating with their samples");
        return;
    }
    if ((row->sample_count == 0) != rehearsal)
        record_fault(place, "%s", rehearsal ? "a rehearsal has no samples" : "no way has samples");
    memcpy(ways, row->ways, row->way_count * sizeof *ways);
    computed.ways = ways;
    record_settle_modernbert(&computed);
    for (size_t i = 0; i < row->way_count; i++)
        record_check_estimate(place, row->ways[i].name, &row->ways[i].seconds, &ways[i].seconds);
    for (size_t i = 0; i < row->way_count; i++)
        record_check_estimate(place, "rope_seconds", &row->ways[i].rope_seconds, &ways[i].rope_seconds);
    record_check_estimate(place, "alternation", &row->alternation, &computed.alternation);
    record_check_estimate(place, "padding", &row->padding, &computed.padding);
    record_check_estimate(place, "padding_alternating", &row->padding_alternating, &computed.padding_alternating);
    check_number(place, "ceiling", row->ceiling, computed.ceiling);
    check_number(place, "padding_pairs", row->padding_pairs, computed.padding_pairs);
    check_number(place, "padding_tokens", row->padding_tokens, computed.padding_tokens);
}

static void read_row(const struct place *place, const json_t *json, struct record *record)
{
    size_t before = place->diags->errors;
    struct record_modernbert *row = record_add_modernbert(record);
    const char *kind = json_string_value(json_object_get(json, "kind"));
    if (!row) {
        record_fault(place, "out of memory");
        return;
    }
    record_read_fields(place, json, record_modernbert_fields, row);
    const char *right = record->rehearsal ? "rehearsed" : "measured";
    if (!kind || strcmp(kind, right) != 0)
        record_fault(place, "\"kind\" is not %s", right);
    if (place->diags->errors > before)
        return;
    if (row->threads < 1 || row->layers < 1 || row->heads < 1 || row->sequences < 1 || row->tokens < 1 ||
        row->padded_tokens < row->tokens)
        record_fault(place, "threads, layers, heads, sequences or tokens are out of range");
    char *key = record_key_modernbert(row);
    if (!key || strcmp(key, row->key) != 0)
        record_fault(place, "\"key\" should be %.120s", key ? key : "(out of memory)");
    free(key);
    for (size_t i = 0; i + 1 < record->modernbert_count; i++)
        if (strcmp(record->modernberts[i].key, row->key) == 0)
            record_fault(place, "the key %.120s stands twice", row->key);
    read_array(place, json, "ways", MOST_WAYS, sizeof *row->ways, (void **)&row->ways, read_way, row);
    read_array(place, json, "published", MOST_PAPERS, sizeof *row->papers, (void **)&row->papers, read_paper, row);
    if (place->diags->errors == before)
        check_ratios(place, row, record->rehearsal);
}

void record_read_modernberts(const struct place *place, const json_t *rows, struct record *record)
{
    struct place here = *place;
    snprintf(here.path, sizeof here.path, "modernbert");
    if (!rows)
        return;
    if (!json_is_array(rows) || json_array_size(rows) > MOST_ROWS)
        record_fault(&here, "should be an array of at most %d", MOST_ROWS);
    for (size_t i = 0; i < json_array_size(rows) && place->diags->errors == place->before; i++) {
        snprintf(here.path, sizeof here.path, "modernbert[%zu]", i);
        read_row(&here, json_array_get(rows, i), record);
    }
}
