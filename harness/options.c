#include "harness/options.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/terminal.h"

static enum status refuse_unknown(const char *name, const struct option *options, struct diags *diags)
{
    const char *names[64];
    size_t count = 0;
    for (const struct option *option = options; option->name && count < 64; option++)
        names[count++] = option->name;
    char *near = nearest_sentence(name, names, count, 3);
    diags_error(diags, NULL, 0, near ? near : "--help lists the flags.", "there is no flag %s", name);
    free(near);
    return STATUS_BAD_INPUT;
}

static enum status set(const struct option *option, const char *value, struct diags *diags)
{
    char *end = NULL;
    errno = 0;
    switch (option->type) {
    case OPTION_FLAG:
        *(bool *)option->to = true;
        return STATUS_OK;
    case OPTION_TEXT:
        *(const char **)option->to = value;
        return STATUS_OK;
    case OPTION_TEXTS: {
        struct option_texts *texts = option->to;
        if (texts->count == OPTION_TEXTS_MOST)
            break;
        texts->texts[texts->count++] = value;
        return STATUS_OK;
    }
    case OPTION_NUMBER: {
        double number = strtod(value, &end);
        if (end == value || *end || !isfinite(number) || number < 0)
            break;
        *(double *)option->to = number;
        return STATUS_OK;
    }
    case OPTION_COUNT: {
        long long count = strtoll(value, &end, 10);
        if (end == value || *end || errno || count < 0)
            break;
        *(int64_t *)option->to = count;
        return STATUS_OK;
    }
    }
    diags_error(diags, NULL, 0, NULL, "%s: '%.80s' is not %s", option->name, value,
                option->type == OPTION_TEXTS ? "one of at most 16 values" : "a number of 0 or more");
    return STATUS_BAD_INPUT;
}

static const struct option *find(const struct option *options, const char *name, size_t length)
{
    for (const struct option *option = options; option->name; option++)
        if ((strlen(option->name) == length && strncmp(option->name, name, length) == 0) ||
            (option->letter && strcmp(option->letter, name) == 0))
            return option;
    return NULL;
}

enum status options_read(int argc, char **argv, const struct option *options, struct option_texts *rest, bool *help,
                         struct diags *diags)
{
    enum status status = STATUS_OK;
    *help = false;
    for (int i = 1; i < argc; i++)
        *help |= strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
    for (int i = 1; i < argc && !*help; i++) {
        const char *name = argv[i];
        if (name[0] != '-') {
            if (!rest || rest->count == OPTION_TEXTS_MOST) {
                diags_error(diags, NULL, 0, "--help says what this command takes.", "'%.120s' is one word too many",
                            name);
                status = STATUS_BAD_INPUT;
            } else {
                rest->texts[rest->count++] = name;
            }
            continue;
        }
        size_t length = strcspn(name, "=");
        const struct option *option = find(options, name, length);
        const char *value = name[length] == '=' ? name + length + 1 : NULL;
        if (!option) {
            status = refuse_unknown(name, options, diags);
            continue;
        }
        bool next_is_flag = i + 1 < argc && strncmp(argv[i + 1], "--", 2) == 0; /* one dash may begin a filter */
        if (option->type != OPTION_FLAG && !value && i + 1 < argc && !next_is_flag)
            value = argv[++i];
        if (option->type == OPTION_FLAG && value) {
            diags_error(diags, NULL, 0, NULL, "%s takes no value", option->name);
            status = STATUS_BAD_INPUT;
        } else if (option->type != OPTION_FLAG && !value) {
            diags_error(diags, NULL, 0, NULL, "%s needs a value: %s", option->name, option->value);
            status = STATUS_BAD_INPUT;
        } else if (set(option, value, diags) != STATUS_OK) {
            status = STATUS_BAD_INPUT;
        }
    }
    return status;
}

void options_help(const char *usage, const struct option *options, FILE *stream)
{
    int width = terminal_width(stream), widest = 0;
    fprintf(stream, "usage: %s\n\n", usage);
    for (int pass = 0; pass < 2; pass++)
        for (const struct option *option = options; option->name; option++) {
            char left[80];
            int length = snprintf(left, sizeof left, "%s%s%s%s%s", option->letter ? option->letter : "",
                                  option->letter ? ", " : "", option->name, option->value ? "=" : "",
                                  option->value ? option->value : "");
            if (pass == 0) {
                widest = length > widest ? length : widest;
                continue;
            }
            fprintf(stream, "  %-*s  ", widest, left);
            terminal_wrap(option->help, widest + 4, width, stream);
        }
}
