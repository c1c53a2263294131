#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "slides/export.h"
#include "slides/export_words.h"

/* As MS-DOS packs it: no time zone in it, so it is the same everywhere. */
struct stamp {
    zip_uint16_t time, date;
};

/* The first day that a ZIP can name stands for "no date". */
static struct stamp stamp_of(const char *iso)
{
    int year = 1980, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    if (!iso || sscanf(iso, "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) < 3 ||
        year < 1980 || year > 2107 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 59) {
        year = 1980;
        month = day = 1;
        hour = minute = second = 0;
    }
    return (struct stamp){(zip_uint16_t)(hour << 11 | minute << 5 | second / 2),
                          (zip_uint16_t)((year - 1980) << 9 | month << 5 | day)};
}

/* `bytes` must live until the archive is closed. Pictures are stored as they are: they are compressed already. */
static bool add_file(zip_t *archive, const char *name, const char *bytes, size_t length, bool stored,
                     struct stamp stamp)
{
    zip_source_t *source = zip_source_buffer(archive, bytes, length, 0);
    zip_int64_t at = source ? zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0) {
        zip_source_free(source);
        return false;
    }
    zip_uint64_t index = (zip_uint64_t)at;
    return zip_set_file_compression(archive, index, stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 9) == 0 &&
           zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, 0100644u << 16) == 0 &&
           zip_file_set_dostime(archive, index, stamp.time, stamp.date, 0) == 0;
}

static char *alt_texts(const struct pages *pages)
{
    struct text text = {0};
    for (size_t i = 0; i < pages->count; i++) {
        char *alt = export_alt(pages, i);
        text_format(&text, "%sslide-%02zu.png\n%s\n", i ? "\n" : "", i + 1, alt ? alt : "");
        free(alt);
    }
    return text_take(&text);
}

static bool fill(zip_t *archive, const struct export_input *input, const char *caption, const char *alts)
{
    struct stamp stamp = stamp_of(input->date);
    bool good = add_file(archive, "caption.txt", caption, strlen(caption), false, stamp) &&
                add_file(archive, "alt-texts.txt", alts, strlen(alts), false, stamp);
    for (size_t i = 0; i < input->pages->count && good; i++) {
        char name[40];
        snprintf(name, sizeof name, "slide-%02zu.png", i + 1);
        good = add_file(archive, name, input->pngs[i].bytes, input->pngs[i].length, true, stamp);
    }
    return good;
}

/* What the closed archive has left in its buffer. */
static bool take(zip_source_t *buffer, struct text *zip)
{
    char piece[8192];
    zip_int64_t got = 0;
    if (zip_source_open(buffer) != 0)
        return false;
    while ((got = zip_source_read(buffer, piece, sizeof piece)) > 0)
        text_add_bytes(zip, piece, (size_t)got);
    zip_source_close(buffer);
    return got == 0 && !zip->failed;
}

enum status export_zip(const struct export_input *input, struct text *zip, struct diags *diags)
{
    char *caption = export_caption(input->pages), *alts = alt_texts(input->pages);
    zip_source_t *buffer = caption && alts ? zip_source_buffer_create(NULL, 0, 0, NULL) : NULL;
    zip_t *archive = buffer ? zip_open_from_source(buffer, ZIP_TRUNCATE, NULL) : NULL;
    bool good = false;
    if (archive) {
        zip_source_keep(buffer); /* the archive would free it at its end */
        good = fill(archive, input, caption, alts);
        if (good && zip_close(archive) == 0)
            good = take(buffer, zip);
        else {
            zip_discard(archive);
            good = false;
        }
    }
    if (buffer)
        zip_source_free(buffer);
    free(caption);
    free(alts);
    if (good)
        return STATUS_OK;
    diags_error(diags, input->pages->deck->file, 0, NULL, "the ZIP could not be made: out of memory");
    return STATUS_NO_MEMORY;
}
