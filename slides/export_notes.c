#include <stdlib.h>
#include <string.h>

#include "slides/export.h"
#include "slides/export_words.h"

/* A heading in Markdown is one line, and its own signs are kept from being read as such. */
static void add_heading(struct text *markdown, const char *before, const char *words)
{
    text_add(markdown, before);
    for (const char *at = words; *at; at++) {
        if (strchr("\\`*_[]<>#", *at))
            text_add(markdown, "\\");
        text_add_bytes(markdown, *at == '\n' ? " " : at, 1);
    }
    text_add(markdown, "\n\n");
}

enum status export_notes(const struct export_input *input, struct text *markdown, struct diags *diags)
{
    const struct pages *pages = input->pages;
    char *first = export_title(pages, 0);
    add_heading(markdown, "# ", pages->deck->title ? pages->deck->title : first ? first : "");
    free(first);
    for (size_t i = 0; i < pages->count; i++) {
        char *title = export_title(pages, i);
        const char *notes = pages->items[i].slide->slide->notes;
        char number[40];
        snprintf(number, sizeof number, "## %zu. ", i + 1);
        add_heading(markdown, number, title ? title : "");
        free(title);
        size_t length = notes ? strlen(notes) : 0;
        while (length > 0 && strchr(" \n", notes[length - 1]))
            length--;
        text_add_bytes(markdown, notes && length ? notes : "(no notes)", length ? length : strlen("(no notes)"));
        text_add(markdown, i + 1 < pages->count ? "\n\n" : "\n");
    }
    if (!markdown->failed)
        return STATUS_OK;
    diags_error(diags, pages->deck->file, 0, NULL, "out of memory");
    return STATUS_NO_MEMORY;
}
