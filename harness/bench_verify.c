/* bench_verify.c - the judging alone, of one case. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/bench.h"
#include "harness/memory.h"
#include "harness/tensors.h"
#include "kernels/judge.h"

static enum status verify_apart(struct place *place, const struct plan_case *c, const struct bench_options *options,
                                struct verdict *verdict, struct diags *diags)
{
    struct worker_answer answer;
    struct worker_question question = {.task = WORKER_VERIFY,
                                       .kernel = c->kernel,
                                       .problem = &c->problem,
                                       .name = c->kernel->name,
                                       .seed = options->seed,
                                       .threads = plan_cpus(),
                                       .rows = options->verify_rows};
    worker_ask(&place->worker, &question, &answer);
    *verdict = answer.verdict;
    if (answer.status == STATUS_WRONG) { /* the simulator's own verdict */
        verdict->pass = false;
        snprintf(verdict->message, sizeof verdict->message, "%.250s", answer.fault.reason);
        return STATUS_OK;
    }
    if (answer.status != STATUS_OK)
        diags_error(diags, NULL, 0, NULL, "%s on %s: %s", c->kernel->name, place->name, answer.fault.reason);
    return answer.status;
}

enum status bench_verify(const struct plan_case *c, const struct bench_options *options, struct verdict *verdict,
                         struct diags *diags)
{
    struct place *place = options->places ? places_of(options->places, c->kernel) : NULL;
    if (place && place->device->apart)
        return verify_apart(place, c, options, verdict, diags);
    struct tensor_set set = {0};
    size_t scratch = kernel_workspace(c->kernel, &c->problem, c->threads);
    int64_t needed = tensors_bytes(&c->problem) + (int64_t)scratch, room = memory_available();
    void *workspace = NULL;
    enum status status = STATUS_OK;
    if (needed > room / 10 * 9) {
        diags_error(diags, NULL, 0, "Choose smaller lengths, fewer heads or another kernel.",
                    "%s does not fit in memory: needs %.1f GB, %.1f GB are left", c->kernel->name, (double)needed / 1e9,
                    (double)room / 1e9);
        return STATUS_NO_MEMORY;
    }
    workspace = memory_take(scratch);
    if (!workspace || tensors_make(&set, &c->problem, options->seed, c->threads) != STATUS_OK) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        status = STATUS_NO_MEMORY;
        goto cleanup;
    }
    struct attention_tensors tensors = tensors_view(&set);
    struct kernel_launch launch = {
        .problem = &c->problem, .tensors = &tensors, .workspace = workspace, .threads = c->threads};
    oracle_poison(workspace, scratch);
    tensors_poison(&set);
    status = c->kernel->launch(&launch);
    if (status == STATUS_OK)
        status = kernel_judge(&c->problem, &tensors, options->verify_rows, options->seed, c->threads, verdict);
    if (status != STATUS_OK)
        diags_error(diags, NULL, 0, NULL, "%s could not be run", c->kernel->name);
cleanup:
    free(workspace);
    tensors_free(&set);
    return status;
}
