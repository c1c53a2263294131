#include "harness/modernbert_row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/date.h"

const struct modernbert_published modernbert_published[4] = {
    {"ModernBERT-base", {148.1, 147.3, 123.7, 133.8}},
    {"GTE-base, xformers", {122.5, 128.6, 47.5, 67.3}},
    {"NomicBERT", {117.1, 58.5, 46.1, 23.1}},
    {"BERT-base", {180.4, 90.2, (double)NAN, (double)NAN}},
};
const char *const modernbert_published_source = "ModernBERT 2412.13663, table 2; RTX 4090";

const char *modernbert_way_name(enum modernbert_way way)
{
    static const char *const names[MODERNBERT_WAYS] = {[ALL_GLOBAL] = "all_global",
                                                       [ALTERNATING] = "alternating",
                                                       [ALL_GLOBAL_PADDED] = "all_global_padded",
                                                       [ALTERNATING_PADDED] = "alternating_padded"};
    return names[way];
}

static enum status fill_ways(struct record_modernbert *row, const struct modernbert_result *result)
{
    row->ways = calloc(MODERNBERT_WAYS, sizeof *row->ways);
    for (int w = 0; row->ways && w < MODERNBERT_WAYS; w++) {
        size_t bytes = row->sample_count * sizeof(double);
        struct record_way *way = &row->ways[row->way_count];
        if (!result->seconds[w])
            continue; /* padding changes nothing: the same as packed */
        row->way_count++;
        way->name = strdup(modernbert_way_name((enum modernbert_way)w));
        way->pairs = result->pairs[w];
        if (!way->name)
            return STATUS_NO_MEMORY;
        if (bytes == 0)
            continue; /* rehearsed */
        way->samples = malloc(bytes);
        way->rope = malloc(bytes);
        if (!way->samples || !way->rope)
            return STATUS_NO_MEMORY;
        memcpy(way->samples, result->seconds[w], bytes);
        memcpy(way->rope, result->rope[w], bytes);
    }
    return row->ways ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status fill_papers(struct record_modernbert *row, const struct modernbert_lengths *lengths)
{
    enum { PAPERS = sizeof modernbert_published / sizeof modernbert_published[0] };
    int64_t column = 0;
    while (column < 4 && lengths != &modernbert_lengths[column])
        column++;
    row->papers = calloc(PAPERS, sizeof *row->papers);
    for (int i = 0; row->papers && i < PAPERS && column < 4; i++) {
        double thousands = modernbert_published[i].thousands[column];
        if (isnan(thousands))
            continue;
        struct record_paper *paper = &row->papers[row->paper_count++];
        paper->model = strdup(modernbert_published[i].model);
        paper->source = strdup(modernbert_published_source);
        paper->thousands = thousands;
        if (!paper->model || !paper->source)
            return STATUS_NO_MEMORY;
    }
    return row->papers ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status modernbert_row(struct record *record, const struct modernbert *model,
                           const struct modernbert_lengths *lengths, const char *device, int64_t heads, uint64_t seed,
                           int threads, const struct modernbert_result *result, const char *command)
{
    struct record_modernbert *row = record_add_modernbert(record);
    if (!row)
        return STATUS_NO_MEMORY;
    *row = (struct record_modernbert){
        .date = date_now(),
        .command = command ? strdup(command) : NULL,
        .model = strdup(model->name),
        .lengths = strdup(lengths->name),
        .device = strdup(device),
        .dtype = strdup(dtype_name(strcmp(device, "cpu") == 0 ? DTYPE_F32 : DTYPE_BF16)),
        .threads = strcmp(device, "cpu") == 0 ? threads : 1,
        .seed = seed,
        .layers = model->layers,
        .global_layers = (model->layers + MODERNBERT_EVERY - 1) / MODERNBERT_EVERY,
        .heads = heads,
        .model_heads = model->heads,
        .most = lengths->most,
        .sequences = lengths->count,
        .tokens = result->tokens,
        .padded_tokens = result->padded_tokens,
        .sample_count = (size_t)result->rounds,
    };
    enum status status =
        row->date && row->model && row->lengths && row->device && row->dtype ? STATUS_OK : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        row->key = record_key_modernbert(row);
    if (status == STATUS_OK)
        status = row->key ? fill_ways(row, result) : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = fill_papers(row, lengths);
    if (status != STATUS_OK) {
        record_remove_modernbert(record, record->modernbert_count - 1);
        return status;
    }
    record_settle_modernbert(row);
    for (size_t i = 0; i + 1 < record->modernbert_count; i++)
        if (strcmp(record->modernberts[i].key, row->key) == 0) {
            record_remove_modernbert(record, i);
            break;
        }
    return STATUS_OK;
}
