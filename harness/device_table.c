/* device_table.c - every device that this program was built for, and what their rows share. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "harness/device.h"
#include "kernels/cuda/cuda_kernel.h"

const struct device *const device_table[] = {
    &device_cpu,
#ifdef FLASHDECK_CUDA
    &device_cuda,
#endif
#ifdef FLASHDECK_SIMT
    &device_simt,
#endif
};
const size_t device_count = sizeof device_table / sizeof device_table[0];

const struct device_condition device_condition_unknown = {NAN, NAN, NAN, NAN, ""};

enum status device_failed(struct device_fault *fault, bool broken, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->reason, sizeof fault->reason, format, arguments);
    va_end(arguments);
    fault->broken = broken;
    return STATUS_FAILED;
}

void device_rows_fill(struct device_rows *rows, const struct cuda_kernel *const *kernels, size_t count,
                      const char *backend)
{
    rows->count = count < DEVICE_KERNELS ? count : DEVICE_KERNELS;
    for (size_t i = 0; i < rows->count; i++) {
        const struct cuda_kernel *from = kernels[i];
        rows->rows[i] = (struct kernel){.name = from->name,
                                        .family = from->family,
                                        .backend = backend,
                                        .title = from->title,
                                        .idea = from->idea,
                                        .source = from->source,
                                        .unsupported = from->unsupported,
                                        .stages = from->stages,
                                        .cuda = from};
        rows->list[i] = &rows->rows[i];
    }
}
