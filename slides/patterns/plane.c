#include "slides/patterns/plane.h"

#include <math.h>

long plane_first(const struct plane *plane, double step, double reach)
{
    return (long)floor((plane->left - reach) / step);
}

long plane_last(const struct plane *plane, double step, double reach)
{
    return (long)ceil((plane->left + plane->width + reach) / step);
}

/* Finaliser of MurmurHash3 (A. Appleby, public domain). */
static uint32_t stir(uint32_t h)
{
    h ^= h >> 16;
    h *= 0x85ebca6bu;
    h ^= h >> 13;
    h *= 0xc2b2ae35u;
    return h ^ (h >> 16);
}

double plane_chance(const struct plane *plane, long x, long y, uint32_t what)
{
    uint32_t h = stir(plane->seed * 0x9e3779b9u + what);
    h = stir(h ^ (uint32_t)x);
    h = stir(h ^ (uint32_t)y * 0x27d4eb2fu);
    return h / 4294967296.0;
}

void plane_column(const struct plane *plane, double x)
{
    cairo_move_to(plane->cairo, x, 0);
    cairo_line_to(plane->cairo, x, plane->height);
}

void plane_row(const struct plane *plane, double y)
{
    cairo_move_to(plane->cairo, plane->left, y);
    cairo_line_to(plane->cairo, plane->left + plane->width, y);
}
