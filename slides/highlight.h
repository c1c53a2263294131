/* highlight.h - code in colours: keywords, words of strings, comments told apart by libt3highlight, whose files of
 * languages (C, C++, Python, shell ...) come with it; CUDA's is slides/code/cuda.lang. */
#ifndef SLIDES_HIGHLIGHT_H
#define SLIDES_HIGHLIGHT_H

#include <stdbool.h>

/* What stands behind a fence's ```: "cuda flash.cu {3,5-7}": language, file name or title, lines to look at. */
struct code_info {
    char language[24]; /* "" when none was given */
    char title[64];    /* "" when none was given */
    const char *lines; /* "3,5-7}", or NULL */
};
struct code_info code_info_read(const char *info); /* NULL allowed; borrows from it */

/* Line `line` (1-based) is one to look at. With no lines given, all are. */
bool code_line_chosen(const struct code_info *info, int line);

/* Markup with <accent>, <accent2> and <muted> (paint.h), no tag reaching over a line; lines that were not chosen are
 * muted. Without the last newline. A language that is not known stays plain. Fresh; NULL when out of memory. */
char *highlight_code(const char *body, const char *info);

#endif
