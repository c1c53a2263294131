/* Colours: OKLCH against its published values, contrast computed here once more, and mending that moves no more than it
 * must. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data_path.h"
#include "help_slides.h"
#include "slides/contrast.h"

/* Of the article that defines the space, and of CSS Color 4's examples. */
static void oklch_has_its_known_values(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        double l, c, degrees;
    } known[] = {{"#FF0000", 0.62796, 0.25768, 29.234},
                 {"#00FF00", 0.86644, 0.29483, 142.495},
                 {"#0000FF", 0.45201, 0.31321, 264.052},
                 {"#FFFF00", 0.96798, 0.21101, 109.769},
                 {"#663399", 0.44027, 0.16027, 303.372},
                 {"#FFFFFF", 1, 0, 0},
                 {"#000000", 0, 0, 0}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct color color;
        assert_true(color_read(known[i].hex, &color));
        struct oklch is = color_to_oklch(color);
        assert_true(fabs(is.l - known[i].l) < 2e-4);
        assert_true(fabs(is.c - known[i].c) < 2e-4);
        if (known[i].c > 0)
            assert_true(fabs(is.h * 180 / M_PI - known[i].degrees + (is.h < 0 ? 360 : 0)) < 0.05);
    }
}

static void oklch_and_back(void **state)
{
    (void)state;
    for (int i = 0; i < 4096; i++) {
        struct color color = {(i >> 8 & 15) / 15.0, (i >> 4 & 15) / 15.0, (i & 15) / 15.0};
        struct color back = color_from_oklch(color_to_oklch(color));
        assert_true(fabs(back.r - color.r) < 1.5 / 255 && fabs(back.g - color.g) < 1.5 / 255 &&
                    fabs(back.b - color.b) < 1.5 / 255);
    }
}

/* Too much chroma for its lightness: lightness and hue stay. */
static void what_srgb_has_not_loses_chroma_only(void **state)
{
    (void)state;
    for (int h = 0; h < 36; h++)
        for (int l = 2; l < 10; l++) {
            struct oklch wished = {l / 10.0, 0.36, h * M_PI / 18 - M_PI + 0.01};
            struct oklch is = color_to_oklch(color_from_oklch(wished));
            assert_true(fabs(is.l - wished.l) < 0.012);
            assert_true(is.c < 0.36);
            if (is.c > 0.05)
                assert_true(fabs(is.h - wished.h) < 0.12);
        }
}

static uint32_t next(uint32_t *seed)
{
    return *seed = *seed * 1664525u + 1013904223u;
}

static struct color any_color(uint32_t *seed)
{
    uint32_t r = next(seed) >> 24, g = next(seed) >> 24, b = next(seed) >> 24;
    return (struct color){r / 255.0, g / 255.0, b / 255.0};
}

static const enum role pairs[][2] = {
    {ROLE_TEXT, ROLE_BACKGROUND},    {ROLE_TEXT, ROLE_SURFACE},      {ROLE_MUTED, ROLE_BACKGROUND},
    {ROLE_MUTED, ROLE_SURFACE},      {ROLE_ACCENT, ROLE_BACKGROUND}, {ROLE_ACCENT, ROLE_SURFACE},
    {ROLE_ACCENT2, ROLE_BACKGROUND}, {ROLE_ACCENT2, ROLE_SURFACE},   {ROLE_ON_ACCENT, ROLE_ACCENT}};
enum { PAIRS = sizeof pairs / sizeof pairs[0] };

static bool holds(const struct theme *theme, enum role ink, struct color color)
{
    for (int p = 0; p < PAIRS; p++)
        if (pairs[p][0] == ink && wcag_contrast(color, theme->colors[pairs[p][1]]) < 4.5)
            return false;
    return true;
}

/* The first colour on the way, to either side, that is enough is the one found. */
static void must_be_nearest(const struct theme *theme, enum role ink, struct color found)
{
    struct oklch from = color_to_oklch(theme->colors[ink]);
    for (int step = 0; step <= 4000; step++)
        for (int side = -1; side <= 1; side += 2) {
            double l = from.l + side * step / 4000.0;
            struct color color = color_from_oklch((struct oklch){l, from.c, from.h});
            if (l < -0.0003 || l > 1.0003 || !holds(theme, ink, color))
                continue;
            assert_memory_equal(&color, &found, sizeof color);
            return;
        }
    fail_msg("a colour was found where there is none");
}

