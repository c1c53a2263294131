#include "harness/gpu.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The few calls of the driver that are needed (cuda.h, "CUDA Driver API"); each returns 0 when all is well. */
struct driver {
    int (*init)(unsigned flags);
    int (*count)(int *count);
    int (*name)(char *name, int size, int device);
    int (*attribute)(int *value, int attribute, int device);
    int (*memory)(size_t *bytes, int device);
};
enum { CAPABILITY_MAJOR = 75, CAPABILITY_MINOR = 76 };

static int load(void *library, struct driver *driver)
{
    const struct {
        const char *name;
        void *to;
    } symbols[] = {
        {"cuInit", &driver->init},
        {"cuDeviceGetCount", &driver->count},
        {"cuDeviceGetName", &driver->name},
        {"cuDeviceGetAttribute", &driver->attribute},
        {"cuDeviceTotalMem_v2", &driver->memory},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        void *found = dlsym(library, symbols[i].name);
        if (!found)
            return 0;
        memcpy(symbols[i].to, &found, sizeof found); /* C has no cast from an object to a function */
    }
    return 1;
}

static void look_devices(const struct driver *driver, struct gpus *gpus)
{
    int failed = driver->init(0);
    if (!failed)
        failed = driver->count(&gpus->count);
    if (failed || gpus->count == 0) {
        gpus->count = 0;
        snprintf(gpus->reason, sizeof gpus->reason, "NVIDIA's driver is installed, but finds no device (code %d)",
                 failed);
    }
    if (gpus->count > GPUS_MOST)
        gpus->count = GPUS_MOST;
    for (int i = 0; i < gpus->count; i++) {
        size_t bytes = 0;
        driver->name(gpus->items[i].name, sizeof gpus->items[i].name, i);
        driver->attribute(&gpus->items[i].major, CAPABILITY_MAJOR, i);
        driver->attribute(&gpus->items[i].minor, CAPABILITY_MINOR, i);
        driver->memory(&bytes, i);
        gpus->items[i].memory = (int64_t)bytes;
    }
}

void gpus_look(struct gpus *gpus)
{
    struct driver driver = {0};
    *gpus = (struct gpus){0};
    void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        snprintf(gpus->reason, sizeof gpus->reason, "NVIDIA's driver (libcuda.so.1) is not on this machine");
    else if (!load(library, &driver))
        snprintf(gpus->reason, sizeof gpus->reason, "libcuda.so.1 lacks calls that every driver since 2010 has");
    else
        look_devices(&driver, gpus);
    /* The library stays loaded: a driver that was initialised must not be unloaded. */
}
