#include "cli/record_begin.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

char *command_line(int argc, char **argv)
{
    struct text line = {0};
    text_add(&line, "flashdeck");
    for (int i = 0; i < argc; i++)
        text_format(&line, " %s", argv[i]);
    return text_take(&line);
}

static char *date_now(void)
{
    char date[40];
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S%z", &local);
    return strdup(date);
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
