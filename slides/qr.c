#include "slides/qr.h"

#include <math.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "slides/contrast.h"

enum { QUIET = 4, MODULES_MOST = 41, MODULE_LEAST = 6 };

struct qr {
    QRcode *code;
};

static QRcode *encode(const char *text, QRecLevel level)
{
    return QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, level);
}

/* The best level that needs no more modules than M does. */
static QRcode *best(const char *text)
{
    static const QRecLevel better[] = {QR_ECLEVEL_H, QR_ECLEVEL_Q};
    QRcode *code = encode(text, QR_ECLEVEL_M);
    for (size_t i = 0; code && i < 2; i++) {
        QRcode *stronger = encode(text, better[i]);
        if (stronger && stronger->version == code->version) {
            QRcode_free(code);
            return stronger;
        }
        QRcode_free(stronger);
    }
    return code;
}

enum status qr_make(const char *text, const char *file, int line, struct qr **qr, struct diags *diags)
{
    *qr = calloc(1, sizeof **qr);
    if (*qr)
        (*qr)->code = *text ? best(text) : NULL;
    if (*qr && (*qr)->code && (*qr)->code->width <= MODULES_MOST)
        return STATUS_OK;
    diags_error(diags, file, line, "Use a shorter address.", "an address of %zu characters does not fit a QR code",
                strlen(text));
    qr_free(*qr);
    *qr = NULL;
    return STATUS_BAD_INPUT;
}

void qr_free(struct qr *qr)
{
    if (!qr)
        return;
    QRcode_free(qr->code);
    free(qr);
}

static double module_of(const struct qr *qr, const struct paint *paint, double wished)
{
    int modules = qr->code->width + 2 * QUIET;
    return fmax(ceil(MODULE_LEAST * paint->style->unit), floor(wished / modules));
}

double qr_side(const struct qr *qr, const struct paint *paint, double wished)
{
    return module_of(qr, paint, wished) * (qr->code->width + 2 * QUIET);
}

/* The theme's darkest colour, black where that is not dark. */
static struct color dark_of(const struct paint *paint)
{
    struct color dark = paint_color(paint, paint->style->dark ? ROLE_BACKGROUND : ROLE_TEXT);
    const struct color white = {1, 1, 1}, black = {0, 0, 0};
    return color_contrast(dark, white) >= 10 ? dark : black;
}

/* Runs of dark modules are one rectangle. */
static void add_row(const struct qr *qr, cairo_t *cairo, int row, double x, double y, double module)
{
    const unsigned char *cells = qr->code->data + row * qr->code->width;
    for (int i = 0, run; i < qr->code->width; i += run) {
        for (run = 1; i + run < qr->code->width && (cells[i + run] & 1) == (cells[i] & 1);)
            run++;
        if (cells[i] & 1)
            cairo_rectangle(cairo, x + (i + QUIET) * module, y + (row + QUIET) * module, run * module, module);
    }
}

void qr_draw(const struct qr *qr, struct paint *paint, double x, double y, double wished)
{
    cairo_t *cairo = paint->cairo;
    double module = module_of(qr, paint, wished), side = qr_side(qr, paint, wished);
    struct color dark = dark_of(paint);
    x = floor(x);
    y = floor(y);
    cairo_save(cairo);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    paint_round_box(paint, (struct box){x, y, side, side}, 2 * module);
    cairo_fill(cairo);
    cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
    cairo_set_source_rgb(cairo, dark.r, dark.g, dark.b);
    for (int row = 0; row < qr->code->width; row++)
        add_row(qr, cairo, row, x, y, module);
    cairo_fill(cairo);
    cairo_restore(cairo);
}
