/* record_read.c - a record from JSON: strict, every fault with its place. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "harness/record_json.h"

enum { LARGEST = 256 << 20, MOST_FAULTS = 20 };

static const char *const remedy = "Measure again with `flashdeck bench --benchmark_out=FILE`, or name another record.";

void record_fault(const struct place *place, const char *format, ...)
{
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    if (place->diags->errors < place->before + MOST_FAULTS)
        diags_error(place->diags, place->file, 0, remedy, "%s: %s", place->path, what);
}

static const char *type_name(const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object",   [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
        [JSON_INTEGER] = "an integer", [JSON_REAL] = "a number",  [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",        [JSON_NULL] = "null"};
    return value ? names[json_typeof(value)] : "missing";
}

/* null stands for a number that was not finite. */
static bool read_number(const json_t *value, double *number)
{
    *number = json_is_null(value) ? NAN : json_number_value(value);
    return json_is_number(value) || json_is_null(value);
}

static bool read_text(const json_t *value, char **text)
{
    if (json_is_null(value))
        return true;
    if (!json_is_string(value))
        return false;
    free(*text);
    *text = strdup(json_string_value(value));
    return *text != NULL;
}

static bool read_uint64(const json_t *value, uint64_t *number)
{
    const char *digits = json_string_value(value);
    char *end = NULL;
    if (!digits || *digits < '0' || *digits > '9')
        return false;
    errno = 0;
    *number = strtoull(digits, &end, 10);
    return *end == '\0' && errno == 0;
}

static bool read_estimate(const json_t *value, struct estimate *estimate)
{
    return json_is_object(value) && read_number(json_object_get(value, "median"), &estimate->median) &&
           read_number(json_object_get(value, "low"), &estimate->low) &&
           read_number(json_object_get(value, "high"), &estimate->high) &&
           read_number(json_object_get(value, "level"), &estimate->level);
}

static bool read_words(const json_t *value, char *words)
{
    const char *text = json_string_value(value);
    snprintf(words, MACHINE_WORDS, "%s", text ? text : "");
    return json_is_null(value) || (text && strlen(text) < MACHINE_WORDS);
}

static bool read_field(const json_t *value, enum field_type type, void *to)
{
    double real;
    switch (type) {
    case FIELD_TEXT:
        return read_text(value, to);
    case FIELD_NUMBER:
        return read_number(value, to);
    case FIELD_FLOAT:
        if (!read_number(value, &real))
            return false;
        *(float *)to = (float)real;
        return true;
    case FIELD_INT:
        *(int *)to = (int)json_integer_value(value);
        return json_is_integer(value) && json_integer_value(value) == *(int *)to;
    case FIELD_INT64:
        *(int64_t *)to = json_integer_value(value);
        return json_is_integer(value);
    case FIELD_UINT64:
        return read_uint64(value, to);
    case FIELD_BOOL:
        *(bool *)to = json_is_true(value);
        return json_is_boolean(value);
    case FIELD_ESTIMATE:
        return read_estimate(value, to);
    case FIELD_MAYBE:
        return json_is_null(value) || read_estimate(value, to);
    case FIELD_WORDS:
        return read_words(value, to);
    }
    return false;
}

void record_read_fields(const struct place *place, const json_t *object, const struct field *fields, void *to)
{
    if (!json_is_object(object)) {
        record_fault(place, "should be an object and is %s", type_name(object));
        return;
    }
    for (const struct field *field = fields; field->name; field++) {
        const json_t *value = json_object_get(object, field->name);
        if (!value && !field->required)
            continue;
        if (!value || !read_field(value, field->type, (char *)to + field->offset))
            record_fault(place, "\"%s\" is %s", field->name, value ? "of the wrong type or out of range" : "missing");
        else if (field->required && field->type == FIELD_TEXT && json_is_null(value))
            record_fault(place, "\"%s\" is null", field->name);
    }
}

double *record_read_numbers(const struct place *place, const json_t *object, const char *name, double least,
                            size_t *count)
{
    *count = 0;
    const json_t *array = json_object_get(object, name);
    if (!json_is_array(array)) {
        record_fault(place, "\"%s\" should be an array and is %s", name, type_name(array));
        return NULL;
    }
    size_t size = json_array_size(array);
    double *numbers = calloc(size + 1, sizeof *numbers);
    if (!numbers) {
        record_fault(place, "out of memory");
        return NULL;
    }
    for (size_t i = 0; i < size; i++) {
        const json_t *value = json_array_get(array, i);
        numbers[i] = json_number_value(value);
        if (!json_is_number(value) || !(numbers[i] >= least)) {
            record_fault(place, "\"%s\"[%zu] should be a number of %g or more", name, i, least);
            free(numbers);
            return NULL;
        }
    }
    *count = size;
    return numbers;
}

