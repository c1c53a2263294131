/* render.h - the whole way from a deck and records to files. */
#ifndef SLIDES_RENDER_H
#define SLIDES_RENDER_H

#include "harness/record.h"
#include "slides/deck.h"
#include "slides/export.h"

/* Where the time of one rendering went, in seconds of the wall clock but for `drawing`. */
struct render_times {
    double bind;     /* texts, numbers, pictures' data */
    double layout;   /* styles, fit, the rehearsal, without `charts` */
    double charts;   /* gnuplot */
    size_t pictures; /* that gnuplot drew */
    double export;   /* all formats, side by side */
    double write;
    struct export_times drawing; /* inside `export`: summed over the threads */
};

struct render_options {
    const char *size, *theme, *type, *brand; /* NULL: as the deck says, else the defaults */
    const char *text_size;                   /* S, M, L or XL */
    const char *pdf;                         /* file to write, or NULL */
    const char *png_folder;                  /* gets slide-01.png ...; or NULL */
    const char *out;                         /* folder of all other formats' files; NULL: the working folder */
    unsigned formats;                        /* besides pdf and png_folder: bits, 1u << EXPORT_ZIP ... (export.h) */
    bool allow_stale;
    bool fix_contrast;          /* mend colours that cannot be read, and say how */
    bool guides;                /* draw the canvas's insets over every slide */
    bool check_only;            /* everything but drawing and writing */
    int threads;                /* slides drawn side by side; 0: all cores */
    struct render_times *times; /* filled; may be NULL */
};

/* What of the options the pages' looks come from. */
struct pages_look render_look(const struct render_options *options);

/* Parses nothing: takes a deck that was read. Checks everything first (bindings, styles, fonts, fit, contrast,
 * pictures); writes nothing when anything is wrong. Files are written to temporary names and renamed. */
enum status deck_render(const struct deck *deck, const struct record *const *records, size_t record_count,
                        const struct render_options *options, struct diags *diags);

/* The day that files carry: that of SOURCE_DATE_EPOCH where it is set, else of the newest record, in ISO 8601 (at most
 * 40 bytes); NULL: there is none. */
const char *render_date(const struct record *const *records, size_t count, char date[40]);

/* Prints every number on every slide: slide, text shown, key, kind, record, device, date, commit, samples. */
enum status deck_explain(const struct deck *deck, const struct record *const *records, size_t record_count,
                         bool allow_stale, FILE *stream, struct diags *diags);

#endif
