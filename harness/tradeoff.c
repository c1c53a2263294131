#include "harness/tradeoff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/memory.h"
#include "harness/stats.h"
#include "kernels/rope.h"
#include "kernels/select/mass.h"

enum { HEAD_DIM = 64, JUDGED_ROWS = 256 };

/* Everything that the points share. */
struct bench {
    struct tradeoff *to;
    const struct tradeoff_input *input;
    const struct gate *gate;
    const struct clock_source *clock;
    int threads;
    float *o, *dense, *log_sum_exp, *mass;
    void *selecting, *attending; /* workspaces */
    const struct kernel *flash, *sparse;
};

static void bench_free(struct bench *b)
{
    free(b->o);
    free(b->dense);
    free(b->log_sum_exp);
    free(b->mass);
    free(b->selecting);
    free(b->attending);
}

/* Of all heads of all sequences. */
static enum status fill_mass(struct bench *b)
{
    const struct attention_problem *p = &b->to->problem;
    int64_t n = select_blocks(p->len_kv), group = p->heads / p->kv_heads, failed = 0;
    int64_t q_stride = p->heads * p->head_dim, k_stride = p->kv_heads * p->head_dim;
#pragma omp parallel for num_threads(b->threads) schedule(dynamic) reduction(+ : failed)
    for (int64_t h = 0; h < p->batch * p->heads; h++) {
        const float *q = b->input->q + h / p->heads * p->len_q * q_stride + h % p->heads * p->head_dim;
        const float *k = b->input->k + h / p->heads * p->len_kv * k_stride + h % p->heads / group * p->head_dim;
        float *scratch = malloc(mass_scratch(p->len_kv) * sizeof *scratch);
        if (scratch)
            attention_mass(q, q_stride, k, k_stride, p->len_kv, p->head_dim, p->scale, p->mask.causal, scratch,
                           b->mass + h * n * n);
        failed += !scratch;
        free(scratch);
    }
    return failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status bench_take(struct bench *b)
{
    const struct attention_problem *p = &b->to->problem;
    size_t bytes = (size_t)attention_q_elements(p) * sizeof(float);
    int64_t n = select_blocks(p->len_kv);
    b->flash = kernel_find("flash", "cpu");
    b->sparse = kernel_find("block_sparse", "cpu");
    b->o = memory_take(bytes);
    b->dense = memory_take(bytes);
    b->log_sum_exp = memory_take((size_t)attention_rows(p) * sizeof(float));
    b->mass = memory_take((size_t)(p->batch * p->heads * n * n) * sizeof(float));
    b->selecting = memory_take(selection_workspace(p, b->threads));
    b->attending = memory_take(b->flash->workspace(p, b->threads));
    if (!b->o || !b->dense || !b->log_sum_exp || !b->mass || !b->selecting || !b->attending)
        return STATUS_NO_MEMORY;
    return fill_mass(b);
}

static double now(const struct bench *b)
{
    return b->clock->wall(b->clock->context);
}

static enum status attend(const struct bench *b, const struct kernel *kernel, const struct attention_problem *problem,
                          float *o)
{
    struct attention_tensors tensors = {b->input->q, b->input->k, b->input->v, o, b->log_sum_exp};
    struct kernel_launch launch = {problem, &tensors, b->attending, b->threads, NULL};
    return kernel->launch(&launch);
}

/* Hears the ends of the selection's stages. */
struct stage_times {
    struct stage_clock clock;
    const struct bench *bench;
    double last;
    double *stages;
};

static void stage_ended(struct stage_clock *clock, int stage)
{
    struct stage_times *times = (struct stage_times *)clock;
    double at = now(times->bench);
    times->stages[stage] += at - times->last;
    times->last = at;
}

/* The whole of a point, from Q, K, V to O; its stages' seconds are added to `stages`. */
static enum status run_point(const struct bench *b, const struct tradeoff_point *point, struct block_mask *mask,
                             double *stages)
{
    struct attention_problem problem = b->to->problem;
    struct attention_tensors tensors = {b->input->q, b->input->k, b->input->v, b->o, NULL};
    struct selection selection = {
        .selector = point->selector,
        .density = point->density,
        .gate = b->gate,
        .angles = {b->input->angles, b->input->angles + problem.len_kv * problem.head_dim / 2},
        .mass = b->mass,
        .seed = 3};
    struct stage_times times = {{stage_ended}, b, now(b), stages};
    selection_fill(&problem, &tensors, &selection, b->selecting, b->threads, &times.clock, mask);
    problem.mask.blocks = mask;
    enum status status = attend(b, b->sparse, &problem, b->o);
    stage_ended(&times.clock, TRADEOFF_ATTEND);
    return status;
}

static double distance(const float *o, const float *dense, int64_t count)
{
    double square = 0, whole = 0;
    for (int64_t i = 0; i < count; i++) {
        double d = (double)o[i] - (double)dense[i];
        square += d * d;
        whole += (double)dense[i] * (double)dense[i];
    }
    return sqrt(square / whole);
}

static double mass_kept(const struct bench *b, const struct block_mask *mask)
{
    const struct attention_problem *p = &b->to->problem;
    int64_t n = mask->rows, first = p->mask.causal ? n / 4 : 0;
    double sum = 0;
    for (int64_t h = 0; h < p->batch * p->heads; h++)
        for (int64_t row = first; row < n; row++) {
            struct block_row kept = block_mask_row(mask, p, 0, h / p->heads, h % p->heads, row);
            for (int64_t m = 0; m < kept.count; m++)
                sum += (double)b->mass[(h * n + row) * n + kept.block[m]];
        }
    return sum / (double)(p->batch * p->heads * (n - first));
}

/* Once, untimed: is it right under its own mask, and how far is it from dense attention? */
static enum status judge(const struct bench *b, struct tradeoff_point *point, struct block_mask *mask)
{
    struct attention_problem problem = b->to->problem;
    struct attention_tensors tensors = {b->input->q, b->input->k, b->input->v, b->o, b->log_sum_exp};
    double ignored[TRADEOFF_STAGES] = {0};
    oracle_poison(b->o, (size_t)attention_q_elements(&problem) * sizeof *b->o);
    enum status status = run_point(b, point, mask, ignored);
    problem.mask.blocks = mask;
    if (status == STATUS_OK)
        status = oracle_judge(&problem, &tensors, JUDGED_ROWS, 1, b->threads, &point->verdict);
    if (status != STATUS_OK)
        return status;
    point->relative_l2 = distance(b->o, b->dense, attention_q_elements(&problem));
    point->mass = mass_kept(b, mask);
    point->square = block_mask_density(mask);
    point->pairs = (double)attention_layer_pairs(&problem, 0) / (double)attention_layer_pairs(&b->to->problem, 0);
    return STATUS_OK;
}

static enum status make_points(struct tradeoff *t, const struct gate *gate, const double *densities, int count)
{
    t->points = calloc((size_t)(SELECTORS * count), sizeof *t->points);
    t->dense = calloc((size_t)t->rounds, sizeof *t->dense);
    if (!t->points || !t->dense)
        return STATUS_NO_MEMORY;
    for (int s = 0; s < SELECTORS; s++)
        for (int d = 0; d < count && (s != SELECT_GATE || gate); d++) {
            struct tradeoff_point *point = &t->points[t->count++];
            *point = (struct tradeoff_point){.selector = (enum selector)s, .density = densities[d]};
            point->seconds = calloc((size_t)t->rounds, sizeof *point->seconds);
            point->parts = calloc((size_t)(TRADEOFF_STAGES * t->rounds), sizeof *point->parts);
            if (!point->seconds || !point->parts)
                return STATUS_NO_MEMORY;
        }
    return STATUS_OK;
}

static enum status time_point(const struct bench *b, struct tradeoff_point *point, struct block_mask *mask, int round)
{
    double stages[TRADEOFF_STAGES] = {0}, start = now(b);
    enum status status = run_point(b, point, mask, stages);
    point->seconds[round] = now(b) - start;
    if (point->selector == SELECT_MASS)
        point->seconds[round] = stages[TRADEOFF_ATTEND];
    for (int s = 0; s < TRADEOFF_STAGES; s++)
        point->parts[s * b->to->rounds + round] = stages[s];
    return status;
}

/* All points in turn, dense flash first, `rounds` times; the first time through everything is judged instead. */
static enum status run_rounds(struct bench *b, struct block_mask **masks, tradeoff_tell *tell, void *context)
{
    struct tradeoff *t = b->to;
    int64_t done = 0, of = (int64_t)(t->count + 1) * (t->rounds + 1);
    enum status status = STATUS_OK;
    for (int round = -1; round < t->rounds && status == STATUS_OK; round++) {
        double start = now(b);
        status = attend(b, b->flash, &t->problem, round < 0 ? b->dense : b->o);
        if (round >= 0)
            t->dense[round] = now(b) - start;
        for (size_t i = 0; i < t->count && status == STATUS_OK; i++) {
            struct tradeoff_point *point = &t->points[i];
            if (round < 0)
                status = judge(b, point, masks[i]);
            else if (point->verdict.pass)
                status = time_point(b, point, masks[i], round);
            if (status == STATUS_OK && tell && !tell(context, ++done, of))
                status = STATUS_INTERRUPTED;
        }
    }
    return status;
}

static enum status settle(struct tradeoff *t)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < t->count; i++) {
        for (int s = 0; s < TRADEOFF_STAGES; s++)
            t->points[i].stages[s] = stats_median(t->points[i].parts + s * t->rounds, (size_t)t->rounds);
        if (!t->points[i].verdict.pass) {
            free(t->points[i].seconds);
            t->points[i].seconds = NULL;
            status = STATUS_WRONG;
        }
    }
    return status;
}

