/* record_write.c - the record as JSON: Google Benchmark's rows, and our own facts beside them. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "harness/record_json.h"
#include "harness/stats.h"

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* What is not UTF-8 (a host's name, a command line) is shown by its ASCII part. */
static json_t *words(const char *text)
{
    json_t *string = text ? json_string(text) : json_null();
    char *plain = string || !text ? NULL : strdup(text);
    for (char *at = plain; at && *at; at++)
        *at = (unsigned char)*at < 0x80 ? *at : '?';
    if (plain)
        string = json_string(plain);
    free(plain);
    return string;
}

static json_t *estimate_json(const struct estimate *estimate)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "median", number(estimate->median), "low", number(estimate->low), "high",
                     number(estimate->high), "level", number(estimate->level));
}

static json_t *field_json(const struct field *field, const void *from)
{
    const void *at = (const char *)from + field->offset;
    char digits[24];
    switch (field->type) {
    case FIELD_TEXT:
        return words(*(char *const *)at);
    case FIELD_NUMBER:
        return number(*(const double *)at);
    case FIELD_FLOAT:
        return number((double)*(const float *)at);
    case FIELD_INT:
        return json_integer(*(const int *)at);
    case FIELD_INT64:
        return json_integer((json_int_t) * (const int64_t *)at);
    case FIELD_UINT64:
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)*(const uint64_t *)at);
        return json_string(digits);
    case FIELD_BOOL:
        return json_boolean(*(const bool *)at);
    case FIELD_ESTIMATE:
        return estimate_json(at);
    case FIELD_MAYBE:
        return ((const struct estimate *)at)->level > 0 ? estimate_json(at) : json_null();
    case FIELD_WORDS:
        return words(*(const char *)at ? at : NULL);
    }
    return NULL;
}

json_t *record_fields_json(const struct field *fields, const void *from)
{
    json_t *object = json_object();
    for (const struct field *field = fields; field->name; field++)
        json_object_set_new(object, field->name, field_json(field, from));
    return object;
}

json_t *record_problem_json(const struct attention_problem *problem)
{
    json_t *json = record_fields_json(record_problem_fields, problem);
    json_object_set_new(json, "dtype", json_string(dtype_name(problem->dtype)));
    return json;
}

json_t *record_numbers_json(const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, number(values[i]));
    return array;
}

static json_t *own_case(const struct record_case *c)
{
    json_t *own = record_fields_json(record_case_fields, c), *iterations = json_array(), *stages = json_array();
    json_object_set_new(own, "problem", record_problem_json(&c->problem));
    json_object_set_new(own, "flops_convention", json_string("4 * head_dim * kept pairs, softmax not counted"));
    json_object_set_new(own, "samples", record_numbers_json(c->samples, c->sample_count));
    json_object_set_new(own, "cpu_samples", record_numbers_json(c->cpu_samples, c->sample_count));
    for (size_t i = 0; i < c->sample_count; i++)
        json_array_append_new(iterations, json_integer(c->iterations[i]));
    json_object_set_new(own, "iterations", iterations);
    for (size_t i = 0; i < c->stage_count; i++) {
        json_t *stage = record_fields_json(record_stage_fields, &c->stages[i]);
        json_object_set_new(stage, "name", json_string(c->stages[i].name));
        json_array_append_new(stages, stage);
    }
    json_object_set_new(own, "stages", stages);
    return own;
}

/* What every row of a case has. */
static json_t *row_start(const struct record_case *c, size_t family, const char *name, const char *run_type)
{
    return json_pack("{s:s, s:i, s:i, s:s, s:s, s:i, s:i}", "name", name, "family_index", (int)family,
                     "per_family_instance_index", 0, "run_name", c->name, "run_type", run_type, "repetitions",
                     (int)c->sample_count, "threads", c->threads);
}

static void add_times(json_t *row, double real, double cpu)
{
    json_object_set_new(row, "real_time", number(real * 1e9));
    json_object_set_new(row, "cpu_time", number(cpu * 1e9));
    json_object_set_new(row, "time_unit", json_string("ns"));
}

static void add_counters(json_t *row, const struct record_case *c, double seconds)
{
    json_object_set_new(row, "flops", number(c->flops / seconds));
    json_object_set_new(row, "bytes_per_second", number(c->bytes / seconds));
    json_object_set_new(row, "roof_share", number(c->flops / seconds / c->roof_flops));
    json_object_set_new(row, "label", json_string(c->title));
}

struct aggregate {
    const char *name, *unit;
    double (*of)(const double *, size_t);
};

static double mean(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static double deviation(const double *x, size_t n)
{
    double middle = mean(x, n), squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - middle) * (x[i] - middle);
    return n > 1 ? sqrt(squares / (double)(n - 1)) : 0;
}

static double variation(const double *x, size_t n)
{
    return deviation(x, n) / mean(x, n);
}

static const struct aggregate aggregates[] = {{"mean", "time", mean},
                                              {"median", "time", stats_median},
                                              {"stddev", "time", deviation},
                                              {"cv", "percentage", variation}};

