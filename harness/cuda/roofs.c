/* roofs.c - what a GPU reaches at best: bytes copied inside HBM, and large products of random matrices by cuBLAS, which
 * is found at run time, since most machines that run this program have none. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cublas_v2.h>

#include "harness/cuda/session.h"
#include "harness/plan.h"
#include "kernels/element.h"
#include "kernels/workload.h"

enum { COPY_BYTES = 1 << 30, PROBES = 12, PRODUCT_16 = 8192, PRODUCT_32 = 4096, RANDOM_ELEMENTS = 1 << 22 };

struct cublas {
    void *library;
    cublasStatus_t (*create)(cublasHandle_t *handle);
    cublasStatus_t (*destroy)(cublasHandle_t handle);
    cublasStatus_t (*version)(cublasHandle_t handle, int *version);
    cublasStatus_t (*set_stream)(cublasHandle_t handle, cudaStream_t stream);
    cublasStatus_t (*product)(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k,
                              const void *alpha, const void *a, cudaDataType at, int lda, const void *b,
                              cudaDataType bt, int ldb, const void *beta, void *c, cudaDataType ct, int ldc,
                              cublasComputeType_t compute, cublasGemmAlgo_t algorithm);
};

static bool find_call(void *library, const char *name, void *to)
{
    void *found = dlsym(library, name);
    memcpy(to, &found, sizeof found);
    return found != NULL;
}

/* The version that this program's headers are of; beside the toolkit when it is not where the loader looks. */
static bool cublas_open(struct cublas *cublas)
{
    char names[2][256];
    snprintf(names[0], sizeof names[0], "libcublas.so.%d", CUBLAS_VER_MAJOR);
    snprintf(names[1], sizeof names[1], "%s/libcublas.so.%d", CUDA_LIBRARIES, CUBLAS_VER_MAJOR);
    for (int i = 0; i < 2 && !cublas->library; i++)
        cublas->library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    return cublas->library && find_call(cublas->library, "cublasCreate_v2", &cublas->create) &&
           find_call(cublas->library, "cublasDestroy_v2", &cublas->destroy) &&
           find_call(cublas->library, "cublasGetVersion_v2", &cublas->version) &&
           find_call(cublas->library, "cublasSetStream_v2", &cublas->set_stream) &&
           find_call(cublas->library, "cublasGemmEx", &cublas->product);
}

/* The best of some runs of work that `put` lays on the stream, in seconds; NaN when it fails. */
static double best(struct cuda_session *session, bool (*put)(void *context), void *context)
{
    double fastest = INFINITY;
    for (int i = 0; i < PROBES; i++) {
        float milliseconds = NAN;
        if (cudaEventRecord(session->starts[0], session->stream) != cudaSuccess || !put(context) ||
            cudaEventRecord(session->ends[0], session->stream) != cudaSuccess ||
            cudaStreamSynchronize(session->stream) != cudaSuccess ||
            cudaEventElapsedTime(&milliseconds, session->starts[0], session->ends[0]) != cudaSuccess)
            return NAN;
        if (i >= 2) /* the first ones wake the card */
            fastest = fmin(fastest, 1e-3 * (double)milliseconds);
    }
    return fastest;
}

struct copying {
    void *to, *from;
    cudaStream_t stream;
};

static bool put_copy(void *context)
{
    struct copying *c = context;
    return cudaMemcpyAsync(c->to, c->from, COPY_BYTES, cudaMemcpyDeviceToDevice, c->stream) == cudaSuccess;
}

static double copy_rate(struct cuda_session *session)
{
    struct copying c = {.stream = session->stream};
    double rate = NAN;
    if (cudaMalloc(&c.to, COPY_BYTES) == cudaSuccess && cudaMalloc(&c.from, COPY_BYTES) == cudaSuccess &&
        cudaMemset(c.from, 0x5a, COPY_BYTES) == cudaSuccess && cudaDeviceSynchronize() == cudaSuccess)
        rate = 2.0 * COPY_BYTES / best(session, put_copy, &c);
    cudaFree(c.to);
    cudaFree(c.from);
    cudaGetLastError();
    return rate;
}

struct multiplying {
    struct cublas cublas;
    cublasHandle_t handle;
    void *a, *b, *c;
    int n;
    cudaDataType type;
};

