#include "harness/metric_counted.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static double hbm(const struct counted_stage *s)
{
    return s->hbm_read + s->hbm_written;
}

static double hbm_read(const struct counted_stage *s)
{
    return s->hbm_read;
}

static double hbm_written(const struct counted_stage *s)
{
    return s->hbm_written;
}

static double sram(const struct counted_stage *s)
{
    return s->sram_read + s->sram_written;
}

static double barriers(const struct counted_stage *s)
{
    return s->barriers;
}

static double products(const struct counted_stage *s)
{
    return s->products_m16n8k16;
}

static double exchanges(const struct counted_stage *s)
{
    return s->exchanges;
}

static double async(const struct counted_stage *s)
{
    return s->async_bytes;
}

static double formula(const struct counted_stage *s)
{
    return s->formula_read + s->formula_written;
}

static const char *const formula_source = "bytes of HBM by the kernel's closed formula";
static const char *const theorem_source = "IO theorem of FlashAttention, constants left aside";

static const struct {
    const char *name;
    enum unit unit;
    double (*of)(const struct counted_stage *); /* NULL: of the whole row alone */
    const char *const *source;                  /* of what is computed; NULL: it is counted */
} metrics[] = {
    {"hbm", UNIT_BYTES, hbm, NULL},
    {"hbm_read", UNIT_BYTES, hbm_read, NULL},
    {"hbm_written", UNIT_BYTES, hbm_written, NULL},
    {"sram", UNIT_BYTES, sram, NULL},
    {"barriers", UNIT_NONE, barriers, NULL},
    {"products", UNIT_NONE, products, NULL},
    {"exchanges", UNIT_NONE, exchanges, NULL},
    {"async", UNIT_BYTES, async, NULL},
    {"formula", UNIT_BYTES, formula, &formula_source},
    {"theorem", UNIT_BYTES, NULL, &theorem_source},
};
enum { METRICS = sizeof metrics / sizeof metrics[0] };

bool metric_is_counted(const char *metric)
{
    for (int i = 0; i < METRICS; i++)
        if (strcmp(metrics[i].name, metric) == 0)
            return true;
    return false;
}

const struct record_counted *metric_find_counted(const struct record *const *records, size_t record_count,
                                                 const struct parsed_key *parsed, const struct record **record,
                                                 const char **what, char **remedy)
{
    const struct record_counted *found = NULL;
    struct text words = {0};
    *what = NULL;
    *remedy = NULL;
    for (size_t r = 0; r < record_count; r++)
        for (size_t i = 0; i < records[r]->counted_count; i++) {
            const struct record_counted *c = &records[r]->counted[i];
            if (!key_matches(c->key, parsed->segments, parsed->count))
                continue;
            if (found) {
                *what = "several counts match";
                text_format(&words, "Name what tells them apart (%s, %s).", found->key, c->key);
                *remedy = text_take(&words);
                return NULL;
            }
            found = c;
            *record = records[r];
        }
    if (found && !found->failed)
        return found;
    *what = found ? "the simulator found a fault in this kernel" : "no record holds this count";
    if (found)
        *remedy = found->error ? strdup(found->error) : NULL;
    else
        *remedy = strdup("Count it: flashdeck count -a kernel=... --benchmark_out=FILE, then name the record.");
    return NULL;
}

bool metric_of_counted(const struct record_counted *counted, const char *stage, const char *metric, struct value *value)
{
    struct counted_stage sum = record_counted_sum(counted);
    const struct counted_stage *of = stage ? NULL : &sum;
    bool counted_all = record_counted_whole(counted);
    for (size_t s = 0; stage && s < counted->stage_count; s++)
        if (strcmp(counted->stages[s].name, stage) == 0)
            of = &counted->stages[s];
    if (of && stage)
        counted_all = counted_stage_ran(of);
    for (int i = 0; of && i < METRICS; i++)
        if (strcmp(metrics[i].name, metric) == 0 && (metrics[i].of || !stage) && (counted_all || metrics[i].source)) {
            value->number = value->low = value->high = metrics[i].of ? metrics[i].of(of) : counted->theorem_bytes;
            value->unit = metrics[i].unit;
            value->kind = metrics[i].source ? KIND_COMPUTED : KIND_COUNTED;
            value->source = metrics[i].source ? *metrics[i].source : NULL;
            return true;
        }
    return false;
}
