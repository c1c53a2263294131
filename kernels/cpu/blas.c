#include "kernels/cpu/blas.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void blas_single_threaded(void)
{
    openblas_set_num_threads(1);
}

void blas_describe(char *words, int size)
{
    char version[64] = "OpenBLAS";
    sscanf(openblas_get_config(), "%*s %63s", version);
    snprintf(words, (size_t)size, "OpenBLAS %s, core %s", version, openblas_get_corename());
}

void blas_choose_core(char **argv)
{
#if defined(__x86_64__)
    static const char *const without_avx512[] = {"Haswell", "Zen", "Sandybridge", "Nehalem", "Prescott"};
    if (getenv("FLASHDECK_BLAS") || !__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") ||
        !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl"))
        return;
    for (size_t i = 0; i < sizeof without_avx512 / sizeof without_avx512[0]; i++)
        if (strcasecmp(openblas_get_corename(), without_avx512[i]) == 0) {
            setenv("OPENBLAS_CORETYPE", "SkylakeX", 1);
            setenv("FLASHDECK_BLAS", "chosen", 1); /* once only, also where OpenBLAS should not follow */
            execv("/proc/self/exe", argv);
            return; /* not executed: the slower core still computes the same */
        }
#else
    (void)argv;
#endif
}
