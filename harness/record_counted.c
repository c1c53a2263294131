#include "harness/record_counted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/record.h"
#include "harness/record_fields.h"

struct record_counted *record_add_counted(struct record *record)
{
    if (record->counted_count == record->counted_capacity) {
        size_t capacity = record->counted_capacity ? 2 * record->counted_capacity : 16;
        struct record_counted *rows = realloc(record->counted, capacity * sizeof *rows);
        if (!rows)
            return NULL;
        record->counted = rows;
        record->counted_capacity = capacity;
    }
    struct record_counted *added = &record->counted[record->counted_count++];
    *added = (struct record_counted){0};
    return added;
}

/* The case's way of naming, up to the threads, which a count has none of, and with its own name of the mask. */
static void add_masked(struct text *to, const char *words, const char *label, const char *mask, const char *end)
{
    const char *at = mask ? strstr(words, label) : NULL, *cut = strstr(words, end);
    size_t length = cut ? (size_t)(cut - words) : strlen(words);
    size_t head = at ? (size_t)(at - words) : length, rest = at ? head + strlen(label) : length;
    text_add_bytes(to, words, head);
    if (at)
        text_add(to, mask);
    text_add_bytes(to, words + rest, length - rest);
}

enum status record_name_counted(struct record_counted *counted, const char *kernel, const char *family,
                                const char *title, const char *mask, const struct attention_problem *problem)
{
    struct record names = {0};
    struct text key = {0}, name = {0};
    struct record_case *c = record_add(&names);
    enum status status = c ? record_name_case(c, kernel, family, "simt", title, problem, 1) : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        counted->problem = *problem;
        counted->problem.mask.blocks = NULL; /* lives no longer than the counting */
        add_masked(&key, c->key, c->mask, mask, ".t1");
        add_masked(&name, c->name, c->mask, mask, "/threads:");
        counted->key = text_take(&key);
        counted->name = text_take(&name);
        counted->kernel = strdup(c->kernel);
        counted->family = strdup(c->family);
        counted->backend = strdup(c->backend);
        counted->title = strdup(c->title);
        counted->mask = strdup(mask ? mask : c->mask);
        if (!counted->key || !counted->name || !counted->kernel || !counted->family || !counted->backend ||
            !counted->title || !counted->mask)
            status = STATUS_NO_MEMORY;
    }
    record_free(&names);
    return status;
}

void record_free_counted(struct record *record)
{
    for (size_t i = 0; i < record->counted_count; i++) {
        struct record_counted *counted = &record->counted[i];
        char *const texts[] = {counted->key,     counted->name,  counted->kernel, counted->family,
                               counted->backend, counted->title, counted->mask,   counted->error};
        for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
            free(texts[t]);
        free(counted->stages);
    }
    free(record->counted);
    record->counted = NULL;
    record->counted_count = record->counted_capacity = 0;
}

struct counted_stage record_counted_sum(const struct record_counted *counted)
{
    struct counted_stage sum = {.name = "all"};
    for (size_t s = 0; s < counted->stage_count; s++)
        for (const struct field *f = record_counted_stage_fields; f->name; f++)
            *(double *)((char *)&sum + f->offset) += *(const double *)((const char *)&counted->stages[s] + f->offset);
    return sum;
}

bool counted_stage_ran(const struct counted_stage *stage)
{
    return stage->launches > 0;
}

bool record_counted_whole(const struct record_counted *counted)
{
    for (size_t s = 0; s < counted->stage_count; s++)
        if (!counted_stage_ran(&counted->stages[s]))
            return false;
    return counted->stage_count > 0;
}
