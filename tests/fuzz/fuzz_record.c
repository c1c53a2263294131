/* A record from any bytes; one that is taken is asked, summed up and written as well. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/fit.h"
#include "harness/metric.h"
#include "harness/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct record *record)
{
    static const char *const keys[] = {"flash.time",  "naive.stage.softmax.bytes", "machine.l2",
                                       "machine.cpu", "fit.flash.exponent",        "flash.n64.roof",
                                       "a.b"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct value value;
        struct diags diags = {0};
        metric_find(&record, 1, keys[i], i % 2, "fuzz", 1, &value, &diags);
        diags_free(&diags);
    }
}

static void show(const struct record *record)
{
    FILE *nowhere = fopen("/dev/null", "w");
    struct diags diags = {0};
    if (!nowhere)
        return;
    summary_cases(record, nowhere);
    summary_ratios(record, nowhere);
    summary_stages(record, nowhere);
    summary_fits(record, nowhere);
    fclose(nowhere);
    record_write(record, "/dev/null", &diags);
    diags_free(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record record;
    struct diags diags = {0};
    enum status status = record_parse((const char *)data, size, "fuzz", &record, &diags);
    if ((status == STATUS_OK) != (diags.errors == 0) || (status != STATUS_OK && record.cases))
        abort();
    if (status == STATUS_OK) {
        ask(&record);
        show(&record);
    }
    record_free(&record);
    diags_free(&diags);
    return 0;
}
