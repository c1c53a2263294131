/* memory.c - what crosses the slow memory: two memories, and a column a kernel with what it reads and writes.
 *
 * The slow one lies above, the fast one below; an arrow down is a read, one up a write, each with its bytes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "slides/figures/figures.h"
#include "slides/figures/store.h"

enum { MOST_COLUMNS = 6 };

struct column_fields {
    char *name, *read, *write;
};
struct fields {
    struct store_fields *top, *bottom;
    struct column_fields *columns;
    unsigned columns_count;
};

struct column {
    char *name;         /* markup */
    char *read, *write; /* markup; NULL: nothing that way */
    char *joined;       /* "1.5 + 2.0 GB": both in one line */
};
struct memory {
    struct store top, bottom;
    struct column columns[MOST_COLUMNS];
    size_t count;
};

static const cyaml_schema_field_t column_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct column_fields, name, 1, 100),
    CYAML_FIELD_STRING_PTR("read", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct column_fields, read, 1, 300),
    CYAML_FIELD_STRING_PTR("write", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct column_fields, write, 1, 300),
    CYAML_FIELD_END};
static const cyaml_schema_value_t column_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct column_fields, column_fields)};
static const cyaml_schema_field_t memory_fields[] = {
    PICTURE_FIELDS,
    CYAML_FIELD_MAPPING_PTR("top", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, top, store_fields),
    CYAML_FIELD_MAPPING_PTR("bottom", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct fields, bottom, store_fields),
    CYAML_FIELD_SEQUENCE_COUNT("columns", CYAML_FLAG_POINTER, struct fields, columns, columns_count, &column_schema, 1,
                               MOST_COLUMNS),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct fields, memory_fields)};

static void memory_free(void *data)
{
    struct memory *memory = data;
    store_free(&memory->top);
    store_free(&memory->bottom);
    for (size_t i = 0; i < memory->count; i++) {
        free(memory->columns[i].name);
        free(memory->columns[i].read);
        free(memory->columns[i].write);
        free(memory->columns[i].joined);
    }
}

/* "1.5 GB" and "2.0 GB" become "1.5 + 2.0 GB". */
static char *join(const char *read, const char *write)
{
    struct text joined = {0};
    const char *unit = read ? strrchr(read, ' ') : NULL, *other = write ? strrchr(write, ' ') : NULL;
    if (read && write) {
        bool same = unit && other && strcmp(unit, other) == 0;
        text_add_bytes(&joined, read, same ? (size_t)(unit - read) : strlen(read));
        text_add(&joined, " + ");
    }
    text_add(&joined, write ? write : read);
    return text_take(&joined);
}

/* The expression inside {{ }}, or as it is; fresh. */
static char *bare(const char *expression)
{
    const char *from = strstr(expression, "{{"), *to = strstr(expression, "}}");
    return from && to > from ? strndup(from + 2, (size_t)(to - from) - 2) : strdup(expression);
}

static char *read_bytes(const struct picture_input *input, const char *expression)
{
    struct value value;
    char *shown = NULL, *markup = NULL;
    if (!expression)
        return NULL;
    char *inner = bare(expression);
    enum status status =
        bind_value(input->binder, inner, input->slide, picture_line(input, expression), &value, &shown, input->diags);
    free(inner);
    if (status != STATUS_OK)
        return NULL;
    bool words = value.number == 0 && !value.record && !value.source; /* "else" words, or a plain 0 */
    if (!words && (value.unit != UNIT_BYTES || value.number < 0))
        figure_fault(input, expression, "Bind bytes_read, bytes_written, bytes or a published size.",
                     "'%s' is not a number of bytes", expression);
    markup = picture_markup(input, shown);
    free(shown);
    return markup;
}

static void read_column(const struct picture_input *input, const struct column_fields *fields, struct column *column)
{
    column->name = picture_markup(input, fields->name);
    column->read = read_bytes(input, fields->read);
    column->write = read_bytes(input, fields->write);
    if (!fields->read && !fields->write)
        figure_fault(input, fields->name, "Say `read:`, `write:` or both.", "column '%s' moves nothing", fields->name);
    else if (column->read || column->write)
        column->joined = join(column->read, column->write);
}

