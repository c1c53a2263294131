/* png.h - a drawn surface as a PNG file. */
#ifndef SLIDES_PNG_H
#define SLIDES_PNG_H

#include <cairo.h>

#include "base/diag.h"
#include "base/status.h"
#include "base/text.h"

/* `surface` is an image of CAIRO_FORMAT_RGB24. The file says that its colours are sRGB. `photo`: it holds pixels of a
 * picture, which compress by their neighbours; drawings compress better as they are, and in half the time. */
enum status png_encode(cairo_surface_t *surface, bool photo, struct text *png, struct diags *diags);

#endif
