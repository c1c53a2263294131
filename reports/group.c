#include "reports/group.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool case_timed(const struct record_case *c)
{
    return !c->failed && c->sample_count > 0 && isfinite(c->seconds.median) && c->seconds.median > 0;
}

bool case_comparable(const struct record_case *a, const struct record_case *b)
{
    const char *rest_a = strchr(a->key, '.'), *rest_b = strchr(b->key, '.');
    return rest_a && rest_b && strcmp(rest_a, rest_b) == 0;
}

static bool looks_back_only(const struct attention_mask *mask)
{
    return mask->causal || mask->window_right == 0;
}

static bool same_group(const struct record_case *a, const struct record_case *b)
{
    const struct attention_problem *p = &a->problem, *q = &b->problem;
    return strcmp(a->backend, b->backend) == 0 && p->dtype == q->dtype && p->head_dim == q->head_dim &&
           p->heads == q->heads && p->kv_heads == q->kv_heads && p->batch == q->batch && p->layers == q->layers &&
           a->threads == b->threads && looks_back_only(&p->mask) == looks_back_only(&q->mask);
}

static int by_length(const void *a, const void *b)
{
    int64_t x = (*(const struct record_case *const *)a)->problem.len_kv;
    int64_t y = (*(const struct record_case *const *)b)->problem.len_kv;
    return (x > y) - (x < y);
}

/* Into the line of its kernel and mask, or a new one; false when out of memory. */
static bool add_to(struct group *group, const struct record_case *c, size_t most)
{
    size_t i = 0;
    while (i < group->count &&
           (strcmp(group->lines[i].kernel, c->kernel) != 0 || strcmp(group->lines[i].mask, c->mask) != 0))
        i++;
    if (i == GROUP_LINES)
        return true;
    struct group_line *line = &group->lines[i];
    if (i == group->count) {
        *line = (struct group_line){c->kernel, c->family, c->mask, calloc(most, sizeof(void *)), 0};
        group->count++;
    }
    if (!line->cases)
        return false;
    line->cases[line->count++] = c;
    return true;
}

enum status groups_of(const struct record *record, struct group **groups, size_t *count)
{
    *groups = calloc(record->case_count + 1, sizeof **groups);
    *count = 0;
    bool memory = *groups != NULL;
    for (size_t i = 0; memory && i < record->case_count; i++) {
        const struct record_case *c = &record->cases[i];
        if (!case_timed(c) || c->problem.len_q != c->problem.len_kv)
            continue;
        size_t g = 0;
        while (g < *count && !same_group((*groups)[g].lines[0].cases[0], c))
            g++;
        *count += g == *count;
        memory = add_to(&(*groups)[g], c, record->case_count);
    }
    for (size_t g = 0; memory && g < *count; g++)
        for (size_t i = 0; i < (*groups)[g].count; i++)
            qsort((*groups)[g].lines[i].cases, (*groups)[g].lines[i].count, sizeof(void *), by_length);
    return memory ? STATUS_OK : STATUS_NO_MEMORY;
}

void groups_free(struct group *groups, size_t count)
{
    for (size_t g = 0; groups && g < count; g++)
        for (size_t i = 0; i < groups[g].count; i++)
            free(groups[g].lines[i].cases);
    free(groups);
}

const struct record_case *line_at(const struct group_line *line, int64_t n)
{
    for (size_t i = 0; i < line->count; i++)
        if (line->cases[i]->problem.len_kv == n)
            return line->cases[i];
    return NULL;
}

int64_t group_common_n(const struct group *group)
{
    int64_t best = 0;
    size_t most = 0;
    for (size_t i = 0; i < group->count; i++)
        for (size_t c = 0; c < group->lines[i].count; c++) {
            int64_t n = group->lines[i].cases[c]->problem.len_kv;
            size_t have = 0;
            for (size_t j = 0; j < group->count; j++)
                have += line_at(&group->lines[j], n) != NULL;
            if (have > most || (have == most && n > best)) {
                most = have;
                best = n;
            }
        }
    return best;
}
