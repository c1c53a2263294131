#include "slides/markdown.h"

#include <md4c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Private-use characters that stand for a binding while md4c reads: nothing in them is Markdown. */
#define OPEN  "\xee\x80\x80"
#define CLOSE "\xee\x80\x81"
enum { MARK = 3, BINDINGS = 200 };

/* What md4c's callbacks build. */
struct reader {
    struct slide *slide;
    const char *text; /* with bindings masked */
    int line;
    struct text markup;
    const char *bindings[BINDINGS]; /* as written, {{ }} included */
    size_t binding_lengths[BINDINGS];
    int binding_count;
    bool in_code, in_image, failed;
    struct text alt;
    char *image;
    int item, ordered, items_seen;
    int quote;
};

struct block *slide_add_block(struct slide *slide)
{
    struct block *blocks = realloc(slide->blocks, (slide->block_count + 1) * sizeof *blocks);
    if (!blocks)
        return NULL;
    slide->blocks = blocks;
    blocks[slide->block_count] = (struct block){0};
    return &blocks[slide->block_count++];
}

static void escape(struct text *markup, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (bytes[i]) {
        case '&':
            text_add(markup, "&amp;");
            break;
        case '<':
            text_add(markup, "&lt;");
            break;
        case '>':
            text_add(markup, "&gt;");
            break;
        default:
            text_add_bytes(markup, bytes + i, 1);
        }
    }
}

/* Text with masked bindings: the bindings come back as they were written. */
static void add_words(struct reader *reader, struct text *to, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        const char *mark = memmem(bytes + at, length - at, OPEN, MARK);
        size_t plain = mark ? (size_t)(mark - bytes) - at : length - at;
        escape(to, bytes + at, plain);
        at += plain;
        if (!mark)
            return;
        int index = atoi(bytes + at + MARK);
        const char *close = memmem(bytes + at, length - at, CLOSE, MARK);
        if (!close || index < 0 || index >= reader->binding_count)
            return;
        if (reader->in_code)
            text_add(to, "\\");
        escape(to, reader->bindings[index], reader->binding_lengths[index]);
        at = (size_t)(close - bytes) + MARK;
    }
}

static int text(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE length, void *context)
{
    struct reader *reader = context;
    struct text *to = reader->in_image ? &reader->alt : &reader->markup;
    switch (type) {
    case MD_TEXT_BR:
        text_add(to, "\n");
        break;
    case MD_TEXT_SOFTBR:
        text_add(to, " ");
        break;
    case MD_TEXT_NULLCHAR:
        text_add(to, "\xef\xbf\xbd");
        break;
    case MD_TEXT_ENTITY: /* &amp; and its like are valid in Pango too when XML knows them; the rest stays as written */
        if (strncmp(bytes, "&amp;", length) == 0 || strncmp(bytes, "&lt;", length) == 0 ||
            strncmp(bytes, "&gt;", length) == 0)
            text_add_bytes(to, bytes, length);
        else
            escape(to, bytes, length);
        break;
    default:
        add_words(reader, to, bytes, length);
    }
    return 0;
}

static const struct {
    MD_SPANTYPE type;
    const char *open, *close;
} spans[] = {{MD_SPAN_EM, "<i>", "</i>"},
             {MD_SPAN_STRONG, "<b>", "</b>"},
             {MD_SPAN_CODE, "<tt>", "</tt>"},
             {MD_SPAN_A, "<u>", "</u>"},
             {MD_SPAN_DEL, "<s>", "</s>"}};

static void add_span(struct reader *reader, MD_SPANTYPE type, bool open)
{
    for (size_t i = 0; !reader->in_image && i < sizeof spans / sizeof spans[0]; i++)
        if (spans[i].type == type)
            text_add(&reader->markup, open ? spans[i].open : spans[i].close);
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    if (type == MD_SPAN_CODE)
        reader->in_code = true;
    add_span(reader, type, true);
    if (type == MD_SPAN_IMG) {
        const MD_SPAN_IMG_DETAIL *image = detail;
        free(reader->image);
        reader->image = image->src.size ? strndup(image->src.text, image->src.size) : strdup(""); /* ![](): no text */
        reader->in_image = true;
    }
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    (void)detail;
    struct reader *reader = context;
    if (type == MD_SPAN_CODE)
        reader->in_code = false;
    if (type == MD_SPAN_IMG)
        reader->in_image = false;
    add_span(reader, type, false);
    return 0;
}

