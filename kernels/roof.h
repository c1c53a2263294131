/* roof.h - what this machine can do at best: the measuring loops behind "share of the roof".
 *
 * These are kernels too: they run the same instructions as flash's inner loops, on the instruction set
 * that was chosen at run time. The harness times them beside the cases. */
#ifndef KERNELS_ROOF_H
#define KERNELS_ROOF_H

#include <stddef.h>
#include <stdint.h>

/* The instruction set that the CPU kernels chose on this machine: "avx512", "avx2", "neon", "c".
 * Environment FLASHDECK_ISA forces a lesser one (tests, comparisons). */
const char *cpu_isa(void);
/* Floats in a vector of it: 16, 8, 4, 4. */
int cpu_vector_floats(void);

/* Runs `rounds` rounds of independent fused multiply-adds that fill the pipelines, on `threads` threads
 * at once, and returns the floating-point operations done (2 an FMA a lane). The caller times it. */
double roof_fma(int threads, int64_t rounds);

/* Copies `bytes` from one buffer to another, split over `threads`; returns bytes moved (read + written).
 * Both aligned to 64; `bytes` a multiple of 64. Regular or non-temporal stores, as asked. */
double roof_copy(int threads, void *to, const void *from, size_t bytes, int non_temporal);

#endif
