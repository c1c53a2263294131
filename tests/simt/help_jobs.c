#include "simt/help_jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/judge.h"

enum { REFUSALS = 100 }; /* draws that a kernel may refuse for each that it takes */
/* Pairs of a query and a key, over all heads and layers: longer ones of the fixed list are for the CPU kernels' packed
 * keys, and cost here a minute without an edge of their own. */
enum { MOST_PAIRS = 1 << 20 };

struct drawn problem_of(const struct job *job)
{
    uint64_t fixed = (uint64_t)fixed_problem_count;
    /* By turns without a block mask, with one, and with one that is chosen. */
    uint64_t draw = job->index < fixed ? 0 : job->index - fixed;
    struct drawn drawn = job->index < fixed ? fixed_problems[job->index]
                         : draw % 3 == 0    ? draw_problem(draw / 3)
                         : draw % 3 == 1    ? draw_block_problem(draw / 3)
                                            : draw_choice_problem(draw / 3);
    drawn.problem.dtype = job->dtype;
    return drawn;
}

/* Problem `index` in the next dtype that the kernel takes, in turn; false when it does it in none. */
static bool make_job(size_t kernel, uint64_t index, enum dtype *turn, struct job *job)
{
    for (int tried = 0; tried < 3; tried++) {
        *job = (struct job){kernel, index, *turn};
        *turn = (enum dtype)((*turn + 1) % 3);
        struct drawn drawn = problem_of(job);
        bool does = !simt_kernels[kernel]->unsupported(&drawn.problem);
        drawn_free(&drawn);
        if (does)
            return true;
    }
    return false;
}

static bool too_long(const struct job *job)
{
    struct drawn drawn = problem_of(job);
    const struct attention_problem p = drawn.problem;
    drawn_free(&drawn);
    return p.layers * p.batch * p.heads * p.len_q * p.len_kv > MOST_PAIRS;
}

struct job *list_jobs(const char *only_kernel, size_t *count)
{
    uint64_t fixed = (uint64_t)fixed_problem_count, draws = DRAWS_EACH;
    struct job *jobs = calloc(simt_kernel_count * (draws + fixed) + 1, sizeof *jobs);
    *count = 0;
    for (size_t k = 0; jobs && k < simt_kernel_count; k++) {
        enum dtype turn = DTYPE_F32;
        size_t drawn = 0;
        if (only_kernel && strcmp(simt_kernels[k]->name, only_kernel) != 0)
            continue;
        for (uint64_t i = 0; i < fixed; i++)
            *count += make_job(k, i, &turn, &jobs[*count]) && !too_long(&jobs[*count]);
        for (uint64_t i = fixed; drawn < draws && i < fixed + draws * REFUSALS; i++)
            if (make_job(k, i, &turn, &jobs[*count])) {
                ++*count;
                drawn++;
            }
    }
    return jobs;
}

/* What a row says of its stages beside the bytes: names, and the FLOPs of the pairs that the mask keeps (what chooses
 * the blocks is beside them); a kernel that stores its scores computes all of them. */
static bool same_stages(const struct cuda_kernel *kernel, const struct attention_problem *p,
                        const struct kernel_stages *stages, char *words, size_t size)
{
    bool stores = strncmp(kernel->family, "naive", 5) == 0;
    double flops = 0, heads = (double)(p->layers * p->batch * p->heads);
    double wanted =
        stores ? 4 * heads * (double)p->len_q * (double)p->len_kv * (double)p->head_dim : attention_cost(p).flops;
    bool named = true;
    for (int s = 0; s < stages->count; s++) {
        bool chooses = p->mask.blocks && p->mask.blocks->choice && strcmp(stages->items[s].name, "attend") != 0;
        flops += chooses ? 0 : stages->items[s].flops;
        named &= stages->items[s].name[0] != '\0';
    }
    if (named && flops == wanted)
        return true;
    snprintf(words, size, "the row's stages have %.0f FLOPs and should have %.0f, or one has no name", flops, wanted);
    return false;
}

