/* changes.c - what a comparison of two records says: the answer, what got worse, then every row. */
#include <math.h>

#include "reports/sections.h"
#include "reports/words.h"

static const struct report_column columns[] = {
    {"Row", COLUMN_CODE},      {"What", COLUMN_WORDS},    {"Old", COLUMN_NUMBER},
    {"New", COLUMN_NUMBER},    {"Change", COLUMN_NUMBER}, {"Interval", COLUMN_NUMBER},
    {"Covers", COLUMN_NUMBER}, {"Margin", COLUMN_NUMBER}, {"Cliff's delta", COLUMN_NUMBER},
    {"Verdict", COLUMN_WORDS},
};
static const struct report_column alone_columns[] = {{"Row", COLUMN_CODE}, {"Why it is not compared", COLUMN_WORDS}};

static bool is_difference(const struct change *change)
{
    return change->measure == MEASURE_QUALITY || change->measure == MEASURE_ERROR;
}

static struct words value_words(const struct change *change, double value)
{
    struct words words = words_number(value);
    if (change->measure == MEASURE_TIME)
        return words_time(value);
    if (change->measure == MEASURE_BYTES)
        return words_bytes(value);
    if (is_difference(change) && isfinite(value))
        snprintf(words.text, sizeof words.text, "%.3f", value);
    if (change->measure == MEASURE_NUMBER && isfinite(value))
        snprintf(words.text, sizeof words.text, "%.0f", value);
    return words;
}

static void say_by(struct report *report, const struct change *change)
{
    const struct estimate *by = &change->by;
    bool difference = is_difference(change);
    if (!(by->level > 0)) {
        for (int i = 0; i < 4; i++)
            report_cell(report, "\u2013");
        return;
    }
    report_cell(report, difference ? "%+.3f" : "%.3f", by->median);
    if (by->level >= 1)
        report_cell(report, "exact");
    else
        report_cell(report, difference ? "%+.3f to %+.3f" : "%.3f to %.3f", by->low, by->high);
    if (by->level >= 1)
        report_cell(report, "\u2013");
    else
        report_cell(report, "%.3g %%", 100 * by->level);
    if (change->margin <= 0)
        report_cell(report, "\u2013");
    else if (difference)
        report_cell(report, "%.4f", change->margin);
    else
        report_cell(report, "%.1f %%", 100 * change->margin);
}

static void say_change(struct report *report, const struct change *change)
{
    report_cell(report, "%s", change->key);
    report_cell(report, "%s", change->what);
    report_cell(report, "%s", value_words(change, change->before.median).text);
    report_cell(report, "%s", value_words(change, change->after.median).text);
    say_by(report, change);
    if (isnan(change->delta))
        report_cell(report, "\u2013");
    else
        report_cell(report, "%+.2f", change->delta);
    if (change->why && change->verdict != CHANGE_SAME)
        report_cell(report, "%s: %s", change_word(change), change->why);
    else
        report_cell(report, "%s", change_word(change));
}

static bool is_better(const struct change *change)
{
    return change->verdict == CHANGE_BETTER || change->verdict == CHANGE_REPAIRED;
}

static void say_those(struct report *report, const struct changes *changes, bool (*wanted)(const struct change *change),
                      const char *title, const char *caption)
{
    bool any = false;
    for (size_t i = 0; i < changes->count; i++) {
        if (!wanted(&changes->items[i]))
            continue;
        if (!any) {
            report_heading(report, 2, "%s", title);
            report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0], "%s", caption);
        }
        any = true;
        say_change(report, &changes->items[i]);
    }
}

static void say_kind(struct report *report, const struct changes *changes, enum change_kind kind)
{
    bool any = false;
    for (size_t i = 0; i < changes->count; i++) {
        if (changes->items[i].kind != kind)
            continue;
        if (!any) {
            report_heading(report, 2, "All of %s", change_title(kind));
            report_table(report, REPORT_TABLE, columns, sizeof columns / sizeof columns[0],
                         "New over old; of recall, needles and error new less old");
        }
        any = true;
        say_change(report, &changes->items[i]);
    }
}

