#include "slides/figures/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define MAY_WORD(key, member)                                                                                          \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct store_fields, member, 0, 200)

const cyaml_schema_field_t store_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct store_fields, name, 1, 100), MAY_WORD("note", note),
    MAY_WORD("size", size), CYAML_FIELD_END};

struct store store_make(const struct picture_input *input, const struct store_fields *fields, const char *name,
                        const char *note)
{
    struct store_fields given = fields ? *fields : (struct store_fields){.name = (char *)name, .note = (char *)note};
    struct store store = {.name = picture_markup(input, given.name)};
    struct text right = {0};
    const char *parts[] = {given.note, given.size};
    for (int i = 0; i < 2; i++) {
        char *markup = parts[i] && *parts[i] ? picture_markup(input, parts[i]) : NULL;
        if (markup)
            text_format(&right, "%s%s", right.length ? " · " : "", markup);
        free(markup);
    }
    store.right = text_take(&right);
    return store;
}

void store_free(struct store *store)
{
    free(store->name);
    free(store->right);
    *store = (struct store){0};
}

double store_height(const struct paint *paint)
{
    return 66 * paint->style->unit;
}

/* Name at the left, the rest at the right on the same line. */
static bool draw_in_line(const struct store *store, struct paint *paint, struct box box, double inset, enum role role)
{
    double unit = paint->style->unit, high = box.h - 12 * unit, room = box.w - 2 * inset;
    struct text_style name = figure_style(paint, 40, 700, role, ALIGN_LEFT);
    struct text_style right = figure_style(paint, 34, 400, ROLE_MUTED, ALIGN_RIGHT);
    const char *names[] = {store->name}, *rights[] = {store->right};
    if (!figure_fits(paint, &name, names, 1, room, high, false))
        return false;
    struct text_size size = paint_text_size(paint, &name, store->name, 0);
    double left = room - size.width - FIGURE_APART * unit;
    if (*store->right && (left <= 0 || !figure_fits(paint, &right, rights, 1, left, high, false)))
        return false;
    figure_box(paint, box, 16 * unit, 4 * unit, ROLE_SURFACE, role);
    double baseline = box.y + (box.h - size.height) / 2 + size.baseline;
    paint_text_baseline(paint, &name, store->name, box.x + inset, baseline, 0);
    if (*store->right)
        paint_text_baseline(paint, &right, store->right, box.x + box.w - inset, baseline, 0);
    return true;
}

/* Name above, the rest below it: for a narrow box. Sizes are those that are tried first. */
static bool draw_in_two(const struct store *store, struct paint *paint, struct box box, double inset, enum role role,
                        const double sizes[2])
{
    double unit = paint->style->unit, room = box.w - 2 * inset;
    struct text_style name = figure_style(paint, sizes[0], 700, role, ALIGN_LEFT);
    struct text_style right = figure_style(paint, sizes[1], 400, ROLE_MUTED, ALIGN_LEFT);
    const char *names[] = {store->name}, *rights[] = {store->right};
    if (!figure_fits(paint, &name, names, 1, room, 0, true) || !figure_fits(paint, &right, rights, 1, room, 0, true))
        return false;
    struct text_size above = paint_text_size(paint, &name, store->name, room);
    struct text_size below = paint_text_size(paint, &right, store->right, room);
    double high = above.height + below.height + 2 * unit;
    if (high > box.h - 12 * unit)
        return false;
    figure_box(paint, box, 16 * unit, 4 * unit, ROLE_SURFACE, role);
    paint_text(paint, &name, store->name, box.x + inset, box.y + (box.h - high) / 2, room);
    paint_text(paint, &right, store->right, box.x + inset, box.y + (box.h + high) / 2 - below.height, room);
    return true;
}

enum status store_draw(const struct store *store, struct paint *paint, struct box box, enum role role, const char *what)
{
    double unit = paint->style->unit, inset = figure_clamp(0.08 * box.w, 16 * unit, 32 * unit);
    static const double sizes[][2] = {{36, 30}, {32, FIGURE_FLOOR}, {FIGURE_FLOOR, FIGURE_FLOOR}};
    if (draw_in_line(store, paint, box, inset, role))
        return STATUS_OK;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (draw_in_two(store, paint, box, inset, role, sizes[i]))
            return STATUS_OK;
    struct text_style name = figure_style(paint, FIGURE_FLOOR, 700, role, ALIGN_LEFT);
    struct text_style right = figure_style(paint, FIGURE_FLOOR, 400, role, ALIGN_LEFT);
    double needs = paint_text_size(paint, &name, store->name, 0).width +
                   paint_text_size(paint, &right, store->right, 0).width + 2 * inset + FIGURE_APART * unit;
    return figure_refuse(paint, what, needs, store_height(paint), box);
}

char *store_plain(const struct store *store)
{
    struct text plain = {0};
    char *name = picture_plain(store->name), *right = picture_plain(store->right);
    text_add(&plain, name);
    if (right && *right) {
        text_add(&plain, " (");
        for (const char *at = right; *at; at++) /* the dot between note and size is read as a comma */
            if (strncmp(at, " · ", strlen(" · ")) == 0) {
                text_add(&plain, ", ");
                at += strlen(" · ") - 1;
            } else {
                text_add_bytes(&plain, at, 1);
            }
        text_add(&plain, ")");
    }
    free(name);
    free(right);
    return text_take(&plain);
}
