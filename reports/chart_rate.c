/* chart_rate.c - how much of the machine each kernel uses: bars from zero, the roof as a mark. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/chart.h"
#include "reports/words.h"

enum { LEFT_MOST = 200, RIGHT = 112, TOP = 36, BOTTOM = 12, ROW = 34, BAR = 20 };

static double rate_of(const struct record_case *c)
{
    return c->flops / c->seconds.median;
}

/* The bar, its interval, the roof beside it, and what it says. `row` counts from the top. */
static void add_row(struct text *script, const struct group_line *line, const struct record_case *c, int row, int rows)
{
    double top = rows - row - 0.5 * (1 - (double)BAR / ROW), bottom = top - (double)BAR / ROW;
    const struct series *series = series_of(line->family);
    double rate = rate_of(c);
    char place[96];
    char *name = chart_line_name(line);
    text_format(script, "set object rectangle from 0,%.5f to %.9g,%.5f fc rgb %s fs solid noborder front\n", bottom,
                rate, top, colour_name(series->colour));
    if (c->roof_flops > 0 && isfinite(c->roof_flops))
        text_format(script, "set arrow from %.9g,%.5f to %.9g,%.5f nohead lc rgb %s lw 2 front\n", c->roof_flops,
                    rows - row - 0.98, c->roof_flops, rows - row - 0.02, colour_name(COLOUR_INK));
    if (c->seconds.low > 0 && isfinite(c->seconds.high))
        text_format(script, "set arrow from %.9g,%.5f to %.9g,%.5f heads size screen 0.008,90 lc rgb %s lw 1.2 front\n",
                    c->flops / c->seconds.high, 0.5 * (top + bottom), c->flops / c->seconds.low, 0.5 * (top + bottom),
                    colour_name(COLOUR_INK));
    snprintf(place, sizeof place, "graph 0, first %.5f offset character -1, 0", 0.5 * (top + bottom));
    chart_label(script, place, COLOUR_INK, "right", "%s", name ? name : "");
    snprintf(place, sizeof place, "screen 0.988, first %.5f", 0.5 * (top + bottom));
    if (c->roof_flops > 0)
        chart_label(script, place, COLOUR_INK, "right", "%s  %3.0f %%", words_number(rate * 1e-9).text,
                    100 * rate / c->roof_flops);
    else
        chart_label(script, place, COLOUR_INK, "right", "%s", words_number(rate * 1e-9).text);
    free(name);
}

/* Room for the longest name. */
static int left_of(const struct group *group, int64_t n)
{
    double widest = 0;
    for (size_t i = 0; i < group->count; i++) {
        char *name = line_at(&group->lines[i], n) ? chart_line_name(&group->lines[i]) : NULL;
        widest = name ? fmax(widest, chart_text_width(name)) : widest;
        free(name);
    }
    return (int)fmin(widest + 20, LEFT_MOST);
}

char *chart_rate(const struct group *group, int64_t n, char **alt)
{
    double most = 0, roof = 0;
    int rows = 0, row = 0;
    for (size_t i = 0; i < group->count; i++) {
        const struct record_case *c = line_at(&group->lines[i], n);
        rows += c != NULL;
        most = c ? fmax(most, fmax(c->flops / c->seconds.low, fmax(rate_of(c), c->roof_flops))) : most;
        roof = c ? fmax(roof, c->roof_flops) : roof;
    }
    *alt = NULL;
    if (rows == 0 || !(most > 0))
        return NULL;
    struct text script = {0}, words = {0};
    chart_start(&script, TOP + BOTTOM + rows * ROW, left_of(group, n), RIGHT, TOP, BOTTOM);
    text_format(&script, "unset tics\nset xrange [0:%.9g]\nset yrange [0:%d]\n", 1.02 * most, rows);
    text_format(&script, "set arrow from 0,0 to 0,%d nohead lc rgb %s lw 1 back\n", rows, colour_name(COLOUR_RULE));
    if (roof > 0) {
        char place[96];
        snprintf(place, sizeof place, "first %.9g, graph 1 offset character 0, 0.8", roof);
        chart_label(&script, place, COLOUR_MUTED, "right", "FMA roof %.0f", roof * 1e-9);
    }
    chart_label(&script, "screen 0.988, graph 1 offset character 0, 0.8", COLOUR_MUTED, "right", "GFLOP/s, of roof");
    text_format(&script, "$none << EOD\n0 -9\nEOD\n");
    text_format(&words, "GFLOP/s at N %lld against the FMA roof.", (long long)n);
    for (size_t i = 0; i < group->count; i++) {
        const struct record_case *c = line_at(&group->lines[i], n);
        if (!c)
            continue;
        add_row(&script, &group->lines[i], c, row++, rows);
        text_format(&words, " %s: %s, %s of the roof.", group->lines[i].kernel, words_number(rate_of(c) * 1e-9).text,
                    words_share(rate_of(c) / c->roof_flops).text);
    }
    text_format(&script, "plot $none using 1:2 with dots lc rgb %s\n", colour_name(COLOUR_PAPER));
    *alt = text_take(&words);
    return text_take(&script);
}
