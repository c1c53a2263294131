#include "slides/pages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "slides/frame.h"
#include "slides/geometry.h"
#include "slides/guides.h"
#include "slides/outro.h"
#include "slides/pages_parts.h"

static const char *chosen(const char *by_user, const char *by_deck)
{
    return by_user ? by_user : by_deck;
}

static const struct style *style_for(struct pages *pages, const struct pages_look *look, const char *theme, int line,
                                     struct diags *diags)
{
    const struct deck *deck = pages->deck;
    for (size_t i = 0; theme && i < pages->style_count; i++)
        if (strcmp(pages->styles[i]->theme.name, theme) == 0)
            return pages->styles[i];
    struct style **styles = realloc(pages->styles, (pages->style_count + 1) * sizeof(struct style *));
    struct style *style = calloc(1, sizeof *style);
    struct diags faults = {0};
    enum status status = STATUS_NO_MEMORY;
    struct style_wish wish = {.size = chosen(look->size, deck->size),
                              .theme = theme ? theme : chosen(look->theme, deck->theme),
                              .type = chosen(look->type, deck->type),
                              .brand = chosen(look->brand, deck->brand),
                              .folder = deck->folder,
                              .own_size = look->size != NULL,
                              .own_theme = !theme && look->theme,
                              .own_type = look->type != NULL,
                              .own_brand = look->brand != NULL,
                              .outside = deck->allow_outside,
                              .fix_contrast = look->fix_contrast};
    if (styles)
        pages->styles = styles;
    if (styles && style)
        status = style_open(&wish, style, &faults);
    for (size_t i = 0; i < faults.count; i++) { /* what names no file of its own is the deck's */
        const struct diag *fault = &faults.items[i];
        (fault->level == DIAG_ERROR ? diags_error : diags_warn)(diags, fault->file ? fault->file : deck->file,
                                                                fault->file ? fault->line : line, fault->remedy, "%s",
                                                                fault->what);
    }
    diags_free(&faults);
    if (status == STATUS_OK) {
        pages->styles[pages->style_count++] = style;
        return style;
    }
    free(style);
    return NULL;
}

struct sheet pages_sheet(const struct pages *pages, size_t index, struct paint *paint)
{
    const struct page *page = &pages->items[index];
    struct sheet sheet = {.paint = paint,
                          .content = &page->content,
                          .sources = page->sources,
                          .source_count = page->source_count,
                          .index = (int)index,
                          .total = (int)pages->count,
                          .paginate = page->slide->slide->paginate,
                          .title = pages->deck->title,
                          .outro = page->outro,
                          .type_scale = page->type_scale,
                          .gap_scale = page->gap_scale};
    frame_measure(&sheet);
    return sheet;
}

struct paint pages_paint(const struct pages *pages, size_t index, cairo_t *cairo, struct diags *diags)
{
    const struct page *page = &pages->items[index];
    return (struct paint){.cairo = cairo,
                          .style = page->style,
                          .file = pages->deck->file,
                          .line = page->slide->slide->line,
                          .slide = (int)index + 1,
                          .lang = pages->deck->lang,
                          .diags = diags};
}

static void draw(const struct pages *pages, size_t index, struct paint *paint)
{
    const struct page *page = &pages->items[index];
    struct sheet sheet = pages_sheet(pages, index, paint);
    struct content plain = page->content;
    if (page->layout->bleeds)
        plain.background = NULL;
    sheet.content = &plain;
    frame_ground(&sheet, &page->pattern);
    sheet.content = &page->content;
    frame_header(&sheet);
    page->layout->place(&sheet, PASS_DRAW);
    paint->line = page->slide->slide->line;
    frame_sources(&sheet);
    frame_footer(&sheet);
}

void pages_draw(const struct pages *pages, size_t index, cairo_t *cairo, struct paint_alts *alts, struct diags *diags)
{
    struct paint paint = pages_paint(pages, index, cairo, diags);
    paint.tagged = alts != NULL;
    paint.alts = alts;
    draw(pages, index, &paint);
    if (pages->guides) { /* over the slide, and no part of it */
        struct sheet sheet = pages_sheet(pages, index, &paint);
        guides_draw(&sheet);
    }
}

