/* thread.h - a pasted thread becomes a deck in our Markdown, in the author's own words.
 *
 * bytes -> recode -> mend -> tidy -> lines -> posts -> units -> outline -> write. Each step is a file; none drops a
 * word that it does not say so (finding.h). Nothing here draws, and nothing is bound: where a number could be bound to
 * a record or a published figure, a comment beside it says how. */
#ifndef SLIDES_THREAD_THREAD_H
#define SLIDES_THREAD_THREAD_H

#include "harness/record.h"
#include "slides/thread/finding.h"

enum { THREAD_LARGEST = 1 << 20, THREAD_SLIDES = 300 };

struct thread_options {
    const char *size, *theme, *type; /* into the front matter; NULL: the defaults, said in full */
    const char *brand;               /* NULL: `brand_file`, when the thread names its author */
    const char *brand_file;          /* what the front matter calls the kit made from the thread */
    bool keep_furniture;             /* take every line as the author's words */
    const struct record *const *records;
    size_t record_count; /* numbers are compared with these too */
};

struct thread_deck {
    char *markdown;
    char *brand; /* YAML of a brand kit with what the thread says of its author; NULL: it names nobody, or one was given
                  */
    char *person, *handle; /* NULL: not named */
    const char *manner;    /* how posts were told apart: "numbers", "rules", "names", "blank lines" */
    size_t posts, slides;
    int bindable; /* numbers that a comment proposes a binding for */
    struct findings findings;
};

/* `name` is the thread's file, for messages. Errors: empty, over THREAD_LARGEST bytes, no text, a word that no slide
 * holds, more than THREAD_SLIDES slides. Free with thread_deck_free also after a failure. */
enum status thread_read(const char *bytes, size_t length, const char *name, const struct thread_options *options,
                        struct thread_deck *deck, struct diags *diags);
void thread_deck_free(struct thread_deck *deck);

#endif
