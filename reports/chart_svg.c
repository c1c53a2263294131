/* chart_svg.c - from gnuplot's SVG to one that stands in a page: colours become the page's, ids become unique, the
 * pictures' words take the page's font, and a reader that cannot see it hears what it shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/chart.h"
#include "reports/html_text.h"

static const char *const variables[] = {
    [COLOUR_INK] = "--ink",       [COLOUR_MUTED] = "--muted",     [COLOUR_RULE] = "--rule",
    [COLOUR_PAPER] = "--paper",   [COLOUR_FLASH] = "--flash",     [COLOUR_NAIVE_BLAS] = "--naive-blas",
    [COLOUR_NAIVE] = "--naive",   [COLOUR_SLIDING] = "--sliding", [COLOUR_ALTERNATING] = "--alternating",
    [COLOUR_OTHER] = "--other",   [COLOUR_PASS_1] = "--pass-1",   [COLOUR_PASS_2] = "--pass-2",
    [COLOUR_PASS_3] = "--pass-3",
};

/* "rgb(  1,   1,   4)" is the role 4. Returns the bytes read, 0 when it is no colour of ours. */
static size_t read_colour(const char *at, int *role)
{
    int red, green, end = 0;
    if (sscanf(at, "rgb(%d,%d,%d)%n", &red, &green, role, &end) != 3 || end == 0)
        return 0;
    return red == 1 && green == 1 && *role >= 0 && *role < COLOURS ? (size_t)end : 0;
}

/* An element without its words, or an attribute, that the page must not have: bytes to leave out. */
static size_t unwanted(const char *at)
{
    static const struct {
        const char *from, *to;
    } pieces[] = {{"<title>", "</title>"}, {"<desc>", "</desc>"}, {" font-family=\"", "\""}, {" class=\"", "\""}};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        size_t length = strlen(pieces[i].from);
        if (strncmp(at, pieces[i].from, length) != 0)
            continue;
        const char *end = strstr(at + length, pieces[i].to);
        return end ? (size_t)(end - at) + strlen(pieces[i].to) : 0;
    }
    return 0;
}

/* What stands for what: ids and the references to them. */
static const struct {
    const char *from, *before, *after; /* `before`, the page's id, `after` */
} references[] = {
    {" id='", " id='", "-"}, {" id=\"", " id=\"", "-"}, {"xlink:href='#", "href='#", "-"}, {"url(#", "url(#", "-"}};

static size_t add_reference(struct text *out, const char *at, const char *id)
{
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++)
        if (strncmp(at, references[i].from, strlen(references[i].from)) == 0) {
            text_format(out, "%s%s%s", references[i].before, id, references[i].after);
            return strlen(references[i].from);
        }
    return 0;
}

char *chart_svg(const char *svg, const char *id, const char *title, const char *alt)
{
    struct text out = {0};
    const char *open = strstr(svg, "<svg"), *view = open ? strstr(open, "viewBox=\"") : NULL;
    const char *at = view ? strchr(view, '>') : NULL;
    if (!at)
        return NULL;
    int width = 0, height = 0;
    sscanf(view, "viewBox=\"0 0 %d %d", &width, &height);
    text_format(&out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-title %s-alt\">\n", width, height,
                id, id);
    text_format(&out, "<title id=\"%s-title\">", id);
    html_words(&out, title);
    text_format(&out, "</title>\n<desc id=\"%s-alt\">", id);
    html_words(&out, alt);
    text_add(&out, "</desc>");
    for (at++; *at;) {
        int role;
        size_t length = unwanted(at);
        if (length == 0 && (length = read_colour(at, &role)) > 0)
            text_format(&out, "var(%s)", variables[role]);
        if (length == 0)
            length = add_reference(&out, at, id);
        if (length == 0) {
            text_add_bytes(&out, at, 1);
            length = 1;
        }
        at += length;
    }
    text_add(&out, "\n");
    return text_take(&out);
}
