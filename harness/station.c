#include "harness/station.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/station_sets.h"
#include "kernels/block_mask.h"
#include "kernels/judge.h"

struct station {
    const struct device *device;
    void *session;
    struct station_sets sets;
};

enum status station_open(const struct device *device, int index, struct station **station, struct device_fault *fault)
{
    *fault = (struct device_fault){0};
    struct station *made = calloc(1, sizeof *made);
    if (!made)
        return device_failed(fault, true, "out of memory");
    made->device = device;
    enum status status = device->open(index, &made->session, fault);
    if (status != STATUS_OK) {
        fault->broken = true; /* whatever it was: there is no session to go on with */
        free(made);
        return status;
    }
    made->sets = (struct station_sets){.device = device, .session = made->session};
    *station = made;
    return STATUS_OK;
}

void station_close(struct station *station)
{
    if (!station)
        return;
    station_sets_free(&station->sets);
    station->device->close(station->session);
    free(station);
}

void *station_session(const struct station *station)
{
    return station->session;
}

static struct device_launch launch_of(const struct station_case *c, const struct station_set *set, void *workspace)
{
    return (struct device_launch){.kernel = c->kernel,
                                  .problem = c->problem,
                                  .sets = set->tensors,
                                  .set_count = set->count,
                                  .block_first = set->block_first,
                                  .block_list = set->block_list,
                                  .gate = set->gate,
                                  .angles = set->angles,
                                  .workspace = workspace,
                                  .threads = c->threads,
                                  .name = c->name};
}

static enum status no_room(const struct station *station, const struct station_case *c, struct device_fault *fault)
{
    double needed = (double)tensors_bytes(c->problem) + (double)kernel_workspace(c->kernel, c->problem, c->threads);
    device_failed(fault, false, "does not fit in the device's memory: needs %.3f GB, %.3f GB are left", needed * 1e-9,
                  station->device->room(station->session) * 1e-9);
    return STATUS_NO_MEMORY;
}

/* Tensors in at least `sets` sets and scratch, on the device. */
static enum status prepare(struct station *station, const struct station_case *c, bool rotate, struct station_set **set,
                           void **workspace, struct device_fault *fault)
{
    size_t scratch = kernel_workspace(c->kernel, c->problem, c->threads);
    *fault = (struct device_fault){0};
    enum status status = station_sets_get(&station->sets, c, rotate, scratch, set, workspace, fault);
    if (status == STATUS_NO_MEMORY) /* all is free now */
        status = station_sets_get(&station->sets, c, rotate, scratch, set, workspace, fault);
    return status == STATUS_NO_MEMORY ? no_room(station, c, fault) : status;
}

/* Outputs and scratch are poisoned, so that what is not written is seen; then one launch. */
static enum status launch_poisoned(struct station *station, const struct station_case *c, struct station_set *set,
                                   void *workspace, struct device_fault *fault)
{
    const struct device *device = station->device;
    const struct attention_tensors *t = &set->tensors[0];
    struct device_launch launch = launch_of(c, set, workspace);
    size_t o_bytes = (size_t)attention_q_elements(c->problem) * dtype_size(c->problem->dtype);
    size_t lse_bytes = (size_t)attention_rows(c->problem) * sizeof(float);
    size_t scratch = kernel_workspace(c->kernel, c->problem, c->threads);
    enum status status = device->poison(station->session, t->o, o_bytes, fault);
    if (status == STATUS_OK)
        status = device->poison(station->session, t->log_sum_exp, lse_bytes, fault);
    if (status == STATUS_OK && scratch)
        status = device->poison(station->session, workspace, scratch, fault);
    launch.set_count = 1;
    if (status == STATUS_OK)
        status = device->launch(station->session, &launch, fault);
    if (status == STATUS_OK)
        status = device->download(station->session, set->host.o, t->o, o_bytes, fault);
    if (status == STATUS_OK)
        status = device->download(station->session, set->host.log_sum_exp, t->log_sum_exp, lse_bytes, fault);
    return status;
}

/* Where the kernel chose its blocks: brings its list here. */
static enum status fetch_choice(struct station *station, const struct station_case *c, const struct station_set *set,
                                struct device_fault *fault)
{
    const struct block_mask *mask = c->problem->mask.blocks;
    if (!mask || !mask->choice)
        return STATUS_OK;
    return station->device->download(station->session, (void *)(uintptr_t)mask->block, set->block_list,
                                     (size_t)mask->entries * sizeof *mask->block, fault);
}

enum status station_verify(struct station *station, const struct station_case *c, int64_t rows, struct verdict *verdict,
                           struct device_fault *fault)
{
    struct station_set *set;
    void *workspace;
    enum status status = prepare(station, c, false, &set, &workspace, fault);
    if (status == STATUS_OK)
        status = launch_poisoned(station, c, set, workspace, fault);
    if (status == STATUS_OK)
        status = fetch_choice(station, c, set, fault);
    if (status != STATUS_OK)
        return status;
    struct attention_tensors tensors = tensors_view(&set->host);
    if (kernel_judge(c->problem, &tensors, rows, c->seed, c->threads, verdict) == STATUS_OK)
        return STATUS_OK;
    device_failed(fault, false, "no memory for the oracle");
    return STATUS_NO_MEMORY;
}

enum status station_repeat(struct station *station, const struct station_case *c, double min_time,
                           struct station_times *times, struct device_fault *fault)
{
    const struct device *device = station->device;
    struct station_set *set;
    void *workspace;
    *times = (struct station_times){.before = device_condition_unknown, .after = device_condition_unknown};
    enum status status = prepare(station, c, true, &set, &workspace, fault);
    if (status != STATUS_OK)
        return status;
    struct device_launch launch = launch_of(c, set, workspace);
    times->sets = set->count;
    times->bytes = (double)tensors_bytes(c->problem) + (double)kernel_workspace(c->kernel, c->problem, c->threads);
    if (device->condition)
        device->condition(station->session, &times->before);
    status = device->repeat(station->session, &launch, min_time, &times->repetition, fault);
    if (device->condition)
        device->condition(station->session, &times->after);
    return status;
}

enum status station_output(struct station *station, const struct station_case *c, const char *path,
                           struct device_fault *fault)
{
    struct station_set *set;
    void *workspace;
    enum status status = prepare(station, c, false, &set, &workspace, fault);
    if (status == STATUS_OK)
        status = launch_poisoned(station, c, set, workspace, fault);
    if (status != STATUS_OK)
        return status;
    size_t elements = (size_t)attention_q_elements(c->problem), rows = (size_t)attention_rows(c->problem);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(set->host.o, dtype_size(c->problem->dtype), elements, file) == elements &&
                   fwrite(set->host.log_sum_exp, sizeof(float), rows, file) == rows;
    if (file && fclose(file) != 0)
        written = false;
    return written ? STATUS_OK : device_failed(fault, false, "the outputs could not be written to %.200s", path);
}
