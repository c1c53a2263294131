#include "slides/brand_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "slides/image.h"
#include "slides/pattern.h"

struct logo_words {
    char *on_light, *on_dark, *alt;
};
struct strip_words {
    char *left, *center, *right, *show;
};
struct swipe_words {
    char *shape, *label, *show;
};
struct outro_words {
    char *call, *sources;
    bool qr;
};
struct kit {
    char *name, *mark, *person, *initials, *handle, *website, *bio, *licence, *avatar, *theme, *type, *pattern;
    struct logo_words *logo;
    struct palette *palette, *palette_on_light, *palette_on_dark;
    struct brand_fonts *fonts;
    struct strip_words *header, *footer;
    struct swipe_words *swipe;
    struct outro_words *outro;
};

#define WORD(type, member) CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER, struct type, member, 1, 200)
#define MAY_WORD(type, member)                                                                                         \
    CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct type, member, 0, 400)
#define MAY_MAP(member, fields)                                                                                        \
    CYAML_FIELD_MAPPING_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct kit, member, fields)

static const cyaml_schema_field_t logo_fields[] = {MAY_WORD(logo_words, on_light), MAY_WORD(logo_words, on_dark),
                                                   MAY_WORD(logo_words, alt), CYAML_FIELD_END};
static const cyaml_schema_field_t palette_fields[] = {PALETTE_FIELDS(struct palette, ), CYAML_FIELD_END};
static const cyaml_schema_field_t font_fields[] = {MAY_WORD(brand_fonts, heading), MAY_WORD(brand_fonts, body),
                                                   MAY_WORD(brand_fonts, mono), MAY_WORD(brand_fonts, packages),
                                                   CYAML_FIELD_END};
static const cyaml_schema_field_t strip_fields[] = {MAY_WORD(strip_words, left), MAY_WORD(strip_words, center),
                                                    MAY_WORD(strip_words, right), MAY_WORD(strip_words, show),
                                                    CYAML_FIELD_END};
static const cyaml_schema_field_t swipe_fields[] = {MAY_WORD(swipe_words, shape), MAY_WORD(swipe_words, label),
                                                    MAY_WORD(swipe_words, show), CYAML_FIELD_END};
static const cyaml_schema_field_t outro_fields[] = {MAY_WORD(outro_words, call), MAY_WORD(outro_words, sources),
                                                    CYAML_FIELD_BOOL("qr", CYAML_FLAG_OPTIONAL, struct outro_words, qr),
                                                    CYAML_FIELD_END};
static const cyaml_schema_field_t fields[] = {WORD(kit, name),
                                              MAY_WORD(kit, mark),
                                              WORD(kit, person),
                                              MAY_WORD(kit, initials),
                                              MAY_WORD(kit, handle),
                                              MAY_WORD(kit, website),
                                              MAY_WORD(kit, bio),
                                              MAY_WORD(kit, licence),
                                              MAY_WORD(kit, avatar),
                                              MAY_WORD(kit, theme),
                                              MAY_WORD(kit, type),
                                              MAY_WORD(kit, pattern),
                                              MAY_MAP(logo, logo_fields),
                                              MAY_MAP(palette, palette_fields),
                                              MAY_MAP(palette_on_light, palette_fields),
                                              MAY_MAP(palette_on_dark, palette_fields),
                                              MAY_MAP(fonts, font_fields),
                                              MAY_MAP(header, strip_fields),
                                              MAY_MAP(footer, strip_fields),
                                              MAY_MAP(swipe, swipe_fields),
                                              MAY_MAP(outro, outro_fields),
                                              CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct kit, fields)};

/* While a kit is read. */
struct reader {
    const char *path, *folder;
    bool outside;
    struct diags *diags;
};

static const char *const slot_words[SLOT_WORDS] = {
    [SLOT_LOGO] = "logo",       [SLOT_NAME] = "name",   [SLOT_PERSON] = "person",   [SLOT_HANDLE] = "handle",
    [SLOT_WEBSITE] = "website", [SLOT_TITLE] = "title", [SLOT_COUNTER] = "counter", [SLOT_DOTS] = "dots",
    [SLOT_BAR] = "bar",         [SLOT_ARROW] = "arrow", [SLOT_SOURCE] = "source"};
