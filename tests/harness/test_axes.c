/* Every form of an axis, and every way to get one wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/axes.h"

static struct axes axes; /* large: not on the stack of each test */

static void expect_numbers(const char *text, enum axis axis, int count, const int64_t *numbers)
{
    struct diags diags = {0};
    memset(&axes, 0, sizeof axes);
    enum status status = axes_parse(&axes, text, NULL, 0, &diags);
    if (status != STATUS_OK)
        fail_msg("'%s' was refused: %s", text, diags.items[0].what);
    assert_int_equal(axes.axis[axis].count, count);
    for (int i = 0; i < count; i++)
        assert_int_equal(axes.axis[axis].numbers[i], numbers[i]);
    for (int other = 0; other < AXES; other++)
        if (other != (int)axis)
            assert_int_equal(axes.axis[other].count, 0);
    assert_int_equal(diags.count, 0);
}

#define NUMBERS(text, axis, ...)                                                                                       \
    expect_numbers(text, axis, sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t), (int64_t[]){__VA_ARGS__})

static void numbers_in_all_their_forms(void **state)
{
    (void)state;
    NUMBERS("N=1024", AXIS_N, 1024);
    NUMBERS("N=1024,4096", AXIS_N, 1024, 4096);
    NUMBERS("N=2^[9:13]", AXIS_N, 512, 1024, 2048, 4096, 8192);
    NUMBERS("N[pow2]=[9:13]", AXIS_N, 512, 1024, 2048, 4096, 8192);
    NUMBERS("N[pow2]=9,11", AXIS_N, 512, 2048);
    NUMBERS("N=[256:1024:256]", AXIS_N, 256, 512, 768, 1024);
    NUMBERS("N=[256:1000:256]", AXIS_N, 256, 512, 768);
    NUMBERS("N=[3:5]", AXIS_N, 3, 4, 5);
    NUMBERS("N=[7:7]", AXIS_N, 7);
    NUMBERS("N=2^[9:13:2]", AXIS_N, 512, 2048, 8192);
    NUMBERS("N=100,2^[3:4],[1:2]", AXIS_N, 100, 8, 16, 1, 2);
    NUMBERS("N=0", AXIS_N, 0); /* an axis is only numbers; whether they make a problem is asked later */
    NUMBERS("N=9223372036854775807", AXIS_N, INT64_MAX);
    NUMBERS("N=[9223372036854775805:9223372036854775807:2]", AXIS_N, INT64_MAX - 2, INT64_MAX);
    NUMBERS("N=2^[40:40]", AXIS_N, (int64_t)1 << 40);
}

static void each_axis_by_its_name(void **state)
{
    (void)state;
    NUMBERS("Nq=5", AXIS_NQ, 5);
    NUMBERS("Nkv=6", AXIS_NKV, 6);
    NUMBERS("d=64", AXIS_D, 64);
    NUMBERS("heads=8", AXIS_HEADS, 8);
    NUMBERS("kv_heads=2", AXIS_KV_HEADS, 2);
    NUMBERS("batch=3", AXIS_BATCH, 3);
    NUMBERS("layers=22", AXIS_LAYERS, 22);
    NUMBERS("threads=1,2", AXIS_THREADS, 1, 2);
}

static void words_are_kept(void **state)
{
    (void)state;
    struct diags diags = {0};
    memset(&axes, 0, sizeof axes);
    assert_int_equal(axes_parse(&axes, "kernel=flash,naive_blas", NULL, 0, &diags), STATUS_OK);
    assert_int_equal(
        axes_parse(&axes, "mask=full,causal,w64_64,causal_w255,w64_64_g3,w8_inf,causal_a1_8_b64", NULL, 0, &diags),
        STATUS_OK);
    assert_int_equal(axes.axis[AXIS_KERNEL].count, 2);
    assert_string_equal(axes.axis[AXIS_KERNEL].words[0], "flash");
    assert_string_equal(axes.axis[AXIS_KERNEL].words[1], "naive_blas");
    assert_int_equal(axes.axis[AXIS_MASK].count, 7);
    assert_string_equal(axes.axis[AXIS_MASK].words[4], "w64_64_g3");
}

static void a_second_of_a_name_replaces_the_first(void **state)
{
    (void)state;
    struct diags diags = {0};
    memset(&axes, 0, sizeof axes);
    assert_int_equal(axes_parse(&axes, "N=1,2,3", NULL, 0, &diags), STATUS_OK);
    assert_int_equal(axes_parse(&axes, "d=8", NULL, 0, &diags), STATUS_OK);
    assert_int_equal(axes_parse(&axes, "N=9", NULL, 0, &diags), STATUS_OK);
    assert_int_equal(axes.axis[AXIS_N].count, 1);
    assert_int_equal(axes.axis[AXIS_N].numbers[0], 9);
    assert_int_equal(axes.axis[AXIS_D].count, 1);
}

