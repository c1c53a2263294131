/* estimate.h - a quantity that was sampled: its middle, and how sure that is. */
#ifndef HARNESS_ESTIMATE_H
#define HARNESS_ESTIMATE_H

/* The median of the samples with its 99 % confidence interval (order statistics). With too few samples for 99 % (fewer
 * than 8) low and high are the extremes and `level` says what they cover. */
struct estimate {
    double median, low, high;
    double level; /* 0.99, or what the extremes cover: 1 - 2^(1-n) */
};

#endif
