/* Whole files in, whole files out: and what happens when the disk or the folder does not play along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

static char folder[] = "file-test-XXXXXX"; /* made and entered by main */

static void expect_content(const char *path, const char *content)
{
    struct diags diags = {0};
    char *bytes;
    size_t length;
    assert_int_equal(file_read(path, 1 << 20, &bytes, &length, &diags), STATUS_OK);
    assert_int_equal(length, strlen(content));
    assert_string_equal(bytes, content);
    free(bytes);
    diags_free(&diags);
}

static void expect_error(struct diags *diags, const char *path, const char *words)
{
    assert_int_equal(diags->errors, 1);
    assert_string_equal(diags->items[0].file, path);
    if (!strstr(diags->items[0].what, words))
        fail_msg("'%s' does not say '%s'", diags->items[0].what, words);
    diags_free(diags);
}

/* Nothing but these names lies in the folder: no temporary file was left. */
static void expect_entries(const char *where, size_t expected)
{
    DIR *listing = opendir(where);
    size_t count = 0;
    assert_non_null(listing);
    while (readdir(listing))
        count++;
    closedir(listing);
    assert_int_equal(count, expected + 2); /* . and .. */
}

static void written_is_read(void **state)
{
    (void)state;
    struct diags diags = {0};
    assert_int_equal(file_write("a", "first", 5, &diags), STATUS_OK);
    expect_content("a", "first");
    assert_int_equal(file_write("a", "second, longer", 14, &diags), STATUS_OK);
    expect_content("a", "second, longer");
    assert_int_equal(file_write("a", "", 0, &diags), STATUS_OK);
    expect_content("a", "");
    assert_int_equal(diags.count, 0);
    expect_entries(".", 1);
    unlink("a");
}

static void modes_follow_the_mask_and_the_old_file(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct stat facts;
    mode_t mask = umask(027);
    assert_int_equal(file_write("m", "x", 1, &diags), STATUS_OK);
    umask(mask);
    stat("m", &facts);
    assert_int_equal(facts.st_mode & 0777, 0640);
    chmod("m", 0600);
    assert_int_equal(file_write("m", "y", 1, &diags), STATUS_OK);
    stat("m", &facts);
    assert_int_equal(facts.st_mode & 0777, 0600);
    unlink("m");
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct stat facts;
    assert_int_equal(file_write("target", "old", 3, &diags), STATUS_OK);
    assert_int_equal(symlink("target", "link"), 0);
    assert_int_equal(file_write("link", "new", 3, &diags), STATUS_OK);
    lstat("link", &facts);
    assert_true(S_ISLNK(facts.st_mode));
    expect_content("target", "new");
    unlink("link");
    unlink("target");
}

static void a_device_is_written_to_and_stays_one(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct stat facts;
    assert_int_equal(file_write("/dev/null", "gone", 4, &diags), STATUS_OK);
    stat("/dev/null", &facts);
    assert_true(S_ISCHR(facts.st_mode));
    assert_int_equal(file_write("/dev/full", "no room", 7, &diags), STATUS_IO);
    expect_error(&diags, "/dev/full", "No space left on device");
}

/* A limit on the size of files stands for a full disk: write() fails in the middle. */
static void a_full_disk_leaves_the_old_content(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct rlimit before, small;
    static char large[100000];
    memset(large, 'z', sizeof large);
    assert_int_equal(file_write("kept", "old content", 11, &diags), STATUS_OK);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 5000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    enum status status = file_write("kept", large, sizeof large, &diags);
    enum status fresh = file_write("fresh", large, sizeof large, &diags);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(status, STATUS_IO);
    assert_int_equal(fresh, STATUS_IO);
    assert_int_equal(diags.errors, 2);
    assert_non_null(strstr(diags.items[0].what, "cannot write: File too large"));
    diags_free(&diags);
    expect_content("kept", "old content");
    assert_int_not_equal(access("fresh", F_OK), 0);
    expect_entries(".", 1);
    unlink("kept");
}

static void what_cannot_be_a_file_is_said(void **state)
{
    (void)state;
    struct diags diags = {0};
    assert_int_equal(file_write("plain", "x", 1, &diags), STATUS_OK);
    assert_int_equal(file_write("plain/below", "x", 1, &diags), STATUS_IO);
    expect_error(&diags, "plain/below", "Not a directory");
    assert_int_equal(file_write("nowhere/x", "x", 1, &diags), STATUS_IO);
    expect_error(&diags, "nowhere/x", "No such file or directory");
    assert_int_equal(file_write(".", "x", 1, &diags), STATUS_IO);
    expect_error(&diags, ".", "folder");
    assert_int_equal(file_write("", "x", 1, &diags), STATUS_IO);
    expect_error(&diags, "", "No such file");
    expect_entries(".", 1);
    unlink("plain");
}

