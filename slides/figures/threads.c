/* threads.c - who shares which memory: threads in blocks with a fast memory each, all blocks over one slow memory.
 *
 * On a CPU the same picture has cores for blocks, a cache each, a cache that all cores share, and main memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/figures/figures.h"
#include "slides/figures/store.h"

enum { MOST_BLOCKS = 6, MOST_THREADS = 64 };

struct fields {
    char *thread, *block;
    int threads, blocks;
    struct store_fields *near, *shared, *far;
};

struct threads {
    char *thread, *block; /* markup: what a dot is, what a box is */
    int threads, blocks;
    struct store near, shared, far; /* of a block; between (name NULL: none); of all */
};

static const cyaml_schema_field_t threads_fields[] = {
    PICTURE_FIELDS,
    CYAML_FIELD_STRING_PTR("thread", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, thread, 1, 60),
    CYAML_FIELD_STRING_PTR("block", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, block, 1, 60),
    CYAML_FIELD_INT("threads", CYAML_FLAG_OPTIONAL, struct fields, threads),
    CYAML_FIELD_INT("blocks", CYAML_FLAG_OPTIONAL, struct fields, blocks),
    CYAML_FIELD_MAPPING_PTR("near", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, near, store_fields),
    CYAML_FIELD_MAPPING_PTR("shared", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, shared, store_fields),
    CYAML_FIELD_MAPPING_PTR("far", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, far, store_fields),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct fields, threads_fields)};

static void threads_free(void *data)
{
    struct threads *threads = data;
    free(threads->thread);
    free(threads->block);
    store_free(&threads->near);
    store_free(&threads->shared);
    store_free(&threads->far);
}

