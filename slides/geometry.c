#include "slides/geometry.h"

#include <math.h>
#include <string.h>

/* Logical boxes of lines may touch; what is less than this cannot be seen. */
#define TOLERANCE 2.0

static double overlap(const struct box *a, const struct box *b)
{
    double x = fmin(a->x + a->w, b->x + b->w) - fmax(a->x, b->x);
    double y = fmin(a->y + a->h, b->y + b->h) - fmax(a->y, b->y);
    return fmin(x, y);
}

/* By how much `inner` stands over `outer`. */
static double over(const struct box *inner, const struct box *outer)
{
    double x = fmax(outer->x - inner->x, inner->x + inner->w - outer->x - outer->w);
    double y = fmax(outer->y - inner->y, inner->y + inner->h - outer->y - outer->h);
    return fmax(x, y);
}

static bool in_picture(const struct placed *placed)
{
    return placed->what == PLACED_TEXT && strcmp(placed->slot, "visual") == 0;
}

static const char *name_of(const struct placed *placed)
{
    return *placed->slot ? placed->slot : "header or footer";
}

void geometry_check(const struct pages *pages, size_t index, const struct placed_list *placed, struct diags *diags)
{
    const char *file = pages->deck->file;
    const struct canvas *canvas = &pages->items[index].style->canvas;
    int line = pages->items[index].slide->slide->line;
    struct box page = {canvas->inset_left, canvas->inset_top, canvas->width - canvas->inset_left - canvas->inset_right,
                       canvas->height - canvas->inset_top - canvas->inset_bottom};
    for (size_t i = 0; i < placed->count; i++) {
        const struct placed *a = &placed->items[i];
        if (in_picture(a))
            continue;
        if (a->what == PLACED_TEXT && over(&a->box, &page) > TOLERANCE)
            diags_error(diags, file, line, "Shorten the text, split the slide, or choose another canvas.",
                        "slide %zu: the %s stands %.0f pixels over the margins", index + 1, name_of(a),
                        over(&a->box, &page));
        for (size_t j = i + 1; j < placed->count; j++) {
            const struct placed *b = &placed->items[j];
            double common = in_picture(b) ? 0 : overlap(&a->box, &b->box);
            if (common > TOLERANCE)
                diags_error(diags, file, line, "Shorten the text, split the slide, or choose another layout.",
                            "slide %zu: %s and %s overlap by %.0f pixels", index + 1, name_of(a), name_of(b), common);
        }
    }
}