/* A library's products, which the simulator does not count: each operand once. S in stage 0, O in stage 2. */
static bool same_library_bytes(const struct attention_problem *p, int s, const struct kernel_stage *stage)
{
    double element = (double)dtype_size(p->dtype), keys = element * (double)attention_kv_elements(p);
    double scores = element * (double)(attention_rows(p) * p->len_kv), rows = element * (double)attention_q_elements(p);
    return stage->bytes_read == keys + (s == 0 ? rows : scores) && stage->bytes_written == (s == 0 ? scores : rows);
}

static bool same_bytes(const struct cuda_kernel *kernel, const struct attention_problem *problem,
                       const struct simt_attention *got, char *words, size_t size)
{
    struct kernel_stages stages;
    kernel->stages(problem, &stages);
    if (stages.count != got->stage_count) {
        snprintf(words, size, "%d stages ended, the row has %d", got->stage_count, stages.count);
        return false;
    }
    if (!same_stages(kernel, problem, &stages, words, size))
        return false;
    for (int s = 0; s < stages.count; s++)
        if (got->stages[s].sram_spare > 0) {
            snprintf(words, size, "stage %s: a launch asks for %lld bytes of SRAM that no block uses",
                     stages.items[s].name, (long long)got->stages[s].sram_spare);
            return false;
        }
    for (int s = 0; s < stages.count; s++) {
        const struct simt_counts *counted = &got->stages[s];
        const struct kernel_stage *stage = &stages.items[s];
        if (got->ended[s] != 1) {
            snprintf(words, size, "the stage %s ended %d times", stage->name, got->ended[s]);
            return false;
        }
        if (counted->launches == 0 ? same_library_bytes(problem, s, stage)
                                   : (double)counted->hbm_read == stage->bytes_read &&
                                         (double)counted->hbm_written == stage->bytes_written)
            continue;
        snprintf(words, size, "stage %s: counted %lld read and %lld written, the formula says %.0f and %.0f",
                 stage->name, (long long)counted->hbm_read, (long long)counted->hbm_written, stage->bytes_read,
                 stage->bytes_written);
        return false;
    }
    return true;
}

bool judge_job(struct simt *simt, const struct job *job, struct seen *seen, char *words, size_t size)
{
    const struct cuda_kernel *kernel = simt_kernels[job->kernel];
    struct drawn drawn = problem_of(job);
    const struct attention_problem *p = &drawn.problem;
    size_t of_q = (size_t)attention_q_elements(p), of_kv = (size_t)attention_kv_elements(p);
    float *q = malloc(of_q * sizeof *q), *k = malloc(of_kv * sizeof *k), *v = malloc(of_kv * sizeof *v);
    struct simt_attention got = {.stage_count = 0};
    struct verdict verdict = {.pass = false};
    *seen = (struct seen){.equal = false};
    snprintf(words, size, "no memory");
    if (!q || !k || !v)
        goto end;
    drawn_fill(&drawn, q, k, v);
    enum status status = simt_attend(simt, kernel, p, q, k, v, &got);
    if (status != STATUS_OK) {
        snprintf(words, size, "%s", status == STATUS_WRONG ? simt_fault(simt)->message : "did not run");
        goto end;
    }
    if (!same_bytes(kernel, p, &got, words, size))
        goto end;
    seen->equal = true;
    if (simt_unwritten(simt, got.tensors.o, of_q * dtype_size(p->dtype))) {
        snprintf(words, size, "some of O was never written");
        goto end;
    }
    if (kernel_judge(p, &got.tensors, INT64_MAX, 1, 1, &verdict) != STATUS_OK)
        goto end;
    snprintf(words, size, "%s", verdict.message);
    seen->rows = verdict.rows_compared;
    for (int s = 0; s < got.stage_count; s++) {
        seen->hbm_bytes += got.stages[s].hbm_read + got.stages[s].hbm_written;
        seen->sram_bytes += got.stages[s].sram_read + got.stages[s].sram_written;
        seen->barriers += got.stages[s].barriers;
    }
end:
    free(q);
    free(k);
    free(v);
    drawn_free(&drawn);
    return verdict.pass;
}
