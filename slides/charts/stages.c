/* stages.c - where the time of a kernel goes: one bar a kernel, a piece a stage, the whole call's number at its end.
 *
 * Pieces say their own name: inside where it fits, else under the bar with a leader. One stage stands out; a kernel
 * without stages (all in one pass) is one piece in accent. Medians of stages need not add up to the median of the
 * call, so the bar is as long as its pieces and the number at its end is the call's own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/charts.h"
#include "slides/charts/fit.h"
#include "slides/charts/plot.h"
#include "slides/charts/rows.h"

enum { STAGES_MOST = 5 };

struct stage_row_fields {
    char *name, *cases, *value, *label;
};

struct stages_fields {
    char *kind, *alt, *caption, *highlight, *format, *metric;
    char **stages;
    unsigned stages_count;
    struct stage_row_fields *rows;
    unsigned rows_count;
};

static const cyaml_schema_value_t stage_schema = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 40)};
static const cyaml_schema_field_t row_fields[] = {
    CHART_NEEDED("name", struct stage_row_fields, name, 80), CHART_WORD("case", struct stage_row_fields, cases, 200),
    CHART_WORD("value", struct stage_row_fields, value, 400), CHART_WORD("label", struct stage_row_fields, label, 60),
    CYAML_FIELD_END};
static const cyaml_schema_value_t stage_row_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct stage_row_fields, row_fields)};
static const cyaml_schema_field_t fields_schema[] = {
    CHART_WORD("kind", struct stages_fields, kind, 40),
    CHART_WORD("alt", struct stages_fields, alt, 2000),
    CHART_WORD("caption", struct stages_fields, caption, 200),
    CHART_WORD("highlight", struct stages_fields, highlight, 40),
    CHART_WORD("format", struct stages_fields, format, 40),
    CHART_WORD("metric", struct stages_fields, metric, 40),
    CYAML_FIELD_SEQUENCE_COUNT("stages", CYAML_FLAG_POINTER, struct stages_fields, stages, stages_count, &stage_schema,
                               1, STAGES_MOST),
    CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER, struct stages_fields, rows, rows_count, &stage_row_schema, 1,
                               ROWS_MOST),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct stages_fields, fields_schema)};

struct stage_row {
    struct bound total;
    struct bound pieces[STAGES_MOST]; /* none for a row of one piece */
    size_t count;
    char *label; /* of one piece; may be NULL */
};

struct stages {
    struct stage_row *rows;
    size_t count;
    struct plot_cache cache;
};

static void stages_free(void *data)
{
    struct stages *stages = data;
    if (!stages)
        return;
    for (size_t r = 0; stages->rows && r < stages->count; r++) {
        bound_free(&stages->rows[r].total);
        for (size_t i = 0; i < stages->rows[r].count; i++)
            bound_free(&stages->rows[r].pieces[i]);
        free(stages->rows[r].label);
    }
    free(stages->rows);
    plot_cache_free(&stages->cache);
    free(stages);
}

/* "CASE.stage.NAME.time | ms": the key of one piece; without a stage, of the whole call. */
static enum status bind_piece(const struct picture_input *input, const struct stages_fields *fields, const char *cases,
                              const char *stage, struct bound *bound)
{
    struct text key = {0};
    text_add(&key, cases);
    if (stage)
        text_format(&key, ".stage.%s", stage);
    text_format(&key, ".%s", fields->metric ? fields->metric : "time");
    if (fields->format)
        text_format(&key, " | %s", fields->format);
    char *expression = text_take(&key);
    enum status status = expression ? bound_make(input, stage, expression, cases, bound) : STATUS_NO_MEMORY;
    free(expression);
    return status;
}

static enum status make_row(const struct picture_input *input, const struct stages_fields *fields,
                            const struct stage_row_fields *given, struct stage_row *row)
{
    enum status status = STATUS_OK;
    if (!given->cases == !given->value) {
        diags_error(input->diags, input->file, picture_line(input, given->name),
                    "case: naive.n4096 has stages; value: flash.n4096.time is one piece.",
                    "'%s' needs either `case` or `value`", given->name);
        return STATUS_BAD_INPUT;
    }
    if (given->value)
        status = bound_make(input, given->name, given->value, NULL, &row->total);
    else
        status = bind_piece(input, fields, given->cases, NULL, &row->total);
    free(row->total.name);
    row->total.name = strdup(given->name);
    row->label = given->label ? strdup(given->label) : NULL;
    for (unsigned i = 0; given->cases && i < fields->stages_count; i++) {
        enum status made = bind_piece(input, fields, given->cases, fields->stages[i], &row->pieces[row->count++]);
        status = made != STATUS_OK ? made : status;
    }
    return status;
}

