#include "cli/reproducing_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/modernbert_row.h"
#include "harness/stats.h"
#include "harness/summary.h"

static void print_head(const struct record_modernbert *r, FILE *stream)
{
    fprintf(stream,
            "ModernBERT-%s: %" PRId64 " layers, %" PRId64 " of them global, %" PRId64 " of its %" PRId64
            " heads of %d, %s, ",
            r->model, r->layers, r->global_layers, r->heads, r->model_heads, MODERNBERT_DIM,
            strcmp(r->dtype, "f32") == 0 ? "float32" : r->dtype);
    if (r->sample_count == 0)
        fprintf(stream, "%s\na rehearsal: every way was verified and none was measured\n", r->device);
    else {
        if (strcmp(r->device, "cpu") == 0)
            fprintf(stream, "%d threads, ", r->threads);
        else
            fprintf(stream, "%s, ", r->device);
        fprintf(stream,
                "%zu rounds\nmeasured: attention of the whole stack; seconds are medians, ratios of paired rounds with "
                "their interval\n",
                r->sample_count);
    }
    fprintf(stream, "%-14s %3s %7s %10s %10s %10s %10s\n", "lengths", "seq", "tokens", "all-global", "alternates",
            "padded", "and alt.");
}

static void print_time(const struct record_modernbert *row, enum modernbert_way which, FILE *stream)
{
    const struct record_way *way = record_way_named(row, modernbert_way_name(which));
    char words[24] = "the same";
    if (way && way->samples)
        summary_time(way->seconds.median, words, sizeof words);
    fprintf(stream, " %10s", way && !way->samples ? "right" : words);
}

/* "2.55 [2.51, 2.60]" */
static void print_ratio(const struct estimate *ratio, FILE *stream)
{
    fprintf(stream, "%.2f [%.2f, %.2f]", ratio->median, ratio->low, ratio->high);
}

/* Turning Q and K is a stage of its own, and in none of the ratios. */
static void print_rope(const struct record_modernbert *row, FILE *stream)
{
    char all[24], alternating[24];
    const struct record_way *a = record_way_named(row, modernbert_way_name(ALL_GLOBAL));
    const struct record_way *b = record_way_named(row, modernbert_way_name(ALTERNATING));
    if (!a || !b)
        return;
    summary_time(a->rope_seconds.median, all, sizeof all);
    summary_time(b->rope_seconds.median, alternating, sizeof alternating);
    fprintf(stream, "    RoPE beside it, in none of these: all-global %s, alternating %s\n", all, alternating);
}

void reproducing_print(const struct record_modernbert *row, bool first, FILE *stream)
{
    if (first)
        print_head(row, stream);
    fprintf(stream, "%-14s %3" PRId64 " %7" PRId64, row->lengths, row->sequences, row->tokens);
    for (int way = 0; way < MODERNBERT_WAYS; way++)
        print_time(row, (enum modernbert_way)way, stream);
    if (row->sample_count == 0) {
        fprintf(stream, "\n    never measured; ceiling by pairs %.2f\n", row->ceiling);
        return;
    }
    fprintf(stream, "\n    all-global / alternating: measured ");
    print_ratio(&row->alternation, stream);
    fprintf(stream, ", ceiling by pairs %.2f\n", row->ceiling);
    if (!isnan(row->padding.median)) {
        fprintf(stream, "    padded / packed: all-global measured ");
        print_ratio(&row->padding, stream);
        fprintf(stream, " (by pairs %.2f), alternating ", row->padding_pairs);
        print_ratio(&row->padding_alternating, stream);
        fprintf(stream, " (by tokens %.2f)\n", row->padding_tokens);
    }
    print_rope(row, stream);
    fflush(stream);
}

void reproducing_print_rope(const struct modernbert_result *result, FILE *stream)
{
    size_t rounds = (size_t)result->rounds;
    if (rounds == 0)
        return;
    double *global = calloc(rounds, sizeof *global), *alternating = calloc(rounds, sizeof *alternating);
    for (size_t i = 0; global && alternating && i < rounds; i++) {
        global[i] = result->seconds[ALL_GLOBAL][i] + result->rope[ALL_GLOBAL][i];
        alternating[i] = result->seconds[ALTERNATING][i] + result->rope[ALTERNATING][i];
    }
    if (global && alternating) {
        struct estimate ratio = stats_ratio(global, alternating, rounds);
        fprintf(stream, "    with RoPE in both: all-global / alternating ");
        print_ratio(&ratio, stream);
        fputc('\n', stream);
    }
    free(global);
    free(alternating);
}

void reproducing_print_published(FILE *stream)
{
    fprintf(stream, "\npublished, whole models, thousand tokens a second (RTX 4090):\n%-20s", "");
    for (int i = 0; i < 4; i++)
        fprintf(stream, " %14s", modernbert_lengths[i].name);
    fputc('\n', stream);
    for (size_t m = 0; m < sizeof modernbert_published / sizeof modernbert_published[0]; m++) {
        fprintf(stream, "%-20s", modernbert_published[m].model);
        for (int i = 0; i < 4; i++)
            if (isnan(modernbert_published[m].thousands[i]))
                fprintf(stream, " %14s", "-");
            else
                fprintf(stream, " %14.1f", modernbert_published[m].thousands[i]);
        fputc('\n', stream);
    }
    fprintf(stream,
            "\nWhy they differ: the paper times whole models, whose linear layers cost the same either way, on a GPU;\n"
            "ours is attention alone, where alternation can show all of its effect. Published and measured numbers\n"
            "are of different kinds and are not divided by each other.\n");
}