static void add_aggregates(json_t *rows, const struct record_case *c, size_t family)
{
    for (size_t a = 0; a < sizeof aggregates / sizeof aggregates[0]; a++) {
        char name[512];
        snprintf(name, sizeof name, "%s_%s", c->name, aggregates[a].name);
        json_t *row = row_start(c, family, name, "aggregate");
        double real = aggregates[a].of(c->samples, c->sample_count);
        double cpu = aggregates[a].of(c->cpu_samples, c->sample_count);
        json_object_set_new(row, "aggregate_name", json_string(aggregates[a].name));
        json_object_set_new(row, "aggregate_unit", json_string(aggregates[a].unit));
        json_object_set_new(row, "iterations", json_integer((json_int_t)c->sample_count));
        /* Google writes a coefficient of variation as a plain number in the time fields. */
        double unit = a == 3 ? 1e-9 : 1;
        add_times(row, real * unit, cpu * unit);
        json_array_append_new(rows, row);
    }
}

static const char *why_no_time(const struct record_case *c)
{
    bool rehearsed = c->stop_reason && strcmp(c->stop_reason, "rehearsal") == 0;
    return rehearsed ? "a rehearsal: verified, never measured" : "not measured yet";
}

static void add_case(json_t *rows, const struct record_case *c, size_t family)
{
    if (c->failed || c->sample_count == 0) {
        json_t *row = row_start(c, family, c->name, "iteration");
        json_object_set_new(row, "repetition_index", json_integer(0));
        json_object_set_new(row, "iterations", json_integer(0));
        json_object_set_new(row, "error_occurred", json_true());
        json_object_set_new(row, "error_message", words(c->failed ? c->error : why_no_time(c)));
        add_times(row, 0, 0);
        json_object_set_new(row, "flashdeck", own_case(c));
        json_array_append_new(rows, row);
        return;
    }
    for (size_t i = 0; i < c->sample_count; i++) {
        json_t *row = row_start(c, family, c->name, "iteration");
        json_object_set_new(row, "repetition_index", json_integer((json_int_t)i));
        json_object_set_new(row, "iterations", json_integer(c->iterations[i]));
        add_times(row, c->samples[i], c->cpu_samples[i]);
        add_counters(row, c, c->samples[i]);
        if (i == 0)
            json_object_set_new(row, "flashdeck", own_case(c));
        json_array_append_new(rows, row);
    }
    add_aggregates(rows, c, family);
}

static json_t *context_json(const struct record *record)
{
    const struct machine *m = &record->machine;
    json_t *caches = json_array(), *own = record_fields_json(record_context_fields, record);
    for (int i = 0; i < m->cache_count; i++)
        json_array_append_new(caches, json_pack("{s:s, s:i, s:I, s:i}", "type", m->caches[i].type, "level",
                                                m->caches[i].level, "size", (json_int_t)m->caches[i].size,
                                                "num_sharing", m->caches[i].num_sharing));
    json_object_set_new(own, "schema", json_integer(RECORD_SCHEMA));
    json_t *machine = record_fields_json(record_machine_fields, m);
    json_object_set_new(machine, "gpu", m->gpu.name[0] ? record_fields_json(record_gpu_fields, &m->gpu) : json_null());
    json_object_set_new(own, "machine", machine);
    json_t *context = json_object();
    json_object_set_new(context, "date", words(record->date));
    json_object_set_new(context, "host_name", words(m->host_name));
    json_object_set_new(context, "executable", words(record->executable));
    json_object_set_new(context, "num_cpus", json_integer(m->num_cpus));
    json_object_set_new(context, "mhz_per_cpu", json_integer(isfinite(m->mhz) ? (json_int_t)m->mhz : 0));
    json_object_set_new(context, "cpu_scaling_enabled", json_boolean(m->scaling));
    json_object_set_new(context, "caches", caches);
    json_object_set_new(context, "load_avg", record_numbers_json(m->load, 3));
    json_object_set_new(context, "library_build_type", words(m->build_type));
    json_object_set_new(context, "json_schema_version", json_integer(1));
    json_object_set_new(context, "flashdeck", own);
    return context;
}

enum status record_write(const struct record *record, const char *path, struct diags *diags)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < record->case_count; i++)
        add_case(rows, &record->cases[i], i);
    json_t *whole = json_pack("{s:o, s:o}", "context", context_json(record), "benchmarks", rows);
    if (record->counted_count)
        json_object_set_new(whole, "counts", record_counts_json(record));
    if (record->tradeoff_count)
        json_object_set_new(whole, "tradeoffs", record_tradeoffs_json(record));
    if (record->modernbert_count)
        json_object_set_new(whole, "modernbert", record_modernberts_json(record));
    if (record->efficiency_count)
        json_object_set_new(whole, "efficiency", record_efficiency_json(record));
    char *bytes = whole ? json_dumps(whole, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(whole);
    if (!bytes) {
        diags_error(diags, path, 0, NULL, "out of memory while the record was written");
        return STATUS_NO_MEMORY;
    }
    enum status status = file_write(path, bytes, strlen(bytes), diags);
    free(bytes);
    return status;
}
