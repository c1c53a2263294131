#include "harness/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const size_t LARGE_PAGE = 2 << 20;

/* The number behind `name` in a file of such lines; -1 when there is none. */
static int64_t value_in(const char *path, const char *name)
{
    FILE *file = fopen(path, "r");
    char line[256];
    long long value = -1;
    while (file && value < 0 && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0 && strcspn(line, " \t") == strlen(name))
            sscanf(line + strlen(name), " %lld", &value);
    if (file)
        fclose(file);
    return value < 0 ? -1 : value;
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

/* A control group's limit, its use, and the file pages in it that are given back when memory is asked for. */
struct cgroup {
    const char *limit, *used, *statistics, *reclaimable;
};

/* Versions 2 and 1, as a container sees its own group. */
static const struct cgroup cgroups[] = {
    {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", "inactive_file"},
    {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes",
     "/sys/fs/cgroup/memory/memory.stat", "total_inactive_file"},
};

int64_t memory_available(void)
{
    int64_t available = value_in("/proc/meminfo", "MemAvailable:");
    available = available < 0 ? INT64_MAX : 1024 * available;
    for (size_t i = 0; i < sizeof cgroups / sizeof cgroups[0]; i++) {
        int64_t limit = number_in(cgroups[i].limit), used = number_in(cgroups[i].used);
        int64_t back = value_in(cgroups[i].statistics, cgroups[i].reclaimable);
        if (limit <= 0 || used < 0)
            continue; /* no such group, or "max" */
        int64_t room = limit - used + (back > 0 ? back : 0);
        room = room > 0 ? room : 0;
        available = room < available ? room : available;
    }
    return available;
}

void *memory_take(size_t bytes)
{
    if (bytes > PTRDIFF_MAX - LARGE_PAGE)
        return NULL;
    /* Large arrays in large pages where the system grants them: walking through tensors misses the TLB less. */
    bool large = bytes >= 2 * LARGE_PAGE;
    size_t unit = large ? LARGE_PAGE : 64, whole = (bytes + unit - 1) / unit * unit;
    void *memory = aligned_alloc(unit, whole ? whole : unit);
    if (memory && large)
        madvise(memory, whole, MADV_HUGEPAGE);
    if (memory)
        memset(memory, 0xff, whole);
    return memory;
}

int64_t memory_peak(void)
{
    int64_t peak = value_in("/proc/self/status", "VmHWM:");
    return peak < 0 ? 0 : 1024 * peak;
}

void memory_peak_reset(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (!file)
        return;
    fputs("5", file);
    fclose(file);
}
