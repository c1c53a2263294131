/* cmd_deck_gallery.c - flashdeck deck gallery: what slides can look like, on a few sheets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/output.h"
#include "harness/options.h"
#include "slides/gallery.h"

static const char *const usage = "flashdeck deck gallery [SHEET ...] [--out FOLDER]\n\n"
                                 "Draws contact sheets of everything that slides can look like, your own files of\n"
                                 "themes, canvases and type pairs among them:\n"
                                 "  layouts    every layout in every theme\n"
                                 "  canvases   a hook and a chart on every canvas\n"
                                 "  patterns   every background pattern in four themes\n"
                                 "  types      every type pair\n"
                                 "Without a name: all of them.";

static enum status check_names(const struct option_texts *names, struct diags *diags)
{
    const char *known[GALLERY_SHEETS];
    enum status status = STATUS_OK;
    for (size_t i = 0; i < GALLERY_SHEETS; i++)
        known[i] = gallery_sheets[i].name;
    for (size_t n = 0; n < names->count; n++) {
        bool found = false;
        for (size_t i = 0; i < GALLERY_SHEETS; i++)
            found |= strcmp(known[i], names->texts[n]) == 0;
        if (found)
            continue;
        char *near = nearest_sentence(names->texts[n], known, GALLERY_SHEETS, 2);
        diags_error(diags, NULL, 0, near ? near : "Sheets: layouts, canvases, patterns, types.",
                    "there is no sheet '%.40s'", names->texts[n]);
        free(near);
        status = STATUS_BAD_INPUT;
    }
    return status;
}

static bool is_named(const struct option_texts *names, const char *name)
{
    bool named = names->count == 0;
    for (size_t n = 0; n < names->count; n++)
        named |= strcmp(names->texts[n], name) == 0;
    return named;
}

static enum status draw_one(struct gallery *gallery, const struct gallery_sheet *sheet, const char *out,
                            struct diags *diags)
{
    struct text png = {0}, path = {0};
    text_format(&path, "%s/%s.png", out, sheet->name);
    enum status status = path.failed ? STATUS_NO_MEMORY : sheet->draw(gallery, &png, diags);
    if (status == STATUS_OK)
        status = file_write(path.bytes, png.bytes, png.length, diags);
    if (status == STATUS_OK)
        printf("%s: %s\n", path.bytes, sheet->idea);
    text_free(&png);
    text_free(&path);
    return status;
}

static enum status draw(const struct option_texts *names, const char *out, struct diags *diags)
{
    struct gallery *gallery = NULL;
    enum status status = check_names(names, diags);
    if (status == STATUS_OK)
        status = gallery_open(&gallery, diags);
    if (status == STATUS_OK)
        status = folder_make(out, diags);
    for (size_t i = 0; i < GALLERY_SHEETS && status == STATUS_OK; i++)
        if (is_named(names, gallery_sheets[i].name))
            status = draw_one(gallery, &gallery_sheets[i], out, diags);
    gallery_close(gallery);
    return status;
}

int cmd_deck_gallery(int argc, char **argv)
{
    const char *out = "out/gallery";
    const struct option options[] = {{"--out", NULL, OPTION_TEXT, &out, "FOLDER", "where the sheets go (out/gallery)"},
                                     {0}};
    struct option_texts rest = {0};
    struct diags diags = {0};
    bool help = false;
    enum status status = options_read(argc, argv, options, &rest, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    if (status == STATUS_OK && !help)
        status = draw(&rest, out, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    return output_exit_code(status);
}
