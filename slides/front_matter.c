#include "slides/front_matter.h"

#include <stdlib.h>
#include <string.h>

#include "slides/yaml.h"

struct let {
    char *name, *is;
};

/* Ours, then what Marp's editors write and we leave to them. */
struct front_matter {
    char *title, *description, *author, *lang, *size, *theme, *type, *text_size, *brand, *pattern, *licence, *url;
    bool paginate, marp;
    struct let *let;
    unsigned let_count;
    char *ignored[7];
};

#define WORD(name, member)                                                                                             \
    CYAML_FIELD_STRING_PTR(name, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct front_matter, member, 0, 500)

static const cyaml_schema_field_t let_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct let, name, 1, 60),
    CYAML_FIELD_STRING_PTR("is", CYAML_FLAG_POINTER, struct let, is, 1, 400), CYAML_FIELD_END};
static const cyaml_schema_value_t let_schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct let, let_fields)};
static const cyaml_schema_field_t fields[] = {
    WORD("title", title),
    WORD("description", description),
    WORD("author", author),
    WORD("lang", lang),
    WORD("size", size),
    WORD("theme", theme),
    WORD("type", type),
    WORD("text_size", text_size),
    WORD("brand", brand),
    WORD("pattern", pattern),
    WORD("licence", licence),
    WORD("url", url),
    CYAML_FIELD_BOOL("paginate", CYAML_FLAG_OPTIONAL, struct front_matter, paginate),
    CYAML_FIELD_BOOL("marp", CYAML_FLAG_OPTIONAL, struct front_matter, marp),
    CYAML_FIELD_SEQUENCE_COUNT("let", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct front_matter, let, let_count,
                               &let_schema, 0, 64),
    WORD("header", ignored[0]),
    WORD("footer", ignored[1]),
    WORD("style", ignored[2]),
    WORD("math", ignored[3]),
    WORD("class", ignored[4]),
    WORD("backgroundColor", ignored[5]),
    WORD("color", ignored[6]),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct front_matter, fields)};

static char *copy(const char *text)
{
    return text && *text ? strdup(text) : NULL;
}

enum status front_matter_read(const char *bytes, size_t length, int first_line, struct deck *deck, struct diags *diags)
{
    void *data;
    enum status status = yaml_load(bytes, length, deck->file, first_line, &schema, &data, diags);
    const struct front_matter *from = data;
    if (status == STATUS_OK) {
        deck->title = copy(from->title);
        deck->description = copy(from->description);
        deck->author = copy(from->author);
        deck->lang = copy(from->lang);
        deck->size = copy(from->size);
        deck->theme = copy(from->theme);
        deck->type = copy(from->type);
        deck->text_size = copy(from->text_size);
        deck->brand = copy(from->brand);
        deck->pattern = copy(from->pattern);
        deck->licence = copy(from->licence);
        deck->url = copy(from->url);
        deck->paginate = from->paginate;
        deck->names = calloc(from->let_count + 1, sizeof *deck->names);
        for (unsigned i = 0; deck->names && i < from->let_count; i++)
            deck->names[deck->name_count++] =
                (struct deck_name){copy(from->let[i].name), copy(from->let[i].is), first_line};
    }
    yaml_release(&schema, data);
    return status;
}
