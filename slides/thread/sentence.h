/* sentence.h - where sentences end, and where a sentence begins that nothing set apart. */
#ifndef SLIDES_THREAD_SENTENCE_H
#define SLIDES_THREAD_SENTENCE_H

#include "slides/thread/slice.h"

/* The end of the first sentence of the text, closing quotes and brackets and a mark that points included; the text's
 * own end when there is but one. */
const char *sentence_end(struct slice text);

/* The begin of the last sentence. */
const char *sentence_last(struct slice text);

/* "1M tokens Let's see how": the word that begins a sentence though no stop stands before it; NULL: none does. */
const char *sentence_unstopped(struct slice text);

/* The last character that counts: without quotes, brackets and marks behind it. */
gunichar sentence_stop(struct slice text);
bool is_stop(gunichar c); /* . ! ? and their like in other scripts */

#endif
