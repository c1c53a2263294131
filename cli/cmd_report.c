/* cmd_report.c - flashdeck report: records become Markdown and an HTML page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/recorded.h"
#include "harness/options.h"
#include "reports/report.h"

struct report_request {
    const char *markdown, *html; /* files, or NULL */
    struct option_texts paths;
    struct record records[OPTION_TEXTS_MOST];
    const struct record *all[OPTION_TEXTS_MOST];
    char *found[OPTION_TEXTS_MOST]; /* owned: paths of records that were named "recorded" */
};

static enum status read_request(int argc, char **argv, struct report_request *request, bool *help, struct diags *diags)
{
    const struct option options[] = {
        {"--markdown", NULL, OPTION_TEXT, &request->markdown, "FILE", "write Markdown here"},
        {"--html", NULL, OPTION_TEXT, &request->html, "FILE", "write one self-contained HTML page here"},
        {0}};
    enum status status = options_read(argc, argv, options, &request->paths, help, diags);
    if (*help)
        options_help("flashdeck report RECORD... [FLAGS]\n\nTurns records (JSON, as bench writes them) into a report. "
                     "Without flags: Markdown on the terminal.\nSeveral records stand below each other. The record "
                     "'recorded' is "
                     "the newest of reports/recorded/.",
                     options, stdout);
    if (!*help && status == STATUS_OK && request->paths.count == 0) {
        diags_error(diags, NULL, 0, "flashdeck bench --benchmark_out=record.json makes one.", "no record is named");
        status = STATUS_BAD_INPUT;
    }
    return status;
}

/* All of them, so that every fault is told at once. */
static enum status read_records(struct report_request *request, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < request->paths.count; i++) {
        enum status read = recorded_resolve(&request->paths.texts[i], &request->found[i], diags);
        if (read == STATUS_OK)
            read = record_read(request->paths.texts[i], &request->records[i], diags);
        status = read != STATUS_OK ? read : status;
        request->all[i] = &request->records[i];
    }
    return status;
}

/* Both are made before one is written. */
static enum status write_reports(const struct report_request *request, struct diags *diags)
{
    size_t count = request->paths.count;
    char *markdown = NULL, *html = NULL;
    enum status status = STATUS_OK;
    if (request->markdown || !request->html)
        status = report_markdown_all(request->all, count, &markdown, diags);
    if (status == STATUS_OK && request->html)
        status = report_html_all(request->all, count, &html, diags);
    if (status == STATUS_OK && request->markdown)
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a status of OK means that it was made */
        status = file_write(request->markdown, markdown, strlen(markdown), diags);
    if (status == STATUS_OK && request->html)
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): the same */
        status = file_write(request->html, html, strlen(html), diags);
    if (status == STATUS_OK && !request->markdown && !request->html &&
        (fputs(markdown, stdout) == EOF || fflush(stdout) != 0)) {
        diags_error(diags, NULL, 0, NULL, "the report could not be written to the standard output");
        status = STATUS_IO;
    }
    free(markdown);
    free(html);
    return status;
}

int cmd_report(int argc, char **argv)
{
    struct report_request request = {0};
    struct diags diags = {0};
    bool help = false;
    enum status status = read_request(argc, argv, &request, &help, &diags);
    if (status == STATUS_OK && !help)
        status = read_records(&request, &diags);
    if (status == STATUS_OK && !help)
        status = write_reports(&request, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    for (size_t i = 0; i < request.paths.count; i++)
        record_free(&request.records[i]);
    for (size_t i = 0; i < request.paths.count; i++)
        free(request.found[i]);
    return output_exit_code(status);
}
