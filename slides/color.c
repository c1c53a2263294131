#include "slides/color.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool color_read(const char *text, struct color *color)
{
    unsigned r, g, b;
    if (strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6 ||
        sscanf(text, "#%2x%2x%2x", &r, &g, &b) != 3)
        return false;
    *color = (struct color){r / 255.0, g / 255.0, b / 255.0};
    return true;
}

void color_write(struct color color, char text[8])
{
    snprintf(text, 8, "#%02X%02X%02X", (unsigned)(color.r * 255 + 0.5) & 0xff, (unsigned)(color.g * 255 + 0.5) & 0xff,
             (unsigned)(color.b * 255 + 0.5) & 0xff);
}

struct color color_mix(struct color a, struct color b, double share)
{
    return (struct color){a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share};
}

static double to_linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4);
}

static double from_linear(double light)
{
    return light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
}

struct oklch color_to_oklch(struct color color)
{
    double r = to_linear(color.r), g = to_linear(color.g), b = to_linear(color.b);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    double red = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    double blue = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
    return (struct oklch){0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, hypot(red, blue), atan2(blue, red)};
}

/* Linear light; may lie outside of 0..1. */
static struct color unbounded(struct oklch oklch)
{
    double red = oklch.c * cos(oklch.h), blue = oklch.c * sin(oklch.h);
    double l = oklch.l + 0.3963377774 * red + 0.2158037573 * blue;
    double m = oklch.l - 0.1055613458 * red - 0.0638541728 * blue;
    double s = oklch.l - 0.0894841775 * red - 1.2914855480 * blue;
    l *= l * l;
    m *= m * m;
    s *= s * s;
    return (struct color){4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
                          -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
                          -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

static bool exists(struct color light)
{
    const double least = -0.00004, most = 1.001; /* a tenth of a step of eight bits */
    return light.r >= least && light.g >= least && light.b >= least && light.r <= most && light.g <= most &&
           light.b <= most;
}

static double eight_bits(double light)
{
    return round(from_linear(fmin(1, fmax(0, light))) * 255) / 255;
}

/* The most chroma that sRGB has at this lightness and hue. */
static double possible_chroma(struct oklch oklch)
{
    double low = 0, high = oklch.c;
    for (int i = 0; i < 16; i++) {
        oklch.c = (low + high) / 2;
        if (exists(unbounded(oklch)))
            low = oklch.c;
        else
            high = oklch.c;
    }
    return low;
}

struct color color_from_oklch(struct oklch oklch)
{
    oklch.l = fmin(1, fmax(0, oklch.l));
    if (!exists(unbounded(oklch)))
        oklch.c = possible_chroma(oklch);
    struct color light = unbounded(oklch);
    return (struct color){eight_bits(light.r), eight_bits(light.g), eight_bits(light.b)};
}
