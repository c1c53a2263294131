/* bar.c - horizontal bars from zero: name above, number to the right, interval on the end.
 *
 * The names stand above the bars, so that bars begin at the slide's left margin and can be as long as the slide is
 * wide. The numbers' widths are taken off first. */
#include <math.h>
#include <stdlib.h>

#include "slides/charts/charts.h"
#include "slides/charts/fit.h"
#include "slides/charts/plot.h"
#include "slides/charts/rows.h"

struct bars {
    struct bound *rows;
    size_t count;
    struct plot_cache *cache; /* of the picture */
};

static const cyaml_schema_field_t fields_schema[] = {CHART_WORD("kind", struct rows_fields, kind, 40),
                                                     CHART_WORD("alt", struct rows_fields, alt, 2000),
                                                     CHART_WORD("caption", struct rows_fields, caption, 200),
                                                     CHART_WORD("highlight", struct rows_fields, highlight, 80),
                                                     CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER,
                                                                                struct rows_fields, rows, rows_count,
                                                                                &row_schema, 1, ROWS_MOST),
                                                     CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct rows_fields, fields_schema)};

static void bars_free(void *data)
{
    struct bars *bars = data;
    bounds_free(bars->rows, bars->count);
}

static enum status make(const struct picture_input *input, const void *given, void *data)
{
    const struct rows_fields *fields = given;
    struct bars *bars = data;
    bars->cache = input->cache;
    bars->count = fields->rows_count;
    enum status status = rows_make(input, fields, (struct row_roles){ROLE_ACCENT, ROLE_MUTED}, false, &bars->rows);
    return status;
}

struct plan {
    struct chart_styles styles;
    struct axis x;
    double pitch, top, bar, above, gap; /* above: of a row's top to its bar's */
    double lacking_width, lacking_height;
};

static double highest(const struct bars *bars)
{
    double most = 0;
    for (size_t i = 0; i < bars->count; i++)
        if (!bars->rows[i].missing)
            most = fmax(most, fmax(bars->rows[i].value.number, bars->rows[i].value.high));
    return most;
}

static void plan_width(const struct bars *bars, struct paint *paint, struct box box, struct plan *plan)
{
    double reach = box.w;
    plan->x = axis_over(false, 0, highest(bars));
    for (size_t i = 0; i < bars->count; i++) {
        const struct bound *row = &bars->rows[i];
        double words = fit_width(paint, &plan->styles.value, row->shown);
        double share = row->missing ? 0 : axis_share(&plan->x, fmax(row->value.number, row->value.high));
        if (share > 0)
            reach = fmin(reach, (box.w - plan->gap - words) / share);
        plan->lacking_width = fmax(plan->lacking_width, fit_width(paint, &plan->styles.name, row->name) - box.w);
    }
    plan->x.from = 0;
    plan->x.to = reach;
    plan->lacking_width = fmax(plan->lacking_width, 240 * paint->style->unit - reach);
}

/* A row is its name, its bar, and the rest as a gap to the next; the bar gives way before the words do. */
static void plan_height(const struct bars *bars, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, name = 1.22 * plan->styles.name.size + 12 * unit, least = 30 * unit;
    double count = (double)bars->count, between = 30 * unit;
    double pitch = (box.h + between) / count; /* no gap is needed under the last bar */
    plan->pitch = fmin(pitch, 176 * unit);
    plan->bar = fmin(fmax(0.33 * plan->pitch, 46 * unit), 54 * unit);
    plan->bar = fmin(plan->bar, plan->pitch - between - name);
    plan->above = name;
    plan->lacking_height = fmax(0, (least - plan->bar) * count);
    plan->top = fmax(0, (box.h - (plan->pitch * (count - 1) + name + plan->bar)) / 2);
}

static enum status plan_fit(const struct bars *bars, struct paint *paint, struct box box, struct plan *plan)
{
    for (int step = 0; step < FIT_STEPS; step++) {
        *plan = (struct plan){.styles = fit_styles(paint, fit_shrink(step)), .gap = 22 * paint->style->unit};
        plan_width(bars, paint, box, plan);
        plan_height(bars, paint, box, plan);
        if (plan->lacking_width <= 0 && plan->lacking_height <= 0)
            return STATUS_OK;
    }
    if (plan->lacking_width > 0)
        return fit_refuse(paint, "the bars or their names are too wide", plan->lacking_width,
                          "Shorten the longest row name or take fewer digits.");
    return fit_refuse(paint, "the bars have no height", plan->lacking_height,
                      "Leave rows out, or take a taller layout.");
}

static void draw_row(const struct bound *row, struct plot *plot, const struct plan *plan, double y)
{
    const struct chart_styles *styles = &plan->styles;
    double middle = y + plan->above + plan->bar / 2, baseline = middle + 0.36 * styles->value.size;
    plot_words(plot, &styles->name, row->name, 0, y + 0.97 * styles->name.size);
    if (row->missing) {
        struct text_style words = styles->name;
        words.role = ROLE_MUTED;
        plot_words(plot, &words, row->shown, 0, baseline);
        return;
    }
    double end = axis_pixel(&plan->x, row->value.number), right = end;
    struct box bar = {0, y + plan->above, end, plan->bar};
    plot_bar(plot, bar, 8 * plot->unit, CORNERS_ALL, row->role);
    if (bound_has_interval(&row->value)) {
        right = axis_pixel(&plan->x, row->value.high);
        plot_interval(plot, true, ROLE_TEXT, axis_pixel(&plan->x, row->value.low), right, middle);
    }
    plot_words(plot, &styles->value, row->shown, right + plan->gap, baseline);
}

static enum status draw(void *data, struct paint *paint, struct box box)
{
    struct bars *bars = data;
    struct plan plan;
    struct plot plot;
    enum status status = plan_fit(bars, paint, box, &plan);
    if (status != STATUS_OK)
        return status;
    struct axis y = {.low = 0, .high = 1, .from = box.h, .to = 0};
    plot_begin(&plot, paint, box);
    plot_area(&plot, &plan.x, &y);
    for (size_t i = 0; i < bars->count; i++)
        draw_row(&bars->rows[i], &plot, &plan, plan.top + (double)i * plan.pitch);
    return plot_end(&plot, bars->cache);
}

static double height(void *data, struct paint *paint, double width)
{
    const struct bars *bars = data;
    (void)width;
    return (172 * (double)bars->count - 60) * paint->style->unit;
}

static char *alt(const void *data)
{
    const struct bars *bars = data;
    struct text text = {0};
    enum unit unit = UNIT_NONE;
    bool intervals = false;
    for (size_t i = 0; i < bars->count; i++) {
        unit = bars->rows[i].missing ? unit : bars->rows[i].value.unit;
        intervals |= bound_has_interval(&bars->rows[i].value);
    }
    text_format(&text, "Bars of %s: ", bound_quantity(unit));
    bound_add_list(&text, bars->rows, bars->count);
    text_add(&text, intervals ? "; with their intervals." : ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct bars *bars = data;
    struct text text = {0};
    bound_add_statistics(&text, bars->rows, bars->count, "marks");
    if (text.length == 0)
        return NULL;
    return text_take(&text);
}

const struct picture_kind chart_bar = {.fence = BLOCK_CHART,
                                       .name = "bar",
                                       .idea = "a number a row as a bar from zero, with its interval",
                                       .schema = &schema,
                                       .size = sizeof(struct bars),
                                       .make = make,
                                       .draw = draw,
                                       .height = height,
                                       .alt = alt,
                                       .caption = caption,
                                       .free = bars_free};
