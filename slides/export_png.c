#include "base/process.h"
#include "slides/export.h"
#include "slides/png.h"

/* Somewhere on the slide stands a picture of pixels. */
static bool has_pixels(const struct ready_slide *slide)
{
    for (size_t i = 0; i < slide->count; i++)
        if (slide->blocks[i].image && image_is_pixels(slide->blocks[i].image))
            return true;
    return false;
}

static void count_times(struct export_times *times, double draw, double png)
{
    if (!times)
        return;
#pragma omp atomic
    times->draw += draw;
#pragma omp atomic
    times->png += png;
}

enum status export_png(const struct export_input *input, size_t index, struct text *png, struct diags *diags)
{
    const struct pages *pages = input->pages;
    const struct canvas *canvas = &pages->items[index].style->canvas;
    double begun = process_now();
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(canvas->width + 0.5), (int)(canvas->height + 0.5));
    cairo_t *cairo = cairo_create(surface);
    pages_draw(pages, index, cairo, NULL, diags);
    cairo_status_t drawn = cairo_status(cairo);
    cairo_destroy(cairo);
    double middle = process_now();
    enum status status = STATUS_FAILED;
    if (drawn == CAIRO_STATUS_SUCCESS)
        status = png_encode(surface, has_pixels(pages->items[index].slide), png, diags);
    else
        diags_error(diags, pages->deck->file, 0, NULL, "slide %zu could not be drawn: %s", index + 1,
                    cairo_status_to_string(drawn));
    cairo_surface_destroy(surface);
    count_times(input->times, middle - begun, process_now() - middle);
    return status;
}
