#include "slides/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "slides/style_file.h"

struct call_file {
    char *title, *icon, *hero, *heading, *body, *button, *scan, *address, *sources, *licence;
};

#define MAY_WORD(member)                                                                                               \
    CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct call_file, member, 0, 200)
static const cyaml_schema_field_t fields[] = {MAY_WORD(title),   MAY_WORD(icon),    MAY_WORD(hero), MAY_WORD(heading),
                                              MAY_WORD(body),    MAY_WORD(button),  MAY_WORD(scan), MAY_WORD(address),
                                              MAY_WORD(sources), MAY_WORD(licence), CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct call_file, fields)};

static const char *const heroes[] = {[HERO_AVATAR] = "avatar", [HERO_ICON] = "icon", [HERO_BUBBLE] = "bubble"};
static const char *const addresses[] = {"page", "command"};

static int one_of(const char *path, const char *key, const char *word, const char *const *words, size_t count,
                  struct diags *diags)
{
    if (!word || !*word)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return (int)i;
    char *near = nearest_sentence(word, words, count, 2);
    diags_error(diags, path, style_file_line(path, NULL, key),
                near ? near : "slides/calls/ shows how they are written.", "%s: '%s' means nothing here", key, word);
    free(near);
    return 0;
}

static void read_call(const struct call_file *file, const char *path, bool outside, struct call *call,
                      struct diags *diags)
{
    char *folder = style_file_folder(path);
    call->title = style_copy(file->title);
    call->heading = style_copy(file->heading);
    call->body = style_copy(file->body);
    call->button = style_copy(file->button);
    call->scan = style_copy(file->scan);
    call->sources = style_copy(file->sources);
    call->licence = style_copy(file->licence);
    call->hero = (enum call_hero)one_of(path, "hero", file->hero, heroes, sizeof heroes / sizeof heroes[0], diags);
    call->command = one_of(path, "address", file->address, addresses, 2, diags) == 1;
    if (file->icon && *file->icon) {
        struct image_source icon = {file->icon, folder ? folder : ".", path, style_file_line(path, NULL, "icon"),
                                    outside};
        if (image_open(&icon, &call->icon, diags) == STATUS_OK)
            image_open(&icon, &call->button_icon, diags);
    }
    free(folder);
}

enum status call_load(const char *name, const char *folder, bool outside, const char *file, int line, struct call *call,
                      struct diags *diags)
{
    size_t before = diags->errors;
    struct style_source source = {name, folder, outside};
    struct diags faults = {0};
    void *data;
    char *path;
    *call = (struct call){.name = style_copy(name)};
    if (!name)
        return STATUS_OK;
    if (style_file_load(STYLE_CALL, &source, &schema, &data, &path, &faults) == STATUS_OK)
        read_call(data, path, outside, call, &faults);
    for (size_t i = 0; i < faults.count; i++) { /* what names no file of its own is the slide's */
        const struct diag *fault = &faults.items[i];
        diags_error(diags, fault->file ? fault->file : file, fault->file ? fault->line : line, fault->remedy, "%s",
                    fault->what);
    }
    diags_free(&faults);
    yaml_release(&schema, data);
    free(path);
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

void call_free(struct call *call)
{
    char *const texts[] = {call->name,   call->title, call->heading, call->body,
                           call->button, call->scan,  call->sources, call->licence};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    image_close(call->icon);
    image_close(call->button_icon);
    *call = (struct call){0};
}