static enum status check(const struct picture_input *input, const struct stages *stages)
{
    struct bound all[ROWS_MOST * (STAGES_MOST + 1)];
    size_t count = 0;
    for (size_t r = 0; r < stages->count; r++) {
        all[count++] = stages->rows[r].total;
        for (size_t i = 0; i < stages->rows[r].count; i++)
            all[count++] = stages->rows[r].pieces[i];
    }
    return bound_check_alike(input, all, count, false);
}

/* The highlighted stage in accent2, the others muted, one-piece rows in accent. */
static enum status give_roles(const struct picture_input *input, const struct stages_fields *fields,
                              struct stages *stages)
{
    struct bound names[STAGES_MOST] = {0};
    for (unsigned i = 0; i < fields->stages_count; i++)
        names[i].name = fields->stages[i];
    int stands_out = fields->highlight ? bound_named(input, names, fields->stages_count, fields->highlight) : -1;
    for (size_t r = 0; r < stages->count; r++) {
        stages->rows[r].total.role = ROLE_ACCENT;
        for (size_t i = 0; i < stages->rows[r].count; i++)
            stages->rows[r].pieces[i].role = (int)i == stands_out ? ROLE_ACCENT2 : ROLE_MUTED;
    }
    return fields->highlight && stands_out < 0 ? STATUS_BAD_INPUT : STATUS_OK;
}

static enum status make(const struct picture_input *input, const void *given, void **data)
{
    const struct stages_fields *fields = given;
    struct stages *stages = calloc(1, sizeof *stages);
    *data = NULL;
    if (stages)
        stages->rows = calloc(fields->rows_count, sizeof *stages->rows);
    if (!stages || !stages->rows) {
        stages_free(stages);
        return STATUS_NO_MEMORY;
    }
    enum status status = STATUS_OK;
    for (unsigned r = 0; r < fields->rows_count; r++) {
        enum status made = make_row(input, fields, &fields->rows[r], &stages->rows[stages->count++]);
        status = made != STATUS_OK ? made : status;
    }
    enum status roles = give_roles(input, fields, stages);
    if (status == STATUS_OK)
        status = roles != STATUS_OK ? roles : check(input, stages);
    if (status == STATUS_OK)
        *data = stages;
    else
        stages_free(stages);
    return status;
}

struct plan {
    struct chart_styles styles;
    struct axis x;
    double pitch, top, bar, above, below, gap;
    double lacking_width, lacking_height;
};

/* The pieces of a row; a row without stages is one. */
static const struct bound *pieces_of(const struct stage_row *row, size_t *count)
{
    *count = row->count ? row->count : 1;
    return row->count ? row->pieces : &row->total;
}

static double length_of(const struct stage_row *row)
{
    double length = 0;
    size_t count;
    const struct bound *pieces = pieces_of(row, &count);
    for (size_t i = 0; i < count; i++)
        length += pieces[i].missing ? 0 : pieces[i].value.number;
    return length;
}

static void plan_width(const struct stages *stages, struct paint *paint, struct box box, struct plan *plan)
{
    double reach = box.w, most = 0;
    for (size_t r = 0; r < stages->count; r++)
        most = fmax(most, length_of(&stages->rows[r]));
    plan->x = axis_over(false, 0, most);
    for (size_t r = 0; r < stages->count; r++) {
        const struct stage_row *row = &stages->rows[r];
        double share = axis_share(&plan->x, length_of(row));
        if (share > 0)
            reach = fmin(reach, (box.w - plan->gap - fit_width(paint, &plan->styles.value, row->total.shown)) / share);
        plan->lacking_width = fmax(plan->lacking_width, fit_width(paint, &plan->styles.name, row->total.name) - box.w);
    }
    plan->x.from = 0;
    plan->x.to = reach;
    plan->lacking_width = fmax(plan->lacking_width, 240 * paint->style->unit - reach);
}

/* "softmax 2.3 ms"; of a row in one piece only its label, since the number stands beside it. */
static char *piece_words(const struct stage_row *row, size_t i)
{
    struct text words = {0};
    if (row->count)
        text_format(&words, "%s %s", row->pieces[i].name, row->pieces[i].shown);
    else
        text_add(&words, row->label ? row->label : "");
    return text_take(&words);
}

