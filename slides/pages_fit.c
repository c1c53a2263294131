/* pages_fit.c - the largest type at which all slides of a layout fit. */
#include "slides/pages_parts.h"

/* Gaps give way first, then type from the deck's text size down; the floors of each role hold in any case. */
static const struct {
    double type, gap;
} steps[] = {{1, 1},     {1, 0.8},    {0.95, 0.75}, {0.9, 0.7}, {0.85, 0.6},
             {0.8, 0.5}, {0.75, 0.4}, {0.65, 0.35}, {0.5, 0.3}};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* By how many pixels a slide's content is too high at its scale, and whether its pictures can do with what is left for
 * them. Faults are told in the rehearsal. */
static double overflow(const struct pages *pages, size_t index, cairo_t *nowhere, bool *pictures_fit)
{
    struct diags ignored = {0};
    struct paint paint = pages_paint(pages, index, nowhere, &ignored);
    struct sheet sheet = pages_sheet(pages, index, &paint);
    double over = pages->items[index].layout->place(&sheet, PASS_MEASURE);
    if (over <= 0.5)
        pages->items[index].layout->place(&sheet, PASS_DRAW);
    *pictures_fit = ignored.errors == 0;
    diags_free(&ignored);
    return over;
}

/* All slides of a layout at one scale: do they fit? */
static bool fits_at(struct pages *pages, const struct layout *layout, double type, double gap, cairo_t *nowhere)
{
    for (size_t i = 0; i < pages->count; i++)
        if (pages->items[i].layout == layout) {
            pages->items[i].type_scale = pages->text_scale * type;
            pages->items[i].gap_scale = gap;
        }
    for (size_t i = 0; i < pages->count; i++) {
        bool pictures_fit;
        if (pages->items[i].layout == layout && !(overflow(pages, i, nowhere, &pictures_fit) <= 0.5 && pictures_fit))
            return false;
    }
    return true;
}

/* Larger than wished for, as the canvas would have it: only where gaps can stay wide. */
static bool fits_large(struct pages *pages, const struct layout *layout, cairo_t *nowhere)
{
    static const double shares[] = {1, 0.6, 0.3};
    for (size_t i = 0; pages->text_eager > 1 && i < sizeof shares / sizeof shares[0]; i++)
        for (int tight = 0; tight < 2; tight++)
            if (fits_at(pages, layout, 1 + shares[i] * (pages->text_eager - 1), tight ? 0.8 : 1, nowhere))
                return true;
    return false;
}

/* One scale for all slides of a layout: the first at which each of them fits. */
void pages_fit(struct pages *pages, const struct layout *layout, cairo_t *nowhere, struct diags *diags)
{
    bool fits = fits_large(pages, layout, nowhere);
    for (int step = 0; step < STEPS && !fits; step++)
        fits = fits_at(pages, layout, steps[step].type, steps[step].gap, nowhere);
    for (size_t i = 0; i < pages->count && !fits; i++) {
        bool pictures_fit;
        double over = pages->items[i].layout == layout ? overflow(pages, i, nowhere, &pictures_fit) : 0;
        pages->items[i].too_high |= over > 0.5;
        if (over > 0.5)
            diags_error(diags, pages->deck->file, pages->items[i].slide->slide->line,
                        "Shorten the text, split the slide, or choose a taller canvas.",
                        "slide %zu: its content is %.0f pixels too high, at the smallest type that can be read", i + 1,
                        over);
    }
}
