#include "slides/thread/outline.h"
#include "slides/thread/grow.h"

#include <stdlib.h>

struct outline_slide *outline_add(struct outline *outline, const char *layout, const char *why, int line)
{
    struct outline_slide *slides = grown(outline->slides, outline->count, sizeof *slides);
    if (!slides) {
        outline->failed = true;
        return NULL;
    }
    outline->slides = slides;
    slides[outline->count] = (struct outline_slide){.layout = layout, .why = why, .line = line};
    return &slides[outline->count++];
}

void outline_part(struct outline_slide *slide, enum phrase_kind kind, struct slice text, int number)
{
    if (slide->part_count < OUTLINE_PARTS && text.length > 0)
        slide->parts[slide->part_count++] = (struct outline_part){.kind = kind, .text = text, .number = number};
}

int outline_words(const struct outline_slide *slide)
{
    int words = 0;
    for (size_t i = 0; i < slide->part_count; i++)
        words += slice_words(slide->parts[i].text);
    return words;
}

/* The hook, then what its title and its sub-line left of the first post. */
static void outline_first(struct outline *outline, const struct phrases *post)
{
    struct slice title;
    size_t sub, subs = outline_hook(outline, post, &sub, &title);
    if (sub > 1)
        outline_phrases(outline, post->items + 1, sub - 1, title);
    if (sub + subs < post->count)
        outline_phrases(outline, post->items + sub + subs, post->count - sub - subs,
                        sub > 1 ? (struct slice){NULL, 0} : title);
}

void outline_make(const struct phrases *posts, size_t count, struct outline *outline)
{
    *outline = (struct outline){0};
    for (size_t p = 0; p < count && !outline->failed; p++) {
        const struct phrases *post = &posts[p];
        struct phrases body = *post;
        size_t outro = p + 1 == count ? outline_outro_from(post) : post->count;
        if (post->count == 0)
            continue;
        body.count = outro;
        if (outline->count == 0 && body.count > 0)
            outline_first(outline, &body);
        else if (body.count > 0)
            outline_phrases(outline, body.items, body.count, (struct slice){NULL, 0});
        if (outro < post->count)
            outline_outro(outline, post->items + outro, post->count - outro);
    }
}

void outline_free(struct outline *outline)
{
    free(outline->slides);
    *outline = (struct outline){0};
}
