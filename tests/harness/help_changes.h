/* help_changes.h - two records that are alike but for their sources, to plant a change in one and look for it. */
#ifndef TESTS_HARNESS_HELP_CHANGES_H
#define TESTS_HARNESS_HELP_CHANGES_H

#include "harness/changes.h"

#define GATE     "tradeoff.gate.keep10.n8192.d64.h4.t2"
#define FIXED    "modernbert.base.fixed_8192.h2.t2"
#define VARIABLE "modernbert.base.variable_8192.h2.t2"
#define SPARSE   "efficiency.scattered.keep10.causal.n8192.d64.h4.t2"
#define FLASH    "flash.cpu.f32.full.n1024.d64.h8.b1.t2"

enum { GATE_AT = 16, ROUNDS = 9 }; /* points[GATE_AT] of the first trade-off is GATE */

struct two_records {
    struct record before, after, again;
    bool noisy; /* `again` takes part */
    struct changes changes;
    struct diags diags;
};

/* Rounds differ by little, as on a quiet machine; ModernBERT has as many as the others. */
void two_begin(struct two_records *t);
void two_end(struct two_records *t);

/* Through files, then compared; two_find must succeed. */
enum status two_find_untimed(struct two_records *t, bool untimed);
void two_find(struct two_records *t);

/* What was compared, or what could not be, which must be there. */
const struct change *two_change(const struct two_records *t, const char *key, const char *what);
const struct change_alone *two_alone(const struct two_records *t, const char *key);
void two_expect_word(const struct two_records *t, const char *key, const char *what, const char *word);
/* That `count` things got worse, and no more. */
void two_expect_regressions(const struct two_records *t, size_t count);

void two_replace(char **text, const char *with);
void two_scale(double *values, size_t count, double factor);
/* A case's times, and what follows from them. */
void two_scale_case(struct record *record, const char *key, double factor);

/* A row of flash_tiled with one stage, whose counts are as the formula says and of which `read` bytes are read. */
struct counted_stage *two_add_count(struct record *record, double read);

#endif
