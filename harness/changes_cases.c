/* changes_cases.c - cases of two records: kernels on one problem. */
#include <math.h>
#include <string.h>

#include "harness/changes_rows.h"

static size_t count_of(const struct record *record)
{
    return record->case_count;
}

static const char *key_of(const struct record *record, size_t index)
{
    return record->cases[index].key;
}

static const char *unlike(const struct record *a, size_t i, const struct record *b, size_t j)
{
    const struct record_case *c = &a->cases[i], *d = &b->cases[j];
    if (!changing_same_problem(&c->problem, &d->problem) || strcmp(c->mask, d->mask) != 0)
        return "another problem under the same key";
    if (strcmp(c->fill, d->fill) != 0)
        return "other inputs: what they are filled with changes the time";
    if (strcmp(c->device ? c->device : "cpu", d->device ? d->device : "cpu") != 0)
        return "on another device";
    return NULL;
}

static struct samples samples_of(const struct record *record, long index)
{
    const struct record_case *c = index < 0 ? NULL : &record->cases[index];
    return c && !c->failed ? (struct samples){c->samples, c->sample_count} : (struct samples){0};
}

static void compare(struct changing *work, struct change_pair pair)
{
    const struct record_case *before = &work->request->before->cases[pair.before];
    const struct record_case *after = &work->request->after->cases[pair.after];
    bool wrong = after->max_error > after->tolerance || isnan(after->max_error);
    if (!changing_results(work, after->key, before->failed, after->failed, wrong, after->error))
        return;
    if ((before->sample_count == 0) != (after->sample_count == 0)) /* one of them was stopped before */
        changing_alone(work, after->key, before->sample_count ? SIDE_OLD : SIDE_NEW, NULL);
    else
        changing_times(work, MEASURE_TIME, after->key, "time", samples_of(work->request->before, (long)pair.before),
                       samples_of(work->request->after, (long)pair.after),
                       samples_of(work->request->again, pair.again));
}

const struct change_kind_row change_cases = {"kernels", true, count_of, key_of, unlike, compare};
