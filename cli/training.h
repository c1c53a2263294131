/* training.h - the gate of learned sparse attention learns: shared by `train-gate` and `run`. */
#ifndef CLI_TRAINING_H
#define CLI_TRAINING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/status.h"

struct training {
    int64_t length, models, documents, steps, model_seed, seed, threads;
    const char *out; /* the gate's file; its folder is made */
    bool fresh;      /* start anew, whatever the file holds; else an unfinished gate of the same making goes on */
    bool quiet;      /* print only where the gate is */
};
/* 8192 tokens, 5 models, 32 documents, 200 steps, seeds 1, all processors, out/gate.safetensors. */
struct training training_defaults(void);
enum status training_check(const struct training *training, struct diags *diags);
/* A finished gate of the same making is left as it is. STATUS_INTERRUPTED: the file holds what was learned so far. */
enum status training_run(const struct training *training, struct diags *diags);

#endif
