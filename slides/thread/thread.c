#include "slides/thread/thread.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/thread/author.h"
#include "slides/thread/mend.h"
#include "slides/thread/recode.h"
#include "slides/thread/tidy.h"
#include "slides/thread/typeset.h"
#include "slides/thread/write.h"

enum { LONGEST_WORD = 160 };

/* What the steps make, each from the one before. */
struct work {
    char *text; /* mended and tidy */
    struct lines lines;
    struct posts posts;
    struct phrases *phrases; /* one for each post */
    struct outline outline;
};

static enum status no_memory(const char *name, struct diags *diags)
{
    diags_error(diags, name, 0, NULL, "out of memory");
    return STATUS_NO_MEMORY;
}

/* Each step takes the text of the one before. */
static char *mended(char *text, struct findings *findings)
{
    size_t count;
    struct charset *charsets = charsets_open(&count);
    char *found = charsets ? mend_lost(text, charsets, count, findings) : NULL;
    char *whole = found ? mend_whole(found, charsets, count, findings) : NULL;
    char *plain = whole ? tidy(whole, findings) : NULL;
    free(charsets);
    free(found);
    free(whole);
    return plain;
}

/* A line of 10,000 letters without a blank is no word. */
static enum status check_words(const struct lines *lines, const char *name, struct diags *diags)
{
    size_t before = diags->errors;
    for (size_t i = 0; i < lines->count && diags->errors < before + 10; i++) {
        struct slice rest = lines->items[i].words, word;
        if (lines->items[i].role != LINE_WORDS)
            continue;
        while ((word = next_word(&rest)).length > 0) {
            long letters = g_utf8_strlen(word.at, (gssize)word.length);
            if (letters <= LONGEST_WORD || is_address(word) || slice_first(word) == MARK_LINK_OPEN ||
                g_unichar_iswide(slice_first(word)))
                continue;
            diags_error(diags, name, lines->items[i].number, "Shorten it, or put blanks into it.",
                        "a word of %ld letters, which no slide holds: %.40s...", letters,
                        g_utf8_validate(word.at, 40, NULL) ? word.at : "");
            break;
        }
    }
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

static bool read_phrases(struct work *work, struct findings *findings)
{
    bool failed = false;
    work->phrases = calloc(work->posts.count + 1, sizeof *work->phrases);
    for (size_t i = 0; work->phrases && i < work->posts.count; i++) {
        phrases_read(&work->lines, &work->posts.items[i], &work->phrases[i], findings);
        failed |= work->phrases[i].failed;
    }
    return work->phrases && !failed;
}

static enum status check_outline(const struct outline *outline, const char *name, struct diags *diags)
{
    if (outline->count == 0)
        diags_error(diags, name, 0, "With --keep-all every line counts as the author's.",
                    "nothing but the page around a thread is in it");
    else if (outline->count > THREAD_SLIDES)
        diags_error(diags, name, 0, "Split the thread, or leave out what is no part of it.",
                    "it makes too many slides: a deck has %d at most", THREAD_SLIDES);
    return outline->count > 0 && outline->count <= THREAD_SLIDES ? STATUS_OK : STATUS_BAD_INPUT;
}

static char *plain_copy(struct slice words)
{
    struct text plain = {0};
    if (words.length == 0)
        return NULL;
    typeset(&plain, words, TYPESET_PLAIN | TYPESET_HEADING);
    return text_take(&plain);
}

static enum status write_work(const struct work *work, const struct thread_options *options, struct thread_deck *deck,
                              struct diags *diags)
{
    struct slice handle = author_handle(&work->lines, work->phrases, work->posts.count);
    struct bindable *bindable = NULL;
    char *title = plain_copy(work->outline.slides[0].title);
    deck->person = plain_copy(work->lines.person);
    deck->handle = plain_copy(handle);
    deck->brand = options->brand ? NULL : author_brand(work->lines.person, handle);
    deck->posts = work->posts.count;
    deck->slides = work->outline.count;
    deck->manner = work->posts.manner;
    struct writing writing = {.outline = &work->outline,
                              .options = options,
                              .title = title,
                              .author = deck->person ? deck->person : deck->handle,
                              .lang = author_language(work->text),
                              .brand = options->brand ? options->brand
                                       : deck->brand  ? options->brand_file
                                                      : NULL};
    enum status status = bindable_open(&bindable, options->records, options->record_count, diags);
    writing.bindable = bindable;
    if (status == STATUS_OK)
        deck->markdown = write_deck(&writing);
    deck->bindable = writing.bound;
    bindable_close(bindable);
    free(title);
    return status == STATUS_OK && !deck->markdown ? no_memory("", diags) : status;
}

static enum status work_through(struct work *work, const char *name, const struct thread_options *options,
                                struct thread_deck *deck, struct diags *diags)
{
    if (!work->text || !lines_read(work->text, options->keep_furniture, &work->lines, &deck->findings))
        return no_memory(name, diags);
    enum status status = check_words(&work->lines, name, diags);
    if (status != STATUS_OK)
        return status;
    if (!posts_read(&work->lines, &work->posts, &deck->findings) || !read_phrases(work, &deck->findings))
        return no_memory(name, diags);
    outline_make(work->phrases, work->posts.count, &work->outline);
    if (work->outline.failed || deck->findings.failed)
        return no_memory(name, diags);
    status = check_outline(&work->outline, name, diags);
    return status == STATUS_OK ? write_work(work, options, deck, diags) : status;
}

enum status thread_read(const char *bytes, size_t length, const char *name, const struct thread_options *options,
                        struct thread_deck *deck, struct diags *diags)
{
    struct work work = {0};
    char *text = NULL;
    *deck = (struct thread_deck){0};
    if (length > THREAD_LARGEST) {
        diags_error(diags, name, 0, "Paste the thread alone.", "over %d KiB, which is no thread", THREAD_LARGEST >> 10);
        return STATUS_BAD_INPUT;
    }
    enum status status = recode(bytes, length, name, &text, &deck->findings, diags);
    if (status == STATUS_OK) {
        work.text = mended(text, &deck->findings);
        status = work_through(&work, name, options, deck, diags);
    }
    for (size_t i = 0; work.phrases && i < work.posts.count; i++)
        phrases_free(&work.phrases[i]);
    free(work.phrases);
    outline_free(&work.outline);
    posts_free(&work.posts);
    lines_free(&work.lines);
    free(work.text);
    free(text);
    return status;
}

void thread_deck_free(struct thread_deck *deck)
{
    free(deck->markdown);
    free(deck->brand);
    free(deck->person);
    free(deck->handle);
    findings_free(&deck->findings);
    *deck = (struct thread_deck){0};
}
