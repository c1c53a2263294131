/* Files of a user's own that decide how slides look, from any bytes: the first byte says which of them. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slides/brand_file.h"
#include "slides/pattern.h"
#include "slides/style.h"
#include "slides/svg_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_own(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "w");
    if (!file || fwrite(data, 1, size, file) != size)
        abort();
    fclose(file);
}

/* A status and the faults that were told must agree. */
static void judge(enum status status, struct diags *diags)
{
    if ((status == STATUS_OK) != (diags->errors == 0))
        abort();
    diags_free(diags);
}

static void read_brand(const struct style_source *source)
{
    struct brand brand;
    struct brand_file kit;
    struct theme theme = {0};
    struct color_origin origin = {0};
    struct diags diags = {0};
    enum status status = brand_load(source, false, &brand, &kit, &diags);
    if (status == STATUS_OK)
        status = brand_paint(&kit, &theme, &origin, &diags);
    judge(status, &diags);
    brand_free(&brand);
    brand_file_close(&kit);
}

static void read_theme(const struct style_source *source)
{
    struct style style = {0};
    struct theme_origin origin = {0};
    struct diags diags = {0};
    enum status status = theme_load(source, &style.theme, &origin, &diags);
    bool loaded = status == STATUS_OK;
    judge(status, &diags);
    if (loaded && contrast_check(&style.theme, &origin.of, true, &diags) == STATUS_OK) {
        diags_free(&diags); /* once mended it needs no mending */
        if (contrast_check(&style.theme, &origin.of, false, &diags) != STATUS_OK)
            abort();
    }
    diags_free(&diags);
    theme_origin_free(&origin);
    style_free(&style);
}

static void read_canvas(const struct style_source *source)
{
    struct canvas canvas = {0};
    struct diags diags = {0};
    judge(canvas_load(source, &canvas, &diags), &diags);
    canvas_free(&canvas);
}

static void read_pattern(const uint8_t *data, size_t size)
{
    char text[600];
    struct pattern_wish wish;
    struct diags diags = {0};
    snprintf(text, sizeof text, "%.*s", (int)(size < 590 ? size : 590), (const char *)data);
    if ((pattern_read(text, "fuzz.md", 1, &wish, &diags) == STATUS_OK) != (wish.pattern && diags.errors == 0))
        abort();
    diags_free(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    const struct style_source own = {path, "/tmp", true};
    if (size < 2)
        return 0;
    snprintf(path, sizeof path, "/tmp/flashdeck-fuzz-%ld.yml", (long)getpid());
    if (data[0] % 8 < 6)
        write_own(path, data + 1, size - 1);
    if (data[0] % 8 < 3)
        read_brand(&own);
    else if (data[0] % 8 < 5)
        read_theme(&own);
    else if (data[0] % 8 == 5)
        read_canvas(&own);
    else if (data[0] % 8 == 6)
        (void)svg_fault((const char *)data + 1, size - 1);
    else
        read_pattern(data + 1, size - 1);
    unlink(path);
    return 0;
}
