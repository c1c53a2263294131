#include "slides/progress.h"

#include <math.h>

enum { DOTS_MOST = 20, DOT_GAP = 26, DOT_GAP_LEAST = 17, DOT = 5, DOT_HERE = 7 };
enum { BAR_WIDTH = 360, BAR_LEAST = 140, BAR_HEIGHT = 6 };

struct progress progress_fit(const struct sheet *sheet, bool bar, double most)
{
    double ends = sheet_px(sheet, 2 * DOT_HERE), between = fmax(1, sheet->total - 1);
    double gap = fmin(sheet_px(sheet, DOT_GAP), (most - ends) / between);
    if (!bar && sheet->total <= DOTS_MOST && gap >= sheet_px(sheet, DOT_GAP_LEAST))
        return (struct progress){.width = gap * (sheet->total - 1) + ends, .gap = gap};
    return (struct progress){.bar = true,
                             .width = fmax(sheet_px(sheet, BAR_LEAST), fmin(sheet_px(sheet, BAR_WIDTH), most))};
}

static void draw_bar(const struct sheet *sheet, double x, double middle, double width)
{
    double height = sheet_px(sheet, BAR_HEIGHT);
    struct box bar = {x, middle - height / 2, width, height};
    paint_fill_round(sheet->paint, bar, bar.h, ROLE_LINE);
    bar.w *= (sheet->index + 1.0) / sheet->total;
    paint_fill_round(sheet->paint, bar, bar.h, ROLE_ACCENT);
}

void progress_draw(const struct sheet *sheet, const struct progress *progress, double x, double middle)
{
    cairo_t *cairo = sheet->paint->cairo;
    if (progress->bar) {
        draw_bar(sheet, x, middle, progress->width);
        return;
    }
    for (int i = 0; i < sheet->total; i++) {
        bool here = i == sheet->index;
        paint_role(sheet->paint, here ? ROLE_ACCENT : ROLE_LINE);
        cairo_new_sub_path(cairo);
        cairo_arc(cairo, x + sheet_px(sheet, DOT_HERE) + progress->gap * i, middle,
                  sheet_px(sheet, here ? DOT_HERE : DOT), 0, 2 * M_PI);
        cairo_fill(cairo);
    }
}
