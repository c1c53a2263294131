/* Lines of axis syntax, one NAME=VALUES each, into one set of axes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/axes.h"
#include "kernels/attention.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What later code relies on. */
static void check(const struct axes *axes)
{
    struct attention_mask mask;
    for (int axis = 0; axis < AXES; axis++) {
        const struct axis_values *values = &axes->axis[axis];
        if (values->count < 0 || values->count > AXIS_VALUES)
            abort();
        for (int i = 0; i < values->count; i++)
            if (axis == AXIS_KERNEL ? !values->words[i][0]
                : axis == AXIS_MASK ? !attention_mask_parse(values->words[i], &mask)
                                    : values->numbers[i] < 0)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct axes axes; /* large */
    struct diags diags = {0};
    char *text = malloc(size + 1), *rest = text, *line;
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    memset(&axes, 0, sizeof axes);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && (line = strsep(&rest, "\n")) != NULL) {
        status = axes_parse(&axes, line, "fuzz", 1, &diags);
        if ((status == STATUS_OK) != (diags.errors == 0))
            abort();
        if (status == STATUS_OK)
            check(&axes);
    }
    diags_free(&diags);
    free(text);
    return 0;
}
