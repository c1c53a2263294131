/* post.c - a post as a card: who says it, and what.
 *
 * Slots: heading over the card (#), name and handle (### Name @handle; without it the brand's own, with its avatar),
 * text (paragraphs), picture, small print (a last paragraph all in *italics*: a date, a place). On a wide canvas the
 * heading stands left, the card right. What gives way: gaps and the card's margins, then type (52 to 40); the picture
 * takes what is left. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/escape.h"
#include "slides/outro_boxes.h"
#include "slides/stack.h"

enum { AVATAR = 108, AVATAR_GAP = 28, HEAD_GAP = 40, PADDING = 60, WIDEST = 1180 };

struct post {
    char *name, *handle;       /* markup, owned; may be NULL */
    bool own;                  /* the brand's: with its avatar */
    struct content_part words; /* without the small print */
    const struct ready_block *small, *visual;
};

static bool is_italics(const char *markup)
{
    size_t length = markup ? strlen(markup) : 0;
    return length > 7 && strncmp(markup, "<i>", 3) == 0 && strcmp(markup + length - 4, "</i>") == 0 &&
           !strstr(markup + 3, "<i>");
}

static struct post post_of(const struct sheet *sheet)
{
    const struct content *content = sheet->content;
    const struct brand *brand = &sheet->paint->style->brand;
    const struct content_part *said = content->column_count ? &content->columns[0] : &content->main;
    const char *author = content->column_count && said->name ? said->name->text : NULL;
    const char *at = author ? strstr(author, " @") : NULL;
    struct post post = {.own = !author, .words = *said, .visual = said->visual ? said->visual : content->main.visual};
    post.name = !author ? escaped_markup(brand->person) : at ? strndup(author, (size_t)(at - author)) : strdup(author);
    post.handle = at ? strdup(at + 1) : !author && brand->handle ? escaped_markup(brand->handle) : NULL;
    if (!content->column_count)
        for (size_t i = 0; i < content->after.body_count && post.words.body_count < CONTENT_BODY; i++)
            post.words.body[post.words.body_count++] = content->after.body[i];
    size_t count = post.words.body_count;
    if (count > 1 && is_italics(post.words.body[count - 1]->text)) {
        post.small = post.words.body[count - 1];
        post.words.body_count--;
    }
    return post;
}

/* The first letters of a name's first and last word. Fresh. */
static char *initials_of(const char *name)
{
    struct text letters = {0};
    const char *last = strrchr(name, ' ');
    const char *const words[] = {name, last ? last + 1 : NULL};
    for (int i = 0; i < 2 && words[i]; i++) {
        size_t length = 1;
        while (((unsigned char)words[i][length] & 0xc0) == 0x80)
            length++;
        if (*words[i] && *words[i] != '<' && *words[i] != '&')
            text_add_bytes(&letters, words[i], length);
    }
    return text_take(&letters);
}

static void draw_initials(const struct sheet *sheet, const struct post *post, struct box box)
{
    struct text_style style = sheet_text(sheet, TEXT_PERSON);
    char *letters = post->name ? initials_of(post->name) : NULL;
    style.size = box.h * 0.38;
    style.role = ROLE_ON_ACCENT;
    style.align = ALIGN_CENTER;
    style.weight = 700;
    paint_fill_round(sheet->paint, box, box.h / 2, ROLE_ACCENT);
    enum role ground = sheet->paint->ground;
    sheet->paint->ground = ROLE_ACCENT;
    sheet->paint->slot = "initials";
    if (letters)
        paint_text_baseline(sheet->paint, &style, letters, box.x, box.y + box.h * 0.635, box.w);
    sheet->paint->slot = NULL;
    sheet->paint->ground = ground;
    free(letters);
}

/* Avatar, and beside it name and handle under each other; returns the height. */
static double author(const struct sheet *sheet, const struct post *post, struct box box, enum pass pass)
{
    double size = sheet_px(sheet, AVATAR), gap = sheet_px(sheet, AVATAR_GAP), width = box.w - size - gap;
    double name = post->name ? sheet_height(sheet, TEXT_PERSON, post->name, width) : 0;
    double handle = post->handle ? sheet_height(sheet, TEXT_CAPTION, post->handle, width) : 0;
    double height = fmax(size, name + handle);
    if (pass == PASS_MEASURE)
        return height;
    bool mirrored = post->name && paint_right_to_left(sheet->paint, post->name);
    struct box circle = {mirrored ? box.x + box.w - size : box.x, box.y + (height - size) / 2, size, size};
    double x = mirrored ? box.x : box.x + size + gap, y = box.y + (height - name - handle) / 2;
    if (post->own)
        avatar_draw(sheet, circle);
    else
        draw_initials(sheet, post, circle);
    if (post->name)
        y = sheet_draw(sheet, TEXT_PERSON, "P", post->name, x, y, width);
    if (post->handle)
        sheet_draw(sheet, TEXT_CAPTION, "P", post->handle, x, y, width);
    return height;
}

