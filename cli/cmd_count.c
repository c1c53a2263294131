/* cmd_count.c - flashdeck count: the bytes that the CUDA kernels move, counted in the simulator, without a GPU. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/counting.h"
#include "cli/output.h"
#include "cli/record_begin.h"

static const char *const usage =
    "flashdeck count [FLAGS]\n\n"
    "Runs CUDA kernels in the simulator (no GPU is needed) and counts the bytes that they ask of\n"
    "HBM and of SRAM. Beside the count: the closed formula of the kernel, which must equal it, and\n"
    "what the IO theorem says (FlashAttention, section 3.2). Without -a: 1024 tokens, 8 heads of 64.\n"
    "Every head of every sequence moves the same bytes, so one group of heads of one sequence is\n"
    "run and multiplied; --whole runs them all. The record keeps the counts as a kind of number of\n"
    "their own. Exit code 4 when a count differs or a launch has a fault.";

struct count_request {
    const char *preset, *out, *format;
    struct option_texts axes;
    struct counting counting;
};

static enum status read_request(int argc, char **argv, struct count_request *request, bool *help, struct diags *diags)
{
    const struct option options[] = {
        {"--preset", NULL, OPTION_TEXT, &request->preset, "NAME", "a named set of cases (figure2: FlashAttention's)"},
        {"--axis", "-a", OPTION_TEXTS, &request->axes, "AXIS=VALUES",
         "N=1024, d=64, heads=16, batch=64, mask=causal, kernel=flash_tiled (`flashdeck list axes`)"},
        {"--whole", NULL, OPTION_FLAG, &request->counting.whole, NULL, "run every head of every sequence"},
        {"--benchmark_out", NULL, OPTION_TEXT, &request->out, "FILE", "write the record here (JSON)"},
        {"--benchmark_out_format", NULL, OPTION_TEXT, &request->format, "json",
         "the record's format; json is the only one"},
        {0}};
    enum status status = options_read(argc, argv, options, NULL, help, diags);
    if (*help)
        options_help(usage, options, stdout);
    if (*help || status != STATUS_OK)
        return status;
    if (strcmp(request->format, "json") != 0) {
        diags_error(diags, NULL, 0, "Records are JSON: --benchmark_out_format=json.", "no format '%.40s'",
                    request->format);
        return STATUS_BAD_INPUT;
    }
    if (request->out && output_check(request->out, diags) != STATUS_OK)
        return STATUS_IO;
    return counting_plan(&request->counting, request->preset, &request->axes, diags);
}

int cmd_count(int argc, char **argv)
{
    struct count_request request = {.format = "json"};
    struct diags diags = {0};
    struct record record = {0};
    bool help = false;
    char *command = command_line(argc, argv);
    enum status status = read_request(argc, argv, &request, &help, &diags);
    if (status == STATUS_OK && !help)
        status = record_begin(&record, request.preset, command, &diags);
    if (status == STATUS_OK && !help) {
        status = counting_run(&request.counting, stdout, &record, &diags);
        if (request.out && record.counted_count > 0 && record_write(&record, request.out, &diags) != STATUS_OK)
            status = STATUS_IO;
        else if (request.out)
            printf("\nrecord: %s\n", request.out);
    }
    counting_free(&request.counting);
    free(command);
    record_free(&record);
    diags_print(&diags, stderr);
    diags_free(&diags);
    return status_exit_code(status);
}
