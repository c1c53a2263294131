/* modernbert_device.c - ModernBERT's stack on a device that has a worker: one question for each way to judge it, then
 * one for each way in each round, so that all ways take their turn and Ctrl-C waits for one of them only. */
#include <stdio.h>
#include <string.h>

#include "harness/modernbert_row.h"
#include "harness/modernbert_stack.h"

/* Runs a stack of any mask, a launch a layer: a layer needs the one before it, so no launch spans two. */
static const char kernel_name[] = "alternating";

struct asking {
    struct place *place;
    const struct modernbert_request *request;
    const struct kernel *kernel;
    const struct modernbert_stack *stacks;
    struct device_fault *fault;
};

static const struct kernel *find_kernel(const struct device *device)
{
    size_t count;
    const struct kernel *const *kernels = device->kernels(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(kernels[i]->name, kernel_name) == 0)
            return kernels[i];
    return NULL;
}

static enum status ask(const struct asking *asking, int way, enum worker_task task, struct worker_answer *answer)
{
    const struct modernbert_request *r = asking->request;
    const char *name = modernbert_way_name((enum modernbert_way)way);
    char words[96];
    snprintf(words, sizeof words, "modernbert %s, %s, %s", r->model->name, r->lengths->name, name);
    struct worker_question question = {.task = task,
                                       .kernel = asking->kernel,
                                       .problem = &asking->stacks[way].problem,
                                       .name = words,
                                       .seed = r->seed,
                                       .threads = plan_cpus(),
                                       .rows = r->rows,
                                       .min_time = r->min_time,
                                       .packed = &asking->stacks[way].packed,
                                       .most_tokens = r->lengths->count * r->lengths->most,
                                       .longest = r->lengths->most};
    worker_ask(&asking->place->worker, &question, answer);
    if (answer->status != STATUS_OK)
        device_failed(asking->fault, answer->fault.broken, "%s, %s: %.300s", r->lengths->name, name,
                      answer->fault.reason[0] ? answer->fault.reason : "the launch failed");
    else if (task == WORKER_PACKED_VERIFY && !answer->verdict.pass) {
        device_failed(asking->fault, false, "%s, %s is wrong: %.260s", r->lengths->name, name, answer->verdict.message);
        return STATUS_WRONG;
    }
    return answer->status;
}

enum status modernbert_measure_on(struct place *place, const struct modernbert_request *request, modernbert_tell *tell,
                                  void *context, struct modernbert_result *result, struct device_fault *fault)
{
    struct modernbert_stack stacks[MODERNBERT_WAYS];
    struct worker_answer answer;
    bool times = place->device->times;
    int count =
        modernbert_stacks_make(stacks, request->model, request->lengths, request->heads, DTYPE_BF16, request->seed);
    int rounds = times ? request->rounds : 1, of = count * (1 + rounds), done = 0;
    const struct asking asking = {place, request, find_kernel(place->device), stacks, fault};
    *fault = (struct device_fault){0};
    enum status status = modernbert_begin(result, stacks, count, request->lengths, times ? rounds : 0);
    if (status != STATUS_OK)
        device_failed(fault, false, "out of memory");
    else if (!asking.kernel)
        status = device_failed(fault, false, "%s has no kernel '%s'", place->name, kernel_name);
    /* The round -1 judges: a wrong way never gets a time, and none does before all are known to be right. */
    for (int round = -1; round < rounds && status == STATUS_OK; round++)
        for (int w = 0; w < count && status == STATUS_OK; w++) {
            status = ask(&asking, w, round < 0 ? WORKER_PACKED_VERIFY : WORKER_PACKED_REPEAT, &answer);
            if (status == STATUS_OK && round >= 0 && times) {
                result->seconds[w][round] = answer.packed.attention;
                result->rope[w][round] = answer.packed.rope;
            }
            if (status == STATUS_OK && tell && !tell(context, ++done, of))
                status = STATUS_INTERRUPTED;
        }
    if (status != STATUS_OK)
        modernbert_free(result);
    return status;
}
