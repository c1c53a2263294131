/* style.c - canvas, theme, type pair and brand, put together. */
#include "slides/style.h"

#include <fontconfig/fontconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slides/brand_file.h"
#include "slides/style_file.h"
#include "slides/theme.h"

#define WORD(name, member)  CYAML_FIELD_STRING_PTR(name, CYAML_FLAG_POINTER, struct type_pair, member, 1, 200)
#define SCALE(name, member) CYAML_FIELD_FLOAT(name, CYAML_FLAG_OPTIONAL, struct type_pair, member)
static const cyaml_schema_field_t type_fields[] = {WORD("heading", heading),
                                                   WORD("body", body),
                                                   WORD("mono", mono),
                                                   WORD("packages", packages),
                                                   SCALE("heading_scale", heading_scale),
                                                   SCALE("body_scale", body_scale),
                                                   SCALE("mono_scale", mono_scale),
                                                   CYAML_FIELD_END};
static const cyaml_schema_value_t type_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct type_pair, type_fields)};

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

/* Another family, as large as it is. */
static void replace(char **family, double *scale, const char *by)
{
    if (!by || !*by)
        return;
    free(*family);
    *family = strdup(by);
    *scale = 1;
}

/* Smaller than nominal would go below the floors of legibility. */
static const struct {
    double least, most;
} scale_limits = {1, 1.5};

static enum status check_scales(struct type_pair *type, const char *path, struct diags *diags)
{
    static const char *const keys[] = {"heading_scale", "body_scale", "mono_scale"};
    double *const scales[] = {&type->heading_scale, &type->body_scale, &type->mono_scale};
    enum status status = STATUS_OK;
    for (int i = 0; i < 3; i++) {
        int line = style_file_line(path, NULL, keys[i]);
        if (line == 0) /* not given */
            *scales[i] = 1;
        if (*scales[i] >= scale_limits.least && *scales[i] <= scale_limits.most)
            continue;
        diags_error(diags, path, line, "1 is the size as it is; a family with low small letters wants about 1.2.",
                    "%s is %g; it goes from %g to %g", keys[i], *scales[i], scale_limits.least, scale_limits.most);
        status = STATUS_BAD_INPUT;
    }
    return status;
}

/* The kit's fonts come over those of the type pair, before any of them is looked for. */
static enum status load_type(const struct style_source *source, const struct brand_fonts *fonts, struct type_pair *type,
                             struct diags *diags)
{
    void *data;
    char *path;
    enum status status = style_file_load(STYLE_TYPE, source, &type_schema, &data, &path, diags);
    if (status == STATUS_OK) {
        const struct type_pair *file = data;
        double packages = 1;
        *type = *file;
        type->name = strdup(source->name ? source->name : style_default(STYLE_TYPE));
        type->heading = strdup(file->heading);
        type->body = strdup(file->body);
        type->mono = strdup(file->mono);
        type->packages = strdup(file->packages);
        status = check_scales(type, path, diags);
        if (fonts) {
            replace(&type->heading, &type->heading_scale, fonts->heading);
            replace(&type->body, &type->body_scale, fonts->body);
            replace(&type->mono, &type->mono_scale, fonts->mono);
            replace(&type->packages, &packages, fonts->packages);
        }
        const char *const families[] = {type->heading, type->body, type->mono};
        for (int i = 0; i < 3; i++)
            if (check_family(families[i], type->packages, diags) != STATUS_OK)
                status = STATUS_BAD_INPUT;
    }
    yaml_release(&type_schema, data);
    free(path);
    return status;
}

/* Theme and kit together must be fit to read. */
static enum status load_colors(const struct style_source *source, const struct brand_file *kit, bool mend,
                               struct theme *theme, struct diags *diags)
{
    struct theme_origin origin = {0};
    enum status status = theme_load(source, theme, &origin, diags);
    if (status == STATUS_OK && kit->path)
        status = brand_paint(kit, theme, &origin.of, diags);
    if (status == STATUS_OK)
        status = contrast_check(theme, &origin.of, mend, diags);
    theme->colors[ROLE_LINE] = color_mix(theme->colors[ROLE_BACKGROUND], theme->colors[ROLE_TEXT], 0.15);
    theme_origin_free(&origin);
    return status;
}

/* A logo made for a light ground may be invisible on a dark one, and the other way round. */
static void check_logo(const struct style *style, const char *path, struct diags *diags)
{
    const struct brand *brand = &style->brand;
    const char *lacking = style->dark ? "on_dark" : "on_light", *there = style->dark ? "on_light" : "on_dark";
    bool wrong =
        style->dark ? brand->logo_on_light && !brand->logo_on_dark : brand->logo_on_dark && !brand->logo_on_light;
    char remedy[100];
    if (!wrong)
        return;
    snprintf(remedy, sizeof remedy, "Give the kit another: logo: {%s: FILE.svg}; or choose another theme.", lacking);
    diags_warn(diags, path, style_file_line(path, "logo", there), remedy,
               "the logo is for %s backgrounds, and that of '%s' is %s", style->dark ? "light" : "dark",
               style->theme.name, style->dark ? "dark" : "light");
}

/* A kit's wishes are names, or files beside it. */
static struct style_source chosen(const char *wished, bool own, const char *of_kit, const char *kit_folder,
                                  const struct style_wish *wish)
{
    if (wished || !of_kit)
        return (struct style_source){wished, wish->folder, own || wish->outside};
    return (struct style_source){of_kit, kit_folder, wish->outside};
}

enum status style_open(const struct style_wish *wish, struct style *style, struct diags *diags)
{
    size_t before = diags->errors;
    struct brand_file kit;
    struct style_source size = {wish->size, wish->folder, wish->own_size || wish->outside};
    struct style_source brand = {wish->brand, wish->folder, wish->own_brand || wish->outside};
    *style = (struct style){0};
    canvas_load(&size, &style->canvas, diags);
    brand_load(&brand, wish->outside, &style->brand, &kit, diags);
    char *folder = style_file_folder(kit.path ? kit.path : "");
    struct style_source theme = chosen(wish->theme, wish->own_theme, style->brand.theme, folder, wish);
    struct style_source type = chosen(wish->type, wish->own_type, style->brand.type, folder, wish);
    load_colors(&theme, &kit, wish->fix_contrast, &style->theme, diags);
    load_type(&type, kit.fonts, &style->type, diags);
    free(folder);
    style->dark = color_is_dark(style->theme.colors[ROLE_BACKGROUND]);
    if (diags->errors == before)
        check_logo(style, kit.path, diags);
    brand_file_close(&kit);
    double w = style->canvas.width, h = style->canvas.height;
    style->unit = (w < h ? w : h) / 1080;
    if (diags->errors == before)
        return STATUS_OK;
    style_free(style);
    return STATUS_BAD_INPUT;
}

enum status style_load(const char *size, const char *theme, const char *type, const char *brand, const char *folder,
                       struct style *style, struct diags *diags)
{
    struct style_wish wish = {size, theme, type, brand, folder, true, true, true, true, false, false};
    return style_open(&wish, style, diags);
}

void style_free(struct style *style)
{
    char *const texts[] = {style->theme.name,   style->theme.title, style->theme.pattern, style->type.name,
                           style->type.heading, style->type.body,   style->type.mono,     style->type.packages};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    canvas_free(&style->canvas);
    brand_free(&style->brand);
    *style = (struct style){0};
}
