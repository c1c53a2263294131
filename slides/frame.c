/* frame.c - the page and the room in it, the ground, and the two strips that a kit fills. */
#include "slides/frame.h"

#include <math.h>

#include "slides/frame_measures.h"
#include "slides/pattern.h"
#include "slides/slots.h"

struct text_style frame_text(const struct sheet *sheet, double size, int weight, enum role role)
{
    return (struct text_style){
        .face = FACE_BODY, .size = sheet_px(sheet, size), .weight = weight, .role = role, .tabular = true};
}

double frame_foot(const struct sheet *sheet)
{
    return sheet->page.y + sheet->page.h;
}

double frame_foot_height(const struct sheet *sheet)
{
    return sheet_px(sheet, sheet->paint->style->brand.footer.show ? RULE : BARE_FOOT);
}

void frame_measure(struct sheet *sheet)
{
    const struct canvas *canvas = &sheet->paint->style->canvas;
    double left = fmax(sheet_px(sheet, 80), canvas->inset_left), right = fmax(sheet_px(sheet, 80), canvas->inset_right);
    sheet->page = (struct box){left, canvas->inset_top, canvas->width - left - right,
                               canvas->height - canvas->inset_top - canvas->inset_bottom};
    sheet->wide = canvas->width >= 1.3 * canvas->height;
    double sources = frame_sources_height(sheet);
    double top = sheet->page.y + sheet_px(sheet, sheet->paint->style->brand.header.show ? ROOM_TOP : BARE_TOP);
    double bottom =
        frame_foot(sheet) - frame_foot_height(sheet) - sheet_px(sheet, sources > 0 ? 20 + 36 : 40) - sources;
    sheet->room = (struct box){sheet->page.x, top, sheet->page.w, bottom - top};
}

void frame_ground(const struct sheet *sheet, const struct pattern_wish *pattern)
{
    paint_role(sheet->paint, ROLE_BACKGROUND);
    cairo_paint(sheet->paint->cairo);
    if (pattern->pattern)
        pattern_draw(sheet->paint, pattern, sheet->index);
    const struct ready_block *background = sheet->content->background;
    const struct canvas *canvas = &sheet->paint->style->canvas;
    if (background && background->image)
        image_draw(background->image, sheet->paint, (struct box){0, 0, canvas->width, canvas->height});
}

void frame_header(const struct sheet *sheet)
{
    const struct brand_strip *strip = &sheet->paint->style->brand.header;
    double top = sheet->page.y + sheet_px(sheet, HEADER_TOP), base = sheet->page.y + sheet_px(sheet, HEADER_BASE);
    if (brand_shows(strip->show, sheet->index, sheet->total))
        slots_draw(sheet, strip, base, top + sheet_px(sheet, MARK) / 2);
}

void frame_footer(const struct sheet *sheet)
{
    const struct brand_strip *strip = &sheet->paint->style->brand.footer;
    struct paint *paint = sheet->paint;
    double base = frame_foot(sheet) - sheet_px(sheet, FOOT_BASE), line = frame_foot(sheet) - sheet_px(sheet, RULE);
    if (!brand_shows(strip->show, sheet->index, sheet->total))
        return;
    paint_rule(paint, sheet->page.x, line, sheet->page.w, ROLE_LINE);
    slots_draw(sheet, strip, base, base - sheet_px(sheet, 10));
}
