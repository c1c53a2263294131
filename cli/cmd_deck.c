/* cmd_deck.c - flashdeck deck: a Markdown deck and records become slides, or are only checked or explained. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_deck_new.h"
#include "cli/command.h"
#include "cli/deck_request.h"
#include "cli/output.h"
#include "harness/data_path.h"

static const char *const usage =
    "flashdeck deck [render|check|explain] [DECK.md] [FLAGS]\n"
    "flashdeck deck export|watch|gallery ...  (each has a --help of its own)\n\n"
    "Fills a Markdown deck from records and draws it: OUT/deck.pdf and\n"
    "OUT/slides/slide-01.png ... `check` only looks for faults; `explain` lists every number\n"
    "on every slide with its key, record, device, date and commit.\n\n"
    "Without DECK.md: the deck that comes with the program. Without --record:\n"
    "out/record.json. Nothing is written when anything is wrong.\n"
    "`deck new --from THREAD.txt` makes a deck from a pasted thread.\n"
    "`flashdeck list` names themes, canvases, types, brands and layouts.";

/* Verbs with files of their own: cmd_deck_NAME.c. */
static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} others[] = {
    {"new", cmd_deck_new}, {"export", cmd_deck_export}, {"watch", cmd_deck_watch}, {"gallery", cmd_deck_gallery}};

enum verb { VERB_RENDER, VERB_CHECK, VERB_EXPLAIN, VERBS };
static const char *const verbs[VERBS] = {[VERB_RENDER] = "render", [VERB_CHECK] = "check", [VERB_EXPLAIN] = "explain"};

/* The verb, if the first word is one; then the deck. */
static enum status read_rest(const struct option_texts *rest, struct deck_request *request, enum verb *verb,
                             struct diags *diags)
{
    size_t at = 0;
    for (int v = 0; rest->count > 0 && v < VERBS; v++)
        if (strcmp(rest->texts[0], verbs[v]) == 0) {
            *verb = (enum verb)v;
            at = 1;
        }
    return deck_request_take(request, rest->texts + at, rest->count - at, diags);
}

static enum status read_request(int argc, char **argv, struct deck_request *request, enum verb *verb, bool *help,
                                struct diags *diags)
{
    struct render_options *look = &request->look;
    struct option_texts rest = {0};
    bool explain = false;
    struct option options[DECK_REQUEST_OPTIONS + 5] = {{0}};
    size_t count = deck_request_options(request, options);
    options[count++] = (struct option){
        "--format",        NULL,   OPTION_TEXT,
        &request->formats, "LIST", "pdf, png, svg, zip, sheet, notes, html, or all; several with commas (pdf,png)"};
    options[count++] = (struct option){"--pdf",    NULL,   OPTION_TEXT,
                                       &look->pdf, "FILE", "write the PDF here, and no PNG unless --png is given"};
    options[count++] =
        (struct option){"--png", NULL, OPTION_TEXT, &look->png_folder, "FOLDER", "write slide-01.png ... here"};
    options[count++] =
        (struct option){"--explain", NULL, OPTION_FLAG, &explain, NULL, "the same as `flashdeck deck explain`"};
    enum status status = options_read(argc, argv, options, &rest, help, diags);
    if (*help)
        options_help(usage, options, stdout);
    if (*help || status != STATUS_OK)
        return status;
    status = read_rest(&rest, request, verb, diags);
    if (explain)
        *verb = VERB_EXPLAIN;
    return status;
}

/* The deck on one canvas, into a folder of its name. */
static enum status render_size(struct deck_request *request, const char *out, const char *size, bool check_only,
                               struct diags *diags)
{
    char *folder = NULL;
    if (asprintf(&folder, "%s/%s", out, size ? size : "default") < 0) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    request->out = folder;
    request->look.size = size;
    request->look.check_only = check_only;
    enum status status = deck_request_render(request, diags);
    if (status == STATUS_OK && !check_only)
        deck_request_print(request);
    deck_request_forget_files(request);
    request->out = out;
    free(folder);
    return status;
}

/* A canvas that does not take this deck (too many slides, words that do not fit) is left out and named. */
static void warn_left_out(const char *size, const struct diags *faults, struct diags *diags)
{
    const char *reason = "";
    for (size_t i = 0; i < faults->count && !*reason; i++)
        if (faults->items[i].level == DIAG_ERROR && faults->items[i].what)
            reason = faults->items[i].what;
    diags_warn(diags, NULL, 0, NULL, "%s is left out: %s", size, reason);
}

/* Every canvas that takes the deck. All are checked before the first is drawn; when none takes it, its faults are those
 * of the default canvas. */
static enum status render_all_sizes(struct deck_request *request, bool check_only, struct diags *diags)
{
    size_t count, taken = 0;
    if (request->look.pdf || request->look.png_folder) {
        diags_error(diags, NULL, 0, "Name a folder with --out; each size gets one in it.",
                    "--size all makes many files, --pdf and --png name one");
        return STATUS_BAD_INPUT;
    }
    char **names = data_names("slides/canvases", ".yml", &count);
    bool *takes = calloc(count + 1, sizeof *takes);
    enum status status = takes ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t i = 0; takes && i < count; i++) {
        struct diags faults = {0};
        takes[i] = render_size(request, request->out, names[i], true, &faults) == STATUS_OK;
        taken += takes[i];
        if (!takes[i])
            warn_left_out(names[i], &faults, diags);
        diags_free(&faults);
    }
    if (takes && taken == 0) {
        diags_free(diags);
        status = render_size(request, request->out, NULL, true, diags);
    }
    for (size_t i = 0; takes && !check_only && i < count && status == STATUS_OK; i++)
        if (takes[i])
            status = render_size(request, request->out, names[i], false, diags);
    if (status == STATUS_OK && check_only)
        printf("%s: %zu slides, no faults on %zu of %zu canvases\n", request->deck_path, request->source.slide_count,
               taken, count);
    data_names_free(names, count);
    free(takes);
    return status;
}

static enum status act(struct deck_request *request, enum verb verb, struct diags *diags)
{
    if (verb == VERB_EXPLAIN)
        return deck_explain(&request->source, request->all, request->paths.count, request->look.allow_stale, stdout,
                            diags);
    if (request->look.size && strcmp(request->look.size, "all") == 0)
        return render_all_sizes(request, verb == VERB_CHECK, diags);
    request->look.check_only = verb == VERB_CHECK;
    enum status status = deck_request_render(request, diags);
    if (status == STATUS_OK && verb == VERB_CHECK)
        printf("%s: %zu slides, no faults\n", request->deck_path, request->source.slide_count);
    else if (status == STATUS_OK)
        deck_request_print(request);
    return status;
}

int cmd_deck(int argc, char **argv)
{
    struct deck_request request = {.out = "out"};
    struct diags diags = {0};
    enum verb verb = VERB_RENDER;
    bool help = false;
    for (size_t i = 0; argc > 1 && i < sizeof others / sizeof others[0]; i++)
        if (strcmp(argv[1], others[i].name) == 0)
            return others[i].run(argc - 1, argv + 1);
    enum status status = read_request(argc, argv, &request, &verb, &help, &diags);
    if (status == STATUS_OK && !help)
        status = deck_request_open(&request, &diags);
    if (status == STATUS_OK && !help)
        status = act(&request, verb, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    deck_request_close(&request);
    return output_exit_code(status);
}
