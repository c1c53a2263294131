/* chart_time.c - time over N, both axes logarithmic: one line a kernel, named at its end. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/chart.h"
#include "reports/words.h"

enum { HEIGHT = 310, LEFT = 58, RIGHT = 146, TOP = 36, BOTTOM = 56, LABEL_GAP = 17, LABELS = 6 };

struct span {
    double low, high;
};

/* Where a line's name stands: right of its last point, moved until none touches another that ends there. */
struct end_label {
    const struct group_line *line;
    int64_t n;    /* at which the line ends */
    double at, y; /* pixels above the bottom: of the point, of the words */
};

static void widen(struct span *span, double value)
{
    span->low = value < span->low ? value : span->low;
    span->high = value > span->high ? value : span->high;
}

static void add_tick(struct text *script, int *count, double value, const struct span *span, const char *words)
{
    if (value < span->low || value > span->high)
        return;
    text_format(script, "%s'%s' %.9g", (*count)++ ? ", " : "", words, value);
}

/* Powers of ten; with fewer than three of them 2 and 5 between as well. */
static void add_y_ticks(struct text *script, const struct span *y)
{
    static const int steps[] = {1, 2, 5};
    int each = log10(y->high / y->low) < 2 ? 3 : 1, count = 0;
    text_add(script, "set ytics (");
    for (int power = (int)floor(log10(y->low)); power <= (int)ceil(log10(y->high)); power++)
        for (int i = 0; i < each; i++) {
            double value = steps[i] * pow(10, power);
            char words[32];
            const char *const units[] = {"s", "ms", "\u00b5s", "ns"};
            int unit = 0;
            double shown = value;
            for (; unit < 3 && shown < 0.9995; unit++)
                shown *= 1000;
            snprintf(words, sizeof words, "%.0f %s", shown, units[unit]);
            add_tick(script, &count, value, y, words);
        }
    text_add(script, ")\n");
}

/* The lengths that were measured; when they are many, every second, third ... */
static void add_x_ticks(struct text *script, const struct group *group)
{
    int64_t lengths[64];
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++)
        for (size_t c = 0; c < group->lines[i].count; c++) {
            int64_t n = group->lines[i].cases[c]->problem.len_kv;
            size_t at = count;
            while (at > 0 && lengths[at - 1] > n)
                at--;
            if ((at > 0 && lengths[at - 1] == n) || count == 64)
                continue;
            for (size_t move = count++; move > at; move--)
                lengths[move] = lengths[move - 1];
            lengths[at] = n;
        }
    size_t step = (count + LABELS - 1) / LABELS;
    text_add(script, "set xtics (");
    for (size_t i = 0; i < count; i += step)
        text_format(script, "%s'%lld' %lld", i ? ", " : "", (long long)lengths[count - 1 - i],
                    (long long)lengths[count - 1 - i]);
    text_add(script, ")\n");
}

static int by_end_and_height(const void *a, const void *b)
{
    const struct end_label *x = a, *y = b;
    if (x->n != y->n)
        return (x->n > y->n) - (x->n < y->n);
    return (x->at > y->at) - (x->at < y->at);
}

/* Labels of one end, sorted by height: each clear of the one below; when the top one is pushed out, back down. */
static void spread(struct end_label *labels, size_t count, double room)
{
    for (size_t i = 0; i < count; i++) {
        labels[i].y = labels[i].at;
        if (i > 0 && labels[i].y < labels[i - 1].y + LABEL_GAP)
            labels[i].y = labels[i - 1].y + LABEL_GAP;
    }
    double most = room;
    for (size_t i = count; i-- > 0; most = labels[i].y - LABEL_GAP)
        labels[i].y = labels[i].y < most ? labels[i].y : most;
}

