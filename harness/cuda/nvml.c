/* nvml.c - clocks, power and temperature by NVML, NVIDIA's management library, where it is. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/cuda/session.h"

/* NVML's own numbers (nvml.h, "Enumerations"). */
enum { CLOCK_MULTIPROCESSORS = 1, CLOCK_MEMORY = 2, SENSOR_GPU = 0 };

static const struct {
    unsigned long long bit;
    const char *words;
} reasons[] = {{0x4, "power limit"},
               {0x8, "hardware slowdown"},
               {0x20, "temperature"},
               {0x40, "temperature, by hardware"},
               {0x80, "power brake"}};

static void *find(void *library, const char *name)
{
    return library ? dlsym(library, name) : NULL;
}

/* C has no cast from an object to a function. */
static bool find_call(void *library, const char *name, void *to)
{
    void *found = find(library, name);
    memcpy(to, &found, sizeof found);
    return found != NULL;
}

static bool open_handle(struct nvml *nvml, int device)
{
    int (*init)(void) = NULL, (*by_bus)(const char *bus, void **handle) = NULL;
    char bus[32] = "";
    return find_call(nvml->library, "nvmlInit_v2", &init) &&
           find_call(nvml->library, "nvmlDeviceGetHandleByPciBusId_v2", &by_bus) && init() == 0 &&
           cudaDeviceGetPCIBusId(bus, sizeof bus, device) == cudaSuccess && by_bus(bus, &nvml->handle) == 0;
}

void nvml_open(struct nvml *nvml, int device)
{
    *nvml = (struct nvml){.library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL)};
    if (!nvml->library) {
        snprintf(nvml->words, sizeof nvml->words, "none: NVML (libnvidia-ml.so.1) is not on this machine");
        return;
    }
    if (!open_handle(nvml, device)) {
        nvml->handle = NULL;
        snprintf(nvml->words, sizeof nvml->words, "none: NVML does not know this GPU");
        return;
    }
    find_call(nvml->library, "nvmlDeviceGetClockInfo", &nvml->clock);
    find_call(nvml->library, "nvmlDeviceGetPowerUsage", &nvml->power);
    find_call(nvml->library, "nvmlDeviceGetEnforcedPowerLimit", &nvml->power_limit);
    find_call(nvml->library, "nvmlDeviceGetTemperature", &nvml->temperature);
    find_call(nvml->library, "nvmlDeviceGetCurrentClocksThrottleReasons", &nvml->slowed);
    snprintf(nvml->words, sizeof nvml->words, "NVML");
}

void nvml_close(struct nvml *nvml)
{
    int (*end)(void) = NULL;
    if (nvml->handle && find_call(nvml->library, "nvmlShutdown", &end))
        end();
    if (nvml->library)
        dlclose(nvml->library);
    *nvml = (struct nvml){0};
}

double nvml_power_limit(const struct nvml *nvml)
{
    unsigned value;
    return nvml->handle && nvml->power_limit && nvml->power_limit(nvml->handle, &value) == 0 ? 1e-3 * value : NAN;
}

void nvml_condition(const struct nvml *nvml, struct device_condition *condition)
{
    unsigned value;
    unsigned long long bits;
    *condition = device_condition_unknown;
    if (!nvml->handle)
        return;
    if (nvml->clock && nvml->clock(nvml->handle, CLOCK_MULTIPROCESSORS, &value) == 0)
        condition->mhz = value;
    if (nvml->clock && nvml->clock(nvml->handle, CLOCK_MEMORY, &value) == 0)
        condition->memory_mhz = value;
    if (nvml->power && nvml->power(nvml->handle, &value) == 0)
        condition->watts = 1e-3 * value;
    if (nvml->temperature && nvml->temperature(nvml->handle, SENSOR_GPU, &value) == 0)
        condition->celsius = value;
    if (nvml->slowed && nvml->slowed(nvml->handle, &bits) == 0)
        for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
            if (bits & reasons[i].bit)
                snprintf(condition->slowed, sizeof condition->slowed, "%s", reasons[i].words);
}
