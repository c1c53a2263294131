/* Charts: what they draw, where, and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#include "slides/charts/axis.h"
#include "slides/charts/charts.h"
#include "slides/charts/fit.h"
#include "slides/charts/plot.h"
#include "slides/picture.h"
#include "slides/yaml.h"

static const struct picture_kind *const kinds[] = {&chart_points,   &chart_bar,      &chart_line,     &chart_stages,
                                                   &chart_tradeoff, &chart_roofline, &chart_dumbbell, &chart_samples,
                                                   &chart_heat,     &chart_curves};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Fences whose body begins on line 4 of a deck. */
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
static const char *const fences[] = {points_fence,   bar_fence,      line_fence,    stages_fence, tradeoff_fence,
                                     roofline_fence, dumbbell_fence, samples_fence, heat_fence,   curves_fence};

/* A deck of one chart, a record made here, and whatever was said. */
struct bench {
    struct record record;
    const struct record *records[1];
    struct deck deck;
    struct block *block;
    struct binder *binder;
    const struct picture_kind *kind;
    void *data; /* of the kind; NULL after a fault */
    struct plot_cache cache;
    struct style style;
    struct diags diags;
};

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

/* Reads, binds; the kind's data is NULL after a fault. */
static void open_bench(struct bench *bench, const char *fence, const char *theme)
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
    for (size_t k = 0; k < KINDS; k++)
        if (strncmp(fence + strlen("kind: "), kinds[k]->name, strlen(kinds[k]->name)) == 0)
            bench->kind = kinds[k];
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

static void close_bench(struct bench *bench)
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

static void must_be_clean(struct bench *bench)
{
    if (bench->diags.count > 0)
        diags_print(&bench->diags, stderr);
    assert_int_equal(bench->diags.count, 0);
}

/* Some fault at this line says all of these words, in itself or its remedy. */
static void must_say(const struct bench *bench, int line, const char *what, const char *remedy)
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

static void must_refuse(const char *fence, int line, const char *what, const char *remedy)
{
    struct bench bench;
    open_bench(&bench, fence, "ink");
    assert_null(bench.data);
    must_say(&bench, line, what, remedy);
    close_bench(&bench);
}

enum { EDGE = 30 };

static cairo_surface_t *draw_image(struct bench *bench, double w, double h, enum status *status)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)w + 2 * EDGE, (int)h + 2 * EDGE);
    struct paint paint = {.cairo = cairo_create(image),
                          .style = &bench->style,
                          .file = "deck.md",
                          .line = bench->block->line,
                          .diags = &bench->diags};
    paint_role(&paint, ROLE_BACKGROUND);
    cairo_paint(paint.cairo);
    *status = bench->kind->draw(bench->data, &paint, (struct box){EDGE, EDGE, w, h});
    cairo_destroy(paint.cairo);
    cairo_surface_flush(image);
    return image;
}

static uint32_t pixel(cairo_surface_t *image, int x, int y)
{
    const unsigned char *bytes = cairo_image_surface_get_data(image);
    uint32_t value;
    memcpy(&value, bytes + y * cairo_image_surface_get_stride(image) + 4 * x, 4);
    return value & 0xffffff;
}

static uint32_t color_of(const struct bench *bench, enum role role)
{
    struct color c = bench->style.theme.colors[role];
    return (uint32_t)lround(255 * c.r) << 16 | (uint32_t)lround(255 * c.g) << 8 | (uint32_t)lround(255 * c.b);
}

/* The longest run of a colour on any line. */
static int longest_run(cairo_surface_t *image, uint32_t color)
{
    int longest = 0;
    for (int y = 0; y < cairo_image_surface_get_height(image); y++)
        for (int x = 0, run = 0; x < cairo_image_surface_get_width(image); x++) {
            run = pixel(image, x, y) == color ? run + 1 : 0;
            longest = run > longest ? run : longest;
        }
    return longest;
}

