#include "harness/fit.h"

#include <stdlib.h>
#include <string.h>

/* The key without its segment for N: what the cases of a group share. Caller frees. */
static char *key_without_n(const char *key)
{
    char *shared = calloc(strlen(key) + 1, 1);
    for (const char *at = key; shared && *at;) {
        size_t length = strcspn(at, ".");
        bool is_n = length > 1 && at[0] == 'n' && strspn(at + 1, "0123456789") == length - 1;
        if (!is_n) {
            if (*shared)
                strcat(shared, ".");
            strncat(shared, at, length);
        }
        at += length + (at[length] == '.');
    }
    return shared;
}

static int by_length(const void *a, const void *b)
{
    int64_t x = (*(const struct record_case *const *)a)->problem.len_kv;
    int64_t y = (*(const struct record_case *const *)b)->problem.len_kv;
    return (x > y) - (x < y);
}

/* Every repetition is a point, so that the interval shows their scatter. */
static enum status fit_samples(struct scaling_fit *fit)
{
    size_t points = 0, at = 0;
    for (size_t i = 0; i < fit->count; i++)
        points += fit->cases[i]->sample_count;
    double *x = calloc(points + 1, sizeof *x), *y = calloc(points + 1, sizeof *y);
    if (x && y) {
        for (size_t i = 0; i < fit->count; i++)
            for (size_t s = 0; s < fit->cases[i]->sample_count; s++, at++) {
                x[at] = (double)fit->cases[i]->problem.len_kv;
                y[at] = fit->cases[i]->samples[s];
            }
        fit->power = stats_power_fit(x, y, points);
    }
    enum status status = x && y ? STATUS_OK : STATUS_NO_MEMORY;
    free(x);
    free(y);
    return status;
}

static struct scaling_fit *group_of(struct scaling_fit *fits, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fits[i].key, key) == 0)
            return &fits[i];
    return NULL;
}

enum status scaling_fits(const struct record *record, struct scaling_fit **fits, size_t *count, struct diags *diags)
{
    size_t groups = 0;
    struct scaling_fit *all = calloc(record->case_count + 1, sizeof *all);
    bool memory = all != NULL;
    for (size_t i = 0; memory && i < record->case_count; i++) {
        const struct record_case *c = &record->cases[i];
        if (c->failed || c->sample_count == 0 || !record_case_finished(c) || c->problem.len_kv < FIT_SHORTEST ||
            c->problem.len_q != c->problem.len_kv)
            continue;
        char *key = key_without_n(c->key);
        struct scaling_fit *group = key ? group_of(all, groups, key) : NULL;
        if (key && !group) {
            group = &all[groups++];
            group->key = key;
            group->title = strdup(c->title);
            group->cases = calloc(record->case_count, sizeof(void *));
            key = NULL;
        }
        free(key);
        memory = group && group->cases && group->title;
        if (memory)
            group->cases[group->count++] = c;
    }
    *count = 0;
    for (size_t i = 0; i < groups; i++) { /* keep those with three lengths, in their order */
        if (memory && all[i].count >= 3)
            memory = fit_samples(&all[i]) == STATUS_OK;
        if (!memory || all[i].count < 3) {
            free(all[i].key);
            free(all[i].title);
            free(all[i].cases);
            continue;
        }
        qsort(all[i].cases, all[i].count, sizeof all[i].cases[0], by_length);
        all[(*count)++] = all[i];
    }
    *fits = all;
    if (!memory)
        diags_error(diags, NULL, 0, NULL, "out of memory while the scaling was fitted");
    return memory ? STATUS_OK : STATUS_NO_MEMORY;
}

void scaling_fits_free(struct scaling_fit *fits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(fits[i].key);
        free(fits[i].title);
        free(fits[i].cases);
    }
    free(fits);
}
