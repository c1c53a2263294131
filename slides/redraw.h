/* redraw.h - a deck drawn again and again while its author writes: only the slides that look different are. */
#ifndef SLIDES_REDRAW_H
#define SLIDES_REDRAW_H

#include "slides/render.h"

struct redraw; /* opaque: gnuplot, its pictures, and what each slide's file was drawn from */

/* NULL when out of memory. */
struct redraw *redraw_open(void);
void redraw_close(struct redraw *redraw);

/* Files behind the deck (records, styles, images) may have changed: the next time, all slides are drawn. */
void redraw_forget(struct redraw *redraw);

struct redrawn {
    bool *slides; /* [count]: drawn and written this time; owned */
    size_t count, drawn;
    struct render_times times;
};

/* Checks the deck as deck_render does and writes slide-01.png ... into options->png_folder. After a fault nothing is
 * written, and the slides that were there stay. Free `redrawn->slides`. */
enum status redraw_deck(struct redraw *redraw, const struct deck *deck, const struct record *const *records,
                        size_t record_count, const struct render_options *options, struct redrawn *redrawn,
                        struct diags *diags);

#endif
