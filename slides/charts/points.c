/* points.c - one number a row as a point on a scale, with a leader from the axis.
 *
 * A logarithmic axis has no zero, so it has no bars: the length of a bar would say nothing. The leader is thin and
 * leads the eye from the name to the point; the grid's lines carry their own numbers. */
#include <math.h>
#include <stdlib.h>

#include "slides/charts/charts.h"
#include "slides/charts/rows.h"
#include "slides/charts/strip.h"

struct points {
    struct bound *rows;
    size_t count;
    bool log;
    struct plot_cache *cache; /* of the picture */
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
    bounds_free(points->rows, points->count);
}

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct rows_fields *fields = given;
    struct points *points = data;
    points->cache = input->cache;
    enum status status = rows_scale(input, fields->scale, true, &points->log);
    enum status rows =
        rows_make(input, fields, (struct row_roles){ROLE_ACCENT2, ROLE_ACCENT}, points->log, &points->rows);
    points->count = fields->rows_count;
    status = status != STATUS_OK ? status : rows;
    return status;
}

/* The unit of what is there: words of `else` have none. */
static enum unit unit_of(const struct points *points)
{
    for (size_t i = 0; i < points->count; i++)
        if (!points->rows[i].missing)
            return points->rows[i].value.unit;
    return UNIT_NONE;
}

static void draw_row(const struct bound *row, struct plot *plot, const struct strip *strip, double y)
{
    strip_draw_name(strip, plot, row->name, y);
    if (row->missing) {
        strip_draw_missing(strip, plot, row->shown, y);
        return;
    }
    double x = axis_pixel(&strip->x, row->value.number), right = x + strip->radius;
    plot_segment(plot, SCALE_PIXELS, row->role, 5 * plot->unit, strip->x.from, y, x, y);
    if (bound_has_interval(&row->value)) {
        double low = axis_pixel(&strip->x, row->value.low), high = axis_pixel(&strip->x, row->value.high);
        if (high - low > 2.4 * strip->radius) { /* a shorter one hides behind the point */
            plot_interval(plot, true, ROLE_TEXT, low, high, y);
            right = fmax(right, high);
        }
    }
    plot_mark(plot, SCALE_PIXELS, SHAPE_CIRCLE, row->role, strip->radius, x, y);
    strip_draw_number(strip, plot, row->shown, right, 1, y);
}

static enum status draw(void *data, struct paint *paint, struct box box)
{
    struct points *points = data;
    struct strip_row rows[ROWS_MOST];
    struct strip strip;
    struct plot plot;
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < points->count; i++) {
        const struct bound *row = &points->rows[i];
        double last = bound_has_interval(&row->value) ? row->value.high : row->value.number;
        rows[i] = (struct strip_row){row->name, NULL, row->shown, row->missing ? NAN : last};
        least = row->missing ? least : fmin(least, row->value.number);
        most = row->missing ? most : fmax(most, row->value.number);
    }
    enum status status = strip_plan(&strip, rows, points->count, axis_over(points->log, least, most), 0, paint, box);
    if (status != STATUS_OK)
        return status;
    struct axis y = {.low = 0, .high = 1, .from = strip.bottom, .to = strip.top};
    plot_begin(&plot, paint, box);
    plot_area(&plot, &strip.x, &y);
    for (size_t i = 0; i < points->count; i++)
        draw_row(&points->rows[i], &plot, &strip, strip_row_y(&strip, i));
    strip_draw_grid(&strip, &plot, unit_of(points));
    return plot_end(&plot, points->cache);
}

static double height(void *data, struct paint *paint, double width)
{
    const struct points *points = data;
    (void)width;
    return strip_height(paint, points->count, 0);
}

static char *alt(const void *data)
{
    const struct points *points = data;
    struct text text = {0};
    text_format(&text, "Points on a %s scale, in %s: ", points->log ? "logarithmic" : "linear",
                bound_quantity(unit_of(points)));
    bound_add_list(&text, points->rows, points->count);
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct points *points = data;
    struct text text = {0};
    text_format(&text, "%s, %s scale", bound_quantity(unit_of(points)), points->log ? "logarithmic" : "linear");
    bound_add_statistics(&text, points->rows, points->count, "bars");
    return text_take(&text);
}

const struct picture_kind chart_points = {.fence = BLOCK_CHART,
                                          .name = "points",
                                          .idea = "a number a row as a point on a logarithmic or linear scale",
                                          .schema = &schema,
                                          .size = sizeof(struct points),
                                          .make = make,
                                          .draw = draw,
                                          .height = height,
                                          .alt = alt,
                                          .caption = caption,
                                          .free = points_free};
