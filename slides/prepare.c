#include "slides/prepare.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/highlight.h"
#include "slides/picture_kind.h"
#include "slides/typography.h"

/* "bg cover A cat": what follows the words that place a background. */
static const char *without_placing(const char *alt)
{
    static const char *const placing[] = {"bg", "cover", "contain", "fit", "auto", "left", "right", "vertical"};
    for (bool found = true; found;) {
        size_t word = strcspn(alt, " ");
        found = word > 0 && (alt[word - 1] == '%' || memchr(alt, ':', word));
        for (size_t i = 0; i < sizeof placing / sizeof placing[0] && !found; i++)
            found = strlen(placing[i]) == word && strncmp(alt, placing[i], word) == 0;
        alt += found ? word + strspn(alt + word, " ") : 0;
    }
    return alt;
}

/* Its alt text is said by a reader, so it is plain. */
static void prepare_image(struct prepared *prepared, int slide, struct ready_block *ready, struct diags *diags)
{
    const struct block *block = ready->block;
    const struct deck *deck = prepared->deck;
    struct image_source source = {block->info ? block->info : "", deck->folder, deck->file, block->line,
                                  deck->allow_outside};
    image_open(&source, &ready->image, diags);
    const char *alt = block->text ? block->text : "";
    char *markup = bind_text(prepared->binder, block->level ? without_placing(alt) : alt, slide, block->line, diags);
    ready->text = markup ? picture_plain(markup) : NULL;
    free(markup);
}

static char *bind_prose(struct prepared *prepared, int slide, const char *markup, int line, struct diags *diags)
{
    char *bound = bind_text(prepared->binder, markup, slide, line, diags);
    char *set = bound ? typography_set(bound, prepared->deck->lang) : NULL;
    free(bound);
    return set;
}

/* Row by row, so that a fault is told with its own line: the head's, one of dashes, then the others. */
static void prepare_table(struct prepared *prepared, int slide, struct ready_block *ready, struct diags *diags)
{
    struct text whole = {0};
    int line = ready->block->line;
    for (const char *row = ready->block->text, *end; row && *row; row = end) {
        end = row + strcspn(row, "\n");
        end += *end == '\n';
        char *markup = strndup(row, (size_t)(end - row));
        char *set = markup ? bind_prose(prepared, slide, markup, line, diags) : NULL;
        if (set)
            text_add(&whole, set);
        free(set);
        free(markup);
        line += line == ready->block->line ? 2 : 1;
    }
    ready->text = text_take(&whole);
}

static void prepare_block(struct prepared *prepared, int slide, struct ready_block *ready, struct diags *diags)
{
    const struct block *block = ready->block;
    if (block->kind == BLOCK_CHART || block->kind == BLOCK_FIGURE)
        picture_make(block, slide, prepared->binder, prepared->plotter, &ready->picture, diags);
    else if (block->kind == BLOCK_IMAGE)
        prepare_image(prepared, slide, ready, diags);
    else if (block->kind == BLOCK_CODE)
        ready->code = highlight_code(block->body ? block->body : "", block->info);
    else if (block->kind == BLOCK_TABLE)
        prepare_table(prepared, slide, ready, diags);
    else if (block->text)
        ready->text = bind_prose(prepared, slide, block->text, block->line, diags);
}

static enum status no_memory(const struct deck *deck, struct diags *diags)
{
    diags_error(diags, deck->file, 0, NULL, "out of memory");
    return STATUS_NO_MEMORY;
}

/* Far more than a slide can show. What is longer would be laid out for minutes before it is found not to fit, and a
 * line of a million letters is wider than Pango can count. */
enum { LONGEST_TEXT = 4000, LONGEST_FENCE = 8000 };

static void check_length(const struct deck *deck, size_t slide, int line, const char *what, const char *text,
                         size_t most, struct diags *diags)
{
    if (text && strlen(text) > most)
        diags_error(diags, deck->file, line, "Shorten it, or split the slide.",
                    "slide %zu has %s of %zu bytes; %zu are the most", slide + 1, what, strlen(text), most);
}

static enum status check_lengths(const struct deck *deck, struct diags *diags)
{
    size_t before = diags->errors;
    for (size_t s = 0; s < deck->slide_count; s++) {
        const struct slide *slide = &deck->slides[s];
        for (size_t b = 0; b < slide->block_count; b++) {
            const struct block *block = &slide->blocks[b];
            check_length(deck, s, block->line, "a text", block->text, LONGEST_TEXT, diags);
            check_length(deck, s, block->line, "a fence", block->body, LONGEST_FENCE, diags);
        }
    }
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

enum status prepare_deck(const struct deck *deck, const struct record *const *records, size_t record_count,
                         bool allow_stale, struct prepared *prepared, struct diags *diags)
{
    struct plotter *plotter = plotter_open();
    *prepared = (struct prepared){.deck = deck};
    if (!plotter)
        return no_memory(deck, diags);
    enum status status = prepare_deck_by(plotter, deck, records, record_count, allow_stale, prepared, diags);
    prepared->own_plotter = true;
    return status;
}

enum status prepare_deck_by(struct plotter *plotter, const struct deck *deck, const struct record *const *records,
                            size_t record_count, bool allow_stale, struct prepared *prepared, struct diags *diags)
{
    size_t before = diags->errors;
    *prepared = (struct prepared){.deck = deck, .plotter = plotter};
    enum status status = check_lengths(deck, diags);
    if (status != STATUS_OK)
        return status;
    status = binder_open(&prepared->binder, deck, records, record_count, allow_stale, diags);
    if (status != STATUS_OK)
        return status;
    prepared->slides = calloc(deck->slide_count, sizeof *prepared->slides);
    if (!prepared->slides)
        return no_memory(deck, diags);
    for (size_t s = 0; s < deck->slide_count; s++) {
        struct ready_slide *ready = &prepared->slides[prepared->count++];
        ready->slide = &deck->slides[s];
        ready->blocks = calloc(deck->slides[s].block_count + 1, sizeof *ready->blocks);
        if (!ready->blocks)
            return no_memory(deck, diags);
        for (size_t b = 0; b < deck->slides[s].block_count; b++) {
            ready->blocks[b].block = &deck->slides[s].blocks[b];
            ready->count++;
            prepare_block(prepared, (int)s, &ready->blocks[b], diags);
        }
    }
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

void prepared_free(struct prepared *prepared)
{
    for (size_t s = 0; s < prepared->count; s++) {
        for (size_t b = 0; b < prepared->slides[s].count; b++) {
            free(prepared->slides[s].blocks[b].text);
            free(prepared->slides[s].blocks[b].code);
            picture_free(prepared->slides[s].blocks[b].picture);
            image_close(prepared->slides[s].blocks[b].image);
        }
        free(prepared->slides[s].blocks);
    }
    free(prepared->slides);
    binder_close(prepared->binder);
    if (prepared->own_plotter)
        plotter_close(prepared->plotter);
    *prepared = (struct prepared){0};
}
