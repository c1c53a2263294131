#include "cli/trading_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "harness/summary.h"
#include "kernels/select/select.h"

static void print_head(const struct record_tradeoff *t, FILE *stream)
{
    char dense[24];
    summary_time(t->dense_seconds.median, dense, sizeof dense);
    fprintf(stream,
            "N %" PRId64 ", %" PRId64 " heads of %" PRId64 ", causal, blocks of %d, %d threads; dense flash %s\n"
            "time: measured, median of %zu rounds, all points and dense flash in turn; kept mass and needles: %" PRId64
            " models on %" PRId64 " unseen documents, median and range\n",
            t->problem.len_kv, t->problem.heads, t->problem.head_dim, SELECT_BLOCK, t->threads, dense, t->sample_count,
            t->models, t->documents);
    if (t->gate && t->gate_length != t->problem.len_kv)
        fprintf(stream, "the gate learned at %" PRId64 " tokens\n", t->gate_length);
    fprintf(stream, "%-21s density square      time faster than flash   mass kept           error  needles\n",
            "selector");
}

static void print_point(const struct record_point *point, FILE *stream)
{
    char time[24] = "WRONG", speed[48] = "-", needles[48] = "-";
    if (point->samples) {
        summary_time(point->seconds.median, time, sizeof time);
        snprintf(speed, sizeof speed, "%.2f [%.2f, %.2f]", point->speed.median, point->speed.low, point->speed.high);
    }
    if (!isnan(point->needles.median))
        snprintf(needles, sizeof needles, "%.2f [%.2f, %.2f]", point->needles.median, point->needles.low,
                 point->needles.high);
    fprintf(stream, "%-21s %5.3g %% %4.1f %%  %9s %-18s  .%03.0f [.%03.0f, .%03.0f]  %.3f  %s\n", point->title,
            100 * point->density, 100 * point->square, time, speed, 1000 * point->recall.median,
            1000 * point->recall.low, 1000 * point->recall.high, point->relative_l2, needles);
    if (point->failed)
        fprintf(stream, "    %s\n", point->error);
}

/* Where the time of the densest point goes, and from which density on dense flash is as fast. */
static void print_cost(const struct record_tradeoff *t, const struct record_point *last, FILE *stream)
{
    const double stages[] = {last->pool, last->score, last->keep, last->attend};
    char words[4][24];
    double equal = record_overtaken(t, last->selector);
    if (!last->samples)
        return;
    for (int s = 0; s < 4; s++)
        summary_time(stages[s], words[s], sizeof words[s]);
    if (strcmp(last->selector, selector_row(SELECT_MASS)->name) == 0)
        fprintf(stream, "    its choice is what it would save: the time is to attend alone");
    else
        fprintf(stream,
                "    at %.3g %%: pool %s, score %s, keep %s, attend %s; %.2f of dense flash for %.2f of its pairs",
                100 * last->density, words[0], words[1], words[2], words[3], 1 / last->speed.median, last->pairs);
    if (equal <= 1)
        fprintf(stream, "; overtaken from about %.0f %% on", 100 * equal);
    fputc('\n', stream);
}

void trading_print(const struct record_tradeoff *row, FILE *stream)
{
    print_head(row, stream);
    for (size_t i = 0; i < row->point_count; i++) {
        const struct record_point *point = &row->points[i];
        print_point(point, stream);
        if (i + 1 == row->point_count || strcmp(row->points[i + 1].selector, point->selector) != 0)
            print_cost(row, point, stream);
    }
    fflush(stream);
}

static void print_pays_from(double n, FILE *stream)
{
    if (n == -INFINITY)
        fprintf(stream, "  faster at all of them\n");
    else if (n == INFINITY)
        fprintf(stream, "  at none of them, or not any more at the longest\n");
    else if (isnan(n))
        fprintf(stream, "  -\n");
    else
        fprintf(stream, "  faster from about %.0f tokens on\n", n);
}

void trading_print_growth(const struct record *record, FILE *stream)
{
    fprintf(stream, "\nat %.0f %%, times as fast as dense flash\n%-21s", 100 * TRADING_GROWTH_AT, "N");
    for (size_t r = 0; r < record->tradeoff_count; r++)
        fprintf(stream, " %18" PRId64, record->tradeoffs[r].problem.len_kv);
    fputc('\n', stream);
    for (int s = 0; s < SELECTORS; s++) {
        const struct selector_row *selector = selector_row((enum selector)s);
        bool any = false;
        for (size_t r = 0; r < record->tradeoff_count; r++)
            any |= record_point_at(&record->tradeoffs[r], selector->name, TRADING_GROWTH_AT) != NULL;
        if (!any)
            continue;
        fprintf(stream, "%-21s", selector->title);
        for (size_t r = 0; r < record->tradeoff_count; r++) {
            const struct record_point *p = record_point_at(&record->tradeoffs[r], selector->name, TRADING_GROWTH_AT);
            if (p && p->samples)
                fprintf(stream, "  %4.2f [%4.2f, %4.2f]", p->speed.median, p->speed.low, p->speed.high);
            else
                fprintf(stream, " %18s", "-");
        }
        print_pays_from(record_pays_from(record, selector->name, TRADING_GROWTH_AT), stream);
    }
}
