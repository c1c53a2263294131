#include "slides/charts/bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

/* Without blanks and the braces that a text would need. Fresh. */
static char *bare(const char *expression)
{
    size_t length = strlen(expression);
    const char *from = expression + strspn(expression, " \t\n");
    length -= (size_t)(from - expression);
    while (length > 0 && strchr(" \t\n", from[length - 1]))
        length--;
    if (length >= 4 && strncmp(from, "{{", 2) == 0 && strncmp(from + length - 2, "}}", 2) == 0) {
        from += 2;
        length -= 4;
    }
    return strndup(from, length);
}

enum status bound_make(const struct picture_input *input, const char *name, const char *expression, const char *where,
                       struct bound *bound)
{
    size_t uses = 0;
    char *plain = bare(expression);
    *bound = (struct bound){
        .name = strdup(name ? name : ""), .line = picture_line(input, where ? where : expression), .role = ROLE_MUTED};
    if (!plain || !bound->name) {
        free(plain);
        diags_error(input->diags, input->file, bound->line, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status =
        bind_value(input->binder, plain, input->slide, bound->line, &bound->value, &bound->shown, input->diags);
    free(plain);
    if (status != STATUS_OK)
        return status;
    const struct binding *all = binder_uses(input->binder, &uses);
    bound->missing = uses > 0 && all[uses - 1].words_else != NULL;
    if (bound->missing || (isfinite(bound->value.number) && bound->value.unit != UNIT_TEXT))
        return STATUS_OK;
    diags_error(input->diags, input->file, bound->line, "Name a key that is a number, as flash.n4096.time.",
                "%s: words cannot be drawn on a scale", expression);
    return STATUS_BAD_INPUT;
}

void bound_free(struct bound *bound)
{
    free(bound->name);
    free(bound->shown);
    *bound = (struct bound){0};
}

void bounds_free(struct bound *bounds, size_t count)
{
    for (size_t i = 0; bounds && i < count; i++)
        bound_free(&bounds[i]);
    free(bounds);
}

enum status bound_check_alike(const struct picture_input *input, const struct bound *bounds, size_t count,
                              bool positive)
{
    const struct bound *first = NULL;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        const struct bound *b = &bounds[i];
        if (b->missing)
            continue;
        first = first ? first : b;
        if (b->value.unit != first->value.unit) {
            diags_error(input->diags, input->file, b->line, "One scale holds one unit: split the chart in two.",
                        "'%s' is in %s, but '%s' is in %s", b->name, unit_name(b->value.unit), first->name,
                        unit_name(first->value.unit));
            status = STATUS_BAD_INPUT;
        }
        if (positive ? b->value.number <= 0 : b->value.number < 0) {
            diags_error(input->diags, input->file, b->line,
                        positive ? "Take scale: linear, or leave the row out."
                                 : "Bars begin at zero: show it in words.",
                        "'%s' is %g, which this scale cannot show", b->name, b->value.number);
            status = STATUS_BAD_INPUT;
        }
    }
    if (first || status != STATUS_OK)
        return status;
    diags_error(input->diags, input->file, input->block->line, "Give it at least one number, or say it in words.",
                "a chart without a number");
    return STATUS_BAD_INPUT;
}

enum status bound_check_series(const struct picture_input *input, unsigned count)
{
    if (count <= BOUND_MOST_SERIES)
        return STATUS_OK;
    diags_error(input->diags, input->file, picture_line(input, "series"), "Split the chart, or leave series out.",
                "%u series; the eye follows %d at most", count, BOUND_MOST_SERIES);
    return STATUS_BAD_INPUT;
}

enum status bound_role(const struct picture_input *input, const char *name, enum role *role)
{
    static const char *const names[] = {"accent", "accent2", "muted", "text"};
    static const enum role roles[] = {ROLE_ACCENT, ROLE_ACCENT2, ROLE_MUTED, ROLE_TEXT};
    for (int i = 0; name && i < 4; i++)
        if (strcmp(names[i], name) == 0) {
            *role = roles[i];
            return STATUS_OK;
        }
    if (!name)
        return STATUS_OK;
    char *near = nearest_sentence(name, names, 4, 2);
    diags_error(input->diags, input->file, picture_line(input, name),
                near ? near : "Roles are accent, accent2, muted and text.", "there is no role '%s'", name);
    free(near);
    return STATUS_BAD_INPUT;
}

int bound_named(const struct picture_input *input, const struct bound *bounds, size_t count, const char *name)
{
    enum { MOST = 32 };
    const char *names[MOST];
    for (size_t i = 0; i < count && i < MOST; i++) {
        names[i] = bounds[i].name;
        if (name && strcmp(bounds[i].name, name) == 0)
            return (int)i;
    }
    if (!name)
        return (int)count - 1;
    char *near = nearest_sentence(name, names, count < MOST ? count : MOST, 3);
    diags_error(input->diags, input->file, picture_line(input, "highlight"), near ? near : "Use the name of a row.",
                "no row is named '%s'", name);
    free(near);
    return -1;
}

enum status bounds_give_roles(const struct picture_input *input, struct bound *bounds, size_t count,
                              struct row_roles roles, const char *highlight, const char *const *own)
{
    int highlighted = bound_named(input, bounds, count, highlight);
    enum status status = highlighted < 0 ? STATUS_BAD_INPUT : STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        bounds[i].role = (int)i == highlighted ? roles.highlighted : roles.others;
        if (bound_role(input, own[i], &bounds[i].role) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    }
    return status;
}

bool bound_has_interval(const struct value *value)
{
    return value->kind == KIND_MEASURED && value->high > value->low;
}

void bound_add_part(struct text *text, const char *part)
{
    if (text->length > 0)
        text_add(text, " \xc2\xb7 ");
    text_add(text, part);
}

void bound_add_statistics(struct text *text, const struct bound *bounds, size_t count, const char *marks)
{
    size_t least = 0, most = 0;
    double level = 1;
    bool intervals = false, levels_known = true;
    for (size_t i = 0; i < count; i++) {
        const struct value *value = &bounds[i].value;
        if (bounds[i].missing || value->kind != KIND_MEASURED || value->samples == 0)
            continue;
        least = least == 0 || value->samples < least ? value->samples : least;
        most = value->samples > most ? value->samples : most;
        intervals |= bound_has_interval(value);
        double own = value->from ? value->from->seconds.level : value->level;
        levels_known &= value->from != NULL || value->level > 0;
        if (own > 0 && own < level)
            level = own;
    }
    char part[96];
    if (most == 0)
        return;
    if (least == most)
        snprintf(part, sizeof part, "median of %zu", most);
    else
        snprintf(part, sizeof part, "medians of %zu to %zu", least, most);
    bound_add_part(text, part);
    if (!intervals)
        return;
    /* A ratio's interval comes from paired repetitions, at the level of its times. */
    snprintf(part, sizeof part, "%s show the %.3g\xe2\x80\xaf%% interval", marks,
             100 * (levels_known && level < 0.99 ? level : 0.99));
    bound_add_part(text, part);
}

const char *bound_quantity(enum unit unit)
{
    static const char *const words[] = {[UNIT_NONE] = "numbers",     [UNIT_SECONDS] = "time per call",
                                        [UNIT_BYTES] = "bytes",      [UNIT_BYTES_PER_SECOND] = "bytes per second",
                                        [UNIT_FLOPS] = "operations", [UNIT_FLOPS_PER_SECOND] = "operations per second",
                                        [UNIT_HERTZ] = "clock rate", [UNIT_TOKENS] = "tokens",
                                        [UNIT_SHARE] = "share",      [UNIT_TEXT] = "words"};
    return words[unit];
}

void bound_add_list(struct text *text, const struct bound *bounds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_format(text, "%s%s %s", i ? ", " : "", bounds[i].name, bounds[i].shown);
}
