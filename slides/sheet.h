/* sheet.h - one slide while it is laid out: where it draws, at which scale of type, in which room.
 *
 * All measures in layouts are pixels of a 1080 short side; sheet_px turns them into the canvas's. */
#ifndef SLIDES_SHEET_H
#define SLIDES_SHEET_H

#include "slides/content.h"
#include "slides/paint.h"

struct outro;

struct sheet {
    struct paint *paint;
    const struct content *content;
    const struct source_line *sources; /* [source_count], one a kind of number on this slide */
    int source_count;
    const struct outro *outro; /* of an outro (outro.h), else NULL */
    int index, total;          /* 0-based; slides in all */
    bool paginate;             /* a counter shows both */
    const char *title;         /* the deck's, or NULL */
    double type_scale;         /* 1, or less when the text would not fit */
    double gap_scale;
    struct box page; /* between the insets, with the side margins */
    struct box room; /* what the layout fills: under the header, over sources and footer */
    bool wide;       /* two columns rather than one: a canvas at least 1.3 times as wide as high */
};

enum text_role {
    TEXT_HOOK,
    TEXT_HEADING,
    TEXT_CLAIM, /* the heading of a slide of words alone */
    TEXT_SUB,   /* under the hook */
    TEXT_BODY,
    TEXT_NAME,  /* of a column */
    TEXT_VALUE, /* a column's large figure */
    TEXT_QUOTE,
    TEXT_MARK, /* a quotation mark over it: a line of half its height */
    TEXT_NUMBER,
    TEXT_SMALL,
    TEXT_CODE,
    TEXT_LISTING, /* code that the slide is about */
    TEXT_LEAD,    /* of an item in a list, what it begins with */
    TEXT_DETAIL,  /* what follows it */
    TEXT_CELL,
    TEXT_COLUMN, /* a table's head */
    TEXT_CAPTION,
    TEXT_CARD, /* words with room to spare: on a card as wide as the slide, under a number */
    TEXT_POST,
    TEXT_BUTTON,
    TEXT_PERSON
};

double sheet_px(const struct sheet *sheet, double measure);
double sheet_gap(const struct sheet *sheet, double measure); /* px, tightened by gap_scale, never below 24 */

/* The style of a role at this sheet's scale: never below its floor. */
struct text_style sheet_text(const struct sheet *sheet, enum text_role role);
/* The least size of its type: a family that is set larger may shrink further, down to the same pixels. */
double sheet_floor(const struct sheet *sheet, enum text_role role);

/* An error when something is wider than its place: `what` it is, "the button's label". */
void sheet_check_width(const struct sheet *sheet, double width, double room, const char *what);

/* The same of text that is broken into lines: one of its words is. */
void sheet_check_words(const struct sheet *sheet, double width, double room);

/* Height of a marked-up text in a role at a width. */
double sheet_height(const struct sheet *sheet, enum text_role role, const char *markup, double width);
/* Draws it inside a structure tag ("H1", "P"); returns the y below it. */
double sheet_draw(const struct sheet *sheet, enum text_role role, const char *tag, const char *markup, double x,
                  double y, double width);
/* The same in a style of the layout's own, at the box's top left and in its width. */
double sheet_draw_as(const struct sheet *sheet, enum text_role role, const struct text_style *style, const char *tag,
                     const char *markup, struct box at);

/* Body blocks under each other: paragraphs, items with bullet or number, code on a surface. */
double flow_height(const struct sheet *sheet, const struct content_part *part, enum text_role role, double width);
/* The height up to which it may be stretched and be the better for it: of a table alone. */
double flow_most(const struct sheet *sheet, const struct content_part *part, enum text_role role, double width);
void flow_draw(const struct sheet *sheet, const struct content_part *part, enum text_role role, struct box box);
/* An item's number beside its words in `role`, at the left or, mirrored, the right of x; false: it has none. */
bool flow_number(const struct sheet *sheet, const struct ready_block *item, enum text_role role, double x, double y,
                 bool mirrored);

/* A chart, figure or image, in its tag. */
double visual_height(const struct sheet *sheet, const struct ready_block *visual, double width);
void visual_draw(const struct sheet *sheet, const struct ready_block *visual, struct box box);
/* An image that fills the box, cut to fit, with round corners. */
void visual_cover(const struct sheet *sheet, const struct ready_block *visual, struct box box, double radius);
/* The least height in which a visual is worth showing. */
double visual_least(const struct sheet *sheet, const struct ready_block *visual, double width);

#endif
