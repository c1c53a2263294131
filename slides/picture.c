/* picture.c - the one table of what ```chart and ```figure fences can draw, and the way through it. */
#include "slides/picture.h"
#include "slides/escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pango/pango.h>

#include "base/nearest.h"
#include "base/text.h"
#include "slides/charts/charts.h"
#include "slides/charts/plot.h"
#include "slides/escape.h"
#include "slides/figures/figures.h"
#include "slides/picture_kind.h"
#include "slides/yaml.h"

static const struct picture_kind *const kinds[] = {
    /* charts: numbers of a record */
    &chart_points, &chart_bar, &chart_line, &chart_stages, &chart_tradeoff, &chart_curves, &chart_roofline,
    &chart_dumbbell, &chart_samples, &chart_heat,
    /* figures: which keys are read */
    &figure_matrix, &figure_layers, &figure_squares, &figure_book,
    /* figures: where the data are */
    &figure_threads, &figure_memory, &figure_tiles};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

struct picture {
    const struct picture_kind *kind;
    void *data;              /* the kind's */
    struct plot_cache cache; /* a chart's */
    GMutex lock;             /* one drawing at a time: librsvg's handle and the cache bear no more */
    char *alt, *caption;
    const char *file; /* of the deck; borrowed from the binder */
    int line;
};

/* What every fence may say, whatever its kind. */
struct common {
    char *kind, *alt, *caption;
};

static const cyaml_schema_field_t common_fields[] = {
    CYAML_FIELD_STRING_PTR("kind", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct common, kind, 1, 60),
    CYAML_FIELD_STRING_PTR("alt", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct common, alt, 1, 2000),
    CYAML_FIELD_STRING_PTR("caption", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct common, caption, 0, 300),
    CYAML_FIELD_END};
static const cyaml_schema_value_t common_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct common, common_fields)};

const struct picture_kind *const *picture_kinds(size_t *count)
{
    *count = KINDS;
    return kinds;
}

/* Where a field's name stands before its colon, else where the text stands at all; NULL: nowhere. */
static const char *find_part(const char *body, const char *part)
{
    size_t size = strlen(part);
    for (const char *at = strstr(body, part); at; at = strstr(at + 1, part))
        if (at[size] == ':' && (at == body || strchr(" \t\n{,\"'", at[-1])))
            return at;
    return strstr(body, part);
}

int picture_line(const struct picture_input *input, const char *part)
{
    const char *body = input->block->body, *at = body && part && *part ? find_part(body, part) : NULL;
    if (!at)
        return input->block->line;
    int line = input->block->line + 1;
    for (; body < at; body++)
        line += *body == '\n';
    return line;
}

char *picture_markup(const struct picture_input *input, const char *text)
{
    char *escaped = g_markup_escape_text(text ? text : "", -1);
    char *markup = bind_text(input->binder, escaped, input->slide, picture_line(input, text), input->diags);
    g_free(escaped);
    return markup;
}

/* Where a word may be broken is no matter for those who hear it, nor for a file's title. */
static void drop_soft_hyphens(char *plain)
{
    static const char soft[] = "\xc2\xad";
    for (char *at = plain; at && (at = strstr(at, soft)) != NULL;)
        memmove(at, at + strlen(soft), strlen(at + strlen(soft)) + 1);
}

char *picture_plain(const char *markup)
{
    char *text = NULL, *plain = NULL, *unlinked = escape_links(markup);
    if (unlinked && pango_parse_markup(unlinked, -1, 0, NULL, &text, NULL, NULL))
        plain = strdup(text);
    free(unlinked);
    g_free(text);
    drop_soft_hyphens(plain);
    return plain ? plain : strdup(markup);
}

/* The kind of this name among those of the fence; otherwise says which there are. */
static const struct picture_kind *find_kind(const struct picture_input *input, const char *name)
{
    const char *fence = input->block->kind == BLOCK_CHART ? "chart" : "figure";
    const char *names[KINDS];
    size_t count = 0;
    for (size_t i = 0; i < KINDS; i++) {
        if (name && strcmp(kinds[i]->name, name) == 0) {
            if (kinds[i]->fence == input->block->kind)
                return kinds[i];
            diags_error(input->diags, input->file, picture_line(input, name), NULL,
                        "'%s' is a %s: open its fence with ```%s", name, fence[0] == 'c' ? "figure" : "chart",
                        fence[0] == 'c' ? "figure" : "chart");
            return NULL;
        }
        if (kinds[i]->fence == input->block->kind)
            names[count++] = kinds[i]->name;
    }
    char *near = name ? nearest_sentence(name, names, count, 3) : NULL;
    if (!near) {
        struct text all = {0};
        for (size_t i = 0; i < count; i++)
            text_format(&all, "%s%s", i ? ", " : "Kinds: ", names[i]);
        near = text_take(&all);
    }
    if (name)
        diags_error(input->diags, input->file, picture_line(input, name), near, "%s kind '%s' is not known", fence,
                    name);
    else
        diags_error(input->diags, input->file, input->block->line, near, "this %s says no `kind:`", fence);
    free(near);
    return NULL;
}

