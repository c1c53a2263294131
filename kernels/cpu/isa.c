/* isa.c - which instruction set the CPU kernels use on this processor. */
#include <stdlib.h>
#include <string.h>

#include "kernels/cpu/tile.h"
#include "kernels/roof.h"

extern const struct tile_ops tile_ops_c;
#if defined(__x86_64__)
extern const struct tile_ops tile_ops_avx2, tile_ops_avx512;

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}
#elif defined(__aarch64__)
extern const struct tile_ops tile_ops_neon;
#endif

static bool always(void)
{
    return true;
}

/* Best first. */
static const struct {
    const struct tile_ops *ops;
    bool (*runs)(void);
} tables[] = {
#if defined(__x86_64__)
    {&tile_ops_avx512, has_avx512},
    {&tile_ops_avx2, has_avx2},
#elif defined(__aarch64__)
    {&tile_ops_neon, always},
#endif
    {&tile_ops_c, always},
};
enum { TABLES = sizeof tables / sizeof tables[0] };

const struct tile_ops *tile_ops_named(const char *isa)
{
    for (int i = 0; i < TABLES; i++)
        if (strcmp(tables[i].ops->isa, isa) == 0)
            return tables[i].runs() ? tables[i].ops : NULL;
    return NULL;
}

const struct tile_ops *tile_ops(void)
{
    const char *wanted = getenv("FLASHDECK_ISA");
    const struct tile_ops *named = wanted ? tile_ops_named(wanted) : NULL;
    for (int i = 0; !named && i < TABLES; i++)
        if (tables[i].runs())
            named = tables[i].ops;
    return named;
}

const char *cpu_isa(void)
{
    return tile_ops()->isa;
}

int cpu_vector_floats(void)
{
    return tile_ops()->vector_floats;
}
