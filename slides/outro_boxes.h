/* outro_boxes.h - those pieces of the last slide that have a shape of their own. Each returns its height, and draws
 * only when told to. */
#ifndef SLIDES_OUTRO_BOXES_H
#define SLIDES_OUTRO_BOXES_H

#include "slides/outro_pieces.h"

/* What all pieces set text with: a style aligned as the place is, and a text in its tag, whose y below is returned. */
struct text_style piece_text(const struct piece_place *place, enum text_role role, enum role color);
double piece_text_height(const struct piece_place *place, const struct text_style *style, const char *markup);
double piece_text_draw(const struct piece_place *place, const struct text_style *style, const char *tag,
                       const struct outro_text *text, double y);

void avatar_draw(const struct sheet *sheet, struct box box);
void icon_draw(const struct sheet *sheet, const struct image *icon, struct box box);

double bubble(const struct piece_place *place, double y, bool draw);
double terminal(const struct piece_place *place, double y, bool draw);
double button(const struct piece_place *place, double y, bool draw);
/* `own`: with the row in it. */
double qr_card(const struct piece_place *place, double y, bool own, bool draw);
/* Avatar, and beside it name over handle; the whole is centred or not. */
double row(const struct piece_place *place, double y, bool draw);
double qr_tower(const struct piece_place *place, double y, bool draw);

#endif
