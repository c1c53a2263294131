#include "kernels/judge.h"

#include "kernels/select/choice.h"

enum status kernel_judge(const struct attention_problem *problem, const struct attention_tensors *tensors,
                         int64_t max_rows, uint64_t seed, int threads, struct verdict *verdict)
{
    *verdict = (struct verdict){.pass = true, .rows_total = attention_rows(problem)};
    if (problem->mask.blocks && problem->mask.blocks->choice) {
        enum status status = choice_judge(problem, tensors, &verdict->pass, verdict->message, sizeof verdict->message);
        if (status != STATUS_OK || !verdict->pass)
            return status;
    }
    return oracle_judge(problem, tensors, max_rows, seed, threads, verdict);
}
