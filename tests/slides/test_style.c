/* Styles: every file that ships loads, contrasts are computed here once more, and what is wrong is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/data_path.h"
#include "help_slides.h"
#include "slides/pattern.h"
#include "slides/style.h"

static void must_lack_fonts_only(struct diags *diags)
{
    for (size_t i = 0; i < diags->count; i++) {
        assert_non_null(strstr(diags->items[i].what, "is not installed"));
        assert_non_null(strstr(diags->items[i].remedy, "apt-get install fonts-"));
    }
    diags_free(diags);
}

static void every_file_loads(void **state)
{
    (void)state;
    static const char *const folders[] = {"slides/canvases", "slides/themes", "slides/types", "slides/brands"};
    static const size_t least[] = {14, 12, 7, 1};
    for (int kind = 0; kind < 4; kind++) {
        size_t count;
        char **names = data_names(folders[kind], ".yml", &count);
        assert_true(count >= least[kind]);
        for (size_t i = 0; i < count; i++) {
            struct style style;
            struct diags diags = {0};
            const char *name[4] = {NULL, NULL, NULL, NULL};
            name[kind] = names[i];
            enum status status = style_load(name[0], name[1], name[2], name[3], ".", &style, &diags);
            if (kind == 2 && strcmp(names[i], "inter") != 0 && status != STATUS_OK) {
                must_lack_fonts_only(&diags); /* only the default pair need be here */
                continue;
            }
            must_be_clean(&diags);
            assert_int_equal(status, STATUS_OK);
            assert_true(style.canvas.width >= 200 && style.canvas.height >= 200);
            assert_true(style.unit > 0);
            style_free(&style);
        }
        data_names_free(names, count);
    }
}

static void every_theme_can_be_read(void **state)
{
    (void)state;
    static const enum role pairs[][2] = {
        {ROLE_TEXT, ROLE_BACKGROUND},    {ROLE_TEXT, ROLE_SURFACE},      {ROLE_MUTED, ROLE_BACKGROUND},
        {ROLE_MUTED, ROLE_SURFACE},      {ROLE_ACCENT, ROLE_BACKGROUND}, {ROLE_ACCENT, ROLE_SURFACE},
        {ROLE_ACCENT2, ROLE_BACKGROUND}, {ROLE_ACCENT2, ROLE_SURFACE},   {ROLE_ON_ACCENT, ROLE_ACCENT}};
    size_t count;
    char **names = data_names("slides/themes", ".yml", &count);
    for (size_t i = 0; i < count; i++) {
        struct style style;
        struct diags diags = {0};
        assert_int_equal(style_load(NULL, names[i], NULL, NULL, ".", &style, &diags), STATUS_OK);
        for (size_t p = 0; p < sizeof pairs / sizeof pairs[0]; p++)
            if (wcag_contrast(style.theme.colors[pairs[p][0]], style.theme.colors[pairs[p][1]]) < 4.5)
                fail_msg("%s: pair %zu is under 4.5:1", names[i], p);
        struct color pattern = pattern_color(&style);
        double quiet = wcag_contrast(pattern, style.theme.colors[ROLE_BACKGROUND]);
        assert_true(quiet <= 1.25 && quiet > 1.03);                                /* quiet, but there */
        assert_true(wcag_contrast(style.theme.colors[ROLE_TEXT], pattern) >= 4.5); /* text stands on it too */
        style_free(&style);
    }
    data_names_free(names, count);
}

static void sizes(void **state)
{
    (void)state;
    static const struct {
        const char *size, *name;
        double width, height;
    } cases[] = {
        {NULL, "linkedin", 1080, 1350},      {"4:5", "linkedin", 1080, 1350}, {"1:1", NULL, 1080, 1080},
        {"9:16", NULL, 1080, 1920},          {"16:9", NULL, 1920, 1080},      {"1200x675", "1200x675", 1200, 675},
        {"200x8000", "200x8000", 200, 8000}, {"x", "x", 1600, 900},           {"story", "story", 1080, 1920},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct style style;
        struct diags diags = {0};
        enum status status = style_load(cases[i].size, NULL, NULL, NULL, ".", &style, &diags);
        must_be_clean(&diags);
        assert_int_equal(status, STATUS_OK);
        assert_true(style.canvas.width == cases[i].width && style.canvas.height == cases[i].height);
        assert_true(style.unit == fmin(cases[i].width, cases[i].height) / 1080);
        if (cases[i].name)
            assert_string_equal(style.canvas.name, cases[i].name);
        style_free(&style);
    }
}

