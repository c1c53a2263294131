#include "harness/tradeoff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/memory.h"
#include "kernels/rope.h"
#include "kernels/select/mass.h"

enum { HEAD_DIM = 64, JUDGED_ROWS = 256 };

/* Everything that the points share. */
struct bench {
    struct tradeoff *to;
    const struct gate *gate;
    const struct clock_source *clock;
    int threads;
    float *q, *k, *v, *o, *dense, *log_sum_exp;
    float *angles, *mass;
    void *selecting, *attending; /* workspaces */
    const struct kernel *flash, *sparse;
};

static void bench_free(struct bench *b)
{
    float *const all[] = {b->q, b->k, b->v, b->o, b->dense, b->log_sum_exp, b->angles, b->mass};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        free(all[i]);
    free(b->selecting);
    free(b->attending);
}

static void fill_mass(struct bench *b)
{
    const struct attention_problem *p = &b->to->problem;
    int64_t n = select_blocks(p->len_kv), stride = p->heads * p->head_dim;
#pragma omp parallel for num_threads(b->threads) schedule(dynamic)
    for (int64_t h = 0; h < p->heads; h++) {
        float *scratch = malloc(mass_scratch(p->len_kv) * sizeof *scratch);
        if (scratch)
            attention_mass(b->q + h * p->head_dim, stride, b->k + h * p->head_dim, stride, p->len_kv, p->head_dim,
                           p->scale, true, scratch, b->mass + h * n * n);
        free(scratch);
    }
}

static enum status bench_take(struct bench *b, uint64_t model_seed)
{
    const struct attention_problem *p = &b->to->problem;
    size_t bytes = (size_t)attention_q_elements(p) * sizeof(float);
    int64_t n = select_blocks(p->len_kv);
    b->flash = kernel_find("flash", "cpu");
    b->sparse = kernel_find("block_sparse", "cpu");
    b->q = memory_take(bytes);
    b->k = memory_take(bytes);
    b->v = memory_take(bytes);
    b->o = memory_take(bytes);
    b->dense = memory_take(bytes);
    b->log_sum_exp = memory_take((size_t)attention_rows(p) * sizeof(float));
    b->angles = memory_take((size_t)(p->len_kv * p->head_dim) * sizeof(float));
    b->mass = memory_take((size_t)(p->heads * n * n) * sizeof(float));
    b->selecting = memory_take(selection_workspace(p, b->threads));
    b->attending = memory_take(b->flash->workspace(p, b->threads));
    if (!b->q || !b->k || !b->v || !b->o || !b->dense || !b->log_sum_exp || !b->angles || !b->mass || !b->selecting ||
        !b->attending)
        return STATUS_NO_MEMORY;
    struct rope rope = rope_make(p->head_dim, structured_theta);
    rope_table(&rope, p->len_kv, b->angles);
    enum status status = structured_fill(p, model_seed, STUDY_HELD_OUT, true, b->q, b->k, b->v, b->threads);
    if (status == STATUS_OK)
        fill_mass(b);
    return status;
}

static double now(const struct bench *b)
{
    return b->clock->wall(b->clock->context);
}

static enum status attend(const struct bench *b, const struct kernel *kernel, const struct attention_problem *problem,
                          float *o)
{
    struct attention_tensors tensors = {b->q, b->k, b->v, o, b->log_sum_exp};
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
    struct attention_tensors tensors = {b->q, b->k, b->v, b->o, NULL};
    struct selection selection = {.selector = point->selector,
                                  .density = point->density,
                                  .gate = b->gate,
                                  .angles = {b->angles, b->angles + problem.len_kv * problem.head_dim / 2},
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

/* Once, untimed: is it right under its own mask, and how far is it from dense attention? */
static enum status judge(const struct bench *b, struct tradeoff_point *point, struct block_mask *mask)
{
    struct attention_problem problem = b->to->problem;
    struct attention_tensors tensors = {b->q, b->k, b->v, b->o, b->log_sum_exp};
    double ignored[TRADEOFF_STAGES] = {0};
    oracle_poison(b->o, (size_t)attention_q_elements(&problem) * sizeof *b->o);
    enum status status = run_point(b, point, mask, ignored);
    problem.mask.blocks = mask;
    if (status == STATUS_OK)
        status = oracle_judge(&problem, &tensors, JUDGED_ROWS, 1, b->threads, &point->verdict);
    if (status != STATUS_OK)
        return status;
    point->relative_l2 = distance(b->o, b->dense, attention_q_elements(&problem));
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
            if (!point->seconds)
                return STATUS_NO_MEMORY;
        }
    return STATUS_OK;
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
            start = now(b);
            if (round < 0)
                status = judge(b, point, masks[i]);
            else if (point->verdict.pass)
                status = run_point(b, point, masks[i], point->stages);
            if (round >= 0)
                point->seconds[round] = now(b) - start;
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
            t->points[i].stages[s] /= t->rounds;
        if (!t->points[i].verdict.pass) {
            free(t->points[i].seconds);
            t->points[i].seconds = NULL;
            status = STATUS_WRONG;
        }
    }
    return status;
}

enum status tradeoff_measure(struct tradeoff *tradeoff, const struct gate *gate, int64_t length, uint64_t model_seed,
                             const double *densities, int density_count, int rounds, int threads,
                             const struct clock_source *clock, tradeoff_tell *tell, void *context)
{
    *tradeoff = (struct tradeoff){
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
        .rounds = rounds,
    };
    struct bench b = {.to = tradeoff, .gate = gate, .clock = clock, .threads = threads};
    enum status status = make_points(tradeoff, gate, densities, density_count);
    struct block_mask **masks = calloc(tradeoff->count + 1, sizeof *masks);
    if (status == STATUS_OK)
        status = masks ? bench_take(&b, model_seed) : STATUS_NO_MEMORY;
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

void tradeoff_free(struct tradeoff *tradeoff)
{
    for (size_t i = 0; i < tradeoff->count; i++)
        free(tradeoff->points[i].seconds);
    free(tradeoff->points);
    free(tradeoff->dense);
    *tradeoff = (struct tradeoff){0};
}
