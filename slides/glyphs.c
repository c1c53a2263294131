#include "slides/glyphs.h"

#include <pango/pangofc-font.h>
#include <stdio.h>
#include <strings.h>

#include "base/text.h"
#include "slides/companions.h"

enum { NAMED = 6 }; /* characters said in one message */

/* By any of its names: "EB Garamond 12" is also called "EB Garamond". */
static bool is_ours(const struct paint *paint, PangoFont *font)
{
    const struct type_pair *type = &paint->style->type;
    FcPattern *pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
    FcChar8 *name = NULL;
    bool ours = false;
    for (int i = 0; FcPatternGetString(pattern, FC_FAMILY, i, &name) == FcResultMatch; i++) {
        const char *family = (const char *)name;
        ours |= strcasecmp(family, type->heading) == 0 || strcasecmp(family, type->body) == 0 ||
                strcasecmp(family, type->mono) == 0 || companion_is(family);
    }
    return ours;
}

/* The characters that are missing, each once. */
struct missing {
    gunichar characters[NAMED];
    int count;
};

static void add(struct missing *missing, gunichar character)
{
    for (int i = 0; i < missing->count; i++)
        if (missing->characters[i] == character)
            return;
    if (missing->count < NAMED && !g_unichar_isspace(character))
        missing->characters[missing->count++] = character;
}

/* All of a run in somebody else's font; in ours, those that it has no glyph for. */
static void gather(struct missing *missing, const struct paint *paint, const PangoLayoutRun *run, const char *text)
{
    bool ours = is_ours(paint, run->item->analysis.font);
    const char *at = text + run->item->offset, *end = at + run->item->length;
    for (; !ours && at < end; at = g_utf8_next_char(at))
        add(missing, g_utf8_get_char(at));
    for (int g = 0; ours && g < run->glyphs->num_glyphs; g++)
        if (run->glyphs->glyphs[g].glyph & PANGO_GLYPH_UNKNOWN_FLAG)
            add(missing, run->glyphs->glyphs[g].glyph & ~PANGO_GLYPH_UNKNOWN_FLAG);
}

static void tell(struct paint *paint, const struct missing *missing)
{
    const struct type_pair *type = &paint->style->type;
    struct text what = {0}, points = {0}, remedy = {0};
    const char *package = companion_package(missing->characters[0]);
    if (paint->slide)
        text_format(&what, "slide %d: ", paint->slide);
    text_format(&what, "the fonts %s, %s and %s have no glyphs for \"", type->heading, type->body, type->mono);
    for (int i = 0; i < missing->count; i++) {
        char bytes[7] = "";
        bytes[g_unichar_to_utf8(missing->characters[i], bytes)] = '\0';
        text_add(&what, bytes);
        text_format(&points, "%sU+%04X", i ? " " : "", (unsigned)missing->characters[i]);
    }
    text_format(&what, "\" (%s)", points.bytes ? points.bytes : "");
    if (package)
        text_format(&remedy, "apt-get install %s, or choose other characters.", package);
    else
        text_add(&remedy, "Choose other characters, or a type pair that has them.");
    if (what.bytes && remedy.bytes)
        diags_error(paint->diags, paint->file, paint->line, remedy.bytes, "%s", what.bytes);
    text_free(&what);
    text_free(&points);
    text_free(&remedy);
}

void glyphs_check(struct paint *paint, PangoLayout *layout)
{
    PangoLayoutIter *runs = pango_layout_get_iter(layout);
    struct missing missing = {0};
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(runs);
        if (run)
            gather(&missing, paint, run, pango_layout_get_text(layout));
    } while (pango_layout_iter_next_run(runs));
    pango_layout_iter_free(runs);
    if (missing.count > 0)
        tell(paint, &missing);
}
