/* cmd_deck.c - flashdeck deck: a Markdown deck and records become slides, or are only checked or explained. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd_deck_new.h"
#include "cli/command.h"
#include "cli/deck_request.h"
#include "cli/output.h"
#include "harness/data_path.h"

static const char *const usage =
    "flashdeck deck [render|check|explain] [DECK.md] [FLAGS]\n\n"
    "Fills a Markdown deck from records and draws it: OUT/deck.pdf and\n"
    "OUT/slides/slide-01.png ... `check` only looks for faults; `explain` lists every number\n"
    "on every slide with its key, record, device, date and commit.\n\n"
    "Without DECK.md: the deck that comes with the program. Without --record:\n"
    "out/record.json. Nothing is written when anything is wrong.\n"
    "`deck new --from THREAD.txt` makes a deck from a pasted thread.\n"
    "`flashdeck list` names themes, canvases, types, brands and layouts.";

enum verb { VERB_RENDER, VERB_CHECK, VERB_EXPLAIN, VERBS };
static const char *const verbs[VERBS] = {[VERB_RENDER] = "render", [VERB_CHECK] = "check", [VERB_EXPLAIN] = "explain"};

static enum status read_rest(const struct option_texts *rest, struct deck_request *request, enum verb *verb,
                             struct diags *diags)
{
    size_t at = 0;
    for (int v = 0; rest->count > 0 && v < VERBS; v++)
        if (strcmp(rest->texts[0], verbs[v]) == 0) {
            *verb = (enum verb)v;
            at = 1;
        }
    if (rest->count > at + 1) {
        diags_error(diags, NULL, 0, "flashdeck deck --help says how it is called.",
                    "one deck at a time: '%.80s' and '%.80s' were named", rest->texts[at], rest->texts[at + 1]);
        return STATUS_BAD_INPUT;
    }
    request->deck = rest->count > at ? rest->texts[at] : NULL;
    return STATUS_OK;
}

static enum status read_request(int argc, char **argv, struct deck_request *request, enum verb *verb, bool *help,
                                struct diags *diags)
{
    struct render_options *look = &request->look;
    struct option_texts rest = {0};
    bool explain = false;
    const struct option options[] = {
        {"--record", "-r", OPTION_TEXTS, &request->paths, "FILE", "a record to bind to; may be given several times"},
        {"--theme", NULL, OPTION_TEXT, &look->theme, "NAME", "colours: a theme's name, or a .yml file of your own"},
        {"--size", NULL, OPTION_TEXT, &look->size, "SIZE", "a canvas's name, 4:5, 1:1, 9:16, 16:9, WxH, or all"},
        {"--type", NULL, OPTION_TEXT, &look->type, "NAME", "fonts that go together"},
        {"--brand", NULL, OPTION_TEXT, &look->brand, "NAME", "a brand's name, or a .yml file of your own"},
        {"--fix-contrast", NULL, OPTION_FLAG, &look->fix_contrast, NULL,
         "mend a kit's or theme's colours that cannot be read, and say from what to what"},
        {"--guides", NULL, OPTION_FLAG, &look->guides, NULL, "draw what the platform may cover over every slide"},
        {"--allow-outside", NULL, OPTION_FLAG, &request->allow_outside, NULL,
         "deck and kit may name files that do not lie beside them"},
        {"--out", NULL, OPTION_TEXT, &request->out, "FOLDER", "where deck.pdf and slides/ go (out)"},
        {"--pdf", NULL, OPTION_TEXT, &look->pdf, "FILE", "write the PDF here, and no PNG unless --png is given"},
        {"--png", NULL, OPTION_TEXT, &look->png_folder, "FOLDER", "write slide-01.png ... here"},
        {"--explain", NULL, OPTION_FLAG, &explain, NULL, "the same as `flashdeck deck explain`"},
        {"--allow-stale", NULL, OPTION_FLAG, &look->allow_stale, NULL,
         "take results of other versions of the kernels too"},
        {0}};
    enum status status = options_read(argc, argv, options, &rest, help, diags);
    if (*help)
        options_help(usage, options, stdout);
    if (*help || status != STATUS_OK)
        return status;
    status = read_rest(&rest, request, verb, diags);
    if (explain)
        *verb = VERB_EXPLAIN;
    if (request->paths.count == 0 && access("out/record.json", R_OK) == 0)
        request->paths.texts[request->paths.count++] = "out/record.json";
    return status;
}

static void print_files(const struct deck_request *request)
{
    if (request->look.pdf)
        printf("%s: %zu slides\n", request->look.pdf, request->source.slide_count);
    if (request->look.png_folder)
        printf("%s/slide-01.png to slide-%02zu.png\n", request->look.png_folder, request->source.slide_count);
}

/* The deck on one canvas, into a folder of its name. */
static enum status render_size(struct deck_request *request, const char *out, const char *size, bool check_only,
                               struct diags *diags)
{
    char *folder = NULL;
    if (asprintf(&folder, "%s/%s", out, size) < 0) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    request->out = folder;
    request->look.size = size;
    request->look.check_only = check_only;
    enum status status = deck_request_render(request, diags);
    if (status == STATUS_OK && !check_only)
        print_files(request);
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
        print_files(request);
    return status;
}

int cmd_deck(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "new") == 0)
        return cmd_deck_new(argc - 1, argv + 1);
    struct deck_request request = {.out = "out"};
    struct diags diags = {0};
    enum verb verb = VERB_RENDER;
    bool help = false;
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
