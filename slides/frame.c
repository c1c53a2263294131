#include "slides/frame.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "slides/escape.h"
#include "slides/pattern.h"

/* Measures from the page's top and foot, for a 1080 short side. */
enum { HEADER_TOP = 64, MARK = 44, HEADER_BASE = 97, ROOM_TOP = 152, RULE = 100, FOOT_BASE = 52, SOURCE_BASE = 128 };
enum { BADGE = 48, BADGE_GAP = 20, ROOM_FOOT = 64 };

static struct text_style small_style(const struct sheet *sheet, double size, int weight, enum role role)
{
    return (struct text_style){
        .face = FACE_BODY, .size = sheet_px(sheet, size), .weight = weight, .role = role, .tabular = true};
}

static double foot(const struct sheet *sheet)
{
    return sheet->page.y + sheet->page.h;
}

/* The caption beside a lone badge is the picture's. */
static const char *caption_of(const struct sheet *sheet)
{
    const struct ready_block *visual = sheet->content->main.visual;
    return visual && visual->picture ? picture_caption(visual->picture) : NULL;
}

static double badge_width(const struct sheet *sheet, enum kind kind)
{
    struct text_style style = small_style(sheet, 28, 500, ROLE_ACCENT);
    return paint_text_size(sheet->paint, &style, kind_name(kind), -1).width + sheet_px(sheet, 48);
}

static struct text_style source_style(const struct sheet *sheet)
{
    struct text_style style = small_style(sheet, 28, 400, ROLE_MUTED);
    style.line_height = 1.3;
    return style;
}

/* A row of its own for each kind: badge, and the source beside it. With one kind and a picture that has a caption, the
 * caption stands beside the badge and the source below. */
struct source_row {
    enum kind kind;
    const char *beside, *below; /* may be NULL */
    double height, beside_x;
};

static struct text_size plain_size(const struct sheet *sheet, const struct text_style *style, const char *text,
                                   double width)
{
    char *markup = escaped_markup(text);
    struct text_size size = paint_text_size(sheet->paint, style, markup ? markup : "", width);
    free(markup);
    return size;
}

static void draw_plain(const struct sheet *sheet, const struct text_style *style, const char *text, double x, double y,
                       double width)
{
    char *markup = escaped_markup(text);
    if (markup)
        sheet_check_width(sheet, paint_text(sheet->paint, style, markup, x, y, width).width, width,
                          "a word of the sources");
    free(markup);
}

static void draw_plain_baseline(const struct sheet *sheet, const struct text_style *style, const char *text, double x,
                                double y, double width)
{
    char *markup = escaped_markup(text);
    if (markup)
        paint_text_baseline(sheet->paint, style, markup, x, y, width);
    free(markup);
}

static int source_rows(const struct sheet *sheet, struct source_row rows[4])
{
    const struct source_line *lines = sheet->sources;
    struct text_style style = source_style(sheet);
    int count = sheet->source_count;
    const char *caption = caption_of(sheet);
    for (int i = 0; i < count; i++) {
        struct source_row *row = &rows[i];
        bool captioned = count == 1 && caption && *caption;
        *row = (struct source_row){.kind = lines[i].kind, .beside = captioned ? caption : lines[i].text};
        row->below = captioned ? lines[i].text : NULL;
        row->beside_x = badge_width(sheet, row->kind) + sheet_px(sheet, 24);
        row->height = sheet_px(sheet, BADGE);
        if (row->beside)
            row->height =
                fmax(row->height, plain_size(sheet, &style, row->beside, sheet->page.w - row->beside_x).height);
        if (row->below)
            row->height += sheet_px(sheet, 12) + plain_size(sheet, &style, row->below, sheet->page.w).height;
    }
    return count;
}

static double sources_height(const struct sheet *sheet)
{
    struct source_row rows[4];
    int count = source_rows(sheet, rows);
    double height = 0;
    for (int i = 0; i < count; i++)
        height += rows[i].height + (i ? sheet_px(sheet, BADGE_GAP) : 0);
    return height;
}