/* Every kind, in both themes and in tall, square and wide boxes: draws something, and nothing outside of its box. */
static void kinds_stay_inside_their_boxes(void **state)
{
    static const struct {
        const char *name;
        double w, h;
    } boxes[] = {{"tall", 920, 1000}, {"square", 920, 640}, {"wide", 1728, 620}};
    static const char *const themes[] = {"ink", "paper"};
    (void)state;
    for (size_t k = 0; k < KINDS; k++)
        for (size_t t = 0; t < 2; t++) {
            struct bench bench;
            open_bench(&bench, fences[k], themes[t]);
            assert_non_null(bench.data);
            for (size_t b = 0; b < 3; b++) {
                enum status status;
                char path[100];
                int w = (int)boxes[b].w, h = (int)boxes[b].h, inside = 0;
                cairo_surface_t *image = draw_image(&bench, w, h, &status);
                must_be_clean(&bench);
                assert_int_equal(status, STATUS_OK);
                uint32_t ground = pixel(image, 1, 1);
                for (int y = 0; y < h + 2 * EDGE; y++)
                    for (int x = 0; x < w + 2 * EDGE; x++) {
                        bool in = x >= EDGE - 1 && x <= w + EDGE && y >= EDGE - 1 && y <= h + EDGE;
                        if (!in)
                            assert_int_equal(pixel(image, x, y), ground);
                        inside += in && pixel(image, x, y) != ground;
                    }
                assert_true(inside > 5000);
                snprintf(path, sizeof path, "chart-%s-%s-%s.png", bench.kind->name, themes[t], boxes[b].name);
                cairo_surface_write_to_png(image, path); /* to be looked at */
                cairo_surface_destroy(image);
            }
            close_bench(&bench);
        }
}

/* The first column from the left that has the colour; the width when none has. */
static int first_column(cairo_surface_t *image, uint32_t color)
{
    int x = 0, w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
    for (; x < w; x++)
        for (int y = 0; y < h; y++)
            if (pixel(image, x, y) == color)
                return x;
    return x;
}

/* naive takes four times as long as flash: so is its bar, from the same zero. */
static void bars_are_as_long_as_their_numbers(void **state)
{
    struct bench bench;
    enum status status;
    (void)state;
    open_bench(&bench, bar_fence, "ink");
    cairo_surface_t *image = draw_image(&bench, 920, 500, &status);
    must_be_clean(&bench);
    double naive = longest_run(image, color_of(&bench, ROLE_MUTED));
    double flash = longest_run(image, color_of(&bench, ROLE_ACCENT));
    assert_true(naive > 500);
    assert_true(fabs(naive / flash - 4) < 0.04);
    assert_int_equal(first_column(image, color_of(&bench, ROLE_ACCENT)), EDGE);
    cairo_surface_destroy(image);
    close_bench(&bench);
}

static void a_missing_number_is_words_and_no_bar(void **state)
{
    static const char fence[] = "kind: bar\n"
                                "rows:\n"
                                "  - {name: flash, value: flash.n2048.time, role: text}\n"
                                "  - {name: gone, value: 'flash.n65536.time | else \"not measured\"', role: accent2}\n";
    struct bench bench;
    enum status status;
    (void)state;
    open_bench(&bench, fence, "ink");
    cairo_surface_t *image = draw_image(&bench, 920, 500, &status);
    must_be_clean(&bench);
    assert_int_equal(longest_run(image, color_of(&bench, ROLE_ACCENT2)), 0);
    assert_true(longest_run(image, color_of(&bench, ROLE_MUTED)) > 2); /* the words, and nothing else is muted */
    char *alt = bench.kind->alt(bench.data);
    assert_non_null(strstr(alt, "gone not measured"));
    free(alt);
    cairo_surface_destroy(image);
    close_bench(&bench);
    must_refuse("kind: bar\nrows:\n  - {name: gone, value: flash.n65536.time}\n", 6, "flash.n65536.time", NULL);
}

/* The most has the accent for its shade, the least nearly the surface, and what was not measured none at all; every
 * number can be read on its shade, in all themes. */
static void shades_grow_with_the_numbers(void **state)
{
    static const char *const themes[] = {"ink", "paper", "terminal", "blueprint", "solar", "contrast", "coral"};
    (void)state;
    for (size_t t = 0; t < sizeof themes / sizeof themes[0]; t++) {
        struct bench bench;
        enum status status;
        open_bench(&bench, heat_fence, themes[t]);
        cairo_surface_t *image = draw_image(&bench, 920, 300, &status);
        must_be_clean(&bench);
        /* Three columns at the right, two rows: a pixel near a corner of each cell, away from its number. */
        uint32_t most = pixel(image, EDGE + 500, EDGE + 100), ground = pixel(image, 1, 1);
        int area = 0, bare = 0;
        for (int y = 0; y < 300; y++)
            for (int x = 0; x < 920; x++) {
                area += pixel(image, EDGE + x, EDGE + y) == color_of(&bench, ROLE_ACCENT);
                bare += x > 700 && pixel(image, EDGE + x, EDGE + y) == ground;
            }
        assert_int_equal(most, color_of(&bench, ROLE_ACCENT));
        assert_true(area > 12000);           /* one cell of about 250 x 105 but for its number */
        assert_true(bare > 0.9 * 220 * 300); /* the third column has no cell */
        cairo_surface_destroy(image);
        close_bench(&bench);
    }
}

