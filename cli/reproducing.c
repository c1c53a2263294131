#include "cli/reproducing.h"

#include <inttypes.h>
#include <omp.h>

#include "cli/reproducing_table.h"
#include "cli/tell.h"
#include "harness/interrupt.h"
#include "harness/modernbert_row.h"

struct reproducing reproducing_defaults(void)
{
    return (struct reproducing){.heads = 2, .rounds = 6, .seed = 1, .threads = omp_get_num_procs()};
}

enum status reproducing_check(const struct reproducing *r, struct diags *diags)
{
    if (r->heads < 1)
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

enum status reproducing_run(const struct reproducing *reproducing, FILE *table, struct record *record,
                            const char *command, struct diags *diags)
{
    const struct modernbert *model = &modernbert_models[reproducing->large];
    int64_t heads = reproducing->heads < model->heads ? reproducing->heads : model->heads;
    enum status status = STATUS_OK;
    interrupt_catch();
    for (int i = 0; i < 4 && status == STATUS_OK; i++) {
        const struct modernbert_lengths *lengths = &modernbert_lengths[i];
        struct modernbert_result result;
        struct tell_what what = {lengths->name};
        status = modernbert_measure(model, lengths, heads, (uint64_t)reproducing->seed, (int)reproducing->rounds,
                                    (int)reproducing->threads, &clock_system, tell_runs, &what, &result);
        tell_end();
        if (status != STATUS_OK)
            break;
        status = modernbert_row(record, model, lengths, heads, (uint64_t)reproducing->seed, (int)reproducing->threads,
                                &result, command);
        if (table && status == STATUS_OK) {
            reproducing_print(&record->modernberts[record->modernbert_count - 1], i == 0, table);
            reproducing_print_rope(&result, table);
        }
        modernbert_free(&result);
    }
    if (status == STATUS_NO_MEMORY)
        diags_error(diags, NULL, 0, "Choose fewer --heads.", "the stack's tensors do not fit in memory");
    if (table && status == STATUS_OK)
        reproducing_print_published(table);
    return status;
}
