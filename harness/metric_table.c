/* metric_table.c - what a case, a stage and a machine can be asked for, each with unit, kind and formula. */
#include "harness/metric_table.h"

#include <math.h>
#include <string.h>

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

static struct estimate hot_of(const struct record_case *c)
{
    return c->hot.level > 0 ? c->hot : exact(NAN);
}

static struct estimate graph_of(const struct record_case *c)
{
    return c->graph.level > 0 ? c->graph : exact(NAN);
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
    {"hot", UNIT_SECONDS, KIND_MEASURED, hot_of, NULL},
    {"graph", UNIT_SECONDS, KIND_MEASURED, graph_of, NULL},
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
bool metric_of_machine(const struct machine *m, const char *name, struct value *value)
{
    bool has_gpu = m->gpu.name[0] != '\0';
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
        {"gpu", UNIT_TEXT, 0, has_gpu ? m->gpu.name : "no GPU", false},
        {"gpu_multiprocessors", UNIT_NONE, has_gpu ? m->gpu.multiprocessors : NAN, NULL, false},
        {"gpu_sram", UNIT_BYTES, has_gpu ? (double)m->gpu.sram_block : NAN, NULL, false},
        {"gpu_l2", UNIT_BYTES, has_gpu ? (double)m->gpu.l2 : NAN, NULL, false},
        {"gpu_memory", UNIT_BYTES, has_gpu ? (double)m->gpu.memory : NAN, NULL, false},
        {"gpu_copy", UNIT_BYTES_PER_SECOND, has_gpu ? m->gpu.copy : NAN, NULL, true},
        {"gpu_product_bf16", UNIT_FLOPS_PER_SECOND, has_gpu ? m->gpu.product_bf16 : NAN, NULL, true},
        {"gpu_product_f32", UNIT_FLOPS_PER_SECOND, has_gpu ? m->gpu.product_f32 : NAN, NULL, true},
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

bool metric_of_case(const struct record_case *c, const char *name, struct value *value)
{
    for (size_t i = 0; i < sizeof case_metrics / sizeof case_metrics[0]; i++)
        if (strcmp(case_metrics[i].name, name) == 0) {
            struct estimate estimate = case_metrics[i].of(c);
            value->number = estimate.median;
            value->low = estimate.low;
            value->high = estimate.high;
            value->unit = case_metrics[i].unit;
            value->kind = case_metrics[i].kind;
            value->source = case_metrics[i].source;
            return true;
        }
    return false;
}

bool metric_of_stage(const struct record_stage *stage, const char *name, struct value *value)
{
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
        if (strcmp(metrics[i].name, name) == 0) {
            value->number = metrics[i].estimate.median;
            value->low = metrics[i].estimate.low;
            value->high = metrics[i].estimate.high;
            value->unit = metrics[i].unit;
            value->kind = metrics[i].kind;
            value->source = metrics[i].kind == KIND_COMPUTED ? stage_source : NULL;
            return true;
        }
    return false;
}

static const char *const all_names[] = {
    "hot",         "graph",      "time",          "gflops",    "bandwidth", "roof",     "spread",
    "peak_memory", "max_error",  "tolerance",     "samples",   "flops",     "pairs",    "bytes",
    "workspace",   "bytes_read", "bytes_written", "exponent",  "hbm",       "hbm_read", "hbm_written",
    "sram",        "barriers",   "products",      "exchanges", "async",     "formula",  "theorem"};

const char *const *metric_names(size_t *count)
{
    *count = sizeof all_names / sizeof all_names[0];
    return all_names;
}
