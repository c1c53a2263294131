/* outline_table.c - a list of which every item names a thing and its value becomes a table. */
#include "slides/thread/items.h"
#include "slides/thread/outline.h"

enum { ROWS_LEAST = 2, LABEL_WORDS = 5, VALUE_WORDS = 4, LONGEST_WORD = 16 };

/* The last word of a text that has others before it. */
static struct slice last_word(struct slice text)
{
    struct slice rest = text, word, last = {NULL, 0};
    int count = 0;
    for (; (word = next_word(&rest)).length > 0; count++)
        last = word;
    return count > 1 ? last : (struct slice){NULL, 0};
}

static bool is_same(struct slice a, struct slice b)
{
    return a.length == b.length && a.length > 0 && g_ascii_strncasecmp(a.at, b.at, a.length) == 0;
}

/* What all values end with is said once, over them. */
static void take_unit(struct outline_slide *slide)
{
    struct slice unit = last_word(slide->rows[0].value);
    for (size_t i = 1; i < slide->row_count; i++)
        if (!is_same(unit, last_word(slide->rows[i].value)))
            return;
    if (unit.length == 0 || g_unichar_isdigit(slice_first(unit)))
        return;
    slide->unit = unit;
    for (size_t i = 0; i < slide->row_count; i++) {
        struct slice *value = &slide->rows[i].value;
        *value = slice_trimmed(slice_to(value->at, last_word(*value).at));
    }
}

/* Numbers that only grow, or only fall, lead somewhere. */
static bool leads_on(const struct outline_slide *slide)
{
    double before = 0;
    bool rises = true, falls = true;
    for (size_t i = 0; i < slide->row_count; i++) {
        struct slice rest = slide->rows[i].value;
        struct number number;
        if (!number_next(&rest, slide->rows[i].value.at, &number))
            return false;
        rises &= i == 0 || number.value > before;
        falls &= i == 0 || number.value < before;
        before = number.value;
    }
    return rises || falls;
}

size_t outline_table(struct outline *outline, const struct phrase *items, size_t count, struct slice title)
{
    struct outline_row rows[OUTLINE_ROWS];
    int sign = -1;
    if (count < ROWS_LEAST || count > OUTLINE_ROWS)
        return 0;
    for (size_t i = 0; i < count; i++) {
        int own = item_split(items[i].text, &rows[i].label, &rows[i].value);
        if (own < 0 || (i > 0 && own != sign) || items[i].number > 0 ||
            !item_is_short(rows[i].label, LABEL_WORDS, LONGEST_WORD) ||
            !item_is_short(rows[i].value, VALUE_WORDS, LONGEST_WORD))
            return 0;
        sign = own;
    }
    bool said = outline->count == 1 && outline->slides[0].title.at == title.at; /* over the hook */
    struct outline_slide *slide = outline_add(outline, "table", "each item names a thing and its value", items[0].line);
    if (!slide)
        return count;
    slide->title = title;
    for (size_t i = 0; i < count; i++) {
        slide->rows[slide->row_count++] = rows[i];
        slide->pointed |= items[i].pointed;
    }
    take_unit(slide);
    slide->leads_on = leads_on(slide);
    slide->spans = said && slide->leads_on;
    return count;
}
