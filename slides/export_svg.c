#include <cairo-svg.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "slides/export.h"
#include "slides/export_words.h"

static cairo_status_t add(void *context, const unsigned char *bytes, unsigned length)
{
    struct text *svg = context;
    text_add_bytes(svg, (const char *)bytes, length);
    return svg->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

/* cairo numbers surfaces over the whole process ("surface123"), by which thread came first; here they are numbered as
 * they stand in the file. */
struct numbers {
    unsigned long *seen;
    size_t count;
};

static size_t number_of(struct numbers *numbers, unsigned long seen)
{
    for (size_t i = 0; i < numbers->count; i++)
        if (numbers->seen[i] == seen)
            return i + 1;
    unsigned long *more = realloc(numbers->seen, (numbers->count + 1) * sizeof *more);
    if (!more)
        return 0;
    numbers->seen = more;
    numbers->seen[numbers->count] = seen;
    return ++numbers->count;
}

/* Only where cairo writes an id or refers to one: the words of a slide are outlines, never text. */
static void add_renumbered(struct text *svg, const char *from)
{
    static const char word[] = "surface";
    struct numbers numbers = {0};
    for (const char *at; (at = strstr(from, word)) != NULL;) {
        const char *digits = at + strlen(word);
        char *end;
        unsigned long seen = strtoul(digits, &end, 10);
        bool is_id = at > from && strchr("\"#-", at[-1]) && *digits >= '0' && *digits <= '9';
        text_add_bytes(svg, from, (size_t)(digits - from));
        if (is_id)
            text_format(svg, "%zu", number_of(&numbers, seen));
        from = is_id ? end : digits;
    }
    text_add(svg, from);
    free(numbers.seen);
}

static void add_element(struct text *svg, const char *name, const char *words)
{
    char *escaped = g_markup_escape_text(words ? words : "", -1);
    text_format(svg, "<%s>%s</%s>\n", name, escaped, name);
    g_free(escaped);
}

/* <svg ... role="img" xml:lang="en">, with title and description as its first children. */
static void finish(const struct pages *pages, size_t index, const char *drawn, struct text *svg)
{
    const char *open = strstr(drawn, "<svg"), *close = open ? strchr(open, '>') : NULL;
    char *title = export_title(pages, index), *alt = export_alt(pages, index);
    char *lang = g_markup_escape_text(pages->deck->lang ? pages->deck->lang : "en", -1);
    if (close) {
        text_add_bytes(svg, drawn, (size_t)(close - drawn));
        text_format(svg, " role=\"img\" xml:lang=\"%s\">\n", lang);
        add_element(svg, "title", title);
        add_element(svg, "desc", alt);
        add_renumbered(svg, close + 1 + (close[1] == '\n'));
    }
    g_free(lang);
    free(title);
    free(alt);
}

enum status export_svg(const struct export_input *input, size_t index, struct text *svg, struct diags *diags)
{
    const struct pages *pages = input->pages;
    const struct canvas *canvas = &pages->items[index].style->canvas;
    double begun = process_now();
    struct text drawn = {0};
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(add, &drawn, canvas->width, canvas->height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    cairo_t *cairo = cairo_create(surface);
    pages_draw(pages, index, cairo, NULL, diags);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status == CAIRO_STATUS_SUCCESS && drawn.bytes)
        finish(pages, index, drawn.bytes, svg);
    text_free(&drawn);
    if (input->times) {
#pragma omp atomic
        input->times->others += process_now() - begun;
    }
    if (svg->length > 0 && !svg->failed)
        return STATUS_OK;
    diags_error(diags, pages->deck->file, 0, NULL, "slide %zu could not be drawn as SVG: %s", index + 1,
                cairo_status_to_string(status));
    return STATUS_FAILED;
}
