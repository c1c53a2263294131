#include "slides/published.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "harness/data_path.h"
#include "slides/yaml.h"

struct figure {
    char *key, *unit, *source, *reference;
    double number;
};

struct published {
    struct figure *figures;
    unsigned figures_count;
};

static const cyaml_schema_field_t figure_fields[] = {
    CYAML_FIELD_STRING_PTR("key", CYAML_FLAG_POINTER, struct figure, key, 1, 60),
    CYAML_FIELD_FLOAT("number", CYAML_FLAG_DEFAULT, struct figure, number),
    CYAML_FIELD_STRING_PTR("unit", CYAML_FLAG_POINTER, struct figure, unit, 1, 20),
    CYAML_FIELD_STRING_PTR("source", CYAML_FLAG_POINTER, struct figure, source, 1, 60),
    CYAML_FIELD_STRING_PTR("reference", CYAML_FLAG_POINTER, struct figure, reference, 1, 300),
    CYAML_FIELD_END};
static const cyaml_schema_value_t figure_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct figure, figure_fields)};
static const cyaml_schema_field_t fields[] = {CYAML_FIELD_SEQUENCE_COUNT("figures", CYAML_FLAG_POINTER,
                                                                         struct published, figures, figures_count,
                                                                         &figure_schema, 1, 500),
                                              CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct published, fields)};

static const struct {
    const char *name;
    enum unit unit;
} units[] = {{"tokens", UNIT_TOKENS},
             {"times", UNIT_NONE},
             {"bytes", UNIT_BYTES},
             {"seconds", UNIT_SECONDS},
             {"bytes/s", UNIT_BYTES_PER_SECOND},
             {"flops/s", UNIT_FLOPS_PER_SECOND},
             {"flops", UNIT_FLOPS}};

enum status published_open(struct published **published, struct diags *diags)
{
    char *path = data_path("slides/published.yml");
    void *data = NULL;
    enum status status = path ? yaml_load_file(path, &schema, &data, diags) : STATUS_NO_MEMORY;
    *published = data;
    free(path);
    return status;
}

void published_close(struct published *published)
{
    yaml_release(&schema, published);
}

enum status published_find(const struct published *published, const char *key, const char *file, int line,
                           struct value *value, struct diags *diags)
{
    const char *names[500];
    for (unsigned i = 0; i < published->figures_count; i++) {
        const struct figure *figure = &published->figures[i];
        names[i] = figure->key;
        if (strcmp(figure->key, key) != 0)
            continue;
        *value = (struct value){.number = figure->number,
                                .low = figure->number,
                                .high = figure->number,
                                .kind = KIND_PUBLISHED,
                                .source = figure->source};
        for (size_t u = 0; u < sizeof units / sizeof units[0]; u++)
            if (strcmp(units[u].name, figure->unit) == 0)
                value->unit = units[u].unit;
        return STATUS_OK;
    }
    char *near = nearest_sentence(key, names, published->figures_count, 3);
    diags_error(diags, file, line, near ? near : "slides/published.yml lists them; add yours with its source.",
                "published.%s: no such figure", key);
    free(near);
    return STATUS_BAD_INPUT;
}

const char *published_reference(const struct published *published, const char *source)
{
    for (unsigned i = 0; source && i < published->figures_count; i++)
        if (strcmp(published->figures[i].source, source) == 0)
            return published->figures[i].reference;
    return NULL;
}

size_t published_count(const struct published *published)
{
    return published->figures_count;
}

const char *published_key(const struct published *published, size_t i)
{
    return published->figures[i].key;
}
