#include "harness/efficiency.h"

#include <math.h>
#include <stdlib.h>

#include "harness/memory.h"
#include "harness/stats.h"
#include "harness/tensors.h"
#include "kernels/kernel.h"

enum { MASKS = 2, GROUP = EFFICIENCY_PATTERNS * EFFICIENCY_DENSITIES, JUDGED_ROWS = 128 };

const double efficiency_densities[EFFICIENCY_DENSITIES] = {0.05, 0.1, 0.2, 0.3, 0.5};

const char *efficiency_pattern_name(enum efficiency_pattern pattern)
{
    static const char *const names[EFFICIENCY_PATTERNS] = {"scattered", "side by side"};
    return names[pattern];
}

/* How many of a row's nearest blocks to list so that about `density` of all that may be seen are. */
static int64_t nearest_blocks(int64_t blocks, bool causal, double density)
{
    double whole = (double)blocks * (double)(causal ? blocks + 1 : 2 * blocks) / 2, before = 0;
    for (int64_t n = 1; n <= blocks; n++) {
        double listed = 0;
        for (int64_t row = 0; row < blocks; row++) {
            double left = (double)(row + 1 < n ? row + 1 : n), right = (double)(blocks - row < n ? blocks - row : n);
            listed += causal ? left : left + right - 1;
        }
        if (listed >= density * whole)
            return n == 1 || listed - density * whole < density * whole - before ? n : n - 1;
        before = listed;
    }
    return blocks;
}

static struct block_rule rule_of(const struct attention_problem *p, enum efficiency_pattern pattern, double density,
                                 uint64_t seed)
{
    int64_t blocks = (p->len_kv + EFFICIENCY_BLOCK - 1) / EFFICIENCY_BLOCK;
    if (pattern == EFFICIENCY_SCATTERED)
        return (struct block_rule){BLOCKS_RANDOM, {llround(100 * density), (int64_t)seed}, EFFICIENCY_BLOCK};
    return (struct block_rule){BLOCKS_LOCAL, {nearest_blocks(blocks, p->mask.causal, density), 0}, EFFICIENCY_BLOCK};
}

/* What the rows of one length and mask share while they are measured. */
struct group {
    const struct efficiency_request *request;
    const struct clock_source *clock;
    struct attention_problem dense;
    struct tensor_set tensors;
    struct block_mask *masks[GROUP];
    void *workspace;
    struct efficiency_row *rows;
    double *times[GROUP + 1][2]; /* [rounds] wall, processor; dense flash's last */
};

static enum status launch(const struct group *g, const char *kernel, const struct attention_problem *problem,
                          double *wall, double *cpu)
{
    struct attention_tensors tensors = tensors_view(&g->tensors);
    struct kernel_launch launch = {problem, &tensors, g->workspace, g->request->threads, NULL};
    double began = g->clock->wall(g->clock->context), spent = g->clock->cpu(g->clock->context);
    enum status status = kernel_find(kernel, "cpu")->launch(&launch);
    *wall = g->clock->wall(g->clock->context) - began;
    *cpu = g->clock->cpu(g->clock->context) - spent;
    return status;
}

static struct attention_problem sparse_problem(const struct group *g, int row)
{
    struct attention_problem problem = g->dense;
    problem.mask.blocks = g->masks[row];
    return problem;
}

static enum status judge(struct group *g, int row)
{
    struct attention_problem problem = sparse_problem(g, row);
    struct attention_tensors tensors = tensors_view(&g->tensors);
    double ignored[2];
    tensors_poison(&g->tensors);
    enum status status = launch(g, "block_sparse", &problem, &ignored[0], &ignored[1]);
    if (status == STATUS_OK)
        status = oracle_judge(&problem, &tensors, JUDGED_ROWS, 1, g->request->threads, &g->rows[row].verdict);
    return status;
}

static enum status take(struct group *g, struct diags *diags)
{
    enum status status = tensors_make(&g->tensors, &g->dense, g->request->seed, g->request->threads);
    size_t bytes = kernel_workspace(kernel_find("flash", "cpu"), &g->dense, g->request->threads);
    for (int row = 0; row < GROUP && status == STATUS_OK; row++) {
        status = block_rule_build(&g->rows[row].rule, &g->dense, &g->masks[row], diags);
        if (status != STATUS_OK)
            break;
        struct attention_problem problem = sparse_problem(g, row);
        size_t its = kernel_workspace(kernel_find("block_sparse", "cpu"), &problem, g->request->threads);
        bytes = its > bytes ? its : bytes;
        g->rows[row].density = (double)attention_layer_pairs(&problem, 0) / (double)attention_layer_pairs(&g->dense, 0);
    }
    g->workspace = status == STATUS_OK ? memory_take(bytes) : NULL;
    return status == STATUS_OK && !g->workspace ? STATUS_NO_MEMORY : status;
}

