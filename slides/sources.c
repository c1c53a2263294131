#include "slides/sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* A line may break behind the dot, never before it. */
#define DOT "\xc2\xa0\xc2\xb7 "

char *sources_device(const struct machine *machine)
{
    static const char *const noise[] = {"(R)", "(TM)", "(r)", "(tm)", " Processor", " CPU"};
    char *name = strdup(machine->cpu_name ? machine->cpu_name : "an unnamed machine");
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

char *sources_of(const struct value *value)
{
    const struct machine *machine = &value->record->machine;
    return metric_on_gpu(value) && machine->gpu.name[0] ? strdup(machine->gpu.name) : sources_device(machine);
}

/* The least and the most of what several numbers say; 0 where none says anything. */
struct range {
    long least, most;
};

static void widen(struct range *range, long by)
{
    if (by > 0 && (!range->least || by < range->least))
        range->least = by;
    range->most = by > range->most ? by : range->most;
}

static void add_range(struct text *line, const struct range *range)
{
    text_format(line, "%ld", range->least);
    if (range->most > range->least)
        text_format(line, "\xe2\x80\x93%ld", range->most);
}

/* "AMD EPYC Â· 2 threads Â· median of 9â25 Â· 2026-11-24 Â· 1a2b3c4" of the record and the device that `first`
 * comes from; a GPU has no threads to tell. */
static void add_record(struct text *line, const struct binding *const *uses, size_t count, const struct value *first)
{
    const struct record *record = first->record;
    bool gpu = metric_on_gpu(first);
    struct range samples = {0}, threads = {0};
    for (size_t i = 0; i < count; i++) {
        const struct value *value = &uses[i]->value;
        if (value->record != record || metric_on_gpu(value) != gpu)
            continue;
        widen(&samples, (long)value->samples);
        if (!gpu)
            widen(&threads, value->from ? value->from->threads : value->threads);
    }
    char *device = sources_of(first);
    text_format(line, "%s%s", line->length ? "; " : "", device ? device : "");
    free(device);
    if (threads.most) {
        text_add(line, DOT);
        add_range(line, &threads);
        text_add(line, threads.most == 1 ? " thread" : " threads");
    }
    if (samples.most) {
        text_add(line, DOT "median of ");
        add_range(line, &samples);
    }
    text_format(line, DOT "%.10s" DOT "%.7s%s", record->date ? record->date : "no date",
                record->machine.commit ? record->machine.commit : "unknown", record->machine.dirty ? "+" : "");
}

/* Every record, and its processor and GPU apart, that a number comes from, in the order of first use. */
static char *measured_line(const struct binding *const *uses, size_t count)
{
    struct text line = {0};
    for (size_t i = 0; i < count; i++) {
        bool seen = !uses[i]->value.record;
        for (size_t j = 0; j < i && !seen; j++)
            seen = uses[j]->value.record == uses[i]->value.record &&
                   metric_on_gpu(&uses[j]->value) == metric_on_gpu(&uses[i]->value);
        if (!seen)
            add_record(&line, uses, count, &uses[i]->value);
    }
    if (line.length > 0)
        return text_take(&line);
    text_free(&line);
    return NULL;
}

/* The simulator, and the days and versions that it counted: no device and no samples. */
static char *counted_line(const struct binding *const *uses, size_t count)
{
    struct text line = {0};
    text_add(&line, "CUDA simulator");
    for (size_t i = 0; i < count; i++) {
        const struct record *record = uses[i]->value.record;
        bool seen = !record;
        for (size_t j = 0; j < i && !seen; j++)
            seen = uses[j]->value.record == record;
        if (!seen)
            text_format(&line, "%s%.10s" DOT "%.7s%s", line.length > 14 ? "; " : DOT,
                        record->date ? record->date : "no date",
                        record->machine.commit ? record->machine.commit : "unknown", record->machine.dirty ? "+" : "");
    }
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
        line = kind == KIND_MEASURED  ? measured_line(mine, found)
               : kind == KIND_COUNTED ? counted_line(mine, found)
                                      : joined_sources(mine, found, kind == KIND_PUBLISHED ? DOT : "; ");
    free(mine);
    return line;
}
