/* qr.h - a QR code (libqrencode), drawn as vectors that a camera reads from a phone's screen. */
#ifndef SLIDES_QR_H
#define SLIDES_QR_H

#include "slides/paint.h"

struct qr; /* opaque */

/* Error correction of level M or better (as much as its size allows for nothing). Texts that need more than 41 modules
 * a side, about 100 characters, are an error: their modules would be too small. */
enum status qr_make(const char *text, const char *file, int line, struct qr **qr, struct diags *diags);
void qr_free(struct qr *qr);

/* The side of the code with its quiet zone of four modules, whole pixels: about `wished`, and never so small that a
 * module has less than 6 pixels of a 1080 short side. */
double qr_side(const struct qr *qr, const struct paint *paint, double wished);
/* Dark modules on white, whatever the theme, at whole pixels. The quiet zone is part of it. */
void qr_draw(const struct qr *qr, struct paint *paint, double x, double y, double wished);

#endif
