/* chart_passes.c - where the time of a kernel with several passes goes: a whole bar a kernel, cut into its passes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/chart.h"
#include "reports/words.h"

enum { SIDE = 4, TOP = 8, BOTTOM = 8, ROW = 80, BAR = 22, NAME_GAP = 10, WIDTH = CHART_WIDTH - 2 * SIDE };

/* Passes take turns in three shades. Layers are coloured by what they do, so that the eye finds the global ones. */
static enum colour colour_of(const struct record_case *c, size_t stage)
{
    static const enum colour turns[] = {COLOUR_PASS_1, COLOUR_PASS_2, COLOUR_PASS_3};
    if (strstr(c->stages[stage].name, "global"))
        return COLOUR_PASS_1;
    if (strstr(c->stages[stage].name, "local"))
        return COLOUR_PASS_3;
    return turns[stage % 3];
}

static bool shown(const struct record_case *c)
{
    return c && c->stage_count >= 2;
}

static double total_of(const struct record_case *c)
{
    double total = 0;
    for (size_t s = 0; s < c->stage_count; s++)
        total += c->stages[s].seconds.median;
    return total;
}

/* A pass's name below its part of the bar; pixels from the left. */
struct pass_name {
    char words[320];
    double from, part; /* of the bar */
    double at, width;  /* of the words */
};

/* Side by side, each as near to its part as its neighbours leave it. */
static void spread(struct pass_name *names, size_t count, double width)
{
    for (size_t s = 0; s < count; s++) {
        double before = s > 0 ? names[s - 1].at + names[s - 1].width + NAME_GAP : 0;
        names[s].at = names[s].from > before ? names[s].from : before;
    }
    double most = width;
    for (size_t s = count; s-- > 0; most = names[s].at - NAME_GAP)
        if (names[s].at > most - names[s].width)
            names[s].at = most - names[s].width;
}

/* Fills the words: whole names, or their last word alone ("global" of "layer 0 global"). Returns the pixels that all
 * need side by side. */
static double name_all(struct pass_name *names, const struct record_case *c, bool whole)
{
    double needed = -NAME_GAP, from = 0, total = total_of(c);
    for (size_t s = 0; s < c->stage_count; s++) {
        struct pass_name *name = &names[s];
        const char *last = strrchr(c->stages[s].name, ' ');
        snprintf(name->words, sizeof name->words, "%s %s", whole || !last ? c->stages[s].name : last + 1,
                 words_time(c->stages[s].seconds.median).text);
        name->part = WIDTH * c->stages[s].seconds.median / total;
        name->from = from;
        name->width = chart_text_width(name->words);
        from += name->part;
        needed += name->width + NAME_GAP;
    }
    return needed;
}

/* Whole names when one line holds them, else short ones, else those that fit below their own part. */
static void add_names(struct text *script, const struct record_case *c, double y)
{
    struct pass_name names[MAX_LAYERS];
    bool all = name_all(names, c, true) <= WIDTH || name_all(names, c, false) <= WIDTH;
    if (all)
        spread(names, c->stage_count, WIDTH);
    for (size_t s = 0; s < c->stage_count; s++) {
        char place[64];
        if (!all && names[s].width > names[s].part)
            continue;
        snprintf(place, sizeof place, "first %.3f, first %.5f", all ? names[s].at : names[s].from, y);
        chart_label(script, place, COLOUR_MUTED, "left", "%s", names[s].words);
    }
}

static void add_row(struct text *script, const struct group_line *line, const struct record_case *c, double top)
{
    double total = total_of(c), from = 0;
    char place[64];
    snprintf(place, sizeof place, "first 0, first %.5f", top - 9);
    chart_label(script, place, COLOUR_INK, "left", "%s, %s", line->kernel, line->mask);
    snprintf(place, sizeof place, "first %d, first %.5f", WIDTH, top - 9);
    chart_label(script, place, COLOUR_INK, "right", "%s", words_time(total).text);
    for (size_t s = 0; s < c->stage_count; s++) {
        double part = WIDTH * c->stages[s].seconds.median / total, gap = part > 4 ? 1.5 : 0;
        text_format(script, "set object rectangle from %.3f,%.5f to %.3f,%.5f fc rgb %s fs solid noborder front\n",
                    from, top - 20 - BAR, from + part - gap, top - 20, colour_name(colour_of(c, s)));
        from += part;
    }
    add_names(script, c, top - 20 - BAR - 11);
}

char *chart_passes(const struct group *group, int64_t n, char **alt)
{
    int rows = 0, row = 0;
    for (size_t i = 0; i < group->count; i++) {
        const struct record_case *c = line_at(&group->lines[i], n);
        if (shown(c) && total_of(c) > 0)
            rows++;
    }
    *alt = NULL;
    if (rows == 0)
        return NULL;
    struct text script = {0}, words = {0};
    int height = TOP + BOTTOM + rows * ROW;
    chart_start(&script, height, SIDE, SIDE, TOP, BOTTOM);
    text_format(&script, "unset tics\nset xrange [0:%d]\nset yrange [0:%d]\n$none << EOD\n0 -99\nEOD\n", WIDTH,
                rows * ROW);
    text_format(&words, "Share of the time of each pass at N %lld.", (long long)n);
    for (size_t i = 0; i < group->count; i++) {
        const struct record_case *c = line_at(&group->lines[i], n);
        if (!shown(c) || !(total_of(c) > 0))
            continue;
        add_row(&script, &group->lines[i], c, (rows - row++) * ROW);
        text_format(&words, " %s:", group->lines[i].kernel);
        for (size_t s = 0; s < c->stage_count; s++)
            text_format(&words, "%s %s %s", s ? "," : "", c->stages[s].name,
                        words_share(c->stages[s].seconds.median / total_of(c)).text);
        text_add(&words, ".");
    }
    text_format(&script, "plot $none using 1:2 with dots lc rgb %s\n", colour_name(COLOUR_PAPER));
    *alt = text_take(&words);
    return text_take(&script);
}
