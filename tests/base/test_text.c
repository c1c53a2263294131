/* Strings that grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void empty_is_the_empty_string(void **state)
{
    (void)state;
    struct text text = {0};
    char *taken = text_take(&text);
    assert_string_equal(taken, "");
    free(taken);
    assert_null(text.bytes);
    assert_int_equal(text.length, 0);
}

static void pieces_are_joined(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, "flash");
    text_format(&text, " %d of %s", 3, "five");
    text_add_bytes(&text, ", and more", 5);
    assert_string_equal(text.bytes, "flash 3 of five, and");
    assert_int_equal(text.length, strlen("flash 3 of five, and"));
    text_free(&text);
    assert_null(text.bytes);
}

static void bytes_of_any_value_are_kept(void **state)
{
    (void)state;
    struct text text = {0};
    text_add_bytes(&text, "a\0b", 3);
    assert_int_equal(text.length, 3);
    assert_memory_equal(text.bytes, "a\0b", 4);
    text_free(&text);
}

static void it_grows_over_many_sizes(void **state)
{
    (void)state;
    struct text text = {0};
    for (int i = 0; i < 20000; i++)
        text_format(&text, "%c", 'a' + i % 26);
    assert_int_equal(text.length, 20000);
    assert_int_equal(strlen(text.bytes), 20000);
    for (int i = 0; i < 20000; i++)
        assert_int_equal(text.bytes[i], 'a' + i % 26);
    char *taken = text_take(&text);
    text_add(&text, "again"); /* usable after it was emptied */
    assert_string_equal(text.bytes, "again");
    text_free(&text);
    free(taken);
}

static void a_failed_text_gives_nothing(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, "half");
    text.failed = true; /* as an allocation would leave it */
    text_add(&text, " a sentence");
    assert_string_equal(text.bytes, "half");
    assert_null(text_take(&text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_is_the_empty_string),   cmocka_unit_test(pieces_are_joined),
        cmocka_unit_test(bytes_of_any_value_are_kept), cmocka_unit_test(it_grows_over_many_sizes),
        cmocka_unit_test(a_failed_text_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
