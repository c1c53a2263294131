/* stages_draw.c - measured first: how long the bars may be, and where the words of their pieces go. */
#include <math.h>
#include <stdlib.h>

#include "slides/charts/fit.h"
#include "slides/charts/stages.h"

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

enum status stages_draw(void *data, struct paint *paint, struct box box)
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
    return plot_end(&plot, stages->cache);
}
