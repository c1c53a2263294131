#include "cli/comparing_table.h"

#include <math.h>
#include <string.h>

#include "harness/summary.h"

static void print_record(const char *name, const struct record *record, FILE *stream)
{
    const struct machine *m = &record->machine;
    fprintf(stream, "%-4s %s  %s  %s%s\n", name, record->path ? record->path : "", record->date, m->commit,
            m->dirty ? ", changed" : "");
}

static void value_words(const struct change *change, double value, char *words, size_t size)
{
    if (isnan(value))
        snprintf(words, size, "-");
    else if (change->measure == MEASURE_TIME)
        summary_time(value, words, size);
    else if (change->measure == MEASURE_BYTES)
        summary_bytes(value, words, size);
    else if (change->measure == MEASURE_NUMBER)
        snprintf(words, size, "%.4g", value);
    else
        snprintf(words, size, "%.*f", change->measure == MEASURE_GAIN || change->measure == MEASURE_PRICE ? 2 : 3,
                 value);
}

static void by_words(const struct change *change, char *words, size_t size)
{
    const struct estimate *by = &change->by;
    bool difference = change->measure == MEASURE_QUALITY || change->measure == MEASURE_ERROR;
    if (!(by->level > 0))
        snprintf(words, size, "-");
    else if (by->level >= 1)
        snprintf(words, size, difference ? "%+.3f" : "%.3f", by->median);
    else if (difference)
        snprintf(words, size, "%+.3f [%+.3f, %+.3f] %.3g %%", by->median, by->low, by->high, 100 * by->level);
    else
        snprintf(words, size, "%.3f [%.3f, %.3f] %.3g %%", by->median, by->low, by->high, 100 * by->level);
}

/* An error of this row alone; other reasons hold for many rows and are told once. */
static bool own_reason(const struct change *change)
{
    return change->verdict == CHANGE_WRONG || change->verdict == CHANGE_FAILS || change->verdict == CHANGE_STILL;
}

static void print_change(const struct change *change, int width, FILE *stream)
{
    char before[32], after[32], by[64];
    value_words(change, change->before.median, before, sizeof before);
    value_words(change, change->after.median, after, sizeof after);
    by_words(change, by, sizeof by);
    fprintf(stream, "%-*s  %-20s %9s %9s  %-30s  %s\n", width, change->key, change->what, before, after, by,
            change_word(change));
    if (change->why && own_reason(change))
        fprintf(stream, "            ! %s\n", change->why);
}

static bool shown(const struct change *change, bool all)
{
    return all || (change->verdict != CHANGE_SAME && change->verdict != CHANGE_NOISE);
}

/* Each reason that several rows share, with how many: reasons are literals, and few. */
static void print_reasons(const struct changes *changes, enum change_kind kind, bool all, FILE *stream)
{
    enum { MOST = 8 };
    const char *reasons[MOST];
    size_t counts[MOST] = {0}, found = 0;
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        size_t at = 0;
        if (change->kind != kind || !change->why || own_reason(change) || !shown(change, all))
            continue;
        while (at < found && reasons[at] != change->why)
            at++;
        if (at == MOST)
            continue;
        reasons[at] = change->why;
        found += at == found;
        counts[at]++;
    }
    for (size_t r = 0; r < found; r++)
        fprintf(stream, "            ! %zu of these: %s\n", counts[r], reasons[r]);
}

static int width_of(const struct changes *changes, enum change_kind kind, bool all)
{
    size_t width = 0;
    for (size_t i = 0; i < changes->count; i++)
        if (changes->items[i].kind == kind && shown(&changes->items[i], all) && strlen(changes->items[i].key) > width)
            width = strlen(changes->items[i].key);
    return (int)width;
}

static void print_alone(const struct changes *changes, enum change_kind kind, FILE *stream)
{
    static const char *const sides[] = {[SIDE_OLD] = "only in the old record", [SIDE_NEW] = "only in the new record"};
    for (size_t i = 0; i < changes->alone_count; i++)
        if (changes->alone[i].kind == kind)
            fprintf(stream, "%s  %s\n", changes->alone[i].key,
                    changes->alone[i].why ? changes->alone[i].why : sides[changes->alone[i].side]);
}

static void print_kind(const struct changes *changes, enum change_kind kind, bool all, FILE *stream)
{
    size_t compared = 0, same = 0, noise = 0, alone = 0;
    int width = width_of(changes, kind, all);
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        compared += change->kind == kind;
        same += change->kind == kind && change->verdict == CHANGE_SAME;
        noise += change->kind == kind && change->verdict == CHANGE_NOISE;
    }
    for (size_t i = 0; i < changes->alone_count; i++)
        alone += changes->alone[i].kind == kind;
    if (compared + alone == 0)
        return;
    fprintf(stream, "\n%s: %zu compared, %zu the same", change_title(kind), compared, same);
    if (noise)
        fprintf(stream, ", %zu differ by noise", noise);
    fputc('\n', stream);
    if (width > 0)
        fprintf(stream, "%-*s  %-20s %9s %9s  %-30s  %s\n", width, "row", "what", "old", "new",
                "new/old or new-old [interval]", "verdict");
    for (int pass = 0; pass < 2; pass++) /* what counts first */
        for (size_t i = 0; i < changes->count; i++) {
            const struct change *change = &changes->items[i];
            if (change->kind == kind && shown(change, all) && change_is_regression(change) == (pass == 0))
                print_change(change, width, stream);
        }
    print_reasons(changes, kind, all, stream);
    print_alone(changes, kind, stream);
}

void comparing_print(const struct changes *changes, bool all, FILE *stream)
{
    char answer[CHANGES_ANSWER];
    print_record("old", changes->before, stream);
    print_record("new", changes->after, stream);
    for (size_t i = 0; i < changes->note_count; i++)
        fprintf(stream, "            ! %s\n", changes->notes[i]);
    if (changes->noise > 0)
        fprintf(stream, "the old state differs from itself by up to %.1f %%\n", 100 * changes->noise);
    for (int kind = 0; kind < CHANGE_KINDS; kind++)
        print_kind(changes, (enum change_kind)kind, all, stream);
    changes_answer(changes, answer, sizeof answer);
    fprintf(stream, "\n%s\n", answer);
}
