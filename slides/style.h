/* style.h - how slides look: canvas, theme, type pair, brand. All are data files that a user can add to:
 * slides/canvases/, slides/themes/, slides/types/, slides/brands/ (YAML, one file each). */
#ifndef SLIDES_STYLE_H
#define SLIDES_STYLE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/status.h"

/* Pixels. Measures of layouts are written for a short side of 1080 and scale with it (style->unit). */
struct canvas {
    char *name;  /* "linkedin" */
    char *ratio; /* "4:5": what --size also takes for it; NULL when another canvas has it */
    char *title; /* "LinkedIn document, 4:5" */
    double width, height;
    double inset_left, inset_right, inset_top, inset_bottom; /* what the platform may cover */
    int max_slides;                                          /* 0: no limit known */
};

struct color {
    double r, g, b; /* sRGB, 0..1 */
};

enum role {
    ROLE_BACKGROUND,
    ROLE_SURFACE, /* boxes, empty cells */
    ROLE_TEXT,
    ROLE_MUTED,     /* secondary words, arrows, baselines */
    ROLE_ACCENT,    /* what the slide is about */
    ROLE_ACCENT2,   /* the one contrast to it */
    ROLE_ON_ACCENT, /* text on accent */
    ROLE_LINE,      /* grid, rules, empty outlines: text at about 15 % over background; derived */
    ROLES
};

struct theme {
    char *name, *title;
    char *pattern; /* "dots", "none": on hook, quote and outro */
    struct color colors[ROLES];
};

struct type_pair {
    char *name;
    char *heading, *body, *mono; /* font families, which must be installed */
    char *packages;              /* Debian's: said when a family is missing */
};

struct brand {
    char *name, *mark;            /* in the header; mark: one or two letters in a square */
    char *person, *initials;      /* on the outro; initials in a circle */
    char *handle, *website, *bio; /* may be NULL */
};

struct style {
    struct canvas canvas;
    struct theme theme;
    struct type_pair type;
    struct brand brand;
    double unit; /* min(width, height) / 1080: multiply every measure by it */
};

/* Loads by name, NULL for the default (linkedin, ink, inter, flashdeck). `size` also takes a ratio of the canvas
 * table ("4:5", "1:1", "9:16", "16:9") or "1200x675" (200 to 8000 a side). `brand` and names may also be a file's
 * path, looked up from `folder`. Unknown names: the nearest; wrong values: file and line; low contrast (below
 * 4.5:1 for any text role on background or surface, on_accent on accent; 3:1 for graphics): an error that names
 * the pair, its ratio and the least lightness that would do. Fonts: a family that fontconfig would substitute is
 * an error that names the package. */
enum status style_load(const char *size, const char *theme, const char *type, const char *brand, const char *folder,
                       struct style *style, struct diags *diags);
void style_free(struct style *style);

#endif