static void wrong_fields_and_units_are_refused(void **state)
{
    (void)state;
    must_refuse("kind: bar\nhighligt: flash\nrows:\n  - {name: a, value: flash.n2048.time}\n", 0, "highligt",
                "highlight");
    must_refuse("kind: bar\nrows:\n  - {name: a, value: flash.n2048.time}\n  - {name: b, value: flash.n2048.bytes}\n",
                7, "'b' is in bytes, but 'a' is in seconds", "split");
    must_refuse("kind: points\nhighlight: flsh\nrows:\n  - {name: flash, value: flash.n2048.time}\n", 5,
                "no row is named 'flsh'", "flash");
    must_refuse("kind: points\nrows:\n  - {name: zero, value: '0 * flash.n2048.time'}\n", 6, "cannot show", "linear");
    must_refuse("kind: points\nscale: logs\nrows:\n  - {name: a, value: flash.n2048.time}\n", 5, "'logs'", "log");
    must_refuse("kind: bar\nrows:\n  - {name: a, value: machine.cpu}\n", 6, "words cannot be drawn", NULL);
    must_refuse("kind: bar\nrows:\n  - {name: a, value: flash.n2048.time, role: acent}\n", 6, "no role 'acent'",
                "accent");
    must_refuse("kind: stages\nstages: [scores]\nrows:\n  - {name: naive}\n", 7, "either `case` or `value`", NULL);
    must_refuse("kind: stages\nstages: [score]\nrows:\n  - {name: naive, case: naive.n2048}\n", 7, "score", "scores");
    must_refuse("kind: tradeoff\nrows:\n  - {name: a, x: '1', y: flash.n2048.time}\n"
                "  - {name: b, x: '1', y: 'flash.n9.time | else \"none\"'}\n",
                7, "'b' has no number", "leave the row out");
    must_refuse("kind: roofline\npeak: machine.copy\nrows:\n  - {name: a, case: flash.n2048}\n", 5, "needs FLOP/s",
                NULL);
    must_refuse("kind: dumbbell\nbefore: a\nafter: b\nrows:\n"
                "  - {name: x, before: naive.n2048.time, after: naive.n2048.bytes}\n",
                8, "is in bytes", "split");
    must_refuse("kind: samples\nrows:\n  - {name: x, case: flash.n9}\n", 6, "flash.n9", NULL);
    must_refuse("kind: line\nseries:\n  - {name: a, cases: flash.n2048}\n", 6, "a line needs two", "N=");
    must_refuse("kind: line\nseries:\n  - {name: a, cases: flash.d64}\n  - {name: b, cases: flash.h8, metric: bytes}\n",
                7, "'b' is in bytes", "split");
    must_refuse("kind: line\nseries:\n"
                "  - {name: a, cases: flash.d64}\n  - {name: b, cases: flash.d64}\n  - {name: c, cases: flash.d64}\n"
                "  - {name: d, cases: flash.d64}\n  - {name: e, cases: flash.d64}\n  - {name: f, cases: flash.d64}\n",
                5, "6 series", "Split");
}

/* Eight names on one spot, each wider than half of the plane and all together higher than it: no way to place them. */
static void names_that_must_touch_are_an_error(void **state)
{
    struct text fence = {0};
    struct bench bench;
    enum status status;
    (void)state;
    text_add(&fence, "kind: tradeoff\nrows:\n");
    for (int i = 0; i < 8; i++)
        text_format(&fence, "  - {name: a name of many many words %d, x: flash.n2048.pairs, y: flash.n2048.time}\n", i);
    open_bench(&bench, fence.bytes, "ink");
    cairo_surface_t *image = draw_image(&bench, 720, 450, &status);
    assert_int_equal(status, STATUS_BAD_INPUT);
    must_say(&bench, 3, "touch each other", "leave points out");
    cairo_surface_destroy(image);
    close_bench(&bench);
    text_free(&fence);
}

