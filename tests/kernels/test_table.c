/* The one table of kernels: names, words, what they refuse, and the sums of their stages by formula. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_problems.h"
#include "kernels/cpu/tile.h"
#include "kernels/kernel.h"
#include "kernels/roof.h"

static void test_rows_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < kernel_count; i++) {
        const struct kernel *kernel = kernel_table[i];
        assert_true(kernel->name && kernel->family && kernel->backend && kernel->title && kernel->idea &&
                    kernel->source && kernel->unsupported && kernel->workspace && kernel->stages && kernel->launch);
        assert_ptr_equal(kernel_find(kernel->name, kernel->backend), kernel);
        assert_ptr_equal(kernel_find(kernel->name, NULL), kernel);
    }
    static const char *const wanted[] = {"naive",        "naive_blas",     "sliding", "alternating",
                                         "block_sparse", "learned_sparse", "flash"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        assert_non_null(kernel_find(wanted[i], "cpu"));
    assert_null(kernel_find("flash", "abacus"));
    assert_null(kernel_find("fla", NULL));
    assert_null(kernel_find("", NULL));
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *kernel;
        struct attention_mask mask;
        bool refused;
    } cases[] = {
        {"flash", {false, -1, -1, 0}, false},      {"naive", {true, 3, -1, 2}, false},
        {"naive_blas", {false, 3, 3, 0}, false},   {"sliding", {true, -1, -1, 0}, true},
        {"sliding", {false, -1, -1, 0}, true},     {"sliding", {false, 0, -1, 0}, false},
        {"sliding", {false, 64, 64, 3}, true},     {"alternating", {false, 64, 64, 3}, false},
        {"alternating", {false, 64, 64, 0}, true}, {"alternating", {false, -1, -1, 3}, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct attention_problem p = {3, 1, 1, 1, 8, 8, 8, DTYPE_F32, cases[i].mask, 1};
        const struct kernel *kernel = kernel_find(cases[i].kernel, "cpu");
        if ((kernel->unsupported(&p) != NULL) != cases[i].refused)
            fail_msg("%s, case %zu", cases[i].kernel, i);
        p.dtype = DTYPE_BF16;
        assert_non_null(kernel->unsupported(&p));
    }
}

struct sums {
    double flops, read, written;
};

static struct sums sum_stages(const struct kernel *kernel, const struct attention_problem *p)
{
    struct kernel_stages stages;
    struct sums sums = {0, 0, 0};
    memset(&stages, 0xee, sizeof stages); /* what was there before must not count */
    kernel->stages(p, &stages);
    assert_true(stages.count >= 1 && stages.count <= MAX_LAYERS);
    for (int i = 0; i < stages.count; i++) {
        assert_true(stages.items[i].name[0] != '\0' && memchr(stages.items[i].name, 0, sizeof stages.items[i].name));
        assert_true(stages.items[i].flops >= 0);
        assert_true(stages.items[i].bytes_read > 0 && stages.items[i].bytes_written > 0);
        sums.flops += stages.items[i].flops;
        sums.read += stages.items[i].bytes_read;
        sums.written += stages.items[i].bytes_written;
    }
    return sums;
}

/* Layers whose packed keys do not fit a core's cache whatever N is: all but those with a narrow window. */
static double layers_packed_whole(const struct attention_problem *p)
{
    const struct attention_mask *mask = &p->mask;
    int64_t left = mask->window_left, right = mask->causal ? 0 : mask->window_right;
    bool narrow = left >= 0 && right >= 0 && left <= 512 && right <= 512;
    double whole = 0;
    for (int64_t layer = 0; layer < p->layers; layer++)
        whole += !narrow || (mask->global_every > 0 && layer % mask->global_every == 0);
    return whole;
}

