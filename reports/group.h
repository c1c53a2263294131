/* group.h - the cases that belong in one chart: one shape, several kernels, several lengths. */
#ifndef REPORTS_GROUP_H
#define REPORTS_GROUP_H

#include "harness/record.h"

enum { GROUP_LINES = 8 };

/* One kernel under one mask, over N. */
struct group_line {
    const char *kernel, *family; /* of the record */
    const char *mask;
    const struct record_case **cases; /* owned array, sorted by N; all timed */
    size_t count;
};

/* Cases alike in dtype, head size, heads, batch, layers and threads, and in whether they are causal: a window that
 * looks back stands beside the causal kernels, one that looks both ways beside those without a mask. */
struct group {
    struct group_line lines[GROUP_LINES];
    size_t count;
};

/* Of the timed cases of self-attention (len_q = len_kv), in the order of the record. What finds no place in a group's
 * lines stands in the tables alone. STATUS_NO_MEMORY or STATUS_OK; the caller frees with groups_free. */
enum status groups_of(const struct record *record, struct group **groups, size_t *count);
void groups_free(struct group *groups, size_t count);

/* A time was taken. */
bool case_timed(const struct record_case *c);
/* Alike in all but the kernel: their keys differ in the first segment only. */
bool case_comparable(const struct record_case *a, const struct record_case *b);
/* The line's case of that length, or NULL. */
const struct record_case *line_at(const struct group_line *line, int64_t n);
/* The largest N that the most lines have. */
int64_t group_common_n(const struct group *group);

#endif
