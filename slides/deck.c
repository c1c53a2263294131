/* deck.c - a deck taken apart: front matter, slides, fences, comments, and runs of Markdown. */
#include "slides/deck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/text.h"
#include "slides/front_matter.h"
#include "slides/markdown.h"

enum { LARGEST = 4 << 20, MOST_SLIDES = 300 };

/* A walk over the lines. */
struct lines {
    const char *at, *end;
    int number; /* of the line that next_line gave last */
};

static bool next_line(struct lines *lines, const char **line, size_t *length)
{
    if (lines->at >= lines->end)
        return false;
    const char *stop = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    *line = lines->at;
    *length = (size_t)((stop ? stop : lines->end) - lines->at);
    lines->at = stop ? stop + 1 : lines->end;
    lines->number++;
    while (*length > 0 && ((*line)[*length - 1] == '\r'))
        --*length;
    return true;
}

static bool is_rule(const char *line, size_t length)
{
    while (length > 0 && line[length - 1] == ' ')
        length--;
    return length == 3 && strncmp(line, "---", 3) == 0;
}

static bool is_blank(const char *line, size_t length)
{
    return strspn(line, " \t") >= length;
}

/* What is being read. */
struct parser {
    struct deck *deck;
    struct diags *diags;
    struct slide *slide;
    struct text run; /* Markdown lines since the last block boundary */
    int run_line;
    char *theme, *pattern; /* from here on */
    bool paginate;
};

static enum status no_memory(struct parser *p)
{
    diags_error(p->diags, p->deck->file, 0, NULL, "out of memory");
    return STATUS_NO_MEMORY;
}

static enum status flush_run(struct parser *p)
{
    enum status status = STATUS_OK;
    if (p->run.length > 0)
        status = markdown_add(p->slide, p->run.bytes, p->deck->file, p->run_line, p->diags);
    text_free(&p->run);
    return status;
}

static enum status open_slide(struct parser *p, int line)
{
    struct slide *slides = realloc(p->deck->slides, (p->deck->slide_count + 1) * sizeof *slides);
    if (!slides)
        return no_memory(p);
    p->deck->slides = slides;
    p->slide = &slides[p->deck->slide_count++];
    *p->slide = (struct slide){.line = line,
                               .theme = p->theme ? strdup(p->theme) : NULL,
                               .pattern = p->pattern ? strdup(p->pattern) : NULL,
                               .paginate = p->paginate};
    if (p->deck->slide_count == MOST_SLIDES + 1) {
        diags_error(p->diags, p->deck->file, line, "Split the deck.", "more than %d slides", MOST_SLIDES);
        return STATUS_BAD_INPUT;
    }
    return STATUS_OK;
}

/* A fence: its body as written, up to the closing fence of the same kind. */
static enum status read_fence(struct parser *p, struct lines *lines, const char *line, size_t length)
{
    int opened = lines->number;
    size_t ticks = strspn(line, line[0] == '~' ? "~" : "`"), body_length;
    struct text body = {0};
    const char *body_line, *info = line + ticks;
    size_t info_length = length - ticks;
    while (info_length > 0 && *info == ' ') {
        info++;
        info_length--;
    }
    while (info_length > 0 && info[info_length - 1] == ' ')
        info_length--;
    bool closed = false;
    while (!closed && next_line(lines, &body_line, &body_length)) {
        closed = body_length >= ticks && strncmp(body_line, line, ticks) == 0 &&
                 is_blank(body_line + ticks, body_length - ticks);
        if (!closed) {
            text_add_bytes(&body, body_line, body_length);
            text_add(&body, "\n");
        }
    }
    struct block *block = slide_add_block(p->slide);
    if (!block) {
        text_free(&body);
        return no_memory(p);
    }
    bool chart = info_length == 5 && strncmp(info, "chart", 5) == 0;
    bool figure = info_length == 6 && strncmp(info, "figure", 6) == 0;
    *block = (struct block){.kind = chart    ? BLOCK_CHART
                                    : figure ? BLOCK_FIGURE
                                             : BLOCK_CODE,
                            .line = opened,
                            .info = strndup(info, info_length),
                            .body = text_take(&body)};
    if (closed)
        return STATUS_OK;
    diags_error(p->diags, p->deck->file, opened, "Close it with a line of ```.", "this fence is never closed");
    return STATUS_BAD_INPUT;
}

static const char *const directive_names[] = {"_class",   "class",     "theme",  "pattern",
                                              "paginate", "_paginate", "header", "footer"};

