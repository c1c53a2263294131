#include "slides/thread/write.h"

#include <stdlib.h>
#include <string.h>

#include "slides/layout.h"
#include "slides/thread/typeset.h"

/* A layout that this program has, else the one that comes nearest. */
static const char *layout_of(const char *name)
{
    size_t count;
    const struct layout *const *table = layouts_all(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i]->name, name) == 0)
            return name;
    return "claim";
}

static void add_field(struct text *to, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    text_format(to, "%s: ", key);
    typeset_yaml(to, value);
    text_add(to, "\n");
}

static void add_front_matter(struct text *to, const struct writing *writing)
{
    const struct thread_options *options = writing->options;
    text_add(to, "---\nmarp: true\n");
    add_field(to, "title", writing->title);
    add_field(to, "author", writing->author);
    add_field(to, "lang", writing->lang);
    add_field(to, "size", options->size ? options->size : "4:5");
    add_field(to, "theme", options->theme ? options->theme : "ink");
    add_field(to, "type", options->type);
    add_field(to, "brand", writing->brand);
    text_add(to, "paginate: true\n---\n");
}

/* A hook's last words are said in the accent, on a line of their own: from its number on, else from the middle. */
static const char *accent_of(struct slice title)
{
    struct slice rest = title, word;
    int words = 0, at = 0;
    const char *from = NULL, *number = NULL;
    while ((word = next_word(&rest)).length > 0)
        words++;
    for (rest = title; (word = next_word(&rest)).length > 0; at++) {
        if (at >= words / 2 && !from)
            from = word.at;
        if (at > 0 && words - at <= 6 && g_ascii_isdigit(word.at[0]) && !number)
            number = word.at;
    }
    return words < 4 ? NULL : number ? number : from;
}

static bool has_markup(struct slice title)
{
    for (const char *at = title.at; at < slice_end(title); at = g_utf8_next_char(at))
        if (*at == '`' || g_utf8_get_char(at) == MARK_LINK_OPEN)
            return true;
    return slice_has(title, "http");
}

static void add_hook_title(struct text *to, struct slice title)
{
    const char *accent = has_markup(title) ? NULL : accent_of(title);
    typeset(to, accent ? slice_to(title.at, accent) : title, accent ? 0 : TYPESET_HEADING);
    if (accent) {
        text_add(to, " **");
        typeset(to, slice_tail(title, accent), TYPESET_HEADING);
        text_add(to, "**");
    }
    text_add(to, "\n");
}

static void add_titles(struct text *to, const struct outline_slide *slide)
{
    bool first = strcmp(slide->layout, "hook") == 0;
    bool large = first || strcmp(slide->layout, "claim") == 0 || strcmp(slide->layout, "outro") == 0;
    if (slide->number.token.length) {
        char *shown = number_shown(&slide->number);
        text_format(to, "# %s\n", shown ? shown : "");
        free(shown);
    } else if (slide->spans) {
        text_add(to, "## ");
        typeset(to, slide->rows[0].value, TYPESET_HEADING);
        text_add(to, " \xe2\x86\x92 ");
        typeset(to, slide->rows[slide->row_count - 1].value, TYPESET_HEADING);
        text_add(to, slide->unit.length ? " " : "");
        typeset(to, slide->unit, TYPESET_HEADING);
        text_add(to, "\n");
    } else if (slide->title.length) {
        text_add(to, large ? "# " : "## ");
        if (first)
            add_hook_title(to, slide->title);
        else {
            typeset(to, slide->title, TYPESET_HEADING);
            text_add(to, "\n");
        }
    }
}

static void add_parts(struct text *to, const struct outline_slide *slide, size_t from, size_t end)
{
    enum phrase_kind before = PHRASE_TITLE;
    for (size_t i = from; i < end; i++) {
        const struct outline_part *part = &slide->parts[i];
        bool closes = i + 1 == slide->part_count && part->kind == PHRASE_SENTENCE; /* a colon there leads nowhere */
        bool in_list = part->kind == PHRASE_ITEM && before == PHRASE_ITEM;
        text_add(to, in_list ? "" : "\n");
        if (part->kind == PHRASE_ITEM && part->number > 0)
            text_format(to, "%d. ", part->number);
        else
            text_add(to, part->kind == PHRASE_ITEM ? "- " : part->kind == PHRASE_QUOTE ? "> " : "");
        if (part->lead.length) {
            text_add(to, "**");
            typeset(to, part->lead, TYPESET_HEADING);
            text_add(to, "** ");
        }
        typeset(to, part->lead.length ? part->rest : part->text, TYPESET_LINE | (closes ? TYPESET_HEADING : 0));
        text_add(to, "\n");
        before = part->kind;
    }
}

