/* frame_sources.c - where a slide's numbers come from: a badge a kind, and its source beside it. */
#include <math.h>
#include <stdlib.h>

#include "slides/dotted.h"
#include "slides/escape.h"
#include "slides/frame.h"
#include "slides/frame_measures.h"
#include "slides/slots.h"

/* The caption beside a lone badge is the picture's. */
static const char *caption_of(const struct sheet *sheet)
{
    const struct ready_block *visual = sheet->content->main.visual;
    return visual && visual->picture ? picture_caption(visual->picture) : NULL;
}

static double badge_width(const struct sheet *sheet, enum kind kind)
{
    struct text_style style = frame_text(sheet, 28, 500, ROLE_ACCENT);
    return paint_text_size(sheet->paint, &style, kind_name(kind), -1).width + sheet_px(sheet, 48);
}

static struct text_style source_style(const struct sheet *sheet)
{
    struct text_style style = frame_text(sheet, 28, 400, ROLE_MUTED);
    style.line_height = 1.3;
    return style;
}

/* A row of its own for each kind: badge, and the source beside it, unless header or footer show it. With one kind and a
 * picture that has a caption, the caption stands beside the badge and the source below. */
struct source_row {
    enum kind kind;
    const char *beside, *below; /* may be NULL */
    double height, beside_x;
};

/* Markup of a source line or a caption, broken for its width. Fresh; NULL when out of memory. */
static char *line_markup(const struct sheet *sheet, const struct text_style *style, const char *text, double width)
{
    char *broken = dotted_broken(sheet->paint, style, text, width);
    char *markup = broken ? escaped_markup(broken) : NULL;
    free(broken);
    return markup;
}

static double line_height(const struct sheet *sheet, const struct text_style *style, const char *text, double width)
{
    char *markup = line_markup(sheet, style, text, width);
    struct text_size size = paint_text_size(sheet->paint, style, markup ? markup : "", width);
    free(markup);
    return size.height;
}

static void draw_line(const struct sheet *sheet, const struct text_style *style, const char *text, double x, double y,
                      double width)
{
    char *markup = line_markup(sheet, style, text, width);
    if (markup)
        sheet_check_width(sheet, paint_text(sheet->paint, style, markup, x, y, width).width, width,
                          "a word of the sources");
    free(markup);
}

static int source_rows(const struct sheet *sheet, struct source_row rows[4])
{
    const struct source_line *lines = sheet->sources;
    struct text_style style = source_style(sheet);
    int count = sheet->source_count;
    const char *caption = caption_of(sheet);
    bool elsewhere = slots_hold_sources(sheet);
    for (int i = 0; i < count; i++) {
        struct source_row *row = &rows[i];
        bool captioned = count == 1 && caption && *caption;
        const char *source = elsewhere ? NULL : lines[i].text;
        *row = (struct source_row){.kind = lines[i].kind, .beside = captioned ? caption : source};
        row->below = captioned ? source : NULL;
        row->beside_x = badge_width(sheet, row->kind) + sheet_px(sheet, 24);
        row->height = sheet_px(sheet, BADGE);
        if (row->beside)
            row->height = fmax(row->height, line_height(sheet, &style, row->beside, sheet->page.w - row->beside_x));
        if (row->below)
            row->height += sheet_px(sheet, 12) + line_height(sheet, &style, row->below, sheet->page.w);
    }
    return count;
}

double frame_sources_height(const struct sheet *sheet)
{
    struct source_row rows[4];
    int count = source_rows(sheet, rows);
    double height = 0;
    for (int i = 0; i < count; i++)
        height += rows[i].height + (i ? sheet_px(sheet, BADGE_GAP) : 0);
    return height;
}

static void draw_badge(const struct sheet *sheet, enum kind kind, double x, double y)
{
    struct paint *paint = sheet->paint;
    struct text_style style = frame_text(sheet, 28, 500, ROLE_ACCENT);
    double height = sheet_px(sheet, BADGE), width = badge_width(sheet, kind), stroke = sheet_px(sheet, 2.5);
    style.align = ALIGN_CENTER;
    paint_role(paint, ROLE_ACCENT);
    cairo_set_line_width(paint->cairo, stroke);
    paint_round_box(paint, (struct box){x + stroke / 2, y + stroke / 2, width - stroke, height - stroke}, height / 2);
    cairo_stroke(paint->cairo);
    paint_text_baseline(paint, &style, kind_name(kind), x, y + height * 0.69, width);
}

void frame_sources(const struct sheet *sheet)
{
    struct source_row rows[4];
    int count = source_rows(sheet, rows);
    struct text_style style = source_style(sheet);
    double y = frame_foot(sheet) - frame_foot_height(sheet) - sheet_px(sheet, 20) - frame_sources_height(sheet);
    for (int i = 0; i < count; i++) {
        const struct source_row *row = &rows[i];
        double x = sheet->page.x, beside = 0;
        paint_tag_begin(sheet->paint, "P", NULL);
        draw_badge(sheet, row->kind, x, y);
        if (row->beside) {
            beside = line_height(sheet, &style, row->beside, sheet->page.w - row->beside_x);
            double down = fmax(0, (sheet_px(sheet, BADGE) - beside) / 2);
            draw_line(sheet, &style, row->beside, x + row->beside_x, y + down, sheet->page.w - row->beside_x);
        }
        if (row->below)
            draw_line(sheet, &style, row->below, x, y + fmax(sheet_px(sheet, BADGE), beside) + sheet_px(sheet, 12),
                      sheet->page.w);
        paint_tag_end(sheet->paint, "P");
        y += row->height + sheet_px(sheet, BADGE_GAP);
    }
}
