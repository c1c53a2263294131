#include "slides/gallery.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "harness/data_path.h"
#include "slides/contact.h"
#include "slides/pattern.h"
#include "slides/prepare.h"

enum { LARGEST = 1 << 20 };

/* Slides to look at. */
struct specimens {
    char *path;
    struct deck deck;
    struct prepared prepared;
};

struct gallery {
    struct plotter *plotter;
    struct specimens all, few; /* a slide for each layout; so few that every canvas takes them */
    struct style style;        /* of the sheets themselves */
};

/* "outro follow qr" is an outro. */
static bool is_of(const struct slide *slide, const char *layout)
{
    size_t length = strlen(layout);
    return slide->layout && strncmp(slide->layout, layout, length) == 0 &&
           (slide->layout[length] == '\0' || slide->layout[length] == ' ');
}

static bool has_layout(const struct deck *deck, const char *layout)
{
    for (size_t i = 0; i < deck->slide_count; i++)
        if (is_of(&deck->slides[i], layout))
            return true;
    return false;
}

/* A slide that says what its layout is for, with something in each of its places. */
static void add_specimen(struct text *source, const struct layout *layout)
{
    text_format(source, "\n---\n<!-- _class: %s -->\n# %c%s\n", layout->name, toupper((unsigned char)layout->name[0]),
                layout->name + 1);
    if (layout->subtitle)
        text_add(source, "\n## What it says\n");
    if (layout->columns > 1)
        text_add(source, "\n### The first\n\nA few words.\n\n### The second\n\nA few more.\n");
    else if (layout->code)
        text_add(source, "\n```c\nfor (int i = 0; i < n; i++)\n    sum += a[i] * b[i];\n```\n");
    else
        text_format(source, "\nFor %s.\n", layout->idea);
    if (layout->visual)
        text_add(source, "\n```figure\nkind: squares\nfactor: 8\n```\n");
}

/* The file's slides; with `every`, also one for each layout that has none there. */
static enum status read_slides(struct specimens *specimens, bool every, struct diags *diags)
{
    char *bytes = NULL;
    size_t length = 0, count;
    struct text source = {0};
    const struct layout *const *layouts = layouts_all(&count);
    enum status status = file_read(specimens->path, LARGEST, &bytes, &length, diags);
    if (status == STATUS_OK)
        status = deck_parse(bytes, length, specimens->path, &specimens->deck, diags);
    if (status == STATUS_OK && every) {
        text_add_bytes(&source, bytes, length);
        for (size_t i = 0; i < count; i++)
            if (!has_layout(&specimens->deck, layouts[i]->name))
                add_specimen(&source, layouts[i]);
        deck_free(&specimens->deck);
        status = deck_parse(source.bytes, source.length, specimens->path, &specimens->deck, diags);
    }
    free(bytes);
    text_free(&source);
    return status;
}

static enum status open_specimens(struct specimens *specimens, const char *file, bool every, struct plotter *plotter,
                                  struct diags *diags)
{
    specimens->path = data_path(file);
    enum status status = specimens->path ? read_slides(specimens, every, diags) : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = prepare_deck_by(plotter, &specimens->deck, NULL, 0, false, &specimens->prepared, diags);
    return status;
}

static void close_specimens(struct specimens *specimens)
{
    prepared_free(&specimens->prepared);
    deck_free(&specimens->deck);
    free(specimens->path);
}

enum status gallery_open(struct gallery **gallery, struct diags *diags)
{
    struct gallery *g = *gallery = calloc(1, sizeof **gallery);
    if (!g)
        return STATUS_NO_MEMORY;
    g->plotter = plotter_open();
    enum status status = g->plotter ? STATUS_OK : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = open_specimens(&g->all, "slides/decks/gallery.md", true, g->plotter, diags);
    if (status == STATUS_OK)
        status = open_specimens(&g->few, "slides/decks/gallery-canvases.md", false, g->plotter, diags);
    if (status == STATUS_OK)
        status = style_load(NULL, "ink", NULL, NULL, ".", &g->style, diags);
    return status;
}

void gallery_close(struct gallery *gallery)
{
    if (!gallery)
        return;
    close_specimens(&gallery->all);
    close_specimens(&gallery->few);
    style_free(&gallery->style);
    plotter_close(gallery->plotter);
    free(gallery);
}

/* The specimens in one look, or why not. */
struct look {
    struct pages pages;
    const char *name; /* borrowed */
    char size[24];    /* of its canvas: "1080 x 1350" */
    bool good;
};

struct looks {
    struct look *items;
    size_t count;
    struct contact_cell *cells;
    size_t cell_count;
    char **labels; /* owned, of empty places */
    size_t label_count;
};