static struct stack card_stack(const struct post *post)
{
    struct stack stack = {.cover = true};
    stack_flow(&stack, TEXT_POST, &post->words, 0);
    stack_visual(&stack, post->visual, 36);
    stack_text(&stack, TEXT_CAPTION, "P", post->small, 40);
    return stack;
}

/* The card, as high as it needs to be, in the middle of the box. */
static double place_card(const struct sheet *sheet, const struct post *post, struct box box, enum pass pass)
{
    double padding = sheet_px(sheet, fmax(36, PADDING * sheet->gap_scale)),
           width = fmin(box.w, sheet_px(sheet, WIDEST));
    double inside = width - 2 * padding, gap = sheet_gap(sheet, HEAD_GAP);
    struct stack stack = card_stack(post);
    double head = author(sheet, post, (struct box){0, 0, inside, 0}, PASS_MEASURE) + gap;
    double text = stack_place(&stack, sheet, (struct box){0, 0, inside, 0}, PASS_MEASURE);
    if (post->visual)
        text += visual_height(sheet, post->visual, inside) - visual_least(sheet, post->visual, inside);
    double least = stack_place(&stack, sheet, (struct box){0, 0, inside, box.h - 2 * padding - head}, PASS_MEASURE);
    if (pass == PASS_MEASURE)
        return least;
    double height = fmin(box.h, head + text + 2 * padding);
    struct box card = {box.x + (box.w - width) / 2, box.y + (box.h - height) / 2, width, height};
    struct box words = {card.x + padding, card.y + padding, inside, height - 2 * padding};
    enum role ground = sheet->paint->ground;
    paint_role(sheet->paint, ROLE_SURFACE);
    paint_round_box(sheet->paint, card, sheet_px(sheet, 36));
    cairo_fill_preserve(sheet->paint->cairo);
    paint_role(sheet->paint, ROLE_LINE);
    cairo_set_line_width(sheet->paint->cairo, sheet_px(sheet, 2));
    cairo_stroke(sheet->paint->cairo);
    sheet->paint->ground = ROLE_SURFACE;
    author(sheet, post, words, pass);
    words.y += head;
    words.h -= head;
    stack_place(&stack, sheet, words, pass);
    sheet->paint->ground = ground;
    return least;
}

static double place(const struct sheet *sheet, enum pass pass)
{
    struct post post = post_of(sheet);
    struct stack words = {.middle = sheet->wide};
    struct box room = sheet->room;
    double over;
    stack_text(&words, TEXT_HEADING, "H1", sheet->content->title, 0);
    stack_text(&words, TEXT_SUB, "H2", sheet->content->subtitle, 28);
    if (sheet->content->column_count > 0) /* what stands before the author is not what they say */
        stack_flow(&words, TEXT_SUB, &sheet->content->main, 28);
    if (sheet->wide && words.count) {
        double between = sheet_px(sheet, 88), left = (room.w - between) * 0.36;
        over = stack_place(&words, sheet, (struct box){room.x, room.y, left, room.h}, pass);
        room = (struct box){room.x + left + between, room.y, room.w - left - between, room.h};
        over = fmax(over, place_card(sheet, &post, room, pass));
    } else {
        double head = words.count ? stack_place(&words, sheet, (struct box){0, 0, room.w, 0}, PASS_MEASURE) : 0;
        double down = head + (head > 0 ? sheet_gap(sheet, 64) : 0);
        if (pass == PASS_DRAW && head > 0)
            stack_place(&words, sheet, (struct box){room.x, room.y, room.w, head}, pass);
        over = place_card(sheet, &post, (struct box){room.x, room.y + down, room.w, room.h - down}, pass);
    }
    free(post.name);
    free(post.handle);
    return over;
}

const struct layout layout_post = {
    .name = "post",
    .idea = "a post as a card: its author (### Name @handle, else the brand), its words, a picture",
    .pattern = true,
    .subtitle = true,
    .visual = true,
    .columns = 1,
    .place = place,
};