static enum status memory_make(const struct picture_input *input, const void *from, void *data)
{
    const struct fields *fields = from;
    size_t before = input->diags->errors;
    struct memory *memory = data;
    memory->top = store_make(input, fields->top, "HBM", "large, slow");
    memory->bottom = store_make(input, fields->bottom, "SRAM", "small, fast");
    for (unsigned i = 0; i < fields->columns_count; i++)
        read_column(input, &fields->columns[i], &memory->columns[memory->count++]);
    return input->diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

/* Where the columns' texts stand. */
enum way {
    WAY_OWN,    /* each number in the gap of its own arrow, the name above both */
    WAY_JOINED, /* the name, then both numbers in a line; arrows are interrupted */
    WAY_BESIDE  /* low: arrows go through at the column's sides, texts between them */
};
struct plan {
    double store, middle; /* heights: of a memory, and between the two */
    double column, apart; /* width of a column, and from one to the next */
    double arm;           /* from a column's middle to an arrow */
    double text;          /* height of the texts of a column */
    enum way way;
    struct text_style name, bytes;
};

static bool fit_way(const struct memory *memory, struct paint *paint, struct plan *plan, enum way way)
{
    const char *names[MOST_COLUMNS], *each[2 * MOST_COLUMNS], *joined[MOST_COLUMNS];
    double unit = paint->style->unit, apart = FIGURE_APART * unit;
    for (size_t i = 0; i < memory->count; i++) {
        names[i] = memory->columns[i].name;
        joined[i] = memory->columns[i].joined;
        each[2 * i] = memory->columns[i].read;
        each[2 * i + 1] = memory->columns[i].write;
    }
    bool low = way == WAY_BESIDE;
    double room = plan->column - (low ? 2 * (apart + 4 * unit) : 1.5 * apart); /* own columns keep together */
    plan->way = way;
    plan->name = figure_style(paint, low ? 32 : 36, 600, ROLE_TEXT, ALIGN_CENTER);
    plan->bytes = figure_style(paint, low ? 30 : 34, 500, ROLE_TEXT, ALIGN_CENTER);
    bool fits = figure_fits(paint, &plan->name, names, memory->count, room, 0, false);
    fits &= way == WAY_OWN ? figure_fits(paint, &plan->bytes, each, 2 * memory->count, (room - apart) / 2, 0, false)
                           : figure_fits(paint, &plan->bytes, joined, memory->count, room, 0, false);
    double widest = figure_largest(paint, &plan->bytes, each, 2 * memory->count, 0).width;
    plan->arm = way == WAY_OWN ? fmax(60 * unit, (widest + apart) / 2) : 56 * unit;
    if (low)
        plan->arm = plan->column / 2 - 4 * unit;
    plan->text = figure_largest(paint, &plan->name, names, memory->count, 0).height +
                 figure_largest(paint, &plan->bytes, joined, memory->count, 0).height + 8 * unit;
    double ends = low ? 2 * 14 * unit : 2 * (16 + 24 + 40) * unit; /* both shafts must be long enough to be seen */
    return fits && plan->text + ends <= plan->middle;
}

static bool plan_of(const struct memory *memory, struct paint *paint, struct box box, struct plan *plan)
{
    double unit = paint->style->unit, count = (double)memory->count;
    plan->store = figure_clamp(0.19 * box.h, store_height(paint), 150 * unit);
    plan->middle = box.h - 2 * plan->store;
    plan->apart = box.w / count;
    plan->column = plan->apart - FIGURE_APART * unit;
    static const enum way ways[] = {WAY_OWN, WAY_JOINED, WAY_BESIDE};
    for (int i = 0; i < 3; i++)
        if (fit_way(memory, paint, plan, ways[i]))
            return true;
    return false;
}

static void draw_shaft(struct paint *paint, double x, double y0, double y1, double stroke)
{
    paint_role(paint, ROLE_MUTED);
    cairo_set_line_width(paint->cairo, stroke);
    cairo_set_line_cap(paint->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_move_to(paint->cairo, x, y0);
    cairo_line_to(paint->cairo, x, y1);
    cairo_stroke(paint->cairo);
}

/* From y0 to y1, interrupted between `gap` and `gap_end` (of rising y) unless they are equal. */
static void draw_way(struct paint *paint, double x, double y0, double y1, double gap, double gap_end)
{
    double stroke = 5.5 * paint->style->unit;
    bool down = y1 > y0;
    if (gap == gap_end) {
        paint_arrow(paint, x, y0, x, y1, stroke, ROLE_MUTED);
        return;
    }
    draw_shaft(paint, x, y0, down ? gap : gap_end, stroke);
    paint_arrow(paint, x, down ? gap_end : gap, x, y1, stroke, ROLE_MUTED);
}

static void draw_column(const struct column *column, struct paint *paint, const struct plan *plan, double middle_x,
                        double top)
{
    double unit = paint->style->unit, end = (plan->way == WAY_BESIDE ? 14 : 18) * unit;
    double first = top + end, last = top + plan->middle - end;
    double text = top + (plan->middle - plan->text) / 2, text_end = text + plan->text;
    double gap = text - FIGURE_APART * unit, gap_end = text_end + FIGURE_APART * unit;
    if (plan->way == WAY_BESIDE)
        gap = gap_end = 0;
    bool both = column->read && column->write, alone = !both && plan->way != WAY_BESIDE;
    double read_x = alone ? middle_x : middle_x - plan->arm, write_x = alone ? middle_x : middle_x + plan->arm;
    if (column->read)
        draw_way(paint, read_x, first, last, gap, gap_end);
    if (column->write)
        draw_way(paint, write_x, last, first, gap, gap_end);
    struct text_size name = paint_text(paint, &plan->name, column->name, middle_x, text, 0);
    double bytes = text + name.height + 8 * unit;
    if (plan->way == WAY_OWN && both) {
        paint_text(paint, &plan->bytes, column->read, read_x, bytes, 0);
        paint_text(paint, &plan->bytes, column->write, write_x, bytes, 0);
    } else {
        paint_text(paint, &plan->bytes, column->joined, middle_x, bytes, 0);
    }
}

static enum status memory_draw(void *data, struct paint *paint, struct box box)
{
    const struct memory *memory = data;
    struct plan plan = {0};
    if (!plan_of(memory, paint, box, &plan)) {
        const char *joined[MOST_COLUMNS];
        for (size_t i = 0; i < memory->count; i++)
            joined[i] = memory->columns[i].joined;
        double widest = figure_largest(paint, &plan.bytes, joined, memory->count, 0).width;
        double apart = FIGURE_APART * paint->style->unit;
        return figure_refuse(paint, "the memory figure", (double)memory->count * (widest + 4.5 * apart),
                             2 * store_height(paint) + plan.text + 2 * apart, box);
    }
    const struct box top = {box.x, box.y, box.w, plan.store};
    const struct box bottom = {box.x, box.y + box.h - plan.store, box.w, plan.store};
    enum status status = store_draw(&memory->top, paint, top, ROLE_ACCENT2, "the memory figure");
    if (status == STATUS_OK)
        status = store_draw(&memory->bottom, paint, bottom, ROLE_ACCENT, "the memory figure");
    for (size_t i = 0; i < memory->count && status == STATUS_OK; i++)
        draw_column(&memory->columns[i], paint, &plan, box.x + plan.apart * ((double)i + 0.5), box.y + plan.store);
    return status;
}

static double memory_height(void *data, struct paint *paint, double width)
{
    (void)data;
    return fmin(680, 0.45 * width / paint->style->unit + 270) * paint->style->unit;
}

static char *memory_alt(const void *data)
{
    const struct memory *memory = data;
    struct text alt = {0};
    char *top = store_plain(&memory->top), *bottom = store_plain(&memory->bottom),
         *slow = picture_plain(memory->top.name);
    text_format(&alt, "Two memories: %s above, %s below.", top, bottom);
    for (size_t i = 0; i < memory->count; i++) {
        const struct column *column = &memory->columns[i];
        char *name = picture_plain(column->name);
        char *read = column->read ? picture_plain(column->read) : NULL;
        char *write = column->write ? picture_plain(column->write) : NULL;
        text_format(&alt, " %s%s%s%s%s%s, %s %s.", name, read ? " reads " : "", read ? read : "",
                    read && write ? " and" : "", write ? " writes " : "", write ? write : "", write ? "to" : "from",
                    slow);
        free(name);
        free(read);
        free(write);
    }
    free(top);
    free(bottom);
    free(slow);
    return text_take(&alt);
}

static char *memory_caption(const void *data)
{
    (void)data;
    return strdup("bytes that each kernel reads (down) and writes (up)");
}

const struct picture_kind figure_memory = {
    .fence = BLOCK_FIGURE,
    .name = "memory",
    .idea = "what each kernel reads from and writes to the slow memory",
    .schema = &schema,
    .size = sizeof(struct memory),
    .make = memory_make,
    .draw = memory_draw,
    .height = memory_height,
    .alt = memory_alt,
    .caption = memory_caption,
    .free = memory_free,
};
