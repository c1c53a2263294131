/* metric.c - the way from a key to its value, and what is said when there is none. */
#include "harness/metric.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "harness/fit.h"
#include "harness/metric_counted.h"
#include "harness/metric_key.h"
#include "harness/metric_study.h"
#include "harness/metric_table.h"
#include "kernels/kernel.h"

/* What is being looked up, and where faults go. */
struct lookup {
    const struct record *const *records;
    size_t record_count;
    const char *key;
    bool allow_stale;
    const char *file;
    int line;
    struct diags *diags;
};

static enum status refuse(const struct lookup *look, char *remedy, const char *what)
{
    diags_error(look->diags, look->file, look->line, remedy, "%s: %s", look->key, what);
    free(remedy);
    return STATUS_BAD_INPUT;
}

static size_t shared_segments(const char *key, const struct parsed_key *parsed)
{
    size_t shared = 0;
    for (size_t i = 0; i < parsed->count; i++)
        shared += key_has(key, parsed->segments[i]);
    return shared;
}

/* The keys that share most segments with the one wanted, in words; NULL when none shares any. */
static char *nearest_keys(const struct lookup *look, const struct parsed_key *parsed)
{
    size_t count = 0, capacity = 0, most = 1;
    for (size_t r = 0; r < look->record_count; r++)
        capacity += look->records[r]->case_count;
    const char **names = calloc(capacity + 1, sizeof *names);
    for (size_t r = 0; names && r < look->record_count; r++)
        for (size_t c = 0; c < look->records[r]->case_count; c++) {
            const char *key = look->records[r]->cases[c].key;
            size_t shared = shared_segments(key, parsed);
            count = shared > most ? 0 : count;
            most = shared > most ? shared : most;
            if (shared == most)
                names[count++] = key;
        }
    /* Few segments against whole keys would all look far: the first of them, with the kernel that was wanted. */
    char *near = NULL, *wanted = NULL;
    if (names && count > 0 && asprintf(&wanted, "%s%s", parsed->segments[0], names[0] + strcspn(names[0], ".")) > 0)
        near = nearest_sentence(wanted, names, count, 3);
    free(wanted);
    free(names);
    return near;
}

static enum status refuse_missing(const struct lookup *look, const struct parsed_key *parsed)
{
    char *near = nearest_keys(look, parsed), *command = key_command(parsed), *remedy = NULL;
    if (!command) {
        const char *kernels[64];
        size_t count = 0;
        for (; count < kernel_count && count < 64; count++)
            kernels[count] = kernel_table[count]->name;
        command = nearest_sentence(parsed->segments[0], kernels, count, 2);
    }
    if (asprintf(&remedy, "%s%s%s", near ? near : "", near ? " " : "", command ? command : "") < 0)
        remedy = NULL;
    free(near);
    free(command);
    return refuse(look, remedy, "no record holds this result");
}

/* The segments of `one` that `other` lacks, joined by dots. */
static void add_difference(struct text *words, const char *one, const char *other)
{
    char *copy = strdup(one), *rest = copy, *segment;
    const char *joint = "";
    while (copy && (segment = strsep(&rest, ".")) != NULL)
        if (!key_has(other, segment)) {
            text_format(words, "%s%s", joint, segment);
            joint = ".";
        }
    free(copy);
}

static enum status refuse_ambiguous(const struct lookup *look, const struct record *first, const char *one,
                                    const struct record *second, const char *other)
{
    struct text remedy = {0};
    if (strcmp(one, other) == 0) {
        text_format(&remedy, "Name only one of the records: %s stands in %s and in %s.", one, first->path,
                    second->path);
        return refuse(look, text_take(&remedy), "two records hold this result");
    }
    text_add(&remedy, "Name what tells them apart: ");
    add_difference(&remedy, one, other);
    text_add(&remedy, " or ");
    add_difference(&remedy, other, one);
    text_format(&remedy, " (%s, %s).", one, other);
    return refuse(look, text_take(&remedy), "several results match");
}

