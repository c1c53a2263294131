/* interrupt.h - Ctrl-C and a polite kill: a flag that loops look at between calls. */
#ifndef HARNESS_INTERRUPT_H
#define HARNESS_INTERRUPT_H

#include <stdbool.h>

/* From here on SIGINT and SIGTERM set the flag; a second one ends the process as usual. */
void interrupt_catch(void);
bool interrupt_seen(void);

#endif
