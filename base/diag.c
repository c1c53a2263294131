#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Texts are measured several times before they are drawn: a fault of one is told once. */
static bool is_known(const struct diags *diags, enum diag_level level, const char *file, int line, const char *what)
{
    for (size_t i = 0; what && i < diags->count; i++)
        if (diags->items[i].level == level && diags->items[i].line == line && same(diags->items[i].file, file) &&
            same(diags->items[i].what, what))
            return true;
    return false;
}

static void add(struct diags *diags, enum diag_level level, const char *file, int line, const char *remedy,
                const char *format, va_list arguments)
{
    if (level == DIAG_ERROR)
        diags->errors++;
    if (diags->count == diags->capacity) {
        size_t capacity = diags->capacity ? 2 * diags->capacity : 8;
        struct diag *items = realloc(diags->items, capacity * sizeof *items);
        if (!items)
            return;
        diags->items = items;
        diags->capacity = capacity;
    }
    char *what = NULL;
    if (vasprintf(&what, format, arguments) < 0)
        what = NULL;
    if (is_known(diags, level, file, line, what)) {
        free(what);
        return;
    }
    diags->items[diags->count++] =
        (struct diag){.level = level, .file = copy(file), .line = line, .what = what, .remedy = copy(remedy)};
}

void diags_error(struct diags *diags, const char *file, int line, const char *remedy, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(diags, DIAG_ERROR, file, line, remedy, format, arguments);
    va_end(arguments);
}

void diags_warn(struct diags *diags, const char *file, int line, const char *remedy, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(diags, DIAG_WARNING, file, line, remedy, format, arguments);
    va_end(arguments);
}

void diags_free(struct diags *diags)
{
    for (size_t i = 0; i < diags->count; i++) {
        free(diags->items[i].file);
        free(diags->items[i].what);
        free(diags->items[i].remedy);
    }
    free(diags->items);
    *diags = (struct diags){0};
}

void diags_print(const struct diags *diags, FILE *stream)
{
    static const char *const words[] = {[DIAG_ERROR] = "error", [DIAG_WARNING] = "warning"};
    fflush(stdout); /* what was printed before stands before, also in a pipe that both share */
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        if (diag->file && diag->line > 0)
            fprintf(stream, "%s:%d: ", diag->file, diag->line);
        else if (diag->file)
            fprintf(stream, "%s: ", diag->file);
        fprintf(stream, "%s: %s\n", words[diag->level], diag->what ? diag->what : "(out of memory)");
        if (diag->remedy)
            fprintf(stream, "    %s\n", diag->remedy);
    }
}
