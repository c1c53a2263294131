/* Files of a user's own that decide how slides look, from any bytes: the first byte says which of them. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static void read_style(const char *size, const char *theme, const char *brand)
{
    struct style style;
    struct diags diags = {0};
    struct style_wish wish = {size, theme, NULL, brand, "/tmp", true, true, true, true, false, false};
    for (int fix = 0; fix < 2; fix++) {
        wish.fix_contrast = fix;
        enum status status = style_open(&wish, &style, &diags);
        if ((status == STATUS_OK) != (diags.errors == 0))
            abort();
        if (status == STATUS_OK)
            style_free(&style);
        diags_free(&diags);
    }
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
    if (size < 2)
        return 0;
    snprintf(path, sizeof path, "/tmp/flashdeck-fuzz-%ld.yml", (long)getpid());
    if (data[0] % 8 < 6)
        write_own(path, data + 1, size - 1);
    if (data[0] % 8 < 3)
        read_style(NULL, NULL, path);
    else if (data[0] % 8 < 5)
        read_style(NULL, path, NULL);
    else if (data[0] % 8 == 5)
        read_style(path, NULL, NULL);
    else if (data[0] % 8 == 6)
        (void)svg_fault((const char *)data + 1, size - 1);
    else
        read_pattern(data + 1, size - 1);
    unlink(path);
    return 0;
}
