#include "slides/charts/plane.h"

#include <math.h>
#include <stdint.h>

/* A line is kept free of words by small boxes along it. */
enum { STEPS = 48, OBSTACLES = PLANE_POINTS * 2 + PLANE_EDGES * (STEPS + 1) };

struct layout {
    struct chart_styles styles;
    struct text_style label;
    struct axis x, y;
    double x_ticks[AXIS_TICKS], y_ticks[AXIS_TICKS];
    int x_count, y_count;
    double radius;
    struct box obstacles[OBSTACLES]; /* the points' own come first, in their order */
    size_t obstacle_count;
    struct box names[PLANE_POINTS], edge_words[PLANE_EDGES];
    bool leader[PLANE_POINTS]; /* the name stands apart from its point */
};

/* What is shown, with a margin so that no point lies on an edge of the plane. */
static struct axis range(bool log, double least, double most)
{
    if (!log)
        return (struct axis){.low = 0, .high = 1.08 * most};
    return (struct axis){.log = true, .low = axis_round_below(least / 1.25), .high = most * 1.25};
}

static void plan_axes(const struct plane *plane, struct paint *paint, struct box box, struct layout *layout)
{
    double unit = paint->style->unit, left = 0;
    double x_least = INFINITY, x_most = 0, y_least = INFINITY, y_most = 0;
    for (size_t i = 0; i < plane->count; i++) {
        x_least = fmin(x_least, plane->points[i].x);
        x_most = fmax(x_most, plane->points[i].x);
        y_least = fmin(y_least, fmin(plane->points[i].y, plane->points[i].y_low));
        y_most = fmax(y_most, fmax(plane->points[i].y, plane->points[i].y_high));
    }
    for (size_t e = 0; e < plane->edge_count; e++) { /* an edge may begin outside; its end is seen */
        x_most = fmax(x_most, plane->edges[e].x[1]);
        y_most = fmax(y_most, plane->edges[e].y[1]);
    }
    x_least = plane->x_least > 0 ? fmin(x_least, plane->x_least) : x_least;
    layout->x = range(plane->x_log, x_least, x_most);
    layout->y = range(plane->y_log, y_least, y_most);
    layout->x_count = axis_ticks(&layout->x, layout->x_ticks);
    layout->y_count = axis_ticks(&layout->y, layout->y_ticks);
    for (int i = 0; i < layout->y_count; i++) {
        char words[AXIS_WORDS];
        axis_words(plane->y_unit, layout->y_ticks[i], words);
        left = fmax(left, fit_width(paint, &layout->styles.tick, words));
    }
    layout->x.from = left + 24 * unit;
    layout->x.to = box.w - 2 * unit;
    layout->y.to = 66 * unit;
    layout->y.from = box.h - 100 * unit;
}

static struct box around(double x, double y, double radius)
{
    return (struct box){x - radius, y - radius, 2 * radius, 2 * radius};
}

static bool touch(const struct box *a, const struct box *b, double gap)
{
    return a->x < b->x + b->w + gap && b->x < a->x + a->w + gap && a->y < b->y + b->h + gap && b->y < a->y + a->h + gap;
}

static void add_obstacle(struct layout *layout, struct box box)
{
    if (layout->obstacle_count < OBSTACLES)
        layout->obstacles[layout->obstacle_count++] = box;
}

/* The part of an edge inside the plane, in pixels. */
static void edge_pixels(const struct plane_edge *edge, const struct layout *layout, double x[2], double y[2])
{
    double share_low = 0, share_high = 1;
    for (int i = 0; i < 2; i++) {
        x[i] = axis_pixel(&layout->x, edge->x[i]);
        y[i] = axis_pixel(&layout->y, edge->y[i]);
    }
    if (x[0] < layout->x.from)
        share_low = (layout->x.from - x[0]) / (x[1] - x[0]);
    if (y[0] > layout->y.from)
        share_low = fmax(share_low, (layout->y.from - y[0]) / (y[1] - y[0]));
    if (x[1] > layout->x.to)
        share_high = (layout->x.to - x[0]) / (x[1] - x[0]);
    double x0 = x[0], y0 = y[0], dx = x[1] - x[0], dy = y[1] - y[0];
    x[0] = x0 + share_low * dx;
    y[0] = y0 + share_low * dy;
    x[1] = x0 + share_high * dx;
    y[1] = y0 + share_high * dy;
}

static void plan_edges(const struct plane *plane, struct paint *paint, struct layout *layout)
{
    double unit = paint->style->unit, high = 1.25 * layout->styles.tick.size;
    for (size_t i = 0; i < plane->count; i++)
        add_obstacle(layout, around(axis_pixel(&layout->x, plane->points[i].x),
                                    axis_pixel(&layout->y, plane->points[i].y), layout->radius));
    for (size_t e = 0; e < plane->edge_count; e++) {
        const struct plane_edge *edge = &plane->edges[e];
        double x[2], y[2], width = fit_width(paint, &layout->styles.tick, edge->words);
        edge_pixels(edge, layout, x, y);
        for (int i = 0; i <= STEPS; i++)
            add_obstacle(layout, around(x[0] + (x[1] - x[0]) * i / STEPS, y[0] + (y[1] - y[0]) * i / STEPS, 3 * unit));
        layout->edge_words[e] = (struct box){x[1] - width, y[1] - 14 * unit - high, width, high};
        if (!edge->words_below)
            add_obstacle(layout, layout->edge_words[e]);
    }
}

