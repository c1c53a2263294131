/* From axes, presets and filters to cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/data_path.h"
#include "harness/preset.h"
#include "help_fakes.h"
#include "kernels/block_mask.h"

/* Axes from words; NULL ends the list. */
static struct axes *axes_of(const char *const *texts)
{
    static struct axes axes;
    struct diags diags = {0};
    memset(&axes, 0, sizeof axes);
    for (; *texts; texts++)
        assert_int_equal(axes_parse(&axes, *texts, NULL, 0, &diags), STATUS_OK);
    return &axes;
}
#define AXES_OF(...) axes_of((const char *const[]){__VA_ARGS__, NULL})

static void expect_fault(struct diags *diags, const char *what, const char *remedy)
{
    assert_true(diags->errors >= 1);
    if (!strstr(diags->items[0].what, what))
        fail_msg("'%s' does not say '%s'", diags->items[0].what, what);
    if (remedy && (!diags->items[0].remedy || !strstr(diags->items[0].remedy, remedy)))
        fail_msg("'%s' does not say '%s'", diags->items[0].remedy ? diags->items[0].remedy : "", remedy);
    diags_free(diags);
}

static void products_have_every_combination_once(void **state)
{
    (void)state;
    struct plan plan = {0};
    struct diags diags = {0};
    struct axes *axes = AXES_OF("kernel=right,staged", "N=16,32,64", "d=8,16", "threads=1,2");
    assert_int_equal(plan_add(&plan, axes, fake_kernels(), &diags), STATUS_OK);
    assert_int_equal(plan.count, 2 * 3 * 2 * 2);
    for (size_t i = 0; i < plan.count; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(plan.cases[i].kernel == plan.cases[j].kernel &&
                         plan.cases[i].threads == plan.cases[j].threads &&
                         plan.cases[i].problem.len_kv == plan.cases[j].problem.len_kv &&
                         plan.cases[i].problem.head_dim == plan.cases[j].problem.head_dim);
    assert_int_equal(plan.left_out, 0);
    assert_int_equal(plan_add(&plan, axes, fake_kernels(), &diags), STATUS_OK); /* the same again */
    assert_int_equal(plan.count, 24);
    plan_free(&plan);
    assert_int_equal(plan.count, 0);
}

static void axes_that_are_not_given_have_their_defaults(void **state)
{
    (void)state;
    struct plan plan = {0};
    struct diags diags = {0};
    assert_int_equal(plan_add(&plan, AXES_OF("kernel=right"), fake_kernels(), &diags), STATUS_OK);
    assert_int_equal(plan.count, 1);
    const struct attention_problem *p = &plan.cases[0].problem;
    assert_int_equal(p->layers, 1);
    assert_int_equal(p->batch, 1);
    assert_int_equal(p->heads, 8);
    assert_int_equal(p->kv_heads, 8);
    assert_int_equal(p->len_q, 1024);
    assert_int_equal(p->len_kv, 1024);
    assert_int_equal(p->head_dim, 64);
    assert_false(p->mask.causal);
    assert_int_equal(p->mask.window_left, -1);
    assert_true(p->scale == 0.125f);
    assert_true(plan.cases[0].threads >= 1);
    plan_free(&plan);
}

static void each_axis_reaches_its_place(void **state)
{
    (void)state;
    struct plan plan = {0};
    struct diags diags = {0};
    assert_int_equal(plan_add(&plan,
                              AXES_OF("kernel=right", "N=32", "Nq=7", "d=16", "heads=6", "kv_heads=3", "batch=2",
                                      "layers=4", "threads=3", "mask=w5_2_g3"),
                              fake_kernels(), &diags),
                     STATUS_OK);
    const struct attention_problem *p = &plan.cases[0].problem;
    assert_int_equal(p->len_q, 7);
    assert_int_equal(p->len_kv, 32);
    assert_int_equal(p->head_dim, 16);
    assert_int_equal(p->heads, 6);
    assert_int_equal(p->kv_heads, 3);
    assert_int_equal(p->batch, 2);
    assert_int_equal(p->layers, 4);
    assert_int_equal(p->mask.window_left, 5);
    assert_int_equal(p->mask.window_right, 2);
    assert_int_equal(p->mask.global_every, 3);
    assert_int_equal(plan.cases[0].threads, 3);
    assert_true(p->scale == 0.25f);
    plan_free(&plan);
}

static void what_a_kernel_does_not_do_is_left_out_with_the_reason(void **state)
{
    (void)state;
    struct plan plan = {0};
    struct diags diags = {0};
    struct axes *axes = AXES_OF("kernel=right,picky", "mask=full,causal", "N=16,32");
    assert_int_equal(plan_add(&plan, axes, fake_kernels(), &diags), STATUS_OK);
    assert_int_equal(plan.count, 6);
    assert_int_equal(plan.left_out, 2);
    assert_string_equal(plan.left_out_reason, "this fake does no causal mask");
    plan_free(&plan);
}

static void bad_problems_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *axis, *what;
    } bad[] = {
        {"N=0", "len_q is 0"},          {"d=0", "head_dim is 0"},    {"d=12", "multiple of 8"},
        {"d=264", "at most 256"},       {"heads=0", "heads is 0"},   {"kv_heads=3", "does not divide"},
        {"batch=0", "batch is 0"},      {"layers=65", "at most 64"}, {"threads=0", "threads is 0"},
        {"threads=9999", "threads is"}, {"Nkv=0", "len_kv is 0"},    {"N=9223372036854775807", "63 bits"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct plan plan = {0};
        struct diags diags = {0};
        assert_int_equal(plan_add(&plan, AXES_OF(bad[i].axis), fake_kernels(), &diags), STATUS_BAD_INPUT);
        expect_fault(&diags, bad[i].what, NULL);
        plan_free(&plan);
    }
    struct plan plan = {0};
    struct diags diags = {0};
    struct axes *many = AXES_OF("N=[1:64]", "d=[8:512:8]", "heads=[1:64]");
    assert_int_equal(plan_add(&plan, many, fake_kernels(), &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "262144 problems", "fewer");
    plan_free(&plan);
}

static void unknown_names_offer_the_nearest(void **state)
{
    (void)state;
    struct plan plan = {0};
    struct diags diags = {0};
    struct axes none = {0};
    assert_int_equal(plan_add(&plan, AXES_OF("kernel=flsh,naiv"), plan_kernels(), &diags), STATUS_BAD_INPUT);
    assert_int_equal(diags.errors, 2); /* both at once */
    assert_non_null(strstr(diags.items[1].remedy, "naive"));
    expect_fault(&diags, "no kernel 'flsh'", "Did you mean flash");
    assert_int_equal(plan_add(&plan, AXES_OF("kernel=zzzzzzzzzzzz"), plan_kernels(), &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "no kernel", "flashdeck list");
    assert_int_equal(plan_add_preset(&plan, "quik", &none, plan_kernels(), &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "no preset 'quik'", "quick");
    assert_int_equal(plan_add_preset(&plan, "", &none, plan_kernels(), &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "no preset", NULL);
    assert_int_equal(plan_add_preset(&plan, "../presets/quick", &none, plan_kernels(), &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "no preset", NULL);
    char longest[3000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(plan_add_preset(&plan, longest, &none, plan_kernels(), &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "no preset", NULL);
    assert_int_equal(plan.count, 0);
    plan_free(&plan);
}

static void every_preset_gives_cases(void **state)
{
    (void)state;
    static struct axes none;
    size_t count;
    char **names = data_names("harness/presets", ".yml", &count);
    assert_true(count >= 5);
    for (size_t i = 0; i < count; i++) {
        struct plan plan = {0};
        struct diags diags = {0};
        struct preset *preset;
        if (plan_add_preset(&plan, names[i], &none, plan_kernels(), &diags) != STATUS_OK)
            fail_msg("preset %s: %s", names[i], diags.items[0].what);
        assert_true(plan.count >= 3);
        /* figure2 counts whatever the simulator has: it names no kernel. */
        if (plan.left_out && strcmp(names[i], "figure2") != 0)
            fail_msg("preset %s asks for what is left out: %s", names[i], plan.left_out_reason);
        assert_int_equal(preset_read(names[i], &preset, &diags), STATUS_OK);
        assert_true(strlen(preset->description) > 20);
        preset_free(preset);
        plan_free(&plan);
    }
    data_names_free(names, count);
}

static void axes_of_the_user_replace_those_of_a_preset(void **state)
{
    (void)state;
    struct plan plan = {0};
    struct diags diags = {0};
    assert_int_equal(plan_add_preset(&plan, "quick", AXES_OF("N=128", "kernel=flash"), plan_kernels(), &diags),
                     STATUS_OK);
    assert_true(plan.count >= 1);
    for (size_t i = 0; i < plan.count; i++) {
        assert_int_equal(plan.cases[i].problem.len_kv, 128);
        assert_string_equal(plan.cases[i].kernel->name, "flash");
    }
    plan_free(&plan);
}

static void write_preset(const char *content)
{
    FILE *file = fopen("plan-data/harness/presets/mine.yml", "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static void broken_presets_are_refused_with_their_file(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",
        "description: only words\n",
        "description: x\ngroups: 5\n",
        "description: x\ngroups:\n  - axes: []\n",
        "description: x\ngroups:\n  - axes: [\"N=1\"]\nunknown: 3\n",
        "description: x\ngroups:\n  - axes: [\"N=1\"\n",
        "description: x\ngroups:\n  - axes: [\"N=abc\"]\n",
        "\x01\x02\x03",
        "- a\n- b\n",
    };
    struct axes none = {0};
    mkdir("plan-data", 0777);
    mkdir("plan-data/harness", 0777);
    mkdir("plan-data/harness/presets", 0777);
    setenv("FLASHDECK_DATA", "plan-data", 1);
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct plan plan = {0};
        struct diags diags = {0};
        write_preset(broken[i]);
        if (plan_add_preset(&plan, "mine", &none, plan_kernels(), &diags) != STATUS_BAD_INPUT)
            fail_msg("taken: %s", broken[i]);
        assert_non_null(strstr(diags.items[0].file, "mine"));
        diags_free(&diags);
        plan_free(&plan);
    }
    struct plan plan = {0};
    struct diags diags = {0};
    write_preset("description: good\ngroups:\n  - axes: [\"kernel=flash\", \"N=64,128\"]\n");
    assert_int_equal(plan_add_preset(&plan, "mine", &none, plan_kernels(), &diags), STATUS_OK);
    assert_int_equal(plan.count, 2);
    plan_free(&plan);
    unsetenv("FLASHDECK_DATA");
    unlink("plan-data/harness/presets/mine.yml");
    rmdir("plan-data/harness/presets");
    rmdir("plan-data/harness");
    rmdir("plan-data");
}

static size_t filtered(const char *expression)
{
    struct plan plan = {0};
    struct diags diags = {0};
    assert_int_equal(
        plan_add(&plan, AXES_OF("kernel=right,staged", "N=16,32", "mask=full,causal"), fake_kernels(), &diags),
        STATUS_OK);
    enum status status = plan_filter(&plan, expression, &diags);
    size_t count = plan.count;
    assert_int_equal(status, count ? STATUS_OK : STATUS_BAD_INPUT);
    assert_int_equal(diags.errors, count ? 0 : 1);
    diags_free(&diags);
    plan_free(&plan);
    return count;
}

static void filters_keep_or_drop_by_name(void **state)
{
    (void)state;
    assert_int_equal(filtered("right"), 4);
    assert_int_equal(filtered("-right"), 4);
    assert_int_equal(filtered("N:16/"), 4);
    assert_int_equal(filtered("^right.*causal.*N:32"), 1);
    assert_int_equal(filtered("-^right.*causal.*N:32"), 7);
    assert_int_equal(filtered("right|staged"), 8);
    assert_int_equal(filtered("."), 8);
    assert_int_equal(filtered("-."), 0);
    assert_int_equal(filtered("nothing_of_the_kind"), 0);
}

static void a_filter_that_cannot_be_read_is_refused(void **state)
{
    (void)state;
    struct plan plan = {0};
    struct diags diags = {0};
    assert_int_equal(plan_add(&plan, AXES_OF("kernel=right"), fake_kernels(), &diags), STATUS_OK);
    assert_int_equal(plan_filter(&plan, "flash(", &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "cannot be read", "POSIX");
    assert_int_equal(plan_filter(&plan, "[", &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "cannot be read", "POSIX");
    plan_free(&plan);
}

static void a_record_is_a_plan_too(void **state)
{
    (void)state;
    struct record record;
    struct plan plan = {0};
    struct diags diags = {0};
    fake_record(&record);
    assert_int_equal(plan_add_record(&plan, &record, plan_kernels(), &diags), STATUS_OK);
    assert_int_equal(plan.count, record.case_count);
    for (size_t i = 0; i < plan.count; i++) {
        assert_string_equal(plan.cases[i].kernel->name, record.cases[i].kernel);
        assert_memory_equal(&plan.cases[i].problem, &record.cases[i].problem, sizeof plan.cases[i].problem);
        assert_int_equal(plan.cases[i].threads, record.cases[i].threads);
    }
    fake_case(&record, "vanished", "full", 64, 1);
    assert_int_equal(plan_add_record(&plan, &record, plan_kernels(), &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "'vanished' is not in this program", "without --resume");
    plan_free(&plan);
    record_free(&record);
}

static void block_masks_are_built_once_and_shared(void **state)
{
    (void)state;
    struct plan plan = {0};
    struct diags diags = {0};
    struct axes *axes =
        AXES_OF("kernel=right,staged", "N=64,128", "heads=1,2", "mask=causal_a1_2_b16,full_l1_b16,causal");
    assert_int_equal(plan_add(&plan, axes, fake_kernels(), &diags), STATUS_OK);
    assert_int_equal(plan_add(&plan, axes, fake_kernels(), &diags), STATUS_OK); /* the same again */
    assert_int_equal(plan.count, 2 * 2 * 2 * 3);
    assert_int_equal(plan.mask_count, 2 * 2);
    for (size_t i = 0; i < plan.count; i++) {
        const struct attention_problem *p = &plan.cases[i].problem;
        const struct block_mask *blocks = p->mask.blocks;
        char label[64];
        attention_mask_label(&p->mask, label, sizeof label);
        if (strcmp(label, "causal") == 0) {
            assert_null(blocks);
            continue;
        }
        bool local = strcmp(label, "full_l1_b16") == 0;
        assert_true(local || strcmp(label, "causal_a1_2_b16") == 0);
        assert_true(p->mask.causal != local);
        assert_int_equal(blocks->rows, p->len_q / 16);
        assert_int_equal(blocks->entries, local ? blocks->rows : 3 * blocks->rows - 3);
    }
    plan_free(&plan);
    assert_int_equal(plan.mask_count, 0);
    assert_int_equal(plan_add(&plan, AXES_OF("kernel=right", "N=1048576", "mask=full_l1_b1"), fake_kernels(), &diags),
                     STATUS_BAD_INPUT);
    expect_fault(&diags, "1048576 x 1048576 blocks", "larger blocks");
    assert_int_equal(plan_add(&plan, AXES_OF("kernel=right", "N=0", "mask=full_l1_b1"), fake_kernels(), &diags),
                     STATUS_BAD_INPUT);
    expect_fault(&diags, "len_q is 0", NULL);
    plan_free(&plan);
}

/* A record holds a block mask's label only: --resume makes the mask anew. */
static void a_records_block_masks_are_made_anew(void **state)
{
    (void)state;
    struct record record;
    struct plan plan = {0};
    struct diags diags = {0};
    fake_record(&record);
    struct record_case *c = &record.cases[0];
    free(c->mask);
    c->mask = strdup("causal_a1_2_b16");
    assert_int_equal(plan_add_record(&plan, &record, plan_kernels(), &diags), STATUS_OK);
    const struct attention_mask *mask = &plan.cases[0].problem.mask;
    assert_non_null(mask->blocks);
    assert_true(mask->causal);
    assert_string_equal(mask->blocks->label, "a1_2_b16");
    assert_int_equal(mask->blocks->columns, (c->problem.len_kv - 1) / 16 + 1);
    assert_null(plan.cases[1].problem.mask.blocks);
    free(c->mask);
    c->mask = strdup("causal_blocks"); /* someone's own: not in the record */
    assert_int_equal(plan_add_record(&plan, &record, plan_kernels(), &diags), STATUS_BAD_INPUT);
    expect_fault(&diags, "'causal_blocks' cannot be made from its label", NULL);
    plan_free(&plan);
    record_free(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_have_every_combination_once),
        cmocka_unit_test(axes_that_are_not_given_have_their_defaults),
        cmocka_unit_test(each_axis_reaches_its_place),
        cmocka_unit_test(what_a_kernel_does_not_do_is_left_out_with_the_reason),
        cmocka_unit_test(bad_problems_are_refused),
        cmocka_unit_test(unknown_names_offer_the_nearest),
        cmocka_unit_test(every_preset_gives_cases),
        cmocka_unit_test(axes_of_the_user_replace_those_of_a_preset),
        cmocka_unit_test(broken_presets_are_refused_with_their_file),
        cmocka_unit_test(filters_keep_or_drop_by_name),
        cmocka_unit_test(a_filter_that_cannot_be_read_is_refused),
        cmocka_unit_test(a_record_is_a_plan_too),
        cmocka_unit_test(block_masks_are_built_once_and_shared),
        cmocka_unit_test(a_records_block_masks_are_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
