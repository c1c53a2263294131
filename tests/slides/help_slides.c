#include "help_slides.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/stats.h"

struct record_case *desk_add_case(struct record *record, const char *kernel, int64_t n, int heads, double seconds)
{
    struct record_case *c = record_add(record);
    struct attention_problem problem = {
        .layers = 1, .batch = 1, .heads = heads, .kv_heads = heads, .len_q = n, .len_kv = n, .head_dim = 64};
    problem.mask.causal = true;
    problem.mask.window_left = problem.mask.window_right = -1;
    problem.scale = 0.125f;
    assert_non_null(c);
    assert_int_equal(record_name_case(c, kernel, kernel, "cpu", kernel, &problem, 2), STATUS_OK);
    c->sample_count = DESK_SAMPLES;
    c->samples = calloc(DESK_SAMPLES, sizeof *c->samples);
    c->cpu_samples = calloc(DESK_SAMPLES, sizeof *c->cpu_samples);
    c->iterations = calloc(DESK_SAMPLES, sizeof *c->iterations);
    assert_true(c->samples && c->cpu_samples && c->iterations);
    for (int i = 0; i < DESK_SAMPLES; i++) /* a machine that is now slower, now faster, for all kernels alike */
        c->samples[i] = c->cpu_samples[i] = seconds * (0.97 + 0.004 * ((i * 7) % DESK_SAMPLES));
    c->seconds = stats_estimate(c->samples, DESK_SAMPLES);
    c->stop_reason = strdup("repetitions");
    c->spread = 0.02;
    c->flops = 2.0 * 64 * heads * (double)n * (double)(n + 1);
    c->bytes = 4.0 * 4 * 64 * heads * (double)n;
    c->roof_flops = 400e9;
    c->workspace = 65536;
    c->max_error = 1e-6;
    c->tolerance = 1e-5;
    return c;
}

void pin_fonts(void)
{
    setenv("FONTCONFIG_FILE", SOURCE_DIR "/tests/slides/fonts.conf", 1);
}

static void add_stages(struct record_case *c)
{
    static const char *const names[] = {"scores", "softmax", "values"};
    c->stages = calloc(3, sizeof *c->stages);
    assert_non_null(c->stages);
    c->stage_count = 3;
    for (int i = 0; i < 3; i++) {
        struct record_stage *stage = &c->stages[i];
        snprintf(stage->name, sizeof stage->name, "%s", names[i]);
        double share = i == 1 ? 0.2 : 0.4;
        stage->seconds =
            (struct estimate){c->seconds.median * share, c->seconds.low * share, c->seconds.high * share, 0.99};
        stage->bytes_read = 1e9 * (i + 1);
        stage->bytes_written = 5e8;
    }
}

void desk_make_record(struct record *record)
{
    *record = (struct record){.path = strdup("made.json"), .date = strdup("2026-01-02T03:04:05+00:00")};
    struct machine *machine = &record->machine;
    machine->cpu_name = strdup("Example(R) CPU E5 @ 2.00GHz");
    machine->system = strdup("a system");
    machine->isa = strdup("avx2");
    machine->blas = strdup("a BLAS");
    machine->commit = strdup("1a2b3c4d5e");
    machine->sources = strdup(build_sources());
    machine->num_cpus = 2;
    machine->memory = 8LL << 30;
    machine->fma_peak = 400e9;
    machine->fma_peak_1 = 200e9;
    machine->copy = 20e9;
    machine->copy_1 = 12e9;
    for (int64_t n = 512; n <= 4096; n *= 2) {
        double size = (double)n / 4096;
        struct record_case *naive = desk_add_case(record, "naive", n, 8, 0.4 * size * size);
        for (int i = 0; i < DESK_SAMPLES; i++) /* not quite ten times flash in any round */
            naive->samples[i] *= 1 + 0.001 * i;
        naive->seconds = stats_estimate(naive->samples, DESK_SAMPLES);
        add_stages(naive);
        desk_add_case(record, "flash", n, 8, 0.04 * size * size);
        desk_add_case(record, "sliding", n, 8, 0.01 * size);
    }
}

void desk_open(struct desk *desk, const char *source)
{
    *desk = (struct desk){.record_count = 1};
    desk_make_record(&desk->record);
    desk->records[0] = &desk->record;
    desk->records[1] = &desk->other;
    enum status status = deck_parse(source, strlen(source), "deck.md", &desk->deck, &desk->diags);
    must_be_clean(&desk->diags);
    assert_int_equal(status, STATUS_OK);
}

const char *desk_folder(struct desk *desk)
{
    char name[] = "slides-test.XXXXXX";
    if (!desk->folder) {
        assert_non_null(mkdtemp(name));
        desk->folder = strdup(name);
    }
    return desk->folder;
}

static void remove_tree(const char *path)
{
    DIR *listing = opendir(path);
    struct dirent *entry;
    while (listing && (entry = readdir(listing)) != NULL) {
        char *inner = NULL;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (asprintf(&inner, "%s/%s", path, entry->d_name) > 0 && unlink(inner) != 0)
            remove_tree(inner);
        free(inner);
    }
    if (listing)
        closedir(listing);
    rmdir(path);
}

void desk_close(struct desk *desk)
{
    if (desk->folder)
        remove_tree(desk->folder);
    free(desk->folder);
    deck_free(&desk->deck);
    record_free(&desk->record);
    record_free(&desk->other);
    diags_free(&desk->diags);
}

bool said(const struct diags *diags, int line, const char *words)
{
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->items[i];
        if (line >= 0 && diag->line != line)
            continue;
        if ((diag->what && strstr(diag->what, words)) || (diag->remedy && strstr(diag->remedy, words)))
            return true;
    }
    return false;
}

void must_say(const struct diags *diags, int line, const char *words)
{
    if (said(diags, line, words))
        return;
    fprintf(stderr, "nothing says \"%s\" at line %d among:\n", words, line);
    diags_print(diags, stderr);
    fail();
}

void must_be_clean(const struct diags *diags)
{
    if (diags->count > 0)
        diags_print(diags, stderr);
    assert_int_equal(diags->count, 0);
}

char *repeated(const char *before, const char *piece, int times)
{
    struct text all = {0};
    text_add(&all, before);
    for (int i = 0; i < times; i++)
        text_add(&all, piece);
    char *whole = text_take(&all);
    assert_non_null(whole);
    return whole;
}

char *told_by(const char *program, const char *folder, const char *rest)
{
    char command[500], line[1000];
    struct text all = {0};
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1 && %s %s/deck.pdf %s 2>/dev/null", program,
             program, folder, rest);
    FILE *stream = popen(command, "r");
    while (stream && fgets(line, sizeof line, stream))
        text_add(&all, line);
    if (stream)
        pclose(stream);
    if (all.length > 0)
        return text_take(&all);
    text_free(&all);
    return NULL;
}

static double luminance(struct color color)
{
    const double channels[] = {color.r, color.g, color.b}, weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++)
        sum += weights[i] * (channels[i] <= 0.03928 ? channels[i] / 12.92 : pow((channels[i] + 0.055) / 1.055, 2.4));
    return sum;
}

double wcag_contrast(struct color a, struct color b)
{
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}
