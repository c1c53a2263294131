#include "help_compare.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* Of the largest difference there can be: 0.1 is what pixelmatch calls different. */
#define SEEN 0.06

struct color3 {
    double y, i, q;
};

static uint32_t *row_of(cairo_surface_t *surface, int y)
{
    return (uint32_t *)(void *)(cairo_image_surface_get_data(surface) +
                                (long)y * cairo_image_surface_get_stride(surface));
}

/* The mean of a pixel and its neighbours. */
static struct color3 around(cairo_surface_t *surface, int x, int y, int width, int height)
{
    double r = 0, g = 0, b = 0;
    int count = 0;
    for (int v = y - 1; v <= y + 1; v++)
        for (int u = x - 1; u <= x + 1; u++) {
            if (u < 0 || v < 0 || u >= width || v >= height)
                continue;
            uint32_t pixel = row_of(surface, v)[u];
            r += (pixel >> 16 & 255) / 255.0;
            g += (pixel >> 8 & 255) / 255.0;
            b += (pixel & 255) / 255.0;
            count++;
        }
    r /= count;
    g /= count;
    b /= count;
    return (struct color3){0.29889531 * r + 0.58662247 * g + 0.11448223 * b,
                           0.59597799 * r - 0.27417610 * g - 0.32180189 * b,
                           0.21147017 * r - 0.52261711 * g + 0.31114694 * b};
}

static bool seen(struct color3 a, struct color3 b)
{
    double y = a.y - b.y, i = a.i - b.i, q = a.q - b.q;
    return sqrt(0.5053 * y * y + 0.299 * i * i + 0.1957 * q * q) / sqrt(0.5053) > SEEN;
}

static uint32_t faded(uint32_t pixel)
{
    uint32_t grey = ((pixel >> 16 & 255) + (pixel >> 8 & 255) + (pixel & 255)) / 3;
    grey = 192 + grey / 4;
    return grey << 16 | grey << 8 | grey;
}

double pictures_differ(cairo_surface_t *one, cairo_surface_t *other, cairo_surface_t *difference)
{
    int width = cairo_image_surface_get_width(one), height = cairo_image_surface_get_height(one);
    long count = 0;
    if (width != cairo_image_surface_get_width(other) || height != cairo_image_surface_get_height(other))
        return 1;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            bool differs = seen(around(one, x, y, width, height), around(other, x, y, width, height));
            count += differs;
            if (difference)
                row_of(difference, y)[x] = differs ? 0xd01020 : faded(row_of(one, y)[x]);
        }
    if (difference)
        cairo_surface_mark_dirty(difference);
    return (double)count / ((double)width * height);
}
