/* gnuplot through its pipe: pictures, refusals, and a gnuplot that is absent, dies or hangs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/gnuplot.h"

static const char sine[] = "set terminal svg size 200,100 font 'Inter,12'\nplot sin(x)\n";

/* PATH as it was, and a folder of our own to put in its place. */
struct place {
    char *path;
    char folder[64], program[96];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a test without PATH may fail */
    place->path = strdup(getenv("PATH"));
    snprintf(place->folder, sizeof place->folder, "gnuplot-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->program, sizeof place->program, "%s/gnuplot", place->folder);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    setenv("PATH", place->path, 1);
    unlink(place->program);
    rmdir(place->folder);
    free(place->path);
    free(place);
    return 0;
}

/* Another program of that name, first in PATH. */
static void put_program(const struct place *place, const char *lines)
{
    char path[4096];
    FILE *file = fopen(place->program, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", lines);
    fclose(file);
    assert_int_equal(chmod(place->program, 0755), 0);
    snprintf(path, sizeof path, "%s:%s", place->folder, place->path);
    setenv("PATH", path, 1);
}

static size_t open_files(void)
{
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void assert_no_child(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static bool says(const struct diags *diags, const char *words)
{
    for (size_t i = 0; i < diags->count; i++)
        if (strstr(diags->items[i].what, words) || (diags->items[i].remedy && strstr(diags->items[i].remedy, words)))
            return true;
    diags_print(diags, stderr);
    return false;
}

/* A script that must fail, in these words; the next one must work. */
static void refused(const char *script, double limit, const char *words)
{
    struct diags diags = {0};
    struct gnuplot *gnuplot;
    char *svg;
    size_t length;
    assert_int_equal(gnuplot_open(&gnuplot, &diags), STATUS_OK);
    gnuplot_limit(gnuplot, limit);
    assert_int_equal(gnuplot_svg(gnuplot, script, &svg, &length, &diags), STATUS_FAILED);
    assert_null(svg);
    assert_int_equal(diags.errors, 1);
    assert_true(says(&diags, words));
    gnuplot_limit(gnuplot, 10);
    assert_int_equal(gnuplot_svg(gnuplot, sine, &svg, &length, &diags), STATUS_OK);
    free(svg);
    gnuplot_close(gnuplot);
    diags_free(&diags);
    assert_no_child();
}

static void test_plot(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct gnuplot *gnuplot;
    char *svg;
    size_t length;
    assert_int_equal(gnuplot_open(&gnuplot, &diags), STATUS_OK);
    assert_int_equal(gnuplot_svg(gnuplot, sine, &svg, &length, &diags), STATUS_OK);
    assert_int_equal(strlen(svg), length);
    assert_int_equal(strncmp(svg, "<?xml", 5), 0);
    assert_string_equal(svg + length - 6, "</svg>");
    assert_non_null(strstr(svg, "width=\"200\" height=\"100\""));
    assert_int_equal(diags.count, 0);
    free(svg);
    gnuplot_close(gnuplot);
}

/* Settings, variables and the terminal of one script are gone in the next. */
static void test_state_is_reset(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct gnuplot *gnuplot;
    char *first, *second, *again;
    size_t length;
    static const char changed[] = "set terminal svg size 200,100 font 'Inter,12'\n"
                                  "set title 'MARKER'\nset logscale y\nsmuggled = 1\nset multiplot\nplot x+11";
    static const char probe[] = "if (exists('smuggled')) { set title 'SMUGGLED' }\n"
                                "set terminal svg size 200,100 font 'Inter,12'\nplot sin(x)\n";
    assert_int_equal(gnuplot_open(&gnuplot, &diags), STATUS_OK);
    assert_int_equal(gnuplot_svg(gnuplot, probe, &first, &length, &diags), STATUS_OK);
    assert_int_equal(gnuplot_svg(gnuplot, changed, &second, &length, &diags), STATUS_OK);
    assert_non_null(strstr(second, "MARKER"));
    assert_int_equal(gnuplot_svg(gnuplot, probe, &again, &length, &diags), STATUS_OK);
    assert_string_equal(first, again);
    free(first);
    free(second);
    free(again);
    gnuplot_close(gnuplot);
    diags_free(&diags);
}

static void test_faults_in_gnuplots_words(void **state)
{
    (void)state;
    refused("set terminal svg\nplott sin(x)\nplot x\n", 10, "plott sin(x): invalid command");
    refused("set terminal svg\nplot nothing(x)\n", 10, "undefined function: nothing");
    refused("set terminal svg\nset xrange [1:1]\nplot x\n", 10, "refuses the script");
    refused("set terminal svg\nset title 'x'\n", 10, "drew no picture");
    refused("set terminal svg\nplot x\nplot x**2\n", 10, "more than one picture");
    refused("set terminal svg\nexit status 5\n", 10, "exit code 5");
}

static void test_hanging_script(void **state)
{
    (void)state;
    refused("set terminal svg\nplot x\npause 600\n", 0.2, "did not answer within 0.2 seconds");
    refused("set terminal svg\n$data << EOD\n1 2\n", 0.2, "left open");
    refused("set terminal svg\nif (1) {\nplot x\n", 0.2, "left open");
}

static void test_warnings_are_passed_on(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct gnuplot *gnuplot;
    char *svg;
    size_t length;
    assert_int_equal(gnuplot_open(&gnuplot, &diags), STATUS_OK);
    assert_int_equal(gnuplot_svg(gnuplot, "set terminal svg\nplot '-'\n1 1\ne\n", &svg, &length, &diags), STATUS_OK);
    assert_int_equal(diags.errors, 0);
    assert_true(says(&diags, "empty x range"));
    free(svg);
    gnuplot_close(gnuplot);
    diags_free(&diags);
}

static void test_absent(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct gnuplot *gnuplot;
    setenv("PATH", "/nonexistent", 1);
    assert_int_equal(gnuplot_open(&gnuplot, &diags), STATUS_FAILED);
    assert_null(gnuplot);
    assert_true(says(&diags, "cannot start gnuplot"));
    assert_true(says(&diags, "gnuplot-nox"));
    gnuplot_close(gnuplot);
    diags_free(&diags);
    assert_no_child();
}

static void test_dying_at_the_start(void **state)
{
    struct diags diags = {0};
    struct gnuplot *gnuplot;
    put_program(*state, "echo 'library is missing' >&2; exit 127");
    assert_int_equal(gnuplot_open(&gnuplot, &diags), STATUS_FAILED);
    assert_true(says(&diags, "library is missing"));
    assert_true(says(&diags, "exit code 127"));
    assert_true(says(&diags, "gnuplot-nox"));
    diags_free(&diags);
    assert_no_child();
}

/* It answers the first greeting, then dies at a script, by a signal, with half of a picture written. */
static void test_dying_in_a_script(void **state)
{
    struct place *place = *state;
    struct diags diags = {0};
    struct gnuplot *gnuplot;
    char *svg, lines[5000];
    size_t length;
    snprintf(lines, sizeof lines,
             "while read -r line; do case \"$line\" in\n"
             "print\\ sprintf*) (echo; echo 'flashdeck: end of script 1 0') >&2 ;;\n"
             "plot*) echo '<?xml <svg>'; echo 'out of paper' >&2; kill -SEGV $$ ;;\nesac; done");
    put_program(place, lines);
    assert_int_equal(gnuplot_open(&gnuplot, &diags), STATUS_OK);
    assert_int_equal(gnuplot_svg(gnuplot, sine, &svg, &length, &diags), STATUS_FAILED);
    assert_true(says(&diags, "signal 11"));
    assert_true(says(&diags, "out of paper"));
    gnuplot_close(gnuplot);
    diags_free(&diags);
    assert_no_child();
}

static void test_fifty_plots_leak_nothing(void **state)
{
    (void)state;
    struct diags diags = {0};
    size_t before = open_files();
    struct gnuplot *gnuplot;
    assert_int_equal(gnuplot_open(&gnuplot, &diags), STATUS_OK);
    size_t opened = open_files();
    for (int i = 0; i < 50; i++) {
        char *svg;
        size_t length;
        if (i % 10 == 9) /* every tenth fails: a fresh process each */
            assert_int_equal(gnuplot_svg(gnuplot, "plott", &svg, &length, &diags), STATUS_FAILED);
        else
            assert_int_equal(gnuplot_svg(gnuplot, sine, &svg, &length, &diags), STATUS_OK);
        free(svg);
    }
    char *svg;
    size_t length;
    assert_int_equal(gnuplot_svg(gnuplot, sine, &svg, &length, &diags), STATUS_OK);
    free(svg);
    assert_int_equal(open_files(), opened);
    gnuplot_close(gnuplot);
    assert_int_equal(open_files(), before);
    assert_no_child();
    diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_plot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_state_is_reset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_faults_in_gnuplots_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hanging_script, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_warnings_are_passed_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dying_at_the_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dying_in_a_script, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fifty_plots_leak_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
