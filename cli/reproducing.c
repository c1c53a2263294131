#include "cli/reproducing.h"

#include <inttypes.h>
#include <omp.h>

#include "cli/reproducing_table.h"
#include "cli/tell.h"
#include "harness/interrupt.h"
#include "harness/modernbert_row.h"

/* Rows of each sequence of a layer that are held against float64 before anything is timed, and seconds that the runs of
 * one way in one round fill, as a repetition of bench. */
enum { ROWS = 64 };
static const double min_time = 0.05;

struct reproducing reproducing_defaults(void)
{
    return (struct reproducing){.heads = HEADS_OF_DEVICE, .rounds = 6, .seed = 1, .threads = omp_get_num_procs()};
}

enum status reproducing_check(const struct reproducing *r, struct diags *diags)
{
    if (r->heads < 1 && r->heads != HEADS_OF_DEVICE)
        diags_error(diags, NULL, 0, NULL, "--heads must be 1 or more");
    if (r->rounds < 1 || r->rounds > 1000)
        diags_error(diags, NULL, 0, NULL, "--rounds is %" PRId64 "; it must be 1 to 1000", r->rounds);
    if (r->threads < 1 || r->threads > 1024)
        diags_error(diags, NULL, 0, NULL, "--threads is %" PRId64 "; it must be 1 to 1024", r->threads);
    return diags->errors ? STATUS_BAD_INPUT : STATUS_OK;
}

static bool tell_runs(void *context, int done, int of)
{
    return tell_done(context, done, of);
}

static bool rehearses(const struct reproducing *r)
{
    return r->place && !r->place->device->times;
}

static int64_t heads_of(const struct reproducing *r, const struct modernbert *model)
{
    int64_t heads = r->heads != HEADS_OF_DEVICE ? r->heads : rehearses(r) ? 1 : r->place ? model->heads : 2;
    return heads < model->heads ? heads : model->heads;
}

/* One row of the paper's table. */
static enum status measure(const struct reproducing *r, const struct modernbert *model,
                           const struct modernbert_lengths *lengths, struct modernbert_result *result,
                           struct diags *diags)
{
    struct tell_what what = {lengths->name};
    int64_t heads = heads_of(r, model);
    struct device_fault fault;
    enum status status;
    if (!r->place) {
        status = modernbert_measure(model, lengths, heads, (uint64_t)r->seed, (int)r->rounds, (int)r->threads,
                                    &clock_system, tell_runs, &what, result);
        tell_end();
        if (status == STATUS_NO_MEMORY)
            diags_error(diags, NULL, 0, "Choose fewer --heads.", "the stack's tensors do not fit in memory");
        return status;
    }
    struct modernbert_request request = {model, lengths, heads, ROWS, (uint64_t)r->seed, (int)r->rounds, min_time};
    status = modernbert_measure_on(r->place, &request, tell_runs, &what, result, &fault);
    tell_end();
    if (status != STATUS_OK && status != STATUS_INTERRUPTED)
        diags_error(diags, NULL, 0, status == STATUS_NO_MEMORY ? "Choose fewer --heads." : NULL, "%s: %s",
                    r->place->name, fault.reason);
    return status;
}

enum status reproducing_run(const struct reproducing *reproducing, FILE *table, struct record *record,
                            const char *command, struct diags *diags)
{
    bool rehearsal = rehearses(reproducing);
    const struct modernbert *model = rehearsal ? &modernbert_rehearsed : &modernbert_models[reproducing->large];
    const struct modernbert_lengths *all = rehearsal ? modernbert_rehearsed_lengths : modernbert_lengths;
    const char *device = reproducing->place ? reproducing->place->device->name : "cpu";
    enum status status = STATUS_OK;
    interrupt_catch();
    for (int i = 0; i < 4 && status == STATUS_OK; i++) {
        struct modernbert_result result;
        status = measure(reproducing, model, &all[i], &result, diags);
        if (status != STATUS_OK)
            break;
        status = modernbert_row(record, model, &all[i], device, heads_of(reproducing, model),
                                (uint64_t)reproducing->seed, (int)reproducing->threads, &result, command);
        if (table && status == STATUS_OK) {
            reproducing_print(&record->modernberts[record->modernbert_count - 1], i == 0, table);
            reproducing_print_rope(&result, table);
        }
        modernbert_free(&result);
    }
    if (table && status == STATUS_OK && !rehearsal)
        reproducing_print_published(table);
    return status;
}
