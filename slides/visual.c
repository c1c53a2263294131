/* visual.c - what a slide shows rather than says: a picture made from data, or an image. */
#include <math.h>

#include "slides/sheet.h"

double visual_height(const struct sheet *sheet, const struct ready_block *visual, double width)
{
    if (visual->picture)
        return picture_height(visual->picture, sheet->paint, width);
    return visual->image ? width / image_aspect(visual->image) : 0;
}

double visual_least(const struct sheet *sheet, const struct ready_block *visual, double width)
{
    return fmin(sheet_px(sheet, 240), visual_height(sheet, visual, width) * 0.6);
}

void visual_draw(const struct sheet *sheet, const struct ready_block *visual, struct box box)
{
    const char *alt = visual->picture ? picture_alt(visual->picture) : visual->text;
    sheet->paint->line = visual->block->line;
    sheet->paint->slot = "visual";
    paint_note(sheet->paint, &(struct placed){.what = PLACED_PICTURE, .box = box});
    paint_tag_begin(sheet->paint, "Figure", alt);
    if (visual->picture)
        picture_draw(visual->picture, sheet->paint, box);
    else if (visual->image)
        image_draw(visual->image, sheet->paint, box);
    paint_tag_end(sheet->paint, "Figure");
    sheet->paint->slot = NULL;
}

void visual_cover(const struct sheet *sheet, const struct ready_block *visual, struct box box, double radius)
{
    struct paint *paint = sheet->paint;
    paint->line = visual->block->line;
    paint->slot = "visual";
    paint_note(paint, &(struct placed){.what = PLACED_PICTURE, .box = box});
    paint_tag_begin(paint, "Figure", visual->text);
    image_draw_cover(visual->image, paint, box, radius);
    paint_tag_end(paint, "Figure");
    paint->slot = NULL;
}
