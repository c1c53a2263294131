/* Every CUDA kernel in the simulator over the edges: the fixed list, and seeded draws. Each problem is held against the
 * float64 oracle on poisoned outputs, no launch may have a fault, and the bytes of each stage must equal the closed
 * formula of the kernel's row. Worker processes share the problems.
 *
 *   simt_problems [--kernel NAME] [--problems N] [--stop]
 * One kernel only; only the first N problems of the scattered order; stop at the first that fails (scripts/mutate.sh).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernels/help_problems.h"
#include "kernels/judge.h"
#include "kernels/simt/attend.h"

enum { MOST_KERNELS = 32, MOST_WORKERS = 16 };
/* Draws over all kernels, and for each at least; draws that a kernel may refuse for each that it takes. Equal counts on
 * so many shapes are the least for a kernel. */
enum { DRAWS = 1200, DRAWS_EACH = 150, REFUSALS = 100, LEAST_EQUAL = 20 };
/* Pairs of a query and a key, over all heads and layers: longer ones of the fixed list are for the CPU kernels' packed
 * keys, and cost here a minute without an edge of their own. */
enum { MOST_PAIRS = 1 << 20 };

/* What is asked for on the command line. */
static const char *only_kernel;
static long only_problems;
static bool stop_at_fault;

/* Shared by all workers. */
struct tally {
    atomic_long next;
    atomic_long run[MOST_KERNELS], equal[MOST_KERNELS], failed;
    atomic_llong hbm_bytes, sram_bytes, barriers, rows;
};

struct job {
    size_t kernel;
    uint64_t index; /* of the fixed list, then of the draws */
    enum dtype dtype;
};

/* To be freed with drawn_free. */
static struct drawn problem_of(const struct job *job)
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

static size_t draws_each(void)
{
    size_t each = DRAWS / simt_kernel_count;
    return each > DRAWS_EACH ? each : DRAWS_EACH;
}

/* All that is to be run: for each kernel the fixed list where it can, and draws that it can do. */
static struct job *list_jobs(size_t *count)
{
    uint64_t fixed = (uint64_t)fixed_problem_count, draws = draws_each();
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
    for (int s = 0; s < stages.count; s++)
        if (got->stages[s].launches == 0) /* a library's, on a GPU */
            continue;
        else if ((double)got->stages[s].hbm_read != stages.items[s].bytes_read ||
                 (double)got->stages[s].hbm_written != stages.items[s].bytes_written) {
            snprintf(words, size, "stage %s: counted %lld read and %lld written, the formula says %.0f and %.0f",
                     stages.items[s].name, (long long)got->stages[s].hbm_read, (long long)got->stages[s].hbm_written,
                     stages.items[s].bytes_read, stages.items[s].bytes_written);
            return false;
        }
    return true;
}

static bool judge(struct simt *simt, const struct cuda_kernel *kernel, const struct drawn *drawn, struct tally *tally,
                  bool *equal, char *words, size_t size)
{
    const struct attention_problem *p = &drawn->problem;
    size_t of_q = (size_t)attention_q_elements(p), of_kv = (size_t)attention_kv_elements(p);
    float *q = malloc(of_q * sizeof *q), *k = malloc(of_kv * sizeof *k), *v = malloc(of_kv * sizeof *v);
    struct simt_attention got = {.stage_count = 0};
    struct verdict verdict = {.pass = false};
    bool pass = false;
    snprintf(words, size, "no memory");
    if (!q || !k || !v)
        goto end;
    drawn_fill(drawn, q, k, v);
    enum status status = simt_attend(simt, kernel, p, q, k, v, &got);
    if (status != STATUS_OK) {
        snprintf(words, size, "%s", status == STATUS_WRONG ? simt_fault(simt)->message : "did not run");
        goto end;
    }
    if (!same_bytes(kernel, p, &got, words, size))
        goto end;
    *equal = true;
    if (simt_unwritten(simt, got.tensors.o, of_q * dtype_size(p->dtype))) {
        snprintf(words, size, "some of O was never written");
        goto end;
    }
    if (kernel_judge(p, &got.tensors, INT64_MAX, 1, 1, &verdict) != STATUS_OK)
        goto end;
    snprintf(words, size, "%s", verdict.message);
    pass = verdict.pass;
    tally->rows += verdict.rows_compared;
    for (int s = 0; s < got.stage_count; s++) {
        tally->hbm_bytes += got.stages[s].hbm_read + got.stages[s].hbm_written;
        tally->sram_bytes += got.stages[s].sram_read + got.stages[s].sram_written;
        tally->barriers += got.stages[s].barriers;
    }
end:
    free(q);
    free(k);
    free(v);
    return pass;
}

