/* page_check.c - what can be said of a slide before it is laid out: its words, and parts that its layout has no place
 * for. */
#include "slides/pages_parts.h"

enum { WORDS_WARN = 40, WORDS_MOST = 60 };

/* Words as a reader counts them; markup and pictures' own labels are not among them. */
static int count_words(const struct content *content)
{
    const struct content_part *parts[] = {&content->main, &content->after, &content->columns[0], &content->columns[1],
                                          &content->columns[2]};
    int words = 0;
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++)
        for (size_t b = 0; b < parts[p]->body_count; b++) {
            bool in_word = false, in_tag = false;
            bool prose = parts[p]->body[b]->block->kind != BLOCK_TABLE;
            for (const char *at = parts[p]->body[b]->text; prose && at && *at; at++) {
                in_tag = *at == '<' || (in_tag && *at != '>');
                bool letter = !in_tag && *at != '>' && *at != ' ' && *at != '\n';
                words += letter && !in_word;
                in_word = letter;
            }
        }
    return words;
}

void page_check_words(const struct pages *pages, size_t index, struct diags *diags)
{
    int words = count_words(&pages->items[index].content);
    int line = pages->items[index].slide->slide->line;
    const char *remedy = "One slide, one idea: move the rest to a slide of its own, or to speaker notes.";
    if (words > WORDS_MOST)
        diags_error(diags, pages->deck->file, line, remedy, "slide %zu has %d words under its heading; %d can be read",
                    index + 1, words, WORDS_MOST);
    else if (words > WORDS_WARN)
        diags_warn(diags, pages->deck->file, line, remedy,
                   "slide %zu has %d words under its heading; over %d few are read", index + 1, words, WORDS_WARN);
}

/* A picture that is part of what is said; charts and figures describe themselves, grounds are only seen. */
static void check_alt(const struct ready_block *visual, size_t index, const char *file, struct diags *diags)
{
    if (visual && visual->image && (!visual->text || !*visual->text))
        diags_warn(diags, file, visual->block->line,
                   "Say what it shows, between the brackets: ![what it shows](picture.png).",
                   "slide %zu: a picture without words for those who cannot see it", index + 1);
}

void page_check_alts(const struct page *page, size_t index, const char *file, struct diags *diags)
{
    const struct content *content = &page->content;
    check_alt(content->main.visual, index, file, diags);
    for (size_t i = 0; i < content->column_count; i++)
        check_alt(content->columns[i].visual, index, file, diags);
}

static const struct ready_block *first_of(enum block_kind kind, const struct content_part *part)
{
    for (size_t i = 0; i < part->body_count; i++)
        if (part->body[i]->block->kind == kind)
            return part->body[i];
    return NULL;
}

/* What a layout would leave out is told, never dropped. */
void page_check_places(const struct page *page, size_t index, const char *file, struct diags *diags)
{
    const struct content *content = &page->content;
    const struct layout *layout = page->layout;
    bool beyond = content->column_count > layout->columns;
    const struct {
        const struct ready_block *block;
        bool place;
        const char *what;
    } parts[] = {{content->subtitle, layout->subtitle, "a second heading"},
                 {content->main.visual, layout->visual, "a chart, figure or image"},
                 {beyond ? content->columns[layout->columns].name : NULL, !beyond,
                  layout->columns ? "so many cards (###)" : "cards (###)"},
                 {first_of(BLOCK_CODE, &content->main), layout->code, "code"},
                 {first_of(BLOCK_CODE, &content->after), layout->code, "code"},
                 {first_of(BLOCK_TABLE, &content->main), layout->table, "a table"},
                 {first_of(BLOCK_TABLE, &content->after), layout->table, "a table"}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].block && !parts[i].place)
            diags_error(diags, file, parts[i].block->block->line, "Choose another layout with <!-- _class: NAME -->.",
                        "slide %zu: the layout '%s' has no place for %s", index + 1, layout->name, parts[i].what);
}
