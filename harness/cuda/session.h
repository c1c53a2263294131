/* session.h - a GPU that this process has opened: shared by the files of harness/cuda/ only. */
#ifndef HARNESS_CUDA_SESSION_H
#define HARNESS_CUDA_SESSION_H

#include <cuda_runtime_api.h>

#include "harness/device.h"

/* NVML, NVIDIA's library of sensors, found at run time. */
struct nvml {
    void *library, *handle; /* NULL: not there */
    int (*clock)(void *handle, int which, unsigned *mhz);
    int (*power)(void *handle, unsigned *milliwatts);
    int (*power_limit)(void *handle, unsigned *milliwatts);
    int (*temperature)(void *handle, int sensor, unsigned *celsius);
    int (*slowed)(void *handle, unsigned long long *reasons);
    char words[96]; /* "NVML", or why it is not used */
};

enum { SESSION_BATCH = 64, SESSION_MARKS = 1024 };

struct cuda_session {
    int index;
    struct cudaDeviceProp properties;
    cudaStream_t stream;
    cudaEvent_t starts[SESSION_BATCH], ends[SESSION_BATCH];
    cudaEvent_t marks[SESSION_MARKS]; /* of stages; made when first needed, NULL before */
    int64_t turn;                     /* which input set comes next */
    struct nvml nvml;
};

/* What `error` means, as a fault: `doing` says what was tried. Clears it, and finds out whether the context is lost. */
enum status cuda_failed(const char *doing, cudaError_t error, struct device_fault *fault);

/* The kernel onto the stream, with the input set `set`; waits for nothing. */
enum status cuda_put(struct cuda_session *session, const struct device_launch *launch, int set,
                     struct stage_clock *clock, struct device_fault *fault);

/* An event for a mark, made when it is first needed; false when there is none. */
bool cuda_mark(struct cuda_session *session, int mark);

/* device.h's repeat, look (for what the runtime knows), roofs and condition. */
enum status cuda_repeat(void *session, const struct device_launch *launch, double min_time,
                        struct repetition *repetition, struct device_fault *fault);
enum status cuda_packed_repeat(void *session, const struct device_packed *packed, double min_time,
                               struct device_packed_times *times, struct device_fault *fault);
enum status cuda_roofs(void *session, struct machine_gpu *gpu, struct device_fault *fault);
/* FLOP/s of a large product by cuBLAS; NaN with the reason in `words` (MACHINE_WORDS bytes). */
double cuda_product(struct cuda_session *session, enum dtype dtype, char *words);

void nvml_open(struct nvml *nvml, int device);
void nvml_close(struct nvml *nvml);
void nvml_condition(const struct nvml *nvml, struct device_condition *condition);
double nvml_power_limit(const struct nvml *nvml); /* watts, NaN */

#endif