void pages_rehearse(const struct pages *pages, size_t index, cairo_t *nowhere, struct placed_list *placed,
                    struct diags *diags)
{
    struct paint paint = pages_paint(pages, index, nowhere, diags);
    paint.placed = placed;
    draw(pages, index, &paint);
}

static void rehearse_all(const struct pages *pages, cairo_t *nowhere, struct diags *diags)
{
    for (size_t i = 0; i < pages->count; i++) {
        struct placed_list placed = {0};
        size_t before = diags->errors;
        pages_rehearse(pages, i, nowhere, &placed, diags);
        if (diags->errors == before && !pages->items[i].too_high)
            geometry_check(pages, i, &placed, diags);
        placed_free(&placed);
    }
}

/* The same theme as on the slide before: its faults were told there. */
static bool told_before(const struct pages *pages, size_t index)
{
    const char *theme = pages->items[index].slide->slide->theme;
    for (size_t i = 0; i < index; i++)
        if (pages->items[i].slide->slide->theme && strcmp(pages->items[i].slide->slide->theme, theme) == 0)
            return !pages->items[i].style;
    return false;
}

/* A slide's own theme, unless the user asked for one for all. */
static void choose_style(struct pages *pages, size_t index, const struct pages_look *look, struct diags *diags)
{
    struct page *page = &pages->items[index];
    const struct slide *slide = page->slide->slide;
    if (!slide->theme || look->theme)
        page->style = pages->style_count ? pages->styles[0] : NULL;
    else if (!told_before(pages, index))
        page->style = style_for(pages, look, slide->theme, slide->line, diags);
}

/* What must be read closely stands on plain ground. */
static bool needs_plain_ground(const struct ready_slide *slide)
{
    for (size_t i = 0; i < slide->count; i++) {
        enum block_kind kind = slide->blocks[i].block->kind;
        if (kind == BLOCK_CODE || kind == BLOCK_CHART || kind == BLOCK_TABLE)
            return true;
    }
    return false;
}

/* The slide's own, else the deck's, the kit's or the theme's where the layout has room for one, or where it goes on
 * over all slides. */
static void choose_pattern(const struct pages *pages, struct page *page, struct diags *diags)
{
    const struct slide *slide = page->slide->slide;
    const struct style *style = page->style;
    const char *wide = chosen(chosen(pages->deck->pattern, style->brand.pattern), style->theme.pattern);
    const char *text = chosen(slide->pattern, wide);
    struct pattern_wish wish;
    if (!text || pattern_read(text, pages->deck->file, slide->pattern ? slide->line : 1, &wish, diags) != STATUS_OK)
        return;
    bool wanted = slide->pattern || page->layout->pattern || wish.continuous;
    if (wanted && !needs_plain_ground(page->slide))
        page->pattern = wish;
}

/* "outro follow qr": the layout's name, and behind it what only some layouts know. */
static const struct layout *choose_layout(const struct page *page, size_t index, const char **wish, const char *file,
                                          struct diags *diags)
{
    const struct slide *slide = page->slide->slide;
    const char *words = slide->layout ? slide->layout : content_layout(&page->content, (int)index);
    size_t length = strcspn(words, " ");
    char *name = strndup(words, length);
    *wish = words[length] ? words + length + 1 : NULL;
    const struct layout *layout = name ? layout_find(name, file, slide->line, diags) : NULL;
    if (layout && *wish && layout != &layout_outro) {
        diags_error(diags, file, slide->line,
                    "A slide has one layout; only an outro takes more words: outro follow qr.",
                    "the layout '%s' knows nothing of '%s'", name, *wish);
        layout = NULL;
    }
    free(name);
    return layout;
}

