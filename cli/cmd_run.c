/* cmd_run.c - flashdeck run: the main job. Measure, report, carousel, one after the other, into one folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/bench_options.h"
#include "cli/command.h"
#include "cli/deck_request.h"
#include "cli/output.h"
#include "cli/record_begin.h"
#include "cli/run_parts.h"
#include "harness/metric.h"
#include "harness/preset.h"
#include "harness/stats.h"
#include "reports/report.h"
#include "slides/style.h"

static const char *const usage =
    "flashdeck run [FLAGS]\n\n"
    "The main job: measures attention on this machine (OUT/record.json), reports it\n"
    "(report.html, report.md) and draws the carousel of it (deck.pdf, slides/slide-01.png\n"
    "...).\n\n"
    "A record in OUT that is whole, of this machine, preset and version of the kernels is\n"
    "used again, and its date is said; an interrupted one is finished. Any other is\n"
    "measured anew, with the reason. --measure measures anew in any case.";

struct run_request {
    const char *out, *preset;
    bool measure;
    struct deck_request deck;
    char *record, *html, *markdown; /* owned paths */
};

static enum status read_request(int argc, char **argv, struct run_request *request, bool *help, struct diags *diags)
{
    struct render_options *look = &request->deck.look;
    struct option_texts rest = {0};
    const struct option options[] = {
        {"--out", NULL, OPTION_TEXT, &request->out, "FOLDER", "where everything goes (out)"},
        {"--preset", NULL, OPTION_TEXT, &request->preset, "NAME", "what to measure (deck)"},
        {"--measure", NULL, OPTION_FLAG, &request->measure, NULL, "measure anew, also when there is a record"},
        {"--deck", NULL, OPTION_TEXT, &request->deck.deck, "FILE", "a Markdown deck of your own"},
        {"--theme", NULL, OPTION_TEXT, &look->theme, "NAME", "colours: a theme's name, or a .yml file of your own"},
        {"--size", NULL, OPTION_TEXT, &look->size, "SIZE", "a canvas's name, 4:5, 1:1, 9:16, 16:9, or WxH"},
        {"--type", NULL, OPTION_TEXT, &look->type, "NAME", "fonts that go together"},
        {"--text-size", NULL, OPTION_TEXT, &look->text_size, "S|M|L|XL", "how large words are (M)"},
        {"--brand", NULL, OPTION_TEXT, &look->brand, "NAME", "a brand's name, or a .yml file of your own"},
        {0}};
    enum status status = options_read(argc, argv, options, &rest, help, diags);
    if (*help)
        options_help(usage, options, stdout);
    if (!*help && status == STATUS_OK && rest.count > 0) {
        diags_error(diags, NULL, 0, "A deck of your own is named with --deck.", "'%.80s' is not a flag", rest.texts[0]);
        status = STATUS_BAD_INPUT;
    }
    return status;
}

static enum status name_files(struct run_request *request, struct diags *diags)
{
    if (asprintf(&request->record, "%s/record.json", request->out) < 0 ||
        asprintf(&request->html, "%s/report.html", request->out) < 0 ||
        asprintf(&request->markdown, "%s/report.md", request->out) < 0) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    request->deck.out = request->out;
    request->deck.paths = (struct option_texts){.texts = {request->record}, .count = 1};
    return STATUS_OK;
}

/* Preset, theme, canvas, deck: what the user asked for is looked at before minutes are spent on measuring. */
static enum status check_wishes(const struct run_request *request, struct diags *diags)
{
    struct preset *preset;
    if (preset_read(request->preset, &preset, diags) == STATUS_OK)
        preset_free(preset);
    struct style style;
    struct deck deck;
    const struct render_options *look = &request->deck.look;
    enum status status = style_load(look->size, look->theme, look->type, look->brand, ".", &style, diags);
    if (status == STATUS_OK)
        style_free(&style);
    if (request->deck.deck && deck_read(request->deck.deck, &deck, diags) == STATUS_OK)
        deck_free(&deck);
    return diags->errors ? STATUS_BAD_INPUT : status;
}

