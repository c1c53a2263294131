/* changes.h - two records of one machine, row by row: what got slower, what keeps less, what one of them lacks.
 *
 * Rows of all kinds are paired by their keys. Of each pair several things are held against each other:
 *
 *   rows           less is better                 more is better                          exact
 *   cases          time
 *   tradeoffs      time; error (relative L2)      gain over dense; recall, needles
 *   modernbert     time of each way               gains: alternation, packing
 *   efficiency     time, price (time over
 *                  dense time x density)
 *   counts                                                                                bytes, barriers
 *
 * Times, gains and prices: new over old with the exact 99 % interval of shift.h. The unit is a repetition or a round
 * (for gains and prices its ratio to the dense run beside it, which a drift of the machine hits alike), never a single
 * call. Worse or better where the whole interval lies outside the margin: 1 %, or what `again` shows as noise when that
 * is more. Fewer than CHANGES_LEAST on a side: inconclusive. Two records did not take turns: a machine that drifted
 * between them looks like a change; `again`, a second record of the old state, tells how much that is. A gain that
 * fell, or a price that rose, only because the dense run beside it got faster, is told and is no regression.
 *
 * Qualities (recall, needles): new - old, paired by model seed, the median over models with the interval that so few
 * models give (its level says what it covers); worse or better outside of CHANGES_QUALITY. Records from before each
 * model's value was kept: the ends of the two intervals, unpaired. Error: one document, the same in both, so a plain
 * difference; worse beyond CHANGES_ERROR of what it was. Counts: any difference.
 *
 * Where both records come of the same sources, compiler and libraries, a difference in time is noise and never a
 * regression. */
#ifndef HARNESS_CHANGES_H
#define HARNESS_CHANGES_H

#include "harness/record.h"

enum { CHANGES_LEAST = 6, CHANGES_MOST = 2000, CHANGES_NOTES = 12 }; /* samples on a side; notes */
#define CHANGES_MARGIN  0.01                                         /* of a time */
#define CHANGES_QUALITY 0.005                                        /* of 1: half a point */
#define CHANGES_COVER   0.93 /* least that the interval over models covers: five of them give .9375 */
#define CHANGES_ERROR   0.02 /* of the old error */

enum change_kind { CHANGE_CASE, CHANGE_TRADEOFF, CHANGE_MODERNBERT, CHANGE_EFFICIENCY, CHANGE_COUNT, CHANGE_KINDS };

enum change_measure {
    MEASURE_TIME,    /* seconds */
    MEASURE_GAIN,    /* times as fast as something beside it */
    MEASURE_PRICE,   /* time over what was due */
    MEASURE_QUALITY, /* a share that is kept or found; `by` is a difference */
    MEASURE_ERROR,   /* relative L2; `by` is a difference */
    MEASURE_BYTES,   /* counted */
    MEASURE_NUMBER,  /* counted */
    MEASURE_RESULT   /* right or wrong: no numbers */
};

enum change_verdict {
    CHANGE_SAME,
    CHANGE_BETTER,
    CHANGE_WORSE,
    CHANGE_UNSURE,   /* the interval reaches over the margin, or there are too few samples */
    CHANGE_NOISE,    /* outside the margin, and the code is the same */
    CHANGE_BASELINE, /* a gain or price that is worse because dense attention got faster */
    CHANGE_WRONG,    /* the new result disagrees with float64, or the simulator found a fault */
    CHANGE_FAILS,    /* the new one failed for another reason */
    CHANGE_STILL,    /* failed in both */
    CHANGE_REPAIRED,
    CHANGE_VERDICTS
};

struct change {
    enum change_kind kind;
    enum change_measure measure;
    enum change_verdict verdict;
    const char *key;  /* of the row, in the new record */
    const char *what; /* "time", "recall", "alternation" ... */
    struct estimate before, after;
    struct estimate by; /* after over before, or after - before; level 1: exact */
    double margin;      /* that `by` was held against: relative, or a difference */
    double delta;       /* Cliff's, of times, gains and prices; NaN elsewhere */
    const char *why;    /* in words, or NULL */
};

/* A row, or one thing of it, that cannot be compared. */
struct change_alone {
    enum change_kind kind;
    const char *key;
    enum change_side { SIDE_OLD, SIDE_NEW, SIDE_BOTH } side; /* where it is */
    const char *why; /* why not, where it is in both or not all of it is missing */
};

struct changes {
    const struct record *before, *after; /* strings point into them: they must live as long */
    struct change *items;
    size_t count, capacity;
    struct change_alone *alone;
    size_t alone_count, alone_capacity;
    size_t verdicts[CHANGE_VERDICTS]; /* how many of each */
    size_t right;                     /* rows whose results were right in both */
    size_t missing;                   /* rows, or needles of one, that only the old record has */
    bool same_code;
    double noise; /* largest margin that `again` gave; 0 without it */
    char notes[CHANGES_NOTES][200];
    size_t note_count;
};

struct changes_request {
    const struct record *before, *after;
    const struct record *again; /* a second record of the old state, or NULL */
    double margin;              /* of times: CHANGES_MARGIN */
    bool untimed;               /* leave out whatever a clock took part in: then the machines may differ */
};

/* STATUS_INCOMPARABLE: times of different machines or settings, each difference told; or no row of one key is of one
 * problem, or of nothing but times while `untimed`. STATUS_BAD_INPUT: no row in common. STATUS_NO_MEMORY. changes_free
 * in all cases. */
enum status changes_find(const struct changes_request *request, struct changes *changes, struct diags *diags);
void changes_free(struct changes *changes);

/* STATUS_WRONG before STATUS_REGRESSED; with `strict` STATUS_INCONCLUSIVE where something is unsure or missing. */
enum status changes_status(const struct changes *changes, bool strict);

/* Whether it counts against the new record. */
bool change_is_regression(const struct change *change);
/* "SLOWER", "quality gained", "same": capitals count against the new record. */
const char *change_word(const struct change *change);
/* The outcome in one sentence: "1 SLOWER, 2 KEEPS LESS, ... of 48 compared". */
enum { CHANGES_ANSWER = 512 };
void changes_answer(const struct changes *changes, char *words, size_t size);
/* "kernels", "selection", ...: a heading of these rows. */
const char *change_title(enum change_kind kind);

#endif