static void each_bad_form_is_refused_with_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what, *remedy;
    } bad[] = {
        {"", "NAME=VALUES", "An axis reads"},
        {"=", "NAME=VALUES", "An axis reads"},
        {"=5", "NAME=VALUES", "An axis reads"},
        {"N", "NAME=VALUES", "An axis reads"},
        {"N[pow3]=4", "NAME=VALUES", "An axis reads"},
        {"N[pow2]", "NAME=VALUES", "An axis reads"},
        {"N=", "whole number", "An axis reads"},
        {"N=,", "whole number", "An axis reads"},
        {"N=1,", "whole number", "An axis reads"},
        {"N=1,,2", "whole number", "An axis reads"},
        {"N=-1", "whole number", "An axis reads"},
        {"N=+1", "whole number", "An axis reads"},
        {"N= 1", "whole number", "An axis reads"},
        {"N=abc", "whole number", "An axis reads"},
        {"N=1.5", "commas", "An axis reads"},
        {"N=1e3", "commas", "An axis reads"},
        {"N=1024;2048", "commas", "An axis reads"},
        {"N=0x10", "commas", "An axis reads"},
        {"N=9223372036854775808", "whole number", "An axis reads"},
        {"N=[", "[first:last]", "An axis reads"},
        {"N=[1", "[first:last]", "An axis reads"},
        {"N=[1:", "[first:last]", "An axis reads"},
        {"N=[1:2", "[first:last]", "An axis reads"},
        {"N=[1:2:", "[first:last]", "An axis reads"},
        {"N=[1:2:]", "[first:last]", "An axis reads"},
        {"N=[1:2:0]", "[first:last]", "An axis reads"},
        {"N=[2:1]", "[first:last]", "An axis reads"},
        {"N=[1:2:3:4]", "[first:last]", "An axis reads"},
        {"N=[1:2]3", "commas", "An axis reads"},
        {"N=[1:1000]", "more than 64", "An axis reads"},
        {"N=[0:9223372036854775807]", "more than 64", "An axis reads"},
        {"N=2^[9:13", "[first:last]", "An axis reads"},
        {"N=2^[40:41]", "2^40", "An axis reads"},
        {"N=2^[9:9223372036854775807:9223372036854775000]", "2^40", "An axis reads"},
        {"kernel=", "empty or too long", "An axis reads"},
        {"kernel=flash,", "empty or too long", "An axis reads"},
        {"kernel=,flash", "empty or too long", "An axis reads"},
        {"kernel=abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "empty or too long", "An axis reads"},
        {"kernel[pow2]=flash", "powers of two", "An axis reads"},
        {"mask=causa", "label of a mask", "Masks: full, causal"},
        {"mask=causal_a1_b64", "label of a mask", "_a1_8_b64"},
        {"mask=causal_a1_8_b0", "label of a mask", "_a1_8_b64"},
        {"mask=a1_8_b64", "label of a mask", "Masks: full, causal"},
        {"mask=w64", "label of a mask", "Masks: full, causal"},
        {"mask=w-2_3", "label of a mask", "Masks: full, causal"},
        {"n=5", "no such axis", "Did you mean"},
        {"head=5", "no such axis", "heads"},
        {"kernels=flash", "no such axis", "kernel"},
        {"completely_other=5", "no such axis", "Axes: kernel, mask, dtype, N"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct diags diags = {0};
        memset(&axes, 0, sizeof axes);
        enum status status = axes_parse(&axes, bad[i].text, "preset", 7, &diags);
        if (status != STATUS_BAD_INPUT || diags.errors != 1 || !strstr(diags.items[0].what, bad[i].what) ||
            !strstr(diags.items[0].remedy, bad[i].remedy))
            fail_msg("'%s': status %d, '%s', '%s'", bad[i].text, status, diags.count ? diags.items[0].what : "",
                     diags.count && diags.items[0].remedy ? diags.items[0].remedy : "");
        assert_string_equal(diags.items[0].file, "preset");
        assert_int_equal(diags.items[0].line, 7);
        diags_free(&diags);
    }
}

static void sixty_four_values_and_no_more(void **state)
{
    (void)state;
    struct diags diags = {0};
    char numbers[400] = "N=1", words[400] = "kernel=a";
    for (int i = 1; i < 64; i++) {
        strcat(numbers, ",1");
        strcat(words, ",a");
    }
    memset(&axes, 0, sizeof axes);
    assert_int_equal(axes_parse(&axes, numbers, NULL, 0, &diags), STATUS_OK);
    assert_int_equal(axes_parse(&axes, words, NULL, 0, &diags), STATUS_OK);
    assert_int_equal(axes.axis[AXIS_N].count, 64);
    assert_int_equal(axes.axis[AXIS_KERNEL].count, 64);
    strcat(numbers, ",1");
    strcat(words, ",a");
    assert_int_equal(axes_parse(&axes, numbers, NULL, 0, &diags), STATUS_BAD_INPUT);
    assert_int_equal(axes_parse(&axes, words, NULL, 0, &diags), STATUS_BAD_INPUT);
    assert_int_equal(diags.errors, 2);
    diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_in_all_their_forms),
        cmocka_unit_test(each_axis_by_its_name),
        cmocka_unit_test(words_are_kept),
        cmocka_unit_test(a_second_of_a_name_replaces_the_first),
        cmocka_unit_test(each_bad_form_is_refused_with_words),
        cmocka_unit_test(sixty_four_values_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
