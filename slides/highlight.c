#include "slides/highlight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <t3highlight/highlight.h>

#include "base/text.h"
#include "harness/data_path.h"
#include "slides/escape.h"

/* What a language file calls a piece of code, and the colour it gets here: few, each with a meaning. */
static const struct {
    const char *style, *tag; /* NULL: the text's own colour */
} styles[] = {
    {"normal", NULL},       {"keyword", "accent"},  {"string", "accent2"},        {"string-escape", "accent2"},
    {"number", "accent2"},  {"comment", "muted"},   {"comment-keyword", "muted"}, {"misc", "accent2"},
    {"variable", "accent"}, {"addition", "accent"}, {"deletion", "accent2"}};
enum { STYLES = sizeof styles / sizeof styles[0] };

static int map_style(void *data, const char *name)
{
    (void)data;
    for (int i = 0; i < STYLES; i++)
        if (strcmp(styles[i].style, name) == 0)
            return i;
    return 0;
}

struct code_info code_info_read(const char *info)
{
    struct code_info read = {0};
    const char *lines = info ? strchr(info, '{') : NULL;
    if (!info)
        return read;
    int count = sscanf(info, "%23s %63[^{\n]", read.language, read.title);
    if (read.language[0] == '{')
        read.language[0] = read.title[0] = '\0';
    if (count < 2)
        read.title[0] = '\0';
    for (size_t end = strlen(read.title); end > 0 && read.title[end - 1] == ' ';)
        read.title[--end] = '\0';
    read.language[strcspn(read.language, "{")] = '\0';
    read.lines = lines ? lines + 1 : NULL;
    return read;
}

bool code_line_chosen(const struct code_info *info, int line)
{
    for (const char *at = info->lines; at && *at && *at != '}';) {
        char *end;
        long first = strtol(at, &end, 10), last = first;
        if (end == at)
            return true; /* not a list of lines */
        if (*end == '-')
            last = strtol(end + 1, &end, 10);
        if (line >= first && line <= last)
            return true;
        at = end + (*end == ',');
    }
    return !info->lines;
}

static t3_highlight_t *open_language(const char *language)
{
    enum { FLAGS = T3_HIGHLIGHT_UTF8 | T3_HIGHLIGHT_USE_PATH };
    bool cuda = strcasecmp(language, "cuda") == 0 || strcasecmp(language, "cu") == 0;
    if (!*language)
        return NULL;
    if (!cuda)
        return t3_highlight_load_by_langname(language, map_style, NULL, FLAGS, NULL);
    char *path = data_path("slides/code/cuda.lang");
    t3_highlight_t *found = path ? t3_highlight_load(path, map_style, NULL, FLAGS, NULL) : NULL;
    free(path);
    return found;
}

static void add_piece(struct text *markup, int style, const char *bytes, size_t length)
{
    const char *tag = style >= 0 && style < STYLES ? styles[style].tag : NULL;
    if (length == 0)
        return;
    if (tag)
        text_format(markup, "<%s>", tag);
    escape_markup(markup, bytes, length);
    if (tag)
        text_format(markup, "</%s>", tag);
}

/* The matcher keeps what a line leaves open (a comment) for the next one, also where nothing is added. */
static void add_line(struct text *markup, t3_highlight_match_t *match, const char *line, size_t length)
{
    bool more = true;
    t3_highlight_next_line(match);
    while (more) {
        more = t3_highlight_match(match, line, length);
        size_t begin = t3_highlight_get_start(match), start = t3_highlight_get_match_start(match);
        size_t end = t3_highlight_get_end(match);
        if (begin > start || start > end || end > length)
            return;
        add_piece(markup, t3_highlight_get_begin_attr(match), line + begin, start - begin);
        add_piece(markup, t3_highlight_get_match_attr(match), line + start, end - start);
    }
}

char *highlight_code(const char *body, const char *info)
{
    struct code_info read = code_info_read(info);
    t3_highlight_t *language = open_language(read.language);
    t3_highlight_match_t *match = language ? t3_highlight_new_match(language) : NULL;
    struct text markup = {0};
    size_t length = strlen(body);
    while (length > 0 && body[length - 1] == '\n')
        length--;
    const char *end = body + length;
    for (int number = 1; body < end; number++) {
        const char *stop = memchr(body, '\n', (size_t)(end - body));
        size_t line = (size_t)((stop ? stop : end) - body);
        bool chosen = code_line_chosen(&read, number);
        struct text colored = {0};
        if (match)
            add_line(&colored, match, body, line);
        if (match && chosen)
            text_add(&markup, colored.bytes ? colored.bytes : "");
        else
            add_piece(&markup, map_style(NULL, chosen ? "normal" : "comment"), body, line);
        text_free(&colored);
        body += line + (stop != NULL);
        if (body < end || stop)
            text_add(&markup, body < end ? "\n" : "");
    }
    if (match)
        t3_highlight_free_match(match);
    t3_highlight_free(language);
    return text_take(&markup);
}
