/* device_cuda.c - NVIDIA's GPUs as a device. The runtime is linked statically and needs no driver to start: a machine
 * without one runs the same program and is told so in one line. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nvtx3/nvToolsExt.h>

#include "harness/cuda/session.h"
#include "harness/gpu.h"
#include "kernels/cuda/cuda_kernel.h"
#include "kernels/oracle.h"

/* The least compute capability that kernels are built for. */
enum { LEAST_MAJOR = 8 };

static int count(char *reason, size_t size)
{
    struct gpus gpus;
    gpus_look(&gpus);
    snprintf(reason, size, "%s", gpus.reason);
    return gpus.count;
}

static const struct kernel *const *kernels(size_t *how_many)
{
    static struct device_rows rows; /* the same for everyone, filled at the first question */
    if (rows.count == 0)
        device_rows_fill(&rows, cuda_kernels, cuda_kernel_count, "cuda");
    *how_many = rows.count;
    return rows.list;
}

enum status cuda_failed(const char *doing, cudaError_t error, struct device_fault *fault)
{
    cudaGetLastError();
    bool broken = error != cudaErrorMemoryAllocation && cudaDeviceSynchronize() != cudaSuccess;
    cudaGetLastError();
    device_failed(fault, broken, "%s: %s (%s)", doing, cudaGetErrorString(error), cudaGetErrorName(error));
    return error == cudaErrorMemoryAllocation ? STATUS_NO_MEMORY : STATUS_FAILED;
}

static enum status check_versions(struct device_fault *fault)
{
    int driver = 0;
    cudaError_t error = cudaDriverGetVersion(&driver);
    if (error == cudaSuccess && driver == 0)
        return device_failed(fault, true, "NVIDIA's driver is not on this machine");
    /* Minor versions of one major version go together. */
    if (error == cudaSuccess && driver / 1000 < CUDART_VERSION / 1000)
        return device_failed(fault, true,
                             "the driver knows CUDA up to %d.%d and this program was built with %d.%d: install a newer "
                             "driver, or build with an older toolkit",
                             driver / 1000, driver % 1000 / 10, CUDART_VERSION / 1000, CUDART_VERSION % 1000 / 10);
    return error == cudaSuccess ? STATUS_OK : cuda_failed("the driver does not answer", error, fault);
}

static enum status make_events(struct cuda_session *session, struct device_fault *fault)
{
    cudaError_t error = cudaStreamCreateWithFlags(&session->stream, cudaStreamNonBlocking);
    for (int i = 0; i < SESSION_BATCH && error == cudaSuccess; i++) {
        error = cudaEventCreate(&session->starts[i]);
        if (error == cudaSuccess)
            error = cudaEventCreate(&session->ends[i]);
    }
    return error == cudaSuccess ? STATUS_OK : cuda_failed("no stream and events", error, fault);
}

static enum status open_card(struct cuda_session *session, struct device_fault *fault)
{
    enum status status = check_versions(fault);
    if (status != STATUS_OK)
        return status;
    cudaError_t error = cudaSetDevice(session->index);
    if (error == cudaSuccess)
        error = cudaGetDeviceProperties(&session->properties, session->index);
    if (error == cudaSuccess)
        error = cudaFree(NULL); /* makes the context */
    if (error != cudaSuccess)
        return cuda_failed("the GPU cannot be opened", error, fault);
    if (session->properties.major < LEAST_MAJOR)
        return device_failed(
            fault, true, "%.100s has compute capability %d.%d; the kernels are built for %d.0 and newer",
            session->properties.name, session->properties.major, session->properties.minor, LEAST_MAJOR);
    return make_events(session, fault);
}

static void close_session(void *opened)
{
    struct cuda_session *session = opened;
    nvml_close(&session->nvml);
    for (int i = 0; i < SESSION_BATCH; i++) {
        if (session->starts[i])
            cudaEventDestroy(session->starts[i]);
        if (session->ends[i])
            cudaEventDestroy(session->ends[i]);
    }
    for (int i = 0; i < SESSION_MARKS; i++)
        if (session->marks[i])
            cudaEventDestroy(session->marks[i]);
    if (session->stream)
        cudaStreamDestroy(session->stream);
    free(session);
}

static enum status open_session(int index, void **opened, struct device_fault *fault)
{
    struct cuda_session *session = calloc(1, sizeof *session);
    if (!session)
        return device_failed(fault, true, "out of memory");
    session->index = index;
    enum status status = open_card(session, fault);
    if (status != STATUS_OK) {
        close_session(session);
        return status;
    }
    nvml_open(&session->nvml, index);
    *opened = session;
    return STATUS_OK;
}

