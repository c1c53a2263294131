/* Text with bindings, one expression, and a series, against a small record. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "help_fakes.h"
#include "slides/bind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void bind_all(struct binder *binder, char *text)
{
    struct diags diags = {0};
    struct value value, *values = NULL;
    double *n = NULL;
    size_t count = 0;
    char *shown = NULL;
    free(bind_text(binder, text, 0, 1, &diags));
    if (bind_value(binder, text, 0, 1, &value, &shown, &diags) == STATUS_OK && !shown)
        abort();
    free(shown);
    char *metric = strrchr(text, '.');
    if (metric) { /* "flash.full.time": the series flash.full, its metric time */
        *metric++ = '\0';
        bind_series(binder, text, metric, 0, 1, &values, &n, &count, &diags);
        free(values);
        free(n);
    }
    struct source_line lines[4];
    binder_sources(binder, 0, lines);
    diags_free(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct record record;
    static struct deck_name names[] = {{"ratio", "naive.n1024.time / flash.n1024.time", 2}, {"self", "self + 1", 3}};
    static const struct deck deck = {.file = "fuzz.md", .folder = ".", .names = names, .name_count = 2};
    const struct record *records = &record;
    struct binder *binder = NULL;
    struct diags diags = {0};
    if (record.case_count == 0)
        fake_record(&record); /* once; reachable to the end */
    char *text = malloc(size + 1);
    if (text && binder_open(&binder, &deck, &records, 1, false, &diags) == STATUS_OK) {
        memcpy(text, data, size);
        text[size] = '\0';
        bind_all(binder, text);
        binder_close(binder);
    }
    free(text);
    diags_free(&diags);
    return 0;
}