static enum status looks_open(struct looks *looks, size_t count, size_t cells, struct diags *diags)
{
    *looks = (struct looks){.items = calloc(count + 1, sizeof *looks->items),
                            .cells = calloc(cells + 1, sizeof *looks->cells),
                            .labels = calloc(cells + 1, sizeof *looks->labels)};
    if (looks->items && looks->cells && looks->labels)
        return STATUS_OK;
    diags_error(diags, NULL, 0, NULL, "out of memory");
    return STATUS_NO_MEMORY;
}

static void looks_close(struct looks *looks)
{
    for (size_t i = 0; i < looks->count; i++)
        pages_close(&looks->items[i].pages);
    for (size_t i = 0; i < looks->label_count; i++)
        free(looks->labels[i]);
    free(looks->items);
    free(looks->cells);
    free(looks->labels);
}

static const char *first_error(const struct diags *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        if (faults->items[i].level == DIAG_ERROR && faults->items[i].what)
            return faults->items[i].what;
    return "no reason given";
}

static const struct look *add_look(struct looks *looks, const struct prepared *prepared, const char *name,
                                   const struct pages_look *how, struct diags *diags)
{
    struct look *look = &looks->items[looks->count++];
    struct diags faults = {0};
    look->name = name;
    look->good = pages_open(prepared, how, &look->pages, &faults) == STATUS_OK;
    if (look->good) {
        const struct canvas *canvas = &look->pages.styles[0]->canvas;
        snprintf(look->size, sizeof look->size, "%.0f \xc3\x97 %.0f", canvas->width, canvas->height);
    } else {
        diags_warn(diags, NULL, 0, faults.count ? faults.items[0].remedy : NULL, "%s is left out: %s", name,
                   first_error(&faults));
    }
    diags_free(&faults);
    return look;
}

/* A slide with its label; where the look is not to be had, an empty place with its name. */
static void add_cell(struct looks *looks, const struct look *look, size_t slide, const char *label)
{
    struct contact_cell *cell = &looks->cells[looks->cell_count++];
    *cell = (struct contact_cell){look->good ? &look->pages : NULL, slide, label};
    if (look->good)
        return;
    struct text words = {0};
    text_format(&words, "%s: not to be had here", look->name);
    cell->label = looks->labels[looks->label_count++] = text_take(&words);
}

/* The specimen of a layout; the first slide when there is none. */
static size_t slide_of(const struct deck *deck, const char *layout)
{
    for (size_t i = 0; i < deck->slide_count; i++)
        if (is_of(&deck->slides[i], layout))
            return i;
    return 0;
}

static enum status draw_sheet(const struct gallery *gallery, const struct looks *looks, struct contact contact,
                              struct text *png, struct diags *diags)
{
    contact.cells = looks->cells;
    contact.count = looks->cell_count;
    contact.style = &gallery->style;
    return contact_png(&contact, png, diags);
}

/* Layouts under each other, themes beside each other. */
static enum status draw_layouts(struct gallery *gallery, struct text *png, struct diags *diags)
{
    size_t themes;
    char **names = data_names("slides/themes", ".yml", &themes);
    struct looks looks;
    const struct deck *deck = &gallery->all.deck;
    enum status status = looks_open(&looks, themes, themes * deck->slide_count, diags);
    for (size_t t = 0; t < themes && status == STATUS_OK; t++)
        add_look(&looks, &gallery->all.prepared, names[t], &(struct pages_look){.theme = names[t]}, diags);
    for (size_t s = 0; s < deck->slide_count && status == STATUS_OK; s++)
        for (size_t t = 0; t < themes; t++)
            add_cell(&looks, &looks.items[t], s, deck->slides[s].layout ? deck->slides[s].layout : "");
    if (status == STATUS_OK)
        status = draw_sheet(gallery, &looks,
                            (struct contact){.title = "Layouts and themes",
                                             .subtitle = "every layout below each other, every theme side by side",
                                             .columns = themes,
                                             .cell_width = 288,
                                             .cell_height = 360,
                                             .heads = (const char *const *)names},
                            png, diags);
    looks_close(&looks);
    data_names_free(names, themes);
    return status;
}

static double tallness(const struct look *look)
{
    const struct canvas *canvas = look->good ? &look->pages.styles[0]->canvas : NULL;
    return canvas ? canvas->height / canvas->width : 0;
}

static int by_tallness(const void *a, const void *b)
{
    double one = tallness(a), two = tallness(b);
    if (one != two)
        return one < two ? 1 : -1;
    return strcmp(((const struct look *)a)->name, ((const struct look *)b)->name);
}