static void what_is_not_known_offers_the_nearest(void **state)
{
    (void)state;
    static const struct {
        const char *size, *theme, *type, *brand, *what, *remedy;
    } cases[] = {
        {"linkdin", NULL, NULL, NULL, "there is no canvas 'linkdin'", "linkedin"},
        {"7:3", NULL, NULL, NULL, "there is no canvas '7:3'", NULL},
        {"199x300", NULL, NULL, NULL, "the size 199x300 is out of range", "200 to 8000"},
        {"300x8001", NULL, NULL, NULL, "out of range", NULL},
        {"-300x300", NULL, NULL, NULL, "out of range", NULL},
        {"1200x675px", NULL, NULL, NULL, "there is no canvas '1200x675px'", NULL},
        {NULL, "papr", NULL, NULL, "there is no theme 'papr'", "paper"},
        {NULL, "../themes/ink", NULL, NULL, "there is no theme '../themes/ink'", NULL},
        {NULL, "", NULL, NULL, "there is no theme ''", NULL},
        {NULL, NULL, "robto", NULL, "there is no type pair 'robto'", "roboto"},
        {NULL, NULL, NULL, "flashdec", "there is no brand 'flashdec'", "flashdeck"},
        {NULL, NULL, NULL, "nowhere.yml", "cannot open", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct style style;
        struct diags diags = {0};
        assert_int_equal(style_load(cases[i].size, cases[i].theme, cases[i].type, cases[i].brand, ".", &style, &diags),
                         STATUS_BAD_INPUT);
        assert_int_equal(diags.errors, 1);
        must_say(&diags, -1, cases[i].what);
        if (cases[i].remedy)
            must_say(&diags, -1, cases[i].remedy);
        assert_null(style.canvas.name);
        diags_free(&diags);
    }
    struct style style;
    struct diags diags = {0};
    style_load("linkdin", "papr", "robto", "flashdec", ".", &style, &diags);
    assert_int_equal(diags.errors, 4); /* all at once */
    diags_free(&diags);
}

static void write_file(const char *folder, const char *name, const char *content)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

/* Of one's own, with a family that has low letters; as large as it is where nothing is said. */
static void a_type_pair_may_be_set_larger(void **state)
{
    static const char pair[] = "heading: Inter\nbody: Inter\nmono: JetBrains Mono\npackages: fonts-inter\n";
    static const struct {
        const char *scale, *fault;
    } wrong[] = {{"heading_scale: 0.9\n", "heading_scale is 0.9; it goes from 1 to 1.5"},
                 {"body_scale: 3\n", "body_scale is 3"},
                 {"mono_scale: nan\n", "mono_scale is nan"}};
    char folder[] = "style-XXXXXX", path[300], content[400];
    struct diags diags = {0};
    struct style style;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(content, sizeof content, "%sheading_scale: 1.2\n", pair);
    write_file(folder, "own.yml", content);
    assert_int_equal(style_load(NULL, NULL, "own.yml", NULL, folder, &style, &diags), STATUS_OK);
    assert_true(style.type.heading_scale > 1.19 && style.type.heading_scale < 1.21);
    assert_true(style.type.body_scale == 1 && style.type.mono_scale == 1);
    style_free(&style);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(content, sizeof content, "%s%s", pair, wrong[i].scale);
        write_file(folder, "own.yml", content);
        assert_int_equal(style_load(NULL, NULL, "own.yml", NULL, folder, &style, &diags), STATUS_BAD_INPUT);
        must_say(&diags, 5, wrong[i].fault);
        diags_free(&diags);
    }
    snprintf(path, sizeof path, "%s/own.yml", folder);
    unlink(path);
    rmdir(folder);
}

static const char own_theme[] = "title: Mine\n"
                                "pattern: none\n"
                                "background: \"#FFFFFF\"\n"
                                "surface: \"#F0F0F0\"\n"
                                "text: \"#101010\"\n"
                                "muted: \"#404040\"\n"
                                "accent: \"#0B5CAD\"\n"
                                "accent2: \"%s\"\n"
                                "on_accent: \"#FFFFFF\"\n";

