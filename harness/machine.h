/* machine.h - the machine that a record was measured on. All strings are owned by the struct. */
#ifndef HARNESS_MACHINE_H
#define HARNESS_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/status.h"

struct machine_cache {
    char type[16]; /* "Data", "Instruction", "Unified" (Google Benchmark's words) */
    int level;
    int64_t size;    /* bytes */
    int num_sharing; /* CPUs that share one */
};

enum { MACHINE_CACHES = 8, MACHINE_WORDS = 96 };

/* A graphics card. No strings to free: it travels between processes. */
struct machine_gpu {
    char name[MACHINE_WORDS];     /* "NVIDIA H100 80GB HBM3"; "" when there is none */
    char device[MACHINE_WORDS];   /* "cuda:0" */
    char driver[MACHINE_WORDS];   /* the newest CUDA that the driver knows: "CUDA 13.0" */
    char toolkit[MACHINE_WORDS];  /* what the program was built with: "CUDA 13.0" */
    char sensors[MACHINE_WORDS];  /* "NVML", or why clock, power and temperature are not known */
    char products[MACHINE_WORDS]; /* who did the products: "cuBLAS 13.0.2"; or why they are not known */
    int major, minor;             /* compute capability */
    int multiprocessors;
    int64_t sram_block;               /* bytes of shared memory that one block may have */
    int64_t l2, memory;               /* bytes */
    double copy;                      /* bytes/s measured, read + written; NaN before */
    double product_bf16, product_f32; /* FLOP/s measured, large products of random matrices; NaN before */
    double power_limit;               /* watts; NaN where nobody tells */
};

struct machine {
    char *host_name;
    char *cpu_name; /* as the system names it, trimmed: "AMD EPYC 9B14" */
    char *system;   /* "Debian GNU/Linux 12, Linux 6.1" */
    char *isa;      /* the instruction set that the CPU kernels chose (roof.h) */
    char *blas;     /* "OpenBLAS 0.3.21, core SkylakeX" */
    char *compiler; /* "gcc 12.2.0" */
    char *build_type;
    char *governor; /* scaling governor, or NULL where the system tells none */
    int num_cpus;   /* online and allowed to this process */
    double mhz;     /* clock at the start, 0 when unknown */
    bool scaling;   /* frequency scaling enabled */
    bool pinned;    /* the process could be pinned */
    double load[3]; /* load average at the start */
    int64_t memory; /* bytes of main memory */
    struct machine_cache caches[MACHINE_CACHES];
    int cache_count;
    double fma_peak_1, fma_peak; /* FLOP/s measured, one thread and all; 0 before the probe */
    double copy_1, copy;         /* bytes/s read + written, one thread and all; the better of regular and
                                    non-temporal stores */
    struct machine_gpu gpu;      /* the one whose cases are in the record; name "": none */
    char *commit;                /* git sha at build, "unknown" outside a checkout; "-dirty" is the flag below */
    bool dirty;
    char *sources; /* hash over the sources of kernels/ and harness/ at build: tells a stale record */
};

/* Looks the machine up (no probe). STATUS_OK; what cannot be read is left empty, never guessed. */
enum status machine_look(struct machine *machine, struct diags *diags);
void machine_free(struct machine *machine);

#endif