/* A writer killed again and again in the middle of its work: the content is one of the two, and at most the moment
 * between naming and renaming can leave a file behind, never a growing one. */
static void a_kill_leaves_one_of_the_two(void **state)
{
    (void)state;
    struct diags diags = {0};
    size_t length = 4 << 20;
    char *large = malloc(length);
    memset(large, 'n', length);
    for (int i = 0; i < 12; i++) {
        assert_int_equal(file_write("victim", "old", 3, &diags), STATUS_OK);
        pid_t child = fork();
        if (child == 0) {
            struct diags unseen = {0};
            for (;;)
                file_write("victim", large, length, &unseen);
        }
        usleep(1000 + 1500 * (useconds_t)i);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        char *bytes;
        size_t got;
        assert_int_equal(file_read("victim", length, &bytes, &got, &diags), STATUS_OK);
        assert_true((got == 3 && memcmp(bytes, "old", 3) == 0) || (got == length && memcmp(bytes, large, length) == 0));
        free(bytes);
    }
    free(large);
    unlink("victim");
    DIR *listing = opendir(".");
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        struct stat facts;
        if (entry->d_name[0] != '.' && stat(entry->d_name, &facts) == 0) {
            assert_int_equal(facts.st_size, length); /* whole, if one is there at all */
            unlink(entry->d_name);
        }
    }
    closedir(listing);
}

static void reading_says_what_is_wrong(void **state)
{
    (void)state;
    struct diags diags = {0};
    char *bytes;
    size_t length;
    assert_int_equal(file_read("missing", 100, &bytes, &length, &diags), STATUS_IO);
    assert_null(bytes);
    expect_error(&diags, "missing", "No such file");
    assert_int_equal(file_read(".", 100, &bytes, &length, &diags), STATUS_BAD_INPUT);
    expect_error(&diags, ".", "folder");
    assert_int_equal(file_write("ten", "0123456789", 10, &diags), STATUS_OK);
    assert_int_equal(file_read("ten", 9, &bytes, &length, &diags), STATUS_BAD_INPUT);
    assert_null(bytes);
    expect_error(&diags, "ten", "larger than the 9 bytes");
    assert_int_equal(file_read("ten", 10, &bytes, &length, &diags), STATUS_OK);
    assert_int_equal(length, 10);
    free(bytes);
    assert_int_equal(file_read("/dev/zero", 100000, &bytes, &length, &diags), STATUS_BAD_INPUT);
    expect_error(&diags, "/dev/zero", "larger");
    unlink("ten");
}

static void a_pipe_is_read_to_its_end(void **state)
{
    (void)state;
    struct diags diags = {0};
    char *bytes;
    size_t length;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        int file = open("fifo", O_WRONLY);
        for (int i = 0; i < 3000; i++)
            if (write(file, "0123456789", 10) != 10)
                _exit(1);
        _exit(0);
    }
    assert_int_equal(file_read("fifo", 1 << 20, &bytes, &length, &diags), STATUS_OK);
    waitpid(child, NULL, 0);
    assert_int_equal(length, 30000);
    assert_int_equal(bytes[30000], '\0');
    free(bytes);
    unlink("fifo");
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    struct diags diags = {0};
    struct stat facts;
    assert_int_equal(folder_make("p/q/r", &diags), STATUS_OK);
    assert_int_equal(folder_make("p/q/r/", &diags), STATUS_OK);
    assert_int_equal(folder_make("/", &diags), STATUS_OK);
    assert_int_equal(stat("p/q/r", &facts), 0);
    assert_true(S_ISDIR(facts.st_mode));
    assert_int_equal(file_write("p/file", "x", 1, &diags), STATUS_OK);
    assert_int_equal(folder_make("p/file", &diags), STATUS_IO);
    expect_error(&diags, "p/file", "not a folder");
    assert_int_equal(folder_make("p/file/below", &diags), STATUS_IO);
    expect_error(&diags, "p/file/below", "Not a directory");
    assert_int_equal(folder_make("", &diags), STATUS_IO);
    expect_error(&diags, "", "No such file");
    unlink("p/file");
    rmdir("p/q/r");
    rmdir("p/q");
    rmdir("p");
}

int main(void)
{
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_is_read),
        cmocka_unit_test(modes_follow_the_mask_and_the_old_file),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(a_device_is_written_to_and_stays_one),
        cmocka_unit_test(a_full_disk_leaves_the_old_content),
        cmocka_unit_test(what_cannot_be_a_file_is_said),
        cmocka_unit_test(a_kill_leaves_one_of_the_two),
        cmocka_unit_test(reading_says_what_is_wrong),
        cmocka_unit_test(a_pipe_is_read_to_its_end),
        cmocka_unit_test(folders_are_made_with_their_parents),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (chdir("..") == 0)
        rmdir(folder);
    return failed;
}