static bool about(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

void record_check_estimate(const struct place *place, const char *name, const struct estimate *stored,
                           const struct estimate *computed)
{
    if (!about(stored->median, computed->median) || !about(stored->low, computed->low) ||
        !about(stored->high, computed->high) || !about(stored->level, computed->level))
        record_fault(place, "\"%s\" is not what the samples give (%.6g)", name, computed->median);
}

static void read_samples(const struct place *place, const json_t *own, struct record_case *c)
{
    size_t samples = 0, cpu = 0, iterations = 0;
    c->samples = record_read_numbers(place, own, "samples", 1e-12, &samples); /* a picosecond: no call is faster */
    c->cpu_samples = record_read_numbers(place, own, "cpu_samples", 0, &cpu);
    double *calls = record_read_numbers(place, own, "iterations", 1, &iterations);
    c->iterations = calloc(iterations + 1, sizeof *c->iterations);
    for (size_t i = 0; calls && c->iterations && i < iterations; i++)
        c->iterations[i] = calls[i] < 1e15 ? (int64_t)calls[i] : 0;
    free(calls);
    if (!c->iterations)
        record_fault(place, "out of memory");
    else if (samples != cpu || samples != iterations)
        record_fault(place, "samples, cpu_samples and iterations differ in length (%zu, %zu, %zu)", samples, cpu,
                     iterations);
    else
        c->sample_count = samples;
}

static void read_stages(const struct place *place, const json_t *own, struct record_case *c)
{
    const json_t *stages = json_object_get(own, "stages");
    if (!json_is_array(stages) || json_array_size(stages) > MAX_LAYERS) {
        record_fault(place, "\"stages\" should be an array of at most %d", MAX_LAYERS);
        return;
    }
    c->stages = calloc(json_array_size(stages) + 1, sizeof *c->stages);
    if (!c->stages)
        record_fault(place, "out of memory");
    for (size_t i = 0; c->stages && i < json_array_size(stages); i++) {
        struct place here = *place;
        snprintf(here.path, sizeof here.path, "%.60s.stages[%zu]", place->path, i);
        const char *name = json_string_value(json_object_get(json_array_get(stages, i), "name"));
        if (!name)
            record_fault(&here, "\"name\" is missing");
        snprintf(c->stages[i].name, sizeof c->stages[i].name, "%s", name ? name : "");
        record_read_fields(&here, json_array_get(stages, i), record_stage_fields, &c->stages[i]);
        c->stage_count++;
    }
}

void record_read_problem(const struct place *place, const json_t *own, struct attention_problem *to)
{
    struct place here = *place;
    snprintf(here.path, sizeof here.path, "%.60s.problem", place->path);
    const json_t *problem = json_object_get(own, "problem");
    size_t before = place->diags->errors;
    record_read_fields(&here, problem, record_problem_fields, to);
    const char *dtype = json_string_value(json_object_get(problem, "dtype"));
    int known = -1;
    for (int d = DTYPE_F32; d <= DTYPE_F16; d++)
        if (dtype && strcmp(dtype, dtype_name((enum dtype)d)) == 0)
            known = d;
    if (known < 0)
        record_fault(&here, "\"dtype\" is not f32, bf16 or f16");
    else
        to->dtype = (enum dtype)known;
    struct diags problems = {0};
    if (place->diags->errors == before && attention_check(to, &problems) != STATUS_OK)
        for (size_t i = 0; i < problems.count; i++)
            record_fault(&here, "%s", problems.items[i].what ? problems.items[i].what : "not a valid problem");
    diags_free(&problems);
}

static void read_case(struct place *place, const json_t *own, struct record *record)
{
    size_t before = place->diags->errors;
    struct record_case *c = record_add(record);
    if (!c) {
        record_fault(place, "out of memory");
        return;
    }
    record_read_fields(place, own, record_case_fields, c);
    if (place->diags->errors > before)
        return;
    record_read_problem(place, own, &c->problem);
    read_samples(place, own, c);
    read_stages(place, own, c);
    if (!c->failed && c->sample_count == 0 && !record->incomplete && !record->rehearsal)
        record_fault(place, "has neither samples nor an error");
    if (c->threads < 1)
        record_fault(place, "\"threads\" is %d", c->threads);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Keys are what a deck names: each stands once. Sorted, since a hostile record may hold very many. */
static void check_keys(struct place *place, const struct record *record)
{
    const char **keys = calloc(record->case_count + 1, sizeof *keys);
    snprintf(place->path, sizeof place->path, "benchmarks");
    if (!keys)
        record_fault(place, "out of memory");
    for (size_t i = 0; keys && i < record->case_count; i++)
        keys[i] = record->cases[i].key;
    if (keys)
        qsort(keys, record->case_count, sizeof *keys, by_key);
    for (size_t i = 1; keys && i < record->case_count; i++)
        if (strcmp(keys[i - 1], keys[i]) == 0)
            record_fault(place, "the key %.200s stands twice", keys[i]);
    free(keys);
}

static void read_caches(struct place *place, const json_t *caches, struct machine *machine)
{
    for (size_t i = 0; i < json_array_size(caches) && i < MACHINE_CACHES; i++) {
        const json_t *from = json_array_get(caches, i);
        struct machine_cache *cache = &machine->caches[machine->cache_count++];
        const char *type = json_string_value(json_object_get(from, "type"));
        snprintf(cache->type, sizeof cache->type, "%s", type ? type : "");
        cache->level = (int)json_integer_value(json_object_get(from, "level"));
        cache->size = json_integer_value(json_object_get(from, "size"));
        cache->num_sharing = (int)json_integer_value(json_object_get(from, "num_sharing"));
        if (!type || cache->level < 1 || cache->size < 1)
            record_fault(place, "caches[%zu] is not a cache", i);
    }
}

static void read_context(struct place *place, const json_t *context, struct record *record)
{
    snprintf(place->path, sizeof place->path, "context");
    const json_t *own = json_object_get(context, "flashdeck");
    if (!json_is_object(own)) {
        record_fault(place, "there is no \"flashdeck\" object: this record was not written by flashdeck");
        return;
    }
    json_int_t schema = json_integer_value(json_object_get(own, "schema"));
    if (schema < 1 || schema > RECORD_SCHEMA) {
        record_fault(place, "schema %lld is not one that this program reads (1 to %d)", (long long)schema,
                     RECORD_SCHEMA);
        return;
    }
    if (!read_text(json_object_get(context, "date"), &record->date) || !record->date)
        record_fault(place, "\"date\" is missing");
    read_text(json_object_get(context, "executable"), &record->executable);
    read_caches(place, json_object_get(context, "caches"), &record->machine);
    snprintf(place->path, sizeof place->path, "context.flashdeck");
    record_read_fields(place, own, record_context_fields, record);
    snprintf(place->path, sizeof place->path, "context.flashdeck.machine");
    const json_t *machine = json_object_get(own, "machine"), *gpu = json_object_get(machine, "gpu");
    record_read_fields(place, machine, record_machine_fields, &record->machine);
    snprintf(place->path, sizeof place->path, "context.flashdeck.machine.gpu");
    if (gpu && !json_is_null(gpu))
        record_read_fields(place, gpu, record_gpu_fields, &record->machine.gpu);
}

enum status record_parse(const char *bytes, size_t length, const char *name, struct record *record, struct diags *diags)
{
    *record = (struct record){0};
    size_t before = diags->errors;
    json_error_t error;
    if (length == 0) {
        diags_error(diags, name, 0, remedy, "this record is empty");
        return STATUS_BAD_INPUT;
    }
    json_t *whole = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
    if (!whole) {
        diags_error(diags, name, error.line, remedy, "not JSON: %s", error.text);
        return STATUS_BAD_INPUT;
    }
    struct place place = {.file = name, .diags = diags, .before = before};
    const json_t *rows = json_object_get(whole, "benchmarks");
    read_context(&place, json_object_get(whole, "context"), record);
    if (diags->errors == before && !json_is_array(rows)) {
        snprintf(place.path, sizeof place.path, "benchmarks");
        record_fault(&place, "should be an array and is %s", type_name(rows));
    }
    for (size_t i = 0; diags->errors == before && i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i), *own = json_object_get(row, "flashdeck");
        snprintf(place.path, sizeof place.path, "benchmarks[%zu]", i);
        if (!json_is_object(row))
            record_fault(&place, "should be an object and is %s", type_name(row));
        snprintf(place.path, sizeof place.path, "benchmarks[%zu].flashdeck", i);
        if (own)
            read_case(&place, own, record);
    }
    if (diags->errors == before)
        check_keys(&place, record);
    if (diags->errors == before)
        record_read_counts(&place, json_object_get(whole, "counts"), record);
    if (diags->errors == before)
        record_read_tradeoffs(&place, json_object_get(whole, "tradeoffs"), record);
    if (diags->errors == before)
        record_read_modernberts(&place, json_object_get(whole, "modernbert"), record);
    if (diags->errors == before)
        record_read_efficiency(&place, json_object_get(whole, "efficiency"), record);
    json_decref(whole);
    record->path = strdup(name);
    if (!record->path)
        record_fault(&place, "out of memory");
    if (diags->errors == before)
        return STATUS_OK;
    record_free(record);
    return STATUS_BAD_INPUT;
}

enum status record_read(const char *path, struct record *record, struct diags *diags)
{
    enum status status = record_read_any(path, record, diags);
    if (status != STATUS_OK || !record->rehearsal)
        return status;
    record_free(record);
    diags_error(diags, path, 0, "Measure on a machine with a GPU: scripts/gpu_check.sh.",
                "this record is a rehearsal: nothing in it was measured");
    return STATUS_BAD_INPUT;
}

enum status record_read_any(const char *path, struct record *record, struct diags *diags)
{
    char *bytes;
    size_t length;
    *record = (struct record){0};
    enum status status = file_read(path, LARGEST, &bytes, &length, diags);
    if (status == STATUS_OK)
        status = record_parse(bytes, length, path, record, diags);
    free(bytes);
    return status;
}
