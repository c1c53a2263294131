/* tiles.c - flash attention at one look: the N x N scores are visited tile by tile and never stored.
 *
 * One block of Q (left) stays in the fast memory while the blocks of K and V (top) stream past it; the one tile of
 * scores that exists is theirs; its sums go to one block of O (right). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/figures/figure.h"
#include "slides/figures/figures.h"

enum { ENTRIES = 4 };

struct fields {
    int tiles, row, column;
    char *fast, *slow, *now, *stored, *done, *never;
};

struct tiles {
    int tiles, row, column; /* row and column of the tile that exists, from 0 */
    char *entries[ENTRIES]; /* markup: what each state is called */
};

#define MAY_WORD(key, member)                                                                                          \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, member, 1, 120)

static const cyaml_schema_field_t tiles_fields[] = {
    PICTURE_FIELDS,
    CYAML_FIELD_INT("tiles", CYAML_FLAG_OPTIONAL, struct fields, tiles),
    CYAML_FIELD_INT("row", CYAML_FLAG_OPTIONAL, struct fields, row),
    CYAML_FIELD_INT("column", CYAML_FLAG_OPTIONAL, struct fields, column),
    MAY_WORD("fast", fast),
    MAY_WORD("slow", slow),
    MAY_WORD("now", now),
    MAY_WORD("stored", stored),
    MAY_WORD("done", done),
    MAY_WORD("never", never),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct fields, tiles_fields)};

static void tiles_free(void *data)
{
    struct tiles *tiles = data;
    for (int i = 0; i < ENTRIES; i++)
        free(tiles->entries[i]);
}

/* What a tile or a block is: in the fast memory, in the slow one, or (scores only) gone, or not yet there. */
enum state { STATE_NOW, STATE_STORED, STATE_DONE, STATE_TO_COME };

/* The author's words, or ours with the memory's name in them. */
static char *entry_of(const struct picture_input *input, const char *given, const char *format, const char *name)
{
    const char *hole = strstr(format, "%s");
    struct text words = {0};
    text_add_bytes(&words, format, (size_t)(hole - format));
    text_add(&words, name);
    text_add(&words, hole + 2);
    char *text = text_take(&words);
    char *markup = picture_markup(input, given ? given : text);
    free(text);
    return markup;
}

