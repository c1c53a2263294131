/* charset.h - character sets of one byte a character, as iconv knows them: what UTF-8 is misread as. */
#ifndef SLIDES_THREAD_CHARSET_H
#define SLIDES_THREAD_CHARSET_H

#include <stdbool.h>

#include "slides/thread/slice.h"

enum { CHARSET_HIGHEST = 0x2600 };

struct charset {
    const char *name;
    bool loses_controls; /* 80 to 9F are control characters, which pages and clipboards drop */
    bool loses_unknown;  /* what it has no character for is dropped */
    bool letters;        /* its upper half is letters of a script other than Latin: a text in it is not misread */
    unsigned char byte_of[CHARSET_HIGHEST]; /* 0x80 to 0xff; 0: none */
    bool known[256];                        /* a byte that has a character */
};

/* All of them, fresh, opened by iconv; those that this machine's iconv lacks are left out. NULL: out of memory. */
struct charset *charsets_open(size_t *count);

/* The byte from 0x80 on that the character is in this set; 0: none. */
unsigned char charset_byte(const struct charset *charset, gunichar c);
/* The byte cannot have survived as a character of this set. */
bool charset_lost(const struct charset *charset, unsigned char byte);

#endif
