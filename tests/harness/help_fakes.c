#include "help_fakes.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "harness/metric.h"
#include "harness/stats.h"
#include "kernels/oracle.h"

struct fake_time fake_time;

static double wall(void *context)
{
    (void)context;
    return fake_time.now += 1e-6;
}

static double cpu(void *context)
{
    (void)context;
    return 2 * fake_time.now;
}

const struct clock_source fake_clock = {wall, cpu, NULL};

/* The launch takes its time, and may be the one in which the user presses Ctrl-C. */
static void pass_time(double share)
{
    double side = fake_time.launches % 2 ? 1 : -1;
    fake_time.now += share * fake_time.call * (1 + side * fake_time.jitter * (fake_time.launches % 5) / 5);
}

static void begin_launch(void)
{
    if (++fake_time.launches == fake_time.stop_after)
        raise(fake_time.signal ? fake_time.signal : SIGTERM);
}

static const char *supports_all(const struct attention_problem *problem)
{
    (void)problem;
    return NULL;
}

static const char *refuses_causal(const struct attention_problem *problem)
{
    return problem->mask.causal ? "this fake does no causal mask" : NULL;
}

static size_t no_workspace(const struct attention_problem *problem, int threads)
{
    (void)problem;
    (void)threads;
    return 0;
}

static size_t huge_workspace(const struct attention_problem *problem, int threads)
{
    (void)problem;
    (void)threads;
    return (size_t)1 << 60;
}

static void one_stage(const struct attention_problem *problem, struct kernel_stages *stages)
{
    struct attention_cost cost = attention_cost(problem);
    *stages = (struct kernel_stages){.count = 1};
    stages->items[0] = (struct kernel_stage){"all", cost.flops, cost.bytes, 0};
}

static void two_stages(const struct attention_problem *problem, struct kernel_stages *stages)
{
    struct attention_cost cost = attention_cost(problem);
    *stages = (struct kernel_stages){.count = 2};
    stages->items[0] = (struct kernel_stage){"first", cost.flops / 4, 100, 10};
    stages->items[1] = (struct kernel_stage){"second", 3 * cost.flops / 4, 200, 20};
}

static void write_right(const struct kernel_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    double *scratch = malloc((size_t)p->len_kv * sizeof *scratch), row[MAX_HEAD_DIM], log_sum_exp;
    for (int64_t l = 0; l < p->layers; l++)
        for (int64_t b = 0; b < p->batch; b++)
            for (int64_t h = 0; h < p->heads; h++)
                for (int64_t i = 0; i < p->len_q; i++) {
                    oracle_row(p, launch->tensors, l, b, h, i, scratch, row, &log_sum_exp);
                    float *o = (float *)launch->tensors->o +
                               (((l * p->batch + b) * p->len_q + i) * p->heads + h) * p->head_dim;
                    for (int64_t c = 0; c < p->head_dim; c++)
                        o[c] = (float)row[c];
                    launch->tensors->log_sum_exp[((l * p->batch + b) * p->heads + h) * p->len_q + i] =
                        (float)log_sum_exp;
                }
    free(scratch);
}

static enum status launch_right(const struct kernel_launch *launch)
{
    begin_launch();
    write_right(launch);
    pass_time(1);
    if (launch->clock)
        launch->clock->end(launch->clock, 0);
    return STATUS_OK;
}

static enum status launch_staged(const struct kernel_launch *launch)
{
    begin_launch();
    write_right(launch);
    for (int s = 0; s < 2; s++) {
        pass_time(s == 0 ? 0.25 : 0.75);
        if (launch->clock)
            launch->clock->end(launch->clock, s);
    }
    return STATUS_OK;
}

static enum status launch_wrong(const struct kernel_launch *launch)
{
    begin_launch();
    float *o = launch->tensors->o;
    for (int64_t i = 0; i < attention_q_elements(launch->problem); i++)
        o[i] = 0.5f;
    for (int64_t i = 0; i < attention_rows(launch->problem); i++)
        launch->tensors->log_sum_exp[i] = 0.5f;
    pass_time(1);
    return STATUS_OK;
}

static enum status launch_silent(const struct kernel_launch *launch)
{
    (void)launch;
    begin_launch();
    pass_time(1);
    return STATUS_OK;
}

