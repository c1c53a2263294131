/* section_commands.c - how to measure it again: all of it, and each row by itself. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "reports/sections.h"

static const struct report_column columns[] = {{"Case", COLUMN_CODE}, {"Command", COLUMN_CODE}};

/* An axis as a shell takes it: names that came from a file may hold anything. */
static void add_axis(struct text *command, const char *axis, const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    if (*value && value[strspn(value, plain)] == '\0') {
        text_format(command, " -a %s=%s", axis, value);
        return;
    }
    text_format(command, " -a '%s=", axis);
    for (const char *at = value; *at; at++)
        if (*at == '\'')
            text_add(command, "'\\''");
        else
            text_add_bytes(command, at, 1);
    text_add(command, "'");
}

static void add_count(struct text *command, const char *axis, int64_t value)
{
    text_format(command, " -a %s=%lld", axis, (long long)value);
}

static char *command_of(const struct record_case *c)
{
    const struct attention_problem *p = &c->problem;
    struct text command = {0};
    text_add(&command, "flashdeck bench");
    add_axis(&command, "kernel", c->kernel);
    add_axis(&command, "mask", c->mask);
    if (p->len_q == p->len_kv) {
        add_count(&command, "N", p->len_kv);
    } else {
        add_count(&command, "Nq", p->len_q);
        add_count(&command, "Nkv", p->len_kv);
    }
    add_count(&command, "d", p->head_dim);
    add_count(&command, "heads", p->heads);
    if (p->kv_heads != p->heads)
        add_count(&command, "kv_heads", p->kv_heads);
    add_count(&command, "batch", p->batch);
    if (p->layers != 1)
        add_count(&command, "layers", p->layers);
    text_format(&command, " --threads %d --seed %llu", c->threads, (unsigned long long)c->seed);
    return text_take(&command);
}

void section_commands(struct report *report, const struct record *record, int level)
{
    if (record->case_count == 0)
        return;
    report_heading(report, level, "Measure it again");
    if (record->command) {
        report_say(report, REPORT_TEXT, "The whole record was made by");
        report_say(report, REPORT_COMMAND, "%s", record->command);
    }
    report_say(report, REPORT_TEXT, "Each row by itself; cases that run alone have no neighbour to be compared with.");
    report_table(report, REPORT_TABLE, columns, 2, "The command of each case");
    for (size_t i = 0; i < record->case_count; i++) {
        char *command = command_of(&record->cases[i]);
        report_cell(report, "%s", record->cases[i].key);
        report_cell(report, "%s", command ? command : "");
        report->failed |= !command;
        free(command);
    }
}