/* The tallest first, so that a row is of one shape. */
static enum status draw_canvases(struct gallery *gallery, struct text *png, struct diags *diags)
{
    size_t count;
    char **names = data_names("slides/canvases", ".yml", &count);
    const struct deck *deck = &gallery->few.deck;
    struct looks looks;
    enum status status = looks_open(&looks, count, 2 * count, diags);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        add_look(&looks, &gallery->few.prepared, names[i], &(struct pages_look){.size = names[i]}, diags);
    if (status == STATUS_OK)
        qsort(looks.items, looks.count, sizeof *looks.items, by_tallness);
    for (size_t i = 0; i < looks.count; i++) {
        const struct look *look = &looks.items[i];
        add_cell(&looks, look, slide_of(deck, "hook"), look->name);
        add_cell(&looks, look, slide_of(deck, "chart"), look->size);
    }
    if (status == STATUS_OK)
        status = draw_sheet(gallery, &looks,
                            (struct contact){.title = "Canvases",
                                             .subtitle = "a hook and a chart on each, clear of what a platform covers",
                                             .columns = 6,
                                             .cell_width = 380,
                                             .cell_height = 480},
                            png, diags);
    looks_close(&looks);
    data_names_free(names, count);
    return status;
}

static enum status draw_types(struct gallery *gallery, struct text *png, struct diags *diags)
{
    static const char *const layouts[] = {"hook", "claim", "chart", "quote", "outro"};
    enum { LAYOUTS = sizeof layouts / sizeof layouts[0] };
    size_t count;
    char **names = data_names("slides/types", ".yml", &count);
    struct looks looks;
    enum status status = looks_open(&looks, count, LAYOUTS * count, diags);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct look *look =
            add_look(&looks, &gallery->all.prepared, names[i], &(struct pages_look){.type = names[i]}, diags);
        for (size_t l = 0; l < LAYOUTS; l++)
            add_cell(&looks, look, slide_of(&gallery->all.deck, layouts[l]), names[i]);
    }
    if (status == STATUS_OK)
        status = draw_sheet(gallery, &looks,
                            (struct contact){.title = "Type pairs",
                                             .subtitle = "one pair a row: headings, words, figures, code",
                                             .columns = LAYOUTS,
                                             .cell_width = 360,
                                             .cell_height = 450},
                            png, diags);
    looks_close(&looks);
    data_names_free(names, count);
    return status;
}

/* A hook for each pattern; their words are the pattern's name. */
static char *pattern_deck(const struct pattern *const *patterns, size_t count)
{
    struct text source = {0};
    for (size_t i = 0; i < count; i++)
        text_format(&source, "%s<!-- pattern: %s -->\n<!-- _class: hook -->\n# %c%s\n\nQuiet enough to read on.\n",
                    i ? "\n---\n" : "", patterns[i]->name, toupper((unsigned char)patterns[i]->name[0]),
                    patterns[i]->name + 1);
    return text_take(&source);
}

static enum status draw_patterns(struct gallery *gallery, struct text *png, struct diags *diags)
{
    static const char *const themes[] = {"ink", "paper", "blueprint", "coral"};
    enum { THEMES = sizeof themes / sizeof themes[0] };
    size_t count;
    const struct pattern *const *patterns = pattern_table(&count);
    char *source = pattern_deck(patterns, count);
    struct deck deck = {0};
    struct prepared prepared = {0};
    struct looks looks;
    enum status status = looks_open(&looks, THEMES, THEMES * count, diags);
    if (status == STATUS_OK)
        status = source ? deck_parse(source, strlen(source), "patterns", &deck, diags) : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = prepare_deck_by(gallery->plotter, &deck, NULL, 0, false, &prepared, diags);
    for (size_t t = 0; t < THEMES && status == STATUS_OK; t++) {
        const struct look *look =
            add_look(&looks, &prepared, themes[t], &(struct pages_look){.theme = themes[t]}, diags);
        for (size_t i = 0; i < count; i++)
            add_cell(&looks, look, i, patterns[i]->name);
    }
    if (status == STATUS_OK)
        status = draw_sheet(gallery, &looks,
                            (struct contact){.title = "Background patterns",
                                             .subtitle = "one a column, in two dark and two light themes",
                                             .columns = count,
                                             .cell_width = 340,
                                             .cell_height = 425},
                            png, diags);
    looks_close(&looks);
    prepared_free(&prepared);
    deck_free(&deck);
    free(source);
    return status;
}

const struct gallery_sheet gallery_sheets[GALLERY_SHEETS] = {
    {"layouts", "every layout in every theme", draw_layouts},
    {"canvases", "a hook and a chart on every canvas", draw_canvases},
    {"patterns", "every background pattern in four themes", draw_patterns},
    {"types", "every type pair", draw_types},
};