static enum status launch_partly(const struct kernel_launch *launch)
{
    int64_t last = attention_q_elements(launch->problem) - 1;
    float *o = launch->tensors->o, kept = o[last];
    begin_launch();
    write_right(launch);
    memcpy(&o[last], &kept, sizeof kept);
    pass_time(1);
    return STATUS_OK;
}

static enum status launch_failing(const struct kernel_launch *launch)
{
    if (++fake_time.failing_launches >= fake_time.fail_after)
        return STATUS_FAILED;
    return launch_right(launch);
}

#define FAKE(name, supports, bytes, stages, launch)                                                                    \
    {                                                                                                                  \
        name, "fake", "cpu", name " on purpose", "an idea", "a source", supports, bytes, stages, launch                \
    }

const struct kernel fake_right = FAKE("right", supports_all, no_workspace, one_stage, launch_right);
const struct kernel fake_staged = FAKE("staged", supports_all, no_workspace, two_stages, launch_staged);
const struct kernel fake_wrong = FAKE("wrong", supports_all, no_workspace, one_stage, launch_wrong);
const struct kernel fake_silent = FAKE("silent", supports_all, no_workspace, one_stage, launch_silent);
const struct kernel fake_partly = FAKE("partly", supports_all, no_workspace, one_stage, launch_partly);
const struct kernel fake_failing = FAKE("failing", supports_all, no_workspace, one_stage, launch_failing);
const struct kernel fake_huge = FAKE("huge", supports_all, huge_workspace, one_stage, launch_right);
const struct kernel fake_picky = FAKE("picky", refuses_causal, no_workspace, one_stage, launch_right);

struct kernel_list fake_kernels(void)
{
    static const struct kernel *const all[] = {&fake_right,  &fake_staged,  &fake_wrong, &fake_silent,
                                               &fake_partly, &fake_failing, &fake_huge,  &fake_picky};
    return (struct kernel_list){all, sizeof all / sizeof all[0]};
}

struct record_case *fake_case(struct record *record, const char *kernel, const char *mask, int64_t n, double seconds)
{
    enum { SAMPLES = 9 };
    struct record_case *c = record_add(record);
    struct attention_problem p = {
        .layers = 1, .batch = 1, .heads = 8, .kv_heads = 8, .len_q = n, .len_kv = n, .head_dim = 64, .scale = 0.125f};
    attention_mask_parse(mask, &p.mask);
    record_name_case(c, kernel, kernel, "cpu", kernel, &p, 2);
    struct attention_cost cost = attention_cost(&p);
    c->flops = cost.flops;
    c->bytes = cost.bytes;
    c->fill = strdup("gaussian");
    c->seed = 18446744073709551615u; /* more than a JSON number holds */
    c->samples = calloc(SAMPLES, sizeof(double));
    c->cpu_samples = calloc(SAMPLES, sizeof(double));
    c->iterations = calloc(SAMPLES, sizeof(int64_t));
    for (int i = 0; i < SAMPLES; i++) {
        c->samples[i] = seconds * (1 + 0.001 * (i - 4));
        c->cpu_samples[i] = 2 * c->samples[i];
        c->iterations[i] = 3;
    }
    c->sample_count = SAMPLES;
    c->seconds = stats_estimate(c->samples, SAMPLES);
    c->spread = stats_spread(c->samples, SAMPLES);
    c->device = strdup("cuda:0");
    c->hot = (struct estimate){0.9 * seconds, 0.89 * seconds, 0.91 * seconds, 0.99};
    c->graph = (struct estimate){0.8 * seconds, 0.79 * seconds, 0.81 * seconds, 0.99};
    c->input_sets = 12;
    c->memory_mhz = 2619;
    c->watts = 612.5;
    c->celsius = 41;
    c->stop_reason = strdup("interval");
    c->max_error = 1e-7;
    c->plain_error = 2e-7;
    c->tolerance = 5e-7;
    c->rows_compared = 100;
    c->rows_total = 8 * n;
    c->workspace = 4096;
    c->peak_memory = 1 << 20;
    c->roof_flops = 4e12;
    c->mhz_low = 2600;
    c->mhz_high = 2601;
    return c;
}

