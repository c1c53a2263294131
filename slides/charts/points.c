/* points.c - one number a row as a point on a scale, with a leader from the axis.
 *
 * A logarithmic axis has no zero, so it has no bars: the length of a bar would say nothing. The leader is thin and
 * leads the eye from the name to the point; the grid's lines carry their own numbers. */
#include <math.h>
#include <stdlib.h>

#include "slides/charts/charts.h"
#include "slides/charts/fit.h"
#include "slides/charts/plot.h"
#include "slides/charts/rows.h"

struct points {
    struct bound *rows;
    size_t count;
    bool log;
    struct plot_cache cache;
};

static const cyaml_schema_field_t fields_schema[] = {CHART_WORD("kind", struct rows_fields, kind, 40),
                                                     CHART_WORD("alt", struct rows_fields, alt, 2000),
                                                     CHART_WORD("caption", struct rows_fields, caption, 200),
                                                     CHART_WORD("scale", struct rows_fields, scale, 20),
                                                     CHART_WORD("highlight", struct rows_fields, highlight, 80),
                                                     CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER,
                                                                                struct rows_fields, rows, rows_count,
                                                                                &row_schema, 1, ROWS_MOST),
                                                     CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct rows_fields, fields_schema)};

static void points_free(void *data)
{
    struct points *points = data;
    if (!points)
        return;
    bounds_free(points->rows, points->count);
    plot_cache_free(&points->cache);
    free(points);
}

static enum status make(const struct picture_input *input, const void *given, void **data)
{
    const struct rows_fields *fields = given;
    struct points *points = calloc(1, sizeof *points);
    *data = NULL;
    if (!points)
        return STATUS_NO_MEMORY;
    enum status status = rows_scale(input, fields->scale, true, &points->log);
    enum status rows =
        rows_make(input, fields, (struct row_roles){ROLE_ACCENT2, ROLE_ACCENT}, points->log, &points->rows);
    points->count = fields->rows_count;
    status = status != STATUS_OK ? status : rows;
    if (status == STATUS_OK)
        *data = points;
    else
        points_free(points);
    return status;
}

/* Everything of one drawing that is decided before the first mark. Measures in pixels. */
struct plan {
    struct chart_styles styles;
    struct axis x;
    double ticks[AXIS_TICKS];
    int tick_count;
    double radius, gap, pitch, top, bottom;
    double lacking_width, lacking_height; /* 0: fits */
};

static double widest_name(const struct points *points, struct paint *paint, const struct text_style *style)
{
    double widest = 0;
    for (size_t i = 0; i < points->count; i++)
        widest = fmax(widest, fit_width(paint, style, points->rows[i].name));
    return widest;
}

/* The axis ends where the number to the right of every point still is inside the box. */
static void plan_width(const struct points *points, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, least = INFINITY, most = 0;
    for (size_t i = 0; i < points->count; i++) {
        if (points->rows[i].missing)
            continue;
        least = fmin(least, points->rows[i].value.number);
        most = fmax(most, points->rows[i].value.number);
    }
    plan->x = axis_over(points->log, least, most);
    plan->tick_count = axis_ticks(&plan->x, plan->ticks);
    plan->x.from = widest_name(points, paint, &plan->styles.name) + 36 * unit;
    double reach = box.w - plan->x.from;
    for (size_t i = 0; i < points->count; i++) {
        double words = fit_width(paint, &plan->styles.value, points->rows[i].shown) + plan->radius + plan->gap;
        double share = points->rows[i].missing ? 0 : axis_share(&plan->x, points->rows[i].value.number);
        if (share > 0)
            reach = fmin(reach, (box.w - plan->x.from - words) / share);
    }
    plan->x.to = plan->x.from + reach;
    plan->lacking_width = fmax(0, 260 * unit - reach);
}

static void plan_height(const struct points *points, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, below = 56 * unit;
    double least = fmax(plan->styles.name.size, plan->styles.value.size) + 32 * unit;
    plan->pitch = fmin((box.h - below) / (double)points->count, 160 * unit);
    plan->lacking_height = fmax(0, (least - plan->pitch) * (double)points->count);
    plan->top = (box.h - below - plan->pitch * (double)points->count) / 2;
    plan->bottom = plan->top + plan->pitch * (double)points->count;
}

static enum status plan_fit(const struct points *points, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit;
    for (int step = 0; step < FIT_STEPS; step++) {
        *plan = (struct plan){.styles = fit_styles(paint, fit_shrink(step)), .radius = 16 * unit, .gap = 18 * unit};
        plan_width(points, paint, box, plan);
        plan_height(points, paint, box, plan);
        if (plan->lacking_width == 0 && plan->lacking_height == 0)
            return STATUS_OK;
    }
    if (plan->lacking_width > 0)
        return fit_refuse(paint, "the points have no width left beside their names", plan->lacking_width,
                          "Shorten the longest row name.");
    return fit_refuse(paint, "the rows have no height", plan->lacking_height,
                      "Leave rows out, or take a taller layout.");
}

