/* directive.h - comments that steer: <!-- _class: NAME -->, <!-- theme: NAME -->. */
#ifndef SLIDES_DIRECTIVE_H
#define SLIDES_DIRECTIVE_H

#include "slides/deck.h"

/* What holds from its slide on, until it is said anew. Texts are owned by the parser. */
struct running {
    char *theme, *pattern;
    bool paginate;
};

/* Applies a comment of one directive a line to the slide and to what follows it. *note: it holds something else too, so
 * it is a speaker note and nothing was applied; a name that is nearly one of a directive is warned of. Directives of
 * Marp's editors that mean nothing here are passed over. */
enum status directives_read(const char *comment, const char *file, int line, struct slide *slide,
                            struct running *running, bool *note, struct diags *diags);

#endif
