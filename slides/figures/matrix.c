/* matrix.c - which keys each query reads: attention matrices under one to four masks.
 *
 * A row is a query, a column a key, the diagonal runs from the top left. What is filled is the mask's own rule
 * (kernels/attention.h), sinks and learned blocks on top of it. The strip (`shape: wide`) shows evenly chosen rows of
 * the same square. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/record.h"
#include "slides/figures/figure.h"
#include "slides/figures/figures.h"

enum { MOST_MASKS = 4, MOST_CELLS = 48, BLOCK = 2 };

/* Of a cell's pitch (29 and a gap of 4). */
static const double gap_share = 4.0 / 33;

struct mask_fields {
    char *name, *mask;
    int sinks, seed;
};
struct fields {
    struct mask_fields *masks;
    unsigned masks_count;
    int size, rows, columns;
    char *shape;
};

struct shown {
    char *name; /* markup; "" when not given */
    char *label;
    unsigned char filled[MOST_CELLS][MOST_CELLS]; /* roles */
    int pairs;
};
struct matrix {
    int rows, columns;
    struct shown shown[MOST_MASKS];
    size_t count;
};

static const cyaml_schema_field_t mask_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct mask_fields, name, 0, 60),
    CYAML_FIELD_STRING_PTR("mask", CYAML_FLAG_POINTER, struct mask_fields, mask, 1, 60),
    CYAML_FIELD_INT("sinks", CYAML_FLAG_OPTIONAL, struct mask_fields, sinks),
    CYAML_FIELD_INT("seed", CYAML_FLAG_OPTIONAL, struct mask_fields, seed), CYAML_FIELD_END};
static const cyaml_schema_value_t mask_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct mask_fields, mask_fields)};
static const cyaml_schema_field_t matrix_fields[] = {
    PICTURE_FIELDS,
    CYAML_FIELD_SEQUENCE_COUNT("masks", CYAML_FLAG_POINTER, struct fields, masks, masks_count, &mask_schema, 1,
                               MOST_MASKS),
    CYAML_FIELD_INT("size", CYAML_FLAG_OPTIONAL, struct fields, size),
    CYAML_FIELD_INT("rows", CYAML_FLAG_OPTIONAL, struct fields, rows),
    CYAML_FIELD_INT("columns", CYAML_FLAG_OPTIONAL, struct fields, columns),
    CYAML_FIELD_STRING_PTR("shape", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, shape, 0, 20),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct fields, matrix_fields)};

static void matrix_free(void *data)
{
    struct matrix *matrix = data;
    for (size_t i = 0; i < matrix->count; i++) {
        free(matrix->shown[i].name);
        free(matrix->shown[i].label);
    }
}

/* splitmix64: the same blocks on every machine. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* The query that a row stands for. */
static int query_of(const struct matrix *matrix, int row)
{
    return (row + 1) * matrix->columns / matrix->rows - 1;
}

static void fill_by_rule(const struct matrix *matrix, const struct attention_mask *mask, int sinks, struct shown *shown)
{
    const struct attention_problem problem = {.layers = 1,
                                              .batch = 1,
                                              .heads = 1,
                                              .kv_heads = 1,
                                              .len_q = matrix->columns,
                                              .len_kv = matrix->columns,
                                              .head_dim = 8,
                                              .mask = *mask,
                                              .scale = 1};
    for (int row = 0; row < matrix->rows; row++) {
        int query = query_of(matrix, row);
        struct key_range keys = attention_keys(&problem, 0, query);
        for (int key = 0; key < matrix->columns; key++) {
            bool sink = key < sinks && (!mask->causal || key <= query);
            shown->filled[row][key] = sink                                   ? ROLE_ACCENT2
                                      : key >= keys.first && key < keys.last ? ROLE_ACCENT
                                                                             : ROLE_SURFACE;
        }
    }
}

/* As a learned gate might choose: each block of queries reads its own block and one earlier one; causal. */
static void fill_learned(const struct matrix *matrix, int seed, struct shown *shown)
{
    int chosen[MOST_CELLS] = {0};
    uint64_t state = (uint64_t)seed;
    for (int block = 0; block * BLOCK < matrix->columns; block++)
        chosen[block] = block < 2 ? block : (int)(next_random(&state) % (uint64_t)(block - 1));
    for (int row = 0; row < matrix->rows; row++) {
        int query = query_of(matrix, row);
        for (int key = 0; key < matrix->columns; key++) {
            bool read = key <= query && (key / BLOCK == query / BLOCK || key / BLOCK == chosen[query / BLOCK]);
            shown->filled[row][key] = read ? ROLE_ACCENT2 : ROLE_SURFACE;
        }
    }
}

