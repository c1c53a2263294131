/* contrast.c - WCAG 2's contrast of two colours, the pairs that a theme must keep, and their mending. */
#include "slides/contrast.h"

#include <math.h>
#include <stdio.h>

static double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4);
}

static double luminance(struct color c)
{
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double color_contrast(struct color a, struct color b)
{
    double x = luminance(a), y = luminance(b);
    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* Where white and black are equally well read. */
bool color_is_dark(struct color color)
{
    return luminance(color) < 0.179;
}

static const char *const role_names[ROLES] = {
    [ROLE_BACKGROUND] = "background", [ROLE_SURFACE] = "surface", [ROLE_TEXT] = "text",
    [ROLE_MUTED] = "muted",           [ROLE_ACCENT] = "accent",   [ROLE_ACCENT2] = "accent2",
    [ROLE_ON_ACCENT] = "on_accent",   [ROLE_LINE] = "line"};

const char *role_name(enum role role)
{
    return role_names[role];
}

/* Inks before what stands on them: on_accent is judged against the accent as it will be. */
const struct contrast_pair contrast_pairs[CONTRAST_PAIRS] = {
    {ROLE_TEXT, ROLE_BACKGROUND},    {ROLE_TEXT, ROLE_SURFACE},      {ROLE_MUTED, ROLE_BACKGROUND},
    {ROLE_MUTED, ROLE_SURFACE},      {ROLE_ACCENT, ROLE_BACKGROUND}, {ROLE_ACCENT, ROLE_SURFACE},
    {ROLE_ACCENT2, ROLE_BACKGROUND}, {ROLE_ACCENT2, ROLE_SURFACE},   {ROLE_ON_ACCENT, ROLE_ACCENT}};

/* The worst of an ink's pairs, were it `color`. */
static double worst(const struct theme *theme, enum role ink, struct color color, enum role *ground)
{
    double least = 22;
    for (int i = 0; i < CONTRAST_PAIRS; i++) {
        double ratio = color_contrast(color, theme->colors[contrast_pairs[i].ground]);
        if (contrast_pairs[i].ink != ink || ratio >= least)
            continue;
        least = ratio;
        *ground = contrast_pairs[i].ground;
    }
    return least;
}

enum { STEPS = 4000 }; /* of lightness, fine enough for eight bits */

bool contrast_nearest(const struct theme *theme, enum role ink, struct color *nearest)
{
    struct oklch from = color_to_oklch(theme->colors[ink]);
    enum role ground;
    const double step = 1.0 / STEPS;
    for (int away = 0; away <= STEPS; away++)
        for (int side = -1; side <= 1; side += 2) {
            double l = from.l + side * away * step;
            if (l < -step || l > 1 + step)
                continue;
            *nearest = color_from_oklch((struct oklch){l, from.c, from.h});
            if (worst(theme, ink, *nearest, &ground) >= CONTRAST_LEAST)
                return true;
        }
    return false;
}

static void tell(const struct theme *theme, struct contrast_pair pair, const struct color_origin *origin,
                 struct diags *diags)
{
    char remedy[160] = "Make background and surface both dark or both light.", hex[8];
    struct color nearest;
    double ratio = color_contrast(theme->colors[pair.ink], theme->colors[pair.ground]);
    if (contrast_nearest(theme, pair.ink, &nearest)) {
        color_write(nearest, hex);
        snprintf(remedy, sizeof remedy, "The nearest %s that can be read: \"%s\"; --fix-contrast takes it.",
                 role_names[pair.ink], hex);
    }
    diags_error(diags, origin->files[pair.ink], origin->lines[pair.ink], remedy,
                "%s on %s has a contrast of %.2f:1; text needs 4.5:1", role_names[pair.ink], role_names[pair.ground],
                ratio);
}

static void mend_one(struct theme *theme, enum role ink, struct color to, const struct color_origin *origin,
                     struct diags *diags)
{
    char before[8], after[8], remedy[80];
    enum role ground = ROLE_BACKGROUND, then = ROLE_BACKGROUND;
    double was = worst(theme, ink, theme->colors[ink], &ground), is = worst(theme, ink, to, &then);
    color_write(theme->colors[ink], before);
    color_write(to, after);
    snprintf(remedy, sizeof remedy, "To keep it, write: %s: \"%s\"", role_names[ink], after);
    diags_warn(diags, origin->files[ink], origin->lines[ink], remedy,
               "%s is mended from %s to %s: %.2f:1 on %s becomes %.2f:1 on %s", role_names[ink], before, after, was,
               role_names[ground], is, role_names[then]);
    theme->colors[ink] = to;
}

enum status contrast_check(struct theme *theme, const struct color_origin *origin, bool mend, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < CONTRAST_PAIRS; i++) {
        struct contrast_pair pair = contrast_pairs[i];
        struct color nearest;
        if (color_contrast(theme->colors[pair.ink], theme->colors[pair.ground]) >= CONTRAST_LEAST)
            continue;
        if (mend && contrast_nearest(theme, pair.ink, &nearest)) {
            mend_one(theme, pair.ink, nearest, origin, diags);
            continue;
        }
        tell(theme, pair, origin, diags);
        status = STATUS_BAD_INPUT;
    }
    return status;
}
