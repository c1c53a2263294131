/* A deck drawn again while it is written: only what looks different, and always what a fresh rendering would show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "help_slides.h"
#include "slides/redraw.h"

static const char first[] =
    "---\npaginate: true\nlet:\n  - {name: gain, is: naive.n4096.time / flash.n4096.time}\n---\n"
    "# One claim\n---\n## Two\n\n```chart\nkind: bar\nrows:\n"
    "  - {name: naive, value: naive.n4096.time}\n  - {name: flash, value: flash.n4096.time}\n```\n"
    "---\n## It is {{ gain | x }} faster\n\nSo.\n---\n<!-- _class: outro -->\n# Read on\n";

/* A folder of pictures that a deck is drawn into, edit after edit. */
struct studio {
    struct desk desk;
    struct redraw *redraw;
    struct redrawn redrawn;
    char folder[600];
    char *source;
};

static void open_studio(struct studio *studio)
{
    *studio = (struct studio){.redraw = redraw_open(), .source = strdup(first)};
    desk_open(&studio->desk, first);
    snprintf(studio->folder, sizeof studio->folder, "%s/slides", desk_folder(&studio->desk));
    assert_non_null(studio->redraw);
}

static void close_studio(struct studio *studio)
{
    free(studio->redrawn.slides);
    free(studio->source);
    redraw_close(studio->redraw);
    desk_close(&studio->desk);
}

/* Replaces `from` in the deck and reads it again. */
static void edit(struct studio *studio, const char *from, const char *to)
{
    struct text text = {0};
    const char *at = strstr(studio->source, from);
    assert_non_null(at);
    text_add_bytes(&text, studio->source, (size_t)(at - studio->source));
    text_add(&text, to);
    text_add(&text, at + strlen(from));
    free(studio->source);
    studio->source = text_take(&text);
    deck_free(&studio->desk.deck);
    assert_int_equal(
        deck_parse(studio->source, strlen(studio->source), "deck.md", &studio->desk.deck, &studio->desk.diags),
        STATUS_OK);
}

static enum status draw(struct studio *studio)
{
    const struct render_options options = {.png_folder = studio->folder, .size = "400x500", .threads = 2};
    free(studio->redrawn.slides);
    diags_free(&studio->desk.diags);
    return redraw_deck(studio->redraw, &studio->desk.deck, studio->desk.records, 1, &options, &studio->redrawn,
                       &studio->desk.diags);
}

static void read_slide(const char *folder, size_t slide, char **bytes, size_t *length)
{
    char path[1000];
    struct diags diags = {0};
    snprintf(path, sizeof path, "%s/slide-%02zu.png", folder, slide + 1);
    file_read(path, 1 << 24, bytes, length, &diags);
    must_be_clean(&diags);
}

/* The folder shows what a rendering from nothing would. */
static void must_be_as_fresh(struct studio *studio)
{
    char fresh[700];
    snprintf(fresh, sizeof fresh, "%s/fresh", studio->desk.folder);
    const struct render_options options = {.png_folder = fresh, .size = "400x500"};
    assert_int_equal(deck_render(&studio->desk.deck, studio->desk.records, 1, &options, &studio->desk.diags),
                     STATUS_OK);
    for (size_t i = 0; i < studio->desk.deck.slide_count; i++) {
        char *ours, *theirs;
        size_t our_length, their_length;
        read_slide(studio->folder, i, &ours, &our_length);
        read_slide(fresh, i, &theirs, &their_length);
        if (our_length != their_length || memcmp(ours, theirs, our_length) != 0)
            fail_msg("slide %zu is not what it should be", i + 1);
        free(ours);
        free(theirs);
    }
}

/* Draws, and these slides (by number: "13") are the ones. */
static void must_draw(struct studio *studio, const char *numbers)
{
    char drawn[40] = "";
    assert_int_equal(draw(studio), STATUS_OK);
    must_be_clean(&studio->desk.diags);
    for (size_t i = 0; i < studio->redrawn.count; i++)
        if (studio->redrawn.slides[i])
            snprintf(drawn + strlen(drawn), sizeof drawn - strlen(drawn), "%zu", i + 1);
    assert_string_equal(drawn, numbers);
    assert_int_equal(studio->redrawn.drawn, strlen(numbers));
    must_be_as_fresh(studio);
}

