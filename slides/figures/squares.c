/* squares.c - work that grows with the square: true areas, the small one as one cell of the large one's grid. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/figures/figure.h"
#include "slides/figures/figures.h"

struct fields {
    int factor;
    char *small, *large, *small_value, *large_value;
};

struct side {
    char *label, *value; /* markup; value "" when not given */
};
struct squares {
    int times;
    struct side small, large;
};

#define MAY_WORD(key, member)                                                                                          \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, member, 0, 200)

static const cyaml_schema_field_t squares_fields[] = {
    PICTURE_FIELDS,
    CYAML_FIELD_INT("factor", CYAML_FLAG_OPTIONAL, struct fields, factor),
    MAY_WORD("small", small),
    MAY_WORD("large", large),
    MAY_WORD("small_value", small_value),
    MAY_WORD("large_value", large_value),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct fields, squares_fields)};

static void squares_free(void *data)
{
    struct squares *squares = data;
    free(squares->small.label);
    free(squares->small.value);
    free(squares->large.label);
    free(squares->large.value);
}

static struct side read_side(const struct picture_input *input, const char *label, const char *otherwise,
                             const char *value)
{
    return (struct side){.label = label ? picture_markup(input, label) : strdup(otherwise),
                         .value = picture_markup(input, value)};
}