/* Where the words of one row's pieces go, in pixels. */
struct places {
    double left[STAGES_MOST], right[STAGES_MOST]; /* of the pieces */
    double middle[STAGES_MOST], width[STAGES_MOST];
    bool inside[STAGES_MOST];
    size_t count, under; /* under: how many stand under the bar */
};

static bool place_words(const struct stage_row *row, struct paint *paint, const struct plan *plan, double width,
                        struct places *places)
{
    double at = 0, unit = paint->style->unit, centres[STAGES_MOST], sizes[STAGES_MOST];
    *places = (struct places){0};
    const struct bound *pieces = pieces_of(row, &places->count);
    for (size_t i = 0; i < places->count; i++) {
        char *words = piece_words(row, i);
        places->left[i] = axis_pixel(&plan->x, at);
        at += pieces[i].missing ? 0 : pieces[i].value.number;
        places->right[i] = axis_pixel(&plan->x, at);
        places->middle[i] = (places->left[i] + places->right[i]) / 2;
        places->width[i] = words && *words ? fit_width(paint, &plan->styles.tick, words) : 0;
        places->inside[i] = places->width[i] + 32 * unit <= places->right[i] - places->left[i];
        if (!places->inside[i] && places->width[i] > 0) {
            centres[places->under] = places->middle[i];
            sizes[places->under++] = places->width[i];
        }
        free(words);
    }
    if (!fit_spread(centres, sizes, places->under, 32 * unit, 0, width))
        return false;
    for (size_t i = 0, under = 0; i < places->count; i++)
        if (!places->inside[i] && places->width[i] > 0)
            places->middle[i] = centres[under++];
    return true;
}

static void plan_height(const struct stages *stages, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, between = 34 * unit, least = 40 * unit;
    double count = (double)stages->count;
    struct places places;
    for (size_t r = 0; r < stages->count; r++) {
        if (!place_words(&stages->rows[r], paint, plan, box.w, &places))
            plan->lacking_width = fmax(plan->lacking_width, 1); /* the words under a bar */
        else if (places.under > 0)
            plan->below = 66 * unit;
    }
    plan->above = 1.22 * plan->styles.name.size + 12 * unit;
    plan->pitch = fmin((box.h + between) / count, 220 * unit);
    plan->bar = fmin(plan->pitch - between - plan->above - plan->below, 54 * unit);
    plan->lacking_height = fmax(0, (least - plan->bar) * count);
    plan->top = fmax(0, (box.h - (plan->pitch * (count - 1) + plan->above + plan->bar + plan->below)) / 2);
}

static enum status plan_fit(const struct stages *stages, struct paint *paint, struct box box, struct plan *plan)
{
    for (int step = 0; step < FIT_STEPS; step++) {
        *plan = (struct plan){.styles = fit_styles(paint, fit_shrink(step)), .gap = 22 * paint->style->unit};
        plan_width(stages, paint, box, plan);
        plan_height(stages, paint, box, plan);
        if (plan->lacking_width <= 0 && plan->lacking_height <= 0)
            return STATUS_OK;
    }
    if (plan->lacking_width > 0)
        return fit_refuse(paint, "the bars or the words of their stages are too wide", plan->lacking_width,
                          "Shorten the names of rows and stages or take fewer stages.");
    return fit_refuse(paint, "the bars have no height", plan->lacking_height,
                      "Leave rows out, or take a taller layout.");
}

/* A leader that runs far would be nearly level and say nothing: then none of the row has one, and the words stand in
 * the order of the pieces. */
static bool leaders_steep(const struct places *places, double unit)
{
    for (size_t i = 0; i < places->count; i++) {
        double piece = (places->left[i] + places->right[i]) / 2;
        if (!places->inside[i] && fabs(places->middle[i] - piece) > places->width[i] / 2 + 60 * unit)
            return false;
    }
    return true;
}