static void add_stages(struct record_case *c)
{
    static const char *const names[] = {"scores", "softmax", "values"};
    c->stages = calloc(3, sizeof *c->stages);
    c->stage_count = 3;
    for (int s = 0; s < 3; s++) {
        strcpy(c->stages[s].name, names[s]);
        c->stages[s].seconds = (struct estimate){0.1 * (s + 1), 0.09 * (s + 1), 0.11 * (s + 1), 0.99};
        c->stages[s].flops = 1000 * (s + 1);
        c->stages[s].bytes_read = 64 * (s + 1);
        c->stages[s].bytes_written = 32 * (s + 1);
    }
}

void fake_record(struct record *record)
{
    *record = (struct record){.path = strdup("fake.json"),
                              .date = strdup("2026-01-02T03:04:05+0000"),
                              .executable = strdup("flashdeck"),
                              .command = strdup("flashdeck bench")};
    record->machine = (struct machine){
        .host_name = strdup("host"),
        .cpu_name = strdup("Fake CPU"),
        .system = strdup("Fake 1.0"),
        .isa = strdup("avx2"),
        .blas = strdup("Fake BLAS"),
        .compiler = strdup("gcc"),
        .build_type = strdup("release"),
        .num_cpus = 2,
        .mhz = 2600,
        .load = {0.25, 0.5, 0.75},
        .memory = (int64_t)8 << 30,
        .caches = {{"Data", 1, 48 << 10, 1},
                   {"Instruction", 1, 64 << 10, 1},
                   {"Unified", 2, 2 << 20, 1},
                   {"Unified", 3, 32 << 20, 2}},
        .cache_count = 4,
        .fma_peak_1 = 1e11,
        .fma_peak = 2e11,
        .copy_1 = 1e10,
        .copy = 1.5e10,
        .commit = strdup("abc1234"),
        .sources = strdup(build_sources()),
    };
    for (int64_t n = 512; n <= 2048; n *= 2) {
        add_stages(fake_case(record, "naive", "full", n, 2e-9 * (double)(n * n)));
        fake_case(record, "flash", "full", n, 1e-9 * (double)(n * n));
    }
}

/* A point of `selector` at a density that takes `share` of dense flash's time. */
static void fake_point(struct record_tradeoff *row, const char *selector, double density, double share, double recall)
{
    struct record_point *point = &row->points[row->point_count++];
    *point = (struct record_point){.key = record_key_point(row, selector, density),
                                   .selector = strdup(selector),
                                   .title = strdup(selector),
                                   .density = density,
                                   .square = density / 2,
                                   .pairs = density,
                                   .tolerance = 1e-5,
                                   .samples = malloc(row->sample_count * sizeof(double)),
                                   .pool = 0.1 * share,
                                   .score = 0.1 * share,
                                   .keep = 0.1 * share,
                                   .attend = 0.7 * share,
                                   .relative_l2 = 1 - recall};
    for (size_t i = 0; i < row->sample_count; i++)
        point->samples[i] = share * row->dense[i];
    static const double off[] = {0.005, -0.01, 0, 0.01, -0.005};
    point->recalls = malloc(5 * sizeof *point->recalls);
    point->needle_shares = malloc(5 * sizeof *point->needle_shares);
    for (int m = 0; m < 5; m++) {
        point->recalls[m] = recall + off[m];
        point->needle_shares[m] = recall / 2;
    }
    point->recall = stats_estimate(point->recalls, 5);
    point->needles = stats_estimate(point->needle_shares, 5);
}

static void fake_length(struct record *record, int64_t n, double factor)
{
    static const struct {
        const char *selector;
        double share, recall;
    } kinds[] = {
        {"local", 0.10, 0.35}, {"mean", 0.13, 0.58}, {"bound", 0.14, 0.67}, {"gate", 0.15, 0.70}, {"mass", 0.06, 0.75}};
    static const double densities[] = {0.05, 0.1, 0.2, 0.3, 0.5};
    struct record_tradeoff *row = record_add_tradeoff(record);
    *row = (struct record_tradeoff){.problem = record->cases[0].problem,
                                    .threads = 2,
                                    .date = strdup("2026-11-24T20:15:00+0000"),
                                    .command = strdup("flashdeck tradeoff"),
                                    .model_seed = 1,
                                    .models = 5,
                                    .documents = 8,
                                    .gate = strdup("0123456789abcdef"),
                                    .gate_length = n,
                                    .gate_documents = 32,
                                    .gate_steps = 200,
                                    .sample_count = 9};
    row->problem.len_q = row->problem.len_kv = n;
    row->problem.heads = row->problem.kv_heads = 4;
    row->problem.mask = (struct attention_mask){.causal = true, .window_left = -1, .window_right = -1};
    row->key = record_key_tradeoff(&row->problem, row->threads);
    row->dense = malloc(row->sample_count * sizeof *row->dense);
    for (size_t i = 0; i < row->sample_count; i++)
        row->dense[i] = 1e-9 * (double)(n * n) * (1 + 0.01 * (double)i);
    row->points = calloc(25, sizeof *row->points);
    for (size_t k = 0; k < 5; k++)
        for (size_t d = 0; d < 5; d++)
            fake_point(row, kinds[k].selector, densities[d], factor * (kinds[k].share + 1.2 * densities[d]),
                       kinds[k].recall + 0.3 * (densities[d] - 0.1) / 0.5);
    record_settle_tradeoff(row);
}

