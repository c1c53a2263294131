#include "harness/record_tradeoff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/record.h"
#include "harness/stats.h"

struct record_tradeoff *record_add_tradeoff(struct record *record)
{
    if (record->tradeoff_count == record->tradeoff_capacity) {
        size_t capacity = record->tradeoff_capacity ? 2 * record->tradeoff_capacity : 4;
        struct record_tradeoff *rows = realloc(record->tradeoffs, capacity * sizeof *rows);
        if (!rows)
            return NULL;
        record->tradeoffs = rows;
        record->tradeoff_capacity = capacity;
    }
    struct record_tradeoff *added = &record->tradeoffs[record->tradeoff_count++];
    *added = (struct record_tradeoff){0};
    return added;
}

static void add_shape(struct text *key, const struct attention_problem *p, int threads)
{
    text_format(key, "n%lld.d%lld.h%lld.t%d", (long long)p->len_kv, (long long)p->head_dim, (long long)p->heads,
                threads);
}

char *record_key_tradeoff(const struct attention_problem *problem, int threads)
{
    struct text key = {0};
    text_add(&key, "tradeoff.");
    add_shape(&key, problem, threads);
    return text_take(&key);
}

char *record_key_point(const struct record_tradeoff *row, const char *selector, double density)
{
    struct text key = {0};
    char percent[32];
    snprintf(percent, sizeof percent, "%.6g", 100 * density);
    for (char *at = percent; *at; at++)
        *at = *at == '.' ? '_' : *at; /* a dot would end the segment */
    text_format(&key, "tradeoff.%s.keep%s.", selector, percent);
    add_shape(&key, &row->problem, row->threads);
    return text_take(&key);
}

void record_settle_tradeoff(struct record_tradeoff *row)
{
    if (row->sample_count > 0)
        row->dense_seconds = stats_estimate(row->dense, row->sample_count);
    for (size_t i = 0; i < row->point_count; i++) {
        struct record_point *point = &row->points[i];
        point->seconds = point->speed = (struct estimate){NAN, NAN, NAN, 0};
        if (!point->samples || row->sample_count == 0)
            continue;
        point->seconds = stats_estimate(point->samples, row->sample_count);
        point->speed = stats_ratio(row->dense, point->samples, row->sample_count);
    }
}

static void free_row(struct record_tradeoff *row)
{
    for (size_t i = 0; i < row->point_count; i++) {
        struct record_point *point = &row->points[i];
        free(point->key);
        free(point->selector);
        free(point->title);
        free(point->error);
        free(point->samples);
        free(point->recalls);
        free(point->needle_shares);
    }
    free(row->points);
    free(row->key);
    free(row->date);
    free(row->command);
    free(row->gate);
    free(row->dense);
}

void record_remove_tradeoff(struct record *record, size_t index)
{
    free_row(&record->tradeoffs[index]);
    record->tradeoff_count--;
    memmove(&record->tradeoffs[index], &record->tradeoffs[index + 1],
            (record->tradeoff_count - index) * sizeof *record->tradeoffs);
}

void record_free_tradeoffs(struct record *record)
{
    for (size_t i = 0; i < record->tradeoff_count; i++)
        free_row(&record->tradeoffs[i]);
    free(record->tradeoffs);
    record->tradeoffs = NULL;
    record->tradeoff_count = record->tradeoff_capacity = 0;
}

const struct record_point *record_point_at(const struct record_tradeoff *row, const char *selector, double density)
{
    const struct record_point *found = NULL;
    for (size_t i = 0; i < row->point_count; i++) {
        const struct record_point *point = &row->points[i];
        if (strcmp(point->selector, selector) == 0 &&
            (!found || fabs(point->density - density) < fabs(found->density - density)))
            found = point;
    }
    return found;
}

/* The next denser timed point of the selector behind `after` (NULL: the sparsest). */
static const struct record_point *denser(const struct record_tradeoff *row, const char *selector,
                                         const struct record_point *after)
{
    const struct record_point *found = NULL;
    for (size_t i = 0; i < row->point_count; i++) {
        const struct record_point *point = &row->points[i];
        if (strcmp(point->selector, selector) == 0 && point->samples && (!after || point->density > after->density) &&
            (!found || point->density < found->density))
            found = point;
    }
    return found;
}

double record_overtaken(const struct record_tradeoff *row, const char *selector)
{
    const struct record_point *from = denser(row, selector, NULL), *to = from ? denser(row, selector, from) : NULL;
    double dense = row->dense_seconds.median;
    if (!to)
        return NAN;
    for (const struct record_point *next; to->seconds.median < dense && (next = denser(row, selector, to)); to = next)
        from = to;
    double slope = (to->seconds.median - from->seconds.median) / (to->density - from->density);
    return slope > 0 ? to->density + (dense - to->seconds.median) / slope : INFINITY;
}

static int by_length(const void *a, const void *b)
{
    int64_t x = (*(const struct record_tradeoff *const *)a)->problem.len_kv;
    int64_t y = (*(const struct record_tradeoff *const *)b)->problem.len_kv;
    return (x > y) - (x < y);
}

double record_pays_from(const struct record *record, const char *selector, double density)
{
    const struct record_tradeoff **rows = calloc(record->tradeoff_count + 1, sizeof *rows);
    double before = NAN, before_n = NAN, found = NAN;
    size_t count = 0;
    for (size_t r = 0; rows && r < record->tradeoff_count; r++) {
        const struct record_point *point = record_point_at(&record->tradeoffs[r], selector, density);
        if (point && point->samples && fabs(point->density - density) < 1e-9)
            rows[count++] = &record->tradeoffs[r];
    }
    if (count > 1) {
        qsort(rows, count, sizeof *rows, by_length);
        found = INFINITY;
    }
    /* From the longest down, as long as it stays faster: what a crossing below a slower length says is noise. */
    for (size_t i = count; count > 1 && i-- > 0;) {
        double speed = log(record_point_at(rows[i], selector, density)->speed.median);
        double n = log((double)rows[i]->problem.len_kv);
        if (speed <= 0) {
            found = isnan(before) ? INFINITY : exp(n + (before_n - n) * -speed / (before - speed));
            break;
        }
        found = -INFINITY;
        before = speed;
        before_n = n;
    }
    free(rows);
    return found;
}
