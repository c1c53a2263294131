/* brand.h - a brand kit: who speaks, in which colours and fonts, and what stands in the header and footer of which
 * slides. Data files: slides/brands/NAME.yml, or one of the user's own beside the deck; what a kit leaves out, the
 * theme, the type pair and the defaults below say. Its pictures are looked up from its own folder.
 *
 *   name: Northlight Lab                  required; in the header
 *   mark: N                               one or two letters in a square, where there is no logo
 *   person: Mira Okafor                   required; on the outro
 *   initials: MO                          in a circle, where there is no avatar
 *   handle: "@northlight"
 *   website: northlight.example
 *   bio: Slow, careful measurements.
 *   licence: CC BY 4.0                    of the deck, unless its front matter names one
 *   avatar: northlight/avatar.svg         SVG or PNG; cut to a circle
 *   logo: {on_light: a.svg, on_dark: b.svg, alt: Northlight Lab}
 *   theme: paper                          three defaults, for decks that name none
 *   type: inter
 *   pattern: contours                     pattern.h
 *   palette: {accent: "#0B5CAD"}          roles of a theme, over every theme;
 *   palette_on_light, palette_on_dark     over those with a light or a dark background
 *   fonts: {heading: Lato, body: Lato, mono: Hack, packages: fonts-lato fonts-hack}
 *   header: {left: logo name, right: counter, show: all}
 *   footer: {left: handle, center: dots, right: arrow, show: all}
 *   swipe: {shape: chevrons, label: Swipe, show: first}
 *   outro: {call: follow, qr: true, sources: none}
 *
 * A slot holds words out of: logo name person handle website title counter dots bar arrow source.
 * `show` holds words out of: first inner last all none. */
#ifndef SLIDES_BRAND_H
#define SLIDES_BRAND_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/status.h"

struct image;

enum slot_word {
    SLOT_LOGO, /* or the mark, where there is none */
    SLOT_NAME,
    SLOT_PERSON,
    SLOT_HANDLE,
    SLOT_WEBSITE,
    SLOT_TITLE,   /* the deck's */
    SLOT_COUNTER, /* 3 / 12, where the deck is paginated */
    SLOT_DOTS,    /* one a slide; a bar over twenty */
    SLOT_BAR,
    SLOT_ARROW,  /* on all but the last: see swipe */
    SLOT_SOURCE, /* the slide's sources, where they are short enough: else they stay above the footer */
    SLOT_WORDS
};
enum { SLOT_MOST = 4 };

struct slot {
    enum slot_word words[SLOT_MOST];
    int count;
};

enum { SHOW_FIRST = 1, SHOW_INNER = 2, SHOW_LAST = 4, SHOW_ALL = 7 };
enum { BRAND_LEFT, BRAND_CENTER, BRAND_RIGHT, BRAND_SIDES };

struct brand_strip {
    struct slot sides[BRAND_SIDES];
    unsigned show; /* of SHOW_* */
};

enum swipe_shape { SWIPE_ARROW, SWIPE_CHEVRONS };

struct brand {
    char *name, *mark, *person, *initials;  /* mark, initials: made from the names when not given */
    char *handle, *website, *bio, *licence; /* may be NULL */
    struct image *avatar;                   /* may be NULL */
    struct image *logo_on_light, *logo_on_dark;
    char *logo_alt;
    char *theme, *type, *pattern; /* NULL: no wish */
    struct brand_strip header, footer;
    enum swipe_shape swipe;
    char *swipe_label; /* may be NULL */
    unsigned swipe_show;
    char *call; /* NULL: the slide says, else "follow" */
    bool qr, sources;
};

/* Is a strip that shows on `show` drawn on slide `index` (0-based)? */
bool brand_shows(unsigned show, int index, int total);

void brand_free(struct brand *brand);

#endif
