#include "slides/stack.h"

#include <math.h>

void stack_text(struct stack *stack, enum text_role role, const char *tag, const struct ready_block *block, double gap)
{
    if (block && block->text && stack->count < STACK_PARTS)
        stack->parts[stack->count++] = (struct stack_part){.kind = STACK_TEXT,
                                                           .role = role,
                                                           .tag = tag,
                                                           .markup = block->text,
                                                           .line = block->block ? block->block->line : 0,
                                                           .gap = gap};
}

void stack_flow(struct stack *stack, enum text_role role, const struct content_part *part, double gap)
{
    if (part->body_count > 0 && stack->count < STACK_PARTS)
        stack->parts[stack->count++] = (struct stack_part){.kind = STACK_FLOW, .role = role, .flow = part, .gap = gap};
}

void stack_visual(struct stack *stack, const struct ready_block *visual, double gap)
{
    if (visual && stack->count < STACK_PARTS)
        stack->parts[stack->count++] = (struct stack_part){.kind = STACK_VISUAL, .visual = visual, .gap = gap};
}

static double part_height(const struct stack_part *part, const struct sheet *sheet, double width)
{
    switch (part->kind) {
    case STACK_TEXT:
        return sheet_height(sheet, part->role, part->markup, width);
    case STACK_FLOW:
        return flow_height(sheet, part->flow, part->role, width);
    default:
        return 0;
    }
}

static void draw_part(const struct stack_part *part, bool cover, const struct sheet *sheet, struct box box)
{
    if (part->line)
        sheet->paint->line = part->line;
    if (part->kind == STACK_TEXT)
        sheet_draw(sheet, part->role, part->tag, part->markup, box.x, box.y, box.w);
    else if (part->kind == STACK_FLOW)
        flow_draw(sheet, part->flow, part->role, box);
    else if (cover && part->visual->image)
        visual_cover(sheet, part->visual, box, sheet_px(sheet, 20));
    else
        visual_draw(sheet, part->visual, box);
}

double stack_place(const struct stack *stack, const struct sheet *sheet, struct box box, enum pass pass)
{
    double heights[STACK_PARTS], used = 0, least = 0, like = 0;
    size_t visual = STACK_PARTS;
    for (size_t i = 0; i < stack->count; i++) {
        const struct stack_part *part = &stack->parts[i];
        heights[i] = part_height(part, sheet, box.w);
        used += heights[i] + (i ? sheet_gap(sheet, part->gap) : 0);
        if (part->kind == STACK_VISUAL) {
            visual = i;
            like = visual_height(sheet, part->visual, box.w);
            least = visual_least(sheet, part->visual, box.w);
        }
    }
    double left = box.h - used;
    if (pass == PASS_MEASURE)
        return least - left;
    if (visual < STACK_PARTS)
        heights[visual] = fmax(0, fmin(left, like));
    double slack = fmax(0, left - (visual < STACK_PARTS ? heights[visual] : 0));
    for (size_t i = 0; i < stack->count; i++)
        if (stack->parts[i].kind == STACK_FLOW) {
            double most = flow_most(sheet, stack->parts[i].flow, stack->parts[i].role, box.w);
            double more = fmax(0, fmin(slack, most - heights[i]));
            heights[i] += more;
            slack -= more;
        }
    double y = box.y + (stack->middle ? slack / 2 : 0);
    for (size_t i = 0; i < stack->count; i++) {
        y += i ? sheet_gap(sheet, stack->parts[i].gap) : 0;
        double down = i == visual && !stack->middle ? slack / 2 : 0;
        draw_part(&stack->parts[i], stack->cover, sheet, (struct box){box.x, y + down, box.w, heights[i]});
        y += heights[i] + 2 * down;
    }
    return least - left;
}

double stack_pair(const struct stack *words, const struct stack *beside, const struct sheet *sheet, double share,
                  enum pass pass)
{
    struct box room = sheet->room;
    double between = sheet_px(sheet, 88);
    struct box left = {room.x, room.y, (room.w - between) * share, room.h};
    struct box right = {left.x + left.w + between, room.y, (room.w - between) * (1 - share), room.h};
    double over = stack_place(words, sheet, left, pass);
    return fmax(over, stack_place(beside, sheet, right, pass));
}

double stack_columns(const struct stack *words, const struct ready_block *visual, const struct sheet *sheet,
                     double share, enum pass pass)
{
    struct stack picture = {.middle = true};
    stack_visual(&picture, visual, 0);
    return stack_pair(words, &picture, sheet, share, pass);
}

double stack_under(const struct stack *words, const struct stack *under, double gap, const struct sheet *sheet,
                   enum pass pass)
{
    struct box room = sheet->room;
    double head = words->count ? stack_place(words, sheet, (struct box){room.x, 0, room.w, 0}, PASS_MEASURE) : 0;
    double down = head + (head > 0 && under->count ? sheet_gap(sheet, gap) : 0);
    struct box rest = {room.x, room.y + down, room.w, room.h - down};
    if (pass == PASS_DRAW)
        stack_place(words, sheet, (struct box){room.x, room.y, room.w, head}, pass);
    return stack_place(under, sheet, rest, pass);
}

double stack_beside(struct stack *words, double gap, const struct sheet *sheet, double share, enum pass pass)
{
    const struct ready_block *visual = sheet->content->main.visual;
    bool columns = sheet->wide && visual;
    if (!columns)
        stack_visual(words, visual, gap);
    stack_flow(words, TEXT_BODY, &sheet->content->after, 40);
    return columns ? stack_columns(words, visual, sheet, share, pass) : stack_place(words, sheet, sheet->room, pass);
}