static enum status squares_make(const struct picture_input *input, const void *from, void *data)
{
    const struct fields *fields = from;
    size_t before = input->diags->errors;
    struct squares *squares = data;
    int times = fields->factor ? fields->factor : 8;
    char label[60];
    if (times < 2 || times > 16)
        figure_fault(input, "factor", NULL, "factor is %d; it must be 2 to 16", times);
    squares->times = times;
    snprintf(label, sizeof label, "%d× tokens,\n%d× work", times, times * times);
    squares->small = read_side(input, fields->small, "1× tokens", fields->small_value);
    squares->large = read_side(input, fields->large, label, fields->large_value);
    return input->diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

/* A label with its value under it. */
static struct text_size draw_side(const struct side *side, struct paint *paint, enum role role, double x, double y,
                                  double width, bool draw)
{
    struct text_style label = figure_style(paint, 40, 700, role, ALIGN_LEFT);
    struct text_style value = figure_style(paint, 34, 400, ROLE_MUTED, ALIGN_LEFT);
    struct text_size size = paint_text_size(paint, &label, side->label, width);
    if (draw)
        paint_text(paint, &label, side->label, x, y, width);
    if (*side->value) {
        double below = y + size.height + 8 * paint->style->unit;
        struct text_size more = paint_text_size(paint, &value, side->value, width);
        if (draw)
            paint_text(paint, &value, side->value, x, below, width);
        size.height += more.height + 8 * paint->style->unit;
        size.width = fmax(size.width, more.width);
    }
    return size;
}

/* Where all stands; x from the box's left, the squares on one ground line. */
struct plan {
    double large, large_x; /* side and place of the large square */
    double ground;         /* y of the ground line from the box's top */
    struct text_size small_text, large_text;
    bool beside; /* the large one's words stand to its right, the small one's above it; else both below */
};

static struct plan plan_below(const struct squares *squares, struct paint *paint, struct box box)
{
    double unit = paint->style->unit, apart = 2 * FIGURE_APART * unit;
    struct plan plan = {.small_text = draw_side(&squares->small, paint, ROLE_ACCENT, 0, 0, 0, false),
                        .large_text = draw_side(&squares->large, paint, ROLE_ACCENT2, 0, 0, 0, false)};
    double text = fmax(plan.small_text.height, plan.large_text.height) + FIGURE_APART * unit;
    double wide = box.w - plan.small_text.width - apart;
    plan.large = fmin(box.h - text, wide);
    plan.large_x = fmax(plan.small_text.width, plan.large / squares->times) + apart;
    if (plan.large_text.width > box.w - plan.large_x)
        plan.large = 0;
    plan.ground = (box.h + plan.large - text) / 2;
    return plan;
}

static struct plan plan_beside(const struct squares *squares, struct paint *paint, struct box box)
{
    double unit = paint->style->unit, apart = 2 * FIGURE_APART * unit;
    struct plan plan = {.beside = true,
                        .small_text = draw_side(&squares->small, paint, ROLE_ACCENT, 0, 0, 0, false),
                        .large_text = draw_side(&squares->large, paint, ROLE_ACCENT2, 0, 0, 0, false)};
    plan.large = fmin(box.h, box.w - plan.small_text.width - plan.large_text.width - 2 * apart);
    plan.large_x = fmax(plan.small_text.width, plan.large / squares->times) + apart;
    double high = plan.large / squares->times + FIGURE_APART * unit + plan.small_text.height;
    if (fmax(high, plan.large_text.height) > box.h)
        plan.large = 0;
    plan.ground = (box.h + fmax(plan.large, high)) / 2;
    return plan;
}

static struct plan plan_of(const struct squares *squares, struct paint *paint, struct box box)
{
    struct plan below = plan_below(squares, paint, box), beside = plan_beside(squares, paint, box);
    return 0.85 * below.large > beside.large ? below : beside; /* words at the side leave the picture its ground */
}

static void draw_large(const struct squares *squares, struct paint *paint, double x, double y, double side)
{
    double pitch = side / squares->times, gap = fmax(2 * paint->style->unit, 0.06 * pitch);
    for (int row = 0; row < squares->times; row++)
        for (int column = 0; column < squares->times; column++) {
            bool same = column == 0 && row == squares->times - 1; /* the small square again */
            double left = round(x + column * pitch), top = round(y + row * pitch);
            figure_cell(paint, (struct box){left, top, floor(pitch - gap), floor(pitch - gap)},
                        same ? ROLE_ACCENT : ROLE_ACCENT2);
        }
}

static enum status squares_draw(void *data, struct paint *paint, struct box box)
{
    const struct squares *squares = data;
    double unit = paint->style->unit;
    struct plan plan = plan_of(squares, paint, box);
    double small = plan.large / squares->times, gap = fmax(2 * unit, 0.06 * small);
    if (small < 12 * unit)
        return figure_refuse(paint, "the squares figure",
                             plan.small_text.width + plan.large_text.width + (12 * squares->times + 96) * unit,
                             plan.small_text.height + (12 * squares->times + 24) * unit, box);
    double ground = box.y + plan.ground, large_x = box.x + plan.large_x;
    double small_y = round(ground - small), side = floor(small - gap);
    figure_cell(paint, (struct box){box.x, small_y, side, side}, ROLE_ACCENT);
    draw_large(squares, paint, large_x, ground - plan.large, plan.large);
    double below = ground + FIGURE_APART * unit - gap;
    if (!plan.beside) {
        draw_side(&squares->small, paint, ROLE_ACCENT, box.x, below, 0, true);
        draw_side(&squares->large, paint, ROLE_ACCENT2, large_x, below, 0, true);
        return STATUS_OK;
    }
    draw_side(&squares->small, paint, ROLE_ACCENT, box.x, small_y - FIGURE_APART * unit - plan.small_text.height, 0,
              true);
    draw_side(&squares->large, paint, ROLE_ACCENT2, large_x + plan.large + 2 * FIGURE_APART * unit,
              ground - plan.large / 2 - plan.large_text.height / 2, 0, true);
    return STATUS_OK;
}

static double squares_height(void *data, struct paint *paint, double width)
{
    const struct squares *squares = data;
    double unit = paint->style->unit;
    struct plan plan = plan_below(squares, paint, (struct box){0, 0, fmin(width, 860 * unit), 4000 * unit});
    return plan.large + FIGURE_APART * unit + fmax(plan.small_text.height, plan.large_text.height);
}

static void alt_side(struct text *alt, const struct side *side)
{
    char *label = picture_plain(side->label), *value = picture_plain(side->value);
    for (char *at = label; at && *at; at++)
        if (*at == '\n')
            *at = ' ';
    text_format(alt, "%s%s%s", label ? label : "", value && *value ? ": " : "", value ? value : "");
    free(label);
    free(value);
}

static char *squares_alt(const void *data)
{
    const struct squares *squares = data;
    struct text alt = {0};
    text_format(&alt, "A small square and one %d times as wide, which holds it %d times. Small: ", squares->times,
                squares->times * squares->times);
    alt_side(&alt, &squares->small);
    text_add(&alt, ". Large: ");
    alt_side(&alt, &squares->large);
    text_add(&alt, ".");
    return text_take(&alt);
}

static char *squares_caption(const void *data)
{
    (void)data;
    return strdup("areas drawn to scale");
}

const struct picture_kind figure_squares = {
    .fence = BLOCK_FIGURE,
    .name = "squares",
    .idea = "work that grows with the square: true areas of 1 and n times the tokens",
    .schema = &schema,
    .size = sizeof(struct squares),
    .make = squares_make,
    .draw = squares_draw,
    .height = squares_height,
    .alt = squares_alt,
    .caption = squares_caption,
    .free = squares_free,
};
