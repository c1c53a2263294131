/* Products of blocks against plain loops: whole, and where causal up to the diagonal at the least, on more blocks than
 * one tile of rows. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_guard.h"
#include "kernels/select/products.h"
#include "kernels/workload.h"

enum { BLOCKS = 75, INNER = 24 };

static struct guarded gaussian(int64_t count, uint64_t seed)
{
    struct guarded values = guarded_take((size_t)count * sizeof(float));
    workload_gaussian(values.bytes, count, 1, seed, 1);
    return values;
}

static double dot(const float *x, const float *y)
{
    double sum = 0;
    for (int c = 0; c < INNER; c++)
        sum += (double)x[c] * (double)y[c];
    return sum;
}

static double bound(const float *q, const float *around)
{
    double sum = 0;
    for (int c = 0; c < INNER; c++)
        sum += fmax((double)q[c] * (double)around[c], (double)q[c] * (double)around[INNER + c]);
    return sum;
}

static void assert_near(float got, double wanted, int64_t row, int64_t column)
{
    if (!(fabs((double)got - wanted) < 1e-4))
        fail_msg("row %lld, column %lld: %g, not %g", (long long)row, (long long)column, (double)got, wanted);
}

static void products_are_those_of_plain_loops(void **state)
{
    (void)state;
    struct guarded y = gaussian(BLOCKS * INNER, 2);
    for (int turn = 0; turn < 8; turn++) {
        bool causal = turn % 2, keep = turn / 2 % 2;
        int64_t each = 1 + turn / 4, rows = BLOCKS * each;
        struct guarded x = gaussian(rows * INNER, 1), out = gaussian(rows * BLOCKS, 3),
                       before = gaussian(rows * BLOCKS, 3);
        block_products(x.bytes, each, y.bytes, BLOCKS, INNER, 0.5f, keep ? 0.25f : 0, causal, out.bytes);
        assert_true(guarded_intact(&out));
        const float *xs = x.bytes, *ys = y.bytes, *got = out.bytes, *old = before.bytes;
        for (int64_t r = 0; r < rows; r++)
            for (int64_t j = 0; j < (causal ? r / each + 1 : BLOCKS); j++)
                assert_near(got[r * BLOCKS + j],
                            0.5 * dot(xs + r * INNER, ys + j * INNER) + (keep ? 0.25 * (double)old[r * BLOCKS + j] : 0),
                            r, j);
        guarded_free(&x);
        guarded_free(&out);
        guarded_free(&before);
    }
    guarded_free(&y);
}

/* Right of the tile of the diagonal nothing is computed: half of the time is saved. */
static void what_is_hidden_is_left(void **state)
{
    (void)state;
    struct guarded x = gaussian(BLOCKS * INNER, 1), out = gaussian(BLOCKS * BLOCKS, 3);
    struct guarded before = gaussian(BLOCKS * BLOCKS, 3);
    const float *got = out.bytes, *old = before.bytes;
    int64_t left = 0;
    block_products(x.bytes, 1, x.bytes, BLOCKS, INNER, 1, 0, true, out.bytes);
    for (int64_t e = 0; e < BLOCKS * BLOCKS; e++)
        left += got[e] == old[e];
    assert_int_equal(left, 32 * (BLOCKS - 32) + 32 * (BLOCKS - 64));
    guarded_free(&x);
    guarded_free(&out);
    guarded_free(&before);
}

static void bounds_are_what_no_key_passes(void **state)
{
    (void)state;
    struct guarded around = gaussian(BLOCKS * 2 * INNER, 2);
    for (int turn = 0; turn < 4; turn++) {
        bool causal = turn % 2;
        int64_t each = 1 + turn / 2, rows = BLOCKS * each;
        struct guarded q = gaussian(rows * INNER, 1), out = guarded_take((size_t)(rows * BLOCKS) * sizeof(float));
        struct guarded scratch = guarded_take((size_t)(rows * 2 * INNER) * sizeof(float));
        float *top = around.bytes;
        for (int64_t j = 0; j < BLOCKS; j++) /* the largest is not below the least */
            for (int c = 0; c < INNER; c++) {
                float a = top[j * 2 * INNER + c], b = top[j * 2 * INNER + INNER + c];
                top[j * 2 * INNER + c] = fmaxf(a, b);
                top[j * 2 * INNER + INNER + c] = fminf(a, b);
            }
        bound_products(q.bytes, each, around.bytes, BLOCKS, INNER, 0.5f, causal, scratch.bytes, out.bytes);
        assert_true(guarded_intact(&out) && guarded_intact(&scratch));
        const float *qs = q.bytes, *got = out.bytes;
        for (int64_t r = 0; r < rows; r++)
            for (int64_t j = 0; j < (causal ? r / each + 1 : BLOCKS); j++)
                assert_near(got[r * BLOCKS + j], 0.5 * bound(qs + r * INNER, top + j * 2 * INNER), r, j);
        guarded_free(&q);
        guarded_free(&out);
        guarded_free(&scratch);
    }
    guarded_free(&around);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_those_of_plain_loops),
        cmocka_unit_test(what_is_hidden_is_left),
        cmocka_unit_test(bounds_are_what_no_key_passes),
    };
    return cmocka_run_group_tests_name("products", tests, NULL, NULL);
}
