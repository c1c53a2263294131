#include "slides/guides.h"

#include <stdio.h>

/* A colour that no theme has, so that nobody takes a guide for a part of the slide. */
static void guide_color(cairo_t *cairo, double opacity)
{
    cairo_set_source_rgba(cairo, 1, 0.1, 0.55, opacity);
}

static void draw_strip(const struct sheet *sheet, struct box box)
{
    cairo_t *cairo = sheet->paint->cairo;
    double step = sheet_px(sheet, 22);
    if (box.w <= 0 || box.h <= 0)
        return;
    cairo_save(cairo);
    cairo_rectangle(cairo, box.x, box.y, box.w, box.h);
    cairo_clip(cairo);
    guide_color(cairo, 0.12);
    cairo_paint(cairo);
    guide_color(cairo, 0.45);
    cairo_set_line_width(cairo, sheet_px(sheet, 2));
    for (double x = box.x - box.h; x < box.x + box.w; x += step) {
        cairo_move_to(cairo, x, box.y + box.h);
        cairo_line_to(cairo, x + box.h, box.y);
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

/* The pixels of a side, on a plate in its middle. */
static void draw_label(const struct sheet *sheet, const char *side, double pixels, double x, double y)
{
    char words[48];
    cairo_t *cairo = sheet->paint->cairo;
    struct text_style style = {.face = FACE_BODY,
                               .size = sheet_px(sheet, 28),
                               .weight = 600,
                               .role = ROLE_TEXT,
                               .align = ALIGN_CENTER,
                               .tabular = true};
    if (pixels <= 0)
        return;
    snprintf(words, sizeof words, "%s %.0f", side, pixels);
    struct text_size size = paint_text_size(sheet->paint, &style, words, -1);
    double w = size.width + sheet_px(sheet, 28), h = size.height + sheet_px(sheet, 12);
    const struct canvas *canvas = &sheet->paint->style->canvas;
    x = x < w / 2 ? w / 2 : x > canvas->width - w / 2 ? canvas->width - w / 2 : x;
    y = y < h / 2 ? h / 2 : y > canvas->height - h / 2 ? canvas->height - h / 2 : y;
    paint_role(sheet->paint, ROLE_BACKGROUND);
    paint_round_box(sheet->paint, (struct box){x - w / 2, y - h / 2, w, h}, h / 2);
    cairo_fill_preserve(cairo);
    guide_color(cairo, 1);
    cairo_set_line_width(cairo, sheet_px(sheet, 2));
    cairo_stroke(cairo);
    paint_text(sheet->paint, &style, words, x - w / 2, y - size.height / 2, w);
}

static void outline(const struct sheet *sheet, struct box box, bool dashed)
{
    cairo_t *cairo = sheet->paint->cairo;
    double dash = sheet_px(sheet, 12);
    cairo_save(cairo);
    guide_color(cairo, 0.9);
    cairo_set_line_width(cairo, sheet_px(sheet, 2));
    if (dashed)
        cairo_set_dash(cairo, &dash, 1, 0);
    cairo_rectangle(cairo, box.x, box.y, box.w, box.h);
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

void guides_draw(const struct sheet *sheet)
{
    const struct canvas *c = &sheet->paint->style->canvas;
    double middle = c->height - c->inset_top - c->inset_bottom;
    draw_strip(sheet, (struct box){0, 0, c->width, c->inset_top});
    draw_strip(sheet, (struct box){0, c->height - c->inset_bottom, c->width, c->inset_bottom});
    draw_strip(sheet, (struct box){0, c->inset_top, c->inset_left, middle});
    draw_strip(sheet, (struct box){c->width - c->inset_right, c->inset_top, c->inset_right, middle});
    outline(sheet, sheet->page, false);
    outline(sheet, sheet->room, true);
    draw_label(sheet, "top", c->inset_top, c->width / 2, c->inset_top / 2);
    draw_label(sheet, "bottom", c->inset_bottom, c->width / 2, c->height - c->inset_bottom / 2);
    draw_label(sheet, "left", c->inset_left, c->inset_left / 2, c->inset_top + middle * 0.9);
    draw_label(sheet, "right", c->inset_right, c->width - c->inset_right / 2, c->inset_top + middle * 0.9);
}
