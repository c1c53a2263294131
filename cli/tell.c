#include "cli/tell.h"

#include <stdio.h>
#include <unistd.h>

#include "harness/interrupt.h"

void tell(const char *words, double part)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s %3.0f %%", words, 100 * part);
}

void tell_end(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

bool tell_done(void *what, int64_t done, int64_t of)
{
    tell(((const struct tell_what *)what)->words, (double)done / (double)of);
    return !interrupt_seen();
}
