/* gpu.h - whether NVIDIA's driver is on this machine, asked without linking against it. */
#ifndef HARNESS_GPU_H
#define HARNESS_GPU_H

#include <stdint.h>

enum { GPUS_MOST = 16 };

struct gpus {
    int count; /* 0: none */
    struct {
        char name[96];
        int major, minor; /* compute capability */
        int64_t memory;   /* bytes */
    } items[GPUS_MOST];
    char reason[160]; /* why there is none, one line; "" when there are some */
};

void gpus_look(struct gpus *gpus);

#endif
