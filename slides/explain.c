/* explain.c - every number on every slide, traced. */
#include <stdio.h>
#include <string.h>

#include "slides/bind.h"
#include "slides/prepare.h"
#include "slides/render.h"

/* The name stands in the expression as a word of its own. */
static bool holds_name(const char *expression, const char *name)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    size_t length = strlen(name);
    for (const char *at = expression; (at = strstr(at, name)) != NULL; at++)
        if ((at == expression || !strchr(word, at[-1])) && (!at[length] || !strchr(word, at[length])))
            return true;
    return false;
}

/* What the names of an expression stand for, and the names in those. */
static void print_names(const struct deck *deck, const char *expression, int depth, FILE *stream)
{
    for (size_t i = 0; i < deck->name_count && depth < 8; i++)
        if (holds_name(expression, deck->names[i].name)) {
            fprintf(stream, "            %s is %s\n", deck->names[i].name, deck->names[i].expression);
            print_names(deck, deck->names[i].expression, depth + 1, stream);
        }
}

static void print_use(const struct deck *deck, const struct binding *use, FILE *stream)
{
    const struct value *value = &use->value;
    fprintf(stream, "  line %-4d %-22s {{ %s }}\n", use->line, use->shown, use->expression);
    print_names(deck, use->expression, 0, stream);
    if (use->words_else) {
        fprintf(stream, "            no result: the deck's own words are shown\n");
        return;
    }
    fprintf(stream, "            %s", kind_name(value->kind));
    if (value->source && *value->source)
        fprintf(stream, ": %s", value->source);
    if (value->from)
        fprintf(stream, "; %s", value->from->key);
    else if (value->key)
        fprintf(stream, "; %s", value->key);
    if (value->samples)
        fprintf(stream, ", median of %zu, %.3g %% interval %.6g to %.6g %s", value->samples,
                100 * (value->level > 0 ? value->level : 0.99), value->low, value->high,
                value->unit == UNIT_NONE ? "" : unit_name(value->unit));
    if (value->record)
        fprintf(stream, "\n            record %s, %s, %s, commit %s%s",
                value->record->path ? value->record->path : "(new)", value->record->machine.cpu_name,
                value->record->date, value->record->machine.commit, value->record->machine.dirty ? " (changed)" : "");
    fputc('\n', stream);
}

enum status deck_explain(const struct deck *deck, const struct record *const *records, size_t record_count,
                         bool allow_stale, FILE *stream, struct diags *diags)
{
    struct prepared prepared;
    enum status status = prepare_deck(deck, records, record_count, allow_stale, &prepared, diags);
    size_t count = 0;
    const struct binding *uses = prepared.binder ? binder_uses(prepared.binder, &count) : NULL;
    for (int slide = 0; status == STATUS_OK && uses && slide < (int)deck->slide_count; slide++) {
        fprintf(stream, "slide %d of %zu (line %d)\n", slide + 1, deck->slide_count, deck->slides[slide].line);
        bool any = false;
        for (size_t i = 0; i < count; i++)
            if (uses[i].slide == slide) {
                print_use(deck, &uses[i], stream);
                any = true;
            }
        if (!any)
            fprintf(stream, "  no numbers from records or publications\n");
    }
    prepared_free(&prepared);
    return status;
}
