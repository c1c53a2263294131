#include "slides/credits.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/sources.h"

/* The uses that a kind of credit comes from: words in place of a number and sizes that a system names are none. */
static bool counts(const struct binding *use, enum kind kind)
{
    return use->value.kind == kind && !use->words_else && use->value.unit != UNIT_TEXT;
}

static bool same(const struct binding *a, const struct binding *b)
{
    if (a->value.record || b->value.record)
        return a->value.record == b->value.record && metric_on_gpu(&a->value) == metric_on_gpu(&b->value);
    return a->value.source && b->value.source && strcmp(a->value.source, b->value.source) == 0;
}

static bool is_first(const struct binding *uses, size_t i, enum kind kind)
{
    for (size_t j = 0; j < i; j++)
        if (counts(&uses[j], kind) && same(&uses[j], &uses[i]))
            return false;
    return true;
}

static size_t add_records(const struct binding *uses, size_t count, struct text *line)
{
    size_t records = 0;
    for (size_t i = 0; i < count; i++) {
        const struct record *record = uses[i].value.record;
        if (!counts(&uses[i], KIND_MEASURED) || !record || !is_first(uses, i, KIND_MEASURED))
            continue;
        char *device = sources_of(&uses[i].value);
        text_format(line, "%s%s, %.10s, %.7s%s", records++ ? "; " : "measured on ", device ? device : "",
                    record->date ? record->date : "no date",
                    record->machine.commit ? record->machine.commit : "unknown", record->machine.dirty ? "+" : "");
        free(device);
    }
    return records;
}

/* A short name stays on one line. */
static void add_unbroken(struct text *line, const char *name)
{
    bool short_name = strlen(name) < 32;
    for (; *name; name++)
        if (*name == ' ' && short_name)
            text_add(line, "\xc2\xa0");
        else
            text_add_bytes(line, name, 1);
}

static void note_reference(struct credits *credits, const char *reference)
{
    char **more = realloc(credits->references, (credits->count + 1) * sizeof *more);
    if (!more)
        return;
    credits->references = more;
    more[credits->count] = strdup(reference);
    credits->count += more[credits->count] != NULL;
}

static void add_publications(const struct binder *binder, const struct binding *uses, size_t count, struct text *line,
                             struct credits *credits)
{
    for (size_t i = 0; i < count; i++) {
        const char *source = uses[i].value.source;
        if (!counts(&uses[i], KIND_PUBLISHED) || !source || !*source || !is_first(uses, i, KIND_PUBLISHED))
            continue;
        const char *reference = binder_reference(binder, source);
        text_add(line, credits->count ? ", " : line->length ? "; published: " : "published: ");
        add_unbroken(line, source);
        note_reference(credits, reference ? reference : source);
    }
}

static char *summary_of(size_t records, size_t publications)
{
    struct text line = {0};
    if (records)
        text_format(&line, "%zu record%s", records, records == 1 ? "" : "s");
    if (publications)
        text_format(&line, "%s%zu publication%s", records ? " and " : "", publications, publications == 1 ? "" : "s");
    text_add(&line, ", named on the slides");
    return text_take(&line);
}

struct credits credits_gather(const struct binder *binder)
{
    size_t count;
    const struct binding *uses = binder_uses(binder, &count);
    struct credits credits = {0};
    struct text line = {0};
    size_t records = add_records(uses, count, &line);
    add_publications(binder, uses, count, &line, &credits);
    if (line.length > 0) {
        credits.summary = summary_of(records, credits.count);
        credits.line = text_take(&line);
    }
    text_free(&line);
    return credits;
}

void credits_free(struct credits *credits)
{
    for (size_t i = 0; i < credits->count; i++)
        free(credits->references[i]);
    free(credits->references);
    free(credits->line);
    free(credits->summary);
    *credits = (struct credits){0};
}