static void mending_moves_no_more_than_it_must(void **state)
{
    (void)state;
    uint32_t seed = 5;
    int mended = 0, hopeless = 0;
    for (int round = 0; round < 40; round++) {
        struct theme theme = {0}, before;
        const struct color_origin origin = {{"a.yml"}, {0}};
        struct diags diags = {0};
        for (int role = 0; role < ROLES; role++)
            theme.colors[role] = any_color(&seed);
        if (round % 4) /* grounds that belong together, as those of a theme do */
            theme.colors[ROLE_SURFACE] = color_mix(theme.colors[ROLE_BACKGROUND], theme.colors[ROLE_SURFACE], 0.1);
        before = theme;
        bool whole = contrast_check(&theme, &origin, true, &diags) == STATUS_OK;
        for (int role = ROLE_TEXT; role <= ROLE_ON_ACCENT; role++) {
            struct theme then = theme; /* its grounds are mended already */
            then.colors[role] = before.colors[role];
            bool changed = memcmp(&theme.colors[role], &before.colors[role], sizeof(struct color)) != 0;
            if (whole)
                assert_true(holds(&theme, (enum role)role, theme.colors[role]));
            if (changed) {
                assert_false(holds(&then, (enum role)role, before.colors[role])); /* what can be read is left alone */
                must_be_nearest(&then, (enum role)role, theme.colors[role]);
                mended++;
            }
        }
        assert_memory_equal(&theme.colors[ROLE_BACKGROUND], &before.colors[ROLE_BACKGROUND], sizeof(struct color));
        assert_memory_equal(&theme.colors[ROLE_SURFACE], &before.colors[ROLE_SURFACE], sizeof(struct color));
        assert_int_equal(whole, diags.errors == 0);
        hopeless += !whole;
        diags_free(&diags);
    }
    if (mended < 60 || hopeless < 2)
        fail_msg("%d colours were mended, %d themes cannot be", mended, hopeless);
}

static void a_pair_that_fails_is_told_with_its_remedy(void **state)
{
    (void)state;
    struct style style;
    struct diags diags = {0};
    assert_int_equal(style_load(NULL, "paper", NULL, NULL, ".", &style, &diags), STATUS_OK);
    struct theme *theme = &style.theme;
    struct color_origin origin = {.files = {[ROLE_MUTED] = "mine.yml"}, .lines = {[ROLE_MUTED] = 7}};
    struct color nearest;
    char words[80], hex[8];
    color_read("#9AA5B1", &theme->colors[ROLE_MUTED]);
    double ratio = wcag_contrast(theme->colors[ROLE_MUTED], theme->colors[ROLE_BACKGROUND]);
    assert_true(contrast_nearest(theme, ROLE_MUTED, &nearest));
    assert_int_equal(contrast_check(theme, &origin, false, &diags), STATUS_BAD_INPUT);
    assert_int_equal(diags.errors, 2); /* on background and on surface */
    snprintf(words, sizeof words, "muted on background has a contrast of %.2f:1; text needs 4.5:1", ratio);
    must_say(&diags, 7, words);
    must_say(&diags, 7, "muted on surface has a contrast of");
    color_write(nearest, hex);
    must_say(&diags, 7, hex);
    assert_string_equal(diags.items[0].file, "mine.yml");
    diags_free(&diags);
    assert_int_equal(contrast_check(theme, &origin, true, &diags), STATUS_OK);
    assert_int_equal(diags.errors, 0);
    assert_int_equal(diags.count, 1);
    must_say(&diags, 7, "muted is mended from #9AA5B1 to ");
    must_say(&diags, 7, hex);
    diags_free(&diags);
    assert_int_equal(contrast_check(theme, &origin, true, &diags), STATUS_OK);
    must_be_clean(&diags); /* once mended it is whole */
    style_free(&style);
}

/* Every kit of ours over every theme of ours, computed here. */
static void every_kit_over_every_theme(void **state)
{
    (void)state;
    size_t theme_count, kit_count;
    char **themes = data_names("slides/themes", ".yml", &theme_count);
    char **kits = data_names("slides/brands", ".yml", &kit_count);
    assert_true(theme_count >= 12 && kit_count >= 4);
    for (size_t t = 0; t < theme_count; t++)
        for (size_t k = 0; k < kit_count; k++) {
            struct style style;
            struct diags diags = {0};
            assert_int_equal(style_load(NULL, themes[t], NULL, kits[k], ".", &style, &diags), STATUS_OK);
            must_be_clean(&diags);
            for (int p = 0; p < PAIRS; p++)
                if (wcag_contrast(style.theme.colors[pairs[p][0]], style.theme.colors[pairs[p][1]]) < 4.5)
                    fail_msg("%s over %s: pair %d is under 4.5:1", kits[k], themes[t], p);
            assert_int_equal(style.dark,
                             wcag_contrast(style.theme.colors[ROLE_BACKGROUND], (struct color){1, 1, 1}) >
                                 wcag_contrast(style.theme.colors[ROLE_BACKGROUND], (struct color){0, 0, 0}));
            style_free(&style);
        }
    data_names_free(themes, theme_count);
    data_names_free(kits, kit_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oklch_has_its_known_values),
        cmocka_unit_test(oklch_and_back),
        cmocka_unit_test(what_srgb_has_not_loses_chroma_only),
        cmocka_unit_test(mending_moves_no_more_than_it_must),
        cmocka_unit_test(a_pair_that_fails_is_told_with_its_remedy),
        cmocka_unit_test(every_kit_over_every_theme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
