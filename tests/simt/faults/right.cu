/* Right kernels that come close to the wrong ones: none of them may be found, and their results are checked. */
#include "simt/faults/vectors.cuh"

namespace
{

__global__ void tiles(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 64);
    int i = threadIdx.x;
    float sum = 0;
    for (int first = 0; first < a.n; first += 64) {
        tile[i] = first + i < a.n ? a.in[first + i] : 0.0f;
        __syncthreads();
        for (int j = 0; j < 64; j++)
            sum += tile[j];
        __syncthreads();
    }
    a.out[blockIdx.x * 64 + i] = sum;
}

/* Two stages: the next one is on its way while this one is summed up. */
__global__ void stages(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 256);
    int i = threadIdx.x;
    float sum = 0;
    copy_async16(tile + 4 * i, a.in + 4 * i);
    copy_async_commit();
    for (int s = 0; s < 4; s++) {
        if (s < 3)
            copy_async16(tile + (s + 1) % 2 * 128 + 4 * i, a.in + (s + 1) * 128 + 4 * i);
        copy_async_commit();
        copy_async_wait<1>();
        __syncthreads();
        sum += tile[s % 2 * 128 + i];
        __syncthreads();
    }
    copy_async_wait<0>();
    a.out[i] = sum;
}

/* Exchanges through SRAM inside each half of a warp, then the four shuffles. */
__global__ void warp(vectors a)
{
    SRAM_BEGIN;
    SRAM(float, tile, 64);
    int i = threadIdx.x, lane = i % 32;
    tile[i] = a.in[i];
    float value;
    if (lane < 16)
        value = __shfl_xor_sync(0x0000ffffu, tile[i], 1) + tile[i ^ 1];
    else
        value = __shfl_xor_sync(0xffff0000u, tile[i], 2) + tile[i ^ 2];
    __syncwarp();
    tile[i] = value;
    __syncwarp();
    value = tile[i / 32 * 32 + (lane + 5) % 32];
    float up = __shfl_up_sync(0xffffffffu, value, 3), down = __shfl_down_sync(0xffffffffu, value, 2);
    a.out[i] = up + 100 * down + 10000 * __shfl_sync(0xffffffffu, value, lane / 2);
}

__global__ void far(vectors a)
{
    int64_t token = static_cast<int64_t>(40000) * 65536;
    a.out[threadIdx.x] = a.in[token + threadIdx.x];
}

float expected_warp(int i)
{
    int base = i / 32 * 32, lane = i % 32;
    auto value = [base](int l) {
        int from = (l + 5) % 32;
        return 2.0f * static_cast<float>(base + (from < 16 ? from ^ 1 : from ^ 2));
    };
    return value(lane < 3 ? lane : lane - 3) + 100 * value(lane > 29 ? lane : lane + 2) + 10000 * value(lane / 2);
}

} // namespace

enum status right_barriers(struct simt *simt)
{
    vectors a = make_vectors(simt, 150, 128);
    enum status status = LAUNCH(tiles, 2, 64, 64 * sizeof(float), simt, a);
    for (int i = 0; i < 128 && status == STATUS_OK; i++)
        status = a.out[i] == 149 * 150 / 2 ? STATUS_OK : STATUS_FAILED;
    return status;
}

enum status right_stages(struct simt *simt)
{
    vectors a = make_vectors(simt, 512, 32);
    enum status status = LAUNCH(stages, 1, 32, 256 * sizeof(float), simt, a);
    for (int i = 0; i < 32 && status == STATUS_OK; i++)
        status = a.out[i] == static_cast<float>(4 * i + 128 * 6) ? STATUS_OK : STATUS_FAILED;
    return status;
}

enum status right_warp(struct simt *simt)
{
    vectors a = make_vectors(simt, 64, 64);
    enum status status = LAUNCH(warp, 1, 64, 64 * sizeof(float), simt, a);
    for (int i = 0; i < 64 && status == STATUS_OK; i++)
        status = a.out[i] == expected_warp(i) ? STATUS_OK : STATUS_FAILED;
    return status;
}

enum status right_far_offset(struct simt *simt)
{
    vectors a;
    a.in = static_cast<float *>(simt_alloc(simt, "in", sizeof(float), static_cast<size_t>(41000) * 65536));
    a.out = static_cast<float *>(simt_alloc(simt, "out", sizeof(float), 32));
    a.n = 0;
    if (!a.in || !a.out)
        return STATUS_NO_MEMORY;
    simt_assume_initialised(simt, const_cast<float *>(a.in));
    float value = 7;
    simt_upload(simt, const_cast<float *>(a.in) + static_cast<int64_t>(40000) * 65536 + 31, &value, sizeof value);
    enum status status = LAUNCH(far, 1, 32, 0, simt, a);
    return status != STATUS_OK ? status : a.out[31] == 7 && a.out[30] == 0 ? STATUS_OK : STATUS_FAILED;
}