/* "key: value" of a comment; false when it is no directive but a note. */
static bool read_directive(struct parser *p, char *comment, int line)
{
    char key[32], value[128];
    if (strchr(comment, '\n') || sscanf(comment, " %31[A-Za-z_] : %127[^\n]", key, value) != 2)
        return false;
    for (size_t end = strlen(value); end > 0 && value[end - 1] == ' ';)
        value[--end] = '\0';
    char **target = strcmp(key, "theme") == 0 ? &p->theme : strcmp(key, "pattern") == 0 ? &p->pattern : NULL;
    char **of_slide = strcmp(key, "theme") == 0 ? &p->slide->theme : &p->slide->pattern;
    if (target) {
        free(*target);
        free(*of_slide);
        *target = strdup(value);
        *of_slide = strdup(value);
    } else if (strcmp(key, "_class") == 0) {
        free(p->slide->layout);
        p->slide->layout = strdup(value);
    } else if (strcmp(key, "paginate") == 0) {
        p->paginate = p->slide->paginate = strcmp(value, "true") == 0;
    } else if (strcmp(key, "_paginate") == 0) {
        p->slide->paginate = strcmp(value, "true") == 0;
    } else {
        size_t count = sizeof directive_names / sizeof directive_names[0];
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known |= strcmp(directive_names[i], key) == 0;
        char *near = known || strchr(value, ' ') ? NULL : nearest_sentence(key, directive_names, count, 2);
        if (near)
            diags_warn(p->diags, p->deck->file, line, near, "'%s' is no directive: taken as a speaker note", key);
        free(near);
        return known;
    }
    return true;
}

static enum status add_note(struct parser *p, const char *note)
{
    struct text all = {0};
    if (p->slide->notes)
        text_format(&all, "%s\n", p->slide->notes);
    text_add(&all, note + strspn(note, " \n"));
    free(p->slide->notes);
    p->slide->notes = text_take(&all);
    return p->slide->notes ? STATUS_OK : no_memory(p);
}

/* <!-- ... -->, on one line or several. */
static enum status read_comment(struct parser *p, struct lines *lines, const char *line, size_t length)
{
    int opened = lines->number;
    struct text body = {0};
    const char *at = line + 4, *close = NULL;
    size_t rest = length - 4;
    for (;;) {
        close = memmem(at, rest, "-->", 3);
        text_add_bytes(&body, at, close ? (size_t)(close - at) : rest);
        if (close || !next_line(lines, &at, &rest))
            break;
        text_add(&body, "\n");
    }
    char *comment = text_take(&body);
    if (!comment)
        return no_memory(p);
    enum status status = STATUS_OK;
    if (!close) {
        diags_error(p->diags, p->deck->file, opened, "Close it with -->.", "this comment is never closed");
        status = STATUS_BAD_INPUT;
    } else if (!read_directive(p, comment, opened)) {
        status = add_note(p, comment);
    }
    free(comment);
    return status;
}

static enum status read_slides(struct parser *p, struct lines *lines)
{
    const char *line;
    size_t length;
    enum status status = open_slide(p, lines->number + 1);
    while (status == STATUS_OK && next_line(lines, &line, &length)) {
        bool fence = length >= 3 && (strncmp(line, "```", 3) == 0 || strncmp(line, "~~~", 3) == 0);
        bool comment = length >= 4 && strncmp(line, "<!--", 4) == 0;
        bool rule = is_rule(line, length);
        if (fence || comment || rule || is_blank(line, length)) {
            status = flush_run(p);
        } else {
            if (p->run.length == 0)
                p->run_line = lines->number;
            text_add_bytes(&p->run, line, length);
            text_add(&p->run, "\n");
        }
        if (status == STATUS_OK && fence)
            status = read_fence(p, lines, line, length);
        else if (status == STATUS_OK && comment)
            status = read_comment(p, lines, line, length);
        else if (status == STATUS_OK && rule)
            status = open_slide(p, lines->number + 1);
    }
    if (status == STATUS_OK)
        status = flush_run(p);
    text_free(&p->run);
    return status;
}

static enum status read_front_matter(struct parser *p, struct lines *lines)
{
    const char *line;
    size_t length;
    struct lines ahead = *lines;
    if (!next_line(&ahead, &line, &length) || !is_rule(line, length))
        return STATUS_OK; /* a deck may have none */
    const char *start = ahead.at;
    while (next_line(&ahead, &line, &length))
        if (is_rule(line, length)) {
            *lines = ahead;
            return line == start ? STATUS_OK : front_matter_read(start, (size_t)(line - start), 2, p->deck, p->diags);
        }
    diags_error(p->diags, p->deck->file, 1, "Close it with a line of ---.", "the front matter is never closed");
    return STATUS_BAD_INPUT;
}

