/* The gallery shows whatever there is: a theme or a layout that somebody adds appears by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "help_slides.h"
#include "slides/gallery.h"
#include "slides/layout.h"
#include "slides/pattern.h"

/* A data folder of our own: a copy of the tree's: links that lead out of a deck's folder are refused. */
static char root[] = "/tmp/flashdeck-gallery-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[600];
    struct diags diags = {0};
    snprintf(path, sizeof path, "%s/%s", root, name);
    unlink(path);
    file_write(path, text, strlen(text), &diags);
    must_be_clean(&diags);
}

static int make_root(void **state)
{
    char command[400];
    (void)state;
    if (!mkdtemp(root))
        return -1;
    snprintf(command, sizeof command, "cp -r '%s/slides' %s/", SOURCE_DIR, root);
    return system(command) == 0 ? setenv("FLASHDECK_DATA", root, 1) : -1;
}

static int remove_root(void **state)
{
    char command[200];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

struct size {
    int width, height;
};

static struct size draw(const char *name, struct diags *diags)
{
    struct gallery *gallery = NULL;
    struct text png = {0};
    struct size size = {0};
    enum status status = gallery_open(&gallery, diags);
    for (int i = 0; i < GALLERY_SHEETS && status == STATUS_OK; i++)
        if (strcmp(gallery_sheets[i].name, name) == 0)
            status = gallery_sheets[i].draw(gallery, &png, diags);
    if (status != STATUS_OK)
        diags_print(diags, stderr);
    assert_int_equal(status, STATUS_OK);
    assert_true(png.length > 1000);
    const unsigned char *at = (const unsigned char *)png.bytes;
    size.width = at[16] << 24 | at[17] << 16 | at[18] << 8 | at[19];
    size.height = at[20] << 24 | at[21] << 16 | at[22] << 8 | at[23];
    text_free(&png);
    gallery_close(gallery);
    return size;
}

/* Of warnings that name this. */
static int told(const struct diags *diags, const char *words)
{
    int count = 0;
    for (size_t i = 0; i < diags->count; i++)
        count += strstr(diags->items[i].what, words) != NULL;
    return count;
}

static void a_new_theme_is_a_new_column(void **state)
{
    struct diags diags = {0};
    (void)state;
    struct size before = draw("layouts", &diags);
    must_be_clean(&diags);
    write_file("slides/themes/mine.yml",
               "title: Mine\npattern: none\nbackground: \"#FFFFFF\"\nsurface: \"#F0F0F0\"\ntext: \"#101010\"\n"
               "muted: \"#404040\"\naccent: \"#0B5CAD\"\naccent2: \"#B42318\"\non_accent: \"#FFFFFF\"\n");
    struct size after = draw("layouts", &diags);
    must_be_clean(&diags);
    assert_int_equal(after.width - before.width, 288 + 28);
    assert_int_equal(after.height, before.height);
    write_file("slides/themes/mine.yml", "title: Mine\n"); /* broken: its place stays, and is explained */
    struct size broken = draw("layouts", &diags);
    assert_int_equal(broken.width, after.width);
    assert_int_equal(told(&diags, "mine is left out"), 1);
    diags_free(&diags);
    char path[600];
    snprintf(path, sizeof path, "%s/slides/themes/mine.yml", root);
    unlink(path);
}

/* The file's specimens may be few: every layout gets a row all the same. */
static void a_layout_without_a_specimen_gets_one(void **state)
{
    struct diags diags = {0};
    size_t layouts;
    (void)state;
    layouts_all(&layouts);
    write_file("slides/decks/gallery.md", "---\ntitle: Gallery\n---\n<!-- _class: claim -->\n# Just one\n");
    struct size size = draw("layouts", &diags);
    must_be_clean(&diags);
    int row = 360 + 40 + 28;
    assert_in_range(size.height, (long)layouts * row, (long)(layouts + 1) * row);
    char command[800];
    snprintf(command, sizeof command, "cp '%s/slides/decks/gallery.md' %s/slides/decks/", SOURCE_DIR, root);
    assert_int_equal(system(command), 0);
}

static void every_canvas_and_pattern_is_shown(void **state)
{
    struct diags diags = {0};
    size_t patterns;
    (void)state;
    pattern_table(&patterns);
    draw("canvases", &diags);
    must_be_clean(&diags); /* no canvas was left out */
    struct size size = draw("patterns", &diags);
    must_be_clean(&diags);
    assert_int_equal(size.width, 2 * 56 + (int)patterns * (340 + 28) - 28);
}

/* A pair whose fonts are not here is a place with a reason, never a fault. */
static void types_without_their_fonts_are_told(void **state)
{
    struct diags diags = {0};
    (void)state;
    write_file("slides/types/nowhere.yml",
               "heading: No Such Family\nbody: Inter\nmono: JetBrains Mono\npackages: fonts-nowhere\n");
    draw("types", &diags);
    assert_int_equal(told(&diags, "nowhere is left out"), 1);
    assert_int_equal(told(&diags, "inter is left out"), 0);
    assert_int_equal(diags.errors, 0);
    diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_theme_is_a_new_column),
        cmocka_unit_test(a_layout_without_a_specimen_gets_one),
        cmocka_unit_test(every_canvas_and_pattern_is_shown),
        cmocka_unit_test(types_without_their_fonts_are_told),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