static enum status tiles_make(const struct picture_input *input, const void *from, void *data)
{
    const struct fields *fields = from;
    size_t before = input->diags->errors;
    struct tiles *tiles = data;
    tiles->tiles = fields->tiles ? fields->tiles : 6;
    if (tiles->tiles < 3 || tiles->tiles > 12)
        figure_fault(input, "tiles", NULL, "tiles is %d; it must be 3 to 12", tiles->tiles);
    tiles->row = (fields->row ? fields->row : tiles->tiles / 2 + 1) - 1;
    tiles->column = (fields->column ? fields->column : tiles->tiles / 2 + 1) - 1;
    if (tiles->row < 0 || tiles->row >= tiles->tiles || tiles->column < 0 || tiles->column >= tiles->tiles)
        figure_fault(input, fields->row ? "row" : "column", "Rows and columns count from 1.",
                     "row %d, column %d is outside %d x %d tiles", tiles->row + 1, tiles->column + 1, tiles->tiles,
                     tiles->tiles);
    tiles->entries[STATE_NOW] = entry_of(input, fields->now, "in %s now", fields->fast ? fields->fast : "SRAM");
    tiles->entries[STATE_STORED] = entry_of(input, fields->stored, "in %s", fields->slow ? fields->slow : "HBM");
    tiles->entries[STATE_DONE] = entry_of(input, fields->done, "%s", "done, thrown away");
    tiles->entries[STATE_TO_COME] = entry_of(input, fields->never, "%s", "to come, never stored");
    return input->diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

static enum state state_of(const struct tiles *tiles, int row, int column)
{
    int at = row * tiles->tiles + column, now = tiles->row * tiles->tiles + tiles->column;
    return at == now ? STATE_NOW : at < now ? STATE_DONE : STATE_TO_COME;
}

static void draw_tile(struct paint *paint, struct box box, enum state state)
{
    double unit = paint->style->unit, radius = fmin(10 * unit, 0.16 * fmin(box.w, box.h)), stroke = 2.5 * unit;
    struct box inner = {box.x + stroke / 2, box.y + stroke / 2, box.w - stroke, box.h - stroke};
    const double dashes[] = {7 * unit, 6 * unit};
    if (state == STATE_DONE || state == STATE_STORED) {
        figure_box(paint, box, radius, state == STATE_DONE ? stroke : 3.5 * unit, ROLE_SURFACE,
                   state == STATE_DONE ? ROLE_LINE : ROLE_ACCENT2);
        return;
    }
    paint_round_box(paint, state == STATE_NOW ? box : inner, radius);
    paint_role(paint, state == STATE_NOW ? ROLE_ACCENT : ROLE_MUTED);
    if (state == STATE_NOW) {
        cairo_fill(paint->cairo);
        return;
    }
    cairo_set_line_width(paint->cairo, 2 * unit);
    cairo_set_dash(paint->cairo, dashes, 2, 0);
    cairo_stroke(paint->cairo);
    cairo_set_dash(paint->cairo, NULL, 0, 0);
}

struct plan {
    double side, pitch, gap; /* of the matrix of scores; of its tiles */
    double strip, apart;     /* thickness of Q, K, V, O; their distance from the matrix */
    double x, y;             /* of the matrix */
    double label;            /* height of the letters */
    double legend, swatch;   /* width of the legend; side of a swatch in it */
    double legend_height;
    struct text_style letter, entry;
};

/* `share`: of the width, for the words at the side at least. */
static bool plan_with(const struct tiles *tiles, struct paint *paint, struct box box, double share, struct plan *plan)
{
    const char *letters[] = {"K, V"}, *const *entries = (const char *const *)tiles->entries;
    double unit = paint->style->unit;
    *plan = (struct plan){.letter = figure_style(paint, 36, 700, ROLE_TEXT, ALIGN_LEFT),
                          .entry = figure_style(paint, box.w > 1200 * unit ? 40 : 34, 500, ROLE_TEXT, ALIGN_LEFT),
                          .apart = FIGURE_APART * unit,
                          .swatch = 36 * unit};
    plan->label = figure_largest(paint, &plan->letter, letters, 1, 0).height + 10 * unit;
    plan->strip = figure_clamp(0.075 * box.h, 32 * unit, 46 * unit);
    double panel = box.h - plan->label + plan->strip + plan->apart; /* its width at full height */
    plan->legend = figure_clamp(box.w - panel - 2 * plan->apart, fmax(share * box.w, 250 * unit), 480 * unit);
    plan->side = fmin(box.h - plan->label - plan->strip - plan->apart,
                      box.w - plan->legend - 2 * plan->apart - 2 * (plan->strip + plan->apart));
    plan->pitch = plan->side / tiles->tiles;
    plan->gap = fmax(4 * unit, 0.1 * plan->pitch);
    plan->side -= plan->gap;
    double high = plan->label + plan->strip + plan->apart + plan->side;
    plan->x = box.x + plan->strip + plan->apart;
    plan->y = box.y + (box.h - high) / 2 + high - plan->side;
    double words = plan->legend - plan->swatch - 18 * unit;
    if (plan->pitch - plan->gap < 14 * unit || !figure_fits(paint, &plan->entry, entries, ENTRIES, words, 0, true))
        return false;
    for (int i = 0; i < ENTRIES; i++)
        plan->legend_height += paint_text_size(paint, &plan->entry, entries[i], words).height + (i ? plan->apart : 0);
    return plan->legend_height <= box.h;
}

/* Wide letters want more of the width; the square gives way. */
static bool plan_of(const struct tiles *tiles, struct paint *paint, struct box box, struct plan *plan)
{
    static const double shares[] = {0.3, 0.36, 0.42, 0.48};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++)
        if (plan_with(tiles, paint, box, shares[i], plan))
            return true;
    return false;
}

static void draw_legend(const struct tiles *tiles, struct paint *paint, const struct plan *plan, struct box box)
{
    double unit = paint->style->unit, x = plan->x + plan->side + plan->strip + 3 * plan->apart,
           words = plan->swatch + 18 * unit;
    double spare =
        fmin(plan->side - plan->legend_height, 3 * plan->apart) / (ENTRIES - 1); /* looser where there is room */
    double between = plan->apart + fmax(0, spare), high = plan->legend_height + (ENTRIES - 1) * fmax(0, spare);
    double y = figure_clamp(plan->y + (plan->side - high) / 2, box.y, box.y + box.h - high);
    for (int i = 0; i < ENTRIES; i++) {
        struct text_size size = paint_text(paint, &plan->entry, tiles->entries[i], x + words, y, plan->legend - words);
        double middle = y + size.height / size.lines / 2;
        draw_tile(paint, (struct box){x, middle - plan->swatch / 2, plan->swatch, plan->swatch}, (enum state)i);
        y += size.height + between;
    }
}

