/* cmd_bench.c - flashdeck bench: verify, then measure; a record and a table. */

#include "cli/bench_options.h"
#include "cli/command.h"

static const char *const usage = "flashdeck bench [FLAGS]\n\n"
                                 "Verifies every case against a float64 oracle, then measures them in turns: a table,\n"
                                 "and a record for reports and slides. Without --preset and -a: the preset quick.\n"
                                 "Ctrl-C leaves a valid record, with which --resume goes on.";

int cmd_bench(int argc, char **argv)
{
    struct bench_request request;
    struct diags diags = {0};
    struct record record = {0};
    bool help = false;
    enum status status = bench_request_read(argc, argv, usage, true, &request, &help, &diags);
    if (status == STATUS_OK && !help)
        status = bench_request_run(&request, &record, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    record_free(&record);
    bench_request_free(&request);
    return status_exit_code(status);
}
