/* outro.h - what the last slide says, put together from the slide, its call (call.h), the kit and the whole deck.
 *
 *   <!-- _class: outro follow qr -->       a call's name or file, and `qr` for a QR code; both also in the
 *                                          kit, and then `noqr` for none here
 *   # Heading                              instead of the call's
 *   Words                                  instead of the call's
 *   **Button**                             instead of the call's
 *   `example.org/page`                     the printed address (or the command to type): else the deck's `url`, else
 * the kit's website */
#ifndef SLIDES_OUTRO_H
#define SLIDES_OUTRO_H

#include "slides/call.h"
#include "slides/content.h"
#include "slides/qr.h"

enum { OUTRO_WORDS = CONTENT_BODY };

/* Markup, and the line it was written on (0: not on this slide). Owned. */
struct outro_text {
    char *markup;
    int line;
};

struct outro {
    struct call call;
    struct outro_text heading, button, address, command; /* markup NULL: none */
    struct outro_text words[OUTRO_WORDS];
    size_t word_count;
    struct outro_text credits, credits_short, licence; /* at the foot */
    char *url;                                         /* "https://..."; NULL: no address */
    struct qr *qr;                                     /* may be NULL */
};

/* Everything is looked up and checked; `wish` is what stands behind "outro" in _class, or NULL. */
enum status outro_make(const struct content *content, const char *wish, const struct prepared *prepared,
                       const struct style *style, int line, struct outro **outro, struct diags *diags);
void outro_free(struct outro *outro);

#endif
