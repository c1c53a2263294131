#include "slides/progress.h"

#include <math.h>

enum { DOTS_MOST = 20, DOT_GAP = 26, DOT = 5, DOT_HERE = 7, BAR_WIDTH = 360, BAR_HEIGHT = 6 };

double progress_width(const struct sheet *sheet, bool bar)
{
    if (bar || sheet->total > DOTS_MOST)
        return sheet_px(sheet, BAR_WIDTH);
    return sheet_px(sheet, DOT_GAP * (sheet->total - 1) + 2 * DOT_HERE);
}

static void draw_bar(const struct sheet *sheet, double x, double middle)
{
    double height = sheet_px(sheet, BAR_HEIGHT);
    struct box bar = {x, middle - height / 2, sheet_px(sheet, BAR_WIDTH), height};
    paint_role(sheet->paint, ROLE_LINE);
    paint_round_box(sheet->paint, bar, bar.h);
    cairo_fill(sheet->paint->cairo);
    bar.w *= (sheet->index + 1.0) / sheet->total;
    paint_role(sheet->paint, ROLE_ACCENT);
    paint_round_box(sheet->paint, bar, bar.h);
    cairo_fill(sheet->paint->cairo);
}

void progress_draw(const struct sheet *sheet, bool bar, double x, double middle)
{
    cairo_t *cairo = sheet->paint->cairo;
    if (bar || sheet->total > DOTS_MOST) {
        draw_bar(sheet, x, middle);
        return;
    }
    for (int i = 0; i < sheet->total; i++) {
        bool here = i == sheet->index;
        paint_role(sheet->paint, here ? ROLE_ACCENT : ROLE_LINE);
        cairo_new_sub_path(cairo);
        cairo_arc(cairo, x + sheet_px(sheet, DOT_HERE + DOT_GAP * i), middle, sheet_px(sheet, here ? DOT_HERE : DOT), 0,
                  2 * M_PI);
        cairo_fill(cairo);
    }
}
