/* changes.c - pairs the rows of two records, judges what their kinds measured, and counts the verdicts. */
#include "harness/changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/changes_rows.h"

static const struct change_kind_row *const kinds[CHANGE_KINDS] = {
    [CHANGE_CASE] = &change_cases,
    [CHANGE_TRADEOFF] = &change_tradeoffs,
    [CHANGE_MODERNBERT] = &change_modernberts,
    [CHANGE_EFFICIENCY] = &change_efficiencies,
    [CHANGE_COUNT] = &change_counts,
};

const char *change_title(enum change_kind kind)
{
    return kinds[kind]->title;
}

/* The rows of a record, sorted by key: a hostile record may hold very many. */
struct row_of {
    const char *key;
    size_t index;
};

struct rows {
    struct row_of *items;
    size_t count;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct row_of *)a)->key, ((const struct row_of *)b)->key);
}

static struct rows rows_of(struct changing *work, const struct change_kind_row *kind, const struct record *record)
{
    struct rows rows = {NULL, record ? kind->count(record) : 0};
    rows.items = calloc(rows.count + 1, sizeof *rows.items);
    if (!rows.items) {
        work->failed = true;
        return (struct rows){NULL, 0};
    }
    for (size_t i = 0; i < rows.count; i++)
        rows.items[i] = (struct row_of){kind->key(record, i), i};
    qsort(rows.items, rows.count, sizeof *rows.items, by_key);
    return rows;
}

static long row_at(const struct rows *rows, const char *key)
{
    const struct row_of wanted = {key, 0};
    const struct row_of *found =
        rows->count ? bsearch(&wanted, rows->items, rows->count, sizeof *rows->items, by_key) : NULL;
    return found ? (long)found->index : -1;
}

/* In the new record's order; then what only the old one has, in its order. */
static size_t pair_kind(struct changing *work, const struct change_kind_row *kind, bool compare)
{
    const struct changes_request *request = work->request;
    struct rows old = rows_of(work, kind, request->before), new = rows_of(work, kind, request->after);
    struct rows more = rows_of(work, kind, request->again);
    size_t pairs = 0;
    for (size_t i = 0; i < new.count; i++) {
        const char *key = kind->key(request->after, i), *why;
        long at = row_at(&old, key), again = row_at(&more, key);
        if (at < 0) {
            if (compare)
                changing_alone(work, key, SIDE_NEW, NULL);
            continue;
        }
        pairs++;
        if (!compare)
            continue;
        if (again >= 0 && kind->unlike(request->after, i, request->again, (size_t)again))
            again = -1;
        why = kind->unlike(request->before, (size_t)at, request->after, i);
        if (why)
            changing_alone(work, key, SIDE_BOTH, why);
        else
            kind->compare(work, (struct change_pair){(size_t)at, i, again});
    }
    for (size_t i = 0; compare && i < old.count; i++) {
        const char *key = kind->key(request->before, i);
        if (row_at(&new, key) < 0)
            changing_alone(work, key, SIDE_OLD, NULL);
    }
    free(old.items);
    free(new.items);
    free(more.items);
    return pairs;
}

static const char *name_of(const struct record *record)
{
    return record->path ? record->path : "the record";
}

/* Nothing was found to be worse because nothing was looked at: no comparison passes by that. */
static enum status nothing_compared(const struct changes_request *request, const struct changes *changes,
                                    struct diags *diags)
{
    const char *why = NULL;
    for (size_t i = 0; i < changes->alone_count && !why; i++)
        why = changes->alone[i].side == SIDE_BOTH ? changes->alone[i].why : NULL;
    diags_error(diags, name_of(request->after), 0,
                request->untimed && !why ? "Leave --untimed out, or compare records that hold trade-offs or counts."
                                         : "Measure the same cases again: `command` in the record says how.",
                "no row can be compared with %.200s: %s", name_of(request->before),
                why ? why : "what both hold are times");
    return STATUS_INCOMPARABLE;
}