static void curves_are_of_points_that_are_there(void **state)
{
    (void)state;
    must_refuse("kind: curves\nseries:\n  - {name: x, points: tradeoff.bound.n4096}\n", 6, "no record holds this point",
                "flashdeck tradeoff");
    must_refuse("kind: curves\nseries:\n  - {name: x, points: tradeoff.gate.keep10}\n", 6, "has 1 points", "n8192");
    must_refuse("kind: curves\ny_metric: luck\nseries:\n  - {name: x, points: tradeoff.gate}\n", 7, "no such metric",
                "recall");
    must_refuse("kind: curves\nhighlight: gaet\nseries:\n  - {name: gate, points: tradeoff.gate}\n", 5, "gaet", "gate");
    must_refuse("kind: curves\nseries:\n  - {name: a, points: tradeoff.gate}\n  - {name: b, points: tradeoff.gate}\n"
                "  - {name: c, points: tradeoff.gate}\n  - {name: d, points: tradeoff.gate}\n"
                "  - {name: e, points: tradeoff.gate}\n  - {name: f, points: tradeoff.gate}\n",
                5, "6 series", "Split");
}

/* The accent's highest mark lies above the muted one's: more mass, higher up. */
static void curves_rise_with_what_they_keep(void **state)
{
    struct bench bench;
    enum status status;
    (void)state;
    open_bench(&bench, curves_fence, "ink");
    cairo_surface_t *image = draw_image(&bench, 920, 700, &status);
    must_be_clean(&bench);
    int high[2] = {0}, w = 500, h = cairo_image_surface_get_height(image); /* left of the names */
    const enum role roles[] = {ROLE_ACCENT, ROLE_ACCENT2};
    for (int r = 0; r < 2; r++)
        for (int y = EDGE + 140; y < h && !high[r]; y++) /* under the densities */
            for (int x = EDGE; x < w; x++)
                high[r] = pixel(image, x, y) == color_of(&bench, roles[r]) ? y : high[r];
    assert_true(high[1] > EDGE && high[1] < high[0] && high[0] < h);
    cairo_surface_destroy(image);
    close_bench(&bench);
}

/* A box without room: an error that says by how much, and never smaller words. */
static void what_cannot_fit_is_an_error(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++)
        for (int side = 0; side < 2; side++) {
            struct bench bench;
            enum status status;
            open_bench(&bench, fences[k], "ink");
            cairo_surface_t *image = draw_image(&bench, side ? 920 : 250, side ? 100 : 640, &status);
            assert_int_equal(status, STATUS_BAD_INPUT);
            must_say(&bench, 3, "pixels more", side ? "layout" : NULL);
            assert_int_equal(longest_run(image, pixel(image, 1, 1)), cairo_image_surface_get_width(image));
            cairo_surface_destroy(image);
            close_bench(&bench);
        }
}

static void no_words_are_below_the_floor(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench, bar_fence, "ink");
    struct paint paint = {.style = &bench.style};
    for (int step = 0; step < FIT_STEPS; step++) {
        struct chart_styles styles = fit_styles(&paint, fit_shrink(step));
        assert_true(styles.name.size >= 28 && styles.value.size >= 28 && styles.tick.size >= 28);
    }
    assert_true(fit_styles(&paint, fit_shrink(0)).name.size == 36);
    assert_true(fit_styles(&paint, fit_shrink(0)).value.size == 40);
    close_bench(&bench);
}

static void words_for_those_who_cannot_see_come_from_the_data(void **state)
{
    static const char *const alts[] = {
        "Points on a logarithmic scale, in tokens: GPT-4 8k, Claude 2 100k, Gemini 1.5 1M.",
        "naive, <plain> & slow 400",
        "growing as N to the power 2",
        "softmax 40",
        "Points of time per call against query-key pairs: naive",
        "flash 86",
        "2k tokens 400\xe2\x80\xafms and 100\xe2\x80\xafms",
        "naive 15 between",
        "Table of time per call, shaded by size: naive 100 at 1k, 6400 at 8k, none at 16k; flash 25.0 at 1k",
        "Curves of mass kept against time: nearest 32.5\xe2\x80\xaf% at 15\xe2\x80\xaf%, 35\xe2\x80\xaf% at 20"};
    static const char *const captions[] = {"tokens, logarithmic scale",
                                           "median of 15 \xc2\xb7 marks show the 99",
                                           "both scales logarithmic",
                                           "median of 15",
                                           "logarithmic upward",
                                           "roofs measured",
                                           "time per call, logarithmic scale",
                                           "every repetition",
                                           "time per call in ms \xc2\xb7 shades on a logarithmic scale",
                                           "medians of 9 rounds and 5 models"};
    size_t count, charts = 0;
    const struct picture_kind *const *all = picture_kinds(&count);
    (void)state;
    for (size_t i = 0; i < count; i++)
        charts += all[i]->fence == BLOCK_CHART;
    assert_int_equal(charts, KINDS); /* a new kind must be tried here too */
    for (size_t k = 0; k < KINDS; k++) {
        struct bench bench;
        open_bench(&bench, fences[k], "ink");
        char *alt = bench.kind->alt(bench.data), *caption = bench.kind->caption(bench.data);
        if (!strstr(alt, alts[k]) || !strstr(caption, captions[k]))
            fail_msg("%s: %s / %s", bench.kind->name, alt, caption);
        free(alt);
        free(caption);
        close_bench(&bench);
    }
}

