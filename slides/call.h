/* call.h - kinds of call to action for the last slide: slides/calls/NAME.yml, each with what is said when the slide
 * itself says nothing. A file of one's own beside the deck does too (_class: outro mine.yml).
 *
 *   title: Follow
 *   icon: follow.svg            beside the file; drawn in `currentColor`
 *   hero: avatar                what stands largest: avatar, icon, or bubble (the heading as a question)
 *   heading: More of this, every week
 *   body: One idea, drawn so that it stays.
 *   button: Follow {handle}     {name} {person} {handle} {website} are the kit's
 *   scan: Scan, or visit        beside a QR code
 *   address: page               page: `code` on the slide is an address; command: it is typed into a terminal
 *   sources: Sources            the two words at the foot, for decks in other languages
 *   licence: Licence */
#ifndef SLIDES_CALL_H
#define SLIDES_CALL_H

#include "slides/image.h"

enum call_hero { HERO_AVATAR, HERO_ICON, HERO_BUBBLE };

struct call {
    char *name, *title;
    enum call_hero hero;
    bool command;
    char *heading, *body, *button, *scan, *sources, *licence; /* plain text; NULL: says nothing */
    struct image *icon, *button_icon;                         /* the same twice, in two colours; may be NULL */
};

/* Without a name: an empty call, which shows the avatar and says nothing of its own. `folder` is the deck's; what is
 * said of a call that cannot be loaded is said at file:line. */
enum status call_load(const char *name, const char *folder, bool outside, const char *file, int line, struct call *call,
                      struct diags *diags);
void call_free(struct call *call);

#endif
