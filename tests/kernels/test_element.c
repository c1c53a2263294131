/* Numbers of 16 bits: every bit pattern goes out and back, and rounding is to the nearest, ties to even. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/element.h"
#include "kernels/workload.h"

static const enum dtype halves[] = {DTYPE_BF16, DTYPE_F16};

static void every_pattern_comes_back(void **state)
{
    (void)state;
    for (int h = 0; h < 2; h++)
        for (uint32_t bits = 0; bits < 65536; bits++) {
            float value = element_float((uint16_t)bits, halves[h]);
            if (isnan(value))
                assert_true(isnan(element_float(element_bits(value, halves[h]), halves[h])));
            else
                assert_int_equal(element_bits(value, halves[h]), bits);
        }
}

/* The nearest of all finite numbers of the dtype, found by walking over them; a tie goes to the even pattern. */
static uint16_t nearest(double value, enum dtype dtype)
{
    uint16_t best = 0;
    double least = INFINITY;
    for (uint32_t size = 0; size < 0x8000; size++) {
        uint16_t bits = (uint16_t)(size | (signbit(value) ? 0x8000 : 0));
        double candidate = (double)element_float(bits, dtype);
        if (!isfinite(candidate))
            break;
        double distance = fabs(candidate - value);
        if (distance < least || (distance == least && bits % 2 == 0)) {
            least = distance;
            best = bits;
        }
    }
    return best;
}

static void rounds_to_the_nearest(void **state)
{
    (void)state;
    static const float edges[] = {0.0f,         -0.0f,     1.0f,         65503.9f, 65504.0f,     -65519.0f,
                                  1.00390625f,  3.0e-8f,   -2.98023e-8f, 0x1p-25f, 0x3p-25f,     6.1e-5f,
                                  0x1.ffcp-15f, 0x1p-133f, 1e-40f,       -1.5f,    0x1.ffep-15f, 1e-45f};
    uint64_t random = 7;
    for (int h = 0; h < 2; h++) {
        for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
            assert_int_equal(element_bits(edges[i], halves[h]), nearest((double)edges[i], halves[h]));
        for (int i = 0; i < 200; i++) {
            float value = ldexpf(workload_normal(&random), (int)(workload_random(&random) % 44) - 30);
            if (fabsf(value) < 65504)
                assert_int_equal(element_bits(value, halves[h]), nearest((double)value, halves[h]));
        }
    }
    assert_true(isinf(element_round(65520.0f, DTYPE_F16)));
    assert_true(element_round(65519.99f, DTYPE_F16) == 65504.0f);
    assert_true(isinf(element_round(3.4e38f, DTYPE_BF16)));
    assert_true(element_round(0.1f, DTYPE_F32) == 0.1f);
}

static void steps_are_those_of_the_format(void **state)
{
    (void)state;
    static const enum dtype all[] = {DTYPE_F32, DTYPE_BF16, DTYPE_F16};
    for (int i = 0; i < 3; i++) {
        float step = (float)element_epsilon(all[i]), least = (float)element_least(all[i]);
        assert_true(element_round(1 + step, all[i]) == 1 + step);
        assert_true(element_round(1 + step / 2, all[i]) == 1);
        assert_true(element_round(least, all[i]) == least && element_round(least / 2, all[i]) == 0);
    }
}

static void converts_in_place(void **state)
{
    (void)state;
    float values[5] = {1, -2, 0.333333f, 65504, 1e-8f}, copy[5];
    memcpy(copy, values, sizeof copy);
    elements_from_floats(values, values, 5, DTYPE_F16);
    for (int i = 0; i < 5; i++)
        assert_true(element_read(values, i, DTYPE_F16) == element_round(copy[i], DTYPE_F16));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pattern_comes_back),
        cmocka_unit_test(rounds_to_the_nearest),
        cmocka_unit_test(steps_are_those_of_the_format),
        cmocka_unit_test(converts_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