static bool put_product(void *context)
{
    struct multiplying *m = context;
    const float one = 1, zero = 0;
    return m->cublas.product(m->handle, CUBLAS_OP_T, CUBLAS_OP_N, m->n, m->n, m->n, &one, m->a, m->type, m->n, m->b,
                             m->type, m->n, &zero, m->c, m->type, m->n, CUBLAS_COMPUTE_32F,
                             CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_SUCCESS;
}

/* Standard normal values, over and over: zeros would draw less power and run faster. */
static bool fill(struct cuda_session *session, void *to, size_t elements, enum dtype dtype, uint64_t seed)
{
    size_t piece = elements < RANDOM_ELEMENTS ? elements : RANDOM_ELEMENTS, size = dtype_size(dtype);
    float *values = malloc(piece * sizeof *values);
    bool good = values != NULL;
    if (good) {
        workload_gaussian(values, (int64_t)piece, 1, seed, plan_cpus());
        elements_from_floats(values, values, (int64_t)piece, dtype);
    }
    for (size_t at = 0; good && at < elements; at += piece) {
        size_t part = elements - at < piece ? elements - at : piece;
        good = cudaMemcpyAsync((char *)to + at * size, values, part * size, cudaMemcpyHostToDevice, session->stream) ==
               cudaSuccess;
    }
    good = cudaStreamSynchronize(session->stream) == cudaSuccess && good;
    free(values);
    return good;
}

static double product_rate(struct cuda_session *session, struct multiplying *m, enum dtype dtype, char *words)
{
    size_t elements = (size_t)m->n * (size_t)m->n, bytes = elements * dtype_size(dtype);
    int version = 0;
    double rate = NAN;
    bool room = cudaMalloc(&m->a, bytes) == cudaSuccess && cudaMalloc(&m->b, bytes) == cudaSuccess &&
                cudaMalloc(&m->c, bytes) == cudaSuccess;
    if (!room)
        snprintf(words, MACHINE_WORDS, "none: no memory for matrices of %d x %d", m->n, m->n);
    else if (!fill(session, m->a, elements, dtype, 1) || !fill(session, m->b, elements, dtype, 2))
        snprintf(words, MACHINE_WORDS, "none: the matrices could not be copied to the GPU");
    else
        rate = 2.0 * m->n * m->n * (double)m->n / best(session, put_product, m);
    m->cublas.version(m->handle, &version);
    if (isfinite(rate))
        snprintf(words, MACHINE_WORDS, "cuBLAS %d.%d.%d", version / 10000, version / 100 % 100, version % 100);
    else if (room)
        snprintf(words, MACHINE_WORDS, "none: cuBLAS failed");
    cudaFree(m->a);
    cudaFree(m->b);
    cudaFree(m->c);
    cudaGetLastError();
    return rate;
}

double cuda_product(struct cuda_session *session, enum dtype dtype, char *words)
{
    struct multiplying m = {.n = dtype == DTYPE_F32 ? PRODUCT_32 : PRODUCT_16,
                            .type = dtype == DTYPE_F32 ? CUDA_R_32F : CUDA_R_16BF};
    double rate = NAN;
    if (!cublas_open(&m.cublas)) {
        snprintf(words, MACHINE_WORDS, "none: cuBLAS %d is not on this machine", CUBLAS_VER_MAJOR);
    } else if (m.cublas.create(&m.handle) != CUBLAS_STATUS_SUCCESS) {
        snprintf(words, MACHINE_WORDS, "none: cuBLAS does not start");
    } else {
        m.cublas.set_stream(m.handle, session->stream);
        rate = product_rate(session, &m, dtype, words);
        m.cublas.destroy(m.handle);
    }
    return rate; /* the library stays loaded: its destructors are not to be trusted */
}

enum status cuda_roofs(void *opened, struct machine_gpu *gpu, struct device_fault *fault)
{
    struct cuda_session *session = opened;
    gpu->copy = copy_rate(session);
    gpu->product_f32 = cuda_product(session, DTYPE_F32, gpu->products);
    gpu->product_bf16 = cuda_product(session, DTYPE_BF16, gpu->products);
    cudaError_t error = cudaDeviceSynchronize();
    return error == cudaSuccess ? STATUS_OK : cuda_failed("the GPU failed while its roofs were measured", error, fault);
}
