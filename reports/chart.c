/* chart.c - what the charts have in common: colours by role, labels, and the first lines of a script. */
#include "reports/chart.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const colours[] = {
    [COLOUR_INK] = "'#010100'",    [COLOUR_MUTED] = "'#010101'",   [COLOUR_RULE] = "'#010102'",
    [COLOUR_PAPER] = "'#010103'",  [COLOUR_FLASH] = "'#010104'",   [COLOUR_NAIVE_BLAS] = "'#010105'",
    [COLOUR_NAIVE] = "'#010106'",  [COLOUR_SLIDING] = "'#010107'", [COLOUR_ALTERNATING] = "'#010108'",
    [COLOUR_OTHER] = "'#010109'",  [COLOUR_PASS_1] = "'#01010a'",  [COLOUR_PASS_2] = "'#01010b'",
    [COLOUR_PASS_3] = "'#01010c'",
};

/* Filled circle, square, triangle, diamond, triangle down, pentagon. */
static const struct series all_series[] = {
    {"flash", COLOUR_FLASH, 7},      {"naive_blas", COLOUR_NAIVE_BLAS, 5},    {"naive", COLOUR_NAIVE, 9},
    {"sliding", COLOUR_SLIDING, 13}, {"alternating", COLOUR_ALTERNATING, 11}, {NULL, COLOUR_OTHER, 15},
};

const struct series *series_of(const char *family)
{
    const struct series *series = all_series;
    while (series->family && strcmp(series->family, family) != 0)
        series++;
    return series;
}

const char *colour_name(enum colour colour)
{
    return colours[colour];
}

void chart_start(struct text *script, int height, int left, int right, int top, int bottom)
{
    text_format(script,
                "set terminal svg noenhanced size %d,%d font 'sans-serif,%d'\n"
                "set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
                "set tmargin at screen %.5f\nset bmargin at screen %.5f\n"
                "unset key\nset border 0\nset tics scale 0 textcolor rgb %s\n",
                CHART_WIDTH, height, CHART_FONT, (double)left / CHART_WIDTH, 1 - (double)right / CHART_WIDTH,
                1 - (double)top / height, (double)bottom / height, colour_name(COLOUR_MUTED));
}

/* Single quotes: gnuplot then reads nothing in them but a doubled quote. */
static void add_quoted(struct text *script, const char *words)
{
    text_add(script, "'");
    for (const char *at = words; *at; at++)
        if (*at == '\'')
            text_add(script, "''");
        else
            text_add_bytes(script, (unsigned char)*at < ' ' ? " " : at, 1);
    text_add(script, "'");
}

void chart_label(struct text *script, const char *place, enum colour colour, const char *more, const char *format, ...)
{
    char *words = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&words, format, arguments) < 0)
        words = NULL;
    va_end(arguments);
    script->failed |= !words;
    text_add(script, "set label ");
    add_quoted(script, words ? words : "");
    text_format(script, " at %s %s tc rgb %s front\n", place, more, colour_name(colour));
    free(words);
}

double chart_text_width(const char *words)
{
    double width = 0;
    for (const char *at = words; *at; at++)
        if ((*at & 0xC0) != 0x80) /* a letter, not the rest of one */
            width += strchr("ijlft.,:;' ", *at) ? 0.34 : strchr("mwMW%", *at) ? 0.86 : 0.58;
    return CHART_FONT * width;
}

char *chart_line_name(const struct group_line *line)
{
    struct text name = {0};
    text_add(&name, line->kernel);
    if (strcmp(line->mask, "full") != 0 && strcmp(line->mask, "causal") != 0)
        text_format(&name, ", %s", line->mask);
    return text_take(&name);
}