/* The one case that matches, over all records. */
static enum status find_case(const struct lookup *look, const struct parsed_key *parsed, const struct record **record,
                             const struct record_case **found)
{
    *found = NULL;
    for (size_t r = 0; r < look->record_count; r++)
        for (size_t i = 0; i < look->records[r]->case_count; i++) {
            const struct record_case *c = &look->records[r]->cases[i];
            if (!key_matches(c->key, parsed->segments, parsed->count))
                continue;
            if (*found)
                return refuse_ambiguous(look, *record, (*found)->key, look->records[r], c->key);
            *found = c;
            *record = look->records[r];
        }
    if (!*found)
        return refuse_missing(look, parsed);
    if ((*found)->failed) {
        char what[320];
        snprintf(what, sizeof what, "this case failed: %.280s",
                 (*found)->error ? (*found)->error : "no reason recorded");
        return refuse(look, key_command(parsed), what);
    }
    if ((*found)->sample_count > 0 && (look->allow_stale || record_case_finished(*found)))
        return STATUS_OK;
    char *remedy = NULL;
    if (asprintf(&remedy, "Finish it: flashdeck bench --resume=%s", (*record)->path ? (*record)->path : "FILE") < 0)
        remedy = NULL;
    return refuse(look, remedy, "the measurement was interrupted before this case was finished");
}

/* The sources that measured it are not those of this program. */
static enum status check_fresh(const struct lookup *look, const struct record *record)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a case that was found has its record */
    if (look->allow_stale || strcmp(record->machine.sources, build_sources()) == 0)
        return STATUS_OK;
    return refuse(look, strdup("Measure again, or pass --allow-stale to show it all the same."),
                  "stale: the kernels or the harness have changed since this was measured");
}

static enum status stage_value(const struct lookup *look, const struct parsed_key *parsed, const struct record_case *c,
                               struct value *value)
{
    const struct record_stage *stage = NULL;
    const char *names[MAX_LAYERS];
    for (size_t i = 0; i < c->stage_count; i++) {
        names[i] = c->stages[i].name;
        if (strcmp(names[i], parsed->stage) == 0)
            stage = &c->stages[i];
    }
    if (!stage)
        return refuse(look, nearest_sentence(parsed->stage, names, c->stage_count, 3), "there is no such stage");
    if (metric_of_stage(stage, parsed->metric, value))
        return STATUS_OK;
    return refuse(look, strdup("A stage has time, flops, bytes, bytes_read, bytes_written."),
                  "there is no such metric of a stage");
}

static enum status case_value(const struct lookup *look, const struct parsed_key *parsed, const struct record_case *c,
                              struct value *value)
{
    if (metric_of_case(c, parsed->metric, value))
        return STATUS_OK;
    size_t count;
    const char *const *names = metric_names(&count);
    char *near = nearest_sentence(parsed->metric, names, count, 3);
    return refuse(look, near ? near : strdup("`flashdeck deck --help` lists the metrics."), "there is no such metric");
}

static const char *const fit_source = "least squares of log time on log N, over all lengths from 512 on";
_Static_assert(FIT_SHORTEST == 512, "the words name it");

static enum status fit_value(const struct lookup *look, const struct parsed_key *parsed, struct value *value)
{
    enum status status = STATUS_OK;
    bool found = false;
    for (size_t r = 0; r < look->record_count && status == STATUS_OK; r++) {
        struct scaling_fit *fits;
        size_t count;
        status = scaling_fits(look->records[r], &fits, &count, look->diags);
        for (size_t i = 0; i < count && status == STATUS_OK; i++) {
            if (!key_matches(fits[i].key, parsed->segments + 1, parsed->count - 1))
                continue;
            if (found)
                status = refuse(look, strdup("Name the mask, d or threads as well."), "several fits match");
            found = true;
            value->number = fits[i].power.exponent;
            value->low = fits[i].power.low;
            value->high = fits[i].power.high;
            value->record = look->records[r];
            value->from = fits[i].cases[fits[i].count - 1];
            value->samples = 0;
            for (size_t c = 0; c < fits[i].count; c++)
                value->samples += fits[i].cases[c]->sample_count;
        }
        scaling_fits_free(fits, count);
    }
    value->unit = UNIT_NONE;
    value->kind = KIND_MEASURED;
    value->source = fit_source;
    if (status == STATUS_OK && strcmp(parsed->metric, "exponent") != 0)
        return refuse(look, strdup("A fit has an exponent."), "there is no such metric of a fit");
    if (status == STATUS_OK && !found)
        return refuse(look, strdup("A fit needs three lengths from 512 on: flashdeck bench -a N=512,1024,2048,4096."),
                      "no record holds enough lengths for this fit");
    return status == STATUS_OK ? check_fresh(look, value->record) : status;
}