/* Grid lines with their words under them; when words would touch, each second pair goes. */
static void draw_grid(const struct points *points, struct plot *plot, const struct plan *plan)
{
    enum unit unit = points->rows[0].value.unit;
    struct text_style style = plan->styles.tick;
    double widest = 0, nearest = INFINITY;
    style.align = ALIGN_CENTER;
    for (size_t i = 0; i < points->count; i++)
        unit = points->rows[i].missing ? unit : points->rows[i].value.unit;
    for (int i = 0; i < plan->tick_count; i++) {
        char words[AXIS_WORDS];
        axis_words(unit, plan->ticks[i], words);
        widest = fmax(widest, fit_width(plot->paint, &style, words));
        if (i > 0)
            nearest = fmin(nearest, axis_pixel(&plan->x, plan->ticks[i]) - axis_pixel(&plan->x, plan->ticks[i - 1]));
    }
    int stride = nearest < widest + 24 * plot->unit ? 2 : 1;
    for (int i = 0; i < plan->tick_count; i += stride) {
        char words[AXIS_WORDS];
        double at = axis_pixel(&plan->x, plan->ticks[i]);
        axis_words(unit, plan->ticks[i], words);
        plot_grid_x(plot, plan->ticks[i]);
        plot_words(plot, &style, words, at, plan->bottom + 46 * plot->unit);
    }
}

static void draw_row(const struct bound *row, struct plot *plot, const struct plan *plan, double y)
{
    const struct chart_styles *styles = &plan->styles;
    plot_words(plot, &styles->name, row->name, 0, y + 0.36 * styles->name.size);
    if (row->missing) {
        struct text_style words = styles->name;
        words.role = ROLE_MUTED;
        plot_words(plot, &words, row->shown, plan->x.from + plan->gap, y + 0.36 * words.size);
        return;
    }
    double x = axis_pixel(&plan->x, row->value.number), right = x + plan->radius;
    plot_segment(plot, SCALE_PIXELS, row->role, 5 * plot->unit, plan->x.from, y, x, y);
    if (bound_has_interval(&row->value)) {
        double low = axis_pixel(&plan->x, row->value.low), high = axis_pixel(&plan->x, row->value.high);
        if (high - low > 2 * plan->radius) { /* a shorter one hides behind the point */
            plot_interval(plot, true, ROLE_TEXT, low, high, y);
            right = fmax(right, high);
        }
    }
    plot_mark(plot, SCALE_PIXELS, SHAPE_CIRCLE, row->role, plan->radius, x, y);
    plot_words(plot, &styles->value, row->shown, right + plan->gap, y + 0.36 * styles->value.size);
}

static enum status draw(void *data, struct paint *paint, struct box box)
{
    struct points *points = data;
    struct plan plan;
    struct plot plot;
    enum status status = plan_fit(points, paint, box, &plan);
    if (status != STATUS_OK)
        return status;
    struct axis y = {.low = 0, .high = 1, .from = plan.bottom, .to = plan.top};
    plot_begin(&plot, paint, box);
    plot_area(&plot, &plan.x, &y);
    for (size_t i = 0; i < points->count; i++)
        draw_row(&points->rows[i], &plot, &plan, plan.top + ((double)i + 0.5) * plan.pitch);
    draw_grid(points, &plot, &plan);
    return plot_end(&plot, &points->cache);
}

static double height(void *data, struct paint *paint, double width)
{
    const struct points *points = data;
    (void)width;
    return (125 * (double)points->count + 56) * paint->style->unit;
}

static char *alt(const void *data)
{
    const struct points *points = data;
    struct text text = {0};
    text_format(&text, "Points on a %s scale, in %s: ", points->log ? "logarithmic" : "linear",
                bound_quantity(points->rows[0].value.unit));
    bound_add_list(&text, points->rows, points->count);
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct points *points = data;
    struct text text = {0};
    text_format(&text, "%s, %s scale", bound_quantity(points->rows[0].value.unit),
                points->log ? "logarithmic" : "linear");
    bound_add_statistics(&text, points->rows, points->count, "bars");
    return text_take(&text);
}

const struct picture_kind chart_points = {.fence = BLOCK_CHART,
                                          .name = "points",
                                          .idea = "a number a row as a point on a logarithmic or linear scale",
                                          .schema = &schema,
                                          .make = make,
                                          .draw = draw,
                                          .height = height,
                                          .alt = alt,
                                          .caption = caption,
                                          .free = points_free};
