#include "harness/tradeoff_row.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/date.h"
#include "harness/stats.h"

static char *copy_of(const char *text)
{
    return text ? strdup(text) : NULL;
}

static enum status judge(const struct study *study, const struct gate *gate, int threads,
                         const struct tradeoff_point *from, struct record_point *to)
{
    double *recall = to->recalls = malloc((size_t)study->models * sizeof *recall);
    double *needles = to->needle_shares = malloc((size_t)study->models * sizeof *needles);
    bool failed = false;
    if (!recall || !needles)
        return STATUS_NO_MEMORY;
#pragma omp parallel for num_threads(threads) schedule(dynamic) reduction(|| : failed)
    for (int64_t m = 0; m < study->models; m++) {
        struct study_score score = {0, 0};
        failed = failed || study_score(study, m, from->selector, gate, from->density, &score) != STATUS_OK;
        recall[m] = score.recall;
        needles[m] = score.needles;
    }
    to->recall = stats_estimate(recall, (size_t)study->models);
    to->needles = stats_estimate(needles, (size_t)study->models);
    if (isnan(to->needles.median)) { /* no document has any */
        free(to->needle_shares);
        to->needle_shares = NULL;
    }
    return failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status fill_point(const struct record_tradeoff *row, const struct tradeoff_point *from,
                              struct record_point *to)
{
    const struct selector_row *selector = selector_row(from->selector);
    size_t bytes = row->sample_count * sizeof *to->samples;
    to->key = record_key_point(row, selector->name, from->density);
    to->selector = strdup(selector->name);
    to->title = strdup(selector->title);
    to->density = from->density;
    to->square = from->square;
    to->pairs = from->pairs;
    to->failed = !from->verdict.pass;
    to->error = to->failed ? strdup(from->verdict.message) : NULL;
    to->max_error = from->verdict.max_error;
    to->tolerance = from->verdict.tolerance;
    to->relative_l2 = from->relative_l2;
    to->pool = from->stages[TRADEOFF_POOL];
    to->score = from->stages[TRADEOFF_SCORE];
    to->keep = from->stages[TRADEOFF_KEEP];
    to->attend = from->stages[TRADEOFF_ATTEND];
    to->samples = to->failed ? NULL : malloc(bytes);
    if (to->samples)
        memcpy(to->samples, from->seconds, bytes);
    bool whole = to->key && to->selector && to->title && (to->failed ? to->error != NULL : to->samples != NULL);
    return whole ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status fill_head(struct record_tradeoff *row, const struct tradeoff *t, const struct study *study,
                             const struct gate *gate, const struct gate_origin *origin, int threads,
                             const char *command)
{
    row->problem = t->problem;
    row->threads = threads;
    row->model_seed = study->model_seed;
    row->models = study->models;
    row->documents = study->documents;
    row->key = record_key_tradeoff(&row->problem, threads);
    row->date = date_now();
    row->command = copy_of(command);
    if (gate && asprintf(&row->gate, "%016" PRIx64, gate_hash(gate)) < 0)
        row->gate = NULL;
    if (origin) {
        row->gate_length = origin->length;
        row->gate_documents = origin->documents;
        row->gate_steps = origin->steps;
    }
    row->sample_count = (size_t)t->rounds;
    row->dense = malloc(row->sample_count * sizeof *row->dense);
    row->points = calloc(t->count + 1, sizeof *row->points);
    if (!row->key || !row->date || (gate && !row->gate) || !row->dense || !row->points)
        return STATUS_NO_MEMORY;
    memcpy(row->dense, t->dense, row->sample_count * sizeof *row->dense);
    return STATUS_OK;
}

enum status tradeoff_row(struct record *record, const struct tradeoff *tradeoff, const struct study *study,
                         const struct gate *gate, const struct gate_origin *origin, int threads, const char *command)
{
    struct record_tradeoff *row = record_add_tradeoff(record);
    if (!row)
        return STATUS_NO_MEMORY;
    enum status status = fill_head(row, tradeoff, study, gate, origin, threads, command);
    for (size_t i = 0; i < tradeoff->count && status == STATUS_OK; i++) {
        struct record_point *point = &row->points[row->point_count++];
        status = fill_point(row, &tradeoff->points[i], point);
        if (status == STATUS_OK)
            status = judge(study, gate, threads, &tradeoff->points[i], point);
    }
    if (status != STATUS_OK) {
        record_remove_tradeoff(record, record->tradeoff_count - 1);
        return status;
    }
    record_settle_tradeoff(row);
    for (size_t i = 0; i + 1 < record->tradeoff_count; i++)
        if (strcmp(record->tradeoffs[i].key, row->key) == 0) {
            record_remove_tradeoff(record, i);
            break;
        }
    return STATUS_OK;
}