enum status tradeoff_of(struct tradeoff *tradeoff, const struct tradeoff_input *input, const struct gate *gate,
                        const double *densities, int density_count, int rounds, int threads,
                        const struct clock_source *clock, tradeoff_tell *tell, void *context)
{
    *tradeoff = (struct tradeoff){.problem = input->problem, .rounds = rounds};
    struct bench b = {.to = tradeoff, .input = input, .gate = gate, .clock = clock, .threads = threads};
    enum status status = make_points(tradeoff, gate, densities, density_count);
    struct block_mask **masks = calloc(tradeoff->count + 1, sizeof *masks);
    if (status == STATUS_OK)
        status = masks ? bench_take(&b) : STATUS_NO_MEMORY;
    for (size_t i = 0; i < tradeoff->count && status == STATUS_OK; i++) {
        masks[i] = selection_mask(&tradeoff->problem, tradeoff->points[i].density);
        status = masks[i] ? STATUS_OK : STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK)
        status = run_rounds(&b, masks, tell, context);
    for (size_t i = 0; masks && i < tradeoff->count; i++)
        block_mask_free(masks[i]);
    free(masks);
    bench_free(&b);
    if (status == STATUS_OK)
        return settle(tradeoff);
    tradeoff_free(tradeoff);
    return status;
}

