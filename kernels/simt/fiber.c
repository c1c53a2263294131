/* fiber.c - switching stacks: twelve instructions on x86-64, ucontext (two system calls a switch) elsewhere. */
#include "kernels/simt/fiber.h"

#include <stdint.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

/* A fiber that was given up in the middle leaves its frames marked; the next one begins with a clean stack. */
static void clean(void *stack, size_t bytes)
{
#ifdef __SANITIZE_ADDRESS__
    __asan_unpoison_memory_region(stack, bytes);
#else
    (void)stack;
    (void)bytes;
#endif
}

#ifdef __x86_64__

void fiber_jump(void **from, void *to);

/* What a function must keep: six registers; the return address is already on the stack. */
__asm__(".text\n"
        ".globl fiber_jump\n"
        ".type fiber_jump, @function\n"
        "fiber_jump:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size fiber_jump, .-fiber_jump\n");

void fiber_make(struct fiber *fiber, void *stack, size_t bytes, void (*run)(void))
{
    clean(stack, bytes);
    /* As if run() had just been called: its return address at 8 beyond a multiple of 16. */
    uintptr_t *top = (uintptr_t *)((char *)stack + bytes);
    *--top = 0;
    *--top = (uintptr_t)run;
    for (int i = 0; i < 6; i++)
        *--top = 0;
    fiber->stack_pointer = top;
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
    fiber_jump(&from->stack_pointer, to->stack_pointer);
}

#else

void fiber_make(struct fiber *fiber, void *stack, size_t bytes, void (*run)(void))
{
    clean(stack, bytes);
    getcontext(&fiber->context);
    fiber->context.uc_stack.ss_sp = stack;
    fiber->context.uc_stack.ss_size = bytes;
    fiber->context.uc_link = NULL;
    makecontext(&fiber->context, run, 0);
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
    swapcontext(&from->context, &to->context);
}

#endif