/* Strict UTF-8 without NUL; returns the line of the first fault, or 0. */
static int bad_utf8_line(const unsigned char *bytes, size_t length)
{
    int line = 1;
    for (size_t i = 0; i < length;) {
        unsigned char lead = bytes[i];
        size_t more = lead < 0x80                   ? 0
                      : lead >= 0xc2 && lead < 0xe0 ? 1
                      : (lead & 0xf0) == 0xe0       ? 2
                      : lead >= 0xf0 && lead < 0xf5 ? 3
                                                    : 9;
        if (more == 9 || lead == 0 || i + more >= length + (more == 0))
            return line;
        unsigned code = more == 0 ? lead : lead & (0x3f >> more);
        for (size_t k = 1; k <= more; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80)
                return line;
            code = code << 6 | (bytes[i + k] & 0x3f);
        }
        if ((more == 2 && code < 0x800) || (code >= 0xd800 && code < 0xe000) ||
            (more == 3 && (code < 0x10000 || code > 0x10ffff)))
            return line;
        line += lead == '\n';
        i += more + 1;
    }
    return 0;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? strndup(path, (size_t)(slash - path)) : strdup(".");
}

static bool has_content(const struct deck *deck)
{
    for (size_t i = 0; i < deck->slide_count; i++)
        if (deck->slides[i].block_count > 0)
            return true;
    return false;
}

/* A NUL stands behind the `length` bytes: lines are scanned by functions that stop there. */
static enum status parse_text(const char *bytes, size_t length, const char *name, struct deck *deck,
                              struct diags *diags)
{
    *deck = (struct deck){.file = strdup(name), .folder = folder_of(name)};
    size_t before = diags->errors;
    int bad = bad_utf8_line((const unsigned char *)bytes, length);
    if (length == 0 || bad) {
        diags_error(diags, name, bad, length ? "Save the deck as UTF-8." : "A deck starts with a heading: # My claim.",
                    length ? "this is not text in UTF-8" : "this deck is empty");
    } else {
        struct lines lines = {bytes, bytes + length, 0};
        struct parser parser = {.deck = deck, .diags = diags};
        if (read_front_matter(&parser, &lines) == STATUS_OK) {
            parser.paginate = deck->paginate;
            read_slides(&parser, &lines);
        }
        free(parser.theme);
        free(parser.pattern);
        if (diags->errors == before && !has_content(deck))
            diags_error(diags, name, 0, "Slides are separated by --- lines.", "this deck has no slides");
        if (!deck->lang)
            deck->lang = strdup("en");
    }
    if (diags->errors == before)
        return STATUS_OK;
    deck_free(deck);
    return STATUS_BAD_INPUT;
}

enum status deck_parse(const char *bytes, size_t length, const char *name, struct deck *deck, struct diags *diags)
{
    char *text = malloc(length + 1);
    *deck = (struct deck){0};
    if (!text) {
        diags_error(diags, name, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    memcpy(text, bytes, length);
    text[length] = '\0';
    enum status status = parse_text(text, length, name, deck, diags);
    free(text);
    return status;
}

enum status deck_read(const char *path, struct deck *deck, struct diags *diags)
{
    char *bytes;
    size_t length;
    *deck = (struct deck){0};
    enum status status = file_read(path, LARGEST, &bytes, &length, diags);
    if (status == STATUS_OK)
        status = deck_parse(bytes, length, path, deck, diags);
    free(bytes);
    return status;
}

static void free_slide(struct slide *slide)
{
    for (size_t i = 0; i < slide->block_count; i++) {
        free(slide->blocks[i].text);
        free(slide->blocks[i].info);
        free(slide->blocks[i].body);
    }
    free(slide->blocks);
    free(slide->layout);
    free(slide->theme);
    free(slide->pattern);
    free(slide->notes);
}

void deck_free(struct deck *deck)
{
    for (size_t i = 0; i < deck->slide_count; i++)
        free_slide(&deck->slides[i]);
    for (size_t i = 0; i < deck->name_count; i++) {
        free(deck->names[i].name);
        free(deck->names[i].expression);
    }
    char *const texts[] = {deck->file, deck->folder, deck->title, deck->description, deck->author,
                           deck->lang, deck->size,   deck->theme, deck->type,        deck->brand};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    free(deck->slides);
    free(deck->names);
    *deck = (struct deck){0};
}
