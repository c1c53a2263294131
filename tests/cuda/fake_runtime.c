#include "fake_runtime.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/cuda/cuda_packed.h"
#include "kernels/cuda/cuda_rope.h"
#include "kernels/oracle.h"

struct fake_gpu fake_gpu;

static cudaError_t last_error, *last = &last_error;

struct CUevent_st {
    double at;
};

void fake_gpu_work(double seconds)
{
    if (fake_gpu.capturing)
        fake_gpu.captured++;
    else
        fake_gpu.now += seconds;
}

static cudaError_t remember(cudaError_t error)
{
    if (error != cudaSuccess)
        *last = error;
    return error;
}

cudaError_t cudaGetLastError(void)
{
    cudaError_t error = *last;
    *last = cudaSuccess;
    return error;
}

static cudaError_t synchronise(void)
{
    cudaError_t error = fake_gpu.at_sync;
    fake_gpu.synchronised++;
    if (!fake_gpu.sticky)
        fake_gpu.at_sync = cudaSuccess;
    return remember(error);
}

cudaError_t cudaDeviceSynchronize(void)
{
    return synchronise();
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream)
{
    (void)stream;
    return synchronise();
}

const char *cudaGetErrorString(cudaError_t error)
{
    return error == cudaErrorIllegalAddress ? "an illegal memory access was encountered" : "some error";
}

const char *cudaGetErrorName(cudaError_t error)
{
    return error == cudaErrorIllegalAddress ? "cudaErrorIllegalAddress" : "cudaErrorOther";
}

cudaError_t cudaDriverGetVersion(int *version)
{
    *version = fake_gpu.driver;
    return cudaSuccess;
}

cudaError_t cudaSetDevice(int device)
{
    return remember(device == 0 ? cudaSuccess : cudaErrorInvalidDevice);
}

cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *properties, int device)
{
    (void)device;
    memset(properties, 0, sizeof *properties);
    strcpy(properties->name, "Fake H100");
    properties->major = fake_gpu.major;
    properties->multiProcessorCount = 132;
    properties->sharedMemPerBlockOptin = 227 << 10;
    properties->l2CacheSize = fake_gpu.l2;
    properties->totalGlobalMem = fake_gpu.memory;
    return cudaSuccess;
}

cudaError_t cudaDeviceGetPCIBusId(char *bus, int size, int device)
{
    (void)size;
    (void)device;
    strcpy(bus, "0000:81:00.0");
    return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags)
{
    (void)flags;
    *stream = NULL;
    return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
    (void)stream;
    return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t *event)
{
    *event = calloc(1, sizeof **event);
    return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
    free(event);
    return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream)
{
    (void)stream;
    event->at = fake_gpu.now;
    return cudaSuccess;
}

cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t start, cudaEvent_t end)
{
    *milliseconds = (float)(1e3 * (end->at - start->at));
    return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t *left, size_t *all)
{
    *all = fake_gpu.memory;
    *left = fake_gpu.memory - fake_gpu.taken;
    return cudaSuccess;
}

/* The size stands in front. */
cudaError_t cudaMalloc(void **memory, size_t bytes)
{
    /* The roofs' gigabytes are address space here: nobody touches them all. */
    size_t *piece = fake_gpu.taken + bytes <= fake_gpu.memory ? calloc(1, bytes + 64) : NULL;
    *memory = piece ? (char *)piece + 64 : NULL;
    if (!piece)
        return remember(cudaErrorMemoryAllocation);
    *piece = bytes;
    fake_gpu.taken += bytes;
    return cudaSuccess;
}

cudaError_t cudaFree(void *memory)
{
    if (!memory)
        return cudaSuccess;
    size_t *piece = (size_t *)(void *)((char *)memory - 64);
    fake_gpu.taken -= *piece;
    free(piece);
    return cudaSuccess;
}

cudaError_t cudaMemset(void *memory, int value, size_t bytes)
{
    (void)memory;
    (void)value;
    (void)bytes;
    return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, enum cudaMemcpyKind kind, cudaStream_t stream)
{
    (void)stream;
    if (kind == cudaMemcpyDeviceToDevice)
        fake_gpu_work(2 * (double)bytes / 3e12);
    else
        memcpy(to, from, bytes);
    return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, enum cudaStreamCaptureMode mode)
{
    (void)stream;
    (void)mode;
    fake_gpu.capturing = true;
    fake_gpu.captured = 0;
    return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *graph)
{
    (void)stream;
    fake_gpu.capturing = false;
    *graph = (cudaGraph_t)&fake_gpu;
    return remember(fake_gpu.no_capture ? cudaErrorStreamCaptureInvalidated : cudaSuccess);
}

cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t *ready, cudaGraph_t graph, unsigned long long flags)
{
    (void)graph;
    (void)flags;
    *ready = (cudaGraphExec_t)&fake_gpu;
    return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t ready, cudaStream_t stream)
{
    (void)ready;
    (void)stream;
    fake_gpu.now += fake_gpu.captured * fake_gpu.cold / 2; /* two stages are two nodes */
    return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph)
{
    (void)graph;
    return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t ready)
{
    (void)ready;
    return cudaSuccess;
}

static void write_right(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    double scratch[64], row[MAX_HEAD_DIM], log_sum_exp;
    for (int64_t i = 0; i < p->len_q; i++) {
        float *o = (float *)launch->tensors->o + i * p->head_dim;
        oracle_row(p, launch->tensors, 0, 0, 0, i, scratch, row, &log_sum_exp);
        for (int64_t c = 0; c < p->head_dim; c++)
            o[c] = fake_gpu.wrong ? 7 : (float)row[c];
        launch->tensors->log_sum_exp[i] = (float)log_sum_exp;
    }
}

/* Two stages: a quarter of the time and three. */
static enum status launch_fake(const struct cuda_launch *launch)
{
    const double shares[] = {0.25, 0.75};
    double call = launch->tensors->q == fake_gpu.last_inputs ? fake_gpu.hot : fake_gpu.cold;
    fake_gpu.launches++;
    fake_gpu.last_inputs = launch->tensors->q;
    cudaError_t error = remember(fake_gpu.at_launch);
    if (!fake_gpu.sticky)
        fake_gpu.at_launch = cudaSuccess;
    if (error != cudaSuccess)
        return STATUS_FAILED;
    write_right(launch);
    for (int stage = 0; stage < 2; stage++) {
        fake_gpu_work(shares[stage] * call + fake_gpu.gap / 2);
        if (launch->clock)
            launch->clock->end(launch->clock, stage);
    }
    return STATUS_OK;
}

static const char *supports_all(const struct attention_problem *problem)
{
    (void)problem;
    return NULL;
}

static size_t some_scratch(const struct attention_problem *problem)
{
    return (size_t)attention_rows(problem) * 4;
}

static void two_stages(const struct attention_problem *problem, struct kernel_stages *stages)
{
    (void)problem;
    *stages = (struct kernel_stages){{{"first", 1, 1, 1}, {"second", 1, 1, 1}}, 2};
}

static const struct cuda_kernel kernel = {"pair",       "pair",       "a pair",   "an idea",  "a source",
                                          supports_all, some_scratch, two_stages, launch_fake};
const struct cuda_kernel *const cuda_kernels[] = {&kernel};
const size_t cuda_kernel_count = 1;

/* A stack of packed sequences: RoPE takes a fifth of a cold call, attention a whole one, and a gap each. */
static enum status launch_part(double seconds)
{
    fake_gpu.launches++;
    cudaError_t error = remember(fake_gpu.at_launch);
    if (!fake_gpu.sticky)
        fake_gpu.at_launch = cudaSuccess;
    fake_gpu_work(seconds + fake_gpu.gap);
    return error == cudaSuccess ? STATUS_OK : STATUS_FAILED;
}

static const char *no_small_packs(const struct cuda_kernel *one, const struct attention_problem *problem,
                                  const struct packed *packed)
{
    (void)one;
    (void)problem;
    return packed->count > 1 ? NULL : "one sequence is no pack";
}

static enum status launch_packed(const struct cuda_kernel *one, const struct cuda_packed_launch *launch,
                                 struct diags *diags)
{
    (void)one;
    (void)launch;
    (void)diags;
    return launch_part(fake_gpu.cold);
}

const struct cuda_packed cuda_kernel_packed = {.unsupported = no_small_packs, .launch = launch_packed};

static const char *turns_all(const struct attention_problem *problem, const struct packed *packed)
{
    (void)problem;
    (void)packed;
    return NULL;
}

static enum status launch_rope(const struct cuda_rope_launch *launch, struct diags *diags)
{
    (void)launch;
    (void)diags;
    return launch_part(fake_gpu.cold / 5);
}

const struct cuda_rope cuda_kernel_rope = {.unsupported = turns_all, .launch = launch_rope};
