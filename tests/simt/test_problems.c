/* Every CUDA kernel in the simulator over the edges: the fixed list, and 300 seeded draws a kernel. Each problem is
 * held against the float64 oracle on poisoned outputs, no launch may have a fault, and the bytes of each stage must
 * equal the closed formula of the kernel's row. Worker processes share the problems. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernels/help_problems.h"
#include "kernels/oracle.h"
#include "kernels/simt/attend.h"

enum { MOST_KERNELS = 16, MOST_WORKERS = 16 };
/* Under a sanitizer every access costs three times as much, and what can go wrong is in the simulator, not the draw. */
#ifdef __SANITIZE_ADDRESS__
enum { DRAWS = 50 };
#else
enum { DRAWS = 300 };
#endif

/* Shared by all workers. */
struct tally {
    atomic_long next;
    atomic_long run[MOST_KERNELS], failed;
    atomic_llong hbm_bytes, sram_bytes, barriers, rows;
};

struct job {
    size_t kernel;
    uint64_t index; /* of the fixed list, then of the draws */
    enum dtype dtype;
};

static struct drawn problem_of(const struct job *job)
{
    uint64_t fixed = (uint64_t)fixed_problem_count;
    struct drawn drawn = job->index < fixed ? fixed_problems[job->index] : draw_problem(job->index - fixed);
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
        if (!simt_kernels[kernel]->unsupported(&drawn.problem))
            return true;
    }
    return false;
}

/* All that is to be run: for each kernel the fixed list where it can, and DRAWS draws that it can do. */
static struct job *list_jobs(size_t *count)
{
    uint64_t fixed = (uint64_t)fixed_problem_count;
    struct job *jobs = calloc(simt_kernel_count * (DRAWS + fixed), sizeof *jobs);
    *count = 0;
    for (size_t k = 0; jobs && k < simt_kernel_count; k++) {
        enum dtype turn = DTYPE_F32;
        size_t drawn = 0;
        for (uint64_t i = 0; i < fixed; i++)
            *count += make_job(k, i, &turn, &jobs[*count]);
        for (uint64_t i = fixed; drawn < DRAWS; i++)
            if (make_job(k, i, &turn, &jobs[*count])) {
                ++*count;
                drawn++;
            }
    }
    return jobs;
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
                  char *words, size_t size)
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
    if (simt_unwritten(simt, got.tensors.o, of_q * dtype_size(p->dtype))) {
        snprintf(words, size, "some of O was never written");
        goto end;
    }
    if (oracle_judge(p, &got.tensors, INT64_MAX, 1, 1, &verdict) != STATUS_OK)
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
        i = i * 7919 % count;
        const struct cuda_kernel *kernel = simt_kernels[jobs[i].kernel];
        struct drawn drawn = problem_of(&jobs[i]);
        char words[700], problem[256];
        if (!judge(simt, kernel, &drawn, tally, words, sizeof words)) {
            tally->failed++;
            fprintf(stderr, "%s, %s: %s\n", kernel->name, drawn_words(&drawn, problem, sizeof problem), words);
        }
        tally->run[jobs[i].kernel]++;
    }
    simt_close(simt);
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
    long total = 0;
    for (size_t k = 0; k < simt_kernel_count; k++) {
        printf("%-12s %ld problems\n", simt_kernels[k]->name, (long)tally->run[k]);
        assert_true(tally->run[k] >= DRAWS);
        total += tally->run[k];
    }
    printf("problems run: %ld, failed: %ld; rows held against float64: %lld\n", total, (long)tally->failed,
           (long long)tally->rows);
    printf("bytes checked: %lld of HBM, equal to the formulas; %lld of SRAM; barriers: %lld\n",
           (long long)tally->hbm_bytes, (long long)tally->sram_bytes, (long long)tally->barriers);
    assert_int_equal(tally->failed, 0);
    assert_int_equal(total, (long)count);
    munmap(tally, sizeof *tally);
    free(jobs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_problems)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
