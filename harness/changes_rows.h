/* changes_rows.h - what the comparisons of the kinds of rows share: changes.c's own. */
#ifndef HARNESS_CHANGES_ROWS_H
#define HARNESS_CHANGES_ROWS_H

#include "harness/changes.h"
#include "harness/shift.h"

/* A comparison under way. */
struct changing {
    const struct changes_request *request;
    struct changes *changes;
    enum change_kind kind;
    bool failed; /* out of memory: asked once, at the end */
};

/* A row in both records, by index; `again` is -1 where no second old record has it. */
struct change_pair {
    size_t before, after;
    long again;
};

/* One kind of rows. */
struct change_kind_row {
    const char *title;
    bool timed; /* whether a clock takes part in all that is compared */
    size_t (*count)(const struct record *record);
    const char *(*key)(const struct record *record, size_t index);
    /* Why a row of the same key is another problem; NULL when it is the same. */
    const char *(*unlike)(const struct record *a, size_t i, const struct record *b, size_t j);
    void (*compare)(struct changing *work, struct change_pair pair);
};
extern const struct change_kind_row change_cases, change_tradeoffs, change_modernberts, change_efficiencies,
    change_counts;

/* Times, gains, prices: `again` may be empty. Returns the verdict. */
enum change_verdict changing_times(struct changing *work, enum change_measure measure, const char *key,
                                   const char *what, struct samples before, struct samples after, struct samples again);
/* The same of ratios to a run beside it, whose verdict (`baseline`) may explain a loss; `own` is the verdict of the
 * row's own time. */
void changing_ratios(struct changing *work, enum change_measure measure, const char *key, const char *what,
                     struct samples before, struct samples after, struct samples again, enum change_verdict own,
                     enum change_verdict baseline);
/* A share over models: values a model each, in the order of seeds, or empty; then the estimates' ends serve. */
void changing_quality(struct changing *work, const char *key, const char *what, const struct estimate *before,
                      const struct estimate *after, struct samples models_before, struct samples models_after);
void changing_error(struct changing *work, const char *key, const char *what, double before, double after);
/* Any difference is one; less is better. */
void changing_exact(struct changing *work, enum change_measure measure, const char *key, const char *what,
                    double before, double after);
/* Whether results are right. False when one is not: there is nothing more to compare. `wrong`: the new one disagrees
 * with float64. */
bool changing_results(struct changing *work, const char *key, bool failed_before, bool failed_after, bool wrong,
                      const char *why);
/* The verdict of what was compared before, in this kind; false where it was not. */
bool changing_verdict(const struct changing *work, const char *key, const char *what, enum change_verdict *verdict);
void changing_alone(struct changing *work, const char *key, enum change_side side, const char *why);

/* Alike in all that a record stores, but for the blocks of a mask, which the key names. */
bool changing_same_problem(const struct attention_problem *a, const struct attention_problem *b);
/* over[i] / under[i] x factor, fresh; NULL for none or out of memory (noted). */
double *changing_divide(struct changing *work, const double *over, const double *under, double factor, size_t count);

/* changes_machine.c. All that forbids comparing times, as errors; false then. */
bool changes_same_machine(const struct record *before, const struct record *after, struct diags *diags);
/* Fills notes and same_code. */
void changes_look(const struct changes_request *request, struct changes *changes);

#endif
