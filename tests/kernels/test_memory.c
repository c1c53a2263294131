/* Flash's memory grows with N, not with its square: by its own figure, and by the peak of a process that runs it. The
 * peak of a process that runs naive shows that this measuring sees a square where there is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernels/kernel.h"
#include "kernels/workload.h"

static struct attention_problem problem_of(int64_t n)
{
    return (struct attention_problem){1, 1, 1, 1, n, n, 64, DTYPE_F32, {false, -1, -1, 0}, 0.125f};
}

/* A line of /proc/self/status in KiB; -1 when the system has none. */
static long proc_kib(const char *key)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kib = -1;
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, key, strlen(key)) == 0)
            kib = strtol(line + strlen(key), NULL, 10);
    if (file)
        fclose(file);
    return kib;
}

/* In the child: everything that a run of this kernel needs, from nothing. Exits with the status. */
static long grown_kib(const char *name, int64_t n)
{
    struct attention_problem p = problem_of(n);
    const struct kernel *kernel = kernel_find(name, "cpu");
    long before = proc_kib("VmRSS:");
    size_t tensor = (size_t)attention_q_elements(&p) * sizeof(float);
    float *q = aligned_alloc(64, tensor), *k = aligned_alloc(64, tensor), *v = aligned_alloc(64, tensor);
    float *o = aligned_alloc(64, tensor);
    void *workspace = aligned_alloc(64, (kernel->workspace(&p, 1) + 63) / 64 * 64);
    if (!q || !k || !v || !o || !workspace || before < 0)
        return -1;
    workload_fill(&p, q, k, v, 1, 1);
    struct attention_tensors tensors = {q, k, v, o, NULL};
    struct kernel_launch launch = {&p, &tensors, workspace, 1, NULL};
    if (kernel->launch(&launch) != STATUS_OK)
        return -1;
    long grown = proc_kib("VmHWM:") - before;
    free(q);
    free(k);
    free(v);
    free(o);
    free(workspace);
    return grown;
}

/* KiB that a fresh process grows by; skips where /proc says nothing. */
static long peak_kib(const char *name, int64_t n)
{
    int ends[2];
    long kib = -1;
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        kib = grown_kib(name, n);
        _exit(write(ends[1], &kib, sizeof kib) != sizeof kib);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &kib, sizeof kib), sizeof kib);
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    if (kib < 0)
        skip();
    return kib;
}

static void test_workspace_figure(void **state)
{
    (void)state;
    static const char *const linear[] = {"flash", "sliding", "alternating"};
    for (size_t i = 0; i < sizeof linear / sizeof linear[0]; i++) {
        const struct kernel *kernel = kernel_find(linear[i], "cpu");
        struct attention_problem small = problem_of(2048), large = problem_of(8192), huge = problem_of(1 << 20);
        double ratio = (double)kernel->workspace(&large, 1) / (double)kernel->workspace(&small, 1);
        assert_true(ratio > 2 && ratio <= 4.01);
        /* Packed keys and values, and a thread's tiles: three tensors' worth are plenty. */
        assert_true(kernel->workspace(&huge, 1) <= 3 * 4 * (size_t)attention_kv_elements(&huge));
    }
    struct attention_problem small = problem_of(2048), large = problem_of(8192);
    const struct kernel *naive = kernel_find("naive", "cpu");
    assert_int_equal(naive->workspace(&large, 1), 16 * naive->workspace(&small, 1));
}

/* A narrow window: each thread packs a stretch at a time, so the figure does not know N at all. */
static void test_workspace_of_a_window(void **state)
{
    (void)state;
    const struct kernel *sliding = kernel_find("sliding", "cpu");
    struct attention_problem small = problem_of(1 << 13), huge = problem_of(1 << 20);
    small.mask = huge.mask = (struct attention_mask){true, 255, -1, 0};
    size_t more = sliding->workspace(&huge, 2) - sliding->workspace(&small, 2);
    assert_true(more <= sliding->workspace(&small, 2) / 8); /* items of a long sequence are a little fuller */
    small.mask.window_left = huge.mask.window_left = 4096;
    assert_true(sliding->workspace(&huge, 2) > 32 * sliding->workspace(&small, 2)); /* a wide one is packed whole */
}

static void test_peak_of_flash(void **state)
{
    (void)state;
    long small = peak_kib("flash", 2048), large = peak_kib("flash", 8192);
    assert_true(small > 4 * 2048 * 64 * 4 / 1024); /* at least the four tensors: the figure means something */
    if (large > 5 * small)
        fail_msg("flash grew by %ld KiB at 2048 and by %ld KiB at 8192", small, large);
}

static void test_peak_of_naive_is_seen(void **state)
{
    (void)state;
    long small = peak_kib("naive", 1024), large = peak_kib("naive", 4096);
    if (large < 9 * small)
        fail_msg("naive grew by %ld KiB at 1024 and by %ld KiB at 4096", small, large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workspace_figure),
        cmocka_unit_test(test_workspace_of_a_window),
        cmocka_unit_test(test_peak_of_flash),
        cmocka_unit_test(test_peak_of_naive_is_seen),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
