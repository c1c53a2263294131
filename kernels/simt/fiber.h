/* fiber.h - a stack of its own for each thread of a block, and the way from one to the next. */
#ifndef KERNELS_SIMT_FIBER_H
#define KERNELS_SIMT_FIBER_H

#include <stddef.h>

#ifndef __x86_64__
#include <ucontext.h>
#endif

struct fiber {
#ifdef __x86_64__
    void *stack_pointer;
#else
    ucontext_t context;
#endif
};

/* Makes `fiber` begin at run(), which must never return, on this stack. */
void fiber_make(struct fiber *fiber, void *stack, size_t bytes, void (*run)(void));
/* Leaves `from`, where it can be entered again, and goes on in `to`. */
void fiber_switch(struct fiber *from, struct fiber *to);

#endif