enum found { FOUND_NOTHING, FOUND_PART, FOUND_WHOLE };

/* Why a record cannot stand for a measurement made now; NULL when it can. */
static const char *unfit(const struct record *record, const struct run_request *request, const struct machine *here)
{
    if (!record->preset || strcmp(record->preset, request->preset) != 0)
        return "is of another preset";
    return record_unfit(record, here);
}

/* What of an earlier run can be used, said in one line. */
static enum found look_at_record(const struct run_request *request)
{
    struct diags ignored = {0};
    struct record record;
    struct machine here;
    enum found found = FOUND_NOTHING;
    if (access(request->record, F_OK) != 0)
        return FOUND_NOTHING;
    if (record_read(request->record, &record, &ignored) != STATUS_OK) {
        printf("%s cannot be read: measuring anew\n", request->record);
        diags_free(&ignored);
        return FOUND_NOTHING;
    }
    if (machine_look(&here, &ignored) == STATUS_OK) {
        const char *why = unfit(&record, request, &here);
        found = why ? FOUND_NOTHING : record.incomplete ? FOUND_PART : FOUND_WHOLE;
        if (why)
            printf("%s of %s %s: measuring anew\n", request->record, record.date, why);
    }
    if (found == FOUND_WHOLE)
        printf("%s of %s is used again (--measure measures anew)\n", request->record, record.date);
    if (found == FOUND_PART)
        printf("%s is incomplete: going on with it (--measure starts anew)\n", request->record);
    fflush(stdout);
    machine_free(&here);
    record_free(&record);
    diags_free(&ignored);
    return found;
}

/* The same way as `flashdeck bench`, whose command the record then names. */
static enum status measure(const struct run_request *request, bool resume, struct diags *diags)
{
    char *preset = NULL, *out = NULL;
    struct bench_request bench;
    struct record record = {0};
    bool help = false;
    if (asprintf(&preset, "--preset=%s", request->preset) < 0 ||
        asprintf(&out, "%s=%s", resume ? "--resume" : "--benchmark_out", request->record) < 0) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    /* The carousel speaks of this machine's processor; a GPU's record is made by scripts/gpu_check.sh. */
    char *arguments[] = {"bench", preset, out, "--device=cpu", NULL};
    enum status status = bench_request_read(4, arguments, usage, true, &bench, &help, diags);
    if (status == STATUS_OK)
        status = bench_request_run(&bench, &record, diags);
    record_free(&record);
    bench_request_free(&bench);
    free(preset);
    free(out);
    return status;
}

static enum status report(const struct run_request *request, struct diags *diags)
{
    const struct record *record = request->deck.all[0];
    enum status html = report_html(record, request->html, diags);
    enum status markdown = report_markdown(record, request->markdown, diags);
    return html == STATUS_OK ? markdown : html;
}

/* Alike in all but the kernel: keys begin with its name. */
static bool comparable(const struct record_case *a, const struct record_case *b)
{
    const char *rest_a = strchr(a->key, '.'), *rest_b = strchr(b->key, '.');
    return !a->failed && !b->failed && a->sample_count && b->sample_count && rest_a && rest_b &&
           strcmp(rest_a, rest_b) == 0;
}

/* Flash over the honest baseline on the longest problem that both did, causal where there is a choice. */
static void print_headline(const struct record *record)
{
    const struct record_case *fast = NULL, *slow = NULL;
    for (size_t i = 0; i < record->case_count; i++)
        for (size_t j = 0; j < record->case_count; j++) {
            const struct record_case *f = &record->cases[i], *s = &record->cases[j];
            if (strcmp(f->family, "flash") != 0 || strcmp(s->family, "naive_blas") != 0 || !comparable(f, s))
                continue;
            if (!fast || f->problem.len_kv > fast->problem.len_kv ||
                (f->problem.len_kv == fast->problem.len_kv && f->problem.mask.causal)) {
                fast = f;
                slow = s;
            }
        }
    if (!fast)
        return;
    size_t pairs = fast->sample_count < slow->sample_count ? fast->sample_count : slow->sample_count;
    struct estimate ratio = stats_ratio(slow->samples, fast->samples, pairs);
    printf("\nOn this machine flash is %.2f times as fast as unfused attention with BLAS\n"
           "(99 %% interval %.2f to %.2f; %lld tokens, head_dim %lld, %s, %d %s).\n",
           ratio.median, ratio.low, ratio.high, (long long)fast->problem.len_kv, (long long)fast->problem.head_dim,
           fast->mask, fast->threads, fast->threads == 1 ? "thread" : "threads");
}

