/* changes_counts.c - what kernels move, counted in the simulator, in two records: exact, whatever the machine. */
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

static void compare(struct changing *work, struct change_pair pair)
{
    const struct record_counted *a = &work->request->before->counted[pair.before];
    const struct record_counted *b = &work->request->after->counted[pair.after];
    if (!changing_results(work, b->key, a->failed, b->failed, true, b->error))
        return;
    if (!record_counted_whole(a) || !record_counted_whole(b)) {
        changing_alone(work, b->key, SIDE_BOTH, "a library does a part of it, which is not counted");
        return;
    }
    struct counted_stage x = record_counted_sum(a), y = record_counted_sum(b);
    changing_exact(work, MEASURE_BYTES, b->key, "HBM", x.hbm_read + x.hbm_written, y.hbm_read + y.hbm_written);
    changing_exact(work, MEASURE_BYTES, b->key, "SRAM", x.sram_read + x.sram_written, y.sram_read + y.sram_written);
    changing_exact(work, MEASURE_NUMBER, b->key, "barriers", x.barriers, y.barriers);
    changing_exact(work, MEASURE_NUMBER, b->key, "launches", x.launches, y.launches);
}

const struct change_kind_row change_counts = {"counted", false, count_of, key_of, unlike, compare};
