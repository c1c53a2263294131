/* device.h - where kernels run: a row of a table. A new kind of device is one row more.
 *
 * A row knows how many of its kind are here, which kernels are theirs, and how to hold memory, launch and time on one
 * of them. Nothing above it (station.h, worker.h, bench.h) knows CUDA, so a test can put a device of its own in the
 * place of a real one, and without nvcc only the row is missing.
 *
 * A fault of the device is a value: one sentence, and whether the device can still be used by this process. */
#ifndef HARNESS_DEVICE_H
#define HARNESS_DEVICE_H

#include "harness/machine.h"
#include "harness/measure.h"
#include "kernels/kernel.h"
#include "kernels/packed.h"

struct device_fault {
    bool broken;      /* nothing more can be done on it from this process: the next case needs a fresh one */
    char reason[400]; /* one sentence for a person, without a full stop; "" when there is none */
};

/* The state of the card; NaN where nobody tells. */
struct device_condition {
    double mhz, memory_mhz; /* clocks of multiprocessors and memory */
    double watts, celsius;
    char slowed[96]; /* why the card holds its clock down, in words; "" when it does not or nobody tells */
};

struct device_launch {
    const struct kernel *kernel; /* one of the row's own */
    const struct attention_problem *problem;
    const struct attention_tensors *sets; /* [set_count], in the device's memory; each with inputs of its own */
    int set_count;                        /* at least 1; a launch uses the first, a repetition all in turn */
    const int64_t *block_first;           /* in the device's memory: the arrays of a block mask, else NULL */
    int32_t *block_list;                  /* written by a kernel that chooses its blocks */
    const float *gate, *angles;           /* of the mask's choice, else NULL */
    void *workspace;                      /* as large as kernel_workspace says */
    int threads;                          /* of the CPU, where it is the device */
    const char *name;                     /* the case as the record names it: marks for profilers */
};

/* A stack over packed sequences: RoPE turns Q and K of all layers, then one layer's attention follows the other. */
struct device_packed {
    const struct kernel *kernel; /* one of the row's own */
    const struct attention_problem *problem;
    const struct packed *packed;      /* the host's */
    const int64_t *starts;            /* from here on the device's memory: the same numbers */
    struct attention_tensors tensors; /* Q and K as they were before RoPE */
    void *turned_q, *turned_k;        /* as large */
    struct angles global, local;      /* as packed_rope's */
    const char *name;                 /* marks for profilers */
};

struct device_packed_times {
    double attention, rope; /* seconds, the medians of `calls` runs; NaN where the device gives no times */
    int64_t calls;
};

struct device {
    const char *name;    /* what --device calls it: "cpu", "cuda", "simt" */
    const char *backend; /* of its kernels */
    const char *words;   /* what it is, for --help and lists */
    bool times;          /* false: it judges results and never gives a time (the simulator) */
    bool apart;          /* its cases run in a worker process (worker.h), since it can hang or take its process along */

    /* How many are here; 0 with the reason in one line. Creates nothing. */
    int (*count)(char *reason, size_t size);
    const struct kernel *const *(*kernels)(size_t *count);

    /* A session on device `index`, until close. All that follows takes it. STATUS_OK, or another with a fault. */
    enum status (*open)(int index, void **session, struct device_fault *fault);
    void (*close)(void *session);
    /* What it is (roofs left NaN); then its roofs, measured, in about a second. A roof that cannot be measured stays
     * NaN. May be NULL: nothing to tell. */
    void (*look)(void *session, struct machine_gpu *gpu);
    enum status (*roofs)(void *session, struct machine_gpu *gpu, struct device_fault *fault);

    /* Bytes that can still be taken, and the bytes that a working set must pass so that a cache does not hold it. */
    double (*room)(void *session);
    double (*cache)(void *session);
    /* NULL: no memory. `name` is for messages: "q", "workspace". Aligned to 256. */
    void *(*take)(void *session, const char *name, size_t bytes);
    void (*give_back)(void *session, void *memory);
    enum status (*upload)(void *session, void *to, const void *from, size_t bytes, struct device_fault *fault);
    enum status (*download)(void *session, void *to, const void *from, size_t bytes, struct device_fault *fault);
    /* Fills with oracle.h's poison. */
    enum status (*poison)(void *session, void *memory, size_t bytes, struct device_fault *fault);

    /* Launches once and waits. STATUS_OK, STATUS_FAILED, STATUS_NO_MEMORY; STATUS_WRONG: the simulator's verdict. */
    enum status (*launch)(void *session, const struct device_launch *launch, struct device_fault *fault);
    /* One repetition: enough calls to fill `min_time` seconds. Where `times` is false: one call, all times NaN. */
    enum status (*repeat)(void *session, const struct device_launch *launch, double min_time,
                          struct repetition *repetition, struct device_fault *fault);
    void (*condition)(void *session, struct device_condition *condition); /* may be NULL */
    /* Runs of a stack, enough to fill `min_time` seconds; 0: once, untimed. Statuses as launch's. NULL: the row knows
     * no packed sequences (the processor's are run by packed_run). */
    enum status (*packed)(void *session, const struct device_packed *packed, double min_time,
                          struct device_packed_times *times, struct device_fault *fault);
};

/* The program's own, in the order in which they are shown: cpu, cuda (where nvcc built it), simt (where g++ did). */
extern const struct device *const device_table[];
extern const size_t device_count;
extern const struct device device_cpu, device_cuda, device_simt;

/* The rows of CUDA kernels as the planner knows kernels: kernel->cuda is set, launch is not. At most DEVICE_KERNELS. */
struct cuda_kernel;
enum { DEVICE_KERNELS = 32 };
struct device_rows {
    struct kernel rows[DEVICE_KERNELS];
    const struct kernel *list[DEVICE_KERNELS];
    size_t count;
};
void device_rows_fill(struct device_rows *rows, const struct cuda_kernel *const *kernels, size_t count,
                      const char *backend);

/* Writes the reason; `broken` as given. Returns STATUS_FAILED, so that an error is one line. */
enum status device_failed(struct device_fault *fault, bool broken, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

extern const struct device_condition device_condition_unknown;

#endif
