/* Programs through pipes: what goes in comes out, nothing blocks, nothing leaks, nothing kills us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"

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

/* Everything in, everything out, then the exit code. */
static int run(const char *const *argv, const char *bytes, size_t length, struct text *output, struct text *errors)
{
    struct diags diags = {0};
    struct process process;
    struct process_input input = {bytes, length};
    assert_int_equal(process_start(&process, argv, NULL, &diags), STATUS_OK);
    for (;;) {
        if (input.length == 0)
            process_close_input(&process);
        enum process_event event = process_step(&process, &input, output, errors, 10);
        assert_int_not_equal(event, PROCESS_QUIET);
        if (event == PROCESS_ENDED)
            break;
    }
    diags_free(&diags);
    return process_end(&process, 10);
}

static void test_streams_and_exit_code(void **state)
{
    (void)state;
    static const char *const argv[] = {"sh", "-c", "cat; echo no >&2; exit 7", NULL};
    struct text output = {0}, errors = {0};
    assert_int_equal(run(argv, "word", 4, &output, &errors), 7);
    assert_string_equal(output.bytes, "word");
    assert_string_equal(errors.bytes, "no\n");
    text_free(&output);
    text_free(&errors);
}

/* More than a pipe holds, both ways at once. */
static void test_large_input_comes_back(void **state)
{
    (void)state;
    enum { SIZE = 3000000 };
    static const char *const argv[] = {"cat", NULL};
    char *bytes = malloc(SIZE);
    assert_non_null(bytes);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (char)('a' + i % 26);
    struct text output = {0}, errors = {0};
    assert_int_equal(run(argv, bytes, SIZE, &output, &errors), 0);
    assert_int_equal(output.length, SIZE);
    assert_memory_equal(output.bytes, bytes, SIZE);
    free(bytes);
    text_free(&output);
    text_free(&errors);
}

/* SIGPIPE would end this test. */
static void test_program_that_takes_no_input(void **state)
{
    (void)state;
    enum { SIZE = 1000000 };
    static const char *const argv[] = {"sh", "-c", "exec <&-; exit 3", NULL};
    char *bytes = calloc(SIZE, 1);
    assert_non_null(bytes);
    struct text output = {0}, errors = {0};
    assert_int_equal(run(argv, bytes, SIZE, &output, &errors), 3);
    free(bytes);
    text_free(&output);
    text_free(&errors);
    sigset_t pending;
    sigpending(&pending);
    assert_false(sigismember(&pending, SIGPIPE));
}

static void test_absent_program(void **state)
{
    (void)state;
    static const char *const argv[] = {"no-such-program-anywhere", NULL};
    struct diags diags = {0};
    struct process process;
    size_t before = open_files();
    assert_int_equal(process_start(&process, argv, "Install it.", &diags), STATUS_FAILED);
    assert_non_null(strstr(diags.items[0].what, "no-such-program-anywhere"));
    assert_string_equal(diags.items[0].remedy, "Install it.");
    assert_int_equal(process_end(&process, 0), -1);
    assert_int_equal(open_files(), before);
    diags_free(&diags);
}

/* A file that we have open without close-on-exec must not be open there. */
static void test_files_are_not_inherited(void **state)
{
    (void)state;
    static const char *const argv[] = {"ls", "/proc/self/fd", NULL};
    int leak = open("/dev/null", O_RDONLY);
    assert_true(leak > 2);
    struct text output = {0}, errors = {0};
    assert_int_equal(run(argv, "", 0, &output, &errors), 0);
    assert_string_equal(output.bytes, "0\n1\n2\n3\n"); /* the last is the folder that it reads */
    close(leak);
    text_free(&output);
    text_free(&errors);
}

static void test_quiet_program_is_killed_with_its_children(void **state)
{
    (void)state;
    static const char *const argv[] = {"sh", "-c", "trap '' TERM; sleep 600 & echo $!; wait; sleep 600", NULL};
    struct diags diags = {0};
    struct process process;
    struct text output = {0}, errors = {0};
    assert_int_equal(process_start(&process, argv, NULL, &diags), STATUS_OK);
    assert_int_equal(process_step(&process, NULL, &output, &errors, 10), PROCESS_MOVED);
    assert_int_equal(process_step(&process, NULL, &output, &errors, 0.01), PROCESS_QUIET);
    assert_int_equal(process_end(&process, 0.01), 128 + SIGKILL);
    pid_t child = atoi(output.bytes);
    assert_true(child > 0);
    int tries = 0; /* the child's end is not ours to wait for, only to see: gone, or dead and not yet buried */
    for (bool alive = true; alive && tries < 1000; tries++) {
        char path[64], facts[512] = "";
        snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
        FILE *file = fopen(path, "r");
        alive = file && fgets(facts, sizeof facts, file) && !strstr(facts, ") Z");
        if (file)
            fclose(file);
        usleep(1000);
    }
    assert_true(tries < 1000);
    diags_free(&diags);
    text_free(&output);
    text_free(&errors);
}

static void on_alarm(int signal)
{
    (void)signal;
}

/* Signals that interrupt every call: nothing is lost. */
static void test_interrupted_calls(void **state)
{
    (void)state;
    struct sigaction action = {.sa_handler = on_alarm}, before;
    sigaction(SIGALRM, &action, &before);
    ualarm(500, 500);
    static const char *const argv[] = {"sh", "-c", "for i in 1 2 3 4 5; do cat /dev/null; echo $i; done; exit 4", NULL};
    struct text output = {0}, errors = {0};
    int code = run(argv, "", 0, &output, &errors);
    ualarm(0, 0);
    sigaction(SIGALRM, &before, NULL);
    assert_int_equal(code, 4);
    assert_string_equal(output.bytes, "1\n2\n3\n4\n5\n");
    text_free(&output);
    text_free(&errors);
}

static void test_nothing_leaks(void **state)
{
    (void)state;
    static const char *const argv[] = {"true", NULL};
    size_t before = open_files();
    for (int i = 0; i < 50; i++) {
        struct text output = {0}, errors = {0};
        assert_int_equal(run(argv, "x", 1, &output, &errors), 0);
        text_free(&output);
        text_free(&errors);
    }
    assert_int_equal(open_files(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams_and_exit_code),
        cmocka_unit_test(test_large_input_comes_back),
        cmocka_unit_test(test_program_that_takes_no_input),
        cmocka_unit_test(test_absent_program),
        cmocka_unit_test(test_files_are_not_inherited),
        cmocka_unit_test(test_quiet_program_is_killed_with_its_children),
        cmocka_unit_test(test_interrupted_calls),
        cmocka_unit_test(test_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
