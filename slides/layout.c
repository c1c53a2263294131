#include "slides/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

static const struct layout *const table[] = {
    &layout_hook,  &layout_claim, &layout_list,  &layout_chart,  &layout_figure, &layout_image, &layout_compare,
    &layout_table, &layout_code,  &layout_quote, &layout_number, &layout_post,   &layout_outro};
enum { LAYOUTS = sizeof table / sizeof table[0] };

const struct layout *const *layouts_all(size_t *count)
{
    *count = LAYOUTS;
    return table;
}

const struct layout *layout_find(const char *name, const char *file, int line, struct diags *diags)
{
    const char *names[LAYOUTS];
    for (size_t i = 0; i < LAYOUTS; i++) {
        names[i] = table[i]->name;
        if (strcmp(names[i], name) == 0)
            return table[i];
    }
    char *near = nearest_sentence(name, names, LAYOUTS, 3);
    diags_error(diags, file, line, near ? near : "`flashdeck list layouts` names them.", "there is no layout '%s'",
                name);
    free(near);
    return NULL;
}
