#include "help_charts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "help_pages.h"
#include "slides/charts/charts.h"
#include "slides/yaml.h"

static const char points_fence[] = "kind: points\n"
                                   "rows:\n"
                                   "  - {name: GPT-4, value: published.gpt4.context | k 0}\n"
                                   "  - {name: Claude 2, value: '{{ published.claude2.context | k }}'}\n"
                                   "  - {name: Gemini 1.5, value: published.gemini.context | M}\n";
static const char bar_fence[] = "kind: bar\n"
                                "rows:\n"
                                "  - {name: 'naive, <plain> & slow', value: naive.n2048.time}\n"
                                "  - {name: unmeasured, value: 'flash.n65536.time | else \"not measured\"'}\n"
                                "  - {name: 'flash, tiled', value: flash.n2048.time}\n";
static const char line_fence[] = "kind: line\n"
                                 "highlight: flash\n"
                                 "series:\n"
                                 "  - {name: naive, cases: naive.d64}\n"
                                 "  - {name: flash, cases: flash.d64, slope: fit.flash.d64.exponent}\n";
static const char stages_fence[] = "kind: stages\n"
                                   "stages: [scores, softmax, values]\n"
                                   "highlight: softmax\n"
                                   "rows:\n"
                                   "  - {name: naive, case: naive.n2048}\n"
                                   "  - {name: flash, value: flash.n2048.time, label: all in one pass}\n";
static const char tradeoff_fence[] = "kind: tradeoff\n"
                                     "x: query-key pairs\n"
                                     "y_scale: log\n"
                                     "rows:\n"
                                     "  - {name: naive, x: naive.n4096.pairs | million, y: naive.n4096.time}\n"
                                     "  - {name: sliding, x: sliding.n4096.pairs | million, y: sliding.n4096.time}\n"
                                     "  - {name: flash, x: flash.n2048.pairs | million, y: flash.n2048.time}\n";
static const char roofline_fence[] = "kind: roofline\n"
                                     "rows:\n"
                                     "  - {name: naive, case: naive.n2048, bytes: 20 * naive.n2048.bytes}\n"
                                     "  - {name: flash, case: flash.n2048}\n";
static const char dumbbell_fence[] = "kind: dumbbell\n"
                                     "before: naive\n"
                                     "after: flash\n"
                                     "rows:\n"
                                     "  - {name: 2k tokens, before: naive.n2048.time, after: flash.n2048.time}\n"
                                     "  - {name: 4k tokens, before: naive.n4096.time, after: flash.n4096.time}\n";
static const char samples_fence[] = "kind: samples\n"
                                    "rows:\n"
                                    "  - {name: naive, case: naive.n2048}\n"
                                    "  - {name: flash, case: flash.n2048}\n";
static const char heat_fence[] = "kind: heat\n"
                                 "format: ms\n"
                                 "else: none\n"
                                 "columns:\n"
                                 "  - {name: 1k, case: n1024}\n"
                                 "  - {name: 8k, case: n8192}\n"
                                 "  - {name: 16k, case: n16384}\n"
                                 "rows:\n"
                                 "  - {name: naive, case: naive.d64}\n"
                                 "  - {name: flash, case: flash.d64}\n";
static const char curves_fence[] = "kind: curves\n"
                                   "x: time\n"
                                   "y: mass kept\n"
                                   "highlight: trained gate\n"
                                   "series:\n"
                                   "  - {name: nearest, points: tradeoff.local.n4096}\n"
                                   "  - {name: trained gate, points: tradeoff.gate.n4096}\n"
                                   "  - {name: ideal, points: tradeoff.mass.n4096, role: accent2}\n";

const struct chart_trial chart_trials[CHART_TRIALS] = {
    {&chart_points, points_fence},     {&chart_bar, bar_fence},           {&chart_line, line_fence},
    {&chart_stages, stages_fence},     {&chart_tradeoff, tradeoff_fence}, {&chart_roofline, roofline_fence},
    {&chart_dumbbell, dumbbell_fence}, {&chart_samples, samples_fence},   {&chart_heat, heat_fence},
    {&chart_curves, curves_fence},
};

const char *chart_trial(const char *kind)
{
    for (size_t t = 0; t < CHART_TRIALS; t++)
        if (strcmp(chart_trials[t].kind->name, kind) == 0)
            return chart_trials[t].fence;
    fail_msg("no trial of a chart called %s", kind);
    return NULL;
}

