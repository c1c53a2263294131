/* deck.c - a deck taken apart: front matter, slides, fences, comments, and runs of Markdown. */
#include "slides/deck.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "slides/directive.h"
#include "slides/front_matter.h"
#include "slides/markdown.h"
#include "slides/utf8.h"

enum { LARGEST = 4 << 20, MOST_SLIDES = 300, LONGEST_NOTES = 64000 };

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

/* How many of `character` the line begins with; never looks behind its end. */
static size_t count_of(char character, const char *line, size_t length)
{
    size_t count = 0;
    while (count < length && line[count] == character)
        count++;
    return count;
}

static bool is_blank(const char *line, size_t length)
{
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
        length--;
    return length == 0;
}

/* What is being read. */
struct parser {
    struct deck *deck;
    struct diags *diags;
    struct slide *slide;
    struct text run; /* Markdown lines since the last block boundary */
    int run_line;
    struct running running;
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
                               .theme = p->running.theme ? strdup(p->running.theme) : NULL,
                               .pattern = p->running.pattern ? strdup(p->running.pattern) : NULL,
                               .paginate = p->running.paginate};
    if ((p->running.theme && !p->slide->theme) || (p->running.pattern && !p->slide->pattern))
        return no_memory(p);
    if (p->deck->slide_count == MOST_SLIDES + 1) {
        diags_error(p->diags, p->deck->file, line, "Split the deck.", "more than %d slides", MOST_SLIDES);
        return STATUS_BAD_INPUT;
    }
    return STATUS_OK;
}

/* A fence: its body as written, up to a closing fence of the same kind and at least as long. */
static enum status read_fence(struct parser *p, struct lines *lines, const char *line, size_t length)
{
    int opened = lines->number;
    size_t ticks = count_of(line[0], line, length), body_length;
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
        size_t indent = count_of(' ', body_line, body_length);
        size_t closing = count_of(line[0], body_line + indent, body_length - indent);
        closed =
            indent < 4 && closing >= ticks && is_blank(body_line + indent + closing, body_length - indent - closing);
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

static enum status add_note(struct parser *p, const char *note)
{
    const char *words = note + strspn(note, " \n");
    size_t length = p->slide->notes ? strlen(p->slide->notes) : 0;
    if (length + strlen(words) > LONGEST_NOTES) {
        diags_error(p->diags, p->deck->file, p->slide->line, "Shorten them, or split the slide.",
                    "slide %zu has more than %d bytes of speaker notes", p->deck->slide_count, LONGEST_NOTES);
        return STATUS_BAD_INPUT;
    }
    struct text all = {0};
    if (p->slide->notes)
        text_format(&all, "%s\n", p->slide->notes);
    text_add(&all, words);
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
    bool note = false;
    if (!close) {
        diags_error(p->diags, p->deck->file, opened, "Close it with -->.", "this comment is never closed");
        status = STATUS_BAD_INPUT;
    } else {
        status = directives_read(comment, p->deck->file, opened, p->slide, &p->running, &note, p->diags);
    }
    if (status == STATUS_OK && note)
        status = add_note(p, comment);
    if (close) { /* what stands behind it is read as a line of its own */
        size_t left = rest - (size_t)(close + 3 - at);
        size_t blanks = count_of(' ', close + 3, left);
        if (!is_blank(close + 3, left)) {
            lines->at = close + 3 + blanks;
            lines->number--;
        }
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
        size_t indent = count_of(' ', line, length);
        bool fence = indent < 4 && (count_of('`', line + indent, length - indent) >= 3 ||
                                    count_of('~', line + indent, length - indent) >= 3);
        bool comment = length - indent >= 4 && strncmp(line + indent, "<!--", 4) == 0;
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
            status = read_fence(p, lines, line + indent, length - indent);
        else if (status == STATUS_OK && comment)
            status = read_comment(p, lines, line + indent, length - indent);
        else if (status == STATUS_OK && rule)
            status = open_slide(p, lines->number + 1);
    }
    if (status == STATUS_OK)
        status = flush_run(p);
    text_free(&p->run);
    return status;
}

/* Faults in it do not keep the slides from being read: all faults are told at once. Only where it never ends, nothing
 * else can be read. */
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
            if (line > start)
                front_matter_read(start, (size_t)(line - start), 2, p->deck, p->diags);
            return STATUS_OK;
        }
    diags_error(p->diags, p->deck->file, 1, "Close it with a line of ---.", "the front matter is never closed");
    return STATUS_BAD_INPUT;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? strndup(path, (size_t)(slash - path)) : strdup(".");
}

/* An outro with a call has words of its own. */
static bool shows_nothing(const struct slide *slide)
{
    return slide->block_count == 0 && !(slide->layout && strncmp(slide->layout, "outro ", 6) == 0);
}

/* A line of --- too many makes a slide that shows nothing. */
static void check_slides(const struct deck *deck, struct diags *diags)
{
    size_t empty = 0;
    for (size_t i = 0; i < deck->slide_count; i++)
        empty += shows_nothing(&deck->slides[i]);
    if (empty == deck->slide_count)
        diags_error(diags, deck->file, 0, "Slides are separated by --- lines.", "this deck has no slides");
    for (size_t i = 0; i < deck->slide_count && empty < deck->slide_count; i++)
        if (shows_nothing(&deck->slides[i]))
            diags_error(diags, deck->file, deck->slides[i].line, "Fill it, or remove a --- line beside it.",
                        "slide %zu is empty", i + 1);
}

/* A NUL stands behind the `length` bytes: lines are scanned by functions that stop there. */
static enum status parse_text(const char *bytes, size_t length, const char *name, struct deck *deck,
                              struct diags *diags)
{
    *deck = (struct deck){.file = strdup(name), .folder = folder_of(name)};
    size_t before = diags->errors;
    int bad = utf8_bad_line(bytes, length);
    if (length == 0 || bad) {
        diags_error(diags, name, bad, length ? "Save the deck as UTF-8." : "A deck starts with a heading: # My claim.",
                    length ? "this is not text in UTF-8" : "this deck is empty");
    } else {
        size_t mark = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* what some editors begin with */
        struct lines lines = {bytes + mark, bytes + length, 0};
        struct parser parser = {.deck = deck, .diags = diags};
        if (read_front_matter(&parser, &lines) == STATUS_OK) {
            parser.running.paginate = deck->paginate;
            if (read_slides(&parser, &lines) == STATUS_OK)
                check_slides(deck, diags);
        }
        free(parser.running.theme);
        free(parser.running.pattern);
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
    char *const texts[] = {deck->file,      deck->folder,  deck->title,   deck->description, deck->author,
                           deck->lang,      deck->size,    deck->theme,   deck->type,        deck->brand,
                           deck->text_size, deck->pattern, deck->licence, deck->url};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    free(deck->slides);
    free(deck->names);
    *deck = (struct deck){0};
}
