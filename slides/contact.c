#include "slides/contact.h"

#include <math.h>
#include <stdlib.h>

#include "slides/escape.h"
#include "slides/png.h"

enum { MARGIN = 56, APART = 28, TITLE = 44, SUBTITLE = 22, LABEL = 19, ROW_LABEL = 40, HEAD = 44 };

struct grid {
    double *feet; /* y at which the slides of a row stand; owned */
    double heads; /* y of the words over the columns */
    double step_x;
    double width, height; /* of the sheet */
};

static double scale_of(const struct contact *contact, const struct contact_cell *cell)
{
    const struct canvas *canvas = &cell->pages->items[cell->index].style->canvas;
    return fmin(contact->cell_width / canvas->width, contact->cell_height / canvas->height);
}

static double row_height(const struct contact *contact, size_t row)
{
    double height = 0;
    for (size_t i = row * contact->columns; i < contact->count && i < (row + 1) * contact->columns; i++) {
        const struct contact_cell *cell = &contact->cells[i];
        if (cell->pages)
            height = fmax(height, cell->pages->items[cell->index].style->canvas.height * scale_of(contact, cell));
    }
    return height;
}

/* False when out of memory. */
static bool grid_of(const struct contact *contact, struct grid *grid)
{
    size_t rows = (contact->count + contact->columns - 1) / contact->columns;
    *grid = (struct grid){.feet = calloc(rows + 1, sizeof *grid->feet), .step_x = contact->cell_width + APART};
    if (!grid->feet)
        return false;
    grid->heads = MARGIN + TITLE * 1.3 + (contact->subtitle ? SUBTITLE * 1.6 : 0) + APART + 8;
    double y = grid->heads - 8 + (contact->heads ? HEAD : 0);
    for (size_t row = 0; row < rows; row++) {
        grid->feet[row] = y + row_height(contact, row);
        y = grid->feet[row] + ROW_LABEL + APART;
    }
    grid->width = 2 * MARGIN + (double)contact->columns * grid->step_x - APART;
    grid->height = y - APART + MARGIN;
    return true;
}

static void draw_words(struct paint *paint, const struct text_style *style, const char *words, double x, double y,
                       double width)
{
    char *markup = escaped_markup(words);
    if (markup)
        paint_text(paint, style, markup, x, y, width);
    free(markup);
}

static void draw_heads(const struct contact *contact, const struct grid *grid, struct paint *paint)
{
    const struct text_style title = {.face = FACE_HEADING, .size = TITLE, .weight = 800, .role = ROLE_TEXT};
    const struct text_style subtitle = {.face = FACE_BODY, .size = SUBTITLE, .weight = 400, .role = ROLE_MUTED};
    const struct text_style head = {.face = FACE_BODY, .size = LABEL, .weight = 700, .role = ROLE_TEXT};
    draw_words(paint, &title, contact->title, MARGIN, MARGIN, grid->width - 2 * MARGIN);
    if (contact->subtitle)
        draw_words(paint, &subtitle, contact->subtitle, MARGIN, MARGIN + TITLE * 1.3, grid->width - 2 * MARGIN);
    for (size_t i = 0; contact->heads && i < contact->columns; i++)
        draw_words(paint, &head, contact->heads[i], MARGIN + (double)i * grid->step_x, grid->heads,
                   contact->cell_width);
}

/* Slides of unlike shapes stand on one line. */
static void draw_slide(const struct contact_cell *cell, struct paint *paint, double scale, double x, double foot,
                       struct diags *diags)
{
    const struct canvas *canvas = &cell->pages->items[cell->index].style->canvas;
    double w = canvas->width * scale, h = canvas->height * scale;
    struct box place = {x, foot - h, w, h};
    cairo_t *cairo = paint->cairo;
    cairo_save(cairo);
    paint_round_box(paint, place, 8);
    cairo_clip(cairo);
    cairo_translate(cairo, place.x, place.y);
    cairo_scale(cairo, scale, scale);
    pages_draw(cell->pages, cell->index, cairo, NULL, diags);
    cairo_restore(cairo);
    paint_role(paint, ROLE_LINE);
    cairo_set_line_width(cairo, 1);
    paint_round_box(paint, place, 8);
    cairo_stroke(cairo);
}

static void draw_cell(const struct contact *contact, const struct grid *grid, size_t index, struct paint *paint,
                      struct diags *diags)
{
    const struct text_style label = {.face = FACE_BODY, .size = LABEL, .weight = 500, .role = ROLE_MUTED};
    const struct contact_cell *cell = &contact->cells[index];
    double x = MARGIN + (double)(index % contact->columns) * grid->step_x;
    double foot = grid->feet[index / contact->columns];
    if (cell->pages)
        draw_slide(cell, paint, scale_of(contact, cell), x, foot, diags);
    if (cell->label)
        draw_words(paint, &label, cell->label, x, foot + 8, 0);
}

enum status contact_png(const struct contact *contact, struct text *png, struct diags *diags)
{
    struct grid grid;
    struct diags ignored = {0}; /* the slides' own were told when they were laid out */
    if (!grid_of(contact, &grid)) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(grid.width), (int)ceil(grid.height));
    cairo_t *cairo = cairo_create(surface);
    struct paint paint = {.cairo = cairo, .style = contact->style, .diags = diags};
    paint_role(&paint, ROLE_SURFACE);
    cairo_paint(cairo);
    draw_heads(contact, &grid, &paint);
    for (size_t i = 0; i < contact->count; i++)
        draw_cell(contact, &grid, i, &paint, &ignored);
    cairo_status_t drawn = cairo_status(cairo);
    cairo_destroy(cairo);
    enum status status = STATUS_FAILED;
    if (drawn == CAIRO_STATUS_SUCCESS)
        status = png_encode(surface, false, png, diags);
    else
        diags_error(diags, NULL, 0, "Show fewer slides on a sheet.", "the contact sheet could not be drawn: %s",
                    cairo_status_to_string(drawn));
    cairo_surface_destroy(surface);
    diags_free(&ignored);
    free(grid.feet);
    return status;
}
