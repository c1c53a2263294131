/* worker.h - a device's cases in a process of their own, so that a hanging kernel or a broken device costs one case.
 *
 * The worker is this program started anew ("flashdeck worker cuda:0"), with pipes to its stdin and stdout. It opens the
 * device once and then answers question after question, so that a context is made once and not for every case. When it
 * dies, says that its device is broken, or does not answer within the limit, it is ended, the question has failed, and
 * the next one starts a fresh worker. */
#ifndef HARNESS_WORKER_H
#define HARNESS_WORKER_H

#include "base/process.h"
#include "harness/station.h"

enum worker_task {
    WORKER_LOOK,
    WORKER_ROOFS,
    WORKER_VERIFY,
    WORKER_REPEAT,
    WORKER_OUTPUT,
    WORKER_PACKED_VERIFY, /* the stack of station_packed.h */
    WORKER_PACKED_REPEAT
};

struct worker_question {
    enum worker_task task;
    const struct kernel *kernel; /* of all but look and roofs */
    const struct attention_problem *problem;
    const char *name; /* of the case, for marks in profilers */
    uint64_t seed;
    int threads;
    int64_t rows;                 /* verify */
    double min_time;              /* repeat */
    const char *path;             /* output: the file */
    const struct packed *packed;  /* of the packed tasks, which need these three */
    int64_t most_tokens, longest; /* as station_pack's */
};

/* What came back; only the task's own part is filled. */
struct worker_answer {
    enum status status;
    struct device_fault fault; /* when the status is not STATUS_OK */
    struct machine_gpu gpu;    /* look, roofs */
    struct verdict verdict;
    struct station_times times;
    struct device_packed_times packed;
};

struct worker {
    const char *const *command; /* how it is started: argv, ends with NULL. Not owned */
    double limit;               /* seconds that an answer may take */
    struct process process;     /* pid 0: none is running */
    struct text output, errors;
    char gone[400]; /* not empty: it could not be started or opened, and will not be again: why */
    int started;    /* how often */
};

/* Always fills the answer: a question that failed has its status and fault set. */
void worker_ask(struct worker *worker, const struct worker_question *question, struct worker_answer *answer);
/* Ends it: politely first, then by force; a process that even a kill does not end is left behind. */
void worker_end(struct worker *worker);

/* The other side: serves the device named "cuda:1" of the table until stdin ends; the exit code. */
int worker_serve(const struct device *const *table, size_t count, const char *device);

#endif
