/* tradeoff.h - what each selector costs and what it keeps: end-to-end latency against dense flash, interleaved.
 *
 * A point is a selector at a density. Its time holds everything between Q, K, V and O: pool, score, keep, attend. */
#ifndef HARNESS_TRADEOFF_H
#define HARNESS_TRADEOFF_H

#include "harness/clock.h"
#include "harness/study.h"
#include "kernels/oracle.h"
#include "kernels/select/selection.h"

enum tradeoff_stage { TRADEOFF_POOL, TRADEOFF_SCORE, TRADEOFF_KEEP, TRADEOFF_ATTEND, TRADEOFF_STAGES };
_Static_assert((int)TRADEOFF_KEEP == (int)STAGE_KEEP, "the first stages are the selection's");

struct tradeoff_point {
    enum selector selector;
    double density;                 /* of the blocks that a row may see */
    double square;                  /* listed blocks over all of the square's */
    double pairs;                   /* kept pairs over those of dense attention */
    double mass;                    /* attention mass kept: the mean over heads and rows of blocks; where causal, over
                                       rows from a quarter on: before, almost everything is kept anyway */
    double relative_l2;             /* of O against dense O: |O - dense| / |dense| */
    struct verdict verdict;         /* of O against float64 under the same block mask */
    double *seconds;                /* [rounds]; of SELECT_MASS to attend alone: it selects by what it would save */
    double *parts;                  /* [TRADEOFF_STAGES][rounds]: seconds of each stage */
    double stages[TRADEOFF_STAGES]; /* their medians */
};

struct tradeoff {
    struct attention_problem problem;
    int rounds;
    double *dense; /* [rounds]: flash */
    struct tradeoff_point *points;
    size_t count;
};

/* Asked after each run; false stops. */
typedef bool tradeoff_tell(void *context, int64_t done, int64_t of);

/* What the selectors choose from: one layer after RoPE. */
struct tradeoff_input {
    struct attention_problem problem; /* one that selection can do (selection.h), without a block mask */
    const float *q, *k, *v;           /* as struct attention_tensors; the caller's */
    const float *angles;              /* of all positions, [tokens, head_dim / 2] cosines, then as many sines */
};

/* `gate` may be NULL: then SELECT_GATE is left out. STATUS_NO_MEMORY, STATUS_INTERRUPTED, STATUS_WRONG when a point
 * disagrees with the oracle (all points are there, and the wrong ones have no seconds). */
enum status tradeoff_of(struct tradeoff *tradeoff, const struct tradeoff_input *input, const struct gate *gate,
                        const double *densities, int density_count, int rounds, int threads,
                        const struct clock_source *clock, tradeoff_tell *tell, void *context);

/* The same on one model's heads on one unseen document (study.h), causal. */
enum status tradeoff_measure(struct tradeoff *tradeoff, const struct gate *gate, int64_t length, uint64_t model_seed,
                             const double *densities, int density_count, int rounds, int threads,
                             const struct clock_source *clock, tradeoff_tell *tell, void *context);
void tradeoff_free(struct tradeoff *tradeoff);

#endif
