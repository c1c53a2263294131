/* style.c - canvas, theme, type pair and brand from their YAML files. */
#include "slides/style.h"

#include <fontconfig/fontconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "harness/data_path.h"
#include "slides/contrast.h"
#include "slides/yaml.h"

/* Each kind of file as libcyaml fills it. */
struct canvas_file {
    char *title, *ratio;
    int width, height, inset_left, inset_right, inset_top, inset_bottom, max_slides;
};
struct theme_file {
    char *title, *pattern, *background, *surface, *text, *muted, *accent, *accent2, *on_accent;
};

#define WORD(name, type, member) CYAML_FIELD_STRING_PTR(name, CYAML_FLAG_POINTER, type, member, 1, 200)
#define MAY_WORD(name, type, member)                                                                                   \
    CYAML_FIELD_STRING_PTR(name, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, 200)
#define WHOLE(name, type, member) CYAML_FIELD_INT(name, CYAML_FLAG_DEFAULT, type, member)

static const cyaml_schema_field_t canvas_fields[] = {WORD("title", struct canvas_file, title),
                                                     MAY_WORD("ratio", struct canvas_file, ratio),
                                                     WHOLE("width", struct canvas_file, width),
                                                     WHOLE("height", struct canvas_file, height),
                                                     WHOLE("inset_left", struct canvas_file, inset_left),
                                                     WHOLE("inset_right", struct canvas_file, inset_right),
                                                     WHOLE("inset_top", struct canvas_file, inset_top),
                                                     WHOLE("inset_bottom", struct canvas_file, inset_bottom),
                                                     WHOLE("max_slides", struct canvas_file, max_slides),
                                                     CYAML_FIELD_END};
static const cyaml_schema_field_t theme_fields[] = {WORD("title", struct theme_file, title),
                                                    WORD("pattern", struct theme_file, pattern),
                                                    WORD("background", struct theme_file, background),
                                                    WORD("surface", struct theme_file, surface),
                                                    WORD("text", struct theme_file, text),
                                                    WORD("muted", struct theme_file, muted),
                                                    WORD("accent", struct theme_file, accent),
                                                    WORD("accent2", struct theme_file, accent2),
                                                    WORD("on_accent", struct theme_file, on_accent),
                                                    CYAML_FIELD_END};
static const cyaml_schema_field_t type_fields[] = {
    WORD("heading", struct type_pair, heading), WORD("body", struct type_pair, body),
    WORD("mono", struct type_pair, mono), WORD("packages", struct type_pair, packages), CYAML_FIELD_END};
static const cyaml_schema_field_t brand_fields[] = {
    WORD("name", struct brand, name),         WORD("mark", struct brand, mark),
    WORD("person", struct brand, person),     WORD("initials", struct brand, initials),
    MAY_WORD("handle", struct brand, handle), MAY_WORD("website", struct brand, website),
    MAY_WORD("bio", struct brand, bio),       CYAML_FIELD_END};

static const cyaml_schema_value_t canvas_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct canvas_file, canvas_fields)};
static const cyaml_schema_value_t theme_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct theme_file, theme_fields)};
static const cyaml_schema_value_t type_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct type_pair, type_fields)};
static const cyaml_schema_value_t brand_schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct brand, brand_fields)};

/* The four kinds of files: where they are and what is taken when none is named. */
enum style_kind { STYLE_CANVAS, STYLE_THEME, STYLE_TYPE, STYLE_BRAND };
static const struct {
    const char *folder, *word, *fallback;
    const cyaml_schema_value_t *schema;
} kinds[] = {
    [STYLE_CANVAS] = {"slides/canvases", "canvas", "linkedin", &canvas_schema},
    [STYLE_THEME] = {"slides/themes", "theme", "ink", &theme_schema},
    [STYLE_TYPE] = {"slides/types", "type pair", "inter", &type_schema},
    [STYLE_BRAND] = {"slides/brands", "brand", "flashdeck", &brand_schema},
};

