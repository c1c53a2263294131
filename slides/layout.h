/* layout.h - the ways to place a slide's content: one row in one table a layout, one file each in layouts/. */
#ifndef SLIDES_LAYOUT_H
#define SLIDES_LAYOUT_H

#include "slides/sheet.h"

/* Two passes over the same function, so that what is measured is what is drawn. */
enum pass { PASS_MEASURE, PASS_DRAW };

struct layout {
    const char *name;
    const char *idea;                   /* one line for the list of layouts */
    bool pattern;                       /* the theme's background pattern may stand behind it */
    bool bleeds;                        /* it places ![bg] itself, rather than under everything */
    bool subtitle, visual, code, table; /* what it has a place for, beside a title and words */
    size_t columns;                     /* how many cards (###) */
    /* Places the content into sheet->room. Returns by how many pixels it does not fit (0 or less: it does). */
    double (*place)(const struct sheet *sheet, enum pass pass);
};

extern const struct layout layout_hook, layout_claim, layout_chart, layout_figure, layout_compare, layout_quote,
    layout_number, layout_outro, layout_code, layout_table, layout_list, layout_image, layout_post;

const struct layout *const *layouts_all(size_t *count);
/* NULL after an error with the nearest names. */
const struct layout *layout_find(const char *name, const char *file, int line, struct diags *diags);

#endif
