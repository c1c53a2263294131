#include "slides/image.h"

#include <librsvg/rsvg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { LARGEST = 64 << 20 };

struct image {
    cairo_surface_t *pixels; /* a PNG, or NULL */
    RsvgHandle *vectors;     /* an SVG, or NULL */
    double width, height;
    GMutex lock; /* one drawing at a time */
};

static enum status refuse(const char *name, const char *what, const char *file, int line, struct diags *diags)
{
    diags_error(diags, file, line, "Images are PNG or SVG files, looked up from the deck's folder.", "%s: %s", name,
                what);
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

static bool open_png(struct image *image, const char *bytes, size_t length)
{
    struct bytes rest = {bytes, length};
    image->pixels = cairo_image_surface_create_from_png_stream(take, &rest);
    if (cairo_surface_status(image->pixels) != CAIRO_STATUS_SUCCESS)
        return false;
    image->width = cairo_image_surface_get_width(image->pixels);
    image->height = cairo_image_surface_get_height(image->pixels);
    return image->width > 0 && image->height > 0;
}

static bool open_svg(struct image *image, const char *bytes, size_t length)
{
    image->vectors = rsvg_handle_new_from_data((const guint8 *)bytes, length, NULL);
    if (!image->vectors)
        return false;
    gboolean has_box, has_width, has_height;
    RsvgLength width, height;
    RsvgRectangle box;
    if (!rsvg_handle_get_intrinsic_size_in_pixels(image->vectors, &image->width, &image->height)) {
        rsvg_handle_get_intrinsic_dimensions(image->vectors, &has_width, &width, &has_height, &height, &has_box, &box);
        image->width = has_box ? box.width : 100;
        image->height = has_box ? box.height : 100;
    }
    return image->width > 0 && image->height > 0;
}

enum status image_open(const char *name, const char *folder, const char *file, int line, struct image **image,
                       struct diags *diags)
{
    char *path = NULL, *bytes = NULL;
    size_t length = 0;
    struct diags reading = {0};
    *image = NULL;
    if (strstr(name, "://"))
        return refuse(name, "images from the network are never loaded", file, line, diags);
    if (asprintf(&path, "%s%s%s", *name == '/' ? "" : folder, *name == '/' ? "" : "/", name) < 0)
        return STATUS_NO_MEMORY;
    enum status status = file_read(path, LARGEST, &bytes, &length, &reading);
    if (status != STATUS_OK)
        status = refuse(name, reading.count && reading.items[0].what ? reading.items[0].what : "cannot be read", file,
                        line, diags);
    else if (length == 0)
        status = refuse(name, "this image has 0 bytes", file, line, diags);
    diags_free(&reading);
    free(path);
    if (status == STATUS_OK) {
        bool png = length > 8 && memcmp(bytes, "\x89PNG", 4) == 0;
        *image = calloc(1, sizeof **image);
        if (*image)
            g_mutex_init(&(*image)->lock);
        if (!*image || !(png ? open_png(*image, bytes, length) : open_svg(*image, bytes, length)))
            status = refuse(name, png ? "this PNG is broken" : "this is neither a PNG nor an SVG", file, line, diags);
    }
    free(bytes);
    if (status != STATUS_OK) {
        image_close(*image);
        *image = NULL;
    }
    return status;
}

void image_close(struct image *image)
{
    if (!image)
        return;
    g_mutex_clear(&image->lock);
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

void image_draw(struct image *image, struct paint *paint, struct box box)
{
    cairo_t *cairo = paint->cairo;
    double scale = fmin(box.w / image->width, box.h / image->height);
    double w = image->width * scale, h = image->height * scale;
    double x = box.x + (box.w - w) / 2, y = box.y + (box.h - h) / 2;
    g_mutex_lock(&image->lock);
    cairo_save(cairo);
    if (image->vectors) {
        RsvgRectangle viewport = {x, y, w, h};
        rsvg_handle_render_document(image->vectors, cairo, &viewport, NULL);
    } else {
        cairo_translate(cairo, x, y);
        cairo_scale(cairo, scale, scale);
        cairo_set_source_surface(cairo, image->pixels, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST);
        cairo_paint(cairo);
    }
    cairo_restore(cairo);
    g_mutex_unlock(&image->lock);
}