static void say_alone(struct report *report, const struct changes *changes)
{
    static const char *const sides[] = {[SIDE_OLD] = "only in the old record", [SIDE_NEW] = "only in the new record"};
    if (changes->alone_count == 0)
        return;
    report_heading(report, 2, "Not compared");
    report_table(report, REPORT_TABLE, alone_columns, 2, "Rows that only one record has, or that are not of one thing");
    for (size_t i = 0; i < changes->alone_count; i++) {
        const struct change_alone *alone = &changes->alone[i];
        report_cell(report, "%s", alone->key);
        report_cell(report, "%s", alone->why ? alone->why : sides[alone->side]);
    }
}

static void say_record(struct report *report, const char *name, const struct record *record)
{
    const struct machine *m = &record->machine;
    report_cell(report, "%s", name);
    report_cell(report, "%s, measured %s, commit %s%s", record->path ? record->path : "a record", record->date,
                m->commit, m->dirty ? ", changed" : "");
}

static void say_how_to_read(struct report *report)
{
    static const struct report_column two[] = {{"Word", COLUMN_WORDS}, {"What it means", COLUMN_WORDS}};
    static const char *const rows[][2] = {
        {"Change", "of times, gains and prices the median of all ratios of a new repetition to an old one (Hodges and "
                   "Lehmann); of what is kept or found the median over models of new less old"},
        {"Interval", "of times exact, by ranks (Mann and Whitney's U), 99 % unless told; of what is kept over the "
                     "models' seeds, which are few: it says what it covers"},
        {"Margin", "worse or better is what lies outside it with the whole interval; inside it is the same, else "
                   "inconclusive"},
        {"Cliff's delta", "how much oftener a new repetition is above an old one than below it, -1 to 1"},
        {"baseline faster",
         "a ratio to dense attention (or to padded sequences) got worse only because that got faster: no regression"},
        {"Drift", "the two records did not take turns: a machine that changed between them looks like a change of the "
                  "code; ratios taken within one record do not see it"},
    };
    report_heading(report, 2, "How to read this");
    report_table(report, REPORT_FACTS, two, 2, "Words and numbers");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        report_cell(report, "%s", rows[i][0]);
        report_cell(report, "%s", rows[i][1]);
    }
}

enum status report_build_changes(const struct changes *changes, struct report *report, struct diags *diags)
{
    static const struct report_column two[] = {{"Record", COLUMN_WORDS}, {"What", COLUMN_WORDS}};
    char answer[CHANGES_ANSWER];
    *report = (struct report){0};
    changes_answer(changes, answer, sizeof answer);
    report_heading(report, 1, "Two records compared");
    report_say(report, REPORT_ANSWER, "%s", answer);
    for (size_t i = 0; i < changes->note_count; i++)
        report_say(report, REPORT_WARNING, "%s", changes->notes[i]);
    report_table(report, REPORT_FACTS, two, 2, "Records");
    say_record(report, "Old", changes->before);
    say_record(report, "New", changes->after);
    report_cell(report, "Machine");
    report_cell(report, "%s", changes->after->machine.cpu_name);
    if (changes->noise > 0) {
        report_cell(report, "Noise");
        report_cell(report, "the old state differs from itself by up to %.1f %%", 100 * changes->noise);
    }
    say_those(report, changes, change_is_regression, "Regressions", "What got worse");
    say_those(report, changes, is_better, "Improvements", "What got better");
    say_alone(report, changes);
    for (int kind = 0; kind < CHANGE_KINDS; kind++)
        say_kind(report, changes, (enum change_kind)kind);
    say_how_to_read(report);
    if (!report->failed)
        return STATUS_OK;
    diags_error(diags, NULL, 0, NULL, "out of memory while the report was made");
    return STATUS_NO_MEMORY;
}