static void print_end(const struct run_request *request)
{
    const char *out = request->out;
    print_headline(request->deck.all[0]);
    printf("\nDone, in %s:\n"
           "  deck.pdf          the slides, ready to post\n"
           "  slides/           the same as pictures, slide-01.png ...\n"
           "  report.html       what was measured, with charts (report.md without)\n"
           "  record.json       every sample: what all numbers come from\n\n"
           "Go on (none of these measures again):\n"
           "  flashdeck run --theme paper --size 1:1     another look\n"
           "  flashdeck run --brand my.yml               your name on it: a copy of slides/brands/flashdeck.yml\n"
           "  flashdeck deck explain --record %s/record.json\n"
           "                                             where each number comes from\n"
           "Measure more: flashdeck bench --preset full --benchmark_out=full.json (about ten minutes)\n",
           out, out);
}

/* A step that failed is named; what the earlier ones made stays. */
static enum status name_step(enum status status, const struct run_request *request, const char *step,
                             const char *remedy, struct diags *diags)
{
    if (status != STATUS_OK && status != STATUS_INTERRUPTED)
        diags_error(diags, NULL, 0, remedy, "%s failed; what was done before is in %s", step, request->out);
    return status;
}

static enum status run(struct run_request *request, struct diags *diags)
{
    enum status status = name_files(request, diags);
    if (status == STATUS_OK)
        status = check_wishes(request, diags);
    if (status == STATUS_OK)
        status = folder_make(request->out, diags);
    if (status == STATUS_OK)
        status = output_check(request->record, diags);
    if (status != STATUS_OK)
        return status;
    enum found found = request->measure ? FOUND_NOTHING : look_at_record(request);
    /* Wrong or failed cases are in the record; what is right is still reported, and the exit code tells. */
    enum status measured = found == FOUND_WHOLE ? STATUS_OK : measure(request, found == FOUND_PART, diags);
    if (measured == STATUS_INTERRUPTED || diags->errors > 0)
        return name_step(measured, request, "measuring", NULL, diags);
    enum status added = name_step(run_parts(request->record, request->out, request->preset, diags), request,
                                  "a part of the measuring", "The same command goes on from here.", diags);
    if (added == STATUS_INTERRUPTED)
        return added;
    status = deck_request_open(&request->deck, diags);
    if (status == STATUS_OK)
        status = name_step(report(request, diags), request, "the report",
                           "The same command goes on from here; it does not measure again.", diags);
    if (status == STATUS_OK)
        status = name_step(deck_request_render(&request->deck, diags), request, "the carousel",
                           "The same command goes on from here; it does not measure again.", diags);
    if (status == STATUS_OK)
        print_end(request);
    if (measured == STATUS_OK && added != STATUS_OK)
        return added;
    /* 6 is kept for measurements that failed. */
    return measured != STATUS_OK ? measured : status == STATUS_FAILED ? STATUS_IO : status;
}

int cmd_run(int argc, char **argv)
{
    struct run_request request = {.out = "out", .preset = "deck"};
    struct diags diags = {0};
    bool help = false;
    enum status status = read_request(argc, argv, &request, &help, &diags);
    if (status == STATUS_OK && !help)
        status = run(&request, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    deck_request_close(&request.deck);
    free(request.record);
    free(request.html);
    free(request.markdown);
    return status_exit_code(status);
}
