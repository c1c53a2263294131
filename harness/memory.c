#include "harness/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t kilobytes_in(const char *path, const char *name)
{
    FILE *file = fopen(path, "r");
    char line[256];
    long long value = -1;
    while (file && value < 0 && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            sscanf(line + strlen(name), " %lld", &value);
    if (file)
        fclose(file);
    return value < 0 ? -1 : value * 1024;
}

static int64_t number_in(const char *path)
{
    FILE *file = fopen(path, "r");
    long long value = -1;
    if (file && fscanf(file, "%lld", &value) != 1)
        value = -1;
    if (file)
        fclose(file);
    return value;
}

int64_t memory_available(void)
{
    int64_t available = kilobytes_in("/proc/meminfo", "MemAvailable:");
    int64_t limit = number_in("/sys/fs/cgroup/memory.max"), used = number_in("/sys/fs/cgroup/memory.current");
    if (limit > 0 && used >= 0 && (available < 0 || limit - used < available))
        available = limit - used;
    return available;
}

void *memory_take(size_t bytes)
{
    size_t whole = (bytes + 63) / 64 * 64;
    void *memory = aligned_alloc(64, whole ? whole : 64);
    if (memory)
        memset(memory, 0xff, whole);
    return memory;
}

int64_t memory_peak(void)
{
    int64_t peak = kilobytes_in("/proc/self/status", "VmHWM:");
    return peak < 0 ? 0 : peak;
}

void memory_peak_reset(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (!file)
        return;
    fputs("5", file);
    fclose(file);
}
