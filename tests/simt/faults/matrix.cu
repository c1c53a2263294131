/* A 16 x 16 times 16 x 8 product on one warp, its operands brought by ldmatrix, or by hand as PTX draws the fragments;
 * held against a plain product by the test. */
#include <cstring>

#include "simt/faults/faults.h"

#include "kernels/cuda/instructions.cuh"

namespace
{

struct matrices {
    const uint16_t *a, *b; /* [16][16], [16][8] */
    float *c;              /* [16][8] */
    int by_hand, f16, skew;
};

enum { PITCH = 24 }; /* elements: 48 bytes, a multiple of 16 */

__device__ uint32_t pair(uint16_t low, uint16_t high)
{
    return low | static_cast<uint32_t>(high) << 16;
}

__device__ void fragments_by_hand(const uint16_t *a, const uint16_t *b, int lane, uint32_t (&ra)[4], uint32_t (&rb)[2])
{
    int g = lane / 4, t = lane % 4;
    ra[0] = pair(a[g * PITCH + 2 * t], a[g * PITCH + 2 * t + 1]);
    ra[1] = pair(a[(g + 8) * PITCH + 2 * t], a[(g + 8) * PITCH + 2 * t + 1]);
    ra[2] = pair(a[g * PITCH + 2 * t + 8], a[g * PITCH + 2 * t + 9]);
    ra[3] = pair(a[(g + 8) * PITCH + 2 * t + 8], a[(g + 8) * PITCH + 2 * t + 9]);
    rb[0] = pair(b[2 * t * 8 + g], b[(2 * t + 1) * 8 + g]);
    rb[1] = pair(b[(2 * t + 8) * 8 + g], b[(2 * t + 9) * 8 + g]);
}

__global__ void product(matrices m)
{
    SRAM_BEGIN;
    SRAM(uint16_t, a, 16 * PITCH);
    SRAM(uint16_t, b, 16 * 8);
    int lane = threadIdx.x;
    for (int i = lane; i < 256; i += 32)
        a[i / 16 * PITCH + i % 16] = m.a[i];
    for (int i = lane; i < 128; i += 32)
        b[i] = m.b[i];
    __syncwarp();
    uint32_t ra[4], rb[2];
    float c[4] = {1, 1, 1, 1};
    if (m.by_hand) {
        fragments_by_hand(a, b, lane, ra, rb);
    } else {
        /* Matrices 0 and 1: the upper and lower rows of the left half of A; 2 and 3: of the right half. */
        load_matrices(ra, a + lane % 16 * PITCH + lane / 16 * 8 + m.skew);
        load_matrices_transposed(rb, b + lane % 16 * 8);
    }
    if (m.f16)
        multiply_f16(c, ra, rb);
    else
        multiply_bf16(c, ra, rb);
    for (int i = 0; i < 4; i++)
        m.c[(lane / 4 + i / 2 * 8) * 8 + lane % 4 * 2 + i % 2] = c[i];
}

/* Half of the warp multiplies alone. */
__global__ void half_a_product(matrices m)
{
    uint32_t ra[4] = {0}, rb[2] = {0};
    float c[4] = {0};
    if (threadIdx.x < 16)
        multiply_bf16(c, ra, rb); /* wrong: all 32 lanes must come */
    m.c[threadIdx.x] = c[0];
}

matrices make_matrices(struct simt *simt, const uint16_t *a, const uint16_t *b, int by_hand, int f16)
{
    uint16_t *to_a = static_cast<uint16_t *>(simt_alloc(simt, "a", 2, 256));
    uint16_t *to_b = static_cast<uint16_t *>(simt_alloc(simt, "b", 2, 128));
    simt_upload(simt, to_a, a, 512);
    simt_upload(simt, to_b, b, 256);
    return {to_a, to_b, static_cast<float *>(simt_alloc(simt, "c", 4, 128)), by_hand, f16, 0};
}

const size_t sram = 16 * PITCH * 2 + 16 * 8 * 2;

} // namespace

enum status right_product(struct simt *simt, const uint16_t *a, const uint16_t *b, int by_hand, int f16, float *c)
{
    matrices m = make_matrices(simt, a, b, by_hand, f16);
    enum status status = LAUNCH(product, 1, 32, sram, simt, m);
    if (status == STATUS_OK)
        std::memcpy(c, m.c, 128 * sizeof *c);
    return status;
}

enum status wrong_skewed_row(struct simt *simt)
{
    const uint16_t zeros[256] = {0};
    matrices m = make_matrices(simt, zeros, zeros, 0, 0);
    m.skew = 4; /* wrong: rows that begin at 8 bytes beyond a multiple of 16 */
    return LAUNCH(product, 1, 32, sram, simt, m);
}

enum status wrong_half_a_product(struct simt *simt)
{
    const uint16_t zeros[256] = {0};
    return LAUNCH(half_a_product, 1, 32, 0, simt, make_matrices(simt, zeros, zeros, 0, 0));
}
