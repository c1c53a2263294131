/* Every CUDA kernel in the simulator over the edges: the fixed list, and seeded draws. Each problem is held against the
 * float64 oracle on poisoned outputs, no launch may have a fault, and the bytes of each stage must equal the closed
 * formula of the kernel's row. Worker processes share the problems.
 *
 *   simt_problems [--kernel NAME]     one kernel only */
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

#include "simt/help_jobs.h"

enum { MOST_KERNELS = 32, MOST_WORKERS = 16 };
enum { LEAST_EQUAL = 20 }; /* shapes on which the counts of a kernel equal the formula, at the least */

static const char *only_kernel; /* as the command line asks */

/* Shared by all workers. */
struct tally {
    atomic_long next;
    atomic_long run[MOST_KERNELS], equal[MOST_KERNELS], failed;
    atomic_llong hbm_bytes, sram_bytes, barriers, rows;
};

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
        const struct job *job = &jobs[i * 7919 % count];
        const struct cuda_kernel *kernel = simt_kernels[job->kernel];
        struct seen seen;
        char words[700], problem[256];
        if (!judge_job(simt, job, &seen, words, sizeof words)) {
            struct drawn drawn = problem_of(job);
            tally->failed++;
            fprintf(stderr, "%s, %s: %s\n", kernel->name, drawn_words(&drawn, problem, sizeof problem), words);
            drawn_free(&drawn);
        }
        tally->run[job->kernel]++;
        tally->equal[job->kernel] += seen.equal;
        tally->rows += seen.rows;
        tally->hbm_bytes += seen.hbm_bytes;
        tally->sram_bytes += seen.sram_bytes;
        tally->barriers += seen.barriers;
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
    FILE *const streams[] = {stdout, only_kernel ? NULL : fopen("problems.summary", "w")};
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
    struct job *jobs = list_jobs(only_kernel, &count);
    assert_non_null(jobs);
    assert_true(simt_kernel_count <= MOST_KERNELS);
    struct tally *tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(tally != MAP_FAILED);
    long cores = sysconf(_SC_NPROCESSORS_ONLN), workers = cores < 2 ? 2 : cores > MOST_WORKERS ? MOST_WORKERS : cores;
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
    for (size_t k = 0; k < simt_kernel_count && !only_kernel; k++) {
        assert_true(tally->run[k] >= DRAWS_EACH);
        assert_true(tally->equal[k] >= LEAST_EQUAL);
    }
    for (size_t k = 0; k < simt_kernel_count; k++)
        total += tally->run[k];
    assert_int_equal(total, (long)count);
    assert_true(total > 0);
    munmap(tally, sizeof *tally);
    free(jobs);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--kernel") == 0 && i + 1 < argc)
            only_kernel = argv[++i];
        else
            return 2;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_problems)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
