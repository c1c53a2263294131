/* help_faults.h - faults that were planted: what the simulator or the oracle must say of each, and how they are
 * counted.
 */
#ifndef TESTS_SIMT_HELP_FAULTS_H
#define TESTS_SIMT_HELP_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/simt/attend.h"

enum { FAULT_PIECES = 5, FAULT_WORDS = 700 };

struct planted {
    const char *name;
    enum simt_fault_kind kind;        /* SIMT_NO_FAULT: the numbers are wrong, and the oracle says so */
    const char *pieces[FAULT_PIECES]; /* all of which the message must hold */
};

/* Whether the kind and the words are those that were expected; prints what else was found. */
bool fault_as_planted(const struct planted *planted, enum simt_fault_kind kind, const char *words);

/* Says how many of the faults planted `where` were found, also in `program`.summary, whose lines scripts/test.sh
 * repeats at its end; fails the test when it is not all of them. */
void faults_sum_up(const char *program, const char *where, int planted, int found);

/* Runs a kernel on a problem with gaussian inputs. What is found, and in words (FAULT_WORDS); "" when nothing is. */
enum simt_fault_kind fault_of_kernel(struct simt *simt, const struct cuda_kernel *kernel,
                                     const struct attention_problem *problem, char *words);

#endif
