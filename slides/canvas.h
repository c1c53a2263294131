/* canvas.h - the sizes that platforms take, from slides/canvases/NAME.yml, and what else each of them limits.
 *
 *   title: "LinkedIn document, 4:5"
 *   ratio: "4:5"             what --size also takes for it; one canvas a ratio
 *   width: 1080              pixels
 *   height: 1350
 *   inset_left: 80           what the platform may cover, all four sides
 *   max_slides: 300          0: no limit known
 *   pdf_most_mb: 100         a PDF larger than that is refused there; of 1,000,000 bytes; 0 or left out: none known
 *   pdf_aim_mb: 10           larger ones are taken but slow to open: a warning
 *   image_most_mb: 8         the same for one slide's PNG
 *   eager: 1.2              words are set so much larger, up to 1.5, wherever they fit with wide gaps: for wide
 * pictures that a telephone shows small; left out: 1 same_ratio: true         the first slide fixes the ratio of all
 *   note: "..."              where the figures are from */
#ifndef SLIDES_CANVAS_H
#define SLIDES_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/status.h"

/* Pixels. Measures of layouts are written for a short side of 1080 and scale with it (style->unit). */
struct canvas {
    char *name;  /* "linkedin" */
    char *ratio; /* "4:5"; NULL when another canvas has it */
    char *title; /* "LinkedIn document, 4:5" */
    double width, height;
    double inset_left, inset_right, inset_top, inset_bottom; /* what the platform may cover */
    int max_slides;                                          /* 0: no limit known */
    double pdf_most, pdf_aim, image_most;                    /* bytes; 0: no limit known */
    double eager;
    bool same_ratio;
};

struct style_source;

/* By name, ratio, file or "WIDTHxHEIGHT". */
enum status canvas_load(const struct style_source *source, struct canvas *canvas, struct diags *diags);
void canvas_free(struct canvas *canvas);

/* What an export is about to write. */
struct canvas_image {
    size_t bytes;
    int width, height;
};
struct canvas_export {
    size_t slides;
    size_t pdf_bytes;                  /* 0: no PDF */
    const struct canvas_image *images; /* [image_count] of the slides, in order; may be NULL */
    size_t image_count;
};

/* Whether the canvas's platform takes it. Too many slides, too large files and images of another ratio than the first
 * are errors that say which, by how much and what to do; a PDF over what opens quickly is a warning. To be called by
 * every exporter before it writes. */
enum status canvas_check(const struct canvas *canvas, const struct canvas_export *export, const char *file,
                         struct diags *diags);

#endif
