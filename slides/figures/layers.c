/* layers.c - a stack of layers, every n-th one global, the others local: what one token in the middle sees in each.
 *
 * Every strip is one layer over the whole sequence, the first at the bottom; filled is what the middle token reads by
 * the mask's rule (kernels/attention.h), to scale. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/record.h"
#include "slides/figures/figure.h"
#include "slides/figures/figures.h"

struct fields {
    int layers, global_every, window, tokens;
    char *global, *local;
};

struct layers {
    struct attention_problem problem;
    char *global, *local; /* markup: the two labels */
    char *tokens;         /* "1,024 tokens" */
};

static const cyaml_schema_field_t layers_fields[] = {
    PICTURE_FIELDS,
    CYAML_FIELD_INT("layers", CYAML_FLAG_DEFAULT, struct fields, layers),
    CYAML_FIELD_INT("global_every", CYAML_FLAG_DEFAULT, struct fields, global_every),
    CYAML_FIELD_INT("window", CYAML_FLAG_DEFAULT, struct fields, window),
    CYAML_FIELD_INT("tokens", CYAML_FLAG_OPTIONAL, struct fields, tokens),
    CYAML_FIELD_STRING_PTR("global", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, global, 1, 100),
    CYAML_FIELD_STRING_PTR("local", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, local, 1, 100),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct fields, layers_fields)};

static void layers_free(void *data)
{
    struct layers *layers = data;
    free(layers->global);
    free(layers->local);
    free(layers->tokens);
}

static bool is_global(const struct layers *layers, int layer)
{
    return layer % layers->problem.mask.global_every == 0;
}

/* "8,192 tokens". */
static char *tokens_text(int tokens)
{
    char text[40];
    if (tokens >= 1000)
        snprintf(text, sizeof text, "%d,%03d tokens", tokens / 1000, tokens % 1000);
    else
        snprintf(text, sizeof text, "%d tokens", tokens);
    return strdup(text);
}

static void check(const struct picture_input *input, const struct fields *fields, int tokens)
{
    const struct {
        const char *name;
        int value, least, most;
    } numbers[] = {{"layers", fields->layers, 2, 48},
                   {"global_every", fields->global_every, 2, fields->layers > 2 ? fields->layers : 2},
                   {"window", fields->window, 1, 1 << 20},
                   {"tokens", tokens, 8, 999999}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i].value < numbers[i].least || numbers[i].value > numbers[i].most)
            figure_fault(input, numbers[i].name, NULL, "%s is %d; it must be %d to %d", numbers[i].name,
                         numbers[i].value, numbers[i].least, numbers[i].most);
    if (fields->window >= tokens / 2)
        figure_fault(input, "window", "Give more `tokens:` or a smaller window.",
                     "a window of %d to either side sees all of %d tokens", fields->window, tokens);
}

static char *label_of(const struct picture_input *input, const char *given, const char *otherwise)
{
    return given ? picture_markup(input, given) : strdup(otherwise);
}

