#include "slides/content.h"

static void add(struct content *content, struct content_part *part, const struct ready_block *block)
{
    bool visual = block->picture || block->image;
    if (part == &content->main && part->visual && !visual)
        part = &content->after;
    if (visual && !part->visual)
        part->visual = block;
    else if (!visual && part->body_count < CONTENT_BODY)
        part->body[part->body_count++] = block;
    else if (!content->extra)
        content->extra = block;
}

static void add_heading(struct content *content, const struct ready_block *block)
{
    if (block->block->level >= 3 && content->column_count < CONTENT_COLUMNS)
        content->columns[content->column_count++].name = block;
    else if (block->block->level < 3 && !content->title)
        content->title = block;
    else if (block->block->level < 3 && !content->subtitle)
        content->subtitle = block;
    else if (!content->extra)
        content->extra = block;
}

struct content content_of(const struct ready_slide *slide)
{
    struct content content = {0};
    for (size_t i = 0; i < slide->count; i++) {
        const struct ready_block *block = &slide->blocks[i];
        if (block->block->kind == BLOCK_HEADING)
            add_heading(&content, block);
        else if (block->block->kind == BLOCK_IMAGE && block->block->level == 1 && !content.background)
            content.background = block;
        else if (block->block->kind == BLOCK_IMAGE && block->block->level == 1)
            content.extra = content.extra ? content.extra : block; /* a slide has one ground */
        else
            add(&content, content.column_count ? &content.columns[content.column_count - 1] : &content.main, block);
    }
    return content;
}

static size_t count_of(enum block_kind kind, const struct content_part *part)
{
    size_t count = 0;
    for (size_t i = 0; i < part->body_count; i++)
        count += part->body[i]->block->kind == kind;
    return count;
}

const char *content_layout(const struct content *content, int index)
{
    if (content->column_count > 0)
        return "compare";
    if (content->main.body_count > 0 && content->main.body[0]->block->kind == BLOCK_QUOTE)
        return "quote";
    if (content->background && index > 0)
        return "image";
    if (content->main.visual && content->main.visual->image && index > 0)
        return "image";
    if (content->main.visual)
        return content->main.visual->block->kind == BLOCK_CHART ? "chart" : "figure";
    if (index > 0 && count_of(BLOCK_TABLE, &content->main) == 1)
        return "table";
    if (index > 0 && count_of(BLOCK_CODE, &content->main) == 1)
        return "code";
    if (index > 0 && count_of(BLOCK_ITEM, &content->main) > 1)
        return "list";
    return index == 0 ? "hook" : "claim";
}
