#include <math.h>
#include <stdlib.h>

#include "base/process.h"
#include "slides/contact.h"
#include "slides/export.h"
#include "slides/export_words.h"

enum { CELL = 360 }; /* a slide as wide as a phone shows it */

enum status export_sheet(const struct export_input *input, struct text *png, struct diags *diags)
{
    const struct pages *pages = input->pages;
    const struct canvas *canvas = &pages->styles[0]->canvas;
    struct contact_cell *cells = calloc(pages->count + 1, sizeof *cells);
    char(*labels)[24] = calloc(pages->count + 1, sizeof *labels);
    double begun = process_now();
    char *title = pages->deck->title ? NULL : export_title(pages, 0);
    if (!cells || !labels) {
        free(cells);
        free(labels);
        free(title);
        diags_error(diags, pages->deck->file, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < pages->count; i++) {
        snprintf(labels[i], sizeof labels[i], "%zu", i + 1);
        cells[i] = (struct contact_cell){pages, i, labels[i]};
    }
    /* About as wide as it is high. */
    double ratio = canvas->height / canvas->width;
    size_t columns = (size_t)fmin((double)pages->count, fmax(2, round(sqrt((double)pages->count * ratio * 1.2))));
    struct contact contact = {.title = pages->deck->title ? pages->deck->title
                                       : title            ? title
                                                          : "",
                              .subtitle = pages->deck->description,
                              .cells = cells,
                              .count = pages->count,
                              .columns = columns > 0 ? columns : 1,
                              .cell_width = CELL,
                              .cell_height = CELL * ratio,
                              .style = pages->styles[0]};
    enum status status = contact_png(&contact, png, diags);
    if (input->times) {
#pragma omp atomic
        input->times->others += process_now() - begun;
    }
    free(cells);
    free(labels);
    free(title);
    return status;
}
