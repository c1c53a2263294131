/* paint.c - colours, boxes, arrows and structure tags; text is in paint_text.c. */
#include "slides/paint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct color paint_color(const struct paint *paint, enum role role)
{
    return paint->style->theme.colors[role];
}

void paint_role(struct paint *paint, enum role role)
{
    struct color color = paint_color(paint, role);
    cairo_set_source_rgb(paint->cairo, color.r, color.g, color.b);
}

void paint_round_box(struct paint *paint, struct box box, double radius)
{
    cairo_t *cairo = paint->cairo;
    double most = fmin(box.w, box.h) / 2;
    double r = radius < most ? radius : most;
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, box.x + box.w - r, box.y + r, r, -M_PI / 2, 0);
    cairo_arc(cairo, box.x + box.w - r, box.y + box.h - r, r, 0, M_PI / 2);
    cairo_arc(cairo, box.x + r, box.y + box.h - r, r, M_PI / 2, M_PI);
    cairo_arc(cairo, box.x + r, box.y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(cairo);
}

void paint_fill_round(struct paint *paint, struct box box, double radius, enum role role)
{
    paint_role(paint, role);
    paint_round_box(paint, box, radius);
    cairo_fill(paint->cairo);
}

void paint_rule(struct paint *paint, double x, double y, double width, enum role role)
{
    double unit = paint->style->unit;
    paint_role(paint, role);
    cairo_rectangle(paint->cairo, x, y - unit, width, 2 * unit);
    cairo_fill(paint->cairo);
}

void paint_arrow(struct paint *paint, double x0, double y0, double x1, double y1, double stroke, enum role role)
{
    cairo_t *cairo = paint->cairo;
    double angle = atan2(y1 - y0, x1 - x0), length = hypot(x1 - x0, y1 - y0);
    double head = fmin(3.2 * stroke, length / 2), open = 0.75;
    cairo_save(cairo);
    paint_role(paint, role);
    cairo_set_line_width(cairo, stroke);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_move_to(cairo, x0, y0);
    cairo_line_to(cairo, x1, y1);
    cairo_move_to(cairo, x1 - head * cos(angle - open), y1 - head * sin(angle - open));
    cairo_line_to(cairo, x1, y1);
    cairo_line_to(cairo, x1 - head * cos(angle + open), y1 - head * sin(angle + open));
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

void paint_alts_free(struct paint_alts *alts)
{
    for (size_t i = 0; i < alts->count; i++)
        free(alts->texts[i]);
    free(alts->texts);
    *alts = (struct paint_alts){0};
}

static void note_alt(struct paint *paint, const char *alt)
{
    struct paint_alts *alts = paint->alts;
    char **texts = alts ? realloc(alts->texts, (alts->count + 1) * sizeof *texts) : NULL;
    if (!texts)
        return;
    alts->texts = texts;
    alts->texts[alts->count++] = strdup(alt ? alt : "");
}

void placed_free(struct placed_list *list)
{
    free(list->items);
    *list = (struct placed_list){0};
}

void paint_note(struct paint *paint, const struct placed *placed)
{
    struct placed_list *list = paint->placed;
    struct placed *items = list ? realloc(list->items, (list->count + 1) * sizeof *items) : NULL;
    if (!items)
        return;
    list->items = items;
    items[list->count] = *placed;
    items[list->count++].slot = paint->slot ? paint->slot : "";
}

void paint_tag_begin(struct paint *paint, const char *tag, const char *alt)
{
    if (!paint->tagged)
        return;
    if (strcmp(tag, "Figure") == 0)
        note_alt(paint, alt);
    cairo_tag_begin(paint->cairo, tag, NULL);
}

void paint_tag_end(struct paint *paint, const char *tag)
{
    if (paint->tagged)
        cairo_tag_end(paint->cairo, tag);
}

/* cairo's attributes are quoted with ', and \\ escapes. */
void paint_link_begin(struct paint *paint, const char *url)
{
    struct text attributes = {0};
    if (!paint->tagged)
        return;
    text_add(&attributes, "uri='");
    for (const char *at = url; *at; at++)
        text_format(&attributes, "%s%c", *at == '\'' || *at == '\\' ? "\\" : "", *at);
    text_add(&attributes, "'");
    cairo_tag_begin(paint->cairo, CAIRO_TAG_LINK, attributes.bytes ? attributes.bytes : "uri=''");
    text_free(&attributes);
}

void paint_link_end(struct paint *paint)
{
    if (paint->tagged)
        cairo_tag_end(paint->cairo, CAIRO_TAG_LINK);
}
