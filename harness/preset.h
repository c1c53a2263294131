/* preset.h - named sets of cases, as data: harness/presets/NAME.yml. */
#ifndef HARNESS_PRESET_H
#define HARNESS_PRESET_H

#include "harness/axes.h"

struct preset_group {
    char **axes; /* "N=2^[9:13]" ... ; each group is a product of its own */
    unsigned axes_count;
};

struct preset {
    char *description;
    struct preset_group *groups;
    unsigned groups_count;
};

/* Unknown names: the nearest ones. Free with preset_free. */
enum status preset_read(const char *name, struct preset **preset, struct diags *diags);
void preset_free(struct preset *preset);

#endif
