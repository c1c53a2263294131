/* efficiency.h - does block-sparse attention cost what it computes? Its time over dense flash's times the density.
 *
 * 1 is the ideal: a tenth of the pairs in a tenth of the time. What is above is the price of walking a list: packing
 * keys that few queries see, softmax passes that are not full, edges. Blocks are scattered by chance or lie side by
 * side; dense flash runs in the same rounds, so that each ratio pairs two times that were taken one after the other. */
#ifndef HARNESS_EFFICIENCY_H
#define HARNESS_EFFICIENCY_H

#include "harness/clock.h"
#include "harness/record.h"
#include "kernels/block_rule.h"
#include "kernels/oracle.h"

enum efficiency_pattern { EFFICIENCY_SCATTERED, EFFICIENCY_TOGETHER, EFFICIENCY_PATTERNS };
const char *efficiency_pattern_name(enum efficiency_pattern pattern); /* "scattered", "side by side" */

enum { EFFICIENCY_BLOCK = 64, EFFICIENCY_DENSITIES = 5 };
extern const double efficiency_densities[EFFICIENCY_DENSITIES]; /* asked for: .05, .1, .2, .3, .5 */

/* One cell of the table. */
struct efficiency_row {
    struct attention_problem problem; /* without the block mask, which `rule` makes: what dense flash computed */
    struct block_rule rule;           /* block_rule_label names it */
    enum efficiency_pattern pattern;
    double asked, density;  /* density: kept pairs over dense attention's, to the pair */
    struct verdict verdict; /* of block_sparse, against float64; a wrong one has no seconds */
    /* [rounds], wall and processor time of all threads; of block_sparse, and of dense flash in the same round. Rows of
     * one length and mask share the dense ones. */
    const double *seconds, *cpu, *dense, *dense_cpu;
};

struct efficiency {
    struct efficiency_row *rows; /* by length, mask (full, causal), pattern, density */
    size_t count;
    int rounds;
    double *times; /* all rows' */
};

struct efficiency_request {
    const int64_t *lengths;
    int length_count;
    int64_t heads, head_dim;
    int rounds, threads;
    uint64_t seed; /* of inputs, and of what is scattered */
};

/* Asked after each run; false stops. */
typedef bool efficiency_tell(void *context, int64_t done, int64_t of);

/* Per length and mask: everything once to be judged, then `rounds` times in turn, dense flash first. STATUS_NO_MEMORY,
 * STATUS_INTERRUPTED, a kernel's own (nothing is kept then); STATUS_WRONG: all is there, and what is wrong has no
 * seconds. */
enum status efficiency_measure(struct efficiency *efficiency, const struct efficiency_request *request,
                               const struct clock_source *clock, efficiency_tell *tell, void *context,
                               struct diags *diags);
void efficiency_free(struct efficiency *efficiency);

/* Time over (dense time x density), paired by round: wall, and processor time. STATUS_NO_MEMORY. */
enum status efficiency_ratio(const struct efficiency_row *row, int rounds, struct estimate *wall,
                             struct estimate *processor);

#endif