static void work(struct tally *tally, const struct job *jobs, size_t count)
{
    struct simt *simt = simt_open((size_t)1 << 30);
    if (!simt) {
        fprintf(stderr, "no simulator: the system gives no address space\n");
        tally->failed++;
        return;
    }
    /* In a scattered order (7919 is prime), so that each kernel shows its faults early and workers end together. */
    for (size_t i; (i = (size_t)tally->next++) < count;) {
        if ((only_problems && (long)i >= only_problems) || (stop_at_fault && tally->failed))
            break;
        i = i * 7919 % count;
        bool equal = false;
        const struct cuda_kernel *kernel = simt_kernels[jobs[i].kernel];
        struct drawn drawn = problem_of(&jobs[i]);
        char words[700], problem[256];
        if (!judge(simt, kernel, &drawn, tally, &equal, words, sizeof words)) {
            tally->failed++;
            fprintf(stderr, "%s, %s: %s\n", kernel->name, drawn_words(&drawn, problem, sizeof problem), words);
        }
        drawn_free(&drawn);
        tally->run[jobs[i].kernel]++;
        tally->equal[jobs[i].kernel] += equal;
    }
    simt_close(simt);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* To the terminal, and to a file whose lines scripts/test.sh repeats at its end. */
static void say(const struct tally *tally, double seconds)
{
    FILE *const streams[] = {stdout, only_kernel || only_problems ? NULL : fopen("problems.summary", "w")};
    long total = 0;
    for (size_t k = 0; k < simt_kernel_count; k++)
        total += tally->run[k];
    for (int s = 0; s < 2 && streams[s]; s++) {
        fprintf(streams[s], "simulator: %ld problems run, %ld failed, in %.0f s; %lld rows held against float64\n",
                total, (long)tally->failed, seconds, (long long)tally->rows);
        fprintf(streams[s], "simulator: %lld bytes of HBM checked, %lld of SRAM, %lld barriers\n",
                (long long)tally->hbm_bytes, (long long)tally->sram_bytes, (long long)tally->barriers);
        fprintf(streams[s], "simulator: counts equal the formulas on so many shapes:");
        for (size_t k = 0; k < simt_kernel_count; k++)
            fprintf(streams[s], "%s %s %ld", k ? "," : "", simt_kernels[k]->name, (long)tally->equal[k]);
        fprintf(streams[s], "\n");
    }
    if (streams[1])
        fclose(streams[1]);
}

static void test_problems(void **state)
{
    (void)state;
    size_t count;
    struct job *jobs = list_jobs(&count);
    assert_non_null(jobs);
    assert_true(simt_kernel_count <= MOST_KERNELS);
    struct tally *tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(tally != MAP_FAILED);
    long cores = sysconf(_SC_NPROCESSORS_ONLN), workers = cores < 2 ? 2 : cores > MOST_WORKERS ? MOST_WORKERS : cores;
    workers = stop_at_fault ? 1 : workers;
    double began = seconds_now();
    pid_t pids[MOST_WORKERS];
    for (long w = 0; w < workers; w++) {
        pids[w] = fork();
        assert_true(pids[w] >= 0);
        if (pids[w] == 0) {
            work(tally, jobs, count);
            _exit(0);
        }
    }
    for (long w = 0; w < workers; w++) {
        int ended;
        assert_int_equal(waitpid(pids[w], &ended, 0), pids[w]);
        assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    }
    say(tally, seconds_now() - began);
    assert_int_equal(tally->failed, 0);
    long total = 0;
    for (size_t k = 0; k < simt_kernel_count && !only_kernel && !only_problems; k++) {
        assert_true(tally->run[k] >= DRAWS_EACH);
        assert_true(tally->equal[k] >= LEAST_EQUAL);
    }
    for (size_t k = 0; k < simt_kernel_count; k++)
        total += tally->run[k];
    assert_int_equal(total, only_problems && only_problems < (long)count ? only_problems : (long)count);
    assert_true(total > 0);
    munmap(tally, sizeof *tally);
    free(jobs);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--stop") == 0)
            stop_at_fault = true;
        else if (strcmp(argv[i], "--kernel") == 0 && i + 1 < argc)
            only_kernel = argv[++i];
        else if (strcmp(argv[i], "--problems") == 0 && i + 1 < argc)
            only_problems = atol(argv[++i]);
        else
            return 2;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_problems)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
