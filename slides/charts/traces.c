#include "slides/charts/traces.h"

#include <math.h>
#include <stdlib.h>

/* Measures of a chart whose short side is 1080. */
enum {
    RADIUS = 12,          /* of a mark */
    TICK_GAP = 24,        /* between the words of the upward scale and the plane */
    TICK_GAP_MARKED = 34, /* the same where a mark lies on the plane's left edge */
    LEADER = 58,          /* between the plane and the names */
    FOOT = 96,            /* under the plane: words of its grid and of its scale */
    LEAST_WIDTH = 280,    /* of the plane */
    LEAST_HEIGHT = 302,   /* of the plane and what stands over it */
};

struct trace_point trace_point_of(double x, const struct value *y)
{
    bool interval = bound_has_interval(y);
    return (struct trace_point){x, y->number, interval ? y->low : y->number, interval ? y->high : y->number};
}

static const struct trace_point *last_of(const struct trace *trace)
{
    return &trace->points[trace->count - 1];
}

static double tick_gap(const struct traces *traces)
{
    for (size_t t = 0; t < traces->count; t++)
        if (traces->items[t].points[0].x <= traces->x.low)
            return TICK_GAP_MARKED;
    return TICK_GAP;
}

/* Returns how many pixels are lacking. */
static double plan_width(struct traces *traces, struct paint *paint, struct box box)
{
    double unit = paint->style->unit, left = 0, right = 0;
    for (int i = 0; i < traces->y_count; i++) {
        char words[AXIS_WORDS];
        axis_words(traces->y_unit, traces->y_ticks[i], words);
        left = fmax(left, fit_width(paint, &traces->styles.tick, words));
    }
    for (size_t t = 0; t < traces->count; t++)
        right = fmax(right, paint_text_size(paint, &traces->label, traces->items[t].name, 0).width);
    right = fmax(right, traces->beside - LEADER * unit);
    traces->x.from = left + (tick_gap(traces) + RADIUS) * unit;
    traces->x.to = box.w - right - LEADER * unit;
    traces->label_left = box.w - right;
    return fmax(0, LEAST_WIDTH * unit - (traces->x.to - traces->x.from));
}

static double plan_height(struct traces *traces, struct paint *paint, struct box box)
{
    double unit = paint->style->unit, apart = traces->label.size * 1.3, sizes[BOUND_MOST_SERIES];
    traces->y.to = traces->head;
    traces->y.from = box.h - FOOT * unit;
    for (size_t t = 0; t < traces->count; t++) {
        traces->spread[t] = axis_pixel(&traces->y, last_of(&traces->items[t])->y);
        sizes[t] = apart;
    }
    double names = (double)traces->count * apart - (traces->y.from - traces->y.to);
    double lacking = fmax(0, fmax(LEAST_HEIGHT * unit - traces->y.from, names));
    if (lacking == 0)
        fit_spread(traces->spread, sizes, traces->count, 0, traces->y.to - apart / 2, traces->y.from + apart / 2);
    return lacking;
}

enum status traces_plan(struct traces *traces, struct paint *paint, struct box box)
{
    double lacking_width = 0, lacking_height = 0;
    traces->y_count = axis_ticks(&traces->y, traces->y_ticks);
    if (traces->x_count == 0)
        traces->x_count = axis_ticks(&traces->x, traces->x_ticks);
    for (int step = 0; step < FIT_STEPS; step++) {
        traces->styles = fit_styles(paint, fit_shrink(step));
        traces->label = traces->styles.name;
        traces->label.weight = 600;
        lacking_width = plan_width(traces, paint, box);
        lacking_height = plan_height(traces, paint, box);
        if (lacking_width == 0 && lacking_height == 0)
            return STATUS_OK;
    }
    if (lacking_width > 0)
        return fit_refuse(paint, "the lines have no width left beside their names", lacking_width,
                          "Shorten the longest series name.");
    return fit_refuse(paint, "the lines have no height", lacking_height, "Take a taller layout.");
}