static enum status layers_make(const struct picture_input *input, const void *from, void *data)
{
    static const char *const ordinals[] = {"second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"};
    const struct fields *fields = from;
    size_t before = input->diags->errors;
    struct layers *layers = data;
    int tokens = fields->tokens ? fields->tokens : 1024, every = fields->global_every;
    char global[80], local[80];
    check(input, fields, tokens);
    if (every >= 2 && every <= 8)
        snprintf(global, sizeof global, "every %s layer:\nall tokens", ordinals[every - 2]);
    else
        snprintf(global, sizeof global, "one layer in %d:\nall tokens", every);
    snprintf(local, sizeof local, "the others:\n%d to either side", fields->window);
    layers->global = label_of(input, fields->global, global);
    layers->local = label_of(input, fields->local, local);
    layers->tokens = tokens_text(tokens);
    layers->problem = (struct attention_problem){
        .layers = fields->layers,
        .batch = 1,
        .heads = 1,
        .kv_heads = 1,
        .len_q = tokens,
        .len_kv = tokens,
        .head_dim = 8,
        .mask = {.window_left = fields->window, .window_right = fields->window, .global_every = every},
        .scale = 1};
    return input->diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

struct plan {
    double strips, pitch, strip; /* width of the strips; from one to the next; height of one */
    double top, label_x, label_w;
    struct text_style label, note;
    double line;        /* height of the labels' first lines */
    int global, local;  /* the layers that the labels stand beside */
    double note_height; /* of the line that says how many tokens, with its distance; 0: no room for it */
};

static double strip_y(const struct layers *layers, const struct plan *plan, int layer)
{
    return plan->top + (double)(layers->problem.layers - 1 - layer) * plan->pitch;
}

/* The highest layer of one kind whose strip lies below `y`, so that a label can begin level with it; -1: none. */
static int find_layer(const struct layers *layers, const struct plan *plan, double y, bool global)
{
    for (int layer = (int)layers->problem.layers - 1; layer >= 0; layer--)
        if (is_global(layers, layer) == global && strip_y(layers, plan, layer) + plan->strip / 2 >= y)
            return layer;
    return -1;
}

static bool plan_of(const struct layers *layers, struct paint *paint, struct box box, struct plan *plan)
{
    const char *labels[] = {layers->global, layers->local}, *notes[] = {layers->tokens};
    double unit = paint->style->unit, apart = FIGURE_APART * unit, count = (double)layers->problem.layers;
    plan->label = figure_style(paint, box.w > 1200 * unit ? 40 : 36, 600, ROLE_ACCENT, ALIGN_LEFT);
    plan->note = figure_style(paint, 30, 400, ROLE_MUTED, ALIGN_CENTER);
    plan->label_w = figure_clamp(0.32 * box.w, 240 * unit, 440 * unit);
    plan->strips = box.w - plan->label_w - 3 * apart;
    plan->label_x = box.x + box.w - plan->label_w;
    plan->note_height = figure_largest(paint, &plan->note, notes, 1, 0).height + apart;
    if (box.h < 420 * unit)
        plan->note_height = 0;
    double high = fmin(box.h - plan->note_height, count * 40 * unit);
    plan->pitch = floor(high / count);
    plan->strip = floor(plan->pitch * 0.74);
    plan->top = box.y + (box.h - plan->note_height - plan->pitch * count) / 2;
    if (plan->strip < 5 * unit || plan->strips < 280 * unit ||
        !figure_fits(paint, &plan->label, labels, 2, plan->label_w, (box.h - apart) / 2, true))
        return false;
    struct text_size global = paint_text_size(paint, &plan->label, layers->global, plan->label_w);
    struct text_size local = paint_text_size(paint, &plan->label, layers->local, plan->label_w);
    plan->line = global.height / global.lines;
    plan->global = find_layer(layers, plan, box.y + plan->line / 2, true);
    double under = plan->global < 0 ? 0 : strip_y(layers, plan, plan->global) + global.height + 2 * apart;
    plan->local = find_layer(layers, plan, under, false);
    return plan->global >= 0 && plan->local >= 0 &&
           strip_y(layers, plan, plan->local) + plan->strip / 2 - plan->line / 2 + local.height <= box.y + box.h;
}

static void draw_strip(const struct layers *layers, struct paint *paint, const struct plan *plan, double x, int layer)
{
    const struct attention_problem *problem = &layers->problem;
    struct key_range seen = attention_keys(problem, layer, problem->len_q / 2);
    double unit = paint->style->unit, y = strip_y(layers, plan, layer), radius = 0.25 * plan->strip;
    double scale = plan->strips / (double)problem->len_kv;
    struct box whole = {x, y, plan->strips, plan->strip};
    struct box part = {x + scale * (double)seen.first, y, scale * (double)(seen.last - seen.first), plan->strip};
    if (!is_global(layers, layer))
        figure_box(paint, whole, radius, fmin(2 * unit, 0.12 * plan->strip), ROLE_SURFACE, ROLE_LINE);
    paint_round_box(paint, part, radius);
    paint_role(paint, is_global(layers, layer) ? ROLE_ACCENT : ROLE_ACCENT2);
    cairo_fill(paint->cairo);
}

/* A label beside the strips, joined to the layer that it stands for. */
static void draw_label(const struct layers *layers, struct paint *paint, const struct plan *plan, struct box box,
                       int layer, const char *markup, enum role role)
{
    double unit = paint->style->unit, strip = strip_y(layers, plan, layer) + plan->strip / 2;
    struct text_style style = plan->label;
    style.role = role;
    paint_text(paint, &style, markup, plan->label_x, strip - plan->line / 2, plan->label_w);
    paint_role(paint, role);
    cairo_set_line_width(paint->cairo, 4 * unit);
    cairo_set_line_cap(paint->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_move_to(paint->cairo, box.x + plan->strips + 14 * unit, strip);
    cairo_line_to(paint->cairo, plan->label_x - 16 * unit, strip);
    cairo_stroke(paint->cairo);
}

static void draw_note(const struct layers *layers, struct paint *paint, const struct plan *plan, struct box box)
{
    double unit = paint->style->unit, count = (double)layers->problem.layers;
    double y = plan->top + count * plan->pitch - (plan->pitch - plan->strip) + FIGURE_APART * unit;
    struct text_size size = paint_text_size(paint, &plan->note, layers->tokens, 0);
    double middle = box.x + plan->strips / 2, line = y + size.height / 2, clear = size.width / 2 + FIGURE_APART * unit;
    paint_text(paint, &plan->note, layers->tokens, middle, y, 0);
    paint_arrow(paint, middle - clear, line, box.x + 3 * unit, line, 4 * unit, ROLE_MUTED);
    paint_arrow(paint, middle + clear, line, box.x + plan->strips - 3 * unit, line, 4 * unit, ROLE_MUTED);
}

static enum status layers_draw(void *data, struct paint *paint, struct box box)
{
    const struct layers *layers = data;
    struct plan plan;
    double unit = paint->style->unit;
    if (!plan_of(layers, paint, box, &plan))
        return figure_refuse(paint, "the layers figure", 600 * unit,
                             fmax(260 * unit, 7 * unit * (double)layers->problem.layers), box);
    for (int layer = 0; layer < layers->problem.layers; layer++)
        draw_strip(layers, paint, &plan, box.x, layer);
    draw_label(layers, paint, &plan, box, plan.global, layers->global, ROLE_ACCENT);
    draw_label(layers, paint, &plan, box, plan.local, layers->local, ROLE_ACCENT2);
    if (plan.note_height > 0)
        draw_note(layers, paint, &plan, box);
    return STATUS_OK;
}

static double layers_height(void *data, struct paint *paint, double width)
{
    const struct layers *layers = data;
    double unit = paint->style->unit;
    return figure_clamp(34 * unit * (double)layers->problem.layers + 64 * unit, 320 * unit,
                        fmax(320 * unit, fmin(820 * unit, width)));
}

static char *layers_alt(const void *data)
{
    const struct layers *layers = data;
    const struct attention_problem *problem = &layers->problem;
    struct text alt = {0};
    int global = 0;
    for (int layer = 0; layer < problem->layers; layer++)
        global += is_global(layers, layer);
    struct key_range seen = attention_keys(problem, 1, problem->len_q / 2);
    text_format(&alt,
                "A stack of %d layers over %s. In %d of them, the first and every %d layers after it, the middle token "
                "reads all tokens; in the other %d it reads %d tokens, %d to either side.",
                (int)problem->layers, layers->tokens, global, (int)problem->mask.global_every,
                (int)problem->layers - global, (int)(seen.last - seen.first), (int)problem->mask.window_left);
    return text_take(&alt);
}

static char *layers_caption(const void *data)
{
    (void)data;
    return strdup("a bar is a layer, filled is what the middle token reads");
}

const struct picture_kind figure_layers = {
    .fence = BLOCK_FIGURE,
    .name = "layers",
    .idea = "a stack of layers, every n-th one global, the others local",
    .schema = &schema,
    .size = sizeof(struct layers),
    .make = layers_make,
    .draw = layers_draw,
    .height = layers_height,
    .alt = layers_alt,
    .caption = layers_caption,
    .free = layers_free,
};