static void fake_modernbert(struct record *record, const char *lengths, int64_t tokens, int64_t padded)
{
    static const char *const names[] = {"all_global", "alternating", "all_global_padded", "alternating_padded"};
    static const double times[] = {2.5, 1, 5, 1.8}, pairs[] = {2.7e9, 1e9, 6e9, 2e9};
    struct record_modernbert *row = record_add_modernbert(record);
    *row = (struct record_modernbert){.date = strdup("2026-11-24T20:15:00+0000"),
                                      .model = strdup("base"),
                                      .lengths = strdup(lengths),
                                      .device = strdup("cpu"),
                                      .dtype = strdup("f32"),
                                      .threads = 2,
                                      .seed = 1,
                                      .layers = 22,
                                      .global_layers = 8,
                                      .heads = 2,
                                      .model_heads = 12,
                                      .most = 8192,
                                      .sequences = 2,
                                      .tokens = tokens,
                                      .padded_tokens = padded,
                                      .sample_count = 5};
    row->key = record_key_modernbert(row);
    row->ways = calloc(4, sizeof *row->ways);
    for (; row->way_count < (tokens < padded ? 4 : 2); row->way_count++) {
        struct record_way *way = &row->ways[row->way_count];
        *way = (struct record_way){.name = strdup(names[row->way_count]),
                                   .pairs = pairs[row->way_count],
                                   .samples = malloc(row->sample_count * sizeof(double)),
                                   .rope = calloc(row->sample_count, sizeof(double))};
        for (size_t i = 0; i < row->sample_count; i++)
            way->samples[i] = times[row->way_count] * (1 + 0.001 * (double)(i * (row->way_count + 1)));
    }
    row->papers = calloc(1, sizeof *row->papers);
    row->paper_count = 1;
    row->papers[0] = (struct record_paper){strdup("ModernBERT-base"), 123.7, strdup("the paper")};
    record_settle_modernbert(row);
}

static void fake_efficiency(struct record *record, const char *pattern, double asked)
{
    struct record_efficiency *row = record_add_efficiency(record);
    *row = (struct record_efficiency){.date = strdup("2026-11-24T20:15:00+0000"),
                                      .pattern = strdup(pattern),
                                      .problem = record->tradeoffs[0].problem,
                                      .threads = 2,
                                      .seed = 1,
                                      .asked = asked,
                                      .density = 1.01 * asked,
                                      .sample_count = 9};
    double **const all[] = {&row->samples, &row->dense, &row->processor, &row->dense_processor};
    static const double times[] = {1.1, 1, 2.4, 2};
    row->key = record_key_efficiency(row);
    for (size_t a = 0; a < 4; a++) {
        *all[a] = calloc(9, sizeof **all[a]);
        for (size_t i = 0; i < 9; i++) /* a tenth more than the density promises, a fifth more of processor time */
            (*all[a])[i] = times[a] * (a % 2 ? 1 : row->density) * (1 + 0.01 * (double)i);
    }
    record_settle_efficiency(row);
}

void fake_study(struct record *record)
{
    fake_length(record, 8192, 1);
    fake_length(record, 2048, 4);
    fake_modernbert(record, "fixed 8192", 8192, 8192);
    fake_modernbert(record, "variable 8192", 9000, 16384);
    fake_efficiency(record, "scattered", 0.1);
    fake_efficiency(record, "side_by_side", 0.5);
}
