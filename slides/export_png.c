#include "slides/export.h"

static cairo_status_t add(void *context, const unsigned char *bytes, unsigned length)
{
    struct text *png = context;
    text_add_bytes(png, (const char *)bytes, length);
    return png->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

enum status export_png(const struct pages *pages, size_t index, struct text *png, struct diags *diags)
{
    const struct canvas *canvas = &pages->items[index].style->canvas;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(canvas->width + 0.5), (int)(canvas->height + 0.5));
    cairo_t *cairo = cairo_create(surface);
    pages_draw(pages, index, cairo, NULL, diags);
    cairo_destroy(cairo);
    cairo_status_t status = cairo_surface_write_to_png_stream(surface, add, png);
    cairo_surface_destroy(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        return STATUS_OK;
    diags_error(diags, pages->deck->file, 0, NULL, "slide %zu could not be drawn: %s", index + 1,
                cairo_status_to_string(status));
    return STATUS_FAILED;
}
