#include "slides/image.h"

#include <librsvg/rsvg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "slides/path_inside.h"
#include "slides/svg_check.h"
#include "slides/svg_trial.h"

enum { LARGEST = 64 << 20, LARGEST_SVG = 8 << 20, ASPECT_MOST = 100 };
static const double pixels_most = 40e6;

struct image {
    cairo_surface_t *pixels; /* a PNG, or NULL */
    RsvgHandle *vectors;     /* an SVG, or NULL */
    double width, height;
    GMutex lock; /* one drawing at a time */
};

static enum status refuse(const struct image_source *source, const char *what, const char *remedy, struct diags *diags)
{
    diags_error(diags, source->file, source->line, remedy, "%s: %s", source->name, what);
    return STATUS_BAD_INPUT;
}

/* cairo reads PNG from a stream of ours. */
struct bytes {
    const char *at;
    size_t left;
};

static cairo_status_t take(void *context, unsigned char *to, unsigned length)
{
    struct bytes *bytes = context;
    if (length > bytes->left)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, bytes->at, length);
    bytes->at += length;
    bytes->left -= length;
    return CAIRO_STATUS_SUCCESS;
}

/* What the head of a PNG says, before a single pixel is unpacked. */
static double pixels_of(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    double sides[2] = {0, 0};
    for (int side = 0; side < 2 && length >= 24; side++)
        for (int i = 0; i < 4; i++)
            sides[side] = sides[side] * 256 + at[16 + 4 * side + i];
    return sides[0] * sides[1];
}

static const char *open_png(struct image *image, const char *bytes, size_t length)
{
    struct bytes rest = {bytes, length};
    if (pixels_of(bytes, length) > pixels_most)
        return "this PNG has more than 40 million pixels; a slide shows a few";
    image->pixels = cairo_image_surface_create_from_png_stream(take, &rest);
    if (cairo_surface_status(image->pixels) != CAIRO_STATUS_SUCCESS)
        return "this PNG is broken";
    image->width = cairo_image_surface_get_width(image->pixels);
    image->height = cairo_image_surface_get_height(image->pixels);
    return image->width > 0 && image->height > 0 ? NULL : "this PNG has no pixels";
}

static bool render(const struct image *image, cairo_t *cairo, struct box box)
{
    RsvgRectangle viewport = {box.x, box.y, box.w, box.h};
    return rsvg_handle_render_document(image->vectors, cairo, &viewport, NULL);
}

static const char *open_svg(struct image *image, const char *bytes, size_t length)
{
    gboolean has_box, has_width, has_height;
    RsvgLength width, height;
    RsvgRectangle box;
    const char *fault = length > LARGEST_SVG ? "this SVG has more than 8 MB" : svg_fault(bytes, length);
    if (fault)
        return fault;
    image->vectors = rsvg_handle_new_from_data((const guint8 *)bytes, length, NULL);
    if (!image->vectors)
        return "this SVG is broken";
    if (!rsvg_handle_get_intrinsic_size_in_pixels(image->vectors, &image->width, &image->height)) {
        rsvg_handle_get_intrinsic_dimensions(image->vectors, &has_width, &width, &has_height, &height, &has_box, &box);
        image->width = has_box ? box.width : 100;
        image->height = has_box ? box.height : 100;
    }
    if (!(image->width > 0 && image->height > 0))
        return "this SVG has no size";
    double aspect = image->width / image->height;
    if (!(aspect < ASPECT_MOST && aspect > 1.0 / ASPECT_MOST))
        return "this SVG is more than 100 times as wide as high, or as high as wide";
    return svg_trial(image->vectors, image->width, image->height);
}

static enum status open_bytes(const struct image_source *source, const char *bytes, size_t length, struct image **image,
                              struct diags *diags)
{
    bool png = length > 8 && memcmp(bytes, "\x89PNG", 4) == 0;
    const char *fault = "this image has 0 bytes";
    *image = calloc(1, sizeof **image);
    if (!*image)
        return refuse(source, "out of memory", NULL, diags);
    g_mutex_init(&(*image)->lock);
    if (length > 0)
        fault = png ? open_png(*image, bytes, length) : open_svg(*image, bytes, length);
    if (!fault)
        return STATUS_OK;
    image_close(*image);
    *image = NULL;
    return refuse(source, fault, "Images are PNG files, or SVG files of plain shapes.", diags);
}

enum status image_open(const struct image_source *source, struct image **image, struct diags *diags)
{
    char *bytes = NULL;
    size_t length = 0;
    const char *fault;
    struct diags reading = {0};
    *image = NULL;
    char *path = path_inside(source->name, source->folder, source->outside, &fault);
    if (!path)
        return refuse(source, *fault ? fault : "out of memory", path_inside_remedy(source->name), diags);
    enum status status = file_read(path, LARGEST, &bytes, &length, &reading);
    if (status == STATUS_OK)
        status = open_bytes(source, bytes, length, image, diags);
    else
        status = refuse(source, reading.count && reading.items[0].what ? reading.items[0].what : "cannot be read",
                        "Images are looked up from the folder of the file that names them.", diags);
    diags_free(&reading);
    free(path);
    free(bytes);
    return status;
}

void image_close(struct image *image)
{
    if (!image)
        return;
    if (image->pixels)
        cairo_surface_destroy(image->pixels);
    if (image->vectors)
        g_object_unref(image->vectors);
    free(image);
}

double image_aspect(const struct image *image)
{
    return image->width / image->height;
}

bool image_is_pixels(const struct image *image)
{
    return image->pixels != NULL;
}

/* Whole in the box. */
static void draw(const struct image *image, struct paint *paint, struct box box)
{
    cairo_t *cairo = paint->cairo;
    g_mutex_lock((GMutex *)&image->lock);
    cairo_save(cairo);
    if (image->vectors) {
        if (!render(image, cairo, box))
            diags_error(paint->diags, paint->file, paint->line, NULL, "a picture cannot be drawn");
    } else {
        cairo_translate(cairo, box.x, box.y);
        cairo_scale(cairo, box.w / image->width, box.h / image->height);
        cairo_set_source_surface(cairo, image->pixels, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST);
        cairo_paint(cairo);
    }
    cairo_restore(cairo);
    g_mutex_unlock((GMutex *)&image->lock);
}

static struct box centred(const struct image *image, struct box box, double scale)
{
    double w = image->width * scale, h = image->height * scale;
    return (struct box){box.x + (box.w - w) / 2, box.y + (box.h - h) / 2, w, h};
}

void image_draw(const struct image *image, struct paint *paint, struct box box)
{
    draw(image, paint, centred(image, box, fmin(box.w / image->width, box.h / image->height)));
}

void image_draw_cover(const struct image *image, struct paint *paint, struct box box, double radius)
{
    cairo_save(paint->cairo);
    paint_round_box(paint, box, radius);
    cairo_clip(paint->cairo);
    draw(image, paint, centred(image, box, fmax(box.w / image->width, box.h / image->height)));
    cairo_restore(paint->cairo);
}

void image_draw_round(const struct image *image, struct paint *paint, struct box box)
{
    image_draw_cover(image, paint, box, box.w / 2);
}

void image_tint(const struct image *image, struct color color)
{
    char css[48] = "svg { color: ";
    if (!image->vectors)
        return;
    color_write(color, css + strlen(css));
    strcat(css, " }");
    rsvg_handle_set_stylesheet(image->vectors, (const guint8 *)css, strlen(css), NULL);
}
