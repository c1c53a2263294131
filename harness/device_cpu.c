/* device_cpu.c - the processor as a device. Its cases are measured in the program's own process (bench.c); this row
 * serves what treats all devices alike: comparing outputs, and the tests of what stands above. */
#include <stdlib.h>
#include <string.h>

#include "harness/device.h"
#include "harness/memory.h"
#include "kernels/oracle.h"

/* NOLINTNEXTLINE(readability-non-const-parameter): as every row has it */
static int count(char *reason, size_t size)
{
    (void)reason;
    (void)size;
    return 1;
}

static const struct kernel *const *kernels(size_t *how_many)
{
    *how_many = kernel_count;
    return kernel_table;
}

static enum status open_session(int index, void **session, struct device_fault *fault)
{
    if (index != 0)
        return device_failed(fault, true, "there is one processor, cpu:0");
    *session = NULL;
    return STATUS_OK;
}

static void close_session(void *session)
{
    (void)session;
}

static double room(void *session)
{
    (void)session;
    return 0.9 * (double)memory_available();
}

/* The caches are not passed by rotation here: the calls of other cases come between. */
static double cache(void *session)
{
    (void)session;
    return 0;
}

static void *take(void *session, const char *name, size_t bytes)
{
    (void)session;
    (void)name;
    return memory_take(bytes);
}

static void give_back(void *session, void *memory)
{
    (void)session;
    free(memory);
}

static enum status move(void *session, void *to, const void *from, size_t bytes, struct device_fault *fault)
{
    (void)session;
    (void)fault;
    memcpy(to, from, bytes);
    return STATUS_OK;
}

static enum status poison(void *session, void *memory, size_t bytes, struct device_fault *fault)
{
    (void)session;
    (void)fault;
    oracle_poison(memory, bytes);
    return STATUS_OK;
}

static struct kernel_launch launch_of(const struct device_launch *launch)
{
    return (struct kernel_launch){.problem = launch->problem,
                                  .tensors = launch->sets,
                                  .workspace = launch->workspace,
                                  .threads = launch->threads};
}

static enum status outcome(enum status status, struct device_fault *fault)
{
    if (status == STATUS_OK)
        return status;
    device_failed(fault, false, status == STATUS_NO_MEMORY ? "the kernel ran out of memory" : "the launch failed");
    return status;
}

static enum status run(void *session, const struct device_launch *launch, struct device_fault *fault)
{
    (void)session;
    struct kernel_launch one = launch_of(launch);
    return outcome(launch->kernel->launch(&one), fault);
}

static enum status repeat(void *session, const struct device_launch *launch, double min_time,
                          struct repetition *repetition, struct device_fault *fault)
{
    (void)session;
    struct kernel_launch one = launch_of(launch);
    return outcome(measure_repetition(launch->kernel, &one, min_time, 0, &clock_system, repetition), fault);
}

const struct device device_cpu = {
    .name = "cpu",
    .backend = "cpu",
    .words = "the processor",
    .times = true,
    .apart = false,
    .count = count,
    .kernels = kernels,
    .open = open_session,
    .close = close_session,
    .room = room,
    .cache = cache,
    .take = take,
    .give_back = give_back,
    .upload = move,
    .download = move,
    .poison = poison,
    .launch = run,
    .repeat = repeat,
};
