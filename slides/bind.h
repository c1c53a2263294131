/* bind.h - strict bindings: {{ expression | filters }} becomes a number that can be traced.
 *
 *   {{ flash.n4096.d64.causal.time | ms 3 }}           a key of harness/metric.h, in milliseconds, 3 digits
 *   {{ naive.n4096.time / flash.n4096.time | x 1 }}    a ratio, "12.3x" with the multiplication sign
 *   {{ published.gemini.context | tokens }}            a published figure (slides/published.yml)
 *   {{ key | else "not measured" }}                    the only way past a missing key
 * Filters name the unit and the digits (significant ones when written 3sig, decimals after a plain number):
 *   ns us ms s, B KB MB GB TB (powers of 1000) KiB MiB GiB, gflop, mflops gflops tflops (FLOP/s), gbs (GB/s),
 *   percent, x, million, k, M and tokens, count, text. `low` and `high` take the interval's ends. Without a unit, the
 *   largest that leaves at least 1. `else` stands for a result that is missing, failed, stale or not finite, never
 *   for a fault in the expression.
 * A filter that does not fit the unit is an error. Digits that the interval does not support are an error that
 * names the most that it does. A ratio of values of different kinds, devices, or units is an error. */
#ifndef SLIDES_BIND_H
#define SLIDES_BIND_H

#include "harness/metric.h"
#include "slides/deck.h"

/* One use of a number on a slide: for the source line and for --explain. */
struct binding {
    int slide; /* 0-based */
    int line;
    char *expression; /* as written */
    char *shown;      /* as it stands on the slide; for charts the formatted label */
    struct value value;
    char *words_else; /* when the `else` words were shown instead; value is then empty */
};

struct binder; /* deck, records, published figures, and the list of uses; opaque */

/* Records and deck are borrowed and must outlive the binder. Reads slides/published.yml. */
enum status binder_open(struct binder **binder, const struct deck *deck, const struct record *const *records,
                        size_t record_count, bool allow_stale, struct diags *diags);
void binder_close(struct binder *binder);

/* The deck's file, for messages. */
const char *binder_file(const struct binder *binder);

/* Title and address behind a published figure's short source; NULL when unknown. */
const char *binder_reference(const struct binder *binder, const char *source);

/* Replaces every {{ }} in a block's markup by its text (escaped for Pango); `\{{` becomes `{{`. Fresh string, or
 * NULL after an error in diags. Code blocks are never bound: do not call it for them. */
char *bind_text(struct binder *binder, const char *markup, int slide, int line, struct diags *diags);

/* One expression with or without filters ("flash.n4096.time | ms 3"), for charts and figures: the value, and
 * *shown as it should be labelled (fresh string; default digits when no filter is given). */
enum status bind_value(struct binder *binder, const char *expression, int slide, int line, struct value *value,
                       char **shown, struct diags *diags);

/* All cases that match segments, sorted by N, for line charts: "flash.d64.causal"; each point used is noted. */
enum status bind_series(struct binder *binder, const char *segments, const char *metric, int slide, int line,
                        struct value **values, double **n, size_t *count, struct diags *diags);

/* All points of trade-offs that match segments ("tradeoff.gate.n8192"), sparsest first, for curves: two metrics of
 * each, and its density. */
enum status bind_points(struct binder *binder, const char *segments, const char *x_metric, const char *y_metric,
                        int slide, int line, struct value **x, struct value **y, double **density, size_t *count,
                        struct diags *diags);

/* All uses so far, in the order of the slides. Borrowed. */
const struct binding *binder_uses(const struct binder *binder, size_t *count);

/* The source lines of a slide, one a kind that it shows, in the order measured, counted, computed, published:
 * "AMD EPYC · median of 15 · 2026-11-24 · commit 1a2b3c4". Fills at most 4; returns how many. Strings belong
 * to the binder. */
struct source_line {
    enum kind kind;
    const char *text;
};
int binder_sources(struct binder *binder, int slide, struct source_line lines[4]);

/* Device facts are KIND_MEASURED only for probes; sizes that the system names count as KIND_PUBLISHED with the
 * source "as reported by the system". */

#endif
