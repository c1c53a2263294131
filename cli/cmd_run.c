/* cmd_run.c - flashdeck run: the main job. Measure, report, carousel, one after the other, into one folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/bench_options.h"
#include "cli/command.h"
#include "cli/deck_request.h"
#include "harness/metric.h"
#include "reports/report.h"
#include "slides/style.h"

static const char *const usage =
    "flashdeck run [FLAGS]\n\n"
    "The main job: measures attention on this machine (OUT/record.json), reports it (report.html, report.md) and\n"
    "draws the carousel of it (deck.pdf, slides/slide-01.png ...).\n"
    "A record in OUT that is whole, of this machine, preset and version of the kernels is used again, and said so;\n"
    "an interrupted one is finished. --measure measures anew.";

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

/* Theme, canvas, deck: what the user asked for is looked at before minutes are spent on measuring. */
static enum status check_look(const struct run_request *request, struct diags *diags)
{
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

/* What of an earlier run can be used: same machine, same kernels, same preset. */
static enum found look_at_record(const struct run_request *request)
{
    struct diags ignored = {0};
    struct record record;
    struct machine here;
    enum found found = FOUND_NOTHING;
    if (access(request->record, R_OK) != 0 || record_read(request->record, &record, &ignored) != STATUS_OK) {
        diags_free(&ignored);
        return FOUND_NOTHING;
    }
    if (machine_look(&here, &ignored) == STATUS_OK) {
        bool same = strcmp(record.machine.cpu_name, here.cpu_name) == 0 && record.preset &&
                    strcmp(record.preset, request->preset) == 0 &&
                    strcmp(record.machine.sources, build_sources()) == 0;
        found = !same ? FOUND_NOTHING : record.incomplete ? FOUND_PART : FOUND_WHOLE;
    }
    if (found == FOUND_WHOLE)
        printf("%s of %s is used again (--measure measures anew)\n", request->record, record.date);
    if (found == FOUND_PART)
        printf("%s is incomplete: going on with it (--measure starts anew)\n", request->record);
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
    char *arguments[] = {"bench", preset, out, NULL};
    enum status status = bench_request_read(3, arguments, usage, true, &bench, &help, diags);
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

static void print_end(const struct run_request *request)
{
    printf("\nDone:\n"
           "  %-22s  the slides, ready to post\n"
           "  %s/slide-01.png ...  the same as pictures\n"
           "  %-22s  what was measured, with charts\n"
           "  %-22s  every sample: what all numbers come from\n\n"
           "Go on:\n"
           "  flashdeck run --theme paper --size 1:1      another look, without measuring again\n"
           "  flashdeck run --brand my-brand.yml          your name on it (see slides/brands/flashdeck.yml)\n"
           "  flashdeck deck explain                      where each number comes from\n",
           request->deck.pdf, request->deck.slides, request->html, request->record);
}

static enum status run(struct run_request *request, struct diags *diags)
{
    enum status status = name_files(request, diags);
    if (status == STATUS_OK)
        status = check_look(request, diags);
    if (status == STATUS_OK)
        status = folder_make(request->out, diags);
    if (status != STATUS_OK)
        return status;
    enum found found = request->measure ? FOUND_NOTHING : look_at_record(request);
    /* Wrong or failed cases are in the record; what is right is still reported, and the exit code tells. */
    enum status measured = found == FOUND_WHOLE ? STATUS_OK : measure(request, found == FOUND_PART, diags);
    if (measured == STATUS_INTERRUPTED || diags->errors > 0)
        return measured;
    status = deck_request_open(&request->deck, diags);
    if (status == STATUS_OK)
        status = report(request, diags);
    if (status == STATUS_OK)
        status = deck_request_render(&request->deck, diags);
    if (status == STATUS_OK)
        print_end(request);
    return measured != STATUS_OK ? measured : status;
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