static void choose_text_size(struct pages *pages, const struct pages_look *look, struct diags *diags)
{
    static const struct {
        const char *name;
        double scale;
    } sizes[] = {{"S", 0.88}, {"M", 1}, {"L", 1.12}, {"XL", 1.25}};
    const char *name = chosen(look->text_size, pages->deck->text_size);
    pages->text_scale = name ? 0 : 1;
    pages->text_eager = name || !pages->style_count ? 1 : pages->styles[0]->canvas.eager;
    for (size_t i = 0; name && i < sizeof sizes / sizeof sizes[0]; i++)
        if (strcasecmp(name, sizes[i].name) == 0)
            pages->text_scale = sizes[i].scale;
    if (pages->text_scale == 0)
        diags_error(diags, pages->deck->file, look->text_size ? 0 : 1, "Text sizes: S, M, L, XL.",
                    "there is no text size '%.40s'", name);
}

static void open_page(struct pages *pages, size_t index, const struct pages_look *look, const struct prepared *prepared,
                      struct diags *diags)
{
    struct page *page = &pages->items[index];
    const struct slide *slide = page->slide->slide;
    const char *file = pages->deck->file, *wish;
    struct source_line lines[4];
    page->content = content_of(page->slide);
    page->gap_scale = 1;
    page->type_scale = pages->text_scale;
    choose_style(pages, index, look, diags);
    page->layout = choose_layout(page, index, &wish, file, diags);
    if (page->layout == &layout_outro && page->style)
        outro_make(&page->content, wish, prepared, page->style, slide->line, &page->outro, diags);
    if (page->style && page->layout)
        choose_pattern(pages, page, diags);
    page->source_count = binder_sources(prepared->binder, (int)index, lines);
    for (int i = 0; i < page->source_count; i++) {
        page->source_texts[i] = strdup(lines[i].text);
        page->sources[i] = (struct source_line){lines[i].kind, page->source_texts[i] ? page->source_texts[i] : ""};
    }
    if (page->content.extra)
        diags_error(diags, file, page->content.extra->block->line, "Move it to a slide of its own.",
                    "slide %zu has no room for this: one visual, two headings and %d texts are the most", index + 1,
                    CONTENT_BODY);
    if (page->layout)
        page_check_places(page, index, file, diags);
    page_check_words(pages, index, diags);
    page_check_alts(page, index, file, diags);
}

enum status pages_open(const struct prepared *prepared, const struct pages_look *look, struct pages *pages,
                       struct diags *diags)
{
    size_t before = diags->errors;
    *pages = (struct pages){
        .deck = prepared->deck, .guides = look->guides, .items = calloc(prepared->count + 1, sizeof *pages->items)};
    if (!pages->items) {
        diags_error(diags, prepared->deck->file, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    style_for(pages, look, NULL, 0, diags);
    choose_text_size(pages, look, diags);
    for (size_t i = 0; i < prepared->count; i++) {
        pages->items[i].slide = &prepared->slides[i];
        pages->count++;
        open_page(pages, i, look, prepared, diags);
    }
    if (diags->errors != before)
        return STATUS_BAD_INPUT;
    struct canvas_export planned = {.slides = pages->count};
    canvas_check(&pages->styles[0]->canvas, &planned, pages->deck->file, diags);
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    cairo_t *nowhere = cairo_create(surface);
    size_t layouts;
    const struct layout *const *table = layouts_all(&layouts);
    for (size_t l = 0; l < layouts; l++)
        pages_fit(pages, table[l], nowhere, diags);
    rehearse_all(pages, nowhere, diags);
    cairo_destroy(nowhere);
    cairo_surface_destroy(surface);
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

void pages_close(struct pages *pages)
{
    for (size_t i = 0; i < pages->count; i++) {
        outro_free(pages->items[i].outro);
        for (int s = 0; s < 4; s++)
            free(pages->items[i].source_texts[s]);
    }
    for (size_t i = 0; i < pages->style_count; i++) {
        style_free(pages->styles[i]);
        free(pages->styles[i]);
    }
    free(pages->styles);
    free(pages->items);
    *pages = (struct pages){0};
}
