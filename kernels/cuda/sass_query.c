/* sass_query.c - the runtime's own view of a kernel's launches: compiled only where nvcc is. */
#include <cuda_runtime_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/cuda/cuda_kernel.h"
#include "kernels/cuda/sass.h"

static enum status refuse(char *reason, size_t size, const char *doing, cudaError_t error)
{
    snprintf(reason, size, "%s: %s", doing, cudaGetErrorString(error));
    return STATUS_FAILED;
}

static int number_of(const char *architecture)
{
    return atoi(architecture + strcspn(architecture, "0123456789"));
}

static const struct sass_fact *fact_of(const char *entry, int binary_version)
{
    const struct sass_fact *best = NULL;
    for (size_t i = 0; i < sass_fact_count && *entry; i++) {
        int number = number_of(sass_facts[i].architecture);
        if (strcmp(sass_facts[i].entry, entry) == 0 && number <= binary_version &&
            (!best || number > number_of(best->architecture)))
            best = &sass_facts[i];
    }
    return best;
}

/* Records the launches in a graph, which is not instantiated. */
static enum status capture(const struct cuda_kernel *kernel, const struct cuda_launch *launch, cudaGraph_t *graph,
                           char *reason, size_t size)
{
    struct cuda_launch quiet = *launch;
    quiet.clock = NULL; /* a clock would put events of its own on the stream */
    cudaStream_t stream = launch->stream;
    cudaError_t error = cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal);
    if (error != cudaSuccess)
        return refuse(reason, size, "capturing the launch", error);
    enum status status = kernel->launch(&quiet);
    error = cudaStreamEndCapture(stream, graph);
    if (status == STATUS_OK && error == cudaSuccess)
        return STATUS_OK;
    if (error == cudaSuccess)
        cudaGraphDestroy(*graph);
    if (error != cudaSuccess)
        return refuse(reason, size, "ending the capture of the launch", error);
    snprintf(reason, size, "%s cannot be launched here", kernel->name);
    return status;
}

static cudaError_t look(const struct cudaKernelNodeParams *node, int most_threads, struct sass_launch *to)
{
    struct cudaFuncAttributes attributes;
    cudaError_t error = cudaFuncGetAttributes(&attributes, node->func);
    if (error != cudaSuccess)
        return error;
    *to = (struct sass_launch){
        .registers = attributes.numRegs,
        .local_bytes = (int)attributes.localSizeBytes,
        .static_sram = (int)attributes.sharedSizeBytes,
        .dynamic_sram = (int)node->sharedMemBytes,
        .threads = (int)(node->blockDim.x * node->blockDim.y * node->blockDim.z),
        .blocks = (long long)node->gridDim.x * node->gridDim.y * node->gridDim.z,
        .binary_version = attributes.binaryVersion,
    };
#if CUDART_VERSION >= 12030
    const char *entry = NULL;
    if (cudaFuncGetName(&entry, node->func) == cudaSuccess && entry)
        snprintf(to->entry, sizeof to->entry, "%s", entry);
#endif
    to->fact = fact_of(to->entry, to->binary_version);
    error = cudaOccupancyMaxActiveBlocksPerMultiprocessor(&to->blocks_together, node->func, to->threads,
                                                          node->sharedMemBytes);
    to->occupancy = most_threads > 0 ? (double)to->blocks_together * to->threads / most_threads : 0;
    return error;
}

/* Nodes come in no promised order; those of one stream hang on each other like a chain. */
static cudaError_t nodes_in_order(cudaGraph_t graph, cudaGraphNode_t *nodes, size_t *count)
{
    size_t roots = 1;
    *count = 0;
    cudaGraphNode_t at;
    cudaError_t error = cudaGraphGetRootNodes(graph, &at, &roots);
    while (error == cudaSuccess && roots == 1 && *count < SASS_LAUNCHES) {
        nodes[(*count)++] = at;
        cudaGraphNode_t next;
#if CUDART_VERSION >= 13000
        error = cudaGraphNodeGetDependentNodes(at, &next, NULL, &roots);
#else
        error = cudaGraphNodeGetDependentNodes(at, &next, &roots);
#endif
        at = next;
    }
    return error;
}

enum status sass_query(const struct cuda_kernel *kernel, const struct cuda_launch *launch,
                       struct sass_launch launches[SASS_LAUNCHES], int *count, char *reason, size_t size)
{
    cudaGraph_t graph;
    cudaGraphNode_t nodes[SASS_LAUNCHES];
    size_t found = 0;
    int device = 0, most_threads = 0;
    *count = 0;
    enum status status = capture(kernel, launch, &graph, reason, size);
    if (status != STATUS_OK)
        return status;
    cudaError_t error = cudaGetDevice(&device);
    if (error == cudaSuccess)
        error = cudaDeviceGetAttribute(&most_threads, cudaDevAttrMaxThreadsPerMultiProcessor, device);
    if (error == cudaSuccess)
        error = nodes_in_order(graph, nodes, &found);
    for (size_t i = 0; i < found && error == cudaSuccess; i++) {
        enum cudaGraphNodeType type;
        struct cudaKernelNodeParams node;
        error = cudaGraphNodeGetType(nodes[i], &type);
        if (error != cudaSuccess || type != cudaGraphNodeTypeKernel)
            continue;
        error = cudaGraphKernelNodeGetParams(nodes[i], &node);
        if (error == cudaSuccess)
            error = look(&node, most_threads, &launches[*count]);
        *count += error == cudaSuccess;
    }
    cudaGraphDestroy(graph);
    return error == cudaSuccess ? STATUS_OK : refuse(reason, size, "asking about the kernel", error);
}
