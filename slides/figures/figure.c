#include "slides/figures/figure.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

struct text_style figure_style(const struct paint *paint, double size, int weight, enum role role, enum align align)
{
    return (struct text_style){.face = FACE_BODY,
                               .size = size * paint->style->unit,
                               .weight = weight,
                               .role = role,
                               .align = align,
                               .tabular = true};
}

struct text_size figure_largest(struct paint *paint, const struct text_style *style, const char *const *markups,
                                size_t count, double width)
{
    struct text_size largest = {0};
    for (size_t i = 0; i < count; i++) {
        if (!markups[i] || !*markups[i])
            continue;
        struct text_size size = paint_text_size(paint, style, markups[i], width);
        largest.width = fmax(largest.width, size.width);
        largest.height = fmax(largest.height, size.height);
        largest.baseline = fmax(largest.baseline, size.baseline);
        largest.lines = size.lines > largest.lines ? size.lines : largest.lines;
    }
    return largest;
}

bool figure_fits(struct paint *paint, struct text_style *style, const char *const *markups, size_t count, double width,
                 double height, bool wrap)
{
    const double unit = paint->style->unit, from = style->size, least = FIGURE_FLOOR * unit;
    const int steps = (int)ceil((from - least) / (2 * unit) - 1e-6);
    for (int step = 0; step <= steps; step++) {
        style->size = step == steps ? least : from - 2 * unit * step;
        struct text_size largest = figure_largest(paint, style, markups, count, wrap ? width : 0);
        if ((width <= 0 || largest.width <= width + 0.5) && (height <= 0 || largest.height <= height + 0.5))
            return true;
    }
    return false;
}

enum status figure_refuse(const struct paint *paint, const char *what, double needs_w, double needs_h, struct box box)
{
    double unit = paint->style->unit;
    char needs[120];
    if (needs_w > box.w + 0.5)
        snprintf(needs, sizeof needs, "%.0f pixels of width and has %.0f", ceil(needs_w / unit), floor(box.w / unit));
    else if (needs_h <= box.h)
        snprintf(needs, sizeof needs, "shorter texts than these in %.0f x %.0f pixels", box.w / unit, box.h / unit);
    else
        snprintf(needs, sizeof needs, "%.0f pixels of height and has %.0f", ceil(needs_h / unit), floor(box.h / unit));
    diags_error(paint->diags, paint->file, paint->line,
                "Shorten its texts, take something out, or give the figure more of the slide.",
                "%s does not fit: it needs %s", what, needs);
    return STATUS_BAD_INPUT;
}

void figure_fault(const struct picture_input *input, const char *part, const char *remedy, const char *format, ...)
{
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    diags_error(input->diags, input->file, picture_line(input, part), remedy, "%s", what);
}

void figure_box(struct paint *paint, struct box box, double radius, double stroke, enum role fill, enum role outline)
{
    struct box inner = {box.x + stroke / 2, box.y + stroke / 2, box.w - stroke, box.h - stroke};
    paint_round_box(paint, inner, radius - stroke / 2);
    paint_role(paint, fill);
    cairo_fill_preserve(paint->cairo);
    paint_role(paint, outline);
    cairo_set_line_width(paint->cairo, stroke);
    cairo_stroke(paint->cairo);
}

void figure_cell(struct paint *paint, struct box box, enum role role)
{
    double radius = 0.16 * box.w;
    if (role == ROLE_SURFACE) {
        figure_box(paint, box, radius, fmin(2 * paint->style->unit, 0.06 * box.w), role, ROLE_LINE);
        return;
    }
    paint_round_box(paint, box, radius);
    paint_role(paint, role);
    cairo_fill(paint->cairo);
}

double figure_clamp(double x, double low, double high)
{
    return fmax(low, fmin(x, high));
}
