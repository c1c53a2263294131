#include "cli/deck_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "harness/data_path.h"

static const char *const default_deck = "slides/decks/long-context.md";

/* A style file that is here is taken from here: a deck's own names are looked up beside the deck. */
static void take_file(const char **name, char **whole)
{
    const char *ending = *name ? strrchr(*name, '.') : NULL;
    if (!ending || (strcmp(ending, ".yml") != 0 && strcmp(ending, ".yaml") != 0))
        return;
    *whole = realpath(*name, NULL);
    if (*whole)
        *name = *whole;
}

enum status deck_request_open(struct deck_request *request, struct diags *diags)
{
    take_file(&request->look.theme, &request->theme);
    take_file(&request->look.type, &request->type);
    take_file(&request->look.brand, &request->brand);
    request->deck_path = request->deck ? strdup(request->deck) : data_path(default_deck);
    if (!request->deck_path) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = deck_read(request->deck_path, &request->source, diags);
    request->source.allow_outside = request->allow_outside;
    for (size_t i = 0; i < request->paths.count; i++) {
        enum status read = record_read(request->paths.texts[i], &request->records[i], diags);
        status = status == STATUS_OK ? read : status;
        request->all[i] = &request->records[i];
    }
    return status;
}

enum status deck_request_render(struct deck_request *request, struct diags *diags)
{
    struct render_options *look = &request->look;
    if (!look->pdf && !look->png_folder) {
        if (asprintf(&request->pdf, "%s/deck.pdf", request->out) < 0 ||
            asprintf(&request->slides, "%s/slides", request->out) < 0) {
            diags_error(diags, NULL, 0, NULL, "out of memory");
            return STATUS_NO_MEMORY;
        }
        look->pdf = request->pdf;
        look->png_folder = request->slides;
    }
    return deck_render(&request->source, request->all, request->paths.count, look, diags);
}

void deck_request_forget_files(struct deck_request *request)
{
    free(request->pdf);
    free(request->slides);
    request->pdf = request->slides = NULL;
    request->look.pdf = request->look.png_folder = NULL;
}

void deck_request_close(struct deck_request *request)
{
    for (size_t i = 0; i < request->paths.count; i++)
        record_free(&request->records[i]);
    deck_free(&request->source);
    free(request->deck_path);
    free(request->pdf);
    free(request->slides);
    free(request->theme);
    free(request->type);
    free(request->brand);
}
