#include "harness/preset.h"

#include <cyaml/cyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "harness/data_path.h"

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 200)};
static const cyaml_schema_field_t group_fields[] = {
    CYAML_FIELD_SEQUENCE_COUNT("axes", CYAML_FLAG_POINTER, struct preset_group, axes, axes_count, &word, 1, AXES),
    CYAML_FIELD_END};
static const cyaml_schema_value_t group = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct preset_group, group_fields)};
static const cyaml_schema_field_t tradeoff_fields[] = {
    CYAML_FIELD_INT("length", CYAML_FLAG_DEFAULT, struct preset_tradeoff, length),
    CYAML_FIELD_INT("models", CYAML_FLAG_DEFAULT, struct preset_tradeoff, models),
    CYAML_FIELD_INT("documents", CYAML_FLAG_DEFAULT, struct preset_tradeoff, documents),
    CYAML_FIELD_INT("steps", CYAML_FLAG_DEFAULT, struct preset_tradeoff, steps),
    CYAML_FIELD_INT("rounds", CYAML_FLAG_DEFAULT, struct preset_tradeoff, rounds),
    CYAML_FIELD_INT("judged", CYAML_FLAG_DEFAULT, struct preset_tradeoff, judged),
    CYAML_FIELD_END};
static const cyaml_schema_field_t modernbert_fields[] = {
    CYAML_FIELD_INT("heads", CYAML_FLAG_DEFAULT, struct preset_modernbert, heads),
    CYAML_FIELD_INT("rounds", CYAML_FLAG_DEFAULT, struct preset_modernbert, rounds), CYAML_FIELD_END};
static const cyaml_schema_field_t efficiency_fields[] = {
    CYAML_FIELD_INT("heads", CYAML_FLAG_DEFAULT, struct preset_efficiency, heads),
    CYAML_FIELD_INT("rounds", CYAML_FLAG_DEFAULT, struct preset_efficiency, rounds), CYAML_FIELD_END};
static const cyaml_schema_field_t preset_fields[] = {
    CYAML_FIELD_STRING_PTR("description", CYAML_FLAG_POINTER, struct preset, description, 1, 600),
    CYAML_FIELD_SEQUENCE_COUNT("groups", CYAML_FLAG_POINTER, struct preset, groups, groups_count, &group, 1, 32),
    CYAML_FIELD_MAPPING_PTR("tradeoff", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct preset, tradeoff,
                            tradeoff_fields),
    CYAML_FIELD_MAPPING_PTR("modernbert", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct preset, modernbert,
                            modernbert_fields),
    CYAML_FIELD_MAPPING_PTR("efficiency", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct preset, efficiency,
                            efficiency_fields),
    CYAML_FIELD_END};
static const cyaml_schema_value_t top = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct preset, preset_fields)};

static const cyaml_config_t config = {.log_level = CYAML_LOG_ERROR, .mem_fn = cyaml_mem, .flags = CYAML_CFG_NO_ALIAS};

/* The first thing that libcyaml complains of, and the line that it names. */
struct complaint {
    char what[200];
    int line;
};

static void note(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    struct complaint *complaint = context;
    char text[400];
    if (level < CYAML_LOG_ERROR)
        return;
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\n")] = '\0';
    const char *line = strstr(text, "(line: "), *from = strncmp(text, "Load: ", 6) == 0 ? text + 6 : text;
    if (line && complaint->line == 0)
        complaint->line = atoi(line + strlen("(line: "));
    if (!complaint->what[0] && strncmp(from, "Backtrace", 9) != 0)
        snprintf(complaint->what, sizeof complaint->what, "%.199s", from);
}

static enum status refuse_unknown(const char *name, struct diags *diags)
{
    size_t count;
    char **names = data_names("harness/presets", ".yml", &count);
    char *near = nearest_sentence(name, (const char *const *)names, count, 3);
    diags_error(diags, NULL, 0, near ? near : "`flashdeck list` shows the presets.", "there is no preset '%.100s'",
                name);
    free(near);
    data_names_free(names, count);
    return STATUS_BAD_INPUT;
}

enum status preset_read(const char *name, struct preset **preset, struct diags *diags)
{
    char relative[160], *bytes = NULL;
    size_t length;
    *preset = NULL;
    if (strchr(name, '/') || strlen(name) > 100)
        return refuse_unknown(name, diags);
    snprintf(relative, sizeof relative, "harness/presets/%s.yml", name);
    char *path = data_path(relative);
    struct diags unread = {0};
    enum status status = path ? file_read(path, 1 << 16, &bytes, &length, &unread) : STATUS_NO_MEMORY;
    diags_free(&unread);
    if (status != STATUS_OK) {
        status = refuse_unknown(name, diags);
    } else {
        struct complaint complaint = {.what = ""};
        cyaml_config_t telling = config;
        telling.log_fn = note;
        telling.log_ctx = &complaint;
        cyaml_err_t error =
            cyaml_load_data((const uint8_t *)bytes, length, &telling, &top, (cyaml_data_t **)preset, NULL);
        if (error != CYAML_OK || !*preset) {
            diags_error(diags, path, complaint.line, "See the presets beside it for the form.", "not a preset: %s",
                        *complaint.what ? complaint.what : cyaml_strerror(error));
            status = STATUS_BAD_INPUT;
        }
    }
    free(bytes);
    free(path);
    return status;
}

void preset_free(struct preset *preset)
{
    cyaml_free(&config, &top, preset, 0);
}