void frame_measure(struct sheet *sheet)
{
    const struct canvas *canvas = &sheet->paint->style->canvas;
    double left = fmax(sheet_px(sheet, 80), canvas->inset_left), right = fmax(sheet_px(sheet, 80), canvas->inset_right);
    sheet->page = (struct box){left, canvas->inset_top, canvas->width - left - right,
                               canvas->height - canvas->inset_top - canvas->inset_bottom};
    sheet->wide = canvas->width >= 1.3 * canvas->height;
    double sources = sources_height(sheet);
    double top = sheet->page.y + sheet_px(sheet, ROOM_TOP);
    double bottom = foot(sheet) - sheet_px(sheet, sources > 0 ? SOURCE_BASE - 8 : RULE + 40) - sources -
                    (sources > 0 ? sheet_px(sheet, 36) : 0);
    sheet->room = (struct box){sheet->page.x, top, sheet->page.w, bottom - top};
}

void frame_ground(const struct sheet *sheet, const char *pattern)
{
    paint_role(sheet->paint, ROLE_BACKGROUND);
    cairo_paint(sheet->paint->cairo);
    if (pattern)
        pattern_draw(sheet->paint, pattern);
    const struct ready_block *background = sheet->content->background;
    const struct canvas *canvas = &sheet->paint->style->canvas;
    if (background && background->image)
        image_draw(background->image, sheet->paint, (struct box){0, 0, canvas->width, canvas->height});
}

void frame_header(const struct sheet *sheet)
{
    struct paint *paint = sheet->paint;
    const struct brand *brand = &paint->style->brand;
    double x = sheet->page.x, top = sheet->page.y + sheet_px(sheet, HEADER_TOP), size = sheet_px(sheet, MARK);
    double base = sheet->page.y + sheet_px(sheet, HEADER_BASE);
    struct text_style mark = small_style(sheet, 28, 800, ROLE_ON_ACCENT);
    struct text_style name = small_style(sheet, 30, 600, ROLE_TEXT);
    struct text_style count = small_style(sheet, 28, 500, ROLE_MUTED);
    char number[32];
    mark.align = ALIGN_CENTER;
    count.align = ALIGN_RIGHT;
    mark.face = FACE_HEADING;
    paint_role(paint, ROLE_ACCENT);
    paint_round_box(paint, (struct box){x, top, size, size}, sheet_px(sheet, 12));
    cairo_fill(paint->cairo);
    if (brand->mark)
        draw_plain_baseline(sheet, &mark, brand->mark, x, top + size * 0.73, size);
    if (brand->name)
        draw_plain_baseline(sheet, &name, brand->name, x + size + sheet_px(sheet, 18), base, -1);
    snprintf(number, sizeof number, "%d / %d", sheet->index + 1, sheet->total);
    double left = size + sheet_px(sheet, 18) + (brand->name ? plain_size(sheet, &name, brand->name, -1).width : 0);
    double right = sheet->paginate ? sheet_px(sheet, 32) + paint_text_size(paint, &count, number, -1).width : 0;
    sheet_check_width(sheet, left, sheet->page.w - right, "the brand's name");
    if (brand->mark)
        sheet_check_width(sheet, plain_size(sheet, &mark, brand->mark, -1).width, size, "the brand's mark");
    if (sheet->paginate)
        paint_text_baseline(paint, &count, number, sheet->page.x + sheet->page.w, base, 0);
}

static void draw_badge(const struct sheet *sheet, enum kind kind, double x, double y)
{
    struct paint *paint = sheet->paint;
    struct text_style style = small_style(sheet, 28, 500, ROLE_ACCENT);
    double height = sheet_px(sheet, BADGE), width = badge_width(sheet, kind), stroke = sheet_px(sheet, 2.5);
    style.align = ALIGN_CENTER;
    paint_role(paint, ROLE_ACCENT);
    cairo_set_line_width(paint->cairo, stroke);
    paint_round_box(paint, (struct box){x + stroke / 2, y + stroke / 2, width - stroke, height - stroke}, height / 2);
    cairo_stroke(paint->cairo);
    paint_text_baseline(paint, &style, kind_name(kind), x, y + height * 0.69, width);
}