static void add_end_labels(struct text *script, const struct group *group, const struct span *y)
{
    struct end_label labels[GROUP_LINES];
    double room = HEIGHT - TOP - BOTTOM;
    for (size_t i = 0; i < group->count; i++) {
        const struct group_line *line = &group->lines[i];
        const struct record_case *last = line->cases[line->count - 1];
        labels[i] = (struct end_label){line, last->problem.len_kv,
                                       room * log(last->seconds.median / y->low) / log(y->high / y->low), 0};
    }
    qsort(labels, group->count, sizeof labels[0], by_end_and_height);
    for (size_t first = 0, next; first < group->count; first = next) {
        for (next = first; next < group->count && labels[next].n == labels[first].n; next++)
            ;
        spread(labels + first, next - first, room);
    }
    for (size_t i = 0; i < group->count; i++) {
        char place[96];
        char *name = chart_line_name(labels[i].line);
        snprintf(place, sizeof place, "first %lld, graph %.5f offset character 1, 0", (long long)labels[i].n,
                 labels[i].y / room);
        chart_label(script, place, series_of(labels[i].line->family)->colour, "left", "%s", name ? name : "");
        free(name);
    }
}

static void add_data(struct text *script, const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        text_format(script, "$line%zu << EOD\n", i);
        for (size_t c = 0; c < group->lines[i].count; c++) {
            const struct record_case *from = group->lines[i].cases[c];
            text_format(script, "%lld %.9g %.9g %.9g\n", (long long)from->problem.len_kv, from->seconds.median,
                        from->seconds.low, from->seconds.high);
        }
        text_add(script, "EOD\n");
    }
    for (size_t i = 0; i < group->count; i++) /* as vectors: gnuplot's error bars blank a disc around the point */
        text_format(script, "%s $line%zu using 1:3:(0):($4-$3) with vectors heads size graph 0.008,90 lc rgb %s lw 1.2",
                    i ? "," : "plot", i, colour_name(series_of(group->lines[i].family)->colour));
    for (size_t i = 0; i < group->count; i++) {
        const struct series *series = series_of(group->lines[i].family);
        int dashes = 1; /* a second line of a family is dashed */
        for (size_t j = 0; j < i; j++)
            dashes += series_of(group->lines[j].family) == series;
        text_format(script, ", $line%zu using 1:2 with linespoints lc rgb %s lw 2 dt %d pt %d ps 0.6", i,
                    colour_name(series->colour), dashes, series->point);
    }
    text_add(script, "\n");
}

static char *alt_of(const struct group *group)
{
    struct text alt = {0};
    text_add(&alt, "Time a call over N, both axes logarithmic.");
    for (size_t i = 0; i < group->count; i++) {
        const struct group_line *line = &group->lines[i];
        char *name = chart_line_name(line);
        text_format(&alt, " %s:", name ? name : "");
        for (size_t c = 0; c < line->count; c++)
            text_format(&alt, "%s %s at %lld", c ? "," : "", words_time(line->cases[c]->seconds.median).text,
                        (long long)line->cases[c]->problem.len_kv);
        text_add(&alt, ".");
        free(name);
    }
    return text_take(&alt);
}

char *chart_time(const struct group *group, char **alt)
{
    struct span x = {INFINITY, 0}, y = {INFINITY, 0};
    size_t longest = 0;
    for (size_t i = 0; i < group->count; i++) {
        longest = group->lines[i].count > longest ? group->lines[i].count : longest;
        for (size_t c = 0; c < group->lines[i].count; c++) {
            const struct record_case *from = group->lines[i].cases[c];
            widen(&x, (double)from->problem.len_kv);
            widen(&y, from->seconds.median);
            if (from->seconds.low > 0 && isfinite(from->seconds.high)) {
                widen(&y, from->seconds.low);
                widen(&y, from->seconds.high);
            }
        }
    }
    *alt = NULL;
    if (longest < 2)
        return NULL;
    y = (struct span){y.low / 1.3, y.high * 1.3};
    struct text script = {0};
    chart_start(&script, HEIGHT, LEFT, RIGHT, TOP, BOTTOM);
    text_format(&script, "set logscale xy\nset xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n", x.low / 1.08,
                x.high * 1.04, y.low, y.high);
    text_format(&script, "set grid ytics lc rgb %s lw 1 dt 1\n", colour_name(COLOUR_RULE));
    add_x_ticks(&script, group);
    add_y_ticks(&script, &y);
    chart_label(&script, "screen 0.012, graph 1 offset character 0, 1.3", COLOUR_MUTED, "left",
                "time a call (log scale)");
    chart_label(&script, "graph 0.5, screen 0 offset character 0, 0.6", COLOUR_MUTED, "center",
                "N, tokens (log scale)");
    add_end_labels(&script, group, &y);
    add_data(&script, group);
    *alt = alt_of(group);
    return text_take(&script);
}
