#include "slides/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/text.h"

enum { LARGEST = 1 << 20 };

/* What libcyaml said of one load: its first complaint and the innermost line of the way to it. */
struct log {
    char what[256];
    int line;
};

static void note(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    struct log *log = context;
    char text[512];
    int line = 0;
    if (level < CYAML_LOG_ERROR)
        return;
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\n")] = '\0';
    const char *at = strstr(text, "(line: ");
    if (at && log->line == 0 && sscanf(at, "(line: %d", &line) == 1)
        log->line = line;
    const char *from = strncmp(text, "Load: ", 6) == 0 ? text + 6 : text;
    if (!log->what[0] && *from != ' ' && strncmp(from, "Backtrace", 9) != 0)
        snprintf(log->what, sizeof log->what, "%.250s", from);
}

struct names {
    const char *names[96];
    size_t count;
};

/* The keys of a schema's mapping and of those inside it. */
static void collect_keys(const cyaml_schema_value_t *schema, struct names *names)
{
    if (schema->type == CYAML_SEQUENCE)
        collect_keys(schema->sequence.entry, names);
    if (schema->type != CYAML_MAPPING)
        return;
    for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key; field++) {
        if (names->count < sizeof names->names / sizeof names->names[0])
            names->names[names->count++] = field->key;
        collect_keys(&field->value, names);
    }
}

/* "Unexpected key: foo" gets the nearest keys that the schema has anywhere; else all are named. */
static char *hint(const struct log *log, const cyaml_schema_value_t *schema)
{
    const char *key = strstr(log->what, "key: ");
    struct names names = {.count = 0};
    struct text all = {0};
    collect_keys(schema, &names);
    char *near = key ? nearest_sentence(key + 5, names.names, names.count, 3) : NULL;
    if (near)
        return near;
    text_add(&all, key ? "Known here:" : "Words that hold : # [ or { need quotes. Known here:");
    for (size_t i = 0; i < names.count && i < 24; i++)
        text_format(&all, "%s %s", i ? "," : "", names.names[i]);
    text_add(&all, ".");
    return text_take(&all);
}

/* libcyaml gives an unexpected key the line on which its mapping begins: the key's own is the first after it on which
 * the key stands before a colon. */
static int line_of_key(const struct log *log, const char *bytes, size_t length)
{
    const char *key = strstr(log->what, "nexpected key: "), *at = bytes, *end = bytes + length;
    int line = 1;
    if (!key)
        return log->line;
    key += strlen("nexpected key: ");
    size_t size = strlen(key);
    for (; at < end; at++) {
        bool first = at == bytes || strchr(" \t\n{,\"'", at[-1]);
        if (line >= log->line && first && (size_t)(end - at) > size && memcmp(at, key, size) == 0 &&
            strchr(":\"' ", at[size]))
            return line;
        line += *at == '\n';
    }
    return log->line;
}

/* A quote or bracket that is never closed is missed far below the line on which it was opened. */
static int line_of_mark(const yaml_parser_t *parser)
{
    static const char *const unclosed[] = {"found unexpected end", "did not find expected ',' or"};
    bool opened = false;
    for (size_t i = 0; parser->problem && i < sizeof unclosed / sizeof unclosed[0]; i++)
        opened |= strncmp(parser->problem, unclosed[i], strlen(unclosed[i])) == 0;
    return 1 + (int)(opened ? parser->context_mark.line : parser->problem_mark.line);
}

/* libcyaml gives a fault of YAML's own grammar the line of the value before it: libyaml beneath knows the place. 0: the
 * grammar has no fault. */
static int line_of_grammar(const char *bytes, size_t length)
{
    yaml_parser_t parser;
    yaml_event_t event;
    bool ended = false;
    int line = 0;
    if (!yaml_parser_initialize(&parser))
        return 0;
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);
    while (!ended && yaml_parser_parse(&parser, &event)) {
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    if (!ended && parser.error != YAML_MEMORY_ERROR)
        line = line_of_mark(&parser);
    yaml_parser_delete(&parser);
    return line;
}

static int line_of(const struct log *log, const char *bytes, size_t length)
{
    int line = strncmp(log->what, "libyaml", 7) == 0 ? line_of_grammar(bytes, length) : 0;
    return line ? line : line_of_key(log, bytes, length);
}

static enum status load(const char *bytes, size_t length, const char *file, int first_line, cyaml_cfg_flags_t flags,
                        const cyaml_schema_value_t *schema, void **data, struct diags *diags)
{
    struct log log = {0};
    const cyaml_config_t config = {
        .log_fn = note, .log_ctx = &log, .log_level = CYAML_LOG_ERROR, .mem_fn = cyaml_mem, .flags = flags};
    *data = NULL;
    cyaml_err_t error = cyaml_load_data((const uint8_t *)bytes, length, &config, schema, data, NULL);
    if (error == CYAML_OK && *data)
        return STATUS_OK;
    char *remedy = hint(&log, schema);
    int line = line_of(&log, bytes, length);
    diags_error(diags, file, line ? first_line + line - 1 : first_line, remedy, "YAML: %s",
                log.what[0]         ? log.what
                : error == CYAML_OK ? "nothing is there"
                                    : cyaml_strerror(error));
    free(remedy);
    return error == CYAML_ERR_OOM ? STATUS_NO_MEMORY : STATUS_BAD_INPUT;
}

enum status yaml_load(const char *bytes, size_t length, const char *file, int first_line,
                      const cyaml_schema_value_t *schema, void **data, struct diags *diags)
{
    return load(bytes, length, file, first_line, CYAML_CFG_NO_ALIAS, schema, data, diags);
}

enum status yaml_peek(const char *bytes, size_t length, const char *file, int first_line,
                      const cyaml_schema_value_t *schema, void **data, struct diags *diags)
{
    return load(bytes, length, file, first_line, CYAML_CFG_NO_ALIAS | CYAML_CFG_IGNORE_UNKNOWN_KEYS, schema, data,
                diags);
}

enum status yaml_load_file(const char *path, const cyaml_schema_value_t *schema, void **data, struct diags *diags)
{
    char *bytes;
    size_t length;
    *data = NULL;
    enum status status = file_read(path, LARGEST, &bytes, &length, diags);
    if (status == STATUS_OK)
        status = yaml_load(bytes, length, path, 1, schema, data, diags);
    free(bytes);
    return status;
}

void yaml_release(const cyaml_schema_value_t *schema, void *data)
{
    static const cyaml_config_t config = {.mem_fn = cyaml_mem};
    cyaml_free(&config, schema, data, 0);
}
