#include "slides/charts/fit.h"

#include <glib.h>
#include <math.h>

enum { FLOOR = 28, MOST_LABELS = 64 };

struct chart_styles fit_styles(const struct paint *paint, double shrink)
{
    double unit = paint->style->unit;
    return (struct chart_styles){
        .name = {.face = FACE_BODY, .size = (FLOOR + 8 * shrink) * unit, .weight = 500, .role = ROLE_TEXT},
        .value = {.face = FACE_BODY, .size = (FLOOR + 12 * shrink) * unit, .weight = 700, .role = ROLE_TEXT},
        .tick = {.face = FACE_BODY, .size = FLOOR * unit, .weight = 400, .role = ROLE_MUTED, .tabular = true}};
}

double fit_shrink(int step)
{
    return 1 - (double)step / (FIT_STEPS - 1);
}

double fit_width(struct paint *paint, const struct text_style *style, const char *plain)
{
    char *markup = g_markup_escape_text(plain, -1);
    struct text_size size = paint_text_size(paint, style, markup, 0);
    g_free(markup);
    return size.width;
}

/* Labels that touch: they stand as one block, as near as can be to where each would be by itself. */
struct crowd {
    size_t first, count;
    double wishes; /* sum over its members: where the block should begin, were it for this member alone */
    double length, start;
};

static double clamp(double value, double low, double high)
{
    return fmin(fmax(value, low), high);
}

bool fit_spread(double *centres, const double *sizes, size_t count, double gap, double low, double high)
{
    size_t order[MOST_LABELS], crowds = 0;
    struct crowd crowd[MOST_LABELS];
    double whole = -gap;
    for (size_t i = 0; i < count; i++)
        whole += sizes[i] + gap;
    if (count > MOST_LABELS || whole > high - low + 1e-6)
        return count == 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && centres[order[at - 1]] > centres[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (size_t i = 0; i < count; i++) {
        double size = sizes[order[i]], wish = centres[order[i]] - size / 2;
        crowd[crowds++] = (struct crowd){i, 1, wish, size, clamp(wish, low, high - size)};
        while (crowds > 1) {
            struct crowd *left = &crowd[crowds - 2], *right = &crowd[crowds - 1];
            double step = left->length + gap;
            if (right->start >= left->start + step - 1e-9)
                break;
            left->wishes += right->wishes - (double)right->count * step;
            left->count += right->count;
            left->length = step + right->length;
            left->start = clamp(left->wishes / (double)left->count, low, high - left->length);
            crowds--;
        }
    }
    for (size_t c = 0; c < crowds; c++) {
        double at = crowd[c].start;
        for (size_t i = crowd[c].first; i < crowd[c].first + crowd[c].count; i++) {
            centres[order[i]] = at + sizes[order[i]] / 2;
            at += sizes[order[i]] + gap;
        }
    }
    return true;
}

enum status fit_refuse(struct paint *paint, const char *what, double pixels, const char *remedy)
{
    diags_error(paint->diags, paint->file, paint->line, remedy, "%s: %.0f pixels more are needed", what, ceil(pixels));
    return STATUS_BAD_INPUT;
}
