/* terminal.h - words in columns, as wide as the terminal is. */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include <stdio.h>

/* Columns of the terminal behind the stream; 80 where there is none. */
int terminal_width(FILE *stream);

/* Prints `words` from the column where the stream stands, broken at spaces so that no line passes `width`; further
 * lines begin at `column`. Ends with a newline. */
void terminal_wrap(const char *words, int column, int width, FILE *stream);

/* A heading on a line of its own, bold on a terminal (unless NO_COLOR is set). */
void terminal_heading(const char *words, FILE *stream);

#endif
