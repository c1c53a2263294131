#include "slides/thread/outline.h"

#include <stdlib.h>

struct outline_slide *outline_add(struct outline *outline, const char *layout, const char *why, int line)
{
    struct outline_slide *slides = realloc(outline->slides, (outline->count + 1) * sizeof *slides);
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
        slide->parts[slide->part_count++] = (struct outline_part){kind, text, number};
}

int outline_words(const struct outline_slide *slide)
{
    int words = 0;
    for (size_t i = 0; i < slide->part_count; i++)
        words += slice_words(slide->parts[i].text);
    return words;
}

/* The first post without its hook's sub-line. */
static void outline_rest_of_first(struct outline *outline, const struct phrases *post, size_t sub, struct slice title)
{
    size_t behind = sub > 0 ? sub + 1 : post->count;
    size_t before = sub > 0 ? sub : post->count;
    if (before > 1)
        outline_phrases(outline, post->items + 1, before - 1, title);
    if (behind < post->count)
        outline_phrases(outline, post->items + behind, post->count - behind, (struct slice){NULL, 0});
}

void outline_make(const struct phrases *posts, size_t count, struct outline *outline)
{
    *outline = (struct outline){0};
    for (size_t p = 0; p < count && !outline->failed; p++) {
        const struct phrases *post = &posts[p];
        struct phrases body = *post;
        struct slice title = {NULL, 0};
        size_t outro = p + 1 == count ? outline_outro_from(post) : post->count;
        if (post->count == 0)
            continue;
        body.count = outro;
        if (outline->count == 0 && body.count > 0) {
            size_t sub = outline_hook(outline, &body, &title);
            outline_rest_of_first(outline, &body, sub, title);
        } else if (body.count > 0) {
            outline_phrases(outline, body.items, body.count, title);
        }
        if (outro < post->count)
            outline_outro(outline, post->items + outro, post->count - outro);
    }
}

void outline_free(struct outline *outline)
{
    free(outline->slides);
    *outline = (struct outline){0};
}
