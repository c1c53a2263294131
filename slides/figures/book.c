/* book.c - reading a book: the current chapter word by word (local), a few marks of the whole plot (global). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/figures/figure.h"
#include "slides/figures/figures.h"

enum { MOST_LINES = 16 };

struct fields {
    int lines;
    char *chapter, *plot;
};

struct book {
    int lines;            /* a page */
    char *chapter, *plot; /* markup of the labels; "" for none */
};

static const cyaml_schema_field_t book_fields[] = {
    PICTURE_FIELDS, CYAML_FIELD_INT("lines", CYAML_FLAG_OPTIONAL, struct fields, lines),
    CYAML_FIELD_STRING_PTR("chapter", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, chapter, 0, 60),
    CYAML_FIELD_STRING_PTR("plot", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, plot, 0, 60),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct fields, book_fields)};

static void book_free(void *data)
{
    struct book *book = data;
    free(book->chapter);
    free(book->plot);
}

static enum status book_make(const struct picture_input *input, const void *from, void *data)
{
    const struct fields *fields = from;
    size_t before = input->diags->errors;
    struct book *book = data;
    book->lines = fields->lines ? fields->lines : 9;
    if (book->lines < 5 || book->lines > MOST_LINES)
        figure_fault(input, "lines", NULL, "lines is %d; it must be 5 to %d", book->lines, MOST_LINES);
    book->chapter = picture_markup(input, fields->chapter);
    book->plot = picture_markup(input, fields->plot);
    return input->diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

/* A page; `side` is -1 for the left one and 1 for the right one. */
struct page {
    double spine, w; /* x of the spine; width of the page */
    double top, h;
    double sag; /* how far the paper sinks at the spine */
    int side;
};

/* How low the paper lies at `t`, 0 at the spine and 1 at the outer edge: a fold that flattens outwards. */
static double sag_at(const struct page *page, double t)
{
    return page->sag * pow(1 - t, 2.6) - 0.35 * page->sag * sin(M_PI * t);
}

/* A line along the paper from t0 to t1 at height y. */
static void trace(struct paint *paint, const struct page *page, double t0, double t1, double y, bool on)
{
    enum { STEPS = 40 };
    for (int i = 0; i <= STEPS; i++) {
        double t = t0 + (t1 - t0) * i / STEPS, x = page->spine + page->side * t * page->w;
        if (i == 0 && !on)
            cairo_move_to(paint->cairo, x, y + sag_at(page, t));
        else
            cairo_line_to(paint->cairo, x, y + sag_at(page, t));
    }
}

static void draw_paper(struct paint *paint, const struct page *page)
{
    double unit = paint->style->unit;
    cairo_new_path(paint->cairo);
    trace(paint, page, 0, 1, page->top, false);
    trace(paint, page, 1, 0, page->top + page->h, true);
    cairo_close_path(paint->cairo);
    paint_role(paint, ROLE_SURFACE);
    cairo_fill_preserve(paint->cairo);
    paint_role(paint, ROLE_MUTED);
    cairo_set_line_width(paint->cairo, 4 * unit);
    cairo_set_line_join(paint->cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(paint->cairo);
}

/* What line `i` of a page is: the chapter fills the right page from its second third on; the plot is marked thrice. */
static enum role role_of(const struct book *book, int side, int i)
{
    int from = book->lines / 3;
    if (side > 0 && i >= from)
        return ROLE_ACCENT;
    if (side < 0 && (i == 1 || i == book->lines * 2 / 3))
        return ROLE_ACCENT2;
    return ROLE_LINE;
}

/* Paragraphs end short. */
static double length_of(const struct book *book, int side, int i)
{
    if (i == book->lines - 1 || (side > 0 && i == book->lines / 3 - 1))
        return 0.55;
    return (i * 7 + (side > 0 ? 3 : 0)) % 5 == 4 ? 0.82 : 0.94;
}

static void draw_lines(const struct book *book, struct paint *paint, const struct page *page)
{
    double pitch = page->h / (book->lines + 1.4), thick = fmin(0.36 * pitch, 14 * paint->style->unit);
    cairo_set_line_cap(paint->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(paint->cairo, thick);
    for (int i = 0; i < book->lines; i++) {
        double y = page->top + pitch * (i + 1.2), end = 0.1 + 0.8 * length_of(book, page->side, i);
        enum role role = role_of(book, page->side, i);
        cairo_new_path(paint->cairo);
        if (page->side > 0)
            trace(paint, page, 0.1, end, y, false);
        else
            trace(paint, page, 0.9, 1 - end, y, false);
        paint_role(paint, role);
        cairo_stroke(paint->cairo);
    }
}

/* Ribbons that stand out at the outer edge of the left page, level with the plot's lines. */
static void draw_marks(const struct book *book, struct paint *paint, const struct page *page, double out)
{
    double pitch = page->h / (book->lines + 1.4), high = fmin(0.62 * pitch, 26 * paint->style->unit);
    paint_role(paint, ROLE_ACCENT2);
    for (int i = 0; i < book->lines; i++) {
        if (role_of(book, page->side, i) != ROLE_ACCENT2)
            continue;
        double y = page->top + pitch * (i + 1.2) + sag_at(page, 1), x = page->spine + page->side * page->w;
        double tip = x + page->side * out, notch = x + page->side * (out - high / 2);
        cairo_move_to(paint->cairo, x, y - high / 2);
        cairo_line_to(paint->cairo, tip, y - high / 2);
        cairo_line_to(paint->cairo, notch, y);
        cairo_line_to(paint->cairo, tip, y + high / 2);
        cairo_line_to(paint->cairo, x, y + high / 2);
        cairo_close_path(paint->cairo);
        cairo_fill(paint->cairo);
    }
}

/* The pages' place in a box; the labels stand under their pages. */
struct plan {
    struct page left, right;
    double out;     /* how far the ribbons stand out */
    double label_y; /* of the labels */
    struct text_style label;
};

static bool plan_of(const struct book *book, struct paint *paint, struct box box, struct plan *plan)
{
    const char *labels[] = {book->plot, book->chapter};
    double unit = paint->style->unit, label = 0;
    plan->label = figure_style(paint, 36, 600, ROLE_TEXT, ALIGN_LEFT);
    plan->out = 34 * unit;
    double wide = fmin(box.w, 1.9 * box.h);
    bool fits = figure_fits(paint, &plan->label, labels, 2, wide / 2 - FIGURE_APART * unit, 0, true);
    if (*book->plot || *book->chapter)
        label =
            figure_largest(paint, &plan->label, labels, 2, wide / 2 - FIGURE_APART * unit).height + FIGURE_APART * unit;
    double page_w = (wide - plan->out - 4 * unit) / 2, sag = 0.09 * page_w;
    double page_h = fmin(box.h - label - sag * 1.25 - 8 * unit, 1.15 * page_w);
    double high = page_h + sag * 1.25 + 8 * unit + label, left = box.x + (box.w - wide) / 2;
    struct page page = {left + plan->out + page_w + 2 * unit,
                        page_w,
                        box.y + (box.h - high) / 2 + 0.25 * sag + 4 * unit,
                        page_h,
                        sag,
                        -1};
    plan->left = plan->right = page;
    plan->right.side = 1;
    plan->label_y = page.top + page_h + sag + 3 * unit + FIGURE_APART * unit;
    return fits && page_h / (book->lines + 1.4) >= 12 * unit;
}

static enum status book_draw(void *data, struct paint *paint, struct box box)
{
    const struct book *book = data;
    struct plan plan;
    double unit = paint->style->unit;
    if (!plan_of(book, paint, box, &plan))
        return figure_refuse(paint, "the book figure", 440 * unit, (14 * book->lines + 130) * unit, box);
    const struct page *pages[] = {&plan.left, &plan.right};
    draw_marks(book, paint, &plan.left, plan.out);
    for (int i = 0; i < 2; i++)
        draw_paper(paint, pages[i]);
    for (int i = 0; i < 2; i++)
        draw_lines(book, paint, pages[i]);
    double left = plan.left.spine - plan.left.w, room = plan.left.w - FIGURE_APART * unit;
    plan.label.role = ROLE_ACCENT2;
    paint_text(paint, &plan.label, book->plot, left, plan.label_y, room);
    plan.label.role = ROLE_ACCENT;
    paint_text(paint, &plan.label, book->chapter, plan.right.spine + 0.1 * plan.right.w, plan.label_y, room);
    return STATUS_OK;
}

static double book_height(void *data, struct paint *paint, double width)
{
    (void)data;
    return fmin(0.62 * width, 560 * paint->style->unit);
}

static char *book_alt(const void *data)
{
    const struct book *book = data;
    struct text alt = {0};
    char *chapter = picture_plain(book->chapter), *plot = picture_plain(book->plot);
    text_add(&alt, "An open book. The lines of the current chapter are all marked");
    text_format(&alt, "%s%s%s; of the pages before it only a few lines are, with bookmarks", *chapter ? " (" : "",
                chapter, *chapter ? ")" : "");
    text_format(&alt, "%s%s%s.", *plot ? " (" : "", plot, *plot ? ")" : "");
    free(chapter);
    free(plot);
    return text_take(&alt);
}

const struct picture_kind figure_book = {
    .fence = BLOCK_FIGURE,
    .name = "book",
    .idea = "reading a book: this chapter in full, a few marks of the whole plot",
    .schema = &schema,
    .size = sizeof(struct book),
    .make = book_make,
    .draw = book_draw,
    .height = book_height,
    .alt = book_alt,
    .free = book_free,
};