void frame_sources(const struct sheet *sheet)
{
    struct source_row rows[4];
    int count = source_rows(sheet, rows);
    struct text_style style = source_style(sheet);
    double y = foot(sheet) - sheet_px(sheet, SOURCE_BASE - 8) - sources_height(sheet);
    for (int i = 0; i < count; i++) {
        const struct source_row *row = &rows[i];
        double x = sheet->page.x, beside = 0;
        paint_tag_begin(sheet->paint, "P", NULL);
        draw_badge(sheet, row->kind, x, y);
        if (row->beside) {
            beside = plain_size(sheet, &style, row->beside, sheet->page.w - row->beside_x).height;
            double down = fmax(0, (sheet_px(sheet, BADGE) - beside) / 2);
            draw_plain(sheet, &style, row->beside, x + row->beside_x, y + down, sheet->page.w - row->beside_x);
        }
        if (row->below)
            draw_plain(sheet, &style, row->below, x, y + fmax(sheet_px(sheet, BADGE), beside) + sheet_px(sheet, 12),
                       sheet->page.w);
        paint_tag_end(sheet->paint, "P");
        y += row->height + sheet_px(sheet, BADGE_GAP);
    }
}

/* Half the width of what shows the progress. */
static double progress_reach(const struct sheet *sheet)
{
    return sheet->total > 20 ? sheet_px(sheet, 180) : sheet_px(sheet, 26) * (sheet->total - 1) / 2 + sheet_px(sheet, 7);
}

/* One dot a slide; a bar where dots would be too many. */
static void draw_progress(const struct sheet *sheet, double middle, double y)
{
    cairo_t *cairo = sheet->paint->cairo;
    double gap = sheet_px(sheet, 26), left = middle - gap * (sheet->total - 1) / 2;
    if (sheet->total > 20) {
        struct box bar = {middle - progress_reach(sheet), y - sheet_px(sheet, 3), sheet_px(sheet, 360),
                          sheet_px(sheet, 6)};
        paint_role(sheet->paint, ROLE_LINE);
        paint_round_box(sheet->paint, bar, bar.h);
        cairo_fill(cairo);
        bar.w *= (sheet->index + 1.0) / sheet->total;
        paint_role(sheet->paint, ROLE_ACCENT);
        paint_round_box(sheet->paint, bar, bar.h);
        cairo_fill(cairo);
        return;
    }
    for (int i = 0; i < sheet->total; i++) {
        bool current = i == sheet->index;
        paint_role(sheet->paint, current ? ROLE_ACCENT : ROLE_LINE);
        cairo_arc(cairo, left + i * gap, y, sheet_px(sheet, current ? 7 : 5), 0, 2 * M_PI);
        cairo_fill(cairo);
    }
}

void frame_footer(const struct sheet *sheet)
{
    struct paint *paint = sheet->paint;
    double left = sheet->page.x, right = left + sheet->page.w, base = foot(sheet) - sheet_px(sheet, FOOT_BASE);
    double line = foot(sheet) - sheet_px(sheet, RULE), middle = base - sheet_px(sheet, 10);
    struct text_style style = small_style(sheet, 28, 500, ROLE_MUTED);
    const char *handle = paint->style->brand.handle;
    paint_role(paint, ROLE_LINE);
    cairo_rectangle(paint->cairo, left, line - sheet_px(sheet, 1), right - left, sheet_px(sheet, 2));
    cairo_fill(paint->cairo);
    if (handle) {
        draw_plain_baseline(sheet, &style, handle, left, base, -1);
        sheet_check_width(sheet, plain_size(sheet, &style, handle, -1).width,
                          (right - left) / 2 - progress_reach(sheet) - sheet_px(sheet, 16), "the brand's handle");
    }
    draw_progress(sheet, (left + right) / 2, middle);
    if (sheet->index + 1 < sheet->total)
        paint_arrow(paint, right - sheet_px(sheet, 56), middle, right - sheet_px(sheet, 3), middle, sheet_px(sheet, 5),
                    ROLE_ACCENT);
}
