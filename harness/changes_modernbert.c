/* changes_modernbert.c - ModernBERT's table in two records: each way's time, and what alternation and packing gain. */
#include <stdlib.h>
#include <string.h>

#include "harness/changes_rows.h"

static size_t count_of(const struct record *record)
{
    return record->modernbert_count;
}

static const char *key_of(const struct record *record, size_t index)
{
    return record->modernberts[index].key;
}

static const char *unlike(const struct record *a, size_t i, const struct record *b, size_t j)
{
    const struct record_modernbert *c = &a->modernberts[i], *d = &b->modernberts[j];
    bool same = c->layers == d->layers && c->global_layers == d->global_layers && c->most == d->most &&
                c->sequences == d->sequences && c->tokens == d->tokens && c->padded_tokens == d->padded_tokens;
    return same && c->seed == d->seed ? NULL : "other sequences or layers";
}

/* The ways of one row, each with its verdict. */
static const struct {
    const char *name, *what;
} ways[] = {{"all_global", "all global"},
            {"alternating", "alternating"},
            {"all_global_padded", "all global, padded"},
            {"alternating_padded", "alternating, padded"}};
enum { ALL_GLOBAL, ALTERNATING, ALL_GLOBAL_PADDED, ALTERNATING_PADDED, WAYS };

static const struct {
    const char *what;
    int over, under;
} gains[] = {{"alternation", ALL_GLOBAL, ALTERNATING},
             {"packing", ALL_GLOBAL_PADDED, ALL_GLOBAL},
             {"packing, alternating", ALTERNATING_PADDED, ALTERNATING}};

static const double *times_of(const struct record_modernbert *row, int way)
{
    const struct record_way *found = row ? record_way_named(row, ways[way].name) : NULL;
    return found ? found->samples : NULL;
}

static struct samples samples_of(const struct record_modernbert *row, const double *values)
{
    return values ? (struct samples){values, row->sample_count} : (struct samples){0};
}

static struct samples gains_of(struct changing *work, const struct record_modernbert *row, size_t gain)
{
    const double *over = times_of(row, gains[gain].over), *under = times_of(row, gains[gain].under);
    return samples_of(row, row ? changing_divide(work, over, under, 1, row->sample_count) : NULL);
}

static void compare(struct changing *work, struct change_pair pair)
{
    const struct changes_request *request = work->request;
    const struct record_modernbert *before = &request->before->modernberts[pair.before];
    const struct record_modernbert *after = &request->after->modernberts[pair.after];
    const struct record_modernbert *again = pair.again < 0 ? NULL : &request->again->modernberts[pair.again];
    enum change_verdict verdicts[WAYS];
    for (int w = 0; w < WAYS; w++)
        verdicts[w] =
            changing_times(work, MEASURE_TIME, after->key, ways[w].what, samples_of(before, times_of(before, w)),
                           samples_of(after, times_of(after, w)), samples_of(again, times_of(again, w)));
    for (size_t g = 0; g < sizeof gains / sizeof gains[0]; g++) {
        struct samples old = gains_of(work, before, g), new = gains_of(work, after, g);
        struct samples more = gains_of(work, again, g);
        changing_ratios(work, MEASURE_GAIN, after->key, gains[g].what, old, new, more, verdicts[gains[g].under],
                        verdicts[gains[g].over]);
        free((void *)old.values);
        free((void *)new.values);
        free((void *)more.values);
    }
}

const struct change_kind_row change_modernberts = {"ModernBERT", true, count_of, key_of, unlike, compare};