static void a_theme_of_ones_own(void **state)
{
    (void)state;
    static const struct {
        const char *accent2, *what;
    } cases[] = {
        {"#B42318", NULL},
        {"#b42318", NULL},
        {"#FF8080", "accent2 on background has a contrast of 2.43:1"},
        {"#B4231", "'#B4231' is not a colour"},
        {"#B423188", "is not a colour"},
        {"B42318", "is not a colour"},
        {"#+1+1+1", "is not a colour"},
        {"# 1 1 1", "is not a colour"},
        {"#0xfe12", "is not a colour"},
        {"red", "is not a colour"},
    };
    struct desk desk;
    desk_open(&desk, "# A\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char content[600], path[300];
        struct style style;
        snprintf(content, sizeof content, own_theme, cases[i].accent2);
        write_file(desk_folder(&desk), "mine.yml", content);
        snprintf(path, sizeof path, "%s/mine.yml", desk_folder(&desk));
        enum status status = style_load(NULL, "mine.yml", NULL, NULL, desk_folder(&desk), &style, &desk.diags);
        if (!cases[i].what) {
            must_be_clean(&desk.diags);
            assert_int_equal(status, STATUS_OK);
            assert_string_equal(style.theme.title, "Mine");
            assert_true(fabs(style.theme.colors[ROLE_ACCENT2].r - 0xb4 / 255.0) < 1e-9);
            style_free(&style);
            continue;
        }
        assert_int_equal(status, STATUS_BAD_INPUT);
        must_say(&desk.diags, -1, cases[i].what);
        assert_string_equal(desk.diags.items[0].file, path);
        diags_free(&desk.diags);
    }
    desk_close(&desk);
}

static void a_canvas_of_ones_own(void **state)
{
    (void)state;
    static const char form[] = "title: Mine\nwidth: %d\nheight: 900\ninset_left: %d\ninset_right: 40\n"
                               "inset_top: %d\ninset_bottom: 0\nmax_slides: 0\n";
    static const struct {
        int width, left, top;
        const char *what;
    } cases[] = {{800, 40, 0, NULL},
                 {100, 0, 0, "width and height must be"},
                 {800, -1, 0, "the insets must leave"},
                 {800, 700, 0, "the insets must leave"},
                 {800, 40, 800, "the insets must leave"}};
    struct desk desk;
    desk_open(&desk, "# A\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char content[300];
        struct style style;
        snprintf(content, sizeof content, form, cases[i].width, cases[i].left, cases[i].top);
        write_file(desk_folder(&desk), "mine.yml", content);
        enum status status = style_load("mine.yml", NULL, NULL, NULL, desk_folder(&desk), &style, &desk.diags);
        assert_int_equal(status, cases[i].what ? STATUS_BAD_INPUT : STATUS_OK);
        if (cases[i].what)
            must_say(&desk.diags, -1, cases[i].what);
        diags_free(&desk.diags);
        style_free(&style);
    }
    desk_close(&desk);
}

static void files_that_are_wrong_are_named_with_their_line(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "# A\n");
    static const struct {
        const char *content;
        int line;
        const char *what;
    } cases[] = {
        {"name: A\nmark: A\nperson: P\ninitials: P\nhandel: \"@a\"\n", 5, "handle"},
        {"name: A\nmark: A\ninitials: P\n", -1, "person"},
        {"heading: Nonesuch Sans\nbody: Inter\nmono: JetBrains Mono\npackages: fonts-nonesuch\n", -1, NULL},
        {"", -1, "YAML"},
        {"- a\n- b\n", -1, "YAML"},
        {"\x01\x02\x03", -1, "YAML"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct style style;
        bool type = cases[i].what == NULL;
        write_file(desk_folder(&desk), "mine.yml", cases[i].content);
        assert_int_equal(style_load(NULL, NULL, type ? "mine.yml" : NULL, type ? NULL : "mine.yml", desk_folder(&desk),
                                    &style, &desk.diags),
                         STATUS_BAD_INPUT);
        must_say(&desk.diags, cases[i].line, type ? "the font family 'Nonesuch Sans' is not installed" : cases[i].what);
        if (type)
            must_say(&desk.diags, -1, "apt-get install fonts-nonesuch");
        diags_free(&desk.diags);
    }
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_loads),
        cmocka_unit_test(every_theme_can_be_read),
        cmocka_unit_test(sizes),
        cmocka_unit_test(what_is_not_known_offers_the_nearest),
        cmocka_unit_test(a_type_pair_may_be_set_larger),
        cmocka_unit_test(a_theme_of_ones_own),
        cmocka_unit_test(a_canvas_of_ones_own),
        cmocka_unit_test(files_that_are_wrong_are_named_with_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
