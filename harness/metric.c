/* metric.c - the tables of what a key can ask for, and the way from a key to its value. */
#include "harness/metric.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "harness/fit.h"
#include "kernels/kernel.h"

static const char *const unit_names[] = {[UNIT_NONE] = "number", [UNIT_SECONDS] = "seconds",
                                         [UNIT_BYTES] = "bytes", [UNIT_BYTES_PER_SECOND] = "bytes/s",
                                         [UNIT_FLOPS] = "FLOPs", [UNIT_FLOPS_PER_SECOND] = "FLOP/s",
                                         [UNIT_HERTZ] = "hertz", [UNIT_TOKENS] = "tokens",
                                         [UNIT_SHARE] = "share", [UNIT_TEXT] = "words"};
static const char *const kind_names[] = {[KIND_MEASURED] = "measured",
                                         [KIND_COUNTED] = "counted",
                                         [KIND_COMPUTED] = "computed",
                                         [KIND_PUBLISHED] = "published"};

const char *unit_name(enum unit unit)
{
    return unit_names[unit];
}

const char *kind_name(enum kind kind)
{
    return kind_names[kind];
}

/* A number over the time, and its interval: the longer the time, the smaller the rate. */
static struct estimate over(double amount, const struct estimate *seconds)
{
    return (struct estimate){amount / seconds->median, amount / seconds->high, amount / seconds->low, seconds->level};
}

static struct estimate exact(double number)
{
    return (struct estimate){number, number, number, 1};
}

static struct estimate time_of(const struct record_case *c)
{
    return c->seconds;
}

static struct estimate flops_of(const struct record_case *c)
{
    return exact(c->flops);
}

static struct estimate bytes_of(const struct record_case *c)
{
    return exact(c->bytes);
}

static struct estimate rate_of(const struct record_case *c)
{
    return over(c->flops, &c->seconds);
}

static struct estimate bandwidth_of(const struct record_case *c)
{
    return over(c->bytes, &c->seconds);
}

static struct estimate roof_of(const struct record_case *c)
{
    return over(c->flops / c->roof_flops, &c->seconds);
}

static struct estimate workspace_of(const struct record_case *c)
{
    return exact(c->workspace);
}

static struct estimate peak_of(const struct record_case *c)
{
    return exact(c->peak_memory);
}

static struct estimate error_of(const struct record_case *c)
{
    return exact(c->max_error);
}

static struct estimate tolerance_of(const struct record_case *c)
{
    return exact(c->tolerance);
}

static struct estimate pairs_of(const struct record_case *c)
{
    return exact(c->flops / 4.0 / (double)c->problem.head_dim);
}

static struct estimate samples_of(const struct record_case *c)
{
    return exact((double)c->sample_count);
}

static struct estimate spread_of(const struct record_case *c)
{
    return exact(c->spread);
}

static const struct {
    const char *name;
    enum unit unit;
    enum kind kind;
    struct estimate (*of)(const struct record_case *);
    const char *source; /* of what is computed: the formula in words */
} case_metrics[] = {
    {"time", UNIT_SECONDS, KIND_MEASURED, time_of, NULL},
    {"gflops", UNIT_FLOPS_PER_SECOND, KIND_MEASURED, rate_of, NULL},
    {"bandwidth", UNIT_BYTES_PER_SECOND, KIND_MEASURED, bandwidth_of, NULL},
    {"roof", UNIT_SHARE, KIND_MEASURED, roof_of, NULL},
    {"spread", UNIT_SHARE, KIND_MEASURED, spread_of, NULL},
    {"peak_memory", UNIT_BYTES, KIND_MEASURED, peak_of, NULL},
    {"max_error", UNIT_NONE, KIND_MEASURED, error_of, NULL},
    {"tolerance", UNIT_NONE, KIND_MEASURED, tolerance_of, NULL},
    {"samples", UNIT_NONE, KIND_MEASURED, samples_of, NULL},
    {"flops", UNIT_FLOPS, KIND_COMPUTED, flops_of, "4 x head_dim x pairs that the mask keeps"},
    {"pairs", UNIT_NONE, KIND_COMPUTED, pairs_of, "query-key pairs that the mask keeps, over all heads"},
    {"bytes", UNIT_BYTES, KIND_COMPUTED, bytes_of, "Q, K, V read once, O and log-sum-exp written once"},
    {"workspace", UNIT_BYTES, KIND_COMPUTED, workspace_of, "scratch memory that the kernel asks for"},
};
enum { CASE_METRICS = sizeof case_metrics / sizeof case_metrics[0] };

