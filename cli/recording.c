#include "cli/recording.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/output.h"
#include "cli/record_begin.h"

struct option recording_option(const char **out)
{
    return (struct option){
        "--benchmark_out", "-o", OPTION_TEXT, out, "FILE", "write the record here, or add to the one there (JSON)"};
}

static enum status write_record(const struct record *record, const char *out, struct diags *diags)
{
    if (!out || record->tradeoff_count + record->modernbert_count + record->efficiency_count == 0)
        return STATUS_OK;
    if (record_write(record, out, diags) != STATUS_OK)
        return STATUS_IO;
    printf("\nrecord: %s\n", out);
    return STATUS_OK;
}

enum status recording_run(int argc, char **argv, const char *out, bool rehearsal, recording_measure *measure,
                          void *context, struct diags *diags)
{
    struct record record = {0};
    char *command = command_line(argc, argv);
    enum status status = out ? output_check(out, diags) : STATUS_OK;
    if (status == STATUS_OK)
        status = record_begin_or_add(&record, out, command, rehearsal, diags);
    if (status == STATUS_OK) {
        status = measure(context, &record, command, diags);
        enum status written = write_record(&record, out, diags);
        status = written != STATUS_OK ? written : status;
    }
    free(command);
    record_free(&record);
    return status;
}

int recording_end(enum status status, struct diags *diags)
{
    diags_print(diags, stderr);
    diags_free(diags);
    return status_exit_code(status);
}
