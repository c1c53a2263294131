/* reproduce_block_sparse.h - flashdeck reproduce block-sparse: a paper of cmd_reproduce.c with a table of its own. */
#ifndef CLI_REPRODUCE_BLOCK_SPARSE_H
#define CLI_REPRODUCE_BLOCK_SPARSE_H

/* The command's arguments, "block-sparse" among them; returns the exit code. */
int reproduce_block_sparse(int argc, char **argv);

#endif
