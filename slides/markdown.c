#include "slides/markdown.h"

#include <md4c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/escape.h"

/* Private-use characters that stand for a binding, or for \{{, while md4c reads: nothing in them is Markdown. An
 * author's own ones become another, which no font has: the slide's check of glyphs says so. */
#define OPEN    "\xf4\x8f\xbf\xb0"
#define CLOSE   "\xf4\x8f\xbf\xb1"
#define ESCAPED "\xf4\x8f\xbf\xb2"
#define OTHER   "\xf4\x8f\xbf\xb3"
enum { MARK = 4, BINDINGS = 200, DEEPEST = 16 };

/* What md4c's callbacks build. */
struct reader {
    struct slide *slide;
    const char *masked;   /* the source, with bindings masked */
    int first_line;       /* of the source, in the file */
    const char *block_at; /* where the block being read has its first words, in `masked`; NULL: none yet */
    struct text markup;
    const char *bindings[BINDINGS]; /* as written, {{ }} included */
    size_t binding_lengths[BINDINGS];
    int binding_count;
    bool in_code, in_code_block, in_image, in_table, failed;
    struct text columns; /* of the table being read: a letter each */
    struct text alt;
    char *image, *language;
    int items, quotes; /* how deep in lists and quotes */
    int next[DEEPEST]; /* number of each list's next item; 0 in a bulleted one */
    int item[DEEPEST]; /* of the item being read; -1 once it is a block */
    int lists;
};

struct block *slide_add_block(struct slide *slide)
{
    bool full = (slide->block_count & (slide->block_count - 1)) == 0; /* none, or a power of two: grows by doubling */
    struct block *blocks = slide->blocks;
    if (full)
        blocks = realloc(blocks, (slide->block_count ? 2 * slide->block_count : 1) * sizeof *blocks);
    if (!blocks)
        return NULL;
    slide->blocks = blocks;
    blocks[slide->block_count] = (struct block){0};
    return &blocks[slide->block_count++];
}

/* Code is never bound: {{ in it is kept from bind_text by a backslash, in a fence's body it stands as it is. */
static void add_code(const struct reader *reader, struct text *to, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (reader->in_code_block) {
            text_add_bytes(to, bytes + i, 1);
            continue;
        }
        if (i + 1 < length && strncmp(bytes + i, "{{", 2) == 0) {
            text_add(to, "\\{{");
            i++;
            continue;
        }
        escape_markup(to, bytes + i, 1);
    }
}

static void add_plain(const struct reader *reader, struct text *to, const char *bytes, size_t length)
{
    const char *tab = reader->in_table ? memchr(bytes, '\t', length) : NULL;
    if (tab) { /* a tab ends a cell */
        add_plain(reader, to, bytes, (size_t)(tab - bytes));
        text_add(to, " ");
        add_plain(reader, to, tab + 1, length - (size_t)(tab - bytes) - 1);
    } else if (reader->in_code || reader->in_code_block)
        add_code(reader, to, bytes, length);
    else
        escape_markup(to, bytes, length);
}

/* Text with masked bindings: the bindings come back as they were written. */
static void add_words(struct reader *reader, struct text *to, const char *bytes, size_t length)
{
    bool code = reader->in_code || reader->in_code_block;
    for (size_t at = 0; at < length;) {
        const char *close = NULL;
        if (length - at >= MARK && memcmp(bytes + at, OPEN, MARK) == 0)
            close = memmem(bytes + at, length - at, CLOSE, MARK);
        if (close) {
            int index = atoi(bytes + at + MARK);
            add_plain(reader, to, reader->bindings[index], reader->binding_lengths[index]);
            at = (size_t)(close - bytes) + MARK;
        } else if (length - at >= MARK && memcmp(bytes + at, ESCAPED, MARK) == 0) {
            if (code)
                add_plain(reader, to, "\\{{", 3);
            else
                text_add(to, "\\{{");
            at += MARK;
        } else {
            size_t plain = 1;
            while (at + plain < length && bytes[at + plain] != OPEN[0])
                plain++;
            add_plain(reader, to, bytes + at, plain);
            at += plain;
        }
    }
}

