/* machine.c - what the system tells of itself: /proc and /sys, nothing guessed. */
#include "harness/machine.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/metric.h"
#include "kernels/cpu/blas.h"
#include "kernels/roof.h"

/* The first line of a file, trimmed; false when there is none. */
static bool first_line(const char *path, char *line, size_t size)
{
    FILE *file = fopen(path, "r");
    bool got = file && fgets(line, (int)size, file);
    if (file)
        fclose(file);
    if (got)
        line[strcspn(line, "\n")] = '\0';
    return got;
}

/* The value behind "name : value" or "NAME=value" in a file of such lines; a fresh string or NULL. */
static char *named_value(const char *path, const char *name, char separator)
{
    FILE *file = fopen(path, "r");
    char line[512];
    char *value = NULL;
    while (file && !value && fgets(line, sizeof line, file)) {
        char *at = strchr(line, separator);
        if (strncmp(line, name, strlen(name)) != 0 || !at)
            continue;
        at += 1 + strspn(at + 1, " \t\"");
        at[strcspn(at, "\"\n")] = '\0';
        value = strdup(at);
    }
    if (file)
        fclose(file);
    return value;
}

static void look_caches(struct machine *machine)
{
    for (int index = 0; index < MACHINE_CACHES; index++) {
        char path[96], line[128];
        struct machine_cache *cache = &machine->caches[machine->cache_count];
        const char *root = "/sys/devices/system/cpu/cpu0/cache/index";
        snprintf(path, sizeof path, "%s%d/type", root, index);
        if (!first_line(path, line, sizeof line))
            return;
        snprintf(cache->type, sizeof cache->type, "%.15s", line);
        snprintf(path, sizeof path, "%s%d/level", root, index);
        cache->level = first_line(path, line, sizeof line) ? atoi(line) : 0;
        snprintf(path, sizeof path, "%s%d/size", root, index);
        char unit = 'K';
        long long size = 0;
        if (first_line(path, line, sizeof line))
            sscanf(line, "%lld%c", &size, &unit);
        cache->size = size * (unit == 'M' ? 1 << 20 : 1 << 10);
        snprintf(path, sizeof path, "%s%d/shared_cpu_map", root, index);
        cache->num_sharing = 0;
        if (first_line(path, line, sizeof line))
            for (const char *digit = line; *digit; digit++)
                if (*digit != ',')
                    cache->num_sharing += __builtin_popcount((unsigned)strtoul((char[]){*digit, 0}, NULL, 16));
        if (cache->size > 0 && cache->level > 0)
            machine->cache_count++;
    }
}

/* What the C library knows, for systems whose /sys hides the caches (containers). */
static void ask_library_for_caches(struct machine *machine)
{
    static const struct {
        int name, level;
        const char *type;
    } known[] = {{_SC_LEVEL1_DCACHE_SIZE, 1, "Data"},
                 {_SC_LEVEL2_CACHE_SIZE, 2, "Unified"},
                 {_SC_LEVEL3_CACHE_SIZE, 3, "Unified"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        long size = sysconf(known[i].name);
        struct machine_cache *cache = &machine->caches[machine->cache_count];
        if (size <= 0)
            continue;
        *cache = (struct machine_cache){.level = known[i].level, .size = size};
        snprintf(cache->type, sizeof cache->type, "%s", known[i].type);
        machine->cache_count++;
    }
}

static char *system_words(void)
{
    struct utsname names;
    char *pretty = named_value("/etc/os-release", "PRETTY_NAME", '='), *words = NULL;
    if (uname(&names) != 0 ||
        asprintf(&words, "%s, %s %s", pretty ? pretty : "unknown system", names.sysname, names.release) < 0)
        words = NULL;
    free(pretty);
    return words;
}

static void look_clock(struct machine *machine)
{
    char line[64];
    char *mhz = named_value("/proc/cpuinfo", "cpu MHz", ':');
    machine->mhz = mhz ? atof(mhz) : 0;
    free(mhz);
    machine->scaling = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", line, sizeof line);
    machine->governor = machine->scaling ? strdup(line) : NULL;
    if (machine->scaling && strcmp(line, "performance") == 0)
        machine->scaling = false; /* Google's meaning: the clock may fall */
}

enum status machine_look(struct machine *machine, struct diags *diags)
{
    *machine = (struct machine){0};
    char host[256] = "", blas[96];
    cpu_set_t allowed;
    gethostname(host, sizeof host - 1);
    blas_describe(blas, sizeof blas);
    machine->host_name = strdup(host);
    machine->cpu_name = named_value("/proc/cpuinfo", "model name", ':');
    if (!machine->cpu_name)
        machine->cpu_name = strdup("unnamed processor");
    machine->system = system_words();
    machine->isa = strdup(cpu_isa());
    machine->blas = strdup(blas);
    machine->compiler = strdup("gcc " __VERSION__);
#ifdef NDEBUG
    machine->build_type = strdup("release");
#else
    machine->build_type = strdup("debug");
#endif
    CPU_ZERO(&allowed);
    machine->num_cpus =
        sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    machine->memory = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    if (getloadavg(machine->load, 3) != 3)
        memset(machine->load, 0, sizeof machine->load);
    look_clock(machine);
    look_caches(machine);
    if (machine->cache_count == 0)
        ask_library_for_caches(machine);
    machine->commit = strdup(build_commit());
    machine->dirty = build_dirty();
    machine->sources = strdup(build_sources());
    if (machine->cpu_name && machine->isa && machine->commit && machine->sources)
        return STATUS_OK;
    diags_error(diags, NULL, 0, NULL, "out of memory while the machine was looked up");
    machine_free(machine);
    return STATUS_NO_MEMORY;
}

void machine_free(struct machine *machine)
{
    char *const texts[] = {machine->host_name, machine->cpu_name, machine->system,   machine->isa,
                           machine->blas,      machine->compiler, machine->governor, machine->build_type,
                           machine->commit,    machine->sources};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    *machine = (struct machine){0};
}