/* Unfused: the full square whatever the mask, and four crossings of it; fused: the pairs kept, and no square. */
static void test_stages_by_formula(void **state)
{
    (void)state;
    for (uint64_t index = 0; index < 400; index++) {
        struct drawn drawn = draw_problem(index);
        const struct attention_problem *p = &drawn.problem;
        double sequences = (double)(p->layers * p->batch), d = (double)p->head_dim;
        double square = sequences * (double)p->heads * (double)p->len_q * (double)p->len_kv;
        double q = (double)attention_q_elements(p), kv = (double)attention_kv_elements(p);
        double rows = (double)attention_rows(p);
        for (size_t i = 0; i < kernel_count; i++) {
            const struct kernel *kernel = kernel_table[i];
            if (kernel->unsupported(p))
                continue;
            struct sums sums = sum_stages(kernel, p);
            bool unfused = strncmp(kernel->family, "naive", 5) == 0;
            assert_true(sums.flops == (unfused ? 4 * d * square : attention_cost(p).flops));
            double packed = unfused ? 0 : 2 * kv / (double)p->layers * layers_packed_whole(p);
            assert_true(sums.written == 4 * (q + rows + (unfused ? 2 * square : packed)));
            assert_true(sums.read == 4 * (q + 2 * kv + (unfused ? 2 * square : packed)));
        }
    }
}

static void test_stage_names(void **state)
{
    (void)state;
    const struct attention_problem p = {4, 1, 1, 1, 8, 8, 8, DTYPE_F32, {false, 2, 2, 3}, 1};
    struct kernel_stages stages;
    kernel_find("naive", "cpu")->stages(&p, &stages);
    assert_int_equal(stages.count, 3);
    assert_string_equal(stages.items[0].name, "scores");
    assert_string_equal(stages.items[1].name, "softmax");
    assert_string_equal(stages.items[2].name, "values");
    kernel_find("flash", "cpu")->stages(&p, &stages);
    assert_int_equal(stages.count, 1);
    assert_string_equal(stages.items[0].name, "flash");
    kernel_find("alternating", "cpu")->stages(&p, &stages);
    assert_int_equal(stages.count, 4);
    assert_string_equal(stages.items[0].name, "layer 0 global");
    assert_string_equal(stages.items[2].name, "layer 2 local");
    assert_string_equal(stages.items[3].name, "layer 3 global");
}

/* Every instruction set's table is coherent, and the environment forces a lesser one but never an unknown one. */
static void test_instruction_sets(void **state)
{
    (void)state;
    static const char *const isas[] = {"c", "avx2", "avx512", "neon"};
    unsetenv("FLASHDECK_ISA");
    const char *best = cpu_isa();
    for (size_t i = 0; i < sizeof isas / sizeof isas[0]; i++) {
        const struct tile_ops *ops = tile_ops_named(isas[i]);
        setenv("FLASHDECK_ISA", isas[i], 1);
        assert_string_equal(cpu_isa(), ops ? isas[i] : best);
        if (!ops)
            continue;
        assert_int_equal(cpu_vector_floats(), ops->vector_floats);
        assert_int_equal(QUERY_TILE % ops->rows, 0);
        assert_int_equal(KEY_TILE % ops->keys, 0);
        assert_int_equal(ops->keys % ops->vector_floats, 0);
    }
    setenv("FLASHDECK_ISA", "mmx", 1);
    assert_string_equal(cpu_isa(), best);
    unsetenv("FLASHDECK_ISA");
    assert_non_null(tile_ops_named("c"));
    assert_null(tile_ops_named("mmx"));
}

static void test_roofs(void **state)
{
    (void)state;
    double once = roof_fma(1, 100);
    assert_true(once > 0);
    assert_true(roof_fma(1, 300) == 3 * once);
    assert_true(roof_fma(2, 100) == 2 * once);
    enum { BYTES = 64 * 1001 };
    char *from = aligned_alloc(64, BYTES), *to = aligned_alloc(64, BYTES);
    assert_true(from && to);
    for (int i = 0; i < BYTES; i++)
        from[i] = (char)(i * 7 + i / 251);
    for (int threads = 1; threads <= 3; threads++)
        for (int non_temporal = 0; non_temporal < 2; non_temporal++) {
            memset(to, 0, BYTES);
            assert_true(roof_copy(threads, to, from, BYTES, non_temporal) == 2.0 * BYTES);
            assert_memory_equal(to, from, BYTES);
        }
    free(from);
    free(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_complete), cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_stages_by_formula), cmocka_unit_test(test_stage_names),
        cmocka_unit_test(test_instruction_sets),  cmocka_unit_test(test_roofs),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
