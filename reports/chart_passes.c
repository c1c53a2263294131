/* chart_passes.c - where the time of a kernel with several passes goes: a whole bar a kernel, cut into its passes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/chart.h"
#include "reports/words.h"

enum { SIDE = 12, TOP = 10, BOTTOM = 8, ROW = 76, BAR = 22, NAME_GAP = 10 };

/* The passes of one kernel take turns in two colours; the third, when there are three, is quieter. Layers are coloured
 * by what they do, so that the eye finds the global ones. */
static enum colour colour_of(const struct record_case *c, size_t stage)
{
    static const enum colour turns[] = {COLOUR_FLASH, COLOUR_NAIVE_BLAS, COLOUR_SLIDING};
    if (strstr(c->stages[stage].name, "global"))
        return COLOUR_FLASH;
    if (strstr(c->stages[stage].name, "local"))
        return COLOUR_NAIVE_BLAS;
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
    char words[192];
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

/* All with their times when one line holds them; else the last word ("global"), where its part is wide enough. */
static void add_names(struct text *script, const struct record_case *c, double y)
{
    struct pass_name names[MAX_LAYERS];
    double width = CHART_WIDTH - 2 * SIDE, total = total_of(c), from = 0, needed = 0;
    for (size_t s = 0; s < c->stage_count; s++) {
        struct pass_name *name = &names[s];
        snprintf(name->words, sizeof name->words, "%s %s", c->stages[s].name,
                 words_time(c->stages[s].seconds.median).text);
        name->part = width * c->stages[s].seconds.median / total;
        name->from = from;
        name->width = chart_text_width(name->words);
        from += name->part;
        needed += name->width + NAME_GAP;
    }
    bool all = needed <= width + NAME_GAP;
    if (all)
        spread(names, c->stage_count, width);
    for (size_t s = 0; s < c->stage_count; s++) {
        const char *last = strrchr(c->stages[s].name, ' ');
        const char *words = all ? names[s].words : last ? last + 1 : c->stages[s].name;
        char place[64];
        if (!all && chart_text_width(words) > names[s].part)
            continue;
        snprintf(place, sizeof place, "first %.3f, first %.5f", all ? names[s].at : names[s].from, y);
        chart_label(script, place, colour_of(c, s), "left", "%s", words);
    }
}

static void add_row(struct text *script, const struct group_line *line, const struct record_case *c, double top)
{
    double width = CHART_WIDTH - 2 * SIDE, total = total_of(c), from = 0;
    char place[64];
    snprintf(place, sizeof place, "first 0, first %.5f", top - 9);
    chart_label(script, place, COLOUR_INK, "left", "%s, %s", line->kernel, line->mask);
    snprintf(place, sizeof place, "first %.3f, first %.5f", width, top - 9);
    chart_label(script, place, COLOUR_INK, "right", "%s", words_time(total).text);
    for (size_t s = 0; s < c->stage_count; s++) {
        double part = width * c->stages[s].seconds.median / total, gap = part > 4 ? 1.5 : 0;
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
    text_format(&script, "unset tics\nset xrange [0:%d]\nset yrange [0:%d]\n$none << EOD\n0 -99\nEOD\n",
                CHART_WIDTH - 2 * SIDE, rows * ROW);
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
    text_add(&script, "plot $none using 1:2 with dots lc rgb '#010103'\n");
    *alt = text_take(&words);
    return text_take(&script);
}
