/* paint_links.c - links of a text become places to click in a PDF. */
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/paint_links.h"

/* What a reader may be sent to; a PDF's links could run programs. */
static bool is_harmless(const char *address)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (g_ascii_strncasecmp(address, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

/* The address of the next <a href="...">, without its entities, fresh; *markup moves on behind it. */
static char *next_address(const char **markup)
{
    static const char open[] = "<a href=\"";
    const char *from = strstr(*markup, open), *end = from ? strstr(from, "\">") : NULL;
    char *address = NULL, *escaped;
    if (!end)
        return NULL;
    from += strlen(open);
    escaped = strndup(from, (size_t)(end - from));
    *markup = end;
    if (!escaped || !pango_parse_markup(escaped, -1, 0, NULL, &address, NULL, NULL))
        address = g_strdup("");
    free(escaped);
    return address;
}

/* Where a run of bytes stands: a rectangle a line, as cairo reads them. */
static void add_places(struct text *places, PangoLayout *layout, const PangoAttribute *run, double x, double y)
{
    PangoLayoutIter *lines = pango_layout_get_iter(layout);
    do {
        PangoLayoutLine *line = pango_layout_iter_get_line_readonly(lines);
        int first = line->start_index, last = first + line->length, count, *ranges;
        int from = (int)run->start_index > first ? (int)run->start_index : first;
        int to = (int)run->end_index < last ? (int)run->end_index : last;
        PangoRectangle box;
        if (from >= to)
            continue;
        pango_layout_iter_get_line_extents(lines, NULL, &box);
        pango_layout_line_get_x_ranges(line, from, to, &ranges, &count);
        for (int i = 0; i < count; i++)
            text_format(places, "%s%.2f %.2f %.2f %.2f", places->length ? " " : "",
                        x + (double)ranges[2 * i] / PANGO_SCALE, y + (double)box.y / PANGO_SCALE,
                        (double)(ranges[2 * i + 1] - ranges[2 * i]) / PANGO_SCALE, (double)box.height / PANGO_SCALE);
        g_free(ranges);
    } while (pango_layout_iter_next_line(lines));
    pango_layout_iter_free(lines);
}

static void tag(cairo_t *cairo, const char *address, const char *places)
{
    struct text attributes = {0};
    text_add(&attributes, "uri='");
    for (const char *at = address; *at; at++) {
        if (*at == '\'' || *at == '\\')
            text_add(&attributes, "\\");
        text_add_bytes(&attributes, at, 1);
    }
    text_format(&attributes, "' rect=[%s]", places);
    if (!attributes.failed) {
        cairo_tag_begin(cairo, CAIRO_TAG_LINK, attributes.bytes);
        cairo_tag_end(cairo, CAIRO_TAG_LINK);
    }
    text_free(&attributes);
}

/* The only underlined words of a text are its links, in their order. */
void paint_links(const struct paint *paint, PangoLayout *layout, const char *markup, double x, double y)
{
    PangoAttrList *all = pango_layout_get_attributes(layout);
    GSList *attributes = paint->tagged && all && strstr(markup, "<a ") ? pango_attr_list_get_attributes(all) : NULL;
    for (GSList *at = attributes; at; at = at->next) {
        PangoAttribute *run = at->data;
        char *address = run->klass->type == PANGO_ATTR_UNDERLINE ? next_address(&markup) : NULL;
        struct text places = {0};
        if (address && is_harmless(address))
            add_places(&places, layout, run, x, y);
        if (places.bytes)
            tag(paint->cairo, address, places.bytes);
        text_free(&places);
        g_free(address);
    }
    g_slist_free_full(attributes, (GDestroyNotify)pango_attribute_destroy);
}
