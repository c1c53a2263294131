/* status.h - what a function that can fail returns, and the exit code that a command makes of it. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_BAD_INPUT,    /* the user's input is wrong: file, flag, key; says where and how to go on */
    STATUS_UNSUPPORTED,  /* understood, but this kernel, device or build cannot do it */
    STATUS_NO_MEMORY,    /* would not fit, or an allocation failed */
    STATUS_IO,           /* a file, a folder or a pipe failed */
    STATUS_WRONG,        /* a kernel's result disagrees with the oracle */
    STATUS_FAILED,       /* a measurement or a tool failed */
    STATUS_INTERRUPTED,  /* the user or the system asked us to stop; what was done is kept */
    STATUS_NO_DEVICE,    /* the device that was asked for is not on this machine */
    STATUS_REGRESSED,    /* something is slower or worse than it was */
    STATUS_INCOMPARABLE, /* two records of different machines or settings */
    STATUS_INCONCLUSIVE  /* two records do not tell, and that was asked to count */
};

/* Exit codes of the program (one list for all commands; see README):
 * 0 done, 1 a regression, 2 usage or bad input (and what cannot be read, written or allocated), 3 records that cannot
 * be compared, 4 wrong results, 5 inconclusive, where that was asked to count, 6 measurement failed, 77 no such device
 * here (as test drivers have it for "skipped"), 130 interrupted. */
int status_exit_code(enum status status);

#endif
