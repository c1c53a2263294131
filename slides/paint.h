/* paint.h - drawing on a slide: colours by role, text by style, tags for the PDF's structure.
 *
 * One code for preview, PNG and PDF: everything draws through a `struct paint` on a Cairo context. Coordinates are
 * pixels of the canvas; multiply measures written for a 1080 short side by paint->style->unit. */
#ifndef SLIDES_PAINT_H
#define SLIDES_PAINT_H

#include <cairo.h>

#include "base/diag.h"
#include "slides/style.h"

struct box {
    double x, y, w, h;
};

/* What was put where, for checks of a slide's geometry. Owned by who asks for it. */
struct placed {
    const char *slot; /* "heading", "body"; "" for what belongs to no layout (header, footer) */
    enum { PLACED_TEXT, PLACED_PICTURE } what;
    struct box box; /* a text's lines, not its ink; a picture's whole room */
    double size;    /* of a text, pixels of the canvas */
    enum role ink, ground;
};
struct placed_list {
    struct placed *items;
    size_t count;
};
void placed_free(struct placed_list *list);

/* The alt texts of a PDF's Figure tags, in the order in which they were drawn. Owned. */
struct paint_alts {
    char **texts;
    size_t count;
};

struct paint {
    cairo_t *cairo; /* may draw nowhere (a recording surface) while measuring */
    const struct style *style;
    bool tagged;                /* a PDF: write structure tags */
    struct paint_alts *alts;    /* where they are gathered when tagged; may be NULL */
    const char *file;           /* the deck, for messages */
    int line;                   /* of the block being drawn */
    int slide;                  /* 1-based, for messages; 0: none */
    const char *lang;           /* the deck's; NULL: English */
    const char *slot;           /* being filled; NULL: none */
    enum role ground;           /* what the text being drawn stands on; text in on_accent always on accent */
    struct placed_list *placed; /* NULL: nobody asks */
    struct diags *diags;        /* overflow, missing glyphs ... */
};

enum face { FACE_HEADING, FACE_BODY, FACE_MONO };
enum align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct text_style {
    enum face face;
    double size;           /* pixels of the canvas */
    int weight;            /* 400 .. 800 */
    double letter_spacing; /* pixels */
    double line_height;    /* factor of size; 0: the font's own */
    enum role role;
    enum align align;
    bool tabular; /* figures of equal width */
    bool balance; /* lines of about equal length: for headings */
};

/* Beside Pango's tags, markup may hold <tt> (the type pair's mono), <accent>, <accent2> and <muted> (the theme's). */
struct text_size {
    double width, height; /* of the laid-out ink's logical box */
    double baseline;      /* of the first line, from the top */
    int lines;
};

void paint_role(struct paint *paint, enum role role); /* sets the source colour */
struct color paint_color(const struct paint *paint, enum role role);
void paint_round_box(struct paint *paint, struct box box, double radius); /* adds the path only */
void paint_fill_round(struct paint *paint, struct box box, double radius, enum role role);
/* A rule of two pixels of a 1080 short side, y in its middle. */
void paint_rule(struct paint *paint, double x, double y, double width, enum role role);

/* By how much the type pair sets a face larger than a style's size (style.h). */
double paint_face_scale(const struct paint *paint, enum face face);

/* `markup` is Pango's. width <= 0: no wrapping. Only measured: what the fonts lack is told when it is drawn. */
struct text_size paint_text_size(struct paint *paint, const struct text_style *text, const char *markup, double width);
/* Draws; missing glyphs and substituted families are errors in diags. The top left of the laid-out box is at (x, y);
 * align acts within `width` (with width <= 0, about x); what reads from right to left hangs from the right instead of
 * the left. The last line of a wrapped text is not one short word, and of a short text about half a line, if less width
 * can bring it about without another line. */
struct text_size paint_text(struct paint *paint, const struct text_style *text, const char *markup, double x, double y,
                            double width);
/* The same with the first line's baseline at y. */
struct text_size paint_text_baseline(struct paint *paint, const struct text_style *text, const char *markup, double x,
                                     double y, double width);

/* How far from a one-line text's left edge its number has its decimal point, or would have it. */
double paint_text_point(struct paint *paint, const struct text_style *text, const char *markup);
/* The text is read from right to left. */
bool paint_right_to_left(struct paint *paint, const char *markup);
/* For who asked for what was placed: the slot is the paint's. */
void paint_note(struct paint *paint, const struct placed *placed);
void paint_note_picture(struct paint *paint, struct box box);

/* Structure: "H1", "P", "Figure", "L", "LI" ... Nothing when not tagged. `alt` goes into the file by a later step
 * (export's), in the order of the Figure tags; NULL for others. */
void paint_alts_free(struct paint_alts *alts);
void paint_tag_begin(struct paint *paint, const char *tag, const char *alt);
void paint_tag_end(struct paint *paint, const char *tag);
/* What is drawn between them opens an address in a PDF's viewer; inside of a tag. */
void paint_link_begin(struct paint *paint, const char *url);
void paint_link_end(struct paint *paint);

/* An arrow with a round, open head; width of the stroke in pixels. */
void paint_arrow(struct paint *paint, double x0, double y0, double x1, double y1, double stroke, enum role role);

#endif
