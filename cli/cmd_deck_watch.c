/* cmd_deck_watch.c - flashdeck deck watch: the pictures follow the deck while its author writes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "cli/command.h"
#include "cli/deck_request.h"
#include "cli/output.h"
#include "cli/watch_files.h"
#include "cli/watch_pdf.h"
#include "harness/data_path.h"
#include "slides/redraw.h"

static const char *const usage =
    "flashdeck deck watch [DECK.md] [FLAGS]\n\n"
    "Draws OUT/slides/slide-01.png ... and draws again whenever the deck is saved: only\n"
    "the slides that look different. A change of a record, an image or a style file draws\n"
    "all of them. Faults are told, and the pictures stay as they were. Ends with Ctrl-C.\n"
    "OUT/deck.pdf follows when nothing was saved for a second.";

struct watch {
    struct deck_request *request;
    struct redraw *redraw;
    struct watch_files *files;
    struct watch_pdf *pdf;
    char *folder; /* of the pictures */
};

static void watch_looks(const struct watch *watch)
{
    static const char *const folders[] = {"slides/themes/", "slides/types/", "slides/brands/", "slides/canvases/",
                                          "slides/"};
    const struct render_options *look = &watch->request->look;
    const char *const named[] = {watch->request->deck_path, look->theme, look->type, look->brand};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char *folder = data_path(folders[i]);
        if (folder)
            watch_files_add(watch->files, folder, WATCH_LOOKS);
        free(folder);
    }
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) /* of the command line: whole paths */
        if (named[i] && (i == 0 || strchr(named[i], '/')))
            watch_files_add(watch->files, named[i], WATCH_LOOKS);
}

/* Everything that the slides' looks come from. */
static void watch_sources(const struct watch *watch)
{
    const struct deck_request *request = watch->request;
    const struct deck *deck = &request->source;
    watch_looks(watch);
    for (size_t i = 0; i < request->paths.count; i++)
        watch_files_add(watch->files, request->paths.texts[i], WATCH_FILE);
    for (size_t s = 0; s < deck->slide_count; s++)
        for (size_t b = 0; b < deck->slides[s].block_count; b++) {
            const struct block *block = &deck->slides[s].blocks[b];
            char *path = NULL;
            if (block->kind == BLOCK_IMAGE && block->info && asprintf(&path, "%s/%s", deck->folder, block->info) > 0)
                watch_files_add(watch->files, path, WATCH_FILE);
            free(path);
        }
}

static void print_done(const struct redrawn *redrawn, double load, double whole)
{
    const struct render_times *times = &redrawn->times;
    if (redrawn->drawn == redrawn->count)
        printf("all %zu slides", redrawn->count);
    else if (redrawn->drawn == 0)
        printf("no slide looks different");
    else
        printf(redrawn->drawn == 1 ? "slide" : "slides");
    for (size_t i = 0; redrawn->drawn < redrawn->count && i < redrawn->count; i++)
        if (redrawn->slides[i])
            printf(" %zu", i + 1);
    printf(": %.0f ms (load %.0f, bind %.0f, charts %.0f, layout %.0f, draw %.0f, write %.0f)\n", 1e3 * whole,
           1e3 * load, 1e3 * times->bind, 1e3 * times->charts, 1e3 * times->layout, 1e3 * times->export,
           1e3 * times->write);
    fflush(stdout);
}

static void print_faults(struct diags *diags)
{
    diags_print(diags, stderr);
    fflush(stderr);
    diags_free(diags);
}

/* Draws what was read, if it was. */
static void draw(const struct watch *watch, enum status status, struct diags *diags)
{
    struct deck_request *request = watch->request;
    struct redrawn redrawn = {0};
    double begun = process_now();
    if (status == STATUS_OK) {
        watch_sources(watch);
        status = redraw_deck(watch->redraw, &request->source, request->all, request->paths.count, &request->look,
                             &redrawn, diags);
    }
    print_faults(diags);
    if (status == STATUS_OK)
        print_done(&redrawn, request->load, request->load + process_now() - begun);
    else
        printf("not drawn: the pictures are as they were\n");
    fflush(stdout);
    watch_pdf_drawn(watch->pdf, status == STATUS_OK, redrawn.drawn > 0);
    free(redrawn.slides);
}

/* Until the program is ended. Records are read anew only when something beside the deck was written. */
static void follow(const struct watch *watch)
{
    struct diags diags = {0};
    enum watch_event event;
    enum status status = deck_request_open(watch->request, &diags);
    draw(watch, status, &diags);
    while ((event = watch_files_wait(watch->files, watch_pdf_patience(watch->pdf))) != WATCH_FAILED) {
        if (event == WATCH_QUIET) {
            watch_pdf_quiet(watch->pdf);
            continue;
        }
        if (event == WATCH_OTHERS_WRITTEN)
            redraw_forget(watch->redraw);
        status = deck_request_again(watch->request, event == WATCH_OTHERS_WRITTEN, &diags);
        draw(watch, status, &diags);
    }
}

static enum status run(struct deck_request *request, int argc, char **argv, struct diags *diags)
{
    struct watch watch = {.request = request, .redraw = redraw_open(), .pdf = watch_pdf_open(argc, argv)};
    enum status status = deck_request_find(request, diags);
    if (!watch.redraw || !watch.pdf || asprintf(&watch.folder, "%s/slides", request->out) < 0) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        status = STATUS_NO_MEMORY;
        watch.folder = NULL;
    }
    request->look.png_folder = watch.folder;
    if (status == STATUS_OK)
        status = watch_files_open(&watch.files, diags);
    if (status == STATUS_OK) {
        watch_files_add(watch.files, request->deck_path, WATCH_DECK); /* before it is read: no change is missed */
        follow(&watch);
    }
    watch_pdf_close(watch.pdf);
    watch_files_close(watch.files);
    redraw_close(watch.redraw);
    request->look.png_folder = NULL;
    free(watch.folder);
    return status;
}

int cmd_deck_watch(int argc, char **argv)
{
    struct deck_request request = {.out = "out"};
    struct option options[DECK_REQUEST_OPTIONS + 1] = {{0}};
    struct option_texts rest = {0};
    struct diags diags = {0};
    bool help = false;
    deck_request_options(&request, options);
    enum status status = options_read(argc, argv, options, &rest, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    if (status == STATUS_OK && !help)
        status = deck_request_take(&request, rest.texts, rest.count, &diags);
    if (status == STATUS_OK && !help)
        status = run(&request, argc, argv, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    deck_request_close(&request);
    return output_exit_code(status);
}
