/* lists_sass.c - the machine code of the CUDA kernels: registers, spills, SRAM, and a hash, as they were built. */
#include <stdio.h>
#include <string.h>

#include "base/terminal.h"
#include "cli/lists.h"
#include "kernels/cuda/sass.h"

void list_sass(int width)
{
    if (sass_fact_count == 0) {
        printf("  ");
        terminal_wrap(
            "This build has no machine code of CUDA kernels: nvcc was not there. The toolkit, then a new build, "
            "brings it.",
            2, width, stdout);
        return;
    }
    printf("  %-22s %-8s %9s %15s %6s %6s  %s\n", "kernel", "for", "registers", "bytes spilled", "stack", "SRAM",
           "machine code");
    const char *file = "";
    for (size_t i = 0; i < sass_fact_count; i++) {
        const struct sass_fact *f = &sass_facts[i];
        if (strcmp(file, f->file) != 0)
            printf("  %s\n", f->file);
        file = f->file;
        printf("    %-20s %-8s %9d %8d%7s %6d %6d  %s\n", f->function, f->architecture, f->registers,
               f->spill_stores + f->spill_loads, f->spill_free ? " (none)" : "", f->stack, f->sram, f->code);
    }
    puts("\n  From ptxas, when the program was built; SRAM is the static part, the launch adds its own. (none): listed "
         "in\n"
         "  kernels/cuda/spill_free.txt, so that a spill fails the build. Equal machine code: equal hash.");
}
