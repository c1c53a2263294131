/* Flags: every type, every way to give them, every way to get them wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/options.h"

static struct {
    bool flag, help;
    const char *text;
    double number;
    int64_t count;
    struct option_texts texts, rest;
    struct diags diags;
} got;

static const struct option table[] = {
    {"--quiet", NULL, OPTION_FLAG, &got.flag, NULL, "no words"},
    {"--out", "-o", OPTION_TEXT, &got.text, "FILE", "where to"},
    {"--time", NULL, OPTION_NUMBER, &got.number, "SECONDS", "how long"},
    {"--count", NULL, OPTION_COUNT, &got.count, "N", "how many"},
    {"--axis", "-a", OPTION_TEXTS, &got.texts, "AXIS", "what"},
    {0},
};

static enum status read_words(bool with_rest, const char *const *words)
{
    char *argv[40] = {"bench"};
    int argc = 1;
    diags_free(&got.diags);
    memset(&got, 0, sizeof got);
    for (; *words; words++)
        argv[argc++] = (char *)*words;
    return options_read(argc, argv, table, with_rest ? &got.rest : NULL, &got.help, &got.diags);
}
#define READ(...) read_words(true, (const char *const[]){__VA_ARGS__, NULL})

static void both_ways_to_give_a_value(void **state)
{
    (void)state;
    assert_int_equal(READ("--out=a.json", "--time=0.5", "--count", "7", "--quiet"), STATUS_OK);
    assert_string_equal(got.text, "a.json");
    assert_true(got.number == 0.5);
    assert_int_equal(got.count, 7);
    assert_true(got.flag);
    assert_int_equal(READ("-o", "b.json", "--out=", "-a", "N=1", "--axis=d=64", "-a", "-x"), STATUS_OK);
    assert_string_equal(got.text, "");
    assert_int_equal(got.texts.count, 3);
    assert_string_equal(got.texts.texts[1], "d=64");
    assert_string_equal(got.texts.texts[2], "-x"); /* a filter may begin with one dash */
    assert_int_equal(READ("file", "--quiet", "other"), STATUS_OK);
    assert_int_equal(got.rest.count, 2);
    assert_string_equal(got.rest.texts[1], "other");
}

static void help_wins(void **state)
{
    (void)state;
    assert_int_equal(READ("--nonsense", "--help"), STATUS_OK);
    assert_true(got.help);
    assert_int_equal(READ("-h"), STATUS_OK);
    assert_true(got.help);
    char *bytes = NULL;
    size_t length;
    FILE *stream = open_memstream(&bytes, &length);
    options_help("flashdeck bench [FLAGS]", table, stream);
    fclose(stream);
    for (const struct option *option = table; option->name; option++) {
        assert_non_null(strstr(bytes, option->name));
        assert_non_null(strstr(bytes, option->help));
    }
    free(bytes);
}

static void every_fault_is_said_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *word, *what, *remedy;
    } bad[] = {
        {"--quite", "no flag --quite", "--quiet"},
        {"--zzzzzzzzzzzz", "no flag", "--help"},
        {"--quiet=yes", "takes no value", NULL},
        {"--out", "needs a value: FILE", NULL},
        {"--time=abc", "not a number", NULL},
        {"--time=-1", "not a number", NULL},
        {"--time=nan", "not a number", NULL},
        {"--time=inf", "not a number", NULL},
        {"--time=1e999", "not a number", NULL},
        {"--time=", "not a number", NULL},
        {"--count=1.5", "not a number", NULL},
        {"--count=-1", "not a number", NULL},
        {"--count=99999999999999999999", "not a number", NULL},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(READ(bad[i].word), STATUS_BAD_INPUT);
        assert_int_equal(got.diags.errors, 1);
        assert_non_null(strstr(got.diags.items[0].what, bad[i].what));
        if (bad[i].remedy)
            assert_non_null(strstr(got.diags.items[0].remedy, bad[i].remedy));
    }
    assert_int_equal(READ("--quite", "--time=abc", "--count=x"), STATUS_BAD_INPUT);
    assert_int_equal(got.diags.errors, 3);
    assert_int_equal(READ("--out", "--quiet"), STATUS_BAD_INPUT); /* a flag is no value of another */
    assert_true(got.flag);
    assert_int_equal(read_words(false, (const char *const[]){"file", NULL}), STATUS_BAD_INPUT);
    assert_non_null(strstr(got.diags.items[0].what, "one word too many"));
    diags_free(&got.diags);
}

static void sixteen_times_and_no_more(void **state)
{
    (void)state;
    const char *words[18] = {0};
    for (int i = 0; i < 16; i++)
        words[i] = "--axis=N=1";
    assert_int_equal(read_words(true, words), STATUS_OK);
    assert_int_equal(got.texts.count, 16);
    words[16] = "--axis=N=1";
    assert_int_equal(read_words(true, words), STATUS_BAD_INPUT);
    diags_free(&got.diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_to_give_a_value),
        cmocka_unit_test(help_wins),
        cmocka_unit_test(every_fault_is_said_at_once),
        cmocka_unit_test(sixteen_times_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
