#include "slides/fingerprint.h"

#include <glib.h>
#include <string.h>

/* With its end, so that "ab" and "c" are not "a" and "bc". */
static void add(GChecksum *sum, const char *text)
{
    const char *words = text ? text : "\x01"; /* NULL is not "" */
    g_checksum_update(sum, (const guchar *)words, (gssize)strlen(words) + 1);
}

static void add_number(GChecksum *sum, double number)
{
    g_checksum_update(sum, (const guchar *)&number, sizeof number);
}

/* What stands on every slide: names, title, counter. */
static void add_deck(GChecksum *sum, const struct pages *pages, size_t index, const struct pages_look *look)
{
    const struct deck *deck = pages->deck;
    const char *const texts[] = {look->size,   look->theme,       look->type,     look->brand,   deck->size,
                                 deck->theme,  deck->type,        deck->brand,    deck->title,   deck->lang,
                                 deck->author, deck->description, deck->pattern,  deck->licence, deck->url,
                                 deck->folder, look->text_size,   deck->text_size};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        add(sum, texts[i]);
    add_number(sum, (double)index);
    add_number(sum, (double)pages->count);
    add_number(sum, look->guides);
    add_number(sum, look->fix_contrast);
}

static void add_block(GChecksum *sum, const struct ready_block *block)
{
    add_number(sum, block->block->kind);
    add_number(sum, block->block->level);
    add_number(sum, block->block->depth);
    add(sum, block->text);
    add(sum, block->block->info);
    add(sum, block->block->body);
    add(sum, block->picture ? picture_alt(block->picture) : NULL);
    add(sum, block->picture ? picture_caption(block->picture) : NULL);
}

static void add_sources(GChecksum *sum, const struct page *page)
{
    for (int i = 0; i < page->source_count; i++) {
        add_number(sum, page->sources[i].kind);
        add(sum, page->sources[i].text);
    }
}

/* The numbers behind the words: a chart draws more digits than it shows. */
static void add_uses(GChecksum *sum, const struct binder *binder, int slide)
{
    size_t count;
    const struct binding *uses = binder_uses(binder, &count);
    for (size_t i = 0; i < count; i++) {
        const struct value *value = &uses[i].value;
        if (uses[i].slide != slide)
            continue;
        add(sum, uses[i].shown);
        add(sum, value->from ? value->from->key : value->key);
        add_number(sum, value->number);
        add_number(sum, value->low);
        add_number(sum, value->high);
    }
}

void fingerprint_page(const struct pages *pages, size_t index, const struct pages_look *look,
                      const struct binder *binder, char fingerprint[FINGERPRINT])
{
    const struct page *page = &pages->items[index];
    const struct slide *slide = page->slide->slide;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_deck(sum, pages, index, look);
    add(sum, page->layout->name);
    add(sum, slide->layout); /* with the words behind the name */
    add(sum, slide->pattern);
    add(sum, slide->theme);
    add_number(sum, slide->paginate);
    add_number(sum, page->type_scale);
    add_number(sum, page->gap_scale);
    for (size_t i = 0; i < page->slide->count; i++)
        add_block(sum, &page->slide->blocks[i]);
    add_sources(sum, page);
    add_uses(sum, binder, (int)index);
    for (size_t i = 0; page->outro && i < pages->count; i++)
        add_sources(sum, &pages->items[i]); /* it gathers those of the whole deck */
    snprintf(fingerprint, FINGERPRINT, "%s", g_checksum_get_string(sum));
    g_checksum_free(sum);
}