static const char *const show_words[] = {"first", "inner", "last", "all", "none"};
static const unsigned show_values[] = {SHOW_FIRST, SHOW_INNER, SHOW_LAST, SHOW_ALL, 0};
enum { SHOW_WORDS = sizeof show_words / sizeof show_words[0] };
static const char *const sources_words[] = {"all", "none"};
static const char *const shape_words[] = {[SWIPE_ARROW] = "arrow", [SWIPE_CHEVRONS] = "chevrons"};

/* The number of a word among `words`, or -1 after an error at the key's line. */
static int find_word(const struct reader *reader, const char *parent, const char *key, const char *word,
                     const char *const *words, size_t count)
{
    char all[200] = "Known here:";
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return (int)i;
    for (size_t i = 0; i < count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s %s", i ? "," : "", words[i]);
    char *near = nearest_sentence(word, words, count, 2);
    diags_error(reader->diags, reader->path, style_file_line(reader->path, parent, key), near ? near : all,
                "%s.%s: '%s' means nothing here", parent, key, word);
    free(near);
    return -1;
}

static void read_slot(const struct reader *reader, const char *parent, const char *key, const char *text,
                      struct slot *slot)
{
    char copy[401], *rest = copy, *word;
    if (!text)
        return;
    slot->count = 0;
    snprintf(copy, sizeof copy, "%s", text);
    while ((word = strsep(&rest, " ,\t")) != NULL) {
        if (!*word || strcmp(word, "none") == 0)
            continue;
        int found = find_word(reader, parent, key, word, slot_words, SLOT_WORDS);
        if (found >= 0 && slot->count == SLOT_MOST)
            diags_error(reader->diags, reader->path, style_file_line(reader->path, parent, key), NULL,
                        "%s.%s holds more than %d things", parent, key, SLOT_MOST);
        else if (found >= 0)
            slot->words[slot->count++] = (enum slot_word)found;
    }
}

static void read_show(const struct reader *reader, const char *parent, const char *text, unsigned *show)
{
    char copy[401], *rest = copy, *word;
    if (!text)
        return;
    *show = 0;
    snprintf(copy, sizeof copy, "%s", text);
    while ((word = strsep(&rest, " ,\t")) != NULL) {
        int found = *word ? find_word(reader, parent, "show", word, show_words, SHOW_WORDS) : -1;
        *show |= found >= 0 ? show_values[found] : 0;
    }
}

/* A strip that a kit describes holds what it names and nothing of the default. */
static void read_strip(const struct reader *reader, const char *key, const struct strip_words *words,
                       struct brand_strip *strip)
{
    if (!words)
        return;
    if (words->left || words->center || words->right)
        for (int side = 0; side < BRAND_SIDES; side++)
            strip->sides[side].count = 0;
    read_slot(reader, key, "left", words->left, &strip->sides[BRAND_LEFT]);
    read_slot(reader, key, "center", words->center, &strip->sides[BRAND_CENTER]);
    read_slot(reader, key, "right", words->right, &strip->sides[BRAND_RIGHT]);
    read_show(reader, key, words->show, &strip->show);
}

static void read_image(const struct reader *reader, const char *parent, const char *key, const char *name,
                       struct image **image)
{
    struct image_source source = {name, reader->folder, reader->path, style_file_line(reader->path, parent, key),
                                  reader->outside};
    if (name && *name)
        image_open(&source, image, reader->diags);
}

/* The first letters of the first two words: "Mira Okafor" gives MO. Bytes of one character stay together. */
static char *letters_of(const char *name, int most)
{
    char letters[16] = "";
    for (int i = 0; i < most && *name; i++) {
        size_t length = 1;
        name += strspn(name, " ");
        while ((name[length] & 0xc0) == 0x80 && length < 4)
            length++;
        if (*name)
            strncat(letters, name, length);
        name += strcspn(name, " ");
    }
    return strdup(letters);
}

static const struct brand_strip default_header = {.sides = {{{SLOT_LOGO, SLOT_NAME}, 2}, {{0}, 0}, {{SLOT_COUNTER}, 1}},
                                                  .show = SHOW_ALL};
static const struct brand_strip default_footer = {.sides = {{{SLOT_HANDLE}, 1}, {{SLOT_DOTS}, 1}, {{SLOT_ARROW}, 1}},
                                                  .show = SHOW_ALL};

static void read_kit(const struct reader *reader, const struct kit *kit, struct brand *brand)
{
    *brand = (struct brand){.name = style_copy(kit->name),
                            .mark = style_copy(kit->mark),
                            .person = style_copy(kit->person),
                            .initials = style_copy(kit->initials),
                            .handle = style_copy(kit->handle),
                            .website = style_copy(kit->website),
                            .bio = style_copy(kit->bio),
                            .licence = style_copy(kit->licence),
                            .theme = style_copy(kit->theme),
                            .type = style_copy(kit->type),
                            .pattern = style_copy(kit->pattern),
                            .header = default_header,
                            .footer = default_footer,
                            .swipe_show = SHOW_ALL,
                            .sources = true};
    if (!brand->mark && kit->name)
        brand->mark = letters_of(kit->name, 1);
    if (!brand->initials && kit->person)
        brand->initials = letters_of(kit->person, 2);
    struct pattern_wish wish;
    if (brand->pattern)
        pattern_read(brand->pattern, reader->path, style_file_line(reader->path, NULL, "pattern"), &wish,
                     reader->diags);
    read_image(reader, NULL, "avatar", kit->avatar, &brand->avatar);
    if (kit->logo) {
        read_image(reader, "logo", "on_light", kit->logo->on_light, &brand->logo_on_light);
        read_image(reader, "logo", "on_dark", kit->logo->on_dark, &brand->logo_on_dark);
        brand->logo_alt = style_copy(kit->logo->alt);
    }
    read_strip(reader, "header", kit->header, &brand->header);
    read_strip(reader, "footer", kit->footer, &brand->footer);
    if (kit->swipe) {
        int shape = kit->swipe->shape && *kit->swipe->shape
                        ? find_word(reader, "swipe", "shape", kit->swipe->shape, shape_words, 2)
                        : SWIPE_ARROW;
        brand->swipe = shape >= 0 ? (enum swipe_shape)shape : SWIPE_ARROW;
        brand->swipe_label = style_copy(kit->swipe->label);
        read_show(reader, "swipe", kit->swipe->show, &brand->swipe_show);
    }
    if (kit->outro) {
        brand->call = style_copy(kit->outro->call);
        brand->qr = kit->outro->qr;
        if (kit->outro->sources && *kit->outro->sources)
            brand->sources = find_word(reader, "outro", "sources", kit->outro->sources, sources_words, 2) == 0;
    }
}

enum status brand_load(const struct style_source *source, bool outside, struct brand *brand, struct brand_file *file,
                       struct diags *diags)
{
    size_t before = diags->errors;
    *brand = (struct brand){0};
    *file = (struct brand_file){0};
    enum status status = style_file_load(STYLE_BRAND, source, &schema, &file->data, &file->path, diags);
    if (status != STATUS_OK)
        return status;
    const struct kit *kit = file->data;
    char *folder = style_file_folder(file->path);
    struct reader reader = {file->path, folder ? folder : ".", outside, diags};
    read_kit(&reader, kit, brand);
    free(folder);
    file->palette = kit->palette;
    file->on_light = kit->palette_on_light;
    file->on_dark = kit->palette_on_dark;
    file->fonts = kit->fonts;
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

enum status brand_paint(const struct brand_file *file, struct theme *theme, struct color_origin *origin,
                        struct diags *diags)
{
    enum status status = STATUS_OK;
    if (file->palette)
        status = palette_apply(file->palette, file->path, "palette", theme, origin, diags);
    bool dark = color_is_dark(theme->colors[ROLE_BACKGROUND]);
    const struct palette *more = dark ? file->on_dark : file->on_light;
    if (more && status == STATUS_OK)
        status = palette_apply(more, file->path, dark ? "palette_on_dark" : "palette_on_light", theme, origin, diags);
    return status;
}

void brand_file_close(struct brand_file *file)
{
    yaml_release(&schema, file->data);
    free(file->path);
    *file = (struct brand_file){0};
}
