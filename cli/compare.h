/* compare.h - flashdeck verify --compare: the same kernel on the same inputs on two devices, output by output. */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "harness/bench.h"

/* What two devices' outputs (O and log-sum-exp) have in common. */
struct comparison {
    size_t elements, equal; /* equal: to the bit */
    double largest_o, largest_lse;
};

/* Runs the case on its own place and the kernel of the same name on `other`, each once. STATUS_UNSUPPORTED when `other`
 * has no such kernel (nothing is run then); faults in diags. */
enum status compare_case(const struct plan_case *c, const struct bench_options *options, struct place *other,
                         struct comparison *comparison, struct diags *diags);
/* A table of all cases, on stdout; the worst status. A difference is a finding, not a fault. */
enum status compare_all(const struct plan *plan, const struct bench_options *options, struct place *other,
                        struct diags *diags);

#endif