static bool is_file_name(const char *name)
{
    size_t length = strlen(name);
    return (length > 4 && strcmp(name + length - 4, ".yml") == 0) ||
           (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
}

/* The path of a named file, or an error with the nearest names. Fresh string. */
static char *path_of(enum style_kind kind, const char *name, const char *folder, struct diags *diags)
{
    char *path = NULL, relative[300];
    if (is_file_name(name))
        return asprintf(&path, "%s%s%s", *name == '/' ? "" : folder, *name == '/' ? "" : "/", name) < 0 ? NULL : path;
    snprintf(relative, sizeof relative, "%s/%.200s.yml", kinds[kind].folder, name);
    path = data_path(relative);
    if (path && !strchr(name, '/') && access(path, R_OK) == 0)
        return path;
    size_t count;
    char **names = data_names(kinds[kind].folder, ".yml", &count);
    char *near = nearest_sentence(name, (const char *const *)names, count, 3);
    diags_error(diags, NULL, 0, near ? near : "`flashdeck list` shows them; a file of your own ends in .yml.",
                "there is no %s '%s'", kinds[kind].word, name);
    free(near);
    data_names_free(names, count);
    free(path);
    return NULL;
}

static enum status load(enum style_kind kind, const char *name, const char *folder, void **data, char **path,
                        struct diags *diags)
{
    *data = NULL;
    *path = path_of(kind, name ? name : kinds[kind].fallback, folder ? folder : ".", diags);
    return *path ? yaml_load_file(*path, kinds[kind].schema, data, diags) : STATUS_BAD_INPUT;
}

/* "4:5" or "1080x1350" instead of a name. */
static bool read_size(const char *size, struct canvas *canvas)
{
    int width, height, used = 0;
    if (sscanf(size, "%dx%d%n", &width, &height, &used) != 2 || size[used] != '\0')
        return false;
    *canvas = (struct canvas){.name = strdup(size), .title = strdup(size), .width = width, .height = height};
    canvas->inset_left = canvas->inset_right = 80.0 * (width < height ? width : height) / 1080;
    return true;
}

static char *name_by_ratio(const char *ratio)
{
    size_t count;
    char **names = data_names("slides/canvases", ".yml", &count), *found = NULL;
    for (size_t i = 0; i < count && !found; i++) {
        void *data;
        char *path;
        struct diags ignored = {0};
        if (load(STYLE_CANVAS, names[i], NULL, &data, &path, &ignored) == STATUS_OK) {
            const struct canvas_file *file = data;
            if (file->ratio && strcmp(file->ratio, ratio) == 0)
                found = strdup(names[i]);
        }
        yaml_release(&canvas_schema, data);
        free(path);
        diags_free(&ignored);
    }
    data_names_free(names, count);
    return found;
}

static bool bad_insets(const struct canvas_file *file)
{
    return file->inset_left < 0 || file->inset_right < 0 || file->inset_top < 0 || file->inset_bottom < 0 ||
           file->inset_left > file->width / 4 || file->inset_right > file->width / 4 ||
           (double)file->inset_top + file->inset_bottom > file->height * 2.0 / 3;
}

static enum status load_canvas(const char *size, const char *folder, struct canvas *canvas, struct diags *diags)
{
    if (size && read_size(size, canvas)) {
        if (canvas->width >= 200 && canvas->height >= 200 && canvas->width <= 8000 && canvas->height <= 8000)
            return STATUS_OK;
        diags_error(diags, NULL, 0, "Choose 200 to 8000 pixels a side.", "the size %.40s is out of range", size);
        return STATUS_BAD_INPUT;
    }
    char *by_ratio = size && strchr(size, ':') ? name_by_ratio(size) : NULL, *path;
    void *data;
    enum status status = load(STYLE_CANVAS, by_ratio ? by_ratio : size, folder, &data, &path, diags);
    if (status == STATUS_OK) {
        const struct canvas_file *file = data;
        *canvas = (struct canvas){.name = strdup(by_ratio ? by_ratio
                                                 : size   ? size
                                                          : kinds[STYLE_CANVAS].fallback),
                                  .title = strdup(file->title),
                                  .width = file->width,
                                  .height = file->height,
                                  .inset_left = file->inset_left,
                                  .inset_right = file->inset_right,
                                  .inset_top = file->inset_top,
                                  .inset_bottom = file->inset_bottom,
                                  .max_slides = file->max_slides};
        if (file->width < 200 || file->height < 200 || file->width > 8000 || file->height > 8000) {
            diags_error(diags, path, 0, NULL, "width and height must be 200 to 8000 pixels");
            status = STATUS_BAD_INPUT;
        }
        if (bad_insets(file)) {
            diags_error(diags, path, 0, "An inset is what the platform covers, in pixels: 0 or more.",
                        "the insets must leave half of the width and a third of the height");
            status = STATUS_BAD_INPUT;
        }
    }
    yaml_release(&canvas_schema, data);
    free(by_ratio);
    free(path);
    return status;
}

static bool read_color(const char *text, struct color *color)
{
    unsigned r, g, b;
    int used = 0;
    if (strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6 ||
        sscanf(text, "#%2x%2x%2x%n", &r, &g, &b, &used) != 3 || used != 7)
        return false;
    *color = (struct color){r / 255.0, g / 255.0, b / 255.0};
    return true;
}

static struct color mix(struct color a, struct color b, double share)
{
    return (struct color){a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share};
}

static enum status load_theme(const char *name, const char *folder, struct theme *theme, struct diags *diags)
{
    void *data;
    char *path;
    enum status status = load(STYLE_THEME, name, folder, &data, &path, diags);
    const struct theme_file *file = data;
    if (status == STATUS_OK) {
        const char *const texts[] = {
            [ROLE_BACKGROUND] = file->background, [ROLE_SURFACE] = file->surface, [ROLE_TEXT] = file->text,
            [ROLE_MUTED] = file->muted,           [ROLE_ACCENT] = file->accent,   [ROLE_ACCENT2] = file->accent2,
            [ROLE_ON_ACCENT] = file->on_accent};
        theme->name = strdup(name ? name : kinds[STYLE_THEME].fallback);
        theme->title = strdup(file->title);
        theme->pattern = strdup(file->pattern);
        for (size_t role = 0; role < sizeof texts / sizeof texts[0]; role++)
            if (!read_color(texts[role], &theme->colors[role])) {
                diags_error(diags, path, 0, "A colour reads \"#0F141B\".", "'%.40s' is not a colour", texts[role]);
                status = STATUS_BAD_INPUT;
            }
        theme->colors[ROLE_LINE] = mix(theme->colors[ROLE_BACKGROUND], theme->colors[ROLE_TEXT], 0.15);
        if (status == STATUS_OK)
            status = contrast_check(theme, path, diags);
    }
    yaml_release(&theme_schema, data);
    free(path);
    return status;
}

/* fontconfig answers with another family when it has not the one asked for. */
static enum status check_family(const char *family, const char *packages, struct diags *diags)
{
    FcPattern *pattern = FcPatternCreate(), *match = NULL;
    FcChar8 *found = NULL;
    FcResult result;
    bool same = false;
    FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    FcConfigSubstitute(NULL, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    match = FcFontMatch(NULL, pattern, &result);
    for (int i = 0; match && FcPatternGetString(match, FC_FAMILY, i, &found) == FcResultMatch; i++)
        same |= strcasecmp((const char *)found, family) == 0;
    if (match)
        FcPatternDestroy(match);
    FcPatternDestroy(pattern);
    if (same)
        return STATUS_OK;
    char remedy[240];
    snprintf(remedy, sizeof remedy, "Install it: apt-get install %.200s", packages);
    diags_error(diags, NULL, 0, remedy, "the font family '%s' is not installed", family);
    return STATUS_BAD_INPUT;
}

static enum status load_type(const char *name, const char *folder, struct type_pair *type, struct diags *diags)
{
    void *data;
    char *path;
    enum status status = load(STYLE_TYPE, name, folder, &data, &path, diags);
    if (status == STATUS_OK) {
        const struct type_pair *file = data;
        *type = (struct type_pair){strdup(name ? name : kinds[STYLE_TYPE].fallback), strdup(file->heading),
                                   strdup(file->body), strdup(file->mono), strdup(file->packages)};
        const char *const families[] = {file->heading, file->body, file->mono};
        for (int i = 0; i < 3; i++)
            if (check_family(families[i], file->packages, diags) != STATUS_OK)
                status = STATUS_BAD_INPUT;
    }
    yaml_release(&type_schema, data);
    free(path);
    return status;
}

static char *copy(const char *text)
{
    return text && *text ? strdup(text) : NULL;
}

static enum status load_brand(const char *name, const char *folder, struct brand *brand, struct diags *diags)
{
    void *data;
    char *path;
    enum status status = load(STYLE_BRAND, name, folder, &data, &path, diags);
    if (status == STATUS_OK) {
        const struct brand *file = data;
        *brand = (struct brand){copy(file->name),   copy(file->mark),    copy(file->person), copy(file->initials),
                                copy(file->handle), copy(file->website), copy(file->bio)};
    }
    yaml_release(&brand_schema, data);
    free(path);
    return status;
}

enum status style_load(const char *size, const char *theme, const char *type, const char *brand, const char *folder,
                       struct style *style, struct diags *diags)
{
    size_t before = diags->errors;
    *style = (struct style){0};
    load_canvas(size, folder, &style->canvas, diags);
    load_theme(theme, folder, &style->theme, diags);
    load_type(type, folder, &style->type, diags);
    load_brand(brand, folder, &style->brand, diags);
    double w = style->canvas.width, h = style->canvas.height;
    style->unit = (w < h ? w : h) / 1080;
    if (diags->errors == before)
        return STATUS_OK;
    style_free(style);
    return STATUS_BAD_INPUT;
}

void style_free(struct style *style)
{
    char *const texts[] = {style->canvas.name,   style->canvas.title,  style->canvas.ratio,   style->theme.name,
                           style->theme.title,   style->theme.pattern, style->type.name,      style->type.heading,
                           style->type.body,     style->type.mono,     style->type.packages,  style->brand.name,
                           style->brand.mark,    style->brand.person,  style->brand.initials, style->brand.handle,
                           style->brand.website, style->brand.bio};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    *style = (struct style){0};
}
