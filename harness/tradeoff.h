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
    double relative_l2;             /* of O against dense O: |O - dense| / |dense| */
    struct verdict verdict;         /* of O against float64 under the same block mask */
    double *seconds;                /* [rounds]; of SELECT_MASS to attend alone: it selects by what it would save */
    double stages[TRADEOFF_STAGES]; /* seconds, mean of the rounds */
};

struct tradeoff {
    struct attention_problem problem; /* causal, batch 1, one model's heads on one unseen document */
    int rounds;
    double *dense; /* [rounds]: flash */
    struct tradeoff_point *points;
    size_t count;
};

/* Asked after each run; false stops. */
typedef bool tradeoff_tell(void *context, int64_t done, int64_t of);

/* `gate` may be NULL: then SELECT_GATE is left out. STATUS_NO_MEMORY, STATUS_INTERRUPTED, STATUS_WRONG when a point
 * disagrees with the oracle (all points are there, and the wrong ones have no seconds). */
enum status tradeoff_measure(struct tradeoff *tradeoff, const struct gate *gate, int64_t length, uint64_t model_seed,
                             const double *densities, int density_count, int rounds, int threads,
                             const struct clock_source *clock, tradeoff_tell *tell, void *context);
void tradeoff_free(struct tradeoff *tradeoff);

#endif
