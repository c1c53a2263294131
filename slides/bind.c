/* bind.c - every {{ }} of a deck: looked up, formatted, and remembered. */
#include "slides/bind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/metric_study.h"
#include "slides/escape.h"
#include "slides/expression.h"
#include "slides/format.h"
#include "slides/sources.h"

struct binder {
    struct scope scope;
    struct published *published;
    struct binding *uses;
    size_t count, capacity;
    char *source_texts[4]; /* of the last slide asked for */
};

enum status binder_open(struct binder **binder, const struct deck *deck, const struct record *const *records,
                        size_t record_count, bool allow_stale, struct diags *diags)
{
    *binder = calloc(1, sizeof **binder);
    if (!*binder) {
        diags_error(diags, deck->file, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = published_open(&(*binder)->published, diags);
    (*binder)->scope = (struct scope){.records = records,
                                      .record_count = record_count,
                                      .published = (*binder)->published,
                                      .deck = deck,
                                      .allow_stale = allow_stale};
    if (status != STATUS_OK) {
        binder_close(*binder);
        *binder = NULL;
    }
    return status;
}

void binder_close(struct binder *binder)
{
    if (!binder)
        return;
    for (size_t i = 0; i < binder->count; i++) {
        free(binder->uses[i].expression);
        free(binder->uses[i].shown);
        free(binder->uses[i].words_else);
    }
    for (int i = 0; i < 4; i++)
        free(binder->source_texts[i]);
    free(binder->uses);
    published_close(binder->published);
    free(binder);
}

const char *binder_reference(const struct binder *binder, const char *source)
{
    return published_reference(binder->published, source);
}

const char *binder_file(const struct binder *binder)
{
    return binder->scope.deck->file;
}

static enum status remember(struct binder *binder, struct binding use, struct diags *diags)
{
    if (binder->count == binder->capacity) {
        size_t capacity = binder->capacity ? 2 * binder->capacity : 32;
        struct binding *uses = realloc(binder->uses, capacity * sizeof *uses);
        if (!uses) {
            diags_error(diags, binder->scope.deck->file, use.line, NULL, "out of memory");
            free(use.expression);
            free(use.shown);
            free(use.words_else);
            return STATUS_NO_MEMORY;
        }
        binder->uses = uses;
        binder->capacity = capacity;
    }
    binder->uses[binder->count++] = use;
    return STATUS_OK;
}

/* The first bar that is not inside quotes ends the expression. */
static size_t expression_length(const char *text)
{
    return strcspn(text, "|");
}

static char *trimmed(const char *text, size_t length)
{
    while (length > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        length--;
    }
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    return strndup(text, length);
}

enum status bind_value(struct binder *binder, const char *expression, int slide, int line, struct value *value,
                       char **shown, struct diags *diags)
{
    const char *file = binder->scope.deck->file;
    size_t length = expression_length(expression);
    char *keys = trimmed(expression, length);
    struct format format;
    struct binding use = {.slide = slide, .line = line, .expression = trimmed(expression, strlen(expression))};
    *shown = NULL;
    enum status status = format_read(expression[length] ? expression + length + 1 : "", file, line, &format, diags);
    if (status == STATUS_OK) {
        struct diags missing = {0};
        status = expression_value(&binder->scope, keys, line, value, format.otherwise ? &missing : diags);
        for (size_t i = 0; i < missing.count && status != STATUS_FAILED; i++) /* no lack of a result, but a fault */
            diags_error(diags, missing.items[i].file, missing.items[i].line, missing.items[i].remedy, "%s",
                        missing.items[i].what);
        diags_free(&missing);
        if (status == STATUS_OK) {
            *shown = format_value(value, &format, keys, file, line, diags);
            status = *shown ? STATUS_OK : STATUS_BAD_INPUT;
        } else if (format.otherwise && status == STATUS_FAILED) {
            *value = (struct value){0};
            *shown = strdup(format.otherwise);
            use.words_else = strdup(format.otherwise);
            status = STATUS_OK;
        }
    }
    free(keys);
    format_free(&format);
    if (status != STATUS_OK) {
        free(use.expression);
        return status;
    }
    use.value = *value;
    use.shown = strdup(*shown);
    return remember(binder, use, diags);
}

/* The five entities that Pango's markup needs, back to characters: keys hold none, else-words may. */
static char *unescaped(const char *markup, size_t length)
{
    static const struct {
        const char *entity;
        char character;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    struct text plain = {0};
    for (size_t i = 0; i < length;) {
        size_t e = 0, count = sizeof entities / sizeof entities[0];
        while (e < count && strncmp(markup + i, entities[e].entity, strlen(entities[e].entity)) != 0)
            e++;
        text_add_bytes(&plain, e < count ? &entities[e].character : markup + i, 1);
        i += e < count ? strlen(entities[e].entity) : 1;
    }
    return text_take(&plain);
}

char *bind_text(struct binder *binder, const char *markup, int slide, int line, struct diags *diags)
{
    struct text bound = {0};
    bool failed = false;
    for (const char *at = markup; *at;) {
        if (strncmp(at, "\\{{", 3) == 0) {
            text_add(&bound, "{{");
            at += 3;
            continue;
        }
        if (strncmp(at, "{{", 2) != 0) {
            text_add_bytes(&bound, at++, 1);
            continue;
        }
        const char *close = strstr(at, "}}");
        if (!close) {
            diags_error(diags, binder->scope.deck->file, line, "Close it with }}, or write \\{{ for the characters.",
                        "this binding is never closed");
            failed = true;
            break;
        }
        char *expression = unescaped(at + 2, (size_t)(close - at) - 2), *shown = NULL;
        struct value value;
        failed |= bind_value(binder, expression, slide, line, &value, &shown, diags) != STATUS_OK;
        if (shown)
            escape_markup(&bound, shown, strlen(shown));
        free(shown);
        free(expression);
        at = close + 2;
    }
    char *text = text_take(&bound);
    if (failed) {
        free(text);
        return NULL;
    }
    return text;
}

enum status bind_series(struct binder *binder, const char *segments, const char *metric, int slide, int line,
                        struct value **values, double **n, size_t *count, struct diags *diags)
{
    const struct scope *scope = &binder->scope;
    const struct record_case **cases = NULL;
    size_t found = 0;
    enum status status = STATUS_OK;
    *count = 0;
    for (size_t r = 0; r < scope->record_count && found == 0 && status == STATUS_OK; r++) {
        free(cases);
        status = metric_cases(scope->records[r], segments, &cases, &found, diags);
    }
    *values = calloc(found + 1, sizeof **values);
    *n = calloc(found + 1, sizeof **n);
    if (status == STATUS_OK && found == 0) { /* says what is missing, with the nearest keys and the command */
        char key[300];
        struct value ignored;
        snprintf(key, sizeof key, "%.200s.%.60s", segments, metric);
        status = metric_find(scope->records, scope->record_count, key, scope->allow_stale, scope->deck->file, line,
                             &ignored, diags);
    }
    for (size_t i = 0; i < found && status == STATUS_OK; i++) {
        char key[300], *shown;
        if (i > 0 && cases[i]->problem.len_kv == cases[i - 1]->problem.len_kv) {
            diags_error(diags, scope->deck->file, line, "Name the mask, d, heads or threads as well.",
                        "%s: several results at N %lld", segments, (long long)cases[i]->problem.len_kv);
            status = STATUS_BAD_INPUT;
            break;
        }
        snprintf(key, sizeof key, "%.200s.%.60s", cases[i]->key, metric);
        (*n)[i] = (double)cases[i]->problem.len_kv;
        status = bind_value(binder, key, slide, line, &(*values)[i], &shown, diags);
        free(shown);
        *count = i + 1;
    }
    free(cases);
    return status;
}

/* One metric of a point, by its whole key. */
static enum status bind_point(struct binder *binder, const char *key, const char *metric, int slide, int line,
                              struct value *value, struct diags *diags)
{
    char whole[300], *shown;
    snprintf(whole, sizeof whole, "%.200s.%.60s", key, metric);
    enum status status = bind_value(binder, whole, slide, line, value, &shown, diags);
    free(shown);
    return status;
}

enum status bind_points(struct binder *binder, const char *segments, const char *x_metric, const char *y_metric,
                        int slide, int line, struct value **x, struct value **y, double **density, size_t *count,
                        struct diags *diags)
{
    const struct scope *scope = &binder->scope;
    const struct record_point **points = NULL;
    size_t found = 0;
    enum status status = STATUS_OK;
    *count = 0;
    for (size_t r = 0; r < scope->record_count && found == 0 && status == STATUS_OK; r++) {
        free(points);
        status = metric_points(scope->records[r], segments, &points, &found, diags);
    }
    *x = calloc(found + 1, sizeof **x);
    *y = calloc(found + 1, sizeof **y);
    *density = calloc(found + 1, sizeof **density);
    if (status == STATUS_OK && (!*x || !*y || !*density))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK && found == 0) { /* says what is missing, and how to measure it */
        struct value ignored;
        status = bind_point(binder, segments, y_metric, slide, line, &ignored, diags);
    }
    for (size_t i = 0; i < found && status == STATUS_OK; i++) {
        if (i > 0 && points[i]->density == points[i - 1]->density) {
            diags_error(diags, scope->deck->file, line, "Name the length, heads or threads as well.",
                        "%s: several points at %.3g %%", segments, 100 * points[i]->density);
            status = STATUS_BAD_INPUT;
            break;
        }
        (*density)[i] = points[i]->density;
        status = bind_point(binder, points[i]->key, x_metric, slide, line, &(*x)[i], diags);
        if (status == STATUS_OK)
            status = bind_point(binder, points[i]->key, y_metric, slide, line, &(*y)[i], diags);
        *count = i + 1;
    }
    free(points);
    return status;
}

const struct binding *binder_uses(const struct binder *binder, size_t *count)
{
    *count = binder->count;
    return binder->uses;
}

int binder_sources(struct binder *binder, int slide, struct source_line lines[4])
{
    static const enum kind order[] = {KIND_MEASURED, KIND_COUNTED, KIND_COMPUTED, KIND_PUBLISHED};
    int count = 0;
    for (int i = 0; i < 4; i++) {
        char *text = sources_line(binder->uses, binder->count, slide, order[i]);
        if (!text)
            continue;
        free(binder->source_texts[count]);
        binder->source_texts[count] = text;
        lines[count++] = (struct source_line){order[i], text};
    }
    return count;
}
