/* counting_none.c - in place of counting.c where the build has no simulator. */
#ifndef FLASHDECK_SIMT
#include <stdio.h>

#include "cli/counting.h"

bool counting_possible(void)
{
    return false;
}

enum status counting_plan(struct counting *counting, const char *preset, const struct option_texts *axes,
                          struct diags *diags)
{
    (void)counting;
    (void)preset;
    (void)axes;
    diags_error(diags, NULL, 0, "Install g++, then build again.", "this build has no simulator of CUDA kernels");
    return STATUS_UNSUPPORTED;
}

enum status counting_run(const struct counting *counting, FILE *table, struct record *record, struct diags *diags)
{
    (void)counting;
    (void)table;
    (void)record;
    (void)diags;
    return STATUS_UNSUPPORTED;
}

void counting_free(struct counting *counting)
{
    (void)counting;
}
#else
typedef int counting_is_there; /* a file of C holds at least one declaration */
#endif
