/* dumbbell.c - before and after of several things along one scale: two marks a row, joined. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/rows.h"
#include "slides/charts/strip.h"

struct dumbbell_row_fields {
    char *name, *before, *after;
};

struct dumbbell_fields {
    char *kind, *alt, *caption, *scale;
    char *before, *after; /* what the two marks are called */
    struct dumbbell_row_fields *rows;
    unsigned rows_count;
};

static const cyaml_schema_field_t row_fields[] = {CHART_NEEDED("name", struct dumbbell_row_fields, name, 80),
                                                  CHART_NEEDED("before", struct dumbbell_row_fields, before, 400),
                                                  CHART_NEEDED("after", struct dumbbell_row_fields, after, 400),
                                                  CYAML_FIELD_END};
static const cyaml_schema_value_t row_of_dumbbell = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct dumbbell_row_fields, row_fields)};
static const cyaml_schema_field_t fields_schema[] = {
    CHART_WORD("kind", struct dumbbell_fields, kind, 40),
    CHART_WORD("alt", struct dumbbell_fields, alt, 2000),
    CHART_WORD("caption", struct dumbbell_fields, caption, 200),
    CHART_WORD("scale", struct dumbbell_fields, scale, 20),
    CHART_NEEDED("before", struct dumbbell_fields, before, 60),
    CHART_NEEDED("after", struct dumbbell_fields, after, 60),
    CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER, struct dumbbell_fields, rows, rows_count, &row_of_dumbbell,
                               1, ROWS_MOST),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct dumbbell_fields, fields_schema)};

enum { HEAD = 60 }; /* height of the words above the marks, at 1080 */

struct dumbbell {
    struct bound *ends; /* before and after of the first row, of the second ... */
    size_t count;       /* of rows */
    bool log;
    char *before, *after;
    struct plot_cache *cache; /* of the picture */
};

static void dumbbell_free(void *data)
{
    struct dumbbell *dumbbell = data;
    bounds_free(dumbbell->ends, 2 * dumbbell->count);
    free(dumbbell->before);
    free(dumbbell->after);
}

static enum status make_rows(const struct picture_input *input, const struct dumbbell_fields *fields,
                             struct dumbbell *dumbbell)
{
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < fields->rows_count; i++) {
        const struct dumbbell_row_fields *row = &fields->rows[i];
        struct bound *ends = &dumbbell->ends[2 * dumbbell->count++];
        enum status before = bound_make(input, row->name, row->before, NULL, &ends[0]);
        enum status after = bound_make(input, row->name, row->after, NULL, &ends[1]);
        ends[1].role = ROLE_ACCENT;
        status = before != STATUS_OK ? before : after != STATUS_OK ? after : status;
        if (before == STATUS_OK && after == STATUS_OK && (ends[0].missing || ends[1].missing)) {
            diags_error(input->diags, input->file, ends[0].line, "Measure it, or leave the row out.",
                        "'%s' lacks a number, and a row needs both", row->name);
            status = STATUS_BAD_INPUT;
        }
    }
    return status == STATUS_OK ? bound_check_alike(input, dumbbell->ends, 2 * dumbbell->count, dumbbell->log) : status;
}

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct dumbbell_fields *fields = given;
    struct dumbbell *dumbbell = data;
    dumbbell->cache = input->cache;
    dumbbell->ends = calloc(2 * (size_t)fields->rows_count, sizeof *dumbbell->ends);
    dumbbell->before = strdup(fields->before);
    dumbbell->after = strdup(fields->after);
    enum status status = dumbbell->ends && dumbbell->before && dumbbell->after ? STATUS_OK : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = rows_scale(input, fields->scale, true, &dumbbell->log);
    if (status == STATUS_OK)
        status = make_rows(input, fields, dumbbell);
    return status;
}

/* Which of the two lies to the left. */
static const struct bound *left_of(const struct bound ends[2])
{
    return ends[0].value.number <= ends[1].value.number ? &ends[0] : &ends[1];
}

static const struct bound *right_of(const struct bound ends[2])
{
    return left_of(ends) == &ends[0] ? &ends[1] : &ends[0];
}

