/* metric_study.h - what a deck or a report can ask of a record's trade-offs, ModernBERT rows and efficiencies.
 *
 *   tradeoff.gate.keep10.n8192.speed          one point: selector, density in per cent, length
 *   tradeoff.gate.keep10.n8192.stage.pool.time   of pool, score, keep, attend
 *   tradeoff.dense.n8192.time                 dense flash of the same rounds
 *   tradeoff.gate.n8192.overtaken             the density from which dense flash is faster
 *   modernbert.base.fixed_8192.alternation    all-global over alternating
 *   modernbert.base.fixed_8192.alternating.time  one way to run the stack
 *   efficiency.scattered.keep10.causal.n8192.ratio   block_sparse over (dense flash x density); processor, density
 * Metrics of a point: time, speed (dense over it), share (it over dense), recall, needles, error, max_error (measured);
 * density, square, pairs (computed). Of a ModernBERT row: alternation, padding, padding_alternating (measured),
 * ceiling, padding_pairs, padding_tokens, tokens, padded_tokens (computed); of one of its ways: time (measured), pairs.
 */
#ifndef HARNESS_METRIC_STUDY_H
#define HARNESS_METRIC_STUDY_H

#include "harness/metric.h"
#include "harness/metric_key.h"

/* Whether a key's first segment is "tradeoff", "modernbert" or "efficiency". */
bool metric_is_study(const char *segment);

/* Fills the value, its record included. On a fault false; `what` and *remedy (fresh, or NULL) say why. */
bool metric_of_study(const struct record *const *records, size_t record_count, const struct parsed_key *parsed,
                     struct value *value, const char **what, char **remedy);

/* The points that match SEGMENTS ("tradeoff.gate.n8192") and did not fail, sparsest first. The caller frees *points. */
enum status metric_points(const struct record *record, const char *segments, const struct record_point ***points,
                          size_t *count, struct diags *diags);

#endif
