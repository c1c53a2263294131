#include "cli/record_begin.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/date.h"
#include "harness/metric.h"

char *command_line(int argc, char **argv)
{
    struct text line = {0};
    text_add(&line, "flashdeck");
    for (int i = 0; i < argc; i++)
        text_format(&line, " %s", argv[i]);
    return text_take(&line);
}

enum status record_begin(struct record *record, const char *preset, const char *command, struct diags *diags)
{
    enum status status = machine_look(&record->machine, diags);
    record->date = date_now();
    record->executable = strdup("flashdeck");
    record->preset = preset ? strdup(preset) : NULL;
    record->command = command ? strdup(command) : NULL;
    return status == STATUS_OK && record->date && record->executable ? STATUS_OK : STATUS_NO_MEMORY;
}

const char *record_unfit(const struct record *record, const struct machine *here)
{
    if (!record->machine.cpu_name || strcmp(record->machine.cpu_name, here->cpu_name) != 0 ||
        record->machine.num_cpus != here->num_cpus)
        return "is of another machine";
    if (strcmp(record->machine.sources, build_sources()) != 0)
        return "is of another version of the kernels";
    return NULL;
}

static const char *unfit_here(const struct record *record, bool rehearsal, const struct machine *here)
{
    if (record->rehearsal != rehearsal)
        return rehearsal ? "is measured, and a rehearsal is not" : "is a rehearsal, in which nothing is measured";
    return record_unfit(record, here);
}

enum status record_begin_or_add(struct record *record, const char *path, const char *command, bool rehearsal,
                                struct diags *diags)
{
    struct machine here;
    enum status status;
    if (!path || access(path, F_OK) != 0) {
        status = record_begin(record, NULL, command, diags);
        record->rehearsal = rehearsal;
        return status;
    }
    status = record_read_any(path, record, diags);
    if (status != STATUS_OK)
        return status;
    status = machine_look(&here, diags);
    const char *why = status == STATUS_OK ? unfit_here(record, rehearsal, &here) : NULL;
    if (why) {
        diags_error(diags, path, 0, "Name another file, or take this one away.", "this record %s: nothing is added",
                    why);
        status = STATUS_BAD_INPUT;
    }
    machine_free(&here);
    return status;
}
