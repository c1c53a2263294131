#include "harness/efficiency_rows.h"

#include <stdlib.h>
#include <string.h>

#include "harness/date.h"

static double *copy_of(const double *samples, size_t count)
{
    double *copy = samples ? malloc(count * sizeof *copy) : NULL;
    if (copy)
        memcpy(copy, samples, count * sizeof *copy);
    return copy;
}

static bool fill(struct record_efficiency *to, const struct efficiency_row *from, size_t rounds,
                 const struct efficiency_request *request, const char *command)
{
    static const char *const patterns[EFFICIENCY_PATTERNS] = {"scattered", "side_by_side"};
    *to = (struct record_efficiency){
        .date = date_now(),
        .command = command ? strdup(command) : NULL,
        .pattern = strdup(patterns[from->pattern]),
        .problem = from->problem,
        .threads = request->threads,
        .seed = request->seed,
        .asked = from->asked,
        .density = from->density,
        .failed = !from->seconds,
        .error = from->seconds ? NULL : strdup(from->verdict.message),
        .max_error = from->verdict.max_error,
        .tolerance = from->verdict.tolerance,
    };
    to->problem.mask.blocks = NULL;
    if (!to->failed) {
        to->sample_count = rounds;
        to->samples = copy_of(from->seconds, rounds);
        to->dense = copy_of(from->dense, rounds);
        to->processor = copy_of(from->cpu, rounds);
        to->dense_processor = copy_of(from->dense_cpu, rounds);
    }
    to->key = to->pattern ? record_key_efficiency(to) : NULL;
    bool timed = to->samples && to->dense && to->processor && to->dense_processor;
    return to->key && to->date && (timed || to->error) && record_settle_efficiency(to);
}

static void drop_older(struct record *record)
{
    size_t last = record->efficiency_count - 1;
    for (size_t i = 0; i < last; i++)
        if (strcmp(record->efficiency[i].key, record->efficiency[last].key) == 0) {
            record_remove_efficiency(record, i);
            return;
        }
}

enum status efficiency_rows(struct record *record, const struct efficiency *efficiency,
                            const struct efficiency_request *request, const char *command)
{
    for (size_t i = 0; i < efficiency->count; i++) {
        struct record_efficiency *row = record_add_efficiency(record);
        if (!row)
            return STATUS_NO_MEMORY;
        if (!fill(row, &efficiency->rows[i], (size_t)efficiency->rounds, request, command)) {
            record_remove_efficiency(record, record->efficiency_count - 1);
            return STATUS_NO_MEMORY;
        }
        drop_older(record);
    }
    return STATUS_OK;
}
