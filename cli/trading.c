#include "cli/trading.h"

#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "cli/tell.h"
#include "cli/trading_table.h"
#include "harness/interrupt.h"
#include "harness/tradeoff_row.h"
#include "kernels/cpu/blas.h"

enum { SHORTEST = 512, LONGEST = 65536, HEAD_DIM = 64 };

struct trading trading_defaults(void)
{
    return (struct trading){
        .gate = "out/gate.safetensors", .rounds = 15, .threads = omp_get_num_procs(), .documents = STUDY_JUDGED};
}

enum status trading_read_lengths(struct trading *trading, const char *text, struct diags *diags)
{
    trading->length_count = 0;
    for (const char *at = text; at;) {
        char *end;
        long long length = strtoll(at, &end, 10);
        bool rising = trading->length_count == 0 || length > trading->lengths[trading->length_count - 1];
        if (end == at || (*end && *end != ',') || length < SHORTEST || length > LONGEST || length % SELECT_BLOCK ||
            !rising || trading->length_count == TRADING_LENGTHS) {
            diags_error(diags, NULL, 0, "As in -N 4096,8192,16384.",
                        "-N %.60s: up to %d rising lengths, each %d to %d and a multiple of %d", text, TRADING_LENGTHS,
                        SHORTEST, LONGEST, SELECT_BLOCK);
            return STATUS_BAD_INPUT;
        }
        trading->lengths[trading->length_count++] = length;
        at = *end ? end + 1 : NULL;
    }
    return STATUS_OK;
}

enum status trading_check(const struct trading *trading, struct diags *diags)
{
    const struct {
        const char *name;
        int64_t value, most;
    } counts[] = {{"--rounds", trading->rounds, 1000},
                  {"--threads", trading->threads, 1024},
                  {"--documents", trading->documents, 1024}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].value < 1 || counts[i].value > counts[i].most)
            diags_error(diags, NULL, 0, NULL, "%s is %" PRId64 "; it must be 1 to %" PRId64, counts[i].name,
                        counts[i].value, counts[i].most);
    return diags->errors ? STATUS_BAD_INPUT : STATUS_OK;
}

static enum status read_gate(const char *path, struct trainer *trainer, struct gate_origin *origin, struct diags *diags)
{
    enum status status = gate_read(path, trainer, origin, diags);
    if (status != STATUS_OK)
        return status;
    if (trainer->step >= origin->steps && trainer->gate.heads % HEAD_KINDS == 0 && trainer->gate.head_dim == HEAD_DIM &&
        trainer->gate.heads / HEAD_KINDS <= STUDY_MOST_MODELS)
        return STATUS_OK;
    diags_error(diags, path, 0, "Run `flashdeck train-gate` to its end.",
                "this gate is unfinished, or none of the study's");
    trainer_free(trainer);
    return STATUS_BAD_INPUT;
}

/* One length: everything timed, then everything judged. */
static enum status trade(const struct trading *trading, int64_t length, const struct gate *gate,
                         const struct gate_origin *origin, struct record *record, const char *command)
{
    struct tell_what measuring = {"measuring"};
    struct tell_what judging = {"unseen documents"};
    struct tradeoff tradeoff;
    struct study study = {0};
    int threads = (int)trading->threads;
    enum status measured =
        tradeoff_measure(&tradeoff, gate, length, origin->model_seed, study_densities, STUDY_DENSITIES,
                         (int)trading->rounds, threads, &clock_system, tell_done, &measuring);
    if (measured != STATUS_OK && measured != STATUS_WRONG) {
        tell_end();
        return measured;
    }
    enum status status = study_make(&study, length, HEAD_DIM, gate->heads / HEAD_KINDS, origin->model_seed,
                                    STUDY_HELD_OUT, trading->documents, threads, tell_done, &judging);
    tell_end();
    if (status == STATUS_OK)
        status = tradeoff_row(record, &tradeoff, &study, gate, origin, threads, command);
    study_free(&study);
    tradeoff_free(&tradeoff);
    return status == STATUS_OK ? measured : status;
}

enum status trading_run(const struct trading *trading, FILE *table, struct record *record, const char *command,
                        struct diags *diags)
{
    struct trainer trainer;
    struct gate_origin origin;
    enum status status = read_gate(trading->gate, &trainer, &origin, diags), worst = STATUS_OK;
    if (status != STATUS_OK)
        return status;
    int count = trading->length_count ? trading->length_count : 1;
    blas_single_threaded();
    interrupt_catch();
    for (int i = 0; i < count && (status == STATUS_OK || status == STATUS_WRONG); i++) {
        int64_t length = trading->length_count ? trading->lengths[i] : origin.length;
        status = trade(trading, length, &trainer.gate, &origin, record, command);
        if (status == STATUS_NO_MEMORY)
            diags_error(diags, NULL, 0, "Choose a shorter -N or fewer --documents.",
                        "there is no memory for N %" PRId64, length);
        if (table && (status == STATUS_OK || status == STATUS_WRONG))
            trading_print(&record->tradeoffs[record->tradeoff_count - 1], table);
        worst = status != STATUS_OK ? status : worst;
    }
    if (table && count > 1 && (worst == STATUS_OK || worst == STATUS_WRONG))
        trading_print_growth(record, table);
    trainer_free(&trainer);
    return worst;
}