static void add_case(struct record *record, const char *kernel, int64_t n, double seconds)
{
    struct record_case *c = record_add(record);
    struct attention_problem problem = {
        .batch = 1, .heads = 8, .kv_heads = 8, .len_q = n, .len_kv = n, .head_dim = 64, .layers = 1};
    assert_non_null(c);
    problem.mask.window_left = problem.mask.window_right = -1;
    assert_int_equal(record_name_case(c, kernel, kernel, "cpu", kernel, &problem, 2), STATUS_OK);
    c->seconds = (struct estimate){seconds, 0.97 * seconds, 1.05 * seconds, 0.99};
    c->sample_count = 15;
    c->stop_reason = strdup("repetitions");
    c->samples = calloc(15, sizeof *c->samples);
    c->cpu_samples = calloc(15, sizeof *c->cpu_samples);
    c->iterations = calloc(15, sizeof *c->iterations);
    for (int i = 0; i < 15; i++)
        c->samples[i] = c->cpu_samples[i] = seconds * (0.97 + 0.005 * i);
    c->flops = 4.0 * 64 * 8 * (double)n * (double)n;
    c->bytes = 4.0 * 4 * 64 * 8 * (double)n;
    if (strcmp(kernel, "naive") != 0)
        return;
    static const char *const names[] = {"scores", "softmax", "values"};
    static const double shares[] = {0.45, 0.1, 0.45};
    c->stages = calloc(3, sizeof *c->stages);
    c->stage_count = 3;
    for (int i = 0; i < 3; i++) {
        snprintf(c->stages[i].name, sizeof c->stages[i].name, "%s", names[i]);
        double s = seconds * shares[i];
        c->stages[i].seconds = (struct estimate){s, 0.97 * s, 1.05 * s, 0.99};
    }
}

/* Three choices at four densities: time share 0.1 and the density, mass as told and half the density. */
static void add_tradeoff(struct record *record)
{
    static const char *const selectors[] = {"local", "gate", "mass"};
    static const double densities[] = {0.5, 0.05, 0.1, 0.2}, recalls[] = {0.3, 0.6, 0.7};
    struct record_tradeoff *row = record_add_tradeoff(record);
    *row = (struct record_tradeoff){.threads = 2, .models = 5, .sample_count = 9};
    row->problem = (struct attention_problem){.heads = 4, .head_dim = 64, .len_kv = 4096};
    row->key = record_key_tradeoff(&row->problem, 2);
    row->dense = calloc(9, sizeof *row->dense);
    row->points = calloc(12, sizeof *row->points);
    for (int i = 0; i < 9; i++)
        row->dense[i] = 1 + 0.01 * i;
    for (int s = 0; s < 3; s++)
        for (int d = 0; d < 4; d++) {
            struct record_point *point = &row->points[row->point_count++];
            double mass = recalls[s] + 0.5 * densities[d];
            *point = (struct record_point){.key = record_key_point(row, selectors[s], densities[d]),
                                           .selector = strdup(selectors[s]),
                                           .density = densities[d],
                                           .samples = calloc(9, sizeof *point->samples),
                                           .recall = {mass, mass - 0.02, mass + 0.02, 0.9375}};
            for (int i = 0; i < 9; i++)
                point->samples[i] = (0.1 + densities[d]) * row->dense[i];
        }
    record_settle_tradeoff(row);
}

static void make_record(struct record *record)
{
    *record = (struct record){.path = strdup("made.json"), .date = strdup("2026-01-02T03:04:05+00:00")};
    record->machine.cpu_name = strdup("a machine");
    record->machine.fma_peak = 400e9;
    record->machine.copy = 20e9;
    add_tradeoff(record);
    for (int64_t n = 1024; n <= 8192; n *= 2) {
        double size = (double)n / 2048;
        add_case(record, "naive", n, 0.400 * size * size);
        add_case(record, "flash", n, 0.100 * size * size);
        add_case(record, "sliding", n, 0.020 * size);
    }
}

static void drop_data(struct bench *bench)
{
    if (bench->data)
        bench->kind->free(bench->data);
    free(bench->data);
    bench->data = NULL;
}

