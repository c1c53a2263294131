#include "help_guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/oracle.h"

/* AddressSanitizer watches an exact allocation better than we do a wide one. */
#ifdef __SANITIZE_ADDRESS__
enum { FRONT = 0, BACK = 0 };
#else
enum { FRONT = 1024, BACK = 4096 };
#endif

struct guarded guarded_take(size_t length)
{
    struct guarded guarded = {.length = length};
    size_t all = FRONT + length + BACK;
    assert_int_equal(posix_memalign(&guarded.whole, 64, all ? all : 1), 0);
    oracle_poison(guarded.whole, all);
    guarded.bytes = (char *)guarded.whole + FRONT;
    return guarded;
}

bool guarded_intact(const struct guarded *guarded)
{
    char expected[FRONT + BACK + 8];
    oracle_poison(expected, sizeof expected);
    /* The poison repeats every four bytes; `length` is a multiple of four, as all our elements are. */
    return memcmp(guarded->whole, expected, FRONT) == 0 &&
           memcmp((const char *)guarded->bytes + guarded->length, expected, BACK) == 0;
}

void guarded_free(struct guarded *guarded)
{
    free(guarded->whole);
    *guarded = (struct guarded){0};
}