static void one_changed_slide_is_one_new_picture(void **state)
{
    struct studio studio;
    struct stat before[4], after;
    char path[1000];
    (void)state;
    open_studio(&studio);
    must_draw(&studio, "1234");
    must_draw(&studio, "");
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/slide-%02d.png", studio.folder, i + 1);
        assert_int_equal(stat(path, &before[i]), 0);
    }
    edit(&studio, "One claim", "Another claim");
    must_draw(&studio, "1");
    for (int i = 0; i < 4; i++) { /* the others' files were not even touched */
        snprintf(path, sizeof path, "%s/slide-%02d.png", studio.folder, i + 1);
        assert_int_equal(stat(path, &after), 0);
        assert_int_equal(after.st_ino == before[i].st_ino, i != 0);
    }
    close_studio(&studio);
}

static void whatever_a_slide_depends_on_draws_it(void **state)
{
    struct studio studio;
    (void)state;
    open_studio(&studio);
    must_draw(&studio, "1234");
    edit(&studio, "name: naive, value", "name: plain, value"); /* a chart's words */
    must_draw(&studio, "2");
    assert_int_equal(studio.redrawn.times.pictures, 0);      /* its marks are the same: gnuplot was not asked */
    edit(&studio, "naive.n4096.time}", "naive.n2048.time}"); /* a chart's numbers; the outro may gather sources */
    assert_int_equal(draw(&studio), STATUS_OK);
    assert_true(studio.redrawn.slides[1] && !studio.redrawn.slides[0] && !studio.redrawn.slides[2]);
    assert_int_equal(studio.redrawn.times.pictures, 1);
    must_be_as_fresh(&studio);
    edit(&studio, "naive.n4096.time / flash", "naive.n4096.time / 2 / flash"); /* a name of the front matter */
    assert_int_equal(draw(&studio), STATUS_OK);
    assert_true(studio.redrawn.slides[2] && !studio.redrawn.slides[0] && !studio.redrawn.slides[1]);
    must_be_as_fresh(&studio);
    edit(&studio, "paginate: true", "theme: paper");
    must_draw(&studio, "1234");
    edit(&studio, "# Read on\n", "# Read on\n\n<!-- a note is not seen -->\n");
    must_draw(&studio, "");
    close_studio(&studio);
}

static void slides_come_and_go(void **state)
{
    struct studio studio;
    char path[1000];
    (void)state;
    open_studio(&studio);
    must_draw(&studio, "1234");
    edit(&studio, "---\n## It is {{ gain | x }} faster\n\nSo.\n", "");
    must_draw(&studio, "123"); /* the counter of all has changed */
    snprintf(path, sizeof path, "%s/slide-04.png", studio.folder);
    assert_int_not_equal(access(path, R_OK), 0);
    redraw_forget(studio.redraw);
    must_draw(&studio, "123");
    close_studio(&studio);
}

static void a_fault_leaves_the_pictures(void **state)
{
    struct studio studio;
    (void)state;
    open_studio(&studio);
    must_draw(&studio, "1234");
    char *before, *after;
    size_t length, again;
    read_slide(studio.folder, 1, &before, &length);
    edit(&studio, "naive.n4096.time}", "naive.n5000.time}");
    assert_int_equal(draw(&studio), STATUS_BAD_INPUT);
    must_say(&studio.desk.diags, -1, "naive.n5000.time");
    read_slide(studio.folder, 1, &after, &again);
    assert_int_equal(length, again);
    assert_memory_equal(before, after, length);
    edit(&studio, "naive.n5000.time}", "naive.n4096.time}");
    must_draw(&studio, "");
    free(before);
    free(after);
    close_studio(&studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_changed_slide_is_one_new_picture),
        cmocka_unit_test(whatever_a_slide_depends_on_draws_it),
        cmocka_unit_test(slides_come_and_go),
        cmocka_unit_test(a_fault_leaves_the_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
