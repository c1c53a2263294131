/* Faults and warnings: collected, counted, printed for a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/diag.h"
#include "base/status.h"

static char *printed(const struct diags *diags)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&bytes, &length);
    assert_non_null(stream);
    diags_print(diags, stream);
    fclose(stream);
    return bytes;
}

static void each_part_is_printed_where_it_is_known(void **state)
{
    (void)state;
    struct diags diags = {0};
    diags_error(&diags, "deck.md", 12, "Close it with ```.", "the fence of line %d is open", 9);
    diags_error(&diags, "record.json", 0, NULL, "not JSON");
    diags_warn(&diags, NULL, 0, "Wait for it.", "the machine is busy");
    assert_int_equal(diags.errors, 2);
    assert_int_equal(diags.count, 3);
    char *text = printed(&diags);
    assert_string_equal(text, "deck.md:12: error: the fence of line 9 is open\n    Close it with ```.\n"
                              "record.json: error: not JSON\n"
                              "warning: the machine is busy\n    Wait for it.\n");
    free(text);
    diags_free(&diags);
    assert_int_equal(diags.count, 0);
    assert_int_equal(diags.errors, 0);
}

static void strings_are_copied(void **state)
{
    (void)state;
    struct diags diags = {0};
    char file[] = "one", remedy[] = "two", what[] = "three";
    diags_error(&diags, file, 1, remedy, "%s", what);
    memset(file, 'x', 3);
    memset(remedy, 'x', 3);
    memset(what, 'x', 5);
    char *text = printed(&diags);
    assert_string_equal(text, "one:1: error: three\n    two\n");
    free(text);
    diags_free(&diags);
}

static void many_keep_their_order(void **state)
{
    (void)state;
    struct diags diags = {0};
    for (int i = 1; i <= 100; i++)
        diags_error(&diags, "f", i, NULL, "fault %d", i);
    assert_int_equal(diags.errors, 100);
    for (int i = 1; i <= 100; i++)
        assert_int_equal(diags.items[i - 1].line, i);
    diags_free(&diags);
    diags_error(&diags, NULL, 0, NULL, "usable after it was freed");
    assert_int_equal(diags.count, 1);
    diags_free(&diags);
}

static void each_status_has_its_exit_code(void **state)
{
    (void)state;
    assert_int_equal(status_exit_code(STATUS_OK), 0);
    assert_int_equal(status_exit_code(STATUS_BAD_INPUT), 2);
    assert_int_equal(status_exit_code(STATUS_UNSUPPORTED), 2);
    assert_int_equal(status_exit_code(STATUS_NO_MEMORY), 2);
    assert_int_equal(status_exit_code(STATUS_IO), 2);
    assert_int_equal(status_exit_code(STATUS_REGRESSED), 1);
    assert_int_equal(status_exit_code(STATUS_INCOMPARABLE), 3);
    assert_int_equal(status_exit_code(STATUS_WRONG), 4);
    assert_int_equal(status_exit_code(STATUS_INCONCLUSIVE), 5);
    assert_int_equal(status_exit_code(STATUS_FAILED), 6);
    assert_int_equal(status_exit_code(STATUS_INTERRUPTED), 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_is_printed_where_it_is_known),
        cmocka_unit_test(strings_are_copied),
        cmocka_unit_test(many_keep_their_order),
        cmocka_unit_test(each_status_has_its_exit_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
