#include "slides/theme.h"

#include <stdlib.h>
#include <string.h>

#include "slides/pattern.h"

struct theme_file {
    char *title, *base, *pattern;
    struct palette palette;
};

#define WORD(name, member)                                                                                             \
    CYAML_FIELD_STRING_PTR(name, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct theme_file, member, 1, 200)
static const cyaml_schema_field_t fields[] = {WORD("title", title), WORD("base", base), WORD("pattern", pattern),
                                              PALETTE_FIELDS(struct theme_file, palette.), CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct theme_file, fields)};

enum { BASES = 4 };

static const char *const *texts_of(const struct palette *palette, const char *texts[ROLES])
{
    texts[ROLE_BACKGROUND] = palette->background;
    texts[ROLE_SURFACE] = palette->surface;
    texts[ROLE_TEXT] = palette->text;
    texts[ROLE_MUTED] = palette->muted;
    texts[ROLE_ACCENT] = palette->accent;
    texts[ROLE_ACCENT2] = palette->accent2;
    texts[ROLE_ON_ACCENT] = palette->on_accent;
    texts[ROLE_LINE] = NULL;
    return texts;
}

enum status palette_apply(const struct palette *palette, const char *file, const char *parent, struct theme *theme,
                          struct color_origin *origin, struct diags *diags)
{
    const char *texts[ROLES];
    enum status status = STATUS_OK;
    texts_of(palette, texts);
    for (int role = 0; role < ROLES; role++) {
        if (!texts[role])
            continue;
        origin->files[role] = file;
        origin->lines[role] = style_file_line(file, parent, role_name((enum role)role));
        if (!color_read(texts[role], &theme->colors[role])) {
            diags_error(diags, file, origin->lines[role], "A colour reads \"#0F141B\", in quotes.",
                        "'%.40s' is not a colour", texts[role]);
            status = STATUS_BAD_INPUT;
        }
    }
    theme->colors[ROLE_LINE] = color_mix(theme->colors[ROLE_BACKGROUND], theme->colors[ROLE_TEXT], 0.15);
    return status;
}

/* Without a base a theme must say everything. */
static enum status check_whole(const struct theme_file *file, const char *path, struct diags *diags)
{
    const char *texts[ROLES];
    enum status status = STATUS_OK;
    texts_of(&file->palette, texts);
    for (int role = 0; role < ROLE_LINE; role++)
        if (!texts[role]) {
            diags_error(diags, path, 0, "Add it, or begin with a theme of ours: base: ink.",
                        "the colour '%s' is missing", role_name((enum role)role));
            status = STATUS_BAD_INPUT;
        }
    return status;
}

static void replace(char **text, const char *by)
{
    if (!by)
        return;
    free(*text);
    *text = strdup(by);
}

/* The base first, then what this file says; files[] lives as long as the origin. */
static enum status load_layer(const struct style_source *source, struct theme *theme, struct theme_origin *origin,
                              struct diags *diags)
{
    void *data;
    char *path;
    struct pattern_wish wish;
    if (origin->count == BASES) {
        diags_error(diags, origin->files[0], style_file_line(origin->files[0], NULL, "base"),
                    "Name one of the themes of `flashdeck list`.",
                    "%d themes each are the base of another; 3 are enough", BASES);
        return STATUS_BAD_INPUT;
    }
    enum status status = style_file_load(STYLE_THEME, source, &schema, &data, &path, diags);
    const struct theme_file *file = data;
    if (path)
        origin->files[origin->count++] = path;
    if (status == STATUS_OK && file->base) {
        struct diags faults = {0};
        struct style_source base = {.name = file->base, .folder = source->folder, .outside = source->outside};
        status = load_layer(&base, theme, origin, &faults);
        for (size_t i = 0; i < faults.count; i++) {
            const struct diag *fault = &faults.items[i];
            diags_error(diags, fault->file ? fault->file : path,
                        fault->file ? fault->line : style_file_line(path, NULL, "base"), fault->remedy, "%s",
                        fault->what);
        }
        diags_free(&faults);
    } else if (status == STATUS_OK) {
        status = check_whole(file, path, diags);
    }
    if (status == STATUS_OK) {
        replace(&theme->title, file->title ? file->title : file->base ? source->name : NULL);
        replace(&theme->pattern, file->pattern);
        status = palette_apply(&file->palette, path, NULL, theme, &origin->of, diags);
        if (file->pattern &&
            pattern_read(file->pattern, path, style_file_line(path, NULL, "pattern"), &wish, diags) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    }
    yaml_release(&schema, data);
    return status;
}

enum status theme_load(const struct style_source *source, struct theme *theme, struct theme_origin *origin,
                       struct diags *diags)
{
    enum status status = load_layer(source, theme, origin, diags);
    if (status != STATUS_OK)
        return status;
    replace(&theme->name, source->name ? source->name : style_default(STYLE_THEME));
    if (!theme->pattern)
        replace(&theme->pattern, "none");
    if (!theme->title)
        replace(&theme->title, theme->name);
    return STATUS_OK;
}

void theme_origin_free(struct theme_origin *origin)
{
    for (int i = 0; i < origin->count; i++)
        free(origin->files[i]);
    *origin = (struct theme_origin){0};
}
