/* What people are told while they wait: a line now and then in a pipe, one redrawn line on a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/progress.h"

static const char *const name = "flash/cpu/f32/causal/N:4096/d:64/heads:8/batch:1/threads:2";

static void tell_all(struct progress *progress)
{
    for (size_t i = 0; i < 4; i++)
        progress_tell(progress, &(struct bench_progress){"verify", name, i, 4, 0, -1});
    for (int round = 1; round <= 9; round++)
        for (size_t i = 0; i < 4; i++)
            progress_tell(progress,
                          &(struct bench_progress){"measure", name, round < 9 ? 0 : i, 4, round, 100 - round});
    progress_close(progress);
}

static void a_pipe_gets_plain_lines(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&bytes, &length);
    struct progress progress = {.stream = stream};
    tell_all(&progress);
    fclose(stream);
    assert_string_equal(bytes, "verify: 4 cases\n"
                               "verify: 1 of 4 cases done\n"
                               "verify: 2 of 4 cases done\n"
                               "verify: 3 of 4 cases done\n"
                               "measure: 4 cases, about 2 min left\n"
                               "measure: 0 of 4 cases done, about 2 min left\n"
                               "measure: 0 of 4 cases done, about 2 min left\n"
                               "measure: 0 of 4 cases done, about 2 min left\n"
                               "measure: 1 of 4 cases done, about 2 min left\n"
                               "measure: 2 of 4 cases done, about 2 min left\n"
                               "measure: 3 of 4 cases done, about 2 min left\n");
    free(bytes);
}

/* The longest stretch between two redraws of what came out of the terminal. */
static size_t longest_line(const char *bytes)
{
    size_t longest = 0, length = 0;
    for (const char *at = bytes; *at; at++) {
        bool escape = strncmp(at, "\033[K", 3) == 0;
        if (escape)
            at += 2;
        length = *at == '\r' ? 0 : length + !escape;
        longest = length > longest ? length : longest;
    }
    return longest;
}

static void a_narrow_terminal_never_wraps(void **state)
{
    (void)state;
    static const int widths[] = {60, 100, 20, 2};
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
        int outer = posix_openpt(O_RDWR | O_NOCTTY);
        assert_true(outer >= 0 && grantpt(outer) == 0 && unlockpt(outer) == 0);
        int inner = open(ptsname(outer), O_RDWR | O_NOCTTY);
        struct winsize size = {.ws_row = 24, .ws_col = (unsigned short)widths[w]};
        assert_int_equal(ioctl(inner, TIOCSWINSZ, &size), 0);
        FILE *stream = fdopen(inner, "w");
        struct progress progress = progress_open(stream);
        assert_true(progress.terminal);
        char bytes[4096];
        progress_tell(&progress, &(struct bench_progress){"measure", name, 3, 14, 12, 42.4});
        progress_tell(&progress, &(struct bench_progress){"measure", name, 3, 14, 12, 41});
        progress_close(&progress);
        fclose(stream);
        size_t length = 0;
        /* In pieces, until the closed side tells that no more comes. */
        for (ssize_t got; (got = read(outer, bytes + length, sizeof bytes - 1 - length)) > 0;)
            length += (size_t)got;
        assert_true(length > 0);
        bytes[length] = '\0';
        assert_true(longest_line(bytes) < (size_t)widths[w]);
        assert_null(strchr(bytes, '\n'));
        if (widths[w] >= 60)
            assert_non_null(strstr(bytes, "measure 3/14, round 12, about 42 s left  flash"));
        assert_string_equal(bytes + strlen(bytes) - 4, "\r\033[K"); /* nothing stays */
        close(outer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_gets_plain_lines),
        cmocka_unit_test(a_narrow_terminal_never_wraps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
