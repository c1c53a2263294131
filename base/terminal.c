#include "base/terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int terminal_width(FILE *stream)
{
    struct winsize size;
    return ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col >= 40 ? size.ws_col : 80;
}

void terminal_wrap(const char *words, int column, int width, FILE *stream)
{
    int room = width - column > 24 ? width - column : 24;
    while ((int)strlen(words) > room) {
        int cut = room;
        while (cut > 0 && words[cut] != ' ')
            cut--;
        if (cut == 0)
            break; /* one long word: nothing to break at */
        fprintf(stream, "%.*s\n%*s", cut, words, column, "");
        words += cut + 1;
    }
    fprintf(stream, "%s\n", words);
}

void terminal_heading(const char *words, FILE *stream)
{
    bool bold = isatty(fileno(stream)) && !getenv("NO_COLOR");
    fprintf(stream, "%s%s%s\n", bold ? "\033[1m" : "", words, bold ? "\033[0m" : "");
}