static bool is_free(const struct layout *layout, const struct box *name, size_t own, double right, double gap)
{
    if (name->x < layout->x.from || name->x + name->w > right || name->y < layout->y.to ||
        name->y + name->h > layout->y.from)
        return false;
    for (size_t i = 0; i < layout->obstacle_count; i++)
        if (i != own && touch(name, &layout->obstacles[i], gap))
            return false;
    return true;
}

/* A name at one of eight sides of its point, `away` from it. */
static struct box name_at(double x, double y, double width, double high, const double side[2], double away)
{
    double reach = side[0] != 0 && side[1] != 0 ? 0.6 * away : away;
    return (struct box){x + side[0] * reach -
                            (side[0] < 0    ? width
                             : side[0] == 0 ? width / 2
                                            : 0),
                        y + side[1] * reach -
                            (side[1] < 0    ? high
                             : side[1] == 0 ? high / 2
                                            : 0),
                        width, high};
}

/* Where a leader from a point ends: on the name's nearest edge. */
static void leader_end(double x, double y, const struct box *name, double *to_x, double *to_y)
{
    *to_x = fmin(fmax(x, name->x), name->x + name->w);
    *to_y = fmin(fmax(y, name->y), name->y + name->h);
}

static bool leader_is_free(const struct layout *layout, size_t own, double x, double y, const struct box *name)
{
    double to_x, to_y;
    leader_end(x, y, name, &to_x, &to_y);
    for (int s = 0; s <= 16; s++) {
        struct box dot = around(x + (to_x - x) * s / 16, y + (to_y - y) * s / 16, 1);
        for (size_t i = 0; i < layout->obstacle_count; i++)
            if (i != own && touch(&dot, &layout->obstacles[i], 0))
                return false;
    }
    return true;
}

/* Right of the point if that is free, else left, above, below, and the corners; then the same farther away, with a
 * leader. */
static bool plan_names(const struct plane *plane, struct paint *paint, struct box box, struct layout *layout)
{
    static const double sides[][2] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {1, 1}, {-1, -1}, {-1, 1}};
    enum { SIDES = sizeof sides / sizeof sides[0], RINGS = 4 };
    double unit = paint->style->unit, high = 1.15 * layout->label.size, away = layout->radius + 12 * unit;
    for (size_t i = 0; i < plane->count; i++) {
        const struct box *point = &layout->obstacles[i];
        double x = point->x + point->w / 2, y = point->y + point->h / 2;
        double width = fit_width(paint, &layout->label, plane->points[i].name);
        bool found = false;
        for (int p = 0; p < SIDES * RINGS && !found; p++) {
            int ring = p / SIDES;
            layout->names[i] = name_at(x, y, width, high, sides[p % SIDES], (1 + ring) * away);
            layout->leader[i] = ring > 0;
            found = is_free(layout, &layout->names[i], i, box.w, 8 * unit) &&
                    (ring == 0 || leader_is_free(layout, i, x, y, &layout->names[i]));
        }
        if (!found)
            return false;
        add_obstacle(layout, layout->names[i]);
    }
    return true;
}

/* Under an edge, wherever along it there is room. */
static bool plan_edge_words(const struct plane *plane, struct paint *paint, struct box box, struct layout *layout)
{
    static const double shares[] = {0.45, 0.3, 0.6, 0.15, 0.75, 0.05, 0.9};
    double unit = paint->style->unit;
    for (size_t e = 0; e < plane->edge_count; e++) {
        double x[2], y[2];
        struct box *words = &layout->edge_words[e];
        bool found = !plane->edges[e].words_below;
        edge_pixels(&plane->edges[e], layout, x, y);
        for (size_t s = 0; s < sizeof shares / sizeof shares[0] && !found; s++) {
            words->x = x[0] + shares[s] * (x[1] - x[0]) + 24 * unit;
            words->y = y[0] + shares[s] * (y[1] - y[0]) + 6 * unit;
            found = is_free(layout, words, SIZE_MAX, box.w, 3 * unit);
        }
        if (!found)
            return false;
    }
    return true;
}

