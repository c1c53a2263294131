#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/export.h"
#include "slides/export_words.h"

/* Escaped for an element or for an attribute in quotes. */
static void add_escaped(struct text *html, const char *words)
{
    char *escaped = g_markup_escape_text(words ? words : "", -1);
    text_add(html, escaped);
    g_free(escaped);
}

static void add_color(struct text *html, const char *name, struct color color)
{
    text_format(html, "--%s:#%02x%02x%02x;", name, (unsigned)lround(255 * color.r), (unsigned)lround(255 * color.g),
                (unsigned)lround(255 * color.b));
}

/* The deck's own colours; no script, no file beside this one. */
static void add_style(struct text *html, const struct style *style)
{
    const struct color *colors = style->theme.colors;
    text_add(html, "<style>\n:root{");
    add_color(html, "back", colors[ROLE_BACKGROUND]);
    add_color(html, "surface", colors[ROLE_SURFACE]);
    add_color(html, "text", colors[ROLE_TEXT]);
    add_color(html, "muted", colors[ROLE_MUTED]);
    add_color(html, "accent", colors[ROLE_ACCENT]);
    add_color(html, "line", colors[ROLE_LINE]);
    text_add(html, "}\n"
                   "body{margin:0;background:var(--back);color:var(--text);font:17px/1.5 ");
    text_format(html, "'%s',", style->type.body);
    text_add(html, "system-ui,sans-serif}\n"
                   "header,main{max-width:1200px;margin:0 auto;padding:24px}\n"
                   "h1{font-size:2rem;line-height:1.15;margin:24px 0 8px;text-wrap:balance}\n"
                   "header p,.alt{color:var(--muted)}\n"
                   "article{display:grid;grid-template-columns:minmax(240px,420px) 1fr;gap:32px;padding:32px 0;"
                   "border-top:1px solid var(--line)}\n"
                   "@media(max-width:720px){article{grid-template-columns:1fr}}\n"
                   "img{width:100%;height:auto;border-radius:8px;border:1px solid var(--line);box-sizing:border-box}\n"
                   "h2{font-size:1.2rem;margin:0 0 12px}\nh2 a{color:var(--accent);text-decoration:none}\n"
                   "h3{font-size:.95rem;margin:20px 0 4px}\n"
                   ".notes{background:var(--surface);padding:12px 16px;border-radius:8px}\n"
                   "p{margin:0}\n.notes p+p{margin-top:8px}\n"
                   "</style>\n");
}

/* An empty line ends a paragraph. */
static void add_paragraphs(struct text *html, const char *words)
{
    char *copy = strdup(words), *rest = copy;
    while (rest && *rest) {
        char *end = strstr(rest, "\n\n"), *next = end ? end + strspn(end, "\n") : NULL;
        if (end)
            *end = '\0';
        text_add(html, "<p>");
        add_escaped(html, rest);
        text_add(html, "</p>\n");
        rest = next;
    }
    free(copy);
}

static void add_slide(const struct export_input *input, size_t index, struct text *html)
{
    const struct pages *pages = input->pages;
    const struct canvas *canvas = &pages->items[index].style->canvas;
    const char *notes = pages->items[index].slide->slide->notes;
    char *title = export_title(pages, index), *alt = export_alt(pages, index);
    char *bytes = g_base64_encode((const guchar *)input->pngs[index].bytes, input->pngs[index].length);
    text_format(html, "<article id=\"slide-%zu\">\n<img width=\"%.0f\" height=\"%.0f\" alt=\"", index + 1,
                canvas->width, canvas->height);
    add_escaped(html, alt);
    text_format(html, "\" src=\"data:image/png;base64,%s\">\n<div>\n<h2><a href=\"#slide-%zu\">%zu</a> ", bytes,
                index + 1, index + 1);
    add_escaped(html, title);
    text_add(html, "</h2>\n<h3>Alt text</h3>\n<p class=\"alt\">");
    add_escaped(html, alt);
    text_add(html, "</p>\n");
    if (notes) {
        text_add(html, "<h3>Notes</h3>\n<div class=\"notes\">\n");
        add_paragraphs(html, notes);
        text_add(html, "</div>\n");
    }
    text_add(html, "</div>\n</article>\n");
    g_free(bytes);
    free(title);
    free(alt);
}

enum status export_html(const struct export_input *input, struct text *html, struct diags *diags)
{
    const struct pages *pages = input->pages;
    const struct deck *deck = pages->deck;
    char *first = export_title(pages, 0);
    const char *title = deck->title ? deck->title : first ? first : "";
    text_add(html, "<!DOCTYPE html>\n<html lang=\"");
    add_escaped(html, deck->lang ? deck->lang : "en");
    text_add(html, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    add_escaped(html, title);
    text_add(html, "</title>\n");
    add_style(html, pages->styles[0]);
    text_add(html, "</head>\n<body>\n<header>\n<h1>");
    add_escaped(html, title);
    text_add(html, "</h1>\n<p>");
    add_escaped(html, deck->description);
    text_format(html, "</p>\n<p>%zu slides%s%.10s</p>\n</header>\n<main>\n", pages->count, input->date ? ", " : "",
                input->date ? input->date : "");
    for (size_t i = 0; i < pages->count; i++)
        add_slide(input, i, html);
    text_add(html, "</main>\n</body>\n</html>\n");
    free(first);
    if (!html->failed)
        return STATUS_OK;
    diags_error(diags, deck->file, 0, NULL, "out of memory");
    return STATUS_NO_MEMORY;
}
