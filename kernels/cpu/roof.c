/* roof.c - the measuring loops behind "share of the roof": multiply-adds from registers, and a copy. */
#include "kernels/roof.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "kernels/cpu/tile.h"

double roof_fma(int threads, int64_t rounds)
{
    const struct tile_ops *ops = tile_ops();
    double flops = 0;
    float kept = 0; /* read by the caller's compiler nowhere, yet stored: the loops cannot be dropped */
#pragma omp parallel num_threads(threads) reduction(+ : flops, kept)
    {
        /* Near 1 and near 0: the sums neither overflow nor become denormal. */
        float keep[2] = {0.999999f, 1e-6f};
        flops += ops->fma(rounds, keep);
        kept += keep[0];
    }
    return kept == 0.0f ? -flops : flops;
}

static void copy_streaming(char *to, const char *from, size_t bytes)
{
#if defined(__SSE2__)
    for (size_t i = 0; i < bytes; i += 64)
        for (size_t part = 0; part < 64; part += 16)
            _mm_stream_si128((__m128i *)(to + i + part), _mm_load_si128((const __m128i *)(from + i + part)));
    _mm_sfence();
#else
    memcpy(to, from, bytes);
#endif
}

double roof_copy(int threads, void *to, const void *from, size_t bytes, int non_temporal)
{
    size_t lines = bytes / 64;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; part++) {
        size_t first = lines * (size_t)part / (size_t)threads * 64;
        size_t last = lines * ((size_t)part + 1) / (size_t)threads * 64;
        if (non_temporal)
            copy_streaming((char *)to + first, (const char *)from + first, last - first);
        else
            memcpy((char *)to + first, (const char *)from + first, last - first);
    }
    return 2.0 * (double)bytes;
}
