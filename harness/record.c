/* record.c - the record in memory: cases, their names and keys. */
#include "harness/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct record_case *record_add(struct record *record)
{
    if (record->case_count == record->case_capacity) {
        size_t capacity = record->case_capacity ? 2 * record->case_capacity : 16;
        struct record_case *cases = realloc(record->cases, capacity * sizeof *cases);
        if (!cases)
            return NULL;
        record->cases = cases;
        record->case_capacity = capacity;
    }
    struct record_case *added = &record->cases[record->case_count++];
    *added = (struct record_case){.memory_mhz = NAN, .watts = NAN, .celsius = NAN};
    return added;
}

static char *key_of(const struct record_case *c, const char *dtype)
{
    const struct attention_problem *p = &c->problem;
    struct text key = {0};
    text_format(&key, "%s.%s.%s.%s.n%lld.d%lld.h%lld.b%lld", c->kernel, c->backend, dtype, c->mask,
                (long long)p->len_kv, (long long)p->head_dim, (long long)p->heads, (long long)p->batch);
    if (p->kv_heads != p->heads)
        text_format(&key, ".kv%lld", (long long)p->kv_heads);
    if (p->len_q != p->len_kv)
        text_format(&key, ".q%lld", (long long)p->len_q);
    if (p->layers != 1)
        text_format(&key, ".l%lld", (long long)p->layers);
    text_format(&key, ".t%d", c->threads);
    return text_take(&key);
}

static char *name_of(const struct record_case *c, const char *dtype)
{
    const struct attention_problem *p = &c->problem;
    struct text name = {0};
    text_format(&name, "%s/%s/%s/%s/N:%lld/d:%lld/heads:%lld/batch:%lld", c->kernel, c->backend, dtype, c->mask,
                (long long)p->len_kv, (long long)p->head_dim, (long long)p->heads, (long long)p->batch);
    if (p->kv_heads != p->heads)
        text_format(&name, "/kv_heads:%lld", (long long)p->kv_heads);
    if (p->len_q != p->len_kv)
        text_format(&name, "/len_q:%lld", (long long)p->len_q);
    if (p->layers != 1)
        text_format(&name, "/layers:%lld", (long long)p->layers);
    text_format(&name, "/threads:%d", c->threads);
    return text_take(&name);
}

enum status record_name_case(struct record_case *c, const char *kernel, const char *family, const char *backend,
                             const char *title, const struct attention_problem *problem, int threads)
{
    char label[64];
    attention_mask_label(&problem->mask, label, sizeof label);
    c->problem = *problem;
    c->threads = threads;
    c->kernel = strdup(kernel);
    c->family = strdup(family);
    c->backend = strdup(backend);
    c->title = strdup(title);
    c->mask = strdup(label);
    if (!c->kernel || !c->family || !c->backend || !c->title || !c->mask)
        return STATUS_NO_MEMORY;
    c->key = key_of(c, dtype_name(problem->dtype));
    c->name = name_of(c, dtype_name(problem->dtype));
    return c->key && c->name ? STATUS_OK : STATUS_NO_MEMORY;
}

const struct record_case *record_case_by_key(const struct record *record, const char *key)
{
    for (size_t i = 0; i < record->case_count; i++)
        if (strcmp(record->cases[i].key, key) == 0)
            return &record->cases[i];
    return NULL;
}

bool record_case_finished(const struct record_case *c)
{
    return c->failed || (c->stop_reason && strcmp(c->stop_reason, "interrupted") != 0);
}

static void free_case(struct record_case *c)
{
    char *const texts[] = {c->key,  c->name, c->kernel, c->family, c->backend,     c->title,
                           c->mask, c->fill, c->error,  c->flags,  c->stop_reason, c->device};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    free(c->samples);
    free(c->cpu_samples);
    free(c->iterations);
    free(c->stages);
}

void record_remove(struct record *record, size_t index)
{
    free_case(&record->cases[index]);
    record->case_count--;
    memmove(&record->cases[index], &record->cases[index + 1], (record->case_count - index) * sizeof *record->cases);
}

void record_free(struct record *record)
{
    for (size_t i = 0; i < record->case_count; i++)
        free_case(&record->cases[i]);
    free(record->cases);
    record_free_counted(record);
    record_free_tradeoffs(record);
    record_free_modernberts(record);
    record_free_efficiency(record);
    free(record->path);
    free(record->date);
    free(record->executable);
    free(record->preset);
    free(record->command);
    machine_free(&record->machine);
    *record = (struct record){0};
}
