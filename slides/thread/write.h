/* write.h - a outline becomes Markdown. */
#ifndef SLIDES_THREAD_WRITE_H
#define SLIDES_THREAD_WRITE_H

#include "slides/thread/bindable.h"
#include "slides/thread/outline.h"
#include "slides/thread/thread.h"

struct writing {
    const struct outline *outline;
    const struct thread_options *options;
    const char *title, *author, *lang, *brand; /* plain; NULL: left out */
    struct bindable *bindable;
    int bound; /* numbers with a proposal */
};

/* The whole deck; fresh, NULL when out of memory. */
char *write_deck(struct writing *writing);

#endif
