/* blas.h - OpenBLAS as the honest baseline needs it: one thread inside, and its best core for this processor. */
#ifndef KERNELS_CPU_BLAS_H
#define KERNELS_CPU_BLAS_H

/* One thread inside each call; our own threads take a head each. */
void blas_single_threaded(void);

/* "OpenBLAS 0.3.21, core SkylakeX"; a static string after the first call. */
void blas_describe(char *words, int size);

/* An OpenBLAS older than a processor may choose kernels without AVX-512 for it. Then this sets OPENBLAS_CORETYPE and
 * executes the program again, once, since the choice is made when the library is loaded: a baseline held back by an
 * environment is no baseline. FLASHDECK_BLAS=keep leaves everything as it is. Call first thing in main; returns when
 * nothing is to be done. */
void blas_choose_core(char **argv);

#endif
