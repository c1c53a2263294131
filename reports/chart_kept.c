/* chart_kept.c - attention mass kept, or needles found, over time: a line for each way to choose keys, named at its
 * end. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/chart.h"
#include "reports/words.h"

enum { HEIGHT = 330, LEFT = 52, RIGHT = 136, TOP = 36, BOTTOM = 56, LABEL_GAP = 17, MOST_POINTS = 32 };

/* What is drawn, the worst first; the others stand in the table. */
static const struct {
    const char *selector, *name;
    enum colour colour;
    int point; /* of gnuplot's */
} lines[] = {
    {"local", "nearest", COLOUR_NAIVE, 7},
    {"mean", "mean pooling", COLOUR_SLIDING, 5},
    {"bound", "Quest's bound", COLOUR_NAIVE_BLAS, 9},
    {"gate", "trained gate", COLOUR_FLASH, 13},
    {"mass", "ideal, choice free", COLOUR_ALTERNATING, 11},
};
enum { LINES = sizeof lines / sizeof lines[0] };
static const char *const words[] = {[KEPT_MASS] = "attention mass kept", [KEPT_NEEDLES] = "needles found"};

/* Of dense flash's time, in per cent, paired round by round. */
static double time_share(const struct record_point *point)
{
    return 100 / point->speed.median;
}

static const struct estimate *kept_of(const struct record_point *point, enum kept what)
{
    return what == KEPT_MASS ? &point->recall : &point->needles;
}

/* The timed points of a selector, sparsest first, as the record holds them. */
static size_t points_of(const struct record_tradeoff *row, const char *selector,
                        const struct record_point *points[MOST_POINTS])
{
    size_t count = 0;
    for (size_t i = 0; i < row->point_count && count < MOST_POINTS; i++)
        if (strcmp(row->points[i].selector, selector) == 0 && row->points[i].samples)
            points[count++] = &row->points[i];
    return count;
}

struct frame {
    double x_most, y_low;
};

/* Names at the right, in the order of the ends' heights, none over another: from the top down. */
static void add_names(struct text *script, const struct record_tradeoff *row, enum kept what, const struct frame *frame)
{
    double room = HEIGHT - TOP - BOTTOM, below = room + LABEL_GAP;
    bool done[LINES] = {false};
    for (int placed = 0; placed < LINES; placed++) {
        const struct record_point *points[MOST_POINTS], *end = NULL;
        int next = -1;
        for (int l = 0; l < LINES; l++) {
            size_t count = done[l] ? 0 : points_of(row, lines[l].selector, points);
            if (count && (!end || kept_of(points[count - 1], what)->median > kept_of(end, what)->median)) {
                end = points[count - 1];
                next = l;
            }
        }
        if (next < 0)
            return;
        done[next] = true;
        double level = room * (100 * kept_of(end, what)->median - frame->y_low) / (100 - frame->y_low);
        double y = fmin(level, below - LABEL_GAP);
        char place[128];
        below = y;
        text_format(script, "set arrow from %.6g,graph %.5f to graph 1.025,graph %.5f nohead lc rgb %s lw 1\n",
                    time_share(end), level / room, y / room, colour_name(lines[next].colour));
        snprintf(place, sizeof place, "graph 1.035, graph %.5f", y / room);
        chart_label(script, place, lines[next].colour, "left", "%s", lines[next].name);
    }
}

static void add_lines(struct text *script, const struct record_tradeoff *row, enum kept what)
{
    const char *joint = "plot";
    for (int l = 0; l < LINES; l++) {
        const struct record_point *points[MOST_POINTS];
        size_t count = points_of(row, lines[l].selector, points);
        text_format(script, "$line%d << EOD\n", l);
        for (size_t i = 0; i < count; i++)
            text_format(script, "%.6g %.6g %.6g %.6g\n", time_share(points[i]), 100 * kept_of(points[i], what)->median,
                        100 * kept_of(points[i], what)->low, 100 * kept_of(points[i], what)->high);
        text_add(script, "EOD\n");
    }
    for (int l = 0; l < LINES; l++) {
        const struct record_point *points[MOST_POINTS];
        if (points_of(row, lines[l].selector, points) == 0)
            continue;
        text_format(script,
                    "%s $line%d using 1:3:(0):($4-$3) with vectors heads size graph 0.008,90 lc rgb %s lw 1.2, $line%d "
                    "using 1:2 with linespoints lc rgb %s lw 2 pt %d ps 0.7",
                    joint, l, colour_name(lines[l].colour), l, colour_name(lines[l].colour), lines[l].point);
        joint = ",";
    }
    text_add(script, "\n");
}

static char *alt_of(const struct record_tradeoff *row, enum kept what)
{
    struct text alt = {0};
    text_format(&alt, "%s against time, dense flash attention being 100 %%.", words[what]);
    for (int l = 0; l < LINES; l++) {
        const struct record_point *points[MOST_POINTS];
        size_t count = points_of(row, lines[l].selector, points);
        for (size_t i = 0; i < count; i++)
            text_format(&alt, "%s%s %.0f %% at %.0f %%", i ? "," : " ", i ? "" : lines[l].name,
                        100 * kept_of(points[i], what)->median, time_share(points[i]));
        text_add(&alt, count ? "." : "");
    }
    return text_take(&alt);
}

char *chart_kept(const struct record_tradeoff *row, enum kept what, char **alt)
{
    struct frame frame = {0, 100};
    size_t longest = 0;
    for (int l = 0; l < LINES; l++) {
        const struct record_point *points[MOST_POINTS];
        size_t count = points_of(row, lines[l].selector, points);
        longest = count > longest ? count : longest;
        for (size_t i = 0; i < count; i++) {
            frame.x_most = fmax(frame.x_most, time_share(points[i]));
            frame.y_low = fmin(frame.y_low, floor(10 * kept_of(points[i], what)->low) * 10);
        }
    }
    *alt = NULL;
    if (longest < 2 || !(frame.y_low < 100) || isnan(frame.y_low))
        return NULL;
    struct text script = {0};
    chart_start(&script, HEIGHT, LEFT, RIGHT, TOP, BOTTOM);
    text_format(&script, "set xrange [0:%.6g]\nset yrange [%.6g:100]\nset xtics 20 format '%%.0f %%%%'\n",
                1.03 * frame.x_most, frame.y_low);
    text_format(&script, "set ytics 20 format '%%.0f %%%%'\nset grid ytics lc rgb %s lw 1 dt 1\n",
                colour_name(COLOUR_RULE));
    chart_label(&script, "screen 0.012, graph 1 offset character 0, 1.3", COLOUR_MUTED, "left", "%s", words[what]);
    chart_label(&script, "graph 0.5, screen 0 offset character 0, 0.6", COLOUR_MUTED, "center",
                "time, dense flash is 100 %%");
    add_names(&script, row, what, &frame);
    add_lines(&script, row, what);
    *alt = alt_of(row, what);
    return text_take(&script);
}