struct bytes {
    char *data;
    size_t length;
};

static cairo_status_t keep(void *closure, const unsigned char *data, unsigned int length)
{
    struct bytes *bytes = closure;
    bytes->data = realloc(bytes->data, bytes->length + length + 1);
    memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
    bytes->data[bytes->length] = '\0';
    return CAIRO_STATUS_SUCCESS;
}

static bool holds(const struct bytes *bytes, const char *words)
{
    return memmem(bytes->data, bytes->length, words, strlen(words)) != NULL;
}

/* In a PDF a chart is vectors and embedded fonts: no picture of it. */
static void a_pdf_holds_no_bitmap(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct bench bench;
        struct bytes bytes = {0};
        open_bench(&bench, fences[k], "paper");
        cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(keep, &bytes, 1000, 800);
        struct paint paint = {
            .cairo = cairo_create(pdf), .style = &bench.style, .file = "deck.md", .diags = &bench.diags};
        assert_int_equal(bench.kind->draw(bench.data, &paint, (struct box){40, 40, 920, 700}), STATUS_OK);
        cairo_destroy(paint.cairo);
        cairo_surface_finish(pdf);
        cairo_surface_destroy(pdf);
        assert_true(holds(&bytes, "/FontFile3"));
        assert_true(holds(&bytes, "+Inter"));
        assert_false(holds(&bytes, "/Subtype /Image"));
        free(bytes.data);
        must_be_clean(&bench);
        close_bench(&bench);
    }
}

/* The same box again takes the picture that is there; another box makes another. */
static void the_picture_is_made_once_for_a_box(void **state)
{
    struct bench bench;
    struct plot plot;
    void *first = NULL;
    double seconds;
    (void)state;
    open_bench(&bench, bar_fence, "ink");
    struct plot_cache cache = {.plotter = bench.cache.plotter};
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 400, 300);
    struct paint paint = {.cairo = cairo_create(image), .style = &bench.style, .diags = &bench.diags};
    for (int round = 0; round < 3; round++) {
        double w = round < 2 ? 300 : 320;
        struct axis x = {.low = 0, .high = 1, .from = 0, .to = w}, y = {.low = 0, .high = 1, .from = 200, .to = 0};
        plot_begin(&plot, &paint, (struct box){10, 10, w, 200});
        plot_area(&plot, &x, &y);
        plot_mark(&plot, SCALE_DATA, SHAPE_SQUARE, ROLE_ACCENT, 20, 0.5, 0.5);
        assert_int_equal(plot_end(&plot, &cache), STATUS_OK);
        assert_true(round == 0 || (cache.picture == first) == (round == 1));
        first = round == 0 ? cache.picture : first;
        if (round == 0) { /* the middle of the axes is the middle of the box */
            cairo_surface_flush(image);
            assert_int_equal(pixel(image, 160, 110), color_of(&bench, ROLE_ACCENT));
        }
    }
    must_be_clean(&bench);
    assert_int_equal(plotter_drawn(bench.cache.plotter, &seconds), 2);
    assert_true(seconds > 0);
    plot_cache_free(&cache);
    cairo_destroy(paint.cairo);
    cairo_surface_destroy(image);
    close_bench(&bench);
}

