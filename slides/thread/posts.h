/* posts.h - lines become posts. */
#ifndef SLIDES_THREAD_POSTS_H
#define SLIDES_THREAD_POSTS_H

#include "slides/thread/lines.h"

struct post {
    size_t from, to; /* lines, the second not included; their numbers of posts are cut off */
};

struct posts {
    struct post *items; /* owned */
    size_t count;
    const char *manner; /* how they were told apart: "numbers", "rules", "names", "blank lines" */
};

/* Tells posts apart by what the thread itself has: numbers that count up (1/, 2/10, (3/10), Post 4, [5], a line of 6),
 * else rules (---), else the author's name over each, else blank lines. Numbers are cut from the lines, with a finding.
 * False when out of memory. */
bool posts_read(struct lines *lines, struct posts *posts, struct findings *findings);
void posts_free(struct posts *posts);

#endif