static void draw_words(const struct stage_row *row, struct plot *plot, const struct plan *plan,
                       const struct places *places, double y)
{
    double unit = plot->unit, bottom = y + plan->above + plan->bar;
    bool leaders = leaders_steep(places, unit);
    for (size_t i = 0; i < places->count; i++) {
        struct text_style style = plan->styles.tick;
        char *words = piece_words(row, i);
        style.align = ALIGN_CENTER;
        style.weight = 500;
        if (words && places->inside[i] && places->width[i] > 0) {
            style.role = row->count ? ROLE_BACKGROUND : ROLE_ON_ACCENT;
            plot_words(plot, &style, words, places->middle[i], bottom - plan->bar / 2 + 0.36 * style.size);
        } else if (words && places->width[i] > 0) {
            double piece = (places->left[i] + places->right[i]) / 2, half = places->width[i] / 2 - 6 * unit;
            double to = fmin(fmax(piece, places->middle[i] - half), places->middle[i] + half);
            style.role = row->count && row->pieces[i].role != ROLE_MUTED ? row->pieces[i].role : ROLE_MUTED;
            if (leaders)
                plot_segment(plot, SCALE_PIXELS, ROLE_MUTED, 2.5 * unit, piece, bottom + 4 * unit, to,
                             bottom + 27 * unit);
            plot_words(plot, &style, words, places->middle[i], bottom + (leaders ? 56 : 44) * unit);
        }
        free(words);
    }
}

static void draw_row(const struct stage_row *row, struct plot *plot, const struct plan *plan, double y)
{
    const struct chart_styles *styles = &plan->styles;
    struct places places;
    place_words(row, plot->paint, plan, plot->box.w, &places);
    const struct bound *pieces = pieces_of(row, &places.count);
    double gap = 4 * plot->unit, baseline = y + plan->above + plan->bar / 2 + 0.36 * styles->value.size;
    plot_words(plot, &styles->name, row->total.name, 0, y + 0.97 * styles->name.size);
    for (size_t i = 0; i < places.count; i++) {
        int corners = (i == 0 ? CORNERS_LEFT : 0) | (i + 1 == places.count ? CORNERS_RIGHT : 0);
        double width = places.right[i] - places.left[i], cut = i + 1 < places.count ? fmin(gap, width / 3) : 0;
        struct box piece = {places.left[i], y + plan->above, width - cut, plan->bar};
        if (!pieces[i].missing && width > 0)
            plot_bar(plot, piece, 8 * plot->unit, (enum corners)corners, pieces[i].role);
    }
    double end = places.right[places.count - 1];
    struct text_style value = styles->value;
    if (row->total.missing) {
        value = styles->name;
        value.role = ROLE_MUTED;
    }
    plot_words(plot, &value, row->total.shown, end > 0 ? end + plan->gap : 0, baseline);
    draw_words(row, plot, plan, &places, y);
}

static enum status draw(void *data, struct paint *paint, struct box box)
{
    struct stages *stages = data;
    struct plan plan;
    struct plot plot;
    enum status status = plan_fit(stages, paint, box, &plan);
    if (status != STATUS_OK)
        return status;
    struct axis y = {.low = 0, .high = 1, .from = box.h, .to = 0};
    plot_begin(&plot, paint, box);
    plot_area(&plot, &plan.x, &y);
    for (size_t r = 0; r < stages->count; r++)
        draw_row(&stages->rows[r], &plot, &plan, plan.top + (double)r * plan.pitch);
    return plot_end(&plot, &stages->cache);
}

static double height(void *data, struct paint *paint, double width)
{
    const struct stages *stages = data;
    (void)width;
    return (200 * (double)stages->count - 34) * paint->style->unit;
}

static char *alt(const void *data)
{
    const struct stages *stages = data;
    struct text text = {0};
    text_format(&text, "Stacked bars of %s by stage: ", bound_quantity(stages->rows[0].total.value.unit));
    for (size_t r = 0; r < stages->count; r++) {
        const struct stage_row *row = &stages->rows[r];
        text_format(&text, "%s%s %s", r ? "; " : "", row->total.name, row->total.shown);
        if (row->count == 0)
            continue;
        text_add(&text, " (");
        bound_add_list(&text, row->pieces, row->count);
        text_add(&text, ")");
    }
    text_add(&text, ".");
    return text_take(&text);
}

static char *caption(const void *data)
{
    const struct stages *stages = data;
    struct bound totals[ROWS_MOST];
    struct text text = {0};
    for (size_t r = 0; r < stages->count; r++) {
        totals[r] = stages->rows[r].total;
        totals[r].value.low = totals[r].value.high = totals[r].value.number; /* no interval is drawn */
    }
    bound_add_statistics(&text, totals, stages->count, "");
    if (text.length == 0)
        return NULL;
    return text_take(&text);
}

const struct picture_kind chart_stages = {.fence = BLOCK_CHART,
                                          .name = "stages",
                                          .idea = "a bar a kernel, split into its stages, with the whole call's number",
                                          .schema = &schema,
                                          .make = make,
                                          .draw = draw,
                                          .height = height,
                                          .alt = alt,
                                          .caption = caption,
                                          .free = stages_free};
