#include "tests/slides/help_figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_stages(struct fence *fence)
{
    static const char *const names[] = {"scores", "softmax", "values"};
    const struct attention_problem problem = {.layers = 1,
                                              .batch = 1,
                                              .heads = 1,
                                              .kv_heads = 1,
                                              .len_q = 1024,
                                              .len_kv = 1024,
                                              .head_dim = 64,
                                              .mask = {.window_left = -1, .window_right = -1},
                                              .scale = 0.125f};
    struct record_case *c = record_add(&fence->record);
    record_name_case(c, "naive", "naive", "cpu", "naive", &problem, 1);
    c->stages = calloc(3, sizeof *c->stages);
    c->stage_count = 3;
    for (int i = 0; i < 3; i++) {
        strcpy(c->stages[i].name, names[i]);
        c->stages[i].bytes_read = 1e9 * (i + 1);
        c->stages[i].bytes_written = 5e8;
        c->stages[i].seconds = (struct estimate){0.001, 0.001, 0.001, 0.99};
    }
    c->samples = calloc(8, sizeof *c->samples);
    c->sample_count = 8;
    for (int i = 0; i < 8; i++)
        c->samples[i] = 0.003;
    c->seconds = (struct estimate){0.003, 0.003, 0.003, 0.99};
}

void fence_open(struct fence *fence, const char *theme)
{
    *fence = (struct fence){.records = {NULL}};
    fence->deck.file = "talk.md";
    fence->records[0] = &fence->record;
    add_stages(fence);
    binder_open(&fence->binder, &fence->deck, fence->records, 1, true, &fence->diags);
    style_load(NULL, theme, NULL, NULL, ".", &fence->style, &fence->diags);
}

enum status fence_make(struct fence *fence, enum block_kind kind, const char *yaml)
{
    picture_free(fence->picture);
    fence->picture = NULL;
    diags_free(&fence->diags);
    fence->block = (struct block){.kind = kind, .line = 10, .body = (char *)yaml};
    return picture_make(&fence->block, 0, fence->binder, NULL, &fence->picture, &fence->diags);
}

cairo_surface_t *fence_draw(struct fence *fence, double w, double h)
{
    int width = (int)ceil(w) + 2 * FENCE_MARGIN, height = (int)ceil(h) + 2 * FENCE_MARGIN;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cairo = cairo_create(surface);
    struct paint paint = {.cairo = cairo, .style = &fence->style, .diags = &fence->diags};
    cairo_set_source_rgb(cairo, 1, 0, 1);
    cairo_paint(cairo);
    paint_role(&paint, ROLE_BACKGROUND);
    cairo_rectangle(cairo, FENCE_MARGIN, FENCE_MARGIN, w, h);
    cairo_fill(cairo);
    picture_draw(fence->picture, &paint, (struct box){FENCE_MARGIN, FENCE_MARGIN, w, h});
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return surface;
}

void fence_close(struct fence *fence)
{
    picture_free(fence->picture);
    binder_close(fence->binder);
    style_free(&fence->style);
    record_free(&fence->record);
    diags_free(&fence->diags);
}

uint32_t pixel_at(cairo_surface_t *surface, double x, double y)
{
    int column = (int)x + FENCE_MARGIN, row = (int)y + FENCE_MARGIN;
    const unsigned char *line = cairo_image_surface_get_data(surface) + row * cairo_image_surface_get_stride(surface);
    uint32_t value;
    memcpy(&value, line + 4 * column, 4);
    return value & 0xffffff;
}

static uint32_t byte(double channel)
{
    return (uint32_t)lround(255 * channel);
}

uint32_t role_pixel(const struct fence *fence, enum role role)
{
    struct color color = fence->style.theme.colors[role];
    return byte(color.r) << 16 | byte(color.g) << 8 | byte(color.b);
}
