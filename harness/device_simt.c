/* device_simt.c - the simulator of CUDA kernels in a device's place: it judges results, it never gives a time. */
#ifdef FLASHDECK_SIMT
#include <math.h>
#include <string.h>

#include "harness/device_packed.h"
#include "kernels/cuda/cuda_kernel.h"
#include "kernels/oracle.h"
#include "kernels/simt/simt.h"

/* Address space of the simulated HBM; pages are taken when touched. */
enum { HBM_BYTES = 1 << 30 };

struct simulated {
    struct simt *simt;
    size_t held; /* pieces of memory in use: the arena begins anew when none is */
};

/* NOLINTNEXTLINE(readability-non-const-parameter): as every row has it */
static int count(char *reason, size_t size)
{
    (void)reason;
    (void)size;
    return 1;
}

static const struct kernel *const *kernels(size_t *how_many)
{
    static struct device_rows rows; /* the same for everyone, filled at the first question */
    if (rows.count == 0)
        device_rows_fill(&rows, simt_kernels, simt_kernel_count, "simt");
    *how_many = rows.count;
    return rows.list;
}

static enum status open_session(int index, void **session, struct device_fault *fault)
{
    static struct simulated only; /* one simulator runs at a time in a process (simt.h) */
    if (index != 0)
        return device_failed(fault, true, "there is one simulator, simt:0");
    only = (struct simulated){.simt = simt_open(HBM_BYTES)};
    if (!only.simt)
        return device_failed(fault, true, "the system gives no address space for the simulator");
    *session = &only;
    return STATUS_OK;
}

static void close_session(void *session)
{
    struct simulated *s = session;
    simt_close(s->simt);
    s->simt = NULL;
}

static void look(void *session, struct machine_gpu *gpu)
{
    (void)session;
    strcpy(gpu->name, "simulator (no GPU)");
    gpu->sram_block = SIMT_MOST_SRAM;
    gpu->memory = HBM_BYTES;
}

static double room(void *session)
{
    (void)session;
    return HBM_BYTES;
}

/* It models no cache; two sets in turn show that rotation works. */
static double cache(void *session)
{
    (void)session;
    return 1;
}

static void *take(void *session, const char *name, size_t bytes)
{
    struct simulated *s = session;
    void *memory = simt_alloc(s->simt, name, 4, (bytes + 3) / 4);
    s->held += memory != NULL;
    return memory;
}

static void give_back(void *session, void *memory)
{
    struct simulated *s = session;
    if (!memory)
        return;
    simt_free(s->simt, memory);
    if (--s->held == 0)
        simt_reset(s->simt);
}

static enum status upload(void *session, void *to, const void *from, size_t bytes, struct device_fault *fault)
{
    (void)fault;
    simt_upload(((struct simulated *)session)->simt, to, from, bytes);
    return STATUS_OK;
}

static enum status download(void *session, void *to, const void *from, size_t bytes, struct device_fault *fault)
{
    (void)session;
    (void)fault;
    memcpy(to, from, bytes);
    return STATUS_OK;
}

/* Poison counts as uninitialised: the simulator still sees who reads it. */
static enum status poison(void *session, void *memory, size_t bytes, struct device_fault *fault)
{
    (void)session;
    (void)fault;
    oracle_poison(memory, bytes);
    return STATUS_OK;
}

static enum status launch_set(struct simulated *s, const struct device_launch *launch, int set,
                              struct device_fault *fault)
{
    struct cuda_launch one = {.problem = launch->problem,
                              .tensors = &launch->sets[set],
                              .block_first = launch->block_first,
                              .block_list = launch->block_list,
                              .gate = launch->gate,
                              .angles = launch->angles,
                              .workspace = launch->workspace,
                              .stream = s->simt};
    enum status status = launch->kernel->cuda->launch(&one);
    if (status != STATUS_OK) {
        device_failed(fault, false, "%s",
                      simt_fault(s->simt)->kind ? simt_fault(s->simt)->message : "the launch failed");
        simt_clear_fault(s->simt);
    }
    return status;
}

static enum status packed(void *session, const struct device_packed *stack, double min_time,
                          struct device_packed_times *times, struct device_fault *fault)
{
    struct simulated *s = session;
    (void)min_time;
    *times = (struct device_packed_times){NAN, NAN, 1};
    enum status status = device_packed_rope(stack, &simt_kernel_rope, s->simt, fault);
    if (status == STATUS_OK)
        status = device_packed_attention(stack, &simt_kernel_packed, s->simt, fault);
    if (status != STATUS_OK && simt_fault(s->simt)->kind)
        device_failed(fault, false, "%s", simt_fault(s->simt)->message);
    simt_clear_fault(s->simt);
    return status;
}

static enum status run(void *session, const struct device_launch *launch, struct device_fault *fault)
{
    return launch_set(session, launch, 0, fault);
}

static enum status repeat(void *session, const struct device_launch *launch, double min_time,
                          struct repetition *repetition, struct device_fault *fault)
{
    (void)min_time;
    *repetition = (struct repetition){.seconds = NAN, .cpu_seconds = NAN, .calls = 1, .hot = NAN, .graph = NAN};
    return launch_set(session, launch, launch->set_count - 1, fault);
}

const struct device device_simt = {
    .name = "simt",
    .backend = "simt",
    .words = "the simulator of CUDA kernels: judges results, gives no times",
    .times = false,
    .apart = true,
    .count = count,
    .kernels = kernels,
    .open = open_session,
    .close = close_session,
    .look = look,
    .room = room,
    .cache = cache,
    .take = take,
    .give_back = give_back,
    .upload = upload,
    .download = download,
    .poison = poison,
    .launch = run,
    .repeat = repeat,
    .packed = packed,
};
#else
typedef int no_simulator_in_this_build; /* a file of nothing is not C */
#endif
