/* check_model.h - flashdeck verify --check-model FILE: kernels and selectors on the Q, K and V of a real layer. */
#ifndef CLI_CHECK_MODEL_H
#define CLI_CHECK_MODEL_H

#include <stdbool.h>

/* Whether the command line asks for it. */
bool check_model_wanted(int argc, char **argv);
/* The command; returns the exit code. */
int check_model(int argc, char **argv);

#endif
