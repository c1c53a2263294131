/* changes_efficiency.c - block-sparse attention in two records: its time, and its price over what density promises. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/changes_rows.h"

static size_t count_of(const struct record *record)
{
    return record->efficiency_count;
}

static const char *key_of(const struct record *record, size_t index)
{
    return record->efficiency[index].key;
}

static const char *unlike(const struct record *a, size_t i, const struct record *b, size_t j)
{
    const struct record_efficiency *c = &a->efficiency[i], *d = &b->efficiency[j];
    if (!changing_same_problem(&c->problem, &d->problem))
        return "another problem under the same key";
    return fabs(c->density - d->density) < 1e-9 ? NULL : "other blocks are listed";
}

static struct samples samples_of(const struct record_efficiency *row, const double *values)
{
    return values ? (struct samples){values, row->sample_count} : (struct samples){0};
}

static struct samples prices_of(struct changing *work, const struct record_efficiency *row, const double *sparse,
                                const double *dense)
{
    return samples_of(row, row ? changing_divide(work, sparse, dense, 1 / row->density, row->sample_count) : NULL);
}

static void compare_price(struct changing *work, const char *key, const char *what, struct samples before,
                          struct samples after, struct samples again, enum change_verdict own,
                          enum change_verdict dense)
{
    changing_ratios(work, MEASURE_PRICE, key, what, before, after, again, own, dense);
    free((void *)before.values);
    free((void *)after.values);
    free((void *)again.values);
}

/* All densities of a length ran beside the same dense runs: these are compared once. */
static enum change_verdict compare_dense(struct changing *work, const struct record_efficiency *a,
                                         const struct record_efficiency *b, const struct record_efficiency *c)
{
    enum change_verdict verdict;
    for (const struct record_efficiency *other = work->request->after->efficiency; other < b; other++)
        if (other->dense && other->sample_count == b->sample_count &&
            memcmp(other->dense, b->dense, b->sample_count * sizeof *b->dense) == 0 &&
            changing_verdict(work, other->key, "dense time", &verdict))
            return verdict;
    return changing_times(work, MEASURE_TIME, b->key, "dense time", samples_of(a, a->dense), samples_of(b, b->dense),
                          samples_of(c, c->dense));
}

static void compare(struct changing *work, struct change_pair pair)
{
    const struct changes_request *request = work->request;
    static const struct record_efficiency none;
    const struct record_efficiency *a = &request->before->efficiency[pair.before];
    const struct record_efficiency *b = &request->after->efficiency[pair.after];
    const struct record_efficiency *c = pair.again < 0 ? &none : &request->again->efficiency[pair.again];
    if (!changing_results(work, b->key, a->failed, b->failed, true, b->error))
        return;
    enum change_verdict dense = compare_dense(work, a, b, c);
    enum change_verdict own = changing_times(work, MEASURE_TIME, b->key, "time", samples_of(a, a->samples),
                                             samples_of(b, b->samples), samples_of(c, c->samples));
    compare_price(work, b->key, "price, wall", prices_of(work, a, a->samples, a->dense),
                  prices_of(work, b, b->samples, b->dense), prices_of(work, c, c->samples, c->dense), own, dense);
    compare_price(work, b->key, "price, processor", prices_of(work, a, a->processor, a->dense_processor),
                  prices_of(work, b, b->processor, b->dense_processor),
                  prices_of(work, c, c->processor, c->dense_processor), own, dense);
}

const struct change_kind_row change_efficiencies = {"block-sparse efficiency", true, count_of, key_of, unlike, compare};
