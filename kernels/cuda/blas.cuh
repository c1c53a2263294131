/* blas.cuh - the products of blas.h, put on a stream by cuBLAS; in the simulator by its stand-in. */
#pragma once

#include "kernels/cuda/launch.cuh"

extern "C" {
#include "kernels/cuda/blas.h"
}

#ifdef __CUDACC__

#include <cstdio>
#include <cstring>

#include <cublas_v2.h>
#include <dlfcn.h>

namespace
{

/* The few calls that we make; `multiply` is NULL where there is no cuBLAS. */
struct cublas_calls {
    cublasStatus_t (*create)(cublasHandle_t *handle);
    cublasStatus_t (*set_stream)(cublasHandle_t handle, cudaStream_t stream);
    cublasStatus_t (*multiply)(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k,
                               const void *alpha, const void *a, cudaDataType at, int lda, long long sa, const void *b,
                               cudaDataType bt, int ldb, long long sb, const void *beta, void *c, cudaDataType ct,
                               int ldc, long long sc, int count, cublasComputeType_t compute, cublasGemmAlgo_t how);
};

template <typename F> bool cublas_call(void *library, const char *name, F *call)
{
    void *found = dlsym(library, name);
    memcpy(call, &found, sizeof found);
    return found != nullptr;
}

/* The version that the headers are of; beside the toolkit when it is not where the loader looks. */
inline struct cublas_calls cublas_find()
{
    struct cublas_calls calls = {};
    char names[2][64];
    snprintf(names[0], sizeof names[0], "libcublas.so.%d", CUBLAS_VER_MAJOR);
    snprintf(names[1], sizeof names[1], "/usr/local/cuda/lib64/libcublas.so.%d", CUBLAS_VER_MAJOR);
    void *library = dlopen(names[0], RTLD_NOW | RTLD_LOCAL);
    if (!library)
        library = dlopen(names[1], RTLD_NOW | RTLD_LOCAL);
    if (!library || !cublas_call(library, "cublasCreate_v2", &calls.create) ||
        !cublas_call(library, "cublasSetStream_v2", &calls.set_stream) ||
        !cublas_call(library, "cublasGemmStridedBatchedEx", &calls.multiply))
        return {};
    return calls;
}

/* A handle takes milliseconds and HBM to make, so each thread makes one a device, at its first launch there, and keeps
 * it to the end of the process; what dlopen found is the process's anyway. NULL when there is none to be had. */
enum { CUBLAS_DEVICES = 64 };
inline cublasHandle_t cublas_handle(const struct cublas_calls *calls)
{
    static thread_local cublasHandle_t handles[CUBLAS_DEVICES];
    int device = 0;
    if (cudaGetDevice(&device) != cudaSuccess || device >= CUBLAS_DEVICES)
        return nullptr;
    if (!handles[device] && calls->create(&handles[device]) != CUBLAS_STATUS_SUCCESS)
        handles[device] = nullptr;
    return handles[device];
}

inline const void *blas_at(const struct blas_matrix *matrix, const int64_t at[BLAS_LEVELS])
{
    int64_t offset = 0;
    for (int level = 0; level < BLAS_LEVELS; level++)
        offset += at[level] * matrix->step[level];
    return static_cast<const uint16_t *>(matrix->first) + offset;
}

/* All products of one level, from those that `at` names, in one call. cuBLAS counts columns first, so that our C is its
 * transpose: C' = B' A'. */
inline bool cublas_level(const struct cublas_calls *calls, cublasHandle_t handle, const struct blas_products *p,
                         const int64_t at[BLAS_LEVELS], int level)
{
    const float zero = 0;
    cudaDataType type = p->dtype == DTYPE_BF16 ? CUDA_R_16BF : CUDA_R_16F;
    return calls->multiply(handle, p->b_transposed ? CUBLAS_OP_T : CUBLAS_OP_N, CUBLAS_OP_N, (int)p->columns,
                           (int)p->rows, (int)p->depth, &p->alpha, blas_at(&p->b, at), type, (int)p->b.row,
                           p->b.step[level], blas_at(&p->a, at), type, (int)p->a.row, p->a.step[level], &zero,
                           const_cast<void *>(blas_at(&p->c, at)), type, (int)p->c.row, p->c.step[level],
                           (int)p->count[level], CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_SUCCESS;
}

/* STATUS_OK, STATUS_UNSUPPORTED where no cuBLAS is found, STATUS_FAILED. */
inline enum status cublas_products(void *stream, const struct blas_products *p)
{
    static const struct cublas_calls calls = cublas_find();
    if (!calls.multiply)
        return STATUS_UNSUPPORTED;
    cublasHandle_t handle = cublas_handle(&calls);
    if (!handle || calls.set_stream(handle, static_cast<cudaStream_t>(stream)) != CUBLAS_STATUS_SUCCESS)
        return STATUS_FAILED;
    /* The longest level is one call, the others are loops. */
    int level = 0;
    for (int other = 1; other < BLAS_LEVELS; other++)
        if (p->count[other] > p->count[level])
            level = other;
    int64_t ends[BLAS_LEVELS], at[BLAS_LEVELS];
    for (int other = 0; other < BLAS_LEVELS; other++)
        ends[other] = other == level ? 1 : p->count[other];
    for (at[0] = 0; at[0] < ends[0]; at[0]++)
        for (at[1] = 0; at[1] < ends[1]; at[1]++)
            for (at[2] = 0; at[2] < ends[2]; at[2]++)
                if (!cublas_level(&calls, handle, p, at, level))
                    return STATUS_FAILED;
    return STATUS_OK;
}

} // namespace

#define BLAS_PRODUCTS(stream, products) cublas_products(stream, products)

#else

#define BLAS_PRODUCTS(stream, products) simt_products(stream, products)

#endif