static const char *const stage_source = "the matrices that the stage reads and writes, by their sizes";

/* The size of the first data or unified cache of a level; NaN when the system tells none. */
static double cache_size(const struct machine *machine, int level)
{
    for (int i = 0; i < machine->cache_count; i++)
        if (machine->caches[i].level == level && strcmp(machine->caches[i].type, "Instruction") != 0)
            return (double)machine->caches[i].size;
    return NAN;
}

static const char *const system_source = "as reported by the system";

/* machine.NAME; false when there is no such name. */
static bool machine_value(const struct machine *m, const char *name, struct value *value)
{
    const struct {
        const char *name;
        enum unit unit;
        double number;
        const char *words;
        bool probed;
    } facts[] = {
        {"cpu", UNIT_TEXT, 0, m->cpu_name, false},
        {"isa", UNIT_TEXT, 0, m->isa, false},
        {"system", UNIT_TEXT, 0, m->system, false},
        {"blas", UNIT_TEXT, 0, m->blas, false},
        {"cpus", UNIT_NONE, m->num_cpus, NULL, false},
        {"memory", UNIT_BYTES, (double)m->memory, NULL, false},
        {"l1", UNIT_BYTES, cache_size(m, 1), NULL, false},
        {"l2", UNIT_BYTES, cache_size(m, 2), NULL, false},
        {"l3", UNIT_BYTES, cache_size(m, 3), NULL, false},
        {"fma_peak", UNIT_FLOPS_PER_SECOND, m->fma_peak, NULL, true},
        {"fma_peak_1", UNIT_FLOPS_PER_SECOND, m->fma_peak_1, NULL, true},
        {"copy", UNIT_BYTES_PER_SECOND, m->copy, NULL, true},
        {"copy_1", UNIT_BYTES_PER_SECOND, m->copy_1, NULL, true},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (strcmp(facts[i].name, name) == 0) {
            *value = (struct value){.number = facts[i].number,
                                    .low = facts[i].number,
                                    .high = facts[i].number,
                                    .words = facts[i].words,
                                    .unit = facts[i].unit,
                                    .kind = facts[i].probed ? KIND_MEASURED : KIND_PUBLISHED,
                                    .source = facts[i].probed ? NULL : system_source};
            return true;
        }
    return false;
}

static const char *const all_names[] = {"time",      "gflops",     "bandwidth",     "roof",    "spread", "peak_memory",
                                        "max_error", "tolerance",  "samples",       "flops",   "pairs",  "bytes",
                                        "workspace", "bytes_read", "bytes_written", "exponent"};

const char *const *metric_names(size_t *count)
{
    *count = sizeof all_names / sizeof all_names[0];
    return all_names;
}

/* A key, taken apart: SEGMENTS [.stage.NAME] .METRIC. The parts point into `text`. */
struct parsed_key {
    char *text;
    const char *segments[24];
    size_t count;
    const char *stage, *metric;
};

static bool parse_key(const char *key, struct parsed_key *parsed)
{
    *parsed = (struct parsed_key){.text = strdup(key)};
    if (!parsed->text)
        return false;
    char *rest = parsed->text, *part;
    while ((part = strsep(&rest, ".")) != NULL) {
        if (*part == '\0' || parsed->count == sizeof parsed->segments / sizeof parsed->segments[0])
            return false;
        parsed->segments[parsed->count++] = part;
    }
    if (parsed->count < 2)
        return false;
    parsed->metric = parsed->segments[--parsed->count];
    if (parsed->count >= 3 && strcmp(parsed->segments[parsed->count - 2], "stage") == 0) {
        parsed->stage = parsed->segments[parsed->count - 1];
        parsed->count -= 2;
    }
    return true;
}

static bool key_has(const char *key, const char *segment)
{
    size_t length = strlen(segment);
    for (const char *at = key; at; at = strchr(at, '.')) {
        at += *at == '.';
        if (strncmp(at, segment, length) == 0 && (at[length] == '.' || at[length] == '\0'))
            return true;
    }
    return false;
}

/* The first segment is the kernel's name; all must occur. */
static bool matches(const char *key, const char *const *segments, size_t count)
{
    size_t length = count ? strlen(segments[0]) : 0;
    if (count == 0 || strncmp(key, segments[0], length) != 0 || key[length] != '.')
        return false;
    for (size_t i = 1; i < count; i++)
        if (!key_has(key, segments[i]))
            return false;
    return true;
}

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

/* The axis that a segment of digits stands for: "n4096" is N=4096. NULL when it is none. */
static const char *axis_of(const char *segment, const char **digits)
{
    static const struct {
        const char *prefix, *axis;
    } axes[] = {{"n", "N"},      {"d", "d"},         {"h", "heads"},   {"b", "batch"},
                {"l", "layers"}, {"kv", "kv_heads"}, {"t", "threads"}, {"q", "Nq"}};
    for (size_t a = 0; a < sizeof axes / sizeof axes[0]; a++) {
        size_t length = strlen(axes[a].prefix);
        *digits = segment + length;
        if (strncmp(segment, axes[a].prefix, length) == 0 && **digits &&
            strspn(*digits, "0123456789") == strlen(*digits))
            return axes[a].axis;
    }
    return NULL;
}

/* The command that would measure these segments; NULL when there is no such kernel. Fresh string. */
static char *command_for(const struct parsed_key *parsed)
{
    struct text command = {0};
    struct attention_mask mask;
    if (parsed->count == 0 || !kernel_find(parsed->segments[0], NULL))
        return NULL;
    text_format(&command, "Measure it: flashdeck bench -a kernel=%s", parsed->segments[0]);
    for (size_t i = 1; i < parsed->count; i++) {
        const char *digits, *axis = axis_of(parsed->segments[i], &digits);
        if (attention_mask_parse(parsed->segments[i], &mask))
            text_format(&command, " -a mask=%s", parsed->segments[i]);
        else if (axis)
            text_format(&command, " -a %s=%s", axis, digits);
    }
    text_add(&command, " --benchmark_out=record.json");
    return text_take(&command);
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
    char *near = nearest_keys(look, parsed), *command = command_for(parsed), *remedy = NULL;
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
            if (!matches(c->key, parsed->segments, parsed->count))
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
        return refuse(look, command_for(parsed), what);
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
    const struct {
        const char *name;
        enum unit unit;
        enum kind kind;
        struct estimate estimate;
    } metrics[] = {
        {"time", UNIT_SECONDS, KIND_MEASURED, stage->seconds},
        {"flops", UNIT_FLOPS, KIND_COMPUTED, exact(stage->flops)},
        {"bytes", UNIT_BYTES, KIND_COMPUTED, exact(stage->bytes_read + stage->bytes_written)},
        {"bytes_read", UNIT_BYTES, KIND_COMPUTED, exact(stage->bytes_read)},
        {"bytes_written", UNIT_BYTES, KIND_COMPUTED, exact(stage->bytes_written)},
    };
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        if (strcmp(metrics[i].name, parsed->metric) == 0) {
            value->number = metrics[i].estimate.median;
            value->low = metrics[i].estimate.low;
            value->high = metrics[i].estimate.high;
            value->unit = metrics[i].unit;
            value->kind = metrics[i].kind;
            value->source = metrics[i].kind == KIND_COMPUTED ? stage_source : NULL;
            return STATUS_OK;
        }
    return refuse(look, strdup("A stage has time, flops, bytes, bytes_read, bytes_written."),
                  "there is no such metric of a stage");
}

static enum status case_value(const struct lookup *look, const struct parsed_key *parsed, const struct record_case *c,
                              struct value *value)
{
    for (int i = 0; i < CASE_METRICS; i++)
        if (strcmp(case_metrics[i].name, parsed->metric) == 0) {
            struct estimate estimate = case_metrics[i].of(c);
            value->number = estimate.median;
            value->low = estimate.low;
            value->high = estimate.high;
            value->unit = case_metrics[i].unit;
            value->kind = case_metrics[i].kind;
            value->source = case_metrics[i].source;
            return STATUS_OK;
        }
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
            if (!matches(fits[i].key, parsed->segments + 1, parsed->count - 1))
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
    if (parsed->count != 1 || !machine_value(&look->records[0]->machine, parsed->metric, value))
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

static enum status find(const struct lookup *look, const struct parsed_key *parsed, struct value *value)
{
    if (strcmp(parsed->segments[0], "machine") == 0)
        return machine_metric(look, parsed, value);
    if (strcmp(parsed->segments[0], "fit") == 0)
        return fit_value(look, parsed, value);
    const struct record *record = NULL;
    const struct record_case *c = NULL;
    enum status status = find_case(look, parsed, &record, &c);
    if (status == STATUS_OK)
        status = check_fresh(look, record);
    if (status != STATUS_OK)
        return status;
    value->record = record;
    value->from = c;
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
    if (parse_key(key, &parsed))
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
        if (good && matches(c->key, parsed.segments, parsed.count))
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
