#include "slides/sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* A line may break behind the dot, never before it. */
#define DOT "\xc2\xa0\xc2\xb7 "

char *sources_device(const struct machine *machine)
{
    static const char *const noise[] = {"(R)", "(TM)", "(r)", "(tm)", " Processor", " CPU"};
    char *name = strdup(machine->cpu_name);
    if (!name)
        return NULL;
    char *speed = strstr(name, " @");
    if (speed)
        *speed = '\0';
    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++)
        for (char *at; (at = strstr(name, noise[i])) != NULL;)
            memmove(at, at + strlen(noise[i]), strlen(at + strlen(noise[i])) + 1);
    return name;
}

/* "AMD EPYC · 2 threads · median of 9 to 25 · 2026-11-24 · 1a2b3c4" */
static char *measured_line(const struct binding *const *uses, size_t count)
{
    size_t least = 0, most = 0;
    int threads = 0;
    const struct record *record = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct value *value = &uses[i]->value;
        record = value->record ? value->record : record;
        if (value->samples && (!least || value->samples < least))
            least = value->samples;
        most = value->samples > most ? value->samples : most;
        threads = value->from ? value->from->threads : threads;
    }
    if (!record)
        return NULL;
    struct text line = {0};
    char *device = sources_device(&record->machine);
    text_add(&line, device ? device : "");
    free(device);
    if (threads)
        text_format(&line, DOT "%d thread%s", threads, threads == 1 ? "" : "s");
    if (least && least == most)
        text_format(&line, DOT "median of %zu", most);
    else if (least)
        text_format(&line, DOT "median of %zu\xe2\x80\x93%zu", least, most);
    text_format(&line, DOT "%.10s" DOT "%.7s%s", record->date, record->machine.commit,
                record->machine.dirty ? "+" : "");
    return text_take(&line);
}

/* The distinct sources, in the order of their first use. */
static char *joined_sources(const struct binding *const *uses, size_t count, const char *separator)
{
    struct text line = {0};
    for (size_t i = 0; i < count; i++) {
        const char *source = uses[i]->value.source;
        bool seen = !source || !*source;
        for (size_t j = 0; j < i && !seen; j++)
            seen = uses[j]->value.source && strcmp(uses[j]->value.source, source) == 0;
        if (!seen)
            text_format(&line, "%s%s", line.length ? separator : "", source);
    }
    return text_take(&line);
}

char *sources_line(const struct binding *uses, size_t count, int slide, enum kind kind)
{
    const struct binding **mine = calloc(count + 1, sizeof *mine);
    size_t found = 0;
    for (size_t i = 0; mine && i < count; i++)
        if (uses[i].slide == slide && uses[i].value.kind == kind && !uses[i].words_else &&
            uses[i].value.unit != UNIT_TEXT)
            mine[found++] = &uses[i];
    char *line = NULL;
    if (found > 0)
        line = kind == KIND_MEASURED ? measured_line(mine, found)
                                     : joined_sources(mine, found, kind == KIND_PUBLISHED ? DOT : "; ");
    free(mine);
    return line;
}
