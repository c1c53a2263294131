/* Seeded inputs: the same bits on every machine and at any number of threads, and truly standard normal. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/workload.h"

/* FNV-1a over bytes. */
static uint64_t hash(const void *bytes, size_t length)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
    return h;
}

static float *take(int64_t count)
{
    float *values = malloc((size_t)count * sizeof *values);
    assert_non_null(values);
    return values;
}

/* The published first values of splitmix64 from seed 1234567. */
static void test_splitmix64(void **state)
{
    (void)state;
    static const uint64_t expected[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                        4593380528125082431u, 16408922859458223821u};
    uint64_t seed = 1234567;
    for (int i = 0; i < 5; i++)
        assert_true(workload_random(&seed) == expected[i]);
}

/* Once and for all: a change of these bits makes every record's inputs other inputs. The hashes come from a program
 * of its own, in Python's integers. */
static void test_fixed_bits(void **state)
{
    (void)state;
    enum { COUNT = 10000 };
    float *values = take(COUNT);
    workload_gaussian(values, COUNT, 1.0f, 1, 1);
    assert_int_equal(hash(values, COUNT * sizeof *values), 0x5de186bc6755b959u);
    workload_gaussian(values, COUNT, 0.5f, 42, 1);
    assert_int_equal(hash(values, COUNT * sizeof *values), 0x456a95372e7d5692u);
    free(values);
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    static const int64_t counts[] = {1, 4095, 4096, 4097, 40000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        float *one = take(counts[i]), *many = take(counts[i]);
        workload_gaussian(one, counts[i], 1.0f, 7, 1);
        for (int threads = 2; threads <= 5; threads++) {
            workload_gaussian(many, counts[i], 1.0f, 7, threads);
            assert_memory_equal(one, many, (size_t)counts[i] * sizeof *one);
        }
        free(one);
        free(many);
    }
}

static void test_moments(void **state)
{
    (void)state;
    enum { COUNT = 1 << 20 };
    float *values = take(COUNT);
    workload_gaussian(values, COUNT, 2.0f, 3, 1);
    double sum = 0, squares = 0, cubes = 0, fourths = 0, neighbours = 0;
    for (int i = 0; i < COUNT; i++) {
        double x = (double)values[i] / 2;
        sum += x;
        squares += x * x;
        cubes += x * x * x;
        fourths += x * x * x * x;
        neighbours += i ? x * (double)values[i - 1] / 2 : 0;
    }
    /* Five standard errors each; twelve uniforms have a kurtosis of 2.9, not 3. */
    double error = 5 / sqrt((double)COUNT);
    assert_true(fabs(sum / COUNT) < error);
    assert_true(fabs(squares / COUNT - 1) < error * sqrt(2.0));
    assert_true(fabs(cubes / COUNT) < error * 4);
    assert_true(fabs(fourths / COUNT - 2.9) < error * 10);
    assert_true(fabs(neighbours / COUNT) < error);
    free(values);
}

static void test_q_k_and_v_differ(void **state)
{
    (void)state;
    const struct attention_problem p = {1, 1, 1, 1, 16, 16, 64, DTYPE_F32, {false, -1, -1, 0}, 1};
    float q[1024], k[1024], v[1024], q2[1024], k2[1024], v2[1024];
    workload_fill(&p, q, k, v, 1, 1);
    workload_fill(&p, q2, k2, v2, 2, 1);
    assert_memory_not_equal(q, k, sizeof q);
    assert_memory_not_equal(k, v, sizeof q);
    assert_memory_not_equal(q, v, sizeof q);
    assert_memory_not_equal(q, q2, sizeof q);
    workload_fill(&p, q2, k2, v2, 1, 2);
    assert_memory_equal(q, q2, sizeof q);
    assert_memory_equal(k, k2, sizeof q);
    assert_memory_equal(v, v2, sizeof q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splitmix64),
        cmocka_unit_test(test_fixed_bits),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_q_k_and_v_differ),
    };
    return cmocka_run_group_tests_name("workload", tests, NULL, NULL);
}