/* An author's words with their numbers bound, as plain text. */
static char *author_words(const struct picture_input *input, const char *words)
{
    char *markup = picture_markup(input, words);
    char *plain = markup ? picture_plain(markup) : NULL;
    free(markup);
    return plain;
}

/* They win over those made from the data; an empty caption is none. */
static enum status give_words(struct picture *picture, const struct common *common, const struct picture_input *input)
{
    size_t before = input->diags->errors;
    picture->alt = common->alt ? author_words(input, common->alt) : picture->kind->alt(picture->data);
    if (common->caption)
        picture->caption = *common->caption ? author_words(input, common->caption) : NULL;
    else if (picture->kind->caption)
        picture->caption = picture->kind->caption(picture->data);
    if (input->diags->errors != before)
        return STATUS_BAD_INPUT;
    return picture->alt ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status make(const struct picture_input *input, const struct common *common, struct picture *picture)
{
    const struct block *block = input->block;
    void *fields = NULL;
    picture->kind = find_kind(input, common->kind);
    if (!picture->kind)
        return STATUS_BAD_INPUT;
    size_t before = input->diags->errors;
    enum status status = yaml_load(block->body, strlen(block->body), input->file, block->line + 1,
                                   picture->kind->schema, &fields, input->diags);
    picture->data = calloc(1, picture->kind->size);
    if (status == STATUS_OK)
        status = picture->data ? picture->kind->make(input, fields, picture->data) : STATUS_NO_MEMORY;
    if (status == STATUS_OK && input->diags->errors != before)
        status = STATUS_BAD_INPUT;
    if (status == STATUS_OK)
        status = give_words(picture, common, input);
    yaml_release(picture->kind->schema, fields);
    return status;
}

enum status picture_make(const struct block *block, int slide, struct binder *binder, struct plotter *plotter,
                         struct picture **picture, struct diags *diags)
{
    size_t before = diags->errors;
    void *common = NULL;
    *picture = calloc(1, sizeof **picture);
    const struct picture_input input = {block, binder_file(binder), slide, binder, *picture ? &(*picture)->cache : NULL,
                                        diags};
    enum status status = *picture ? STATUS_OK : STATUS_NO_MEMORY;
    if (status == STATUS_OK && (!block->body || !*block->body)) {
        diags_error(diags, input.file, block->line, "Begin it with `kind:`.", "this fence is empty");
        status = STATUS_BAD_INPUT;
    }
    if (status == STATUS_OK) {
        g_mutex_init(&(*picture)->lock);
        (*picture)->file = input.file;
        (*picture)->line = block->line;
        (*picture)->cache.plotter = plotter;
        status =
            yaml_peek(block->body, strlen(block->body), input.file, block->line + 1, &common_schema, &common, diags);
    }
    if (status == STATUS_OK)
        status = make(&input, common, *picture);
    yaml_release(&common_schema, common);
    if (status == STATUS_OK)
        return STATUS_OK;
    if (diags->errors == before)
        diags_error(diags, input.file, block->line, NULL, "out of memory");
    picture_free(*picture);
    *picture = NULL;
    return status;
}

enum status picture_draw(struct picture *picture, struct paint *paint, struct box box)
{
    struct paint at = *paint; /* faults of this drawing name the fence */
    size_t before = paint->diags->errors;
    at.file = picture->file;
    at.line = picture->line;
    g_mutex_lock(&picture->lock);
    cairo_save(paint->cairo);
    enum status status = picture->kind->draw(picture->data, &at, box);
    cairo_restore(paint->cairo);
    g_mutex_unlock(&picture->lock);
    return status == STATUS_OK && paint->diags->errors != before ? STATUS_BAD_INPUT : status;
}

double picture_height(struct picture *picture, struct paint *paint, double width)
{
    return picture->kind->height(picture->data, paint, width);
}

const char *picture_alt(const struct picture *picture)
{
    return picture->alt;
}

const char *picture_caption(const struct picture *picture)
{
    return picture->caption;
}

void picture_free(struct picture *picture)
{
    if (!picture)
        return;
    g_mutex_clear(&picture->lock);
    if (picture->data)
        picture->kind->free(picture->data);
    free(picture->data);
    plot_cache_free(&picture->cache);
    free(picture->alt);
    free(picture->caption);
    free(picture);
}