static enum status machine_metric(const struct lookup *look, const struct parsed_key *parsed, struct value *value)
{
    if (look->record_count == 0)
        return refuse(look, strdup("Name a record with --record."), "there is no record to ask about its machine");
    if (parsed->count != 1 || !metric_of_machine(&look->records[0]->machine, parsed->metric, value))
        return refuse(look,
                      strdup("machine. has cpu, isa, system, blas, cpus, memory, l1, l2, l3, fma_peak, "
                             "fma_peak_1, copy, copy_1."),
                      "there is no such fact of the machine");
    value->record = look->records[0];
    for (size_t r = 1; r < look->record_count; r++) {
        const struct machine *other = &look->records[r]->machine;
        if (strcmp(other->cpu_name, value->record->machine.cpu_name) != 0)
            return refuse(look, strdup("Name only one of the records."), "the records are of several machines");
    }
    bool known = value->unit == UNIT_TEXT ? value->words != NULL : value->number > 0;
    if (!known)
        return refuse(look, strdup("Leave this fact out, or measure on a machine that tells it."),
                      "the record's machine does not tell this");
    return STATUS_OK;
}

static enum status counted_value(const struct lookup *look, const struct parsed_key *parsed, struct value *value)
{
    const char *what;
    char *remedy;
    const struct record *record = NULL;
    const struct record_counted *counted =
        metric_find_counted(look->records, look->record_count, parsed, &record, &what, &remedy);
    if (!counted)
        return refuse(look, remedy, what);
    enum status status = check_fresh(look, record);
    if (status == STATUS_OK && !metric_of_counted(counted, parsed->stage, parsed->metric, value))
        status = refuse(look, strdup("`flashdeck count` shows the stages and what was counted of each."),
                        "there is no such stage, or this was not counted");
    value->record = record;
    value->counted = counted;
    return status;
}

static enum status study_value(const struct lookup *look, const struct parsed_key *parsed, struct value *value)
{
    const char *what;
    char *remedy;
    if (!metric_of_study(look->records, look->record_count, parsed, value, &what, &remedy))
        return refuse(look, remedy, what);
    return check_fresh(look, value->record);
}

static enum status find(const struct lookup *look, const struct parsed_key *parsed, struct value *value)
{
    if (strcmp(parsed->segments[0], "machine") == 0)
        return machine_metric(look, parsed, value);
    if (strcmp(parsed->segments[0], "fit") == 0)
        return fit_value(look, parsed, value);
    if (metric_is_study(parsed->segments[0]))
        return study_value(look, parsed, value);
    if (metric_is_counted(parsed->metric))
        return counted_value(look, parsed, value);
    const struct record *record = NULL;
    const struct record_case *c = NULL;
    enum status status = find_case(look, parsed, &record, &c);
    if (status == STATUS_OK)
        status = check_fresh(look, record);
    if (status != STATUS_OK)
        return status;
    value->record = record;
    value->from = c;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a status of OK means that it was found */
    value->samples = c->sample_count;
    return parsed->stage ? stage_value(look, parsed, c, value) : case_value(look, parsed, c, value);
}

enum status metric_find(const struct record *const *records, size_t record_count, const char *key, bool allow_stale,
                        const char *file, int line, struct value *value, struct diags *diags)
{
    struct lookup look = {records, record_count, key, allow_stale, file, line, diags};
    struct parsed_key parsed;
    *value = (struct value){0};
    enum status status;
    if (key_parse(key, &parsed))
        status = find(&look, &parsed, value);
    else
        status = refuse(&look, strdup("A key reads flash.n4096.d64.causal.time."), "this is not a key");
    if (status == STATUS_OK && value->unit != UNIT_TEXT && !isfinite(value->number))
        status = refuse(&look, strdup("Measure again."), "the record holds no finite number here");
    free(parsed.text);
    return status;
}

static int by_length(const void *a, const void *b)
{
    int64_t x = (*(const struct record_case *const *)a)->problem.len_kv;
    int64_t y = (*(const struct record_case *const *)b)->problem.len_kv;
    return (x > y) - (x < y);
}

enum status metric_cases(const struct record *record, const char *segments, const struct record_case ***cases,
                         size_t *count, struct diags *diags)
{
    struct parsed_key parsed = {.text = strdup(segments)};
    char *rest = parsed.text, *part;
    *cases = calloc(record->case_count + 1, sizeof **cases);
    *count = 0;
    while (parsed.text && (part = strsep(&rest, ".")) != NULL && parsed.count < 24)
        parsed.segments[parsed.count++] = part;
    for (size_t i = 0; *cases && i < record->case_count; i++) {
        const struct record_case *c = &record->cases[i];
        bool good = !c->failed && record_case_finished(c) && c->sample_count > 0;
        if (good && key_matches(c->key, parsed.segments, parsed.count))
            (*cases)[(*count)++] = c;
    }
    free(parsed.text);
    if (!*cases) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    qsort(*cases, *count, sizeof **cases, by_length);
    return STATUS_OK;
}