/* A second chart of the same look asks gnuplot for nothing: what was drawn once is kept for all. */
static void gnuplot_draws_a_script_once(void **state)
{
    struct bench bench;
    const char *first, *second, *other;
    size_t length;
    double seconds;
    (void)state;
    open_bench(&bench, bar_fence, "ink");
    struct plotter *plotter = bench.cache.plotter;
    const char *script = "set terminal svg size 300,200\nplot x\n";
    assert_int_equal(plotter_svg(plotter, script, &first, &length, &bench.diags), STATUS_OK);
    assert_int_equal(plotter_svg(plotter, script, &second, &length, &bench.diags), STATUS_OK);
    assert_ptr_equal(first, second);
    assert_int_equal(plotter_svg(plotter, "set terminal svg\nplot 2*x\n", &other, &length, &bench.diags), STATUS_OK);
    assert_ptr_not_equal(first, other);
    assert_int_equal(plotter_drawn(plotter, &seconds), 2);
    must_be_clean(&bench);
    assert_int_equal(plotter_svg(plotter, "set terminal svg\nplot (\n", &other, &length, &bench.diags), STATUS_FAILED);
    assert_int_equal(plotter_drawn(plotter, &seconds), 2);
    close_bench(&bench);
}

static void axes_have_round_grid_lines(void **state)
{
    double ticks[AXIS_TICKS];
    char words[AXIS_WORDS];
    (void)state;
    struct axis axis = axis_over(true, 4096, 1e6);
    assert_true(axis.low == 1000 && axis.high == 1e6);
    assert_int_equal(axis_ticks(&axis, ticks), 4);
    assert_true(fabs(ticks[3] - 1e6) < 1e-3);
    assert_true(fabs(axis_share(&axis, 31622.7766) - 0.5) < 1e-6);
    assert_true(axis_over(true, 1000, 1e6).low == 100); /* no mark sits on the axis itself */
    axis = axis_over(false, 0, 0.627);
    assert_int_equal(axis_ticks(&axis, ticks), 4);
    assert_true(ticks[0] == 0 && fabs(ticks[3] - 0.6) < 1e-12);
    static const struct {
        enum unit unit;
        double value;
        const char *words;
    } rows[] = {{UNIT_TOKENS, 4096, "4k"},
                {UNIT_TOKENS, 1e6, "1M"},
                {UNIT_TOKENS, 100, "100"},
                {UNIT_TOKENS, 131072, "128k"},
                {UNIT_TOKENS, 100000, "100k"},
                {UNIT_SECONDS, 0, "0"},
                {UNIT_SECONDS, 0.01, "10\xe2\x80\xafms"},
                {UNIT_BYTES, 2e9, "2\xe2\x80\xafGB"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        axis_words(rows[i].unit, rows[i].value, words);
        assert_string_equal(words, rows[i].words);
    }
}

static void labels_make_room_for_each_other(void **state)
{
    double centres[] = {100, 104, 300, 10, 298}, sizes[] = {20, 20, 20, 20, 40};
    (void)state;
    assert_true(fit_spread(centres, sizes, 5, 4, 0, 320));
    assert_true(centres[3] == 10);                                              /* alone: not moved */
    assert_true(fabs(centres[0] - 90) < 1e-9 && fabs(centres[1] - 114) < 1e-9); /* two: as far either way */
    assert_true(fabs(centres[2] - 310) < 1e-9);                                 /* at the edge: inside */
    assert_true(centres[2] - centres[4] >= 34 - 1e-9);
    assert_false(fit_spread(centres, sizes, 5, 60, 0, 320));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_stay_inside_their_boxes),
        cmocka_unit_test(bars_are_as_long_as_their_numbers),
        cmocka_unit_test(a_missing_number_is_words_and_no_bar),
        cmocka_unit_test(shades_grow_with_the_numbers),
        cmocka_unit_test(wrong_fields_and_units_are_refused),
        cmocka_unit_test(names_that_must_touch_are_an_error),
        cmocka_unit_test(curves_are_of_points_that_are_there),
        cmocka_unit_test(curves_rise_with_what_they_keep),
        cmocka_unit_test(what_cannot_fit_is_an_error),
        cmocka_unit_test(no_words_are_below_the_floor),
        cmocka_unit_test(words_for_those_who_cannot_see_come_from_the_data),
        cmocka_unit_test(a_pdf_holds_no_bitmap),
        cmocka_unit_test(the_picture_is_made_once_for_a_box),
        cmocka_unit_test(gnuplot_draws_a_script_once),
        cmocka_unit_test(axes_have_round_grid_lines),
        cmocka_unit_test(labels_make_room_for_each_other),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    /* Fonts are kept for the whole process; given back so that a leak checker sees ours. */
    pango_cairo_font_map_set_default(NULL);
    cairo_debug_reset_static_data();
    FcFini();
    return failed;
}
