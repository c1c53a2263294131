/* changes_machine.c - whether two records were measured on the same machine in the same way, and of the same code. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/changes_rows.h"

static const char *const remedy =
    "Times compare on one machine as it is: measure both there. --untimed compares what no clock took part in.";

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool refuse(const struct record *after, struct diags *diags, const char *what, const char *old, const char *new)
{
    diags_error(diags, after->path, 0, remedy, "another %s: %.90s, and it was %.90s", what, new &&*new ? new : "none",
                old && *old ? old : "none");
    return false;
}

static bool same_words(const struct record *after, struct diags *diags, const char *what, const char *old,
                       const char *new)
{
    return same(old, new) || refuse(after, diags, what, old, new);
}

static bool same_number(const struct record *after, struct diags *diags, const char *what, double old, double new)
{
    char words[2][32];
    if (old == new || (isnan(old) && isnan(new)))
        return true;
    snprintf(words[0], sizeof words[0], "%g", old);
    snprintf(words[1], sizeof words[1], "%g", new);
    return refuse(after, diags, what, words[0], words[1]);
}

bool changes_same_machine(const struct record *before, const struct record *after, struct diags *diags)
{
    const struct machine *a = &before->machine, *b = &after->machine;
    bool like = same_words(after, diags, "processor", a->cpu_name, b->cpu_name);
    like &= same_number(after, diags, "number of processors", a->num_cpus, b->num_cpus);
    like &= same_words(after, diags, "clock policy", a->governor, b->governor);
    like &= same_words(after, diags, "clock policy", a->scaling ? "scaled" : "not scaled",
                       b->scaling ? "scaled" : "not scaled");
    like &= same_words(after, diags, "type of build", a->build_type, b->build_type);
    like &= same_words(after, diags, "GPU", a->gpu.name, b->gpu.name);
    like &= same_words(after, diags, "driver", a->gpu.driver, b->gpu.driver);
    if (*a->gpu.name && *b->gpu.name)
        like &= same_number(after, diags, "power limit", a->gpu.power_limit, b->gpu.power_limit);
    return like;
}

static void note(struct changes *changes, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note(struct changes *changes, const char *format, ...)
{
    va_list arguments;
    if (changes->note_count == CHANGES_NOTES)
        return;
    char *words = changes->notes[changes->note_count++];
    va_start(arguments, format);
    vsnprintf(words, sizeof changes->notes[0], format, arguments);
    va_end(arguments);
}

static void note_change(struct changes *changes, const char *what, const char *before, const char *after)
{
    if (!same(before, after))
        note(changes, "another %s: %.70s before, %.70s now", what, before ? before : "none", after ? after : "none");
}

/* Rows that were added later have dates of their own. */
static bool same_measurement(const struct record *a, const struct record *b)
{
    bool alike = same(a->date, b->date) && same(a->command, b->command) && a->case_count == b->case_count &&
                 a->tradeoff_count == b->tradeoff_count && a->modernbert_count == b->modernbert_count &&
                 a->efficiency_count == b->efficiency_count && a->counted_count == b->counted_count;
    for (size_t i = 0; alike && i < a->tradeoff_count; i++)
        alike = same(a->tradeoffs[i].date, b->tradeoffs[i].date);
    for (size_t i = 0; alike && i < a->modernbert_count; i++)
        alike = same(a->modernberts[i].date, b->modernberts[i].date);
    for (size_t i = 0; alike && i < a->efficiency_count; i++)
        alike = same(a->efficiency[i].date, b->efficiency[i].date);
    return alike;
}

void changes_look(const struct changes_request *request, struct changes *changes)
{
    const struct record *before = request->before, *after = request->after;
    const struct machine *a = &before->machine, *b = &after->machine;
    changes->same_code = same(a->sources, b->sources) && same(a->compiler, b->compiler) && same(a->isa, b->isa) &&
                         same(a->blas, b->blas) && same(a->build_type, b->build_type) &&
                         same(a->gpu.toolkit, b->gpu.toolkit);
    if (same_measurement(before, after))
        note(changes, "both are the same measurement, of %.60s", before->date);
    else if (before->date && after->date && strcmp(before->date, after->date) > 0)
        note(changes, "the old record is the newer one: %.60s, and the new is of %.60s", before->date, after->date);
    if (changes->same_code && !request->untimed)
        note(changes, "the same code in both: differences in time are noise");
    note_change(changes, "compiler", a->compiler, b->compiler);
    note_change(changes, "instruction set", a->isa, b->isa);
    note_change(changes, "BLAS", a->blas, b->blas);
    note_change(changes, "CUDA toolkit", a->gpu.toolkit, b->gpu.toolkit);
    note_change(changes, "system", a->system, b->system);
    if (before->incomplete)
        note(changes, "the old record is incomplete: it was stopped");
    if (after->incomplete)
        note(changes, "the new record is incomplete: it was stopped");
}
