/* lists_slides.c - what slides can look like: layouts, and the data files of canvases, themes, types and brands. */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "cli/lists.h"
#include "harness/data_path.h"
#include "slides/call.h"
#include "slides/layout.h"
#include "slides/pattern.h"
#include "slides/style.h"

void list_layouts(int width)
{
    size_t count;
    const struct layout *const *layouts = layouts_all(&count);
    for (size_t i = 0; i < count; i++)
        list_entry(layouts[i]->name, 11, layouts[i]->idea, width);
    puts("\n  For one slide: <!-- _class: NAME -->; without it, its content decides.");
}

/* One kind of style file: how a name of it is loaded, and what is said of it. */
struct style_list {
    const char *folder;
    int name_width;
    enum status (*load)(const char *name, struct style *style, struct diags *diags);
    void (*describe)(const struct style *style, struct text *words);
};

static void add_reason(struct text *words, const struct diags *diags)
{
    const struct diag *first = diags->count ? &diags->items[0] : NULL;
    text_format(words, "cannot be used here: %s%s%s", first && first->what ? first->what : "unknown reason",
                first && first->remedy ? ". " : "", first && first->remedy ? first->remedy : "");
}

static void list_styles(const struct style_list *list, int width)
{
    size_t count;
    char **names = data_names(list->folder, ".yml", &count);
    for (size_t i = 0; i < count; i++) {
        struct style style = {0};
        struct diags diags = {0};
        struct text words = {0};
        if (list->load(names[i], &style, &diags) == STATUS_OK)
            list->describe(&style, &words);
        else
            add_reason(&words, &diags);
        list_entry(names[i], list->name_width, words.bytes ? words.bytes : "", width);
        style_free(&style);
        diags_free(&diags);
        text_free(&words);
    }
    data_names_free(names, count);
}

static enum status load_canvas(const char *name, struct style *style, struct diags *diags)
{
    return style_load(name, NULL, NULL, NULL, ".", style, diags);
}

static void describe_canvas(const struct style *style, struct text *words)
{
    text_format(words, "%4.0f x %-4.0f  %s", style->canvas.width, style->canvas.height, style->canvas.title);
}

static enum status load_theme(const char *name, struct style *style, struct diags *diags)
{
    return style_load(NULL, name, NULL, NULL, ".", style, diags);
}

static void add_color(struct text *words, const char *name, struct color color)
{
    text_format(words, "%s #%02X%02X%02X", name, (unsigned)(color.r * 255 + 0.5), (unsigned)(color.g * 255 + 0.5),
                (unsigned)(color.b * 255 + 0.5));
}

static void describe_theme(const struct style *style, struct text *words)
{
    const struct color *colors = style->theme.colors;
    text_format(words, "%-12s ", style->theme.title);
    add_color(words, "background", colors[ROLE_BACKGROUND]);
    add_color(words, ", text", colors[ROLE_TEXT]);
    add_color(words, ", accent", colors[ROLE_ACCENT]);
}

static enum status load_type(const char *name, struct style *style, struct diags *diags)
{
    return style_load(NULL, NULL, name, NULL, ".", style, diags);
}

static void describe_type(const struct style *style, struct text *words)
{
    text_format(words, "headings %s, text %s, code %s", style->type.heading, style->type.body, style->type.mono);
}

static enum status load_brand(const char *name, struct style *style, struct diags *diags)
{
    return style_load(NULL, NULL, NULL, name, ".", style, diags);
}

static void describe_brand(const struct style *style, struct text *words)
{
    text_format(words, "%s, %s", style->brand.name, style->brand.person);
    if (style->brand.handle)
        text_format(words, ", %s", style->brand.handle);
}

void list_canvases(int width)
{
    list_styles(&(struct style_list){"slides/canvases", 17, load_canvas, describe_canvas}, width);
    puts("\n  --size takes a name, a ratio (4:5, 1:1, 9:16, 16:9) or WIDTHxHEIGHT.");
}

void list_themes(int width)
{
    list_styles(&(struct style_list){"slides/themes", 11, load_theme, describe_theme}, width);
    puts("\n  A theme of your own: base: ink, and the colours that differ, in my.yml; then --theme my.yml.");
}

void list_types(int width)
{
    list_styles(&(struct style_list){"slides/types", 11, load_type, describe_type}, width);
}

void list_brands(int width)
{
    list_styles(&(struct style_list){"slides/brands", 11, load_brand, describe_brand}, width);
    puts("\n  Your own: copy slides/brands/flashdeck.yml, put your name in, then --brand my.yml.\n"
         "  slides/brand.h says all that a kit can hold; northlight, kiln and fieldnotes show it.");
}

void list_patterns(int width)
{
    size_t count;
    const struct pattern *const *patterns = pattern_table(&count);
    for (size_t i = 0; i < count; i++)
        list_entry(patterns[i]->name, 11, patterns[i]->idea, width);
    puts("\n  pattern: NAME in the front matter, a theme or a kit; <!-- pattern: NAME --> from a slide on.\n"
         "  Behind it: continuous (it goes on over all slides), seed=7.");
}

void list_calls(int width)
{
    size_t count;
    char **names = data_names("slides/calls", ".yml", &count);
    for (size_t i = 0; i < count; i++) {
        struct call call;
        struct diags diags = {0};
        enum status status = call_load(names[i], ".", false, NULL, 0, &call, &diags);
        list_entry(names[i], 11, status == STATUS_OK && call.heading ? call.heading : "(says nothing of its own)",
                   width);
        call_free(&call);
        diags_free(&diags);
    }
    data_names_free(names, count);
    puts("\n  For the last slide: <!-- _class: outro NAME -->, and qr behind it for a QR code of its address.");
}
