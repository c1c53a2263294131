/* style.h - how slides look: canvas, theme, type pair, brand. All are data files that a user can add to:
 * slides/canvases/, slides/themes/, slides/types/, slides/brands/ (YAML, one file each). */
#ifndef SLIDES_STYLE_H
#define SLIDES_STYLE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/status.h"
#include "slides/brand.h"
#include "slides/canvas.h"
#include "slides/color.h"

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
    /* How much larger than its nominal size a family is set, so that its small letters are as high as the others'. */
    double heading_scale, body_scale, mono_scale;
};

struct style {
    struct canvas canvas;
    struct theme theme;
    struct type_pair type;
    struct brand brand;
    bool dark;   /* the background is */
    double unit; /* min(width, height) / 1080: multiply every measure by it */
};

/* What is wished for, each by name or as a file's path (*.yml, looked up from `folder`); NULL for the default: the
 * kit's theme and type, else linkedin, ink, inter, flashdeck. `size` also takes a ratio of the canvas table ("4:5",
 * "1:1", "9:16", "16:9") or "1200x675" (200 to 8000 a side). */
struct style_wish {
    const char *size, *theme, *type, *brand;
    const char *folder;
    bool own_size, own_theme, own_type, own_brand; /* the user said it, not the deck: a path may lead anywhere */
    bool outside;                                  /* so may those that decks and kits name */
    bool fix_contrast;                             /* mend colours that cannot be read, and warn of each */
};

/* Unknown names: the nearest; wrong values: file and line; low contrast (below 4.5:1 for any text role on background
 * or surface, on_accent on accent; of theme and kit together): an error that names the pair, its ratio and the nearest
 * colour that would do (contrast.h). Fonts: a family that fontconfig would substitute is an error that names the
 * package. All faults at once. */
enum status style_open(const struct style_wish *wish, struct style *style, struct diags *diags);
/* The same for what a user named: paths may lead anywhere. */
enum status style_load(const char *size, const char *theme, const char *type, const char *brand, const char *folder,
                       struct style *style, struct diags *diags);
void style_free(struct style *style);

#endif