static void look(void *opened, struct machine_gpu *gpu)
{
    const struct cuda_session *session = opened;
    const struct cudaDeviceProp *p = &session->properties;
    int driver = 0;
    cudaDriverGetVersion(&driver);
    snprintf(gpu->name, sizeof gpu->name, "%.*s", MACHINE_WORDS - 1, p->name);
    snprintf(gpu->driver, sizeof gpu->driver, "CUDA %d.%d", driver / 1000, driver % 1000 / 10);
    snprintf(gpu->toolkit, sizeof gpu->toolkit, "CUDA %d.%d", CUDART_VERSION / 1000, CUDART_VERSION % 1000 / 10);
    snprintf(gpu->sensors, sizeof gpu->sensors, "%s", session->nvml.words);
    gpu->major = p->major;
    gpu->minor = p->minor;
    gpu->multiprocessors = p->multiProcessorCount;
    gpu->sram_block = (int64_t)p->sharedMemPerBlockOptin;
    gpu->l2 = p->l2CacheSize;
    gpu->memory = (int64_t)p->totalGlobalMem;
    gpu->power_limit = nvml_power_limit(&session->nvml);
}

static double room(void *opened)
{
    size_t left = 0, all = 0;
    (void)opened;
    return cudaMemGetInfo(&left, &all) == cudaSuccess ? 0.95 * (double)left : 0;
}

static double cache(void *opened)
{
    return (double)((struct cuda_session *)opened)->properties.l2CacheSize;
}

static void *take(void *opened, const char *name, size_t bytes)
{
    void *memory = NULL;
    (void)name;
    if ((double)bytes > room(opened) || cudaMalloc(&memory, bytes) != cudaSuccess)
        memory = NULL;
    cudaGetLastError(); /* no memory is no lasting fault */
    return memory;
}

static void give_back(void *opened, void *memory)
{
    (void)opened;
    cudaFree(memory);
}

static enum status copy(struct cuda_session *session, void *to, const void *from, size_t bytes,
                        enum cudaMemcpyKind kind, const char *doing, struct device_fault *fault)
{
    cudaError_t error = cudaMemcpyAsync(to, from, bytes, kind, session->stream);
    if (error == cudaSuccess)
        error = cudaStreamSynchronize(session->stream);
    return error == cudaSuccess ? STATUS_OK : cuda_failed(doing, error, fault);
}

static enum status upload(void *opened, void *to, const void *from, size_t bytes, struct device_fault *fault)
{
    return copy(opened, to, from, bytes, cudaMemcpyHostToDevice, "the inputs could not be copied to the GPU", fault);
}

static enum status download(void *opened, void *to, const void *from, size_t bytes, struct device_fault *fault)
{
    return copy(opened, to, from, bytes, cudaMemcpyDeviceToHost, "the outputs could not be copied from the GPU", fault);
}

/* A stretch of poison at a time: scratch may be larger than the host's memory. */
static enum status poison(void *opened, void *memory, size_t bytes, struct device_fault *fault)
{
    static unsigned char stretch[1 << 20];
    enum status status = STATUS_OK;
    oracle_poison(stretch, sizeof stretch);
    for (size_t done = 0; done < bytes && status == STATUS_OK; done += sizeof stretch) {
        size_t part = bytes - done < sizeof stretch ? bytes - done : sizeof stretch;
        status = copy(opened, (char *)memory + done, stretch, part, cudaMemcpyHostToDevice,
                      "the outputs could not be poisoned", fault);
    }
    return status;
}

enum status cuda_put(struct cuda_session *session, const struct device_launch *launch, int set,
                     struct stage_clock *clock, struct device_fault *fault)
{
    struct cuda_launch one = {.problem = launch->problem,
                              .tensors = &launch->sets[set],
                              .block_first = launch->block_first,
                              .block_list = launch->block_list,
                              .gate = launch->gate,
                              .angles = launch->angles,
                              .workspace = launch->workspace,
                              .stream = session->stream,
                              .clock = clock};
    cudaGetLastError(); /* what came before is not this launch's */
    enum status status = launch->kernel->cuda->launch(&one);
    cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess)
        return cuda_failed("the launch failed", error, fault);
    if (status != STATUS_OK && !fault->reason[0])
        device_failed(fault, false, "the launch was refused");
    return status;
}

static enum status run(void *opened, const struct device_launch *launch, struct device_fault *fault)
{
    struct cuda_session *session = opened;
    nvtxRangePushA(launch->name ? launch->name : launch->kernel->name);
    enum status status = cuda_put(session, launch, 0, NULL, fault);
    cudaError_t error = cudaStreamSynchronize(session->stream);
    nvtxRangePop();
    if (status == STATUS_OK && error != cudaSuccess)
        return cuda_failed("the kernel failed", error, fault);
    return status;
}

static void condition(void *opened, struct device_condition *condition)
{
    nvml_condition(&((struct cuda_session *)opened)->nvml, condition);
}

const struct device device_cuda = {
    .name = "cuda",
    .backend = "cuda",
    .words = "an NVIDIA GPU",
    .times = true,
    .apart = true,
    .count = count,
    .kernels = kernels,
    .open = open_session,
    .close = close_session,
    .look = look,
    .roofs = cuda_roofs,
    .room = room,
    .cache = cache,
    .take = take,
    .give_back = give_back,
    .upload = upload,
    .download = download,
    .poison = poison,
    .launch = run,
    .repeat = cuda_repeat,
    .condition = condition,
    .packed = cuda_packed_repeat,
};
