/* theme.h - a theme from its file: colours by role. One that names a `base` takes from it what it does not say. */
#ifndef SLIDES_THEME_H
#define SLIDES_THEME_H

#include "slides/contrast.h"
#include "slides/style_file.h"

/* A theme's roles as a file says them: NULL where it is silent. The same keys stand in a kit's palette. */
struct palette {
    char *background, *surface, *text, *muted, *accent, *accent2, *on_accent;
};
#define PALETTE_FIELDS(type, member)                                                                                   \
    PALETTE_FIELD(type, member, background), PALETTE_FIELD(type, member, surface), PALETTE_FIELD(type, member, text),  \
        PALETTE_FIELD(type, member, muted), PALETTE_FIELD(type, member, accent), PALETTE_FIELD(type, member, accent2), \
        PALETTE_FIELD(type, member, on_accent)
#define PALETTE_FIELD(type, member, role)                                                                              \
    CYAML_FIELD_STRING_PTR(#role, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member role, 1, 200)

/* Where the colours of a theme come from; its texts are owned. */
struct theme_origin {
    char *files[4]; /* the theme, its base, ... */
    int count;
    struct color_origin of;
};

/* Contrast is not checked yet: a kit's palette may come over it. */
enum status theme_load(const struct style_source *source, struct theme *theme, struct theme_origin *origin,
                       struct diags *diags);
/* What the palette says replaces the theme's; `parent` is its key in `file`, NULL at the top. */
enum status palette_apply(const struct palette *palette, const char *file, const char *parent, struct theme *theme,
                          struct color_origin *origin, struct diags *diags);
void theme_origin_free(struct theme_origin *origin);

#endif
