/* fake_runtime.h - a CUDA runtime on the host: one stream, whose clock moves by what is put on it. */
#ifndef TESTS_CUDA_FAKE_RUNTIME_H
#define TESTS_CUDA_FAKE_RUNTIME_H

#include <cuda_runtime_api.h>
#include <stdbool.h>

struct fake_gpu {
    double now;           /* seconds of the stream */
    double cold, hot;     /* what a call takes: on other inputs than the last one's, on the same again */
    double gap;           /* what the host adds to a launch; not in a graph */
    int major, driver;    /* compute capability; the driver's CUDA, as 13000 */
    size_t memory, taken; /* bytes */
    int l2;
    cudaError_t at_launch, at_sync; /* an error that the next ones meet */
    bool sticky;                    /* it stays */
    bool no_capture;
    int launches, synchronised;
    const void *last_inputs;
    bool capturing;
    int captured;
    bool wrong; /* results */
};
extern struct fake_gpu fake_gpu;

/* Work on the stream; cuBLAS's fake calls it too. */
void fake_gpu_work(double seconds);

#endif
