#include "help_changes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/stats.h"
#include "tests/harness/help_fakes.h"

void two_replace(char **text, const char *with)
{
    free(*text);
    *text = strdup(with);
}

/* Rounds that differ by little, as on a quiet machine. */
static void calm(double *samples)
{
    for (size_t i = 0; i < ROUNDS; i++)
        samples[i] = samples[0] * (1 + 0.0005 * (double)i);
}

static void calm_tradeoff(struct record_tradeoff *row)
{
    calm(row->dense);
    for (size_t p = 0; p < row->point_count; p++)
        calm(row->points[p].samples);
    record_settle_tradeoff(row);
}

/* With as many rounds as the others have. */
static void calm_modernbert(struct record_modernbert *row)
{
    for (size_t w = 0; w < row->way_count; w++) {
        row->ways[w].samples = realloc(row->ways[w].samples, ROUNDS * sizeof(double));
        free(row->ways[w].rope);
        row->ways[w].rope = calloc(ROUNDS, sizeof(double));
        calm(row->ways[w].samples);
    }
    row->sample_count = ROUNDS;
    record_settle_modernbert(row);
}

static void calm_efficiency(struct record_efficiency *row)
{
    double *const all[] = {row->samples, row->dense, row->processor, row->dense_processor};
    for (size_t a = 0; a < sizeof all / sizeof all[0]; a++)
        calm(all[a]);
    record_settle_efficiency(row);
}

static void make(struct record *record, const char *sources)
{
    fake_record(record);
    fake_study(record);
    two_replace(&record->machine.sources, sources);
    for (size_t i = 0; i < 2; i++) {
        calm_tradeoff(&record->tradeoffs[i]);
        calm_modernbert(&record->modernberts[i]);
        calm_efficiency(&record->efficiency[i]);
    }
}

void two_begin(struct two_records *t)
{
    *t = (struct two_records){0};
    make(&t->before, "old sources");
    make(&t->after, "new sources");
    make(&t->again, "old sources");
}

static void through_a_file(struct record *record)
{
    char path[] = "/tmp/flashdeck-changes-XXXXXX";
    struct diags diags = {0};
    close(mkstemp(path));
    assert_int_equal(record_write(record, path, &diags), STATUS_OK);
    record_free(record);
    if (record_read(path, record, &diags) != STATUS_OK)
        fail_msg("%s", diags.items[0].what);
    unlink(path);
}

enum status two_find_untimed(struct two_records *t, bool untimed)
{
    through_a_file(&t->before);
    through_a_file(&t->after);
    struct changes_request request = {.before = &t->before,
                                      .after = &t->after,
                                      .again = t->noisy ? &t->again : NULL,
                                      .margin = CHANGES_MARGIN,
                                      .untimed = untimed};
    return changes_find(&request, &t->changes, &t->diags);
}

void two_find(struct two_records *t)
{
    if (two_find_untimed(t, false) != STATUS_OK)
        fail_msg("%s", t->diags.items[0].what);
}

void two_end(struct two_records *t)
{
    changes_free(&t->changes);
    diags_free(&t->diags);
    record_free(&t->before);
    record_free(&t->after);
    record_free(&t->again);
}

const struct change *two_change(const struct two_records *t, const char *key, const char *what)
{
    for (size_t i = 0; i < t->changes.count; i++)
        if (strcmp(t->changes.items[i].key, key) == 0 && strcmp(t->changes.items[i].what, what) == 0)
            return &t->changes.items[i];
    fail_msg("nothing was compared: %s of %s", what, key);
    return NULL;
}

void two_expect_word(const struct two_records *t, const char *key, const char *what, const char *word)
{
    const struct change *change = two_change(t, key, what);
    if (strcmp(change_word(change), word) != 0)
        fail_msg("%s of %s: %s, not %s (%g [%g, %g])", what, key, change_word(change), word, change->by.median,
                 change->by.low, change->by.high);
}

void two_expect_regressions(const struct two_records *t, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < t->changes.count; i++)
        found += change_is_regression(&t->changes.items[i]);
    assert_int_equal(found, count);
}

const struct change_alone *two_alone(const struct two_records *t, const char *key)
{
    for (size_t i = 0; i < t->changes.alone_count; i++)
        if (strcmp(t->changes.alone[i].key, key) == 0)
            return &t->changes.alone[i];
    fail_msg("%s is not named", key);
    return NULL;
}

void two_scale(double *values, size_t count, double factor)
{
    for (size_t i = 0; i < count; i++)
        values[i] *= factor;
}

void two_scale_case(struct record *record, const char *key, double factor)
{
    struct record_case *c = (struct record_case *)record_case_by_key(record, key);
    two_scale(c->samples, c->sample_count, factor);
    c->seconds = stats_estimate(c->samples, c->sample_count);
}

struct counted_stage *two_add_count(struct record *record, double read)
{
    struct record_counted *c = record_add_counted(record);
    struct attention_problem p = {
        .layers = 1, .batch = 1, .heads = 1, .kv_heads = 1, .len_q = 64, .len_kv = 64, .head_dim = 64, .scale = 0.125f};
    attention_mask_parse("full", &p.mask);
    assert_int_equal(record_name_counted(c, "flash_tiled", "flash", "tiles", NULL, &p), STATUS_OK);
    c->parts = 1;
    c->stages = calloc(1, sizeof *c->stages);
    c->stage_count = 1;
    c->stages[0] = (struct counted_stage){.name = "all",
                                          .hbm_read = read,
                                          .hbm_written = 2048,
                                          .sram_read = 512,
                                          .sram_written = 256,
                                          .launches = 1,
                                          .blocks = 1,
                                          .barriers = 4,
                                          .exchanges = 8,
                                          .products_m16n8k16 = 16,
                                          .formula_read = read,
                                          .formula_written = 2048};
    c->equal = true;
    c->least_bytes = c->theorem_bytes = 100;
    return &c->stages[0];
}