static void read_mask(const struct picture_input *input, const struct mask_fields *fields, struct matrix *matrix,
                      bool named)
{
    struct shown *shown = &matrix->shown[matrix->count++];
    struct attention_mask mask;
    bool learned = strcmp(fields->mask, "blocks") == 0;
    shown->name = picture_markup(input, fields->name);
    shown->label = strdup(fields->mask);
    if (named && !(fields->name && *fields->name))
        figure_fault(input, fields->mask, "One to three words that stand under it: `name: a local window`.",
                     "this mask has no name, and several stand beside each other");
    if (fields->sinks < 0 || fields->sinks > matrix->columns)
        figure_fault(input, "sinks", NULL, "sinks is %d; it must be 0 to %d", fields->sinks, matrix->columns);
    else if (learned && fields->sinks)
        figure_fault(input, "sinks", NULL, "learned blocks have no sinks");
    else if (learned)
        fill_learned(matrix, fields->seed, shown);
    else if (!attention_mask_parse(fields->mask, &mask))
        figure_fault(input, fields->mask, "As in full, causal, causal_w3, w2_2, blocks.", "'%s' is no mask",
                     fields->mask);
    else if (mask.global_every)
        figure_fault(input, fields->mask, "`kind: layers` shows alternation.",
                     "'%s' alternates over layers, and a matrix shows one layer", fields->mask);
    else
        fill_by_rule(matrix, &mask, fields->sinks, shown);
    for (int row = 0; row < matrix->rows; row++)
        for (int key = 0; key < matrix->columns; key++)
            shown->pairs += shown->filled[row][key] != ROLE_SURFACE;
}

static bool read_size(const struct picture_input *input, const struct fields *fields, struct matrix *matrix)
{
    bool wide = fields->shape && strcmp(fields->shape, "wide") == 0;
    int size = fields->size ? fields->size : 12;
    if (fields->shape && !wide && strcmp(fields->shape, "square") != 0) {
        figure_fault(input, fields->shape, "Shapes: square, wide.", "'%s' is no shape", fields->shape);
        return false;
    }
    matrix->rows = fields->rows ? fields->rows : wide ? 7 : size;
    matrix->columns = fields->columns ? fields->columns : wide ? 24 : size;
    if (matrix->columns >= 2 && matrix->columns <= MOST_CELLS && matrix->rows >= 1 && matrix->rows <= matrix->columns)
        return true;
    figure_fault(input,
                 fields->rows      ? "rows"
                 : fields->columns ? "columns"
                                   : "size",
                 "Rows are chosen evenly from the queries of a square of `columns` by `columns`.",
                 "%d rows and %d columns: 2 to %d columns are drawn, and 1 to as many rows", matrix->rows,
                 matrix->columns, MOST_CELLS);
    return false;
}

