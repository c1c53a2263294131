#include "slides/charts/fit.h"

#include <glib.h>
#include <math.h>

enum { FLOOR = 28, MOST_LABELS = 64 };

struct chart_styles fit_styles(const struct paint *paint, double shrink)
{
    double unit = paint->style->unit;
    return (struct chart_styles){
        .name = {.face = FACE_BODY, .size = (FLOOR + 8 * shrink) * unit, .weight = 500, .role = ROLE_TEXT},
        .value = {.face = FACE_BODY,
                  .size = (FLOOR + 12 * shrink) * unit,
                  .weight = 700,
                  .role = ROLE_TEXT,
                  .tabular = true},
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

bool fit_spread(double *centres, size_t count, double apart, double low, double high)
{
    size_t order[MOST_LABELS], first[MOST_LABELS], crowds = 0;
    double sum[MOST_LABELS]; /* of each crowd: centres less their place in it */
    if (count > MOST_LABELS || (double)(count - 1) * apart > high - low + 1e-6)
        return count == 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && centres[order[at - 1]] > centres[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    /* Each label alone; then crowds that touch are joined and stand around the mean of their wishes. */
    double start[MOST_LABELS];
    for (size_t i = 0; i < count; i++) {
        first[crowds] = i;
        sum[crowds] = centres[order[i]];
        start[crowds] = sum[crowds];
        crowds++;
        while (true) {
            size_t c = crowds - 1, members = i + 1 - first[c];
            double most = high - (double)(members - 1) * apart;
            start[c] = fmin(fmax(sum[c] / (double)members, low), most);
            if (c == 0 || start[c] >= start[c - 1] + (double)(first[c] - first[c - 1]) * apart - 1e-9)
                break;
            sum[c - 1] += sum[c] - (double)members * (double)(first[c] - first[c - 1]) * apart;
            crowds--;
        }
    }
    for (size_t c = 0; c < crowds; c++)
        for (size_t i = first[c]; i < (c + 1 < crowds ? first[c + 1] : count); i++)
            centres[order[i]] = start[c] + (double)(i - first[c]) * apart;
    return true;
}

enum status fit_refuse(struct paint *paint, const char *what, double pixels, const char *remedy)
{
    diags_error(paint->diags, paint->file, paint->line, remedy, "%s: %.0f pixels more are needed", what, ceil(pixels));
    return STATUS_BAD_INPUT;
}
