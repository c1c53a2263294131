#include "slides/png.h"

#include <png.h>
#include <stdint.h>
#include <stdlib.h>

/* What libpng's callbacks are given. */
struct target {
    struct text *png;
    char words[120]; /* of its complaint */
};

static void take(png_structp writer, png_bytep bytes, size_t length)
{
    struct target *target = png_get_io_ptr(writer);
    text_add_bytes(target->png, (const char *)bytes, length);
    if (target->png->failed)
        png_error(writer, "out of memory");
}

static void flush(png_structp writer)
{
    (void)writer;
}

static void complain(png_structp writer, const char *words)
{
    struct target *target = png_get_error_ptr(writer);
    snprintf(target->words, sizeof target->words, "%.110s", words);
    png_longjmp(writer, 1);
}

static void pass_over(png_structp writer, const char *words)
{
    (void)writer;
    (void)words;
}

/* cairo's pixels are numbers of 32 bits, 0x00RRGGBB. */
static void to_bytes(const unsigned char *row, int width, unsigned char *bytes)
{
    const uint32_t *pixels = (const uint32_t *)(const void *)row;
    for (int x = 0; x < width; x++) {
        bytes[3 * x] = (unsigned char)(pixels[x] >> 16);
        bytes[3 * x + 1] = (unsigned char)(pixels[x] >> 8);
        bytes[3 * x + 2] = (unsigned char)pixels[x];
    }
}

/* False after a complaint of libpng, which jumps back to here: nothing is owned below. */
static bool write_all(png_structp writer, png_infop info, cairo_surface_t *surface, bool photo, unsigned char *bytes)
{
    int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    const unsigned char *rows = cairo_image_surface_get_data(surface);
    if (setjmp(png_jmpbuf(writer)))
        return false;
    png_set_IHDR(writer, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(writer, info, PNG_sRGB_INTENT_PERCEPTUAL);
    png_set_compression_level(writer, 6);
    png_set_filter(writer, PNG_FILTER_TYPE_BASE, photo ? PNG_ALL_FILTERS : PNG_FILTER_NONE);
    png_write_info(writer, info);
    for (int y = 0; y < height; y++) {
        to_bytes(rows + (size_t)y * (size_t)cairo_image_surface_get_stride(surface), width, bytes);
        png_write_row(writer, bytes);
    }
    png_write_end(writer, info);
    return true;
}

enum status png_encode(cairo_surface_t *surface, bool photo, struct text *png, struct diags *diags)
{
    struct target target = {.png = png};
    png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, &target, complain, pass_over);
    png_infop info = writer ? png_create_info_struct(writer) : NULL;
    unsigned char *bytes = malloc(3 * (size_t)cairo_image_surface_get_width(surface) + 1);
    bool done = false;
    cairo_surface_flush(surface);
    if (info && bytes) {
        png_set_write_fn(writer, &target, take, flush);
        done = write_all(writer, info, surface, photo, bytes);
    }
    if (!done)
        diags_error(diags, NULL, 0, NULL, "the PNG could not be written: %s",
                    target.words[0] ? target.words : "out of memory");
    png_destroy_write_struct(&writer, &info);
    free(bytes);
    return done ? STATUS_OK : STATUS_FAILED;
}