static enum status matrix_make(const struct picture_input *input, const void *from, void *data)
{
    const struct fields *fields = from;
    size_t before = input->diags->errors;
    struct matrix *matrix = data;
    if (!read_size(input, fields, matrix))
        return STATUS_BAD_INPUT;
    for (unsigned i = 0; i < fields->masks_count; i++)
        read_mask(input, &fields->masks[i], matrix, fields->masks_count > 1);
    return input->diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

/* How the matrices stand in a box. */
struct grid {
    double pitch, width, height; /* of a cell with its gap; of a matrix */
    int across, down;
    struct text_style style; /* of the names */
    double name, room;       /* height kept under each matrix, with its distance; width that a name may take */
    double left;             /* from the box's edge to the first */
    double step;             /* from one matrix to the next of a row */
    bool beside;             /* one matrix: its name stands to its right */
};

static double between(const struct paint *paint)
{
    return 2 * FIGURE_APART * paint->style->unit;
}

static void names_of(const struct matrix *matrix, const char *names[MOST_MASKS])
{
    for (size_t i = 0; i < matrix->count; i++)
        names[i] = matrix->shown[i].name;
}

static void set_pitch(const struct matrix *matrix, const struct paint *paint, struct grid *grid, struct box box)
{
    double wide = (box.w - (grid->across - 1) * between(paint)) / grid->across;
    double high = (box.h - (grid->down - 1) * between(paint)) / grid->down - grid->name;
    double pitch = fmin(wide / (matrix->columns - gap_share), high / (matrix->rows - gap_share));
    grid->pitch = pitch < 24 ? floor(pitch) : pitch; /* small gaps must all look alike */
    grid->width = grid->pitch * (matrix->columns - gap_share);
    grid->height = grid->pitch * (matrix->rows - gap_share);
}

/* The grid with `across` matrices a row; a pitch of 0 when the names do not fit. */
static struct grid grid_of(const struct matrix *matrix, struct paint *paint, struct box box, int across)
{
    const char *names[MOST_MASKS];
    double unit = paint->style->unit;
    struct grid grid = {.across = across,
                        .down = ((int)matrix->count + across - 1) / across,
                        .style = figure_style(paint, 34, 600, ROLE_TEXT, ALIGN_LEFT)};
    names_of(matrix, names);
    set_pitch(matrix, paint, &grid, box);
    double right = box.w - grid.width - between(paint);
    if (matrix->count == 1 && *names[0] && right > 160 * unit) {
        grid.style.size = 40 * unit;
        grid.beside = figure_fits(paint, &grid.style, names, 1, right, grid.height, true);
    }
    if (grid.beside)
        return grid;
    double room = (box.w - (across - 1) * between(paint)) / across;
    if (!figure_fits(paint, &grid.style, names, matrix->count, room, 0, true)) {
        grid.pitch = 0;
        return grid;
    }
    struct text_size name = figure_largest(paint, &grid.style, names, matrix->count, room);
    grid.name = name.height > 0 ? name.height + FIGURE_APART * unit : 0;
    grid.room = room;
    set_pitch(matrix, paint, &grid, box);
    double column = fmax(grid.width, name.width);
    grid.step = across > 1 ? (box.w - column) / (across - 1) : 0;
    if (grid.step > 2.1 * column) { /* too far apart to be compared: closer, and in the middle */
        grid.step = 1.5 * column;
        grid.left = (box.w - grid.step * (across - 1) - column) / 2;
    }
    return grid;
}

static struct grid best_grid(const struct matrix *matrix, struct paint *paint, struct box box)
{
    struct grid best = {0};
    for (int across = (int)matrix->count; across >= 1; across--) {
        if (matrix->count % (size_t)across) /* no row is left half empty */
            continue;
        struct grid grid = grid_of(matrix, paint, box, across);
        if (grid.pitch > best.pitch * 1.02)
            best = grid;
    }
    return best;
}

static void draw_one(const struct matrix *matrix, struct paint *paint, const struct shown *shown, double x, double y,
                     double pitch)
{
    double side = floor(pitch * (1 - gap_share));
    for (int row = 0; row < matrix->rows; row++)
        for (int key = 0; key < matrix->columns; key++)
            figure_cell(paint, (struct box){round(x + key * pitch), round(y + row * pitch), side, side},
                        (enum role)shown->filled[row][key]);
}

static enum status matrix_draw(void *data, struct paint *paint, struct box box)
{
    const struct matrix *matrix = data;
    struct grid grid = best_grid(matrix, paint, box);
    double unit = paint->style->unit, least = 7 * unit;
    if (grid.across < 1 || grid.pitch < least) {
        double across = (double)matrix->count;
        return figure_refuse(paint, "the matrix figure", across * least * matrix->columns,
                             least * matrix->rows + 80 * unit, box);
    }
    double row_height = grid.height + grid.name + between(paint);
    double top = box.y + (box.h - (grid.down * row_height - between(paint))) / 2;
    for (size_t i = 0; i < matrix->count; i++) {
        int down = (int)i / grid.across, along = (int)i % grid.across;
        double x = box.x + grid.left + along * grid.step, y = top + down * row_height;
        const struct shown *shown = &matrix->shown[i];
        draw_one(matrix, paint, shown, x, y, grid.pitch);
        if (grid.beside) {
            double left = grid.width + between(paint), room = box.w - left;
            double height = paint_text_size(paint, &grid.style, shown->name, room).height;
            paint_text(paint, &grid.style, shown->name, x + left, y + (grid.height - height) / 2, room);
        } else if (*shown->name) {
            paint_text(paint, &grid.style, shown->name, x, y + grid.height + FIGURE_APART * unit, grid.room);
        }
    }
    return STATUS_OK;
}

/* Cells of 29 pixels and more; two matrices a row from two on. */
static double matrix_height(void *data, struct paint *paint, double width)
{
    const struct matrix *matrix = data;
    int across = matrix->count % 2 == 0 ? 2 : 1;
    if (matrix->count == 3 || (matrix->count > 1 && width > 1300 * paint->style->unit))
        across = (int)matrix->count;
    struct box box = {0, 0, width, 4000 * paint->style->unit};
    if (matrix->count == 1 && matrix->rows == matrix->columns)
        box.h = fmin(width, 720 * paint->style->unit);
    struct grid grid = grid_of(matrix, paint, box, across);
    return grid.down * (grid.height + grid.name + between(paint)) - between(paint);
}

static char *matrix_alt(const void *data)
{
    const struct matrix *matrix = data;
    struct text alt = {0};
    text_format(&alt, "%s of %d queries (rows) by %d keys (columns), filled where a query reads a key.",
                matrix->count > 1 ? "Attention matrices" : "Attention matrix", matrix->rows, matrix->columns);
    for (size_t i = 0; i < matrix->count; i++) {
        char *name = picture_plain(matrix->shown[i].name);
        text_format(&alt, " %s%s%s: %d of %d filled.", name ? name : "", name && *name ? ", mask " : "Mask ",
                    matrix->shown[i].label, matrix->shown[i].pairs, matrix->rows * matrix->columns);
        free(name);
    }
    return text_take(&alt);
}

static char *matrix_caption(const void *data)
{
    (void)data;
    return strdup("a row is a token, filled are the tokens it reads");
}

const struct picture_kind figure_matrix = {
    .fence = BLOCK_FIGURE,
    .name = "matrix",
    .idea = "attention matrices: which keys each query reads under one to four masks",
    .schema = &schema,
    .size = sizeof(struct matrix),
    .make = matrix_make,
    .draw = matrix_draw,
    .height = matrix_height,
    .alt = matrix_alt,
    .caption = matrix_caption,
    .free = matrix_free,
};