static int text(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE length, void *context)
{
    struct reader *reader = context;
    struct text *to = reader->in_image ? &reader->alt : &reader->markup;
    if (!reader->block_at && type != MD_TEXT_SOFTBR && type != MD_TEXT_BR)
        reader->block_at = bytes;
    switch (type) {
    case MD_TEXT_BR:
        text_add(to, "\n");
        break;
    case MD_TEXT_SOFTBR:
        if (to->length > 0)
            text_add(to, " ");
        break;
    case MD_TEXT_NULLCHAR:
        text_add(to, "\xef\xbf\xbd");
        break;
    case MD_TEXT_ENTITY:
        escape_entity(to, bytes, length);
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
             {MD_SPAN_A, NULL, "</a>"}, /* opened with where it leads */
             {MD_SPAN_DEL, "<s>", "</s>"}};

static void add_span(struct reader *reader, MD_SPANTYPE type, bool open)
{
    for (size_t i = 0; !reader->in_image && i < sizeof spans / sizeof spans[0]; i++)
        if (spans[i].type == type && (!open || spans[i].open))
            text_add(&reader->markup, open ? spans[i].open : spans[i].close);
}

/* Escaped for an attribute. A binding in it is bound like any other words. */
static void open_link(struct reader *reader, const MD_ATTRIBUTE *href)
{
    struct text address = {0};
    for (int i = 0; href->size > 0 && href->substr_offsets[i] < href->size; i++) {
        const char *at = href->text + href->substr_offsets[i];
        size_t length = href->substr_offsets[i + 1] - href->substr_offsets[i];
        if (href->substr_types[i] == MD_TEXT_ENTITY)
            escape_entity(&address, at, length);
        else
            add_words(reader, &address, at, length);
    }
    text_add(&reader->markup, "<a href=\"");
    for (size_t i = 0; i < address.length; i++)
        if (address.bytes[i] == '"')
            text_add(&reader->markup, "&quot;");
        else
            text_add_bytes(&reader->markup, address.bytes + i, 1);
    text_add(&reader->markup, "\">");
    reader->failed |= address.failed;
    text_free(&address);
}

/* The line on which the block being read has its first words: newlines of the source before them, those inside masked
 * bindings too. Words that md4c made itself (of code) are not in the text. */
static int line_of(const struct reader *reader)
{
    const char *at = reader->masked, *to = reader->block_at;
    int line = reader->first_line;
    if (!to || to < at || to > at + strlen(at))
        return line;
    for (int binding = 0; at < to; at++) {
        line += *at == '\n';
        if (strncmp(at, OPEN, MARK) == 0 && binding < reader->binding_count) {
            for (size_t i = 0; i < reader->binding_lengths[binding]; i++)
                line += reader->bindings[binding][i] == '\n';
            binding++;
        }
    }
    return line;
}

static struct block *new_block(struct reader *reader, enum block_kind kind, int level)
{
    struct block *block = slide_add_block(reader->slide);
    if (block)
        *block = (struct block){.kind = kind, .level = level, .line = line_of(reader)};
    reader->failed |= !block;
    reader->block_at = NULL;
    return block;
}

/* Tags alone are no words: those of a link around an image. */
static bool has_words(const char *markup)
{
    bool tag = false;
    for (; markup && *markup; markup++) {
        if (!tag && *markup != '<' && !strchr(" \n\t", *markup))
            return true;
        tag = *markup == '<' || (tag && *markup != '>');
    }
    return false;
}

/* What was read since the last block, as a block; none when there are no words. */
static void end_block(struct reader *reader, enum block_kind kind, int level)
{
    if (!has_words(reader->markup.bytes)) {
        text_free(&reader->markup);
        reader->block_at = NULL;
        return;
    }
    struct block *block = new_block(reader, kind, level);
    char *text = text_take(&reader->markup);
    reader->failed |= !text;
    if (block)
        block->text = text;
    else
        free(text);
}

static void end_code(struct reader *reader)
{
    struct block *block = new_block(reader, BLOCK_CODE, 0);
    char *body = text_take(&reader->markup);
    reader->failed |= !body;
    if (block) {
        block->body = body;
        block->info = reader->language;
        reader->language = NULL;
    } else {
        free(body);
    }
}

/* Words before a list or code inside an item are the item; what follows in it goes on as a paragraph. */
static void end_words(struct reader *reader)
{
    int *item = reader->items > 0 ? &reader->item[reader->lists - 1] : NULL;
    if (item && *item >= 0 && has_words(reader->markup.bytes)) {
        end_block(reader, BLOCK_ITEM, *item);
        if (!reader->failed && reader->slide->block_count > 0)
            reader->slide->blocks[reader->slide->block_count - 1].depth = reader->items - 1;
        *item = -1;
    } else {
        end_block(reader, reader->quotes ? BLOCK_QUOTE : BLOCK_PARAGRAPH, 0);
    }
}

static void end_image(struct reader *reader)
{
    const char *at = reader->block_at;
    struct block *block = new_block(reader, BLOCK_IMAGE, 0);
    char *alt = text_take(&reader->alt);
    reader->failed |= !alt;
    reader->block_at = reader->markup.length > 0 ? at : NULL;
    if (!block) {
        free(alt);
        return;
    }
    block->level = alt && strncmp(alt, "bg", 2) == 0 && (alt[2] == '\0' || alt[2] == ' ');
    block->text = alt;
    block->info = reader->image;
    reader->image = NULL;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    if (type == MD_SPAN_CODE)
        reader->in_code = true;
    if (type == MD_SPAN_A && !reader->in_image)
        open_link(reader, &((const MD_SPAN_A_DETAIL *)detail)->href);
    add_span(reader, type, true);
    if (type == MD_SPAN_IMG && !reader->in_image) {
        const MD_SPAN_IMG_DETAIL *image = detail;
        free(reader->image);
        reader->image = image->src.size ? strndup(image->src.text, image->src.size) : strdup(""); /* ![](): no text */
        reader->in_image = true;
        reader->failed |= !reader->image;
        reader->block_at = reader->block_at ? reader->block_at : image->src.text;
    }
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    (void)detail;
    struct reader *reader = context;
    if (type == MD_SPAN_CODE)
        reader->in_code = false;
    if (type == MD_SPAN_IMG && reader->in_image) {
        reader->in_image = false;
        end_image(reader);
    }
    add_span(reader, type, false);
    return 0;
}

static void enter_list(struct reader *reader, int number)
{
    if (reader->items > 0)
        end_words(reader);
    if (reader->lists < DEEPEST)
        reader->next[reader->lists] = number;
    else
        reader->failed = true;
    reader->lists += reader->lists < DEEPEST;
}

static const char letters[] = {
    [MD_ALIGN_DEFAULT] = '-', [MD_ALIGN_LEFT] = 'l', [MD_ALIGN_CENTER] = 'c', [MD_ALIGN_RIGHT] = 'r'};

static void enter_table(struct reader *reader)
{
    if (reader->items > 0)
        end_words(reader);
    text_free(&reader->columns);
    reader->in_table = true;
}

static void end_table(struct reader *reader)
{
    size_t before = reader->slide->block_count;
    end_block(reader, BLOCK_TABLE, 0);
    if (reader->slide->block_count > before)
        reader->slide->blocks[before].info = text_take(&reader->columns);
    reader->in_table = false;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    if (type == MD_BLOCK_UL)
        enter_list(reader, 0);
    if (type == MD_BLOCK_OL)
        enter_list(reader, (int)((const MD_BLOCK_OL_DETAIL *)detail)->start);
    if (type == MD_BLOCK_QUOTE)
        reader->quotes++;
    if (type == MD_BLOCK_TABLE)
        enter_table(reader);
    if (type == MD_BLOCK_TH)
        text_add_bytes(&reader->columns, &letters[((const MD_BLOCK_TD_DETAIL *)detail)->align], 1);
    if (type == MD_BLOCK_LI && reader->lists > 0) {
        int *next = &reader->next[reader->lists - 1];
        reader->item[reader->lists - 1] = *next > 0 ? (*next)++ : 0;
        reader->items++;
    }
    if (type == MD_BLOCK_CODE) {
        const MD_BLOCK_CODE_DETAIL *code = detail;
        if (reader->items > 0)
            end_words(reader);
        free(reader->language);
        reader->language = strndup(code->lang.text ? code->lang.text : "", code->lang.size);
        reader->in_code_block = true;
    }
    return reader->failed;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    switch (type) {
    case MD_BLOCK_H:
        end_block(reader, BLOCK_HEADING, (int)((const MD_BLOCK_H_DETAIL *)detail)->level);
        break;
    case MD_BLOCK_P:
        if (reader->items > 0) /* further paragraphs of an item go on in it */
            break;
        end_words(reader);
        break;
    case MD_BLOCK_CODE:
        reader->in_code_block = false;
        end_code(reader);
        break;
    case MD_BLOCK_LI:
        end_words(reader);
        reader->items--;
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        reader->lists--;
        break;
    case MD_BLOCK_QUOTE:
        reader->quotes--;
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        text_add(&reader->markup, "\t");
        break;
    case MD_BLOCK_TR:
        text_add(&reader->markup, "\n");
        break;
    case MD_BLOCK_TABLE:
        end_table(reader);
        break;
    default:
        break;
    }
    return reader->failed;
}

/* Each {{ ... }} becomes OPEN index CLOSE, and \{{ becomes ESCAPED. */
static char *mask_bindings(struct reader *reader, const char *source)
{
    struct text masked = {0};
    for (const char *at = source; *at;) {
        const char *close = strncmp(at, "{{", 2) == 0 ? strstr(at, "}}") : NULL;
        if (strncmp(at, "\\{{", 3) == 0) {
            text_add(&masked, ESCAPED);
            at += 3;
        } else if (close && reader->binding_count < BINDINGS) {
            reader->bindings[reader->binding_count] = at;
            reader->binding_lengths[reader->binding_count] = (size_t)(close - at) + 2;
            text_format(&masked, OPEN "%d" CLOSE, reader->binding_count++);
            at = close + 2;
        } else if (strncmp(at, OPEN, MARK) == 0 || strncmp(at, CLOSE, MARK) == 0 || strncmp(at, ESCAPED, MARK) == 0) {
            text_add(&masked, OTHER);
            at += MARK;
        } else {
            text_add_bytes(&masked, at++, 1);
        }
    }
    return text_take(&masked);
}

enum status markdown_add(struct slide *slide, const char *source, const char *file, int line, struct diags *diags)
{
    static const MD_PARSER parser = {.flags = MD_FLAG_NOHTML | MD_FLAG_STRIKETHROUGH | MD_FLAG_NOINDENTEDCODEBLOCKS |
                                              MD_FLAG_TABLES,
                                     .enter_block = enter_block,
                                     .leave_block = leave_block,
                                     .enter_span = enter_span,
                                     .leave_span = leave_span,
                                     .text = text};
    struct reader reader = {.slide = slide, .first_line = line};
    char *masked = mask_bindings(&reader, source);
    reader.masked = masked;
    bool failed = !masked || md_parse(masked, (MD_SIZE)strlen(masked), &parser, &reader) != 0 || reader.failed;
    bool deep = reader.lists >= DEEPEST;
    free(masked);
    free(reader.image);
    free(reader.language);
    text_free(&reader.markup);
    text_free(&reader.alt);
    text_free(&reader.columns);
    if (!failed)
        return STATUS_OK;
    diags_error(diags, file, line, NULL,
                deep ? "lists are nested too deeply" : "out of memory while this text was read");
    return deep ? STATUS_BAD_INPUT : STATUS_NO_MEMORY;
}
