/* frame_measures.h - where the frame's parts are, in pixels of a 1080 short side, from the page's top and foot. */
#ifndef SLIDES_FRAME_MEASURES_H
#define SLIDES_FRAME_MEASURES_H

#include "slides/sheet.h"

enum { HEADER_TOP = 64, MARK = 44, HEADER_BASE = 97, ROOM_TOP = 152, RULE = 100, FOOT_BASE = 52 };
enum { BADGE = 48, BADGE_GAP = 20 };
/* Without a header, or without a footer, on any slide. */
enum { BARE_TOP = 80, BARE_FOOT = 32 };

/* The foot of the page. */
double frame_foot(const struct sheet *sheet);
/* How much of it the footer takes: 0 where a deck has none. */
double frame_foot_height(const struct sheet *sheet);
struct text_style frame_text(const struct sheet *sheet, double size, int weight, enum role role);
/* Of the badges and sources; 0 where there are none. */
double frame_sources_height(const struct sheet *sheet);

#endif