enum status changes_find(const struct changes_request *request, struct changes *changes, struct diags *diags)
{
    struct changing work = {.request = request, .changes = changes};
    size_t pairs = 0, timed = 0;
    *changes = (struct changes){.before = request->before, .after = request->after};
    for (int k = 0; k < CHANGE_KINDS; k++) {
        size_t found = pair_kind(&work, kinds[k], false);
        pairs += found;
        timed += kinds[k]->timed ? found : 0;
    }
    if (pairs == 0 && !work.failed) {
        diags_error(diags, name_of(request->after), 0,
                    "Measure the same cases again: `command` in the record says how.", "no row of it is in %.200s",
                    name_of(request->before));
        return STATUS_BAD_INPUT;
    }
    if (timed > 0 && !request->untimed &&
        (!changes_same_machine(request->before, request->after, diags) ||
         (request->again && !changes_same_machine(request->before, request->again, diags))))
        return STATUS_INCOMPARABLE;
    changes_look(request, changes);
    for (int k = 0; k < CHANGE_KINDS && !work.failed; k++) {
        work.kind = (enum change_kind)k;
        pair_kind(&work, kinds[k], true);
    }
    if (!work.failed && changes->count + changes->right == 0)
        return nothing_compared(request, changes, diags);
    if (!work.failed)
        return STATUS_OK;
    diags_error(diags, NULL, 0, NULL, "out of memory while two records were compared");
    return STATUS_NO_MEMORY;
}

void changes_free(struct changes *changes)
{
    free(changes->items);
    free(changes->alone);
    *changes = (struct changes){0};
}

bool change_is_regression(const struct change *change)
{
    return change->verdict == CHANGE_WORSE || change->verdict == CHANGE_WRONG || change->verdict == CHANGE_FAILS;
}

enum status changes_status(const struct changes *changes, bool strict)
{
    const size_t *of = changes->verdicts;
    if (of[CHANGE_WRONG])
        return STATUS_WRONG;
    if (of[CHANGE_WORSE] || of[CHANGE_FAILS])
        return STATUS_REGRESSED;
    return strict && (of[CHANGE_UNSURE] || changes->missing) ? STATUS_INCONCLUSIVE : STATUS_OK;
}

/* How many of each word, in the order in which they first stand. */
static void add_counts(const struct changes *changes, bool regressions, char *words, size_t size)
{
    struct {
        const char *word;
        size_t count;
    } found[CHANGE_VERDICTS * (MEASURE_RESULT + 1)];
    size_t kinds_found = 0;
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        const char *word = change_word(change);
        size_t at = 0;
        if (change_is_regression(change) != regressions || change->verdict == CHANGE_SAME)
            continue;
        while (at < kinds_found && found[at].word != word) /* the words are literals */
            at++;
        if (at == kinds_found) {
            found[kinds_found].word = word;
            found[kinds_found++].count = 0;
        }
        found[at].count++;
    }
    for (size_t f = 0; f < kinds_found; f++) {
        size_t length = strlen(words);
        snprintf(words + length, size - length, "%s%zu %s", length ? ", " : "", found[f].count, found[f].word);
    }
}

void changes_answer(const struct changes *changes, char *words, size_t size)
{
    *words = '\0';
    add_counts(changes, true, words, size);
    if (!*words)
        snprintf(words, size, "no regression");
    add_counts(changes, false, words, size);
    size_t length = strlen(words);
    if (changes->count > 0)
        snprintf(words + length, size - length, "; %zu of %zu compared are the same", changes->verdicts[CHANGE_SAME],
                 changes->count);
    else
        snprintf(words + length, size - length, "; nothing but results was compared, right in both records of %zu rows",
                 changes->right);
    length = strlen(words);
    if (changes->missing)
        snprintf(words + length, size - length, "; %zu row%s missing from the new record", changes->missing,
                 changes->missing == 1 ? " is" : "s are");
}

const char *change_word(const struct change *change)
{
    static const char *const worse[] = {"SLOWER",       "LESS GAIN",  "DEARER",     "QUALITY LOST",
                                        "LARGER ERROR", "MORE BYTES", "MORE STEPS", "WRONG"};
    static const char *const better[] = {"faster",        "more gain",   "cheaper",     "quality gained",
                                         "smaller error", "fewer bytes", "fewer steps", "right"};
    static const char *const words[CHANGE_VERDICTS] = {
        [CHANGE_SAME] = "same",         [CHANGE_UNSURE] = "inconclusive",
        [CHANGE_NOISE] = "same code",   [CHANGE_BASELINE] = "baseline faster",
        [CHANGE_WRONG] = "WRONG",       [CHANGE_FAILS] = "FAILS",
        [CHANGE_STILL] = "still fails", [CHANGE_REPAIRED] = "repaired"};
    if (change->verdict == CHANGE_WORSE)
        return worse[change->measure];
    return change->verdict == CHANGE_BETTER ? better[change->measure] : words[change->verdict];
}