static void draw_row(const struct bound ends[2], struct plot *plot, const struct strip *strip, double y)
{
    const struct bound *left = left_of(ends), *right = right_of(ends);
    double from = axis_pixel(&strip->x, left->value.number), to = axis_pixel(&strip->x, right->value.number);
    strip_draw_name(strip, plot, ends[0].name, y);
    plot_segment(plot, SCALE_PIXELS, ROLE_MUTED, 5 * plot->unit, from, y, to, y);
    plot_mark(plot, SCALE_PIXELS, SHAPE_SQUARE, ends[0].role, strip->radius,
              axis_pixel(&strip->x, ends[0].value.number), y);
    plot_mark(plot, SCALE_PIXELS, SHAPE_CIRCLE, ends[1].role, strip->radius,
              axis_pixel(&strip->x, ends[1].value.number), y);
    strip_draw_number(strip, plot, left->shown, from - strip->radius, -1, y);
    strip_draw_number(strip, plot, right->shown, to + strip->radius, 1, y);
}

/* What the marks are called, above those of the first row. */
static bool draw_head(const struct dumbbell *dumbbell, struct plot *plot, const struct strip *strip)
{
    const char *words[] = {dumbbell->before, dumbbell->after};
    struct text_style style = strip->styles.name;
    double centres[2], sizes[2], y = strip->top - 18 * plot->unit;
    style.weight = 600;
    style.align = ALIGN_CENTER;
    for (int i = 0; i < 2; i++) {
        centres[i] = axis_pixel(&strip->x, dumbbell->ends[i].value.number);
        sizes[i] = fit_width(plot->paint, &style, words[i]);
    }
    if (!fit_spread(centres, sizes, 2, 32 * plot->unit, 0, plot->box.w))
        return false;
    for (int i = 0; i < 2; i++) {
        style.role = dumbbell->ends[i].role;
        plot_words(plot, &style, words[i], centres[i], y);
    }
    return true;
}

static enum status draw(void *data, struct paint *paint, struct box box)
{
    struct dumbbell *dumbbell = data;
    struct strip_row rows[ROWS_MOST];
    struct strip strip;
    struct plot plot;
    double least = INFINITY, most = 0, head = HEAD * paint->style->unit;
    for (size_t i = 0; i < dumbbell->count; i++) {
        const struct bound *left = left_of(&dumbbell->ends[2 * i]), *right = right_of(&dumbbell->ends[2 * i]);
        rows[i] = (struct strip_row){left->name, left->shown, right->shown, right->value.number};
        least = fmin(least, left->value.number);
        most = fmax(most, right->value.number);
    }
    struct axis range = axis_over(dumbbell->log, least, most);
    if (dumbbell->log)
        range.low = axis_round_below(least / 1.1);
    enum status status = strip_plan(&strip, rows, dumbbell->count, range, head, paint, box);
    if (status != STATUS_OK)
        return status;
    struct axis y = {.low = 0, .high = 1, .from = strip.bottom, .to = strip.top};
    plot_begin(&plot, paint, box);
    plot_area(&plot, &strip.x, &y);
    for (size_t i = 0; i < dumbbell->count; i++)
        draw_row(&dumbbell->ends[2 * i], &plot, &strip, strip_row_y(&strip, i));
    strip_draw_grid(&strip, &plot, dumbbell->ends[0].value.unit);
    if (draw_head(dumbbell, &plot, &strip))
        return plot_end(&plot, dumbbell->cache);
    plot_drop(&plot);
    return fit_refuse(paint, "the words of before and after are too wide", 1, "Shorten them.");
}

static double height(void *data, struct paint *paint, double width)
{
    const struct dumbbell *dumbbell = data;
    (void)width;
    return strip_height(paint, dumbbell->count, HEAD * paint->style->unit);
}

static char *alt(const void *data)
{
    const struct dumbbell *dumbbell = data;
    struct text text = {0};
    text_format(&text, "Pairs of points on a %s scale, %s and %s, in %s: ", dumbbell->log ? "logarithmic" : "linear",
                dumbbell->before, dumbbell->after, bound_quantity(dumbbell->ends[0].value.unit));
    for (size_t i = 0; i < dumbbell->count; i++)
        text_format(&text, "%s%s %s and %s", i ? "; " : "", dumbbell->ends[2 * i].name, dumbbell->ends[2 * i].shown,
                    dumbbell->ends[2 * i + 1].shown);
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct dumbbell *dumbbell = data;
    struct text text = {0};
    text_format(&text, "%s, %s scale", bound_quantity(dumbbell->ends[0].value.unit),
                dumbbell->log ? "logarithmic" : "linear");
    return text_take(&text);
}

const struct picture_kind chart_dumbbell = {.fence = BLOCK_CHART,
                                            .name = "dumbbell",
                                            .idea = "before and after of several things along one scale",
                                            .schema = &schema,
                                            .size = sizeof(struct dumbbell),
                                            .make = make,
                                            .draw = draw,
                                            .height = height,
                                            .alt = alt,
                                            .caption = caption,
                                            .free = dumbbell_free};
