/* device_packed.h - the two launches of a stack over packed sequences, for the rows of device.h that run CUDA kernels:
 * a GPU's and the simulator's differ only in whose kernels and whose stream it is. */
#ifndef HARNESS_DEVICE_PACKED_H
#define HARNESS_DEVICE_PACKED_H

#include "harness/device.h"
#include "kernels/cuda/cuda_packed.h"
#include "kernels/cuda/cuda_rope.h"

/* Put onto the stream; wait for nothing. What the kernels refuse is a fault with the reason; an error of the launch is
 * left to the caller, who knows his runtime: then fault->reason stays as it is. */
enum status device_packed_rope(const struct device_packed *packed, const struct cuda_rope *rope, void *stream,
                               struct device_fault *fault);
enum status device_packed_attention(const struct device_packed *packed, const struct cuda_packed *attention,
                                    void *stream, struct device_fault *fault);

#endif
