/* brand_file.h - a kit's file, read and checked. */
#ifndef SLIDES_BRAND_FILE_H
#define SLIDES_BRAND_FILE_H

#include "slides/brand.h"
#include "slides/theme.h"

/* What a kit lays over theme and type pair; valid as long as the file is open. */
struct brand_fonts {
    char *heading, *body, *mono, *packages;
};

struct brand_file {
    char *path;
    void *data;                                         /* of libcyaml */
    const struct palette *palette, *on_light, *on_dark; /* may be NULL */
    const struct brand_fonts *fonts;                    /* may be NULL */
};

/* Fills `brand` too; its pictures lie in the kit's folder, unless `outside`. Every fault at once: unknown words,
 * pictures that are missing, broken, too large or elsewhere. */
enum status brand_load(const struct style_source *source, bool outside, struct brand *brand, struct brand_file *file,
                       struct diags *diags);
/* The kit's colours over a theme. */
enum status brand_paint(const struct brand_file *file, struct theme *theme, struct color_origin *origin,
                        struct diags *diags);
void brand_file_close(struct brand_file *file);

#endif
