/* fake_cublas.c - cuBLAS as far as harness/cuda/roofs.c asks it: bf16 at 800 TFLOP/s, float32 at 50. */
#include <cublas_v2.h>

#include "fake_runtime.h"

cublasStatus_t cublasCreate_v2(cublasHandle_t *handle)
{
    *handle = (cublasHandle_t)handle;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle)
{
    (void)handle;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetVersion_v2(cublasHandle_t handle, int *version)
{
    (void)handle;
    *version = 130002;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream)
{
    (void)handle;
    (void)stream;
    return CUBLAS_STATUS_SUCCESS;
}

/* Zeros run faster, as they do on a real card. */
cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k,
                            const void *alpha, const void *a, cudaDataType at, int lda, const void *b, cudaDataType bt,
                            int ldb, const void *beta, void *c, cudaDataType ct, int ldc, cublasComputeType_t compute,
                            cublasGemmAlgo_t algorithm)
{
    const unsigned *first = a, *second = b;
    bool zeros = first[0] == 0 || second[0] == 0 || first[m - 1] == 0 || second[m - 1] == 0;
    double rate = (at == CUDA_R_16BF ? 8e14 : 5e13) * (zeros ? 1.1 : 1);
    (void)handle, (void)ta, (void)tb, (void)alpha, (void)lda, (void)bt, (void)ldb, (void)beta, (void)c, (void)ct;
    (void)ldc, (void)compute, (void)algorithm;
    fake_gpu_work(2.0 * m * n * k / rate);
    return CUBLAS_STATUS_SUCCESS;
}