static enum status threads_make(const struct picture_input *input, const void *from, void *data)
{
    const struct fields *fields = from;
    size_t before = input->diags->errors;
    struct threads *threads = data;
    threads->threads = fields->threads ? fields->threads : 24;
    threads->blocks = fields->blocks ? fields->blocks : 3;
    if (threads->threads < 1 || threads->threads > MOST_THREADS)
        figure_fault(input, "threads", "So many dots are drawn in a box; the words may say how many there are.",
                     "threads is %d; it must be 1 to %d", threads->threads, MOST_THREADS);
    if (threads->blocks < 1 || threads->blocks > MOST_BLOCKS)
        figure_fault(input, "blocks", "So many boxes are drawn; the words may say how many there are.",
                     "blocks is %d; it must be 1 to %d", threads->blocks, MOST_BLOCKS);
    threads->thread = picture_markup(input, fields->thread ? fields->thread : "thread");
    threads->block = picture_markup(input, fields->block ? fields->block : "block");
    threads->near = store_make(input, fields->near, "SRAM", NULL);
    threads->far = store_make(input, fields->far, "HBM", "shared by all blocks");
    if (fields->shared)
        threads->shared = store_make(input, fields->shared, NULL, NULL);
    return input->diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

struct plan {
    double inset, apart;             /* inside of a box; between boxes */
    double far, shared, near;        /* heights of the memories; shared 0: none */
    double block_w, block_h, height; /* height: of the whole */
    struct text_style title, dot;    /* "block 1"; what a dot is */
    double title_h;
    int across, down; /* dots in a block */
    double pitch;     /* from dot to dot */
    bool few;         /* the words for a dot stand beside the dots, else once below them */
};

/* The dots' grid that fills the room best. */
static void plan_dots(const struct threads *threads, const struct paint *paint, double w, double h, struct plan *plan)
{
    for (int across = 1; across <= threads->threads; across++) {
        int down = (threads->threads + across - 1) / across;
        double pitch = fmin(fmin(w / across, h / down), (plan->few ? 48 : 64) * paint->style->unit);
        if (pitch > plan->pitch * 1.02) {
            plan->pitch = pitch;
            plan->across = across;
            plan->down = down;
        }
    }
}

static bool plan_of(const struct threads *threads, struct paint *paint, struct box box, struct plan *plan)
{
    const char *titles[] = {threads->block}, *dots[] = {threads->thread};
    double unit = paint->style->unit, count = threads->blocks;
    bool roomy = box.h > 620 * unit;
    *plan = (struct plan){.inset = (box.h > 500 * unit ? 28 : 24) * unit,
                          .apart = FIGURE_APART * unit,
                          .few = threads->threads <= 2,
                          .title = figure_style(paint, 36, 600, ROLE_TEXT, ALIGN_LEFT),
                          .dot = figure_style(paint, 30, 400, ROLE_MUTED, ALIGN_LEFT)};
    plan->far = figure_clamp(0.17 * box.h, store_height(paint), 140 * unit);
    plan->near = roomy ? 112 * unit : box.h > 500 * unit ? 100 * unit : store_height(paint);
    plan->shared = threads->shared.name ? figure_clamp(0.13 * box.h, store_height(paint), 100 * unit) : 0;
    plan->block_w = (box.w - 2 * plan->inset - (count - 1) * plan->apart) / count;
    plan->block_h =
        box.h - 2 * plan->inset - plan->far - plan->apart - (plan->shared > 0 ? plan->shared + plan->apart : 0);
    double inner = plan->block_w - 2 * plan->apart;
    bool fits =
        figure_fits(paint, &plan->title, titles, 1, inner - 40 * unit, 0, false) &&
        figure_fits(paint, &plan->dot, dots, 1, inner - (plan->few ? threads->threads * 48 + 8 : 40) * unit, 0, false);
    plan->title_h = figure_largest(paint, &plan->title, titles, 1, 0).height;
    double dot_h = figure_largest(paint, &plan->dot, dots, 1, 0).height;
    double rest = plan->title_h + plan->near + 3.5 * plan->apart + (plan->few ? 0 : dot_h + 0.5 * plan->apart);
    plan_dots(threads, paint, inner, plan->block_h - rest, plan);
    if (plan->few) /* a dot needs no tall box */
        plan->block_h = fmin(plan->block_h, rest + 1.2 * plan->pitch);
    plan->height =
        2 * plan->inset + plan->block_h + plan->apart + plan->far + (plan->shared > 0 ? plan->shared + plan->apart : 0);
    return fits && plan->pitch >= 14 * unit;
}

static void draw_dot(struct paint *paint, double x, double y, double radius, enum role role)
{
    cairo_new_sub_path(paint->cairo);
    cairo_arc(paint->cairo, x, y, radius, 0, 2 * M_PI);
    paint_role(paint, role);
    cairo_fill(paint->cairo);
}

/* A block: its name and number, its threads, the memory that they share. */
static enum status draw_block(const struct threads *threads, struct paint *paint, const struct plan *plan,
                              struct box box, int number)
{
    double unit = paint->style->unit, apart = plan->apart, x = box.x + apart, radius = 0.32 * plan->pitch;
    struct text title = {0};
    figure_box(paint, box, 20 * unit, 3 * unit, ROLE_BACKGROUND, ROLE_MUTED);
    text_format(&title, "%s %d", threads->block, number + 1);
    char *markup = text_take(&title);
    double y = box.y + 0.7 * apart;
    paint_text(paint, &plan->title, markup, x, y, 0);
    free(markup);
    y += plan->title_h + 0.6 * apart;
    for (int i = 0; i < threads->threads; i++)
        draw_dot(paint, x + radius + plan->pitch * (double)(i % plan->across),
                 y + radius + plan->pitch * floor((double)i / plan->across), radius,
                 number == 0 && i == 0 && !plan->few ? ROLE_TEXT : ROLE_MUTED);
    if (plan->few) {
        double after = x + threads->threads * plan->pitch + 6 * unit;
        struct text_size size = paint_text_size(paint, &plan->dot, threads->thread, 0);
        paint_text(paint, &plan->dot, threads->thread, after, y + radius - size.height / 2, 0);
    }
    y += plan->down * plan->pitch - (plan->pitch - 2 * radius) + 0.5 * apart;
    if (number == 0 && !plan->few) { /* the words for a dot stand once */
        struct text_size size = paint_text_size(paint, &plan->dot, threads->thread, 0);
        double small = 11 * unit;
        draw_dot(paint, x + small, y + size.height / 2, small, ROLE_TEXT);
        paint_text(paint, &plan->dot, threads->thread, x + 2 * small + 14 * unit, y, 0);
    }
    const struct box near = {x, box.y + box.h - apart - plan->near, box.w - 2 * apart, plan->near};
    return store_draw(&threads->near, paint, near, ROLE_ACCENT, "the threads figure");
}

static enum status threads_draw(void *data, struct paint *paint, struct box box)
{
    const struct threads *threads = data;
    struct plan plan;
    double unit = paint->style->unit;
    if (!plan_of(threads, paint, box, &plan))
        return figure_refuse(paint, "the threads figure", 230 * unit * threads->blocks,
                             (440 + (threads->shared.name ? 90 : 0)) * unit, box);
    box.y += (box.h - plan.height) / 2;
    box.h = plan.height;
    figure_box(paint, box, 28 * unit, 3 * unit, ROLE_BACKGROUND, ROLE_LINE);
    double x = box.x + plan.inset, y = box.y + plan.inset, inner = box.w - 2 * plan.inset;
    enum status status = STATUS_OK;
    for (int i = 0; i < threads->blocks && status == STATUS_OK; i++)
        status = draw_block(threads, paint, &plan,
                            (struct box){x + i * (plan.block_w + plan.apart), y, plan.block_w, plan.block_h}, i);
    y += plan.block_h + plan.apart;
    if (status == STATUS_OK && threads->shared.name) {
        status = store_draw(&threads->shared, paint, (struct box){x, y, inner, plan.shared}, ROLE_MUTED,
                            "the threads figure");
        y += plan.shared + plan.apart;
    }
    if (status == STATUS_OK)
        status =
            store_draw(&threads->far, paint, (struct box){x, y, inner, plan.far}, ROLE_ACCENT2, "the threads figure");
    return status;
}

static double threads_height(void *data, struct paint *paint, double width)
{
    struct plan plan;
    plan_of(data, paint, (struct box){0, 0, width, 760 * paint->style->unit}, &plan);
    return plan.height;
}

static char *threads_alt(const void *data)
{
    const struct threads *threads = data;
    struct text alt = {0};
    char *block = picture_plain(threads->block), *thread = picture_plain(threads->thread);
    char *near = store_plain(&threads->near), *far = store_plain(&threads->far);
    text_format(&alt, "%d boxes, each a %s with %d dot%s (%s) and a memory of its own, %s.", threads->blocks, block,
                threads->threads, threads->threads > 1 ? "s" : "", thread, near);
    if (threads->shared.name) {
        char *shared = store_plain(&threads->shared);
        text_format(&alt, " Below them %s.", shared);
        free(shared);
    }
    text_format(&alt, " Under all of them %s.", far);
    free(block);
    free(thread);
    free(near);
    free(far);
    return text_take(&alt);
}

static char *threads_caption(const void *data)
{
    (void)data;
    return NULL;
}

const struct picture_kind figure_threads = {
    .fence = BLOCK_FIGURE,
    .name = "threads",
    .idea = "who shares which memory: threads, blocks (or cores), the device",
    .schema = &schema,
    .size = sizeof(struct threads),
    .make = threads_make,
    .draw = threads_draw,
    .height = threads_height,
    .alt = threads_alt,
    .caption = threads_caption,
    .free = threads_free,
};