static enum status plan(const struct plane *plane, struct paint *paint, struct box box, struct layout *layout)
{
    double lacking = 0;
    for (int step = 0; step < FIT_STEPS; step++) {
        *layout = (struct layout){.styles = fit_styles(paint, fit_shrink(step)), .radius = 15 * paint->style->unit};
        layout->label = layout->styles.name;
        layout->label.weight = 600;
        plan_axes(plane, paint, box, layout);
        double least = 280 * paint->style->unit;
        lacking = fmax(least - (layout->y.from - layout->y.to), least - (layout->x.to - layout->x.from));
        if (lacking > 0)
            continue;
        plan_edges(plane, paint, layout);
        if (plan_names(plane, paint, box, layout) && plan_edge_words(plane, paint, box, layout))
            return STATUS_OK;
    }
    if (lacking > 0)
        return fit_refuse(paint, "the plane of the points has no room", lacking, "Take a larger layout.");
    diags_error(paint->diags, paint->file, paint->line, "Shorten names, leave points out, or take scale: log.",
                "the names of the points touch each other wherever they stand");
    return STATUS_BAD_INPUT;
}

static void draw_grid(const struct plane *plane, struct plot *plot, const struct layout *layout)
{
    struct text_style style = layout->styles.tick;
    double unit = plot->unit, next = -INFINITY;
    char words[AXIS_WORDS];
    style.align = ALIGN_RIGHT;
    for (int i = 0; i < layout->y_count; i++) {
        axis_words(plane->y_unit, layout->y_ticks[i], words);
        plot_grid_y(plot, layout->y_ticks[i]);
        plot_words(plot, &style, words, layout->x.from - 20 * unit,
                   axis_pixel(&layout->y, layout->y_ticks[i]) + 0.36 * style.size);
    }
    style.align = ALIGN_CENTER;
    for (int i = 0; i < layout->x_count; i++) {
        axis_words(plane->x_unit, layout->x_ticks[i], words);
        double half = fit_width(plot->paint, &style, words) / 2;
        double at = fmin(axis_pixel(&layout->x, layout->x_ticks[i]), plot->box.w - half);
        plot_grid_x(plot, layout->x_ticks[i]);
        if (at - half < next)
            continue;
        plot_words(plot, &style, words, at, layout->y.from + 46 * unit);
        next = at + half + 24 * unit;
    }
    style.align = ALIGN_LEFT;
    plot_words(plot, &style, plane->y_words, 0, style.size);
    style.align = ALIGN_CENTER;
    plot_words(plot, &style, plane->x_words, (layout->x.from + layout->x.to) / 2, layout->y.from + 90 * unit);
}

static void draw_edges(const struct plane *plane, struct plot *plot, const struct layout *layout)
{
    for (size_t e = 0; e < plane->edge_count; e++) {
        double x[2], y[2];
        const struct box *words = &layout->edge_words[e];
        edge_pixels(&plane->edges[e], layout, x, y);
        plot_segment(plot, SCALE_PIXELS, ROLE_MUTED, 4 * plot->unit, x[0], y[0], x[1], y[1]);
        plot_blank(plot, (struct box){words->x - 6 * plot->unit, words->y, words->w + 12 * plot->unit, words->h});
        plot_words(plot, &layout->styles.tick, plane->edges[e].words, words->x, words->y + 0.82 * words->h);
    }
}

static void draw_point(const struct plane_point *point, size_t index, struct plot *plot, const struct layout *layout)
{
    double x = axis_pixel(&layout->x, point->x), y = axis_pixel(&layout->y, point->y);
    double low = axis_pixel(&layout->y, point->y_low), high = axis_pixel(&layout->y, point->y_high);
    const struct box *name = &layout->names[index];
    struct text_style style = layout->label;
    if (layout->leader[index]) {
        double to_x, to_y;
        leader_end(x, y, name, &to_x, &to_y);
        plot_segment(plot, SCALE_PIXELS, ROLE_MUTED, 2.5 * plot->unit, x, y, to_x, to_y);
    }
    if (low - high > 2.4 * layout->radius)
        plot_interval(plot, false, ROLE_TEXT, high, low, x);
    plot_mark(plot, SCALE_PIXELS, (enum shape)(index % SHAPES), point->role, layout->radius, x, y);
    style.role = point->role;
    plot_blank(plot, (struct box){name->x - 6 * plot->unit, name->y, name->w + 12 * plot->unit, name->h});
    plot_words(plot, &style, point->name, name->x, name->y + name->h / 2 + 0.36 * style.size);
}

enum status plane_draw(const struct plane *plane, struct plot_cache *cache, struct paint *paint, struct box box)
{
    struct layout layout;
    struct plot plot;
    enum status status = plan(plane, paint, box, &layout);
    if (status != STATUS_OK)
        return status;
    plot_begin(&plot, paint, box);
    plot_area(&plot, &layout.x, &layout.y);
    draw_grid(plane, &plot, &layout);
    draw_edges(plane, &plot, &layout);
    for (size_t i = 0; i < plane->count; i++)
        draw_point(&plane->points[i], i, &plot, &layout);
    return plot_end(&plot, cache);
}

double plane_height(const struct paint *paint, double width)
{
    return fmin(680 * paint->style->unit, 0.78 * width);
}
