/* changes_tradeoff.c - trade-offs of two records: dense flash, and each selector's time, gain and what it keeps. */
#include <stdlib.h>
#include <string.h>

#include "harness/changes_rows.h"

static size_t count_of(const struct record *record)
{
    return record->tradeoff_count;
}

static const char *key_of(const struct record *record, size_t index)
{
    return record->tradeoffs[index].key;
}

static const char *unlike(const struct record *a, size_t i, const struct record *b, size_t j)
{
    return changing_same_problem(&a->tradeoffs[i].problem, &b->tradeoffs[j].problem)
               ? NULL
               : "another problem under the same key";
}

static const struct record_point *point_of(const struct record_tradeoff *row, const char *key)
{
    for (size_t i = 0; row && i < row->point_count; i++)
        if (strcmp(row->points[i].key, key) == 0)
            return &row->points[i];
    return NULL;
}

/* Three rows, the last of which may be NULL. */
struct trio {
    const struct record_tradeoff *before, *after, *again;
};

static struct samples times_of(const struct record_tradeoff *row, const struct record_point *point)
{
    return point && point->samples ? (struct samples){point->samples, row->sample_count} : (struct samples){0};
}

static enum change_verdict compare_dense(struct changing *work, const struct trio *rows)
{
    struct samples again = {0};
    if (rows->again)
        again = (struct samples){rows->again->dense, rows->again->sample_count};
    return changing_times(work, MEASURE_TIME, rows->after->key, "dense time",
                          (struct samples){rows->before->dense, rows->before->sample_count},
                          (struct samples){rows->after->dense, rows->after->sample_count}, again);
}

static struct samples gains_of(struct changing *work, const struct record_tradeoff *row,
                               const struct record_point *point)
{
    if (!row || !point)
        return (struct samples){0};
    double *gains = changing_divide(work, row->dense, point->samples, 1, row->sample_count);
    return gains ? (struct samples){gains, row->sample_count} : (struct samples){0};
}

static void compare_times(struct changing *work, const struct trio *rows, const struct record_point *before,
                          const struct record_point *after, enum change_verdict dense)
{
    const struct record_point *again = point_of(rows->again, after->key);
    struct samples old = gains_of(work, rows->before, before), new = gains_of(work, rows->after, after);
    struct samples more = gains_of(work, rows->again, again);
    enum change_verdict own = changing_times(work, MEASURE_TIME, after->key, "time", times_of(rows->before, before),
                                             times_of(rows->after, after), times_of(rows->again, again));
    changing_ratios(work, MEASURE_GAIN, after->key, "over dense", old, new, more, own, dense);
    free((void *)old.values);
    free((void *)new.values);
    free((void *)more.values);
}

static struct samples models_of(const double *values, const struct record_tradeoff *row)
{
    return values ? (struct samples){values, (size_t)row->models} : (struct samples){0};
}

static void compare_qualities(struct changing *work, const struct trio *rows, const struct record_point *before,
                              const struct record_point *after)
{
    changing_quality(work, after->key, "recall", &before->recall, &after->recall,
                     models_of(before->recalls, rows->before), models_of(after->recalls, rows->after));
    changing_quality(work, after->key, "needles", &before->needles, &after->needles,
                     models_of(before->needle_shares, rows->before), models_of(after->needle_shares, rows->after));
    changing_error(work, after->key, "error", before->relative_l2, after->relative_l2);
}

/* What is kept was judged on the same models and documents. */
static bool judged_alike(const struct record_tradeoff *a, const struct record_tradeoff *b)
{
    return a->model_seed == b->model_seed && a->models == b->models && a->documents == b->documents;
}

static void compare(struct changing *work, struct change_pair pair)
{
    const struct changes_request *request = work->request;
    struct trio rows = {&request->before->tradeoffs[pair.before], &request->after->tradeoffs[pair.after],
                        pair.again < 0 ? NULL : &request->again->tradeoffs[pair.again]};
    enum change_verdict dense = compare_dense(work, &rows);
    bool alike = judged_alike(rows.before, rows.after);
    if (!alike)
        changing_alone(work, rows.after->key, SIDE_BOTH,
                       "what is kept was judged on other models or documents: only times are compared");
    for (size_t i = 0; i < rows.after->point_count; i++) {
        const struct record_point *after = &rows.after->points[i], *before = point_of(rows.before, after->key);
        if (!before) {
            changing_alone(work, after->key, SIDE_NEW, NULL);
            continue;
        }
        if (changing_results(work, after->key, before->failed, after->failed, true, after->error))
            compare_times(work, &rows, before, after, dense);
        if (alike)
            compare_qualities(work, &rows, before, after);
    }
    for (size_t i = 0; i < rows.before->point_count; i++)
        if (!point_of(rows.after, rows.before->points[i].key))
            changing_alone(work, rows.before->points[i].key, SIDE_OLD, NULL);
}

const struct change_kind_row change_tradeoffs = {"selection", true, count_of, key_of, unlike, compare};
