#include "harness/metric_row.h"

#include <string.h>

const char *const metric_pairs_source = "kept (query, key) pairs, by formula";

struct estimate metric_row_exact(double number)
{
    return (struct estimate){number, number, number, 1};
}

void metric_row_fill(struct value *value, const struct estimate *estimate, enum unit unit, enum kind kind,
                     const char *source, size_t samples)
{
    value->number = estimate->median;
    value->low = estimate->low;
    value->high = estimate->high;
    value->level = estimate->level;
    value->unit = unit;
    value->kind = kind;
    value->source = source;
    value->samples = kind == KIND_MEASURED ? samples : 0;
}

bool metric_row_refuse(const char **what, char **remedy, const char *why, const char *words)
{
    *what = why;
    *remedy = words ? strdup(words) : NULL;
    return false;
}