/* Round -1 judges the rows and warms up; the others time. */
static enum status run(struct group *g, int64_t done, int64_t of, efficiency_tell *tell, void *context)
{
    enum status status = STATUS_OK;
    double ignored[2];
    for (int round = -1; round < g->request->rounds; round++)
        for (int n = -1; n < GROUP; n++) {
            double *wall = &ignored[0], *cpu = &ignored[1];
            int row = n < 0 ? GROUP : n;
            if (round >= 0) {
                wall = &g->times[row][0][round];
                cpu = &g->times[row][1][round];
            }
            if (n < 0) {
                status = launch(g, "flash", &g->dense, wall, cpu);
            } else if (round < 0) {
                status = judge(g, n);
            } else if (g->rows[n].verdict.pass) {
                struct attention_problem problem = sparse_problem(g, n);
                status = launch(g, "block_sparse", &problem, wall, cpu);
            }
            if (status == STATUS_OK && tell && !tell(context, ++done, of))
                status = STATUS_INTERRUPTED;
            if (status != STATUS_OK)
                return status;
        }
    return status;
}

static struct attention_problem problem_of(const struct efficiency_request *r, int64_t length, bool causal)
{
    return (struct attention_problem){
        .layers = 1,
        .batch = 1,
        .heads = r->heads,
        .kv_heads = r->heads,
        .len_q = length,
        .len_kv = length,
        .head_dim = r->head_dim,
        .dtype = DTYPE_F32,
        .mask = {.causal = causal, .window_left = -1, .window_right = -1},
        .scale = 1.0f / sqrtf((float)r->head_dim),
    };
}

/* Names the rows of one length and mask and gives them their times. */
static void begin(struct group *g, double *times)
{
    size_t rounds = (size_t)g->request->rounds;
    for (int row = 0; row <= GROUP; row++)
        for (int kind = 0; kind < 2; kind++)
            g->times[row][kind] = times + (size_t)(2 * row + kind) * rounds;
    for (int row = 0; row < GROUP; row++) {
        enum efficiency_pattern pattern = (enum efficiency_pattern)(row / EFFICIENCY_DENSITIES);
        double asked = efficiency_densities[row % EFFICIENCY_DENSITIES];
        g->rows[row] = (struct efficiency_row){
            .problem = g->dense,
            .rule = rule_of(&g->dense, pattern, asked, g->request->seed),
            .pattern = pattern,
            .asked = asked,
            .seconds = g->times[row][0],
            .cpu = g->times[row][1],
            .dense = g->times[GROUP][0],
            .dense_cpu = g->times[GROUP][1],
        };
    }
}

enum status efficiency_measure(struct efficiency *efficiency, const struct efficiency_request *request,
                               const struct clock_source *clock, efficiency_tell *tell, void *context,
                               struct diags *diags)
{
    int groups = request->length_count * MASKS;
    size_t group_times = (size_t)(2 * (GROUP + 1) * request->rounds);
    int64_t runs = (int64_t)(GROUP + 1) * (request->rounds + 1);
    *efficiency = (struct efficiency){
        .rows = calloc((size_t)(groups * GROUP), sizeof *efficiency->rows),
        .count = (size_t)(groups * GROUP),
        .rounds = request->rounds,
        .times = calloc((size_t)groups * group_times, sizeof *efficiency->times),
    };
    enum status status = efficiency->rows && efficiency->times ? STATUS_OK : STATUS_NO_MEMORY;
    for (int n = 0; n < groups && status == STATUS_OK; n++) {
        struct group g = {.request = request, .clock = clock, .rows = efficiency->rows + (size_t)(n * GROUP)};
        g.dense = problem_of(request, request->lengths[n / MASKS], n % MASKS);
        begin(&g, efficiency->times + (size_t)n * group_times);
        status = take(&g, diags);
        if (status == STATUS_OK)
            status = run(&g, n * runs, groups * runs, tell, context);
        for (int row = 0; row < GROUP; row++)
            block_mask_free(g.masks[row]);
        tensors_free(&g.tensors);
        free(g.workspace);
    }
    if (status != STATUS_OK) {
        efficiency_free(efficiency);
        return status;
    }
    for (size_t row = 0; row < efficiency->count; row++)
        if (!efficiency->rows[row].verdict.pass) {
            efficiency->rows[row].seconds = efficiency->rows[row].cpu = NULL;
            status = STATUS_WRONG;
        }
    return status;
}

void efficiency_free(struct efficiency *efficiency)
{
    free(efficiency->rows);
    free(efficiency->times);
    *efficiency = (struct efficiency){0};
}

static struct estimate over(const double *sparse, const double *dense, double density, double *room, int rounds)
{
    for (int round = 0; round < rounds; round++)
        room[round] = dense[round] * density;
    return stats_ratio(sparse, room, (size_t)rounds);
}

enum status efficiency_ratio(const struct efficiency_row *row, int rounds, struct estimate *wall,
                             struct estimate *processor)
{
    double *room = calloc((size_t)rounds, sizeof *room);
    if (!room)
        return STATUS_NO_MEMORY;
    *wall = over(row->seconds, row->dense, row->density, room, rounds);
    *processor = over(row->cpu, row->dense_cpu, row->density, room, rounds);
    free(room);
    return STATUS_OK;
}