void traces_draw_grid(const struct traces *traces, struct plot *plot)
{
    struct text_style style = traces->styles.tick;
    double unit = plot->unit, next = -INFINITY;
    char words[AXIS_WORDS];
    plot_area(plot, &traces->x, &traces->y);
    style.align = ALIGN_RIGHT;
    for (int i = 0; i < traces->y_count; i++) {
        axis_words(traces->y_unit, traces->y_ticks[i], words);
        plot_grid_y(plot, traces->y_ticks[i]);
        plot_words(plot, &style, words, traces->x.from - tick_gap(traces) * unit,
                   axis_pixel(&traces->y, traces->y_ticks[i]) + 0.36 * style.size);
    }
    style.align = ALIGN_CENTER;
    for (int i = 0; i < traces->x_count; i++) { /* what would touch the words before is left out */
        axis_words(traces->x_unit, traces->x_ticks[i], words);
        double at = axis_pixel(&traces->x, traces->x_ticks[i]), half = fit_width(plot->paint, &style, words) / 2;
        if (at - half < next)
            continue;
        plot_words(plot, &style, words, at, traces->y.from + 46 * unit);
        next = at + half + 24 * unit;
    }
    style.align = ALIGN_LEFT;
    plot_words(plot, &style, traces->y_words, 0, style.size);
    style.align = ALIGN_CENTER;
    plot_words(plot, &style, traces->x_words, (traces->x.from + traces->x.to) / 2, traces->y.from + 90 * unit);
}

/* A leader runs from the end to the name: level where nothing had to move. */
static void draw_name(const struct traces *traces, size_t index, struct plot *plot)
{
    const struct trace *trace = &traces->items[index];
    struct text_style style = traces->label;
    double unit = plot->unit, middle = traces->spread[index];
    double end = axis_pixel(&traces->x, last_of(trace)->x), level = axis_pixel(&traces->y, last_of(trace)->y);
    plot_segment(plot, SCALE_PIXELS, trace->role, 2 * unit, end + 20 * unit, level, traces->label_left - 12 * unit,
                 middle);
    style.role = trace->role;
    plot_markup(plot, &style, trace->name, traces->label_left, middle + 0.36 * style.size);
}

/* Told apart by shape and, where muted, by dashes: not by colour alone. */
static void draw_trace(const struct traces *traces, size_t index, struct plot *plot)
{
    const struct trace *trace = &traces->items[index];
    enum shape shape = index < SHAPES ? (enum shape)index : SHAPE_CIRCLE;
    double x[TRACE_POINTS], y[TRACE_POINTS], unit = plot->unit;
    for (size_t i = 0; i < trace->count; i++) {
        x[i] = trace->points[i].x;
        y[i] = trace->points[i].y;
    }
    plot_path(plot, SCALE_DATA, trace->role, 5 * unit, index % 2 == 1 && trace->role == ROLE_MUTED, x, y, trace->count);
    for (size_t i = 0; i < trace->count; i++) {
        const struct trace_point *point = &trace->points[i];
        double low = axis_pixel(&traces->y, point->low), high = axis_pixel(&traces->y, point->high);
        if (low - high > 28 * unit) /* a shorter one lies under its mark */
            plot_interval(plot, false, ROLE_TEXT, high, low, axis_pixel(&traces->x, point->x));
        plot_mark(plot, SCALE_DATA, shape, trace->role, RADIUS * unit, point->x, point->y);
    }
    draw_name(traces, index, plot);
}

void traces_draw(const struct traces *traces, struct plot *plot)
{
    for (int muted = 1; muted >= 0; muted--) /* what the slide is about lies on top */
        for (size_t t = 0; t < traces->count; t++)
            if ((traces->items[t].role == ROLE_MUTED) == muted)
                draw_trace(traces, t, plot);
}

void traces_free(struct traces *traces)
{
    for (size_t t = 0; t < traces->count; t++)
        free(traces->items[t].name);
}
