/* changes_counts.c - what kernels move, counted in the simulator, in two records: exact, whatever the machine. */
#include <stddef.h>

#include "harness/changes_rows.h"

static size_t count_of(const struct record *record)
{
    return record->counted_count;
}

static const char *key_of(const struct record *record, size_t index)
{
    return record->counted[index].key;
}

static const char *unlike(const struct record *a, size_t i, const struct record *b, size_t j)
{
    return changing_same_problem(&a->counted[i].problem, &b->counted[j].problem) ? NULL
                                                                                 : "another problem under the same key";
}

/* Each by itself: what is read more and written less is a change, too. */
static const struct {
    enum change_measure measure;
    const char *what;
    size_t offset; /* in a stage, of a double */
} things[] = {
    {MEASURE_BYTES, "HBM read", offsetof(struct counted_stage, hbm_read)},
    {MEASURE_BYTES, "HBM written", offsetof(struct counted_stage, hbm_written)},
    {MEASURE_BYTES, "SRAM read", offsetof(struct counted_stage, sram_read)},
    {MEASURE_BYTES, "SRAM written", offsetof(struct counted_stage, sram_written)},
    {MEASURE_NUMBER, "barriers", offsetof(struct counted_stage, barriers)},
    {MEASURE_NUMBER, "exchanges", offsetof(struct counted_stage, exchanges)},
    {MEASURE_NUMBER, "products", offsetof(struct counted_stage, products_m16n8k16)},
    {MEASURE_NUMBER, "launches", offsetof(struct counted_stage, launches)},
};

static void compare(struct changing *work, struct change_pair pair)
{
    const struct record_counted *a = &work->request->before->counted[pair.before];
    const struct record_counted *b = &work->request->after->counted[pair.after];
    if (!changing_results(work, b->key, a->failed, b->failed, true, b->error))
        return;
    if (a->equal && !b->equal) /* as for flashdeck count: what was counted is wrong */
        changing_results(work, b->key, false, true, true, "the bytes of HBM are not those of the kernel's formula");
    if (!record_counted_whole(a) || !record_counted_whole(b)) {
        changing_alone(work, b->key, SIDE_BOTH, "a library does a part of it, which is not counted");
        return;
    }
    struct counted_stage x = record_counted_sum(a), y = record_counted_sum(b);
    for (size_t m = 0; m < sizeof things / sizeof things[0]; m++)
        changing_exact(work, things[m].measure, b->key, things[m].what,
                       *(const double *)((const char *)&x + things[m].offset),
                       *(const double *)((const char *)&y + things[m].offset));
}

const struct change_kind_row change_counts = {"counted", false, count_of, key_of, unlike, compare};