static void draw_letters(struct paint *paint, const struct plan *plan)
{
    double unit = paint->style->unit, top = plan->y - plan->apart - plan->strip, y = top - plan->label;
    struct text_style centre = plan->letter;
    struct text_size size = paint_text(paint, &plan->letter, "K, V", plan->x, y, 0);
    centre.align = ALIGN_CENTER;
    paint_arrow(paint, plan->x + size.width + 18 * unit, y + size.height / 2, plan->x + plan->side - 3 * unit,
                y + size.height / 2, 5 * unit, ROLE_MUTED);
    double strip = plan->y - plan->apart + 10 * unit - size.height;
    paint_text(paint, &centre, "Q", plan->x - plan->apart - plan->strip / 2, strip, 0);
    paint_text(paint, &centre, "O", plan->x + plan->side + plan->apart + plan->strip / 2, strip, 0);
}

static enum status tiles_draw(void *data, struct paint *paint, struct box box)
{
    const struct tiles *tiles = data;
    struct plan plan;
    double unit = paint->style->unit;
    if (!plan_of(tiles, paint, box, &plan))
        return figure_refuse(paint, "the tiles figure", (20 * tiles->tiles + 500) * unit,
                             fmax(plan.legend_height, (20 * tiles->tiles + 110) * unit), box);
    double tile = plan.pitch - plan.gap, left = plan.x - plan.apart - plan.strip;
    double right = plan.x + plan.side + plan.apart, top = plan.y - plan.apart - plan.strip;
    for (int i = 0; i < tiles->tiles; i++) {
        double along_x = plan.x + i * plan.pitch, along_y = plan.y + i * plan.pitch;
        draw_tile(paint, (struct box){along_x, top, tile, plan.strip}, i == tiles->column ? STATE_NOW : STATE_STORED);
        draw_tile(paint, (struct box){left, along_y, plan.strip, tile}, i == tiles->row ? STATE_NOW : STATE_STORED);
        draw_tile(paint, (struct box){right, along_y, plan.strip, tile},
                  i == tiles->row  ? STATE_NOW
                  : i < tiles->row ? STATE_STORED
                                   : STATE_TO_COME);
        for (int column = 0; column < tiles->tiles; column++)
            draw_tile(paint, (struct box){plan.x + column * plan.pitch, along_y, tile, tile},
                      state_of(tiles, i, column));
    }
    draw_letters(paint, &plan);
    draw_legend(tiles, paint, &plan, box);
    return STATUS_OK;
}

static double tiles_height(void *data, struct paint *paint, double width)
{
    struct plan plan;
    plan_of(data, paint, (struct box){0, 0, width, 720 * paint->style->unit}, &plan);
    return plan.label + plan.strip + plan.apart + plan.side + plan.gap;
}

static char *tiles_alt(const void *data)
{
    const struct tiles *tiles = data;
    struct text alt = {0};
    char *entries[ENTRIES];
    for (int i = 0; i < ENTRIES; i++)
        entries[i] = picture_plain(tiles->entries[i]);
    int done = tiles->row * tiles->tiles + tiles->column;
    text_format(&alt,
                "The N by N scores as %d by %d tiles, blocks of Q at the left, of K and V along the top, of O at the "
                "right, %s. One tile, in row %d and column %d, with its blocks: %s. %d tiles before it: %s. %d after "
                "it: %s.",
                tiles->tiles, tiles->tiles, entries[STATE_STORED], tiles->row + 1, tiles->column + 1,
                entries[STATE_NOW], done, entries[STATE_DONE], tiles->tiles * tiles->tiles - done - 1,
                entries[STATE_TO_COME]);
    for (int i = 0; i < ENTRIES; i++)
        free(entries[i]);
    return text_take(&alt);
}

static char *tiles_caption(const void *data)
{
    (void)data;
    return strdup("one block of Q stays while K and V stream past it");
}

const struct picture_kind figure_tiles = {
    .fence = BLOCK_FIGURE,
    .name = "tiles",
    .idea = "flash attention: one tile of the scores in fast memory, the whole never stored",
    .schema = &schema,
    .size = sizeof(struct tiles),
    .make = tiles_make,
    .draw = tiles_draw,
    .height = tiles_height,
    .alt = tiles_alt,
    .caption = tiles_caption,
    .free = tiles_free,
};
