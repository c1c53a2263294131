#include "slides/export_words.h"

#include <stdlib.h>
#include <string.h>

#include "slides/outro.h"
#include "slides/picture_kind.h"

/* A sentence of its own: what has no full stop gets one. */
static void add_sentence(struct text *text, const char *words)
{
    static const char *const ends[] = {".", "!", "?", ":", "\xe2\x80\xa6"};
    size_t length = strlen(words);
    bool ended = false;
    if (length == 0)
        return;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t size = strlen(ends[i]);
        ended |= length >= size && strcmp(words + length - size, ends[i]) == 0;
    }
    text_format(text, "%s%s%s", text->length ? " " : "", words, ended ? "" : ".");
}

/* Lines that the layout broke are one sentence here. */
static void add_markup(struct text *text, const char *markup)
{
    char *plain = markup ? picture_plain(markup) : NULL;
    for (char *at = plain; at && (at = strchr(at, '\n'));)
        *at = ' ';
    if (plain)
        add_sentence(text, plain);
    free(plain);
}

static void add_block(struct text *text, const struct ready_block *block)
{
    if (block && block->text)
        add_markup(text, block->text);
    else if (block && block->block->body)
        add_sentence(text, "A listing of code");
}

/* What an outro says, be it the slide's own or its call's. */
static void add_outro(struct text *text, const struct outro *outro)
{
    const struct outro_text *const said[] = {&outro->button, &outro->command, &outro->address};
    for (size_t i = 0; i < outro->word_count; i++)
        add_markup(text, outro->words[i].markup);
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        add_markup(text, said[i]->markup);
    if (outro->qr)
        add_sentence(text, "A QR code of that address");
}

static void add_part(struct text *text, const struct content_part *part)
{
    add_block(text, part->name);
    for (size_t i = 0; i < part->body_count; i++)
        add_block(text, part->body[i]);
    if (part->visual && part->visual->picture)
        add_sentence(text, picture_alt(part->visual->picture));
    else if (part->visual && part->visual->text)
        add_sentence(text, part->visual->text);
}

char *export_title(const struct pages *pages, size_t index)
{
    const struct page *page = &pages->items[index];
    const struct ready_block *title = page->content.title;
    struct text words = {0};
    const char *markup = page->outro ? page->outro->heading.markup : title ? title->text : NULL;
    char *plain = markup ? picture_plain(markup) : NULL;
    for (char *at = plain; at && (at = strchr(at, '\n'));)
        *at = ' ';
    if (plain)
        text_add(&words, plain);
    else
        text_format(&words, "Slide %zu", index + 1);
    free(plain);
    return text_take(&words);
}

char *export_alt(const struct pages *pages, size_t index)
{
    const struct content *content = &pages->items[index].content;
    const struct outro *outro = pages->items[index].outro;
    struct text text = {0};
    if (outro) {
        add_markup(&text, outro->heading.markup);
        add_outro(&text, outro);
        return text_take(&text);
    }
    add_block(&text, content->title);
    add_block(&text, content->subtitle);
    add_part(&text, &content->main);
    add_part(&text, &content->after);
    for (size_t i = 0; i < content->column_count; i++)
        add_part(&text, &content->columns[i]);
    return text_take(&text);
}

static bool said_before(const struct pages *pages, size_t page, int source)
{
    const char *words = pages->items[page].sources[source].text;
    for (size_t p = 0; p <= page; p++)
        for (int s = 0; s < (p == page ? source : pages->items[p].source_count); s++)
            if (strcmp(pages->items[p].sources[s].text, words) == 0)
                return true;
    return false;
}

static void add_sources(struct text *text, const struct pages *pages)
{
    bool any = false;
    for (size_t p = 0; p < pages->count; p++)
        for (int s = 0; s < pages->items[p].source_count; s++)
            if (!said_before(pages, p, s)) {
                const struct source_line *line = &pages->items[p].sources[s];
                text_format(text, "%s%s: %s\n", any ? "" : "\nSources\n", kind_name(line->kind), line->text);
                any = true;
            }
}

char *export_caption(const struct pages *pages)
{
    const struct deck *deck = pages->deck;
    const struct brand *brand = &pages->styles[0]->brand;
    struct text text = {0};
    char *first = deck->title ? NULL : export_title(pages, 0);
    text_format(&text, "%s\n", deck->title ? deck->title : first ? first : "");
    free(first);
    if (deck->description)
        text_format(&text, "\n%s\n", deck->description);
    if (brand->handle || brand->website)
        text_format(&text, "\n%s%s%s\n", brand->handle ? brand->handle : "", brand->handle && brand->website ? " " : "",
                    brand->website ? brand->website : "");
    add_sources(&text, pages);
    return text_take(&text);
}
