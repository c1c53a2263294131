/* changes_judge.c - one thing of a row, before and after: how far apart, and what to call it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/changes_rows.h"
#include "harness/stats.h"

static const struct estimate nothing = {NAN, NAN, NAN, 0};

/* Room for one more of `size` bytes; NULL when out of memory. */
static void *room(struct changing *work, void **items, size_t count, size_t *capacity, size_t size)
{
    if (count == *capacity) {
        size_t more = *capacity ? 2 * *capacity : 64;
        void *grown = realloc(*items, more * size);
        if (!grown) {
            work->failed = true;
            return NULL;
        }
        *items = grown;
        *capacity = more;
    }
    return (char *)*items + count * size;
}

static enum change_verdict add(struct changing *work, struct change change)
{
    struct changes *all = work->changes;
    void *items = all->items;
    struct change *to = room(work, &items, all->count, &all->capacity, sizeof change);
    all->items = items;
    if (!to)
        return change.verdict;
    change.kind = work->kind;
    *to = change;
    all->count++;
    all->verdicts[change.verdict]++;
    return change.verdict;
}

bool changing_verdict(const struct changing *work, const char *key, const char *what, enum change_verdict *verdict)
{
    for (size_t i = work->changes->count; i-- > 0 && work->changes->items[i].kind == work->kind;) {
        const struct change *change = &work->changes->items[i];
        if (strcmp(change->what, what) == 0 && strcmp(change->key, key) == 0) {
            *verdict = change->verdict;
            return true;
        }
    }
    return false;
}

void changing_alone(struct changing *work, const char *key, enum change_side side, const char *why)
{
    struct changes *all = work->changes;
    void *items = all->alone;
    struct change_alone *to = room(work, &items, all->alone_count, &all->alone_capacity, sizeof *to);
    all->alone = items;
    if (!to)
        return;
    *to = (struct change_alone){work->kind, key, side, why};
    all->alone_count++;
    all->missing += side == SIDE_OLD;
}

/* Low and high lie around 0; `sign` -1 where more is better. */
static enum change_verdict judge(double low, double high, double margin, int sign)
{
    if (low >= -margin && high <= margin)
        return CHANGE_SAME;
    if (low > margin)
        return sign > 0 ? CHANGE_WORSE : CHANGE_BETTER;
    if (high < -margin)
        return sign > 0 ? CHANGE_BETTER : CHANGE_WORSE;
    return CHANGE_UNSURE;
}

/* How far the old state lies from itself: the end of its interval that is farther off. */
static double noise_of(struct samples before, struct samples again)
{
    struct estimate itself = shift_ratio(before, again);
    return expm1(fmax(fabs(log(itself.low)), fabs(log(itself.high))));
}

static struct change of_times(struct changing *work, enum change_measure measure, const char *key, const char *what,
                              struct samples before, struct samples after, struct samples again)
{
    struct change change = {.measure = measure, .key = key, .what = what, .margin = work->request->margin};
    size_t least = before.count < after.count ? before.count : after.count;
    change.before = stats_estimate(before.values, before.count);
    change.after = stats_estimate(after.values, after.count);
    change.by = shift_ratio(before, after);
    change.delta = shift_delta(before, after);
    if (again.count > 0) {
        double noise = noise_of(before, again);
        change.margin = fmax(change.margin, noise);
        work->changes->noise = fmax(work->changes->noise, noise);
    }
    change.verdict =
        judge(log(change.by.low), log(change.by.high), log1p(change.margin), measure == MEASURE_GAIN ? -1 : 1);
    if (least < CHANGES_LEAST) {
        change.verdict = CHANGE_UNSURE;
        change.why = "fewer than 6 samples on a side";
    } else if (work->changes->same_code && change.verdict != CHANGE_SAME) {
        change.verdict = CHANGE_NOISE;
    }
    if (!(change.by.level > 0)) /* no memory: to have no verdict is not to be the same */
        work->failed = true;
    return change;
}

/* All pairs are ranked: a record with a million samples would take all memory. */
static bool timed(struct changing *work, const char *key, struct samples before, struct samples after)
{
    if (work->request->untimed || before.count == 0 || after.count == 0)
        return false;
    bool few = before.count <= CHANGES_MOST && after.count <= CHANGES_MOST;
    if (!few)
        changing_alone(work, key, SIDE_BOTH, "more samples on a side than can be ranked");
    return few;
}

enum change_verdict changing_times(struct changing *work, enum change_measure measure, const char *key,
                                   const char *what, struct samples before, struct samples after, struct samples again)
{
    if (!timed(work, key, before, after))
        return CHANGE_SAME;
    return add(work, of_times(work, measure, key, what, before, after, again));
}

void changing_ratios(struct changing *work, enum change_measure measure, const char *key, const char *what,
                     struct samples before, struct samples after, struct samples again, enum change_verdict own,
                     enum change_verdict baseline)
{
    if (!timed(work, key, before, after))
        return;
    struct change change = of_times(work, measure, key, what, before, after, again);
    if (change.verdict == CHANGE_WORSE && baseline == CHANGE_BETTER && own != CHANGE_WORSE) {
        change.verdict = CHANGE_BASELINE;
        change.why = "what it is held against got faster, and itself not slower";
    }
    add(work, change);
}

