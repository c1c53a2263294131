#include "slides/style_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/nearest.h"
#include "harness/data_path.h"
#include "slides/path_inside.h"

static const struct {
    const char *folder, *word, *fallback;
} kinds[STYLE_KINDS] = {
    [STYLE_CANVAS] = {"slides/canvases", "canvas", "linkedin"}, [STYLE_THEME] = {"slides/themes", "theme", "ink"},
    [STYLE_TYPE] = {"slides/types", "type pair", "inter"},      [STYLE_BRAND] = {"slides/brands", "brand", "flashdeck"},
    [STYLE_CALL] = {"slides/calls", "call", "follow"},
};

const char *style_default(enum style_kind kind)
{
    return kinds[kind].fallback;
}

static bool is_file_name(const char *name)
{
    size_t length = strlen(name);
    return (length > 4 && strcmp(name + length - 4, ".yml") == 0) ||
           (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
}

static char *path_of_file(enum style_kind kind, const struct style_source *source, struct diags *diags)
{
    const char *fault;
    char *path = path_inside(source->name, source->folder ? source->folder : ".", source->outside, &fault);
    if (!path)
        diags_error(diags, NULL, 0, path_inside_remedy(source->name), "%s '%.200s': %s", kinds[kind].word, source->name,
                    *fault ? fault : "out of memory");
    return path;
}

/* The path of a named file, or an error with the nearest names. Fresh string. */
static char *path_of(enum style_kind kind, const struct style_source *source, struct diags *diags)
{
    const char *name = source->name ? source->name : kinds[kind].fallback;
    char relative[300];
    if (is_file_name(name))
        return path_of_file(kind, source, diags);
    snprintf(relative, sizeof relative, "%s/%.200s.yml", kinds[kind].folder, name);
    char *path = data_path(relative);
    if (path && !strchr(name, '/') && access(path, R_OK) == 0)
        return path;
    size_t count;
    char **names = data_names(kinds[kind].folder, ".yml", &count);
    char *near = nearest_sentence(name, (const char *const *)names, count, 3);
    diags_error(diags, NULL, 0, near ? near : "`flashdeck list` shows them; a file of your own ends in .yml.",
                "there is no %s '%s'", kinds[kind].word, name);
    free(near);
    data_names_free(names, count);
    free(path);
    return NULL;
}

enum status style_file_load(enum style_kind kind, const struct style_source *source, const cyaml_schema_value_t *schema,
                            void **data, char **path, struct diags *diags)
{
    *data = NULL;
    *path = path_of(kind, source, diags);
    return *path ? yaml_load_file(*path, schema, data, diags) : STATUS_BAD_INPUT;
}

/* Does this line set `key`? `at` is behind its indentation. */
static bool sets(const char *at, const char *key)
{
    size_t length = strlen(key);
    bool quoted = *at == '"' || *at == '\'';
    at += quoted;
    return strncmp(at, key, length) == 0 && (at[length] == ':' || (quoted && at[length + 1] == ':'));
}

/* In flow style, {accent: "#..."}, all keys stand on the line of their mapping or on those below it. */
static bool flows(const char *line, size_t length, const char *key)
{
    size_t size = strlen(key);
    for (size_t i = 1; i + size < length; i++)
        if (strchr("{, ", line[i - 1]) && strncmp(line + i, key, size) == 0 && line[i + size] == ':')
            return true;
    return false;
}

static int line_of(const char *bytes, const char *parent, const char *key)
{
    int line = 1, parent_line = 0;
    size_t parent_indent = 0;
    for (const char *at = bytes; *at; line++) {
        size_t length = strcspn(at, "\n"), indent = strspn(at, " ");
        bool blank = indent >= length || at[indent] == '#';
        if (parent && !parent_line && sets(at + indent, parent)) {
            parent_line = line;
            parent_indent = indent;
            if (flows(at, length, key))
                return line;
        } else if (parent_line && !blank && indent <= parent_indent && at[indent] != '}') {
            return parent_line;
        } else if ((!parent || parent_line) && (sets(at + indent, key) || (parent && flows(at, length, key)))) {
            return line;
        }
        at += length + (at[length] == '\n');
    }
    return parent_line;
}

int style_file_line(const char *path, const char *parent, const char *key)
{
    char *bytes;
    size_t length;
    struct diags ignored = {0};
    int line = 0;
    if (file_read(path, 1 << 20, &bytes, &length, &ignored) == STATUS_OK) {
        line = line_of(bytes, parent, key);
        free(bytes);
    }
    diags_free(&ignored);
    return line;
}

char *style_file_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? strndup(path, (size_t)(slash - path)) : strdup(".");
}

char *style_copy(const char *text)
{
    return text && *text ? strdup(text) : NULL;
}
