#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "help_pages.h"

void lay_out(struct laid_out *out, const char *source, struct pages_look look)
{
    *out = (struct laid_out){0};
    desk_open(&out->desk, source);
    struct desk *desk = &out->desk;
    assert_int_equal(prepare_deck(&desk->deck, desk->records, 1, false, &out->prepared, &desk->diags), STATUS_OK);
    must_be_clean(&desk->diags);
    out->status = pages_open(&out->prepared, &look, &out->pages, &desk->diags);
}

void put_away(struct laid_out *out)
{
    pages_close(&out->pages);
    prepared_free(&out->prepared);
    desk_close(&out->desk);
}

struct placed_list rehearsed(struct laid_out *out, size_t index)
{
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    cairo_t *nowhere = cairo_create(surface);
    struct placed_list placed = {0};
    pages_rehearse(&out->pages, index, nowhere, &placed, &out->desk.diags);
    cairo_destroy(nowhere);
    cairo_surface_destroy(surface);
    return placed;
}

struct box nth_box(const struct placed_list *placed, const char *slot, int n)
{
    for (size_t i = 0; i < placed->count; i++)
        if (strcmp(placed->items[i].slot, slot) == 0 && n-- == 0)
            return placed->items[i].box;
    fail_msg("there is no such %s", slot);
    return (struct box){0};
}

cairo_surface_t *drawn(struct laid_out *out, size_t index)
{
    const struct canvas *canvas = &out->pages.items[index].style->canvas;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)canvas->width, (int)canvas->height);
    cairo_t *cairo = cairo_create(surface);
    pages_draw(&out->pages, index, cairo, NULL, &out->desk.diags);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return surface;
}

uint32_t pixel(cairo_surface_t *surface, int x, int y)
{
    const unsigned char *row =
        cairo_image_surface_get_data(surface) + (long)y * cairo_image_surface_get_stride(surface);
    return ((const uint32_t *)(const void *)row)[x] & 0xffffff;
}

uint32_t ground_of(const struct style *style)
{
    struct color c = style->theme.colors[ROLE_BACKGROUND];
    return (uint32_t)lround(c.r * 255) << 16 | (uint32_t)lround(c.g * 255) << 8 | (uint32_t)lround(c.b * 255);
}

int drawing_make(const char *name)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'><rect width='40' height='30'/></svg>", file);
    fclose(file);
    return 0;
}

int drawing_remove(const char *name)
{
    return unlink(name);
}