static void add_block(struct reader *reader, enum block_kind kind, int level)
{
    struct block *block = slide_add_block(reader->slide);
    if (!block) {
        reader->failed = true;
        return;
    }
    *block = (struct block){.kind = kind, .level = level, .line = reader->line, .text = text_take(&reader->markup)};
    reader->failed |= !block->text;
}

static void add_image(struct reader *reader)
{
    struct block *block = slide_add_block(reader->slide);
    if (!block) {
        reader->failed = true;
        return;
    }
    char *alt = text_take(&reader->alt);
    bool background = alt && strncmp(alt, "bg", 2) == 0 && (alt[2] == '\0' || alt[2] == ' ');
    *block = (struct block){
        .kind = BLOCK_IMAGE, .level = background, .line = reader->line, .text = alt, .info = reader->image};
    reader->image = NULL;
    text_free(&reader->markup);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    if (type == MD_BLOCK_UL)
        reader->ordered = 0;
    if (type == MD_BLOCK_OL)
        reader->ordered = (int)((const MD_BLOCK_OL_DETAIL *)detail)->start;
    if (type == MD_BLOCK_QUOTE)
        reader->quote++;
    if (type == MD_BLOCK_LI) {
        reader->item++;
        if (reader->items_seen++ > 0)
            reader->line++;
    }
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    switch (type) {
    case MD_BLOCK_H:
        add_block(reader, BLOCK_HEADING, (int)((const MD_BLOCK_H_DETAIL *)detail)->level);
        break;
    case MD_BLOCK_P:
        if (reader->image && reader->markup.length == 0)
            add_image(reader);
        else if (!reader->item)
            add_block(reader, reader->quote ? BLOCK_QUOTE : BLOCK_PARAGRAPH, 0);
        break;
    case MD_BLOCK_LI:
        reader->item--;
        if (reader->markup.length > 0)
            add_block(reader, BLOCK_ITEM, reader->ordered ? reader->ordered++ : 0);
        break;
    case MD_BLOCK_QUOTE:
        reader->quote--;
        break;
    default:
        break;
    }
    return 0;
}

/* Each {{ ... }} becomes OPEN index CLOSE; \{{ is left to md4c, which drops the backslash, and then stands for itself.
 */
static char *mask_bindings(struct reader *reader, const char *source)
{
    struct text masked = {0};
    for (const char *at = source; *at;) {
        const char *close = strncmp(at, "{{", 2) == 0 ? strstr(at, "}}") : NULL;
        if (strncmp(at, "\\{{", 3) == 0) {
            text_add(&masked, "\\\\{{"); /* md4c makes \{{ of it, which bind_text knows */
            at += 3;
        } else if (close && reader->binding_count < BINDINGS) {
            reader->bindings[reader->binding_count] = at;
            reader->binding_lengths[reader->binding_count] = (size_t)(close - at) + 2;
            text_format(&masked, OPEN "%d" CLOSE, reader->binding_count++);
            at = close + 2;
        } else {
            text_add_bytes(&masked, at++, 1);
        }
    }
    return text_take(&masked);
}

enum status markdown_add(struct slide *slide, const char *source, const char *file, int line, struct diags *diags)
{
    static const MD_PARSER parser = {.flags = MD_FLAG_NOHTML | MD_FLAG_STRIKETHROUGH,
                                     .enter_block = enter_block,
                                     .leave_block = leave_block,
                                     .enter_span = enter_span,
                                     .leave_span = leave_span,
                                     .text = text};
    struct reader reader = {.slide = slide, .line = line};
    char *masked = mask_bindings(&reader, source);
    bool failed = !masked || md_parse(masked, (MD_SIZE)strlen(masked), &parser, &reader) != 0 || reader.failed;
    free(masked);
    free(reader.image);
    text_free(&reader.markup);
    text_free(&reader.alt);
    if (!failed)
        return STATUS_OK;
    diags_error(diags, file, line, NULL, "out of memory while this text was read");
    return STATUS_NO_MEMORY;
}