enum status tradeoff_measure(struct tradeoff *tradeoff, const struct gate *gate, int64_t length, uint64_t model_seed,
                             const double *densities, int density_count, int rounds, int threads,
                             const struct clock_source *clock, tradeoff_tell *tell, void *context)
{
    struct tradeoff_input input = {
        .problem = {.layers = 1,
                    .batch = 1,
                    .heads = HEAD_KINDS,
                    .kv_heads = HEAD_KINDS,
                    .len_q = length,
                    .len_kv = length,
                    .head_dim = HEAD_DIM,
                    .dtype = DTYPE_F32,
                    .mask = {.causal = true, .window_left = -1, .window_right = -1},
                    .scale = 1.0f / sqrtf(HEAD_DIM)},
    };
    size_t each = (size_t)attention_q_elements(&input.problem);
    float *room = memory_take((3 * each + (size_t)(length * HEAD_DIM)) * sizeof *room);
    enum status status = STATUS_NO_MEMORY;
    *tradeoff = (struct tradeoff){0};
    if (room) {
        float *angles = room + 3 * each;
        struct rope rope = rope_make(HEAD_DIM, structured_theta);
        rope_table(&rope, length, angles);
        status = structured_fill(&input.problem, model_seed, STUDY_HELD_OUT, true, room, room + each, room + 2 * each,
                                 threads);
        input.q = room;
        input.k = room + each;
        input.v = room + 2 * each;
        input.angles = angles;
    }
    if (status == STATUS_OK)
        status = tradeoff_of(tradeoff, &input, gate, densities, density_count, rounds, threads, clock, tell, context);
    free(room);
    return status;
}

void tradeoff_free(struct tradeoff *tradeoff)
{
    for (size_t i = 0; i < tradeoff->count; i++) {
        free(tradeoff->points[i].seconds);
        free(tradeoff->points[i].parts);
    }
    free(tradeoff->points);
    free(tradeoff->dense);
    *tradeoff = (struct tradeoff){0};
}
