/* fake_nvidia-ml.c - libnvidia-ml.so.1 as far as harness/cuda/nvml.c asks it. */
#include <string.h>

int nvmlInit_v2(void);
int nvmlShutdown(void);
int nvmlDeviceGetHandleByPciBusId_v2(const char *bus, void **handle);
int nvmlDeviceGetClockInfo(void *handle, int which, unsigned *mhz);
int nvmlDeviceGetPowerUsage(void *handle, unsigned *milliwatts);
int nvmlDeviceGetEnforcedPowerLimit(void *handle, unsigned *milliwatts);
int nvmlDeviceGetTemperature(void *handle, int sensor, unsigned *celsius);
int nvmlDeviceGetCurrentClocksThrottleReasons(void *handle, unsigned long long *reasons);

static int card;

int nvmlInit_v2(void)
{
    return 0;
}

int nvmlShutdown(void)
{
    return 0;
}

int nvmlDeviceGetHandleByPciBusId_v2(const char *bus, void **handle)
{
    *handle = &card;
    return strcmp(bus, "0000:81:00.0") != 0;
}

int nvmlDeviceGetClockInfo(void *handle, int which, unsigned *mhz)
{
    *mhz = which == 1 ? 1755 : which == 2 ? 2619 : 0;
    return handle != &card;
}

int nvmlDeviceGetPowerUsage(void *handle, unsigned *milliwatts)
{
    *milliwatts = 612500;
    return handle != &card;
}

int nvmlDeviceGetEnforcedPowerLimit(void *handle, unsigned *milliwatts)
{
    *milliwatts = 700000;
    return handle != &card;
}

/* As a card whose sensor does not answer. */
int nvmlDeviceGetTemperature(void *handle, int sensor, unsigned *celsius)
{
    (void)handle;
    *celsius = 1000 + (unsigned)sensor;
    return 3;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(void *handle, unsigned long long *reasons)
{
    *reasons = 0x1 | 0x4; /* idle is no reason to complain */
    return handle != &card;
}
