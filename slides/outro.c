#include "slides/outro.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slides/credits.h"
#include "slides/escape.h"
#include "slides/picture_kind.h"

static bool is_all(const char *text, const char *open, const char *close)
{
    size_t length = text ? strlen(text) : 0;
    return length > strlen(open) + strlen(close) && strncmp(text, open, strlen(open)) == 0 &&
           strcmp(text + length - strlen(close), close) == 0;
}

static struct outro_text taken(const struct ready_block *block)
{
    return (struct outro_text){strdup(block->text), block->block->line};
}

/* Of `{handle}` and the like; a kit without a handle is called by its name. */
static const char *word_for(const struct brand *brand, const char *at, size_t *length)
{
    const struct {
        const char *hole, *word;
    } words[] = {{"{name}", brand->name},
                 {"{person}", brand->person},
                 {"{handle}", brand->handle ? brand->handle : brand->name},
                 {"{website}", brand->website ? brand->website : brand->name}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        *length = strlen(words[i].hole);
        if (strncmp(at, words[i].hole, *length) == 0)
            return words[i].word;
    }
    return NULL;
}

/* A call's own words as markup, with the kit's filled in. */
static struct outro_text said(const char *text, const struct brand *brand)
{
    struct text markup = {0};
    size_t length;
    if (!text || !*text)
        return (struct outro_text){0};
    while (*text) {
        const char *word = *text == '{' ? word_for(brand, text, &length) : NULL;
        escape_markup(&markup, word ? word : text, word ? strlen(word) : 1);
        text += word ? length : 1;
    }
    return (struct outro_text){text_take(&markup), 0};
}

/* All of it a link: the address that it leads to, fresh, and what is shown of it. */
static char *link_alone(const struct ready_block *block, struct outro_text *shown)
{
    static const char open[] = "<a href=\"", close[] = "</a>";
    const char *text = block->text;
    if (!is_all(text, open, close) || strstr(text + 1, "<a "))
        return NULL;
    const char *from = text + strlen(open), *end = strstr(from, "\">");
    size_t length = end ? strlen(end + 2) - strlen(close) : 0;
    char *escaped = end ? strndup(from, (size_t)(end - from)) : NULL;
    char *url = escaped ? picture_plain(escaped) : NULL;
    if (url && asprintf(&shown->markup, "<tt>%.*s</tt>", (int)length, end + 2) < 0)
        shown->markup = NULL;
    shown->line = block->block->line;
    free(escaped);
    return url;
}

/* The slide's body by what it is: all bold is the button, all code the address or the command, all link an address with
 * words of its own, the rest is said. */
static void take_body(struct outro *outro, const struct content *content)
{
    for (size_t i = 0; i < content->main.body_count; i++) {
        const struct ready_block *block = content->main.body[i];
        struct outro_text *code = outro->call.command && !outro->command.markup ? &outro->command : &outro->address;
        if (!block->text)
            continue;
        if (!outro->button.markup && is_all(block->text, "<b>", "</b>"))
            outro->button = taken(block);
        else if (!code->markup && is_all(block->text, "<tt>", "</tt>"))
            *code = taken(block);
        else if (outro->address.markup || !(outro->url = link_alone(block, &outro->address)))
            outro->words[outro->word_count++] = taken(block);
    }
    if (content->title && content->title->text)
        outro->heading = taken(content->title);
}

static void take_call(struct outro *outro, const struct brand *brand)
{
    const struct call *call = &outro->call;
    if (!outro->heading.markup)
        outro->heading = said(call->heading, brand);
    if (!outro->button.markup)
        outro->button = said(call->button, brand);
    if (outro->word_count == 0 && call->body)
        outro->words[outro->word_count++] = said(call->body, brand);
}

/* "https://www.example.org/a/" is printed as "example.org/a". */
static char *printed(const char *address)
{
    const char *at = strstr(address, "://");
    at = at ? at + 3 : address;
    at = strncmp(at, "www.", 4) == 0 ? at + 4 : at;
    size_t length = strlen(at);
    while (length > 1 && at[length - 1] == '/')
        length--;
    return strndup(at, length);
}

static char *url_of(const char *address)
{
    char *url = NULL;
    if (strstr(address, "://") || strncmp(address, "mailto:", 7) == 0)
        return strdup(address);
    return asprintf(&url, "https://%s", address) < 0 ? NULL : url;
}

