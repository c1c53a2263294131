/* contrast.c - WCAG 2's contrast of two colours, and the pairs that a theme must keep. */
#include "slides/contrast.h"

#include <math.h>

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

static const char *const role_names[ROLES] = {
    [ROLE_BACKGROUND] = "background", [ROLE_SURFACE] = "surface", [ROLE_TEXT] = "text",
    [ROLE_MUTED] = "muted",           [ROLE_ACCENT] = "accent",   [ROLE_ACCENT2] = "accent2",
    [ROLE_ON_ACCENT] = "on_accent",   [ROLE_LINE] = "line"};

const struct contrast_pair contrast_pairs[CONTRAST_PAIRS] = {
    {ROLE_TEXT, ROLE_BACKGROUND},    {ROLE_TEXT, ROLE_SURFACE},      {ROLE_MUTED, ROLE_BACKGROUND},
    {ROLE_MUTED, ROLE_SURFACE},      {ROLE_ACCENT, ROLE_BACKGROUND}, {ROLE_ACCENT, ROLE_SURFACE},
    {ROLE_ACCENT2, ROLE_BACKGROUND}, {ROLE_ACCENT2, ROLE_SURFACE},   {ROLE_ON_ACCENT, ROLE_ACCENT}};

enum status contrast_check(const struct theme *theme, const char *file, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < CONTRAST_PAIRS; i++) {
        struct contrast_pair pair = contrast_pairs[i];
        double ratio = color_contrast(theme->colors[pair.ink], theme->colors[pair.ground]);
        if (ratio >= CONTRAST_LEAST)
            continue;
        diags_error(diags, file, 0, "Make one of the two lighter or darker.",
                    "%s on %s has a contrast of %.2f:1; text needs 4.5:1", role_names[pair.ink],
                    role_names[pair.ground], ratio);
        status = STATUS_BAD_INPUT;
    }
    return status;
}
