/* image.c - a photograph or a drawing, with few words.
 *
 * Slots: picture, heading (#), sub-line (##), caption (a paragraph). `![alt](file)` stands whole in a frame with round
 * corners; `![bg alt](file)` bleeds over the sides of the canvas and is cut to fit. Words never stand on a picture, so
 * they keep their contrast. On a wide canvas words left, picture right. What gives way: gaps, then type; the picture
 * takes what is left, and at least a third of the room. */
#include <math.h>

#include "slides/stack.h"

/* The picture at its own shape, hung on the left margin; bled, it fills the box. */
static struct box picture_box(const struct image *image, struct box box, bool bled)
{
    double aspect = image_aspect(image), height = bled ? box.h : fmin(box.h, box.w / aspect);
    double width = bled ? box.w : fmin(box.w, height * aspect);
    return (struct box){box.x, box.y + (box.h - height) / 2, width, height};
}

static void draw_picture(const struct sheet *sheet, const struct ready_block *block, struct box box, bool bled)
{
    struct paint *paint = sheet->paint;
    struct box at = picture_box(block->image, box, bled);
    double radius = bled ? 0 : sheet_px(sheet, 24);
    visual_cover(sheet, block, at, radius);
    if (bled)
        return;
    paint_role(paint, ROLE_LINE);
    cairo_set_line_width(paint->cairo, sheet_px(sheet, 2));
    paint_round_box(paint, at, radius);
    cairo_stroke(paint->cairo);
}

static double place_wide(const struct sheet *sheet, struct stack *words, const struct ready_block *picture, bool bled,
                         enum pass pass)
{
    const struct canvas *canvas = &sheet->paint->style->canvas;
    struct box room = sheet->room;
    double between = sheet_px(sheet, 88), left = (room.w - between) * 0.42;
    struct box box = {room.x + left + between, room.y, room.w - left - between, room.h};
    words->middle = true;
    if (bled) /* to the canvas's edge, between header and footer */
        box.w = canvas->width - box.x;
    double over = stack_place(words, sheet, (struct box){room.x, room.y, left, room.h}, pass);
    if (pass == PASS_DRAW && picture)
        draw_picture(sheet, picture, box, bled);
    return over;
}

/* Tall or square: a framed picture stands between heading and caption, a bled one over all words. */
static double place_high(const struct sheet *sheet, const struct stack *head, const struct stack *foot,
                         const struct ready_block *picture, bool bled, enum pass pass)
{
    struct box room = sheet->room, none = {0, 0, room.w, 0};
    double gap = sheet_gap(sheet, 48), top = head->count ? stack_place(head, sheet, none, PASS_MEASURE) : 0;
    double bottom = foot->count ? stack_place(foot, sheet, none, PASS_MEASURE) : 0;
    double gaps = (top > 0 ? gap : 0) + (bottom > 0 ? sheet_gap(sheet, bled ? 36 : 32) : 0);
    struct box box = {room.x, room.y, room.w, room.h - top - bottom - gaps};
    double over = room.h / 3 - box.h;
    if (pass == PASS_MEASURE)
        return picture ? over : -box.h;
    if (!bled && picture && top > 0)
        box.y += top + gap;
    double framed = picture ? picture_box(picture->image, box, bled).h : 0, slack = fmax(0, box.h - framed);
    if (!bled)
        box.h = framed + slack; /* centred in what is left */
    struct box shown = {bled ? 0 : box.x, box.y, bled ? sheet->paint->style->canvas.width : box.w, fmax(1, box.h)};
    if (picture)
        draw_picture(sheet, picture, shown, bled);
    double y = bled ? box.y + box.h + gap : room.y;
    if (head->count)
        stack_place(head, sheet, (struct box){room.x, y, room.w, top}, pass);
    if (foot->count)
        stack_place(foot, sheet,
                    (struct box){room.x, room.y + room.h - bottom - (bled ? 0 : slack / 2), room.w, bottom}, pass);
    return over;
}

static double place(const struct sheet *sheet, enum pass pass)
{
    const struct content *content = sheet->content;
    bool bled = content->background != NULL;
    const struct ready_block *picture = bled ? content->background : content->main.visual;
    struct stack head = {0}, foot = {0};
    if (picture && !picture->image)
        picture = NULL;
    stack_text(&head, TEXT_HEADING, "H1", content->title, 0);
    stack_text(&head, TEXT_SUB, "H2", content->subtitle, 24);
    if (sheet->wide && (head.count || content->main.body_count || content->after.body_count)) {
        stack_flow(&head, TEXT_CAPTION, &content->main, 40);
        stack_flow(&head, TEXT_CAPTION, &content->after, 40);
        return place_wide(sheet, &head, picture, bled, pass);
    }
    stack_flow(bled ? &head : &foot, TEXT_CAPTION, &content->main, 28);
    stack_flow(bled ? &head : &foot, TEXT_CAPTION, &content->after, 28);
    return place_high(sheet, &head, &foot, picture, bled, pass);
}

const struct layout layout_image = {
    .name = "image",
    .idea = "a picture, framed or (as ![bg]) over the sides of the slide, and a caption",
    .subtitle = true,
    .visual = true,
    .bleeds = true,
    .place = place,
};
