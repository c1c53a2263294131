/* "Did you mean". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *const kernels[] = {"naive", "naive_blas", "sliding", "alternating", "flash"};

static void expect(const char *wanted, size_t most, const char *sentence)
{
    char *near = nearest_sentence(wanted, kernels, 5, most);
    if (sentence)
        assert_string_equal(near, sentence);
    else
        assert_null(near);
    free(near);
}

static void one_slip_finds_its_name(void **state)
{
    (void)state;
    expect("flsh", 1, "Did you mean flash?");
    expect("flash", 1, "Did you mean flash?");
    expect("slidng", 1, "Did you mean sliding?");
    expect("alternatingg", 1, "Did you mean alternating?");
    expect("FLASH", 1, "Did you mean flash?");
}

static void the_nearest_comes_first(void **state)
{
    (void)state;
    expect("naiv", 3, "Did you mean naive or naive_blas?");
    expect("naive_bla", 3, "Did you mean naive_blas or naive?");
}

static void what_is_far_is_not_offered(void **state)
{
    (void)state;
    expect("xyzzyxyzzy", 3, NULL);
    expect("", 3, NULL);
    expect("flash", 0, NULL);
    assert_null(nearest_sentence("flash", NULL, 0, 3));
}

static void three_are_joined_as_people_do(void **state)
{
    (void)state;
    const char *const names[] = {"N=1", "N=2", "N=3", "N=4"};
    char *near = nearest_sentence("N=3", names, 4, 3);
    assert_string_equal(near, "Did you mean N=3, N=1 or N=2?");
    free(near);
}

static void more_than_can_be_kept_are_cut(void **state)
{
    (void)state;
    const char *names[20];
    char words[20][8];
    for (int i = 0; i < 20; i++) {
        words[i][0] = (char)('a' + i);
        strcpy(words[i] + 1, "bcdef");
        names[i] = words[i];
    }
    char *near = nearest_sentence("tbcdef", names, 20, 100);
    assert_non_null(near);
    assert_int_equal(strncmp(near, "Did you mean tbcdef, abcdef", 27), 0);
    int count = 0;
    for (const char *at = near; (at = strstr(at, "bcdef")) != NULL; at++)
        count++;
    assert_int_equal(count, 8);
    free(near);
}

static void long_names_do_no_harm(void **state)
{
    (void)state;
    char *far = malloc(100001);
    memset(far, 'q', 100000);
    far[100000] = '\0';
    const char *const names[] = {far, "flash"};
    char *near = nearest_sentence(far, names, 2, 2);
    assert_non_null(near);
    free(near);
    expect(far, 2, NULL);
    free(far);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slip_finds_its_name),       cmocka_unit_test(the_nearest_comes_first),
        cmocka_unit_test(what_is_far_is_not_offered),    cmocka_unit_test(three_are_joined_as_people_do),
        cmocka_unit_test(more_than_can_be_kept_are_cut), cmocka_unit_test(long_names_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
