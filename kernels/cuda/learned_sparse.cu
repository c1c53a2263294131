/* learned_sparse.cu - attention that looks for its own keys: a learned gate scores blocks, the best are attended to.
 *
 * Idea: four stages, each timed. Pool Q and K to a few vectors a block of 64 tokens (pool.cuh); score every pair of
 * blocks that may see each other (gate.cuh); keep the best of each row, a warp a row (keep.cuh); run block_sparse over
 * these alone. Nothing goes back to the host between them: how many blocks each row keeps follows from the lengths and
 * the density, so the list's places are there before the launch, and only the list is written.
 * Data movement, a head, in elements, B = N / 64: Q and K read once to be pooled, N d each; 8 B d of pools and 2 B f of
 * features out and in; B^2 / 2 scores out and in where causal; then block_sparse's.
 * Cost: 8 B d f for the features and 2 f + 8 d FLOPs a pair of blocks, in float32; then 4 d a kept pair of tokens.
 * Source: SeerAttention 2410.13276, section 3; Quest 2406.10774, section 3.2 (the bound). */
#include "kernels/cuda/gate.cuh"
#include "kernels/cuda/keep.cuh"

extern "C" {
extern const struct cuda_kernel CUDA_ROW(block_sparse);
}

namespace
{

enum { POOL, SCORE, KEEP, ATTEND, STAGES };

/* The arrays between the stages, one behind the other in the workspace; all of them floats. */
size_t place_arrays(const struct attention_problem *p, float *room, select_work *work)
{
    int64_t blocks = select_blocks(p->len_kv), q = p->batch * p->heads * blocks, k = p->batch * p->kv_heads * blocks;
    const int64_t counts[] = {q * POOL_HALVES * p->head_dim,
                              q * p->head_dim,
                              k * 2 * p->head_dim,
                              k * 3 * p->head_dim,
                              q * GATE_FEATURES,
                              q * GATE_FEATURES,
                              q * blocks};
    float **const arrays[] = {&work->q_half, &work->q_plain, &work->k_bound, &work->k_plain,
                              &work->a,      &work->c,       &work->scores};
    int64_t used = 0;
    for (int i = 0; i < 7; i++) {
        *arrays[i] = room ? room + used : nullptr;
        used += counts[i];
    }
    return static_cast<size_t>(used) * sizeof(float);
}

size_t workspace(const struct attention_problem *p)
{
    select_work work = {};
    return place_arrays(p, nullptr, &work);
}

/* The problem as block_sparse does it, once the blocks are chosen. */
struct listed {
    struct block_mask mask;
    struct attention_problem problem;
};

void list(const struct attention_problem *p, struct listed *listed)
{
    listed->mask = *p->mask.blocks;
    listed->mask.choice = nullptr;
    listed->problem = *p;
    listed->problem.mask.blocks = &listed->mask;
}

/* choice.h's own conditions hold for every mask with a choice: they are looked at when it is made. */
const char *unsupported(const struct attention_problem *p)
{
    if (!p->mask.blocks || !p->mask.blocks->choice)
        return "there is nothing to choose: give a mask of the kind causal_g10_b64";
    if (p->layers != 1 || p->len_q != p->len_kv || p->mask.window_left >= 0 || p->mask.window_right >= 0)
        return "a gate chooses for one layer, as many queries as keys, and no windows";
    if (select_blocks(p->len_kv) > MOST_BLOCKS)
        return "sequences of more than 2^19 tokens";
    if (score_blocks(p) > 2147483647.0)
        return "more blocks than one launch can hold (2^31 - 1)";
    struct listed listed;
    list(p, &listed);
    return CUDA_ROW(block_sparse).unsupported(&listed.problem);
}

void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    struct kernel_stages attend;
    struct listed listed;
    list(p, &listed);
    CUDA_ROW(block_sparse).stages(&listed.problem, &attend);
    *stages = {};
    stages->count = STAGES;
    pool_stage(p, &stages->items[POOL]);
    score_stage(p, &stages->items[SCORE]);
    keep_stage(p, &stages->items[KEEP]);
    stages->items[ATTEND] = attend.items[0];
    snprintf(stages->items[ATTEND].name, sizeof stages->items[ATTEND].name, "attend");
}

enum status launch_pool(const select_work &work, enum dtype dtype, void *stream)
{
    return dtype == DTYPE_F32    ? pool_launch<DTYPE_F32>(work, stream)
           : dtype == DTYPE_BF16 ? pool_launch<DTYPE_BF16>(work, stream)
                                 : pool_launch<DTYPE_F16>(work, stream);
}

enum status launch(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    select_work work = {};
    work.problem = device_problem_of(launch);
    work.gate = launch->gate;
    work.angles = launch->angles;
    work.list = launch->block_list;
    work.blocks = static_cast<int>(select_blocks(p->len_kv));
    work.gate_heads = static_cast<int>(p->mask.blocks->choice->gate.heads);
    place_arrays(p, static_cast<float *>(launch->workspace), &work);
    enum status status = launch_pool(work, p->dtype, launch->stream);
    stage_ends(launch, POOL);
    if (status == STATUS_OK)
        status = score_launch(work, launch->stream);
    stage_ends(launch, SCORE);
    if (status == STATUS_OK)
        status = keep_launch(work, launch->stream);
    stage_ends(launch, KEEP);
    struct cuda_launch attend = *launch;
    attend.clock = nullptr;
    if (status == STATUS_OK)
        status = CUDA_ROW(block_sparse).launch(&attend);
    stage_ends(launch, ATTEND);
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_kernel CUDA_ROW(learned_sparse);
const struct cuda_kernel CUDA_ROW(learned_sparse) = {
    "learned_sparse",
    "learned_sparse",
    "learned sparse, tiled in SRAM",
    "a learned gate chooses the blocks of keys that are worth a look, and only those are attended to",
    "SeerAttention 2410.13276, section 3",
    unsupported,
    workspace,
    stages,
    launch,
};
}
