/* bench_room.c - memory for the cases of a run. */
#include <math.h>
#include <stdio.h>

#include "harness/bench_state.h"
#include "harness/memory.h"

static struct tensor_set *set_for(struct bench *b, const struct attention_problem *problem)
{
    for (size_t s = 0; s < b->set_count; s++)
        if (tensors_fit(&b->sets[s], problem))
            return &b->sets[s];
    return NULL;
}

/* Tensors and scratch for one case; false with the reason, before anything is allocated, when they do not fit into
 * the `room` bytes that are left beside what the earlier cases hold. Floating point: a hostile problem's sum of bytes
 * passes 63 bits. */
static bool make_room(struct bench *b, struct run *run, double *room, char *reason, size_t size)
{
    const struct attention_problem *p = &run->plan->problem;
    struct tensor_set *set = set_for(b, p);
    size_t scratch = kernel_workspace(run->plan->kernel, p, run->plan->threads);
    double held = (double)b->workspace_bytes, tensors = set ? 0 : (double)tensors_bytes(p);
    double more = tensors + fmax(0, (double)scratch - held);
    if (more > *room) {
        snprintf(reason, size, "does not fit in memory: needs %.3f GB, %.3f GB are left%s",
                 (tensors + (double)scratch) * 1e-9, (*room + held) * 1e-9,
                 b->set_count ? " beside the other cases" : "");
        return false;
    }
    if (!set && tensors_make(&b->sets[b->set_count], p, b->options->seed, run->plan->threads) != STATUS_OK) {
        snprintf(reason, size, "the system gave no memory for the tensors (%.3f GB)", tensors * 1e-9);
        return false;
    }
    run->set = set ? set : &b->sets[b->set_count++];
    *room -= more;
    b->workspace_bytes = scratch > b->workspace_bytes ? scratch : b->workspace_bytes;
    return true;
}

static enum status none_fits(struct bench *b)
{
    for (size_t i = 0; i < b->plan->count; i++) {
        const struct record_case *c = bench_row(b, &b->runs[i]);
        if (c->failed)
            diags_error(b->diags, NULL, 0, "Choose smaller lengths, fewer heads or another kernel.", "%s %s", c->name,
                        c->error ? c->error : "does not fit in memory");
    }
    return STATUS_NO_MEMORY;
}

enum status bench_make_room(struct bench *b)
{
    /* A tenth stays free for everything else. */
    double room = 0.9 * (double)memory_available();
    char reason[200];
    size_t open = 0, fit = 0;
    for (size_t i = 0; i < b->plan->count; i++) {
        struct run *run = &b->runs[i];
        if (run->finished)
            continue;
        open++;
        /* What fits on a device of its own, its worker says. */
        if (run->place || make_room(b, run, &room, reason, sizeof reason)) {
            struct attention_cost cost = attention_cost(&run->plan->problem);
            bench_row(b, run)->flops = cost.flops;
            bench_row(b, run)->bytes = cost.bytes;
            fit++;
        } else {
            bench_fail(b, run, reason);
        }
    }
    if (fit == 0 && open > 0)
        return none_fits(b);
    b->workspace = memory_take(b->workspace_bytes);
    snprintf(reason, sizeof reason, "the system gave no memory for the workspace (%.3f GB)",
             (double)b->workspace_bytes * 1e-9);
    for (size_t i = 0; i < b->plan->count && !b->workspace; i++)
        if (!b->runs[i].finished)
            bench_fail(b, &b->runs[i], reason);
    return STATUS_OK;
}

double bench_own_peak(const struct bench *b, const struct run *run)
{
    size_t scratch = kernel_workspace(run->plan->kernel, &run->plan->problem, run->plan->threads);
    double others = (double)b->workspace_bytes - (double)scratch;
    for (size_t s = 0; s < b->set_count; s++)
        others += &b->sets[s] == run->set ? 0 : (double)tensors_bytes(&b->sets[s].lengths);
    return fmax(0, (double)memory_peak() - others);
}