/* Paired by model, or of two intervals end against end. */
static struct estimate difference(struct changing *work, const struct estimate *before, const struct estimate *after,
                                  struct samples models_before, struct samples models_after)
{
    size_t count = models_before.count;
    if (count == 0 || models_after.count != count)
        return (struct estimate){after->median - before->median, after->low - before->high, after->high - before->low,
                                 fmin(before->level, after->level)};
    double *by = malloc(count * sizeof *by);
    for (size_t m = 0; by && m < count; m++)
        by[m] = models_after.values[m] - models_before.values[m];
    struct estimate estimate = by ? stats_estimate(by, count) : nothing;
    work->failed |= !by;
    free(by);
    return estimate;
}

void changing_quality(struct changing *work, const char *key, const char *what, const struct estimate *before,
                      const struct estimate *after, struct samples models_before, struct samples models_after)
{
    struct change change = {.measure = MEASURE_QUALITY,
                            .key = key,
                            .what = what,
                            .before = *before,
                            .after = *after,
                            .margin = CHANGES_QUALITY,
                            .delta = NAN};
    if (isnan(before->median) && isnan(after->median))
        return;
    if (isnan(before->median) || isnan(after->median)) {
        bool lost = isnan(after->median);
        changing_alone(work, key, lost ? SIDE_OLD : SIDE_NEW,
                       lost ? "its needles are only in the old record" : "its needles are only in the new record");
        return;
    }
    change.by = difference(work, before, after, models_before, models_after);
    change.verdict = judge(change.by.low, change.by.high, change.margin, -1);
    if (models_before.count == 0 || models_after.count != models_before.count)
        change.why = "a record that does not keep each model's value: the intervals' ends";
    if (change.by.level < CHANGES_COVER) {
        change.verdict = CHANGE_UNSURE;
        change.why = "fewer than 5 models on a side";
    }
    add(work, change);
}

static struct estimate exact(double value)
{
    return (struct estimate){value, value, value, 1};
}

void changing_error(struct changing *work, const char *key, const char *what, double before, double after)
{
    if (!isfinite(before) && !isfinite(after))
        return;
    struct change change = {.measure = MEASURE_ERROR,
                            .key = key,
                            .what = what,
                            .before = exact(before),
                            .after = exact(after),
                            .by = exact(after - before),
                            .margin = CHANGES_ERROR * before,
                            .delta = NAN};
    change.verdict = judge(change.by.low, change.by.high, change.margin, 1);
    if (!isfinite(before) || !isfinite(after)) {
        change.by = nothing;
        change.margin = 0;
        change.verdict = isfinite(after) ? CHANGE_REPAIRED : CHANGE_FAILS;
        change.why = isfinite(after) ? NULL : "it is no number any more";
    }
    add(work, change);
}

void changing_exact(struct changing *work, enum change_measure measure, const char *key, const char *what,
                    double before, double after)
{
    struct change change = {.measure = measure,
                            .key = key,
                            .what = what,
                            .before = exact(before),
                            .after = exact(after),
                            .by = exact(before == after ? 1 : after / before),
                            .delta = NAN};
    change.verdict = after > before ? CHANGE_WORSE : after < before ? CHANGE_BETTER : CHANGE_SAME;
    add(work, change);
}

bool changing_results(struct changing *work, const char *key, bool failed_before, bool failed_after, bool wrong,
                      const char *why)
{
    struct change change = {.measure = MEASURE_RESULT,
                            .key = key,
                            .what = "result",
                            .before = nothing,
                            .after = nothing,
                            .by = nothing,
                            .delta = NAN};
    if (!failed_before && !failed_after) {
        work->changes->right++;
        return true;
    }
    change.why = failed_after ? why : NULL;
    change.verdict = !failed_after   ? CHANGE_REPAIRED
                     : failed_before ? CHANGE_STILL
                     : wrong         ? CHANGE_WRONG
                                     : CHANGE_FAILS;
    add(work, change);
    return false;
}

bool changing_same_problem(const struct attention_problem *a, const struct attention_problem *b)
{
    return a->layers == b->layers && a->batch == b->batch && a->heads == b->heads && a->kv_heads == b->kv_heads &&
           a->len_q == b->len_q && a->len_kv == b->len_kv && a->head_dim == b->head_dim && a->dtype == b->dtype &&
           a->mask.causal == b->mask.causal && a->mask.window_left == b->mask.window_left &&
           a->mask.window_right == b->mask.window_right && a->mask.global_every == b->mask.global_every &&
           a->scale == b->scale;
}

double *changing_divide(struct changing *work, const double *over, const double *under, double factor, size_t count)
{
    double *ratios = over && under && count ? malloc(count * sizeof *ratios) : NULL;
    work->failed |= over && under && count && !ratios;
    for (size_t i = 0; ratios && i < count; i++)
        ratios[i] = over[i] / under[i] * factor;
    return ratios;
}