/* Numbers that lead somewhere: the last row is what the table is about. */
static void add_rows(struct text *to, const struct outline_slide *slide)
{
    text_add(to, "\n| |");
    text_add(to, slide->unit.length ? " " : "");
    typeset(to, slide->unit, 0);
    text_format(to, " |\n| :-- | %s |\n", slide->leads_on ? "--:" : ":--");
    for (size_t i = 0; i < slide->row_count; i++) {
        const char *bold = slide->leads_on && i + 1 == slide->row_count ? "**" : "";
        text_format(to, "| %s", bold);
        typeset(to, slide->rows[i].label, 0);
        text_format(to, "%s | %s", bold, bold);
        typeset(to, slide->rows[i].value, 0);
        text_format(to, "%s |\n", bold);
    }
}

static void add_cards(struct text *to, const struct outline_slide *slide)
{
    for (size_t i = 0; i < slide->card_count; i++) {
        text_add(to, "\n### ");
        typeset(to, slide->cards[i].name, TYPESET_HEADING);
        text_add(to, "\n\n");
        for (size_t k = 0; k < slide->cards[i].count; k++) {
            text_add(to, "- ");
            typeset(to, slide->cards[i].items[k], TYPESET_LINE);
            text_add(to, "\n");
        }
    }
}

/* As the author wrote it, but for the sign between. */
static void add_row_words(struct text *all, const struct outline_slide *slide, size_t row)
{
    const struct slice words[] = {slide->rows[row].label, slide->rows[row].value, slide->unit};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        text_add(all, " ");
        if (words[i].length)
            text_add_bytes(all, words[i].at, words[i].length);
    }
}

/* All words of a slide, for what they are about. */
static char *words_of(const struct outline_slide *slide)
{
    struct text all = {0};
    text_add_bytes(&all, slide->title.at ? slide->title.at : "", slide->title.length);
    for (size_t i = 0; i < slide->part_count; i++) {
        text_add(&all, " ");
        text_add_bytes(&all, slide->parts[i].text.at, slide->parts[i].text.length);
    }
    for (size_t i = 0; i < slide->row_count; i++)
        add_row_words(&all, slide, i);
    return text_take(&all);
}

static void add_proposals(struct text *to, struct writing *writing, const struct outline_slide *slide)
{
    char *words = words_of(slide);
    struct slice around = slice_of(words ? words : "");
    writing->bound += bindable_propose(writing->bindable, slide->title, around, to);
    for (size_t i = 0; i < slide->part_count; i++)
        writing->bound += bindable_propose(writing->bindable, slide->parts[i].text, around, to);
    for (size_t i = 0; i < slide->row_count; i++) {
        struct text row = {0};
        add_row_words(&row, slide, i);
        writing->bound += bindable_propose(writing->bindable, slice_of(row.bytes ? row.bytes : ""), around, to);
        text_free(&row);
    }
    free(words);
}

/* For the author: why it looks so, and what could still be done. Two hyphens would end a comment. */
static void add_comment(struct text *to, struct writing *writing, const struct outline_slide *slide)
{
    struct text comment = {0};
    text_format(&comment, "Proposed as %s: %s (the thread's line %d).\n", layout_of(slide->layout), slide->why,
                slide->line);
    if (slide->pointed)
        text_add(&comment, "The author showed a picture here. Add it: ![what it shows](picture.png)\n");
    add_proposals(&comment, writing, slide);
    text_add(to, "\n<!--\n");
    for (size_t i = 0; i < comment.length; i++)
        if (strncmp(comment.bytes + i, "--", 2) != 0)
            text_add_bytes(to, comment.bytes + i, 1);
    text_add(to, "-->\n");
    text_free(&comment);
}

static void add_slide(struct text *to, struct writing *writing, const struct outline_slide *slide)
{
    text_format(to, "<!-- _class: %s%s%s -->\n", layout_of(slide->layout), slide->call ? " " : "",
                slide->call ? slide->call : "");
    add_titles(to, slide);
    add_parts(to, slide, 0, slide->row_count ? slide->parts_before : slide->part_count);
    if (slide->row_count) {
        add_rows(to, slide);
        add_parts(to, slide, slide->parts_before, slide->part_count);
    }
    add_cards(to, slide);
    if (slide->button.length) {
        text_add(to, "\n**");
        typeset(to, slide->button, TYPESET_HEADING);
        text_add(to, "**\n");
    }
    add_comment(to, writing, slide);
}

char *write_deck(struct writing *writing)
{
    struct text deck = {0};
    add_front_matter(&deck, writing);
    for (size_t i = 0; i < writing->outline->count; i++) {
        if (i > 0)
            text_add(&deck, "\n---\n");
        add_slide(&deck, writing, &writing->outline->slides[i]);
    }
    return text_take(&deck);
}