/* The slide's own address, else the deck's, else the kit's. */
static void take_address(struct outro *outro, const struct deck *deck, const struct brand *brand)
{
    if (outro->url) /* the author's link */
        return;
    char *own = outro->address.markup ? picture_plain(outro->address.markup) : NULL;
    const char *address = own ? own : deck->url ? deck->url : brand->website;
    if (address) {
        char *shown = printed(address), *escaped = shown ? escaped_markup(shown) : NULL;
        char *markup = NULL;
        outro->url = url_of(address);
        if (escaped && asprintf(&markup, "<tt>%s</tt>", escaped) > 0) {
            free(outro->address.markup);
            outro->address.markup = markup;
        }
        free(escaped);
        free(shown);
    }
    free(own);
}

static struct outro_text labelled(const char *label, const char *words)
{
    struct text markup = {0};
    if (!words)
        return (struct outro_text){0};
    text_add(&markup, "<b>");
    escape_markup(&markup, label, strlen(label));
    text_add(&markup, "</b>\xc2\xa0 ");
    escape_markup(&markup, words, strlen(words));
    return (struct outro_text){text_take(&markup), 0};
}

static void take_credits(struct outro *outro, const struct prepared *prepared, const struct brand *brand)
{
    const char *licence = prepared->deck->licence ? prepared->deck->licence : brand->licence;
    const char *sources = outro->call.sources ? outro->call.sources : "Sources";
    struct credits credits = credits_gather(prepared->binder);
    if (brand->sources) {
        outro->credits = labelled(sources, credits.line);
        outro->credits_short = labelled(sources, credits.summary);
    }
    outro->licence = labelled(outro->call.licence ? outro->call.licence : "Licence", licence);
    credits_free(&credits);
}

/* "follow qr": in any order; "noqr" where the kit wants one and this slide does not. */
static void read_wish(const char *wish, char call[200], bool *qr)
{
    char copy[300], *rest = copy, *word;
    snprintf(copy, sizeof copy, "%s", wish ? wish : "");
    while ((word = strsep(&rest, " \t")) != NULL) {
        if (strcmp(word, "qr") == 0 || strcmp(word, "noqr") == 0)
            *qr = word[0] == 'q';
        else if (*word)
            snprintf(call, 200, "%s", word);
    }
}

static enum status make_qr(struct outro *outro, const char *file, int line, struct diags *diags)
{
    if (outro->url)
        return qr_make(outro->url, file, outro->address.line ? outro->address.line : line, &outro->qr, diags);
    diags_error(diags, file, line, "Write it on the slide in `code`, or give the kit a website.",
                "a QR code needs an address");
    return STATUS_BAD_INPUT;
}

enum status outro_make(const struct content *content, const char *wish, const struct prepared *prepared,
                       const struct style *style, int line, struct outro **outro, struct diags *diags)
{
    const struct deck *deck = prepared->deck;
    const struct brand *brand = &style->brand;
    char call[200] = "";
    bool qr = brand->qr;
    *outro = calloc(1, sizeof **outro);
    if (!*outro) {
        diags_error(diags, deck->file, line, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    read_wish(wish, call, &qr);
    enum status status = call_load(*call ? call : brand->call, deck->folder, deck->allow_outside, deck->file, line,
                                   &(*outro)->call, diags);
    if ((*outro)->call.icon) {
        image_tint((*outro)->call.icon, style->theme.colors[ROLE_ACCENT]);
        image_tint((*outro)->call.button_icon, style->theme.colors[ROLE_ON_ACCENT]);
    }
    take_body(*outro, content);
    take_call(*outro, brand);
    take_address(*outro, deck, brand);
    take_credits(*outro, prepared, brand);
    if (status == STATUS_OK && qr)
        status = make_qr(*outro, deck->file, line, diags);
    return status;
}

void outro_free(struct outro *outro)
{
    if (!outro)
        return;
    struct outro_text *const texts[] = {&outro->heading, &outro->button,        &outro->address, &outro->command,
                                        &outro->credits, &outro->credits_short, &outro->licence};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]->markup);
    for (size_t i = 0; i < outro->word_count; i++)
        free(outro->words[i].markup);
    call_free(&outro->call);
    qr_free(outro->qr);
    free(outro->url);
    free(outro);
}
