/* cmd_deck_export.c - flashdeck deck export: the deck in every format that there is, or in those that are named. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/deck_request.h"
#include "cli/output.h"

static const char *const usage =
    "flashdeck deck export [DECK.md] [FLAGS]\n\n"
    "Writes the deck into the folder of --out, in all formats or in those of --format:\n"
    "  pdf    deck.pdf         vector PDF: real text, tags, alt texts, outline\n"
    "  png    slides/          a picture a slide, in pixels of the canvas\n"
    "  svg    svg/             a vector picture a slide\n"
    "  zip    deck.zip         the pictures with caption.txt and alt-texts.txt, for upload\n"
    "  sheet  sheet.png        all slides on one picture\n"
    "  notes  notes.md         speaker notes in Markdown\n"
    "  html   review.html      one page to review: pictures, alt texts, notes\n\n"
    "The same deck and records give the same bytes; files carry the day of the newest\n"
    "record, or that of SOURCE_DATE_EPOCH.";

int cmd_deck_export(int argc, char **argv)
{
    struct deck_request request = {.out = "out", .formats = "all"};
    struct option options[DECK_REQUEST_OPTIONS + 2] = {{0}};
    struct option_texts rest = {0};
    struct diags diags = {0};
    bool help = false;
    size_t count = deck_request_options(&request, options);
    options[count] = (struct option){"--format",       NULL,   OPTION_TEXT,
                                     &request.formats, "LIST", "the formats, with commas: pdf,zip (all)"};
    enum status status = options_read(argc, argv, options, &rest, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    if (status == STATUS_OK && !help)
        status = deck_request_take(&request, rest.texts, rest.count, &diags);
    if (status == STATUS_OK && !help)
        status = deck_request_open(&request, &diags);
    if (status == STATUS_OK && !help)
        status = deck_request_render(&request, &diags);
    if (status == STATUS_OK && !help)
        deck_request_print(&request);
    diags_print(&diags, stderr);
    diags_free(&diags);
    deck_request_close(&request);
    return output_exit_code(status);
}