void bench_open(struct bench *bench, const char *fence, const char *theme)
{
    char source[4000];
    *bench = (struct bench){0};
    make_record(&bench->record);
    bench->records[0] = &bench->record;
    snprintf(source, sizeof source, "## A chart\n\n```chart\n%s```\n", fence);
    assert_int_equal(deck_parse(source, strlen(source), "deck.md", &bench->deck, &bench->diags), STATUS_OK);
    for (size_t b = 0; b < bench->deck.slides[0].block_count; b++)
        if (bench->deck.slides[0].blocks[b].kind == BLOCK_CHART)
            bench->block = &bench->deck.slides[0].blocks[b];
    assert_non_null(bench->block);
    assert_int_equal(binder_open(&bench->binder, &bench->deck, bench->records, 1, true, &bench->diags), STATUS_OK);
    assert_int_equal(style_load("linkedin", theme, NULL, NULL, ".", &bench->style, &bench->diags), STATUS_OK);
    for (size_t k = 0; k < CHART_TRIALS; k++)
        if (strncmp(fence + strlen("kind: "), chart_trials[k].kind->name, strlen(chart_trials[k].kind->name)) == 0)
            bench->kind = chart_trials[k].kind;
    assert_non_null(bench->kind);
    void *fields = NULL;
    bench->cache.plotter = plotter_open();
    bench->data = calloc(1, bench->kind->size);
    enum status status = STATUS_BAD_INPUT;
    struct picture_input input = {bench->block, "deck.md", 0, bench->binder, &bench->cache, &bench->diags};
    if (yaml_load(bench->block->body, strlen(bench->block->body), "deck.md", bench->block->line + 1,
                  bench->kind->schema, &fields, &bench->diags) == STATUS_OK)
        status = bench->kind->make(&input, fields, bench->data);
    if (status != STATUS_OK)
        drop_data(bench);
    yaml_release(bench->kind->schema, fields);
}

void bench_close(struct bench *bench)
{
    drop_data(bench);
    plot_cache_free(&bench->cache);
    plotter_close(bench->cache.plotter);
    style_free(&bench->style);
    binder_close(bench->binder);
    deck_free(&bench->deck);
    record_free(&bench->record);
    diags_free(&bench->diags);
}

void bench_says(const struct bench *bench, int line, const char *what, const char *remedy)
{
    for (size_t i = 0; i < bench->diags.count; i++) {
        const struct diag *diag = &bench->diags.items[i];
        if ((line == 0 || diag->line == line) && strstr(diag->what, what) &&
            (!remedy || (diag->remedy && strstr(diag->remedy, remedy))))
            return;
    }
    diags_print(&bench->diags, stderr);
    fail_msg("nothing at line %d says '%s' with '%s'", line, what, remedy ? remedy : "");
}

cairo_surface_t *bench_draw(struct bench *bench, double w, double h, enum status *status)
{
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)w + 2 * BENCH_EDGE, (int)h + 2 * BENCH_EDGE);
    struct paint paint = {.cairo = cairo_create(image),
                          .style = &bench->style,
                          .file = "deck.md",
                          .line = bench->block->line,
                          .diags = &bench->diags};
    paint_role(&paint, ROLE_BACKGROUND);
    cairo_paint(paint.cairo);
    *status = bench->kind->draw(bench->data, &paint, (struct box){BENCH_EDGE, BENCH_EDGE, w, h});
    cairo_destroy(paint.cairo);
    cairo_surface_flush(image);
    return image;
}

uint32_t bench_color(const struct bench *bench, enum role role)
{
    struct color c = bench->style.theme.colors[role];
    return (uint32_t)lround(255 * c.r) << 16 | (uint32_t)lround(255 * c.g) << 8 | (uint32_t)lround(255 * c.b);
}

int longest_run(cairo_surface_t *image, uint32_t color)
{
    int longest = 0;
    for (int y = 0; y < cairo_image_surface_get_height(image); y++)
        for (int x = 0, run = 0; x < cairo_image_surface_get_width(image); x++) {
            run = pixel(image, x, y) == color ? run + 1 : 0;
            longest = run > longest ? run : longest;
        }
    return longest;
}

void bench_refuses(const char *fence, int line, const char *what, const char *remedy)
{
    struct bench bench;
    bench_open(&bench, fence, "ink");
    assert_null(bench.data);
    bench_says(&bench, line, what, remedy);
    bench_close(&bench);
}
