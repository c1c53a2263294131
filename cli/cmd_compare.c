/* cmd_compare.c - flashdeck compare: two records of one machine, what got slower and what keeps less. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/comparing_table.h"
#include "cli/output.h"
#include "cli/recorded.h"
#include "harness/options.h"
#include "reports/report.h"

static const char *const usage =
    "flashdeck compare OLD NEW [FLAGS]\n\n"
    "Two records of one machine, row by row: times and ratios as new over old with the exact 99 %\n"
    "interval of the shift between repetitions; attention mass kept and needles found as differences\n"
    "over the models' seeds; output errors; counted bytes, exactly. Worse is what lies outside the\n"
    "margin with its whole interval. Rows that only one record has are named.\n"
    "Two records did not take turns: a machine that drifted between them looks like a change. --again\n"
    "with a second record of the old state shows how much that is, and widens the margin to it.\n"
    "Exit code: 0 no regression, 1 something is worse, 3 other machine or setting, or nothing of one\n"
    "problem in both, 4 a result is wrong, 5 with --strict where something is inconclusive or missing,\n"
    "2 wrong input or no row in common.";

enum { OLD, NEW, AGAIN, RECORDS };

struct comparing {
    const char *paths[RECORDS];
    char *found[RECORDS]; /* owned: paths of records that were named "recorded" */
    struct record records[RECORDS];
    const char *markdown, *html; /* files, or NULL */
    double percent;
    bool untimed, all, strict, quiet;
};

static enum status read_flags(int argc, char **argv, struct comparing *c, bool *help, struct diags *diags)
{
    struct option_texts paths = {0};
    const struct option options[] = {
        {"--again", NULL, OPTION_TEXT, &c->paths[AGAIN], "RECORD", "a second record of the old state: what is noise"},
        {"--margin", NULL, OPTION_NUMBER, &c->percent, "PERCENT", "a time within it is the same (1)"},
        {"--untimed", NULL, OPTION_FLAG, &c->untimed, NULL,
         "only what no clock took part in: quality, errors, counts; machines may differ"},
        {"--all", NULL, OPTION_FLAG, &c->all, NULL, "show what is the same, too"},
        {"--strict", NULL, OPTION_FLAG, &c->strict, NULL, "exit code 5 for what is inconclusive or missing"},
        {"--markdown", NULL, OPTION_TEXT, &c->markdown, "FILE", "write Markdown here"},
        {"--html", NULL, OPTION_TEXT, &c->html, "FILE", "write one self-contained HTML page here"},
        {"--quiet", NULL, OPTION_FLAG, &c->quiet, NULL, "no table: the exit code tells"},
        {0}};
    enum status status = options_read(argc, argv, options, &paths, help, diags);
    if (*help)
        options_help(usage, options, stdout);
    if (*help || status != STATUS_OK)
        return status;
    if (paths.count != 2)
        diags_error(diags, NULL, 0, "flashdeck compare old.json new.json", "%zu records are named, and it takes two",
                    paths.count);
    if (!(c->percent > 0 && c->percent < 100))
        diags_error(diags, NULL, 0, NULL, "--margin is %g; it must be above 0 and below 100 per cent", c->percent);
    c->paths[OLD] = paths.texts[0];
    c->paths[NEW] = paths.texts[1];
    if (c->markdown && output_check(c->markdown, diags) != STATUS_OK)
        return STATUS_IO;
    if (c->html && output_check(c->html, diags) != STATUS_OK)
        return STATUS_IO;
    return diags->errors ? STATUS_BAD_INPUT : STATUS_OK;
}

/* All of them, so that every fault is told at once. */
static enum status read_records(struct comparing *c, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < RECORDS; i++) {
        if (!c->paths[i])
            continue;
        enum status read = recorded_resolve(&c->paths[i], &c->found[i], diags);
        if (read == STATUS_OK)
            read = record_read(c->paths[i], &c->records[i], diags);
        status = read != STATUS_OK ? read : status;
    }
    return status;
}

typedef enum status changes_format(const struct changes *changes, char **text, struct diags *diags);

static enum status write_as(changes_format *format, const struct changes *changes, const char *path,
                            struct diags *diags)
{
    char *text = NULL;
    enum status status = path ? format(changes, &text, diags) : STATUS_OK;
    if (status == STATUS_OK && text)
        status = file_write(path, text, strlen(text), diags);
    free(text);
    return status;
}

static enum status compare(const struct comparing *c, struct diags *diags)
{
    struct changes changes;
    struct changes_request request = {.before = &c->records[OLD],
                                      .after = &c->records[NEW],
                                      .again = c->paths[AGAIN] ? &c->records[AGAIN] : NULL,
                                      .margin = c->percent / 100,
                                      .untimed = c->untimed};
    enum status status = changes_find(&request, &changes, diags);
    if (status == STATUS_OK && !c->quiet)
        comparing_print(&changes, c->all, stdout);
    if (status == STATUS_OK)
        status = write_as(report_changes_markdown, &changes, c->markdown, diags);
    if (status == STATUS_OK)
        status = write_as(report_changes_html, &changes, c->html, diags);
    if (status == STATUS_OK && fflush(stdout) != 0) {
        diags_error(diags, NULL, 0, NULL, "the comparison could not be written to the standard output");
        status = STATUS_IO;
    }
    if (status == STATUS_OK)
        status = changes_status(&changes, c->strict);
    changes_free(&changes);
    return status;
}

int cmd_compare(int argc, char **argv)
{
    struct comparing c = {.percent = 100 * CHANGES_MARGIN};
    struct diags diags = {0};
    bool help = false;
    enum status status = read_flags(argc, argv, &c, &help, &diags);
    if (status == STATUS_OK && !help)
        status = read_records(&c, &diags);
    if (status == STATUS_OK && !help)
        status = compare(&c, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    for (int i = 0; i < RECORDS; i++) {
        record_free(&c.records[i]);
        free(c.found[i]);
    }
    return output_exit_code(status);
}
