#include "help_simt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

int open_simt(void **state)
{
    *state = simt_open((size_t)1 << 28);
    return *state ? 0 : -1;
}

int close_simt(void **state)
{
    simt_close(*state);
    return 0;
}

const struct cuda_kernel *find_kernel(const char *name)
{
    for (size_t i = 0; i < simt_kernel_count; i++)
        if (strcmp(simt_kernels[i]->name, name) == 0)
            return simt_kernels[i];
    fail_msg("there is no kernel %s", name);
    return NULL;
}
