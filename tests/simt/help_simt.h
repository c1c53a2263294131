/* help_simt.h - what most tests of kernels in the simulator begin with: a simulator for all of them, a kernel by name.
 */
#ifndef TESTS_SIMT_HELP_SIMT_H
#define TESTS_SIMT_HELP_SIMT_H

#include "kernels/cuda/cuda_kernel.h"
#include "kernels/simt/simt.h"

/* CMocka's setup and teardown of a group: the state is a simulator of 256 MB. */
int open_simt(void **state);
int close_simt(void **state);

/* A row of the simulator's kernel table; the test fails where there is none. */
const struct cuda_kernel *find_kernel(const char *name);

#endif
