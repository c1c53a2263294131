/* preset.h - named sets of cases, as data: harness/presets/NAME.yml. `bench` measures its groups; `run` does the rest
 * as well. */
#ifndef HARNESS_PRESET_H
#define HARNESS_PRESET_H

#include "harness/axes.h"

struct preset_group {
    char **axes; /* "N=2^[9:13]" ... ; each group is a product of its own */
    unsigned axes_count;
};

/* What `run` adds to the cases: a gate that learns, then a trade-off on documents that it has not seen. */
struct preset_tradeoff {
    int length, models, documents, steps; /* to learn */
    int rounds, judged;                   /* repetitions; unseen documents */
};

/* ModernBERT's table. */
struct preset_modernbert {
    int heads, rounds;
};

/* Block-sparse attention's time over what its density promises, at 2048, 4096 and 8192 tokens. */
struct preset_efficiency {
    int heads, rounds;
};

struct preset {
    char *description;
    struct preset_group *groups;
    unsigned groups_count;
    struct preset_tradeoff *tradeoff;     /* NULL: none */
    struct preset_modernbert *modernbert; /* NULL: none */
    struct preset_efficiency *efficiency; /* NULL: none */
};

/* Unknown names: the nearest ones. Free with preset_free. */
enum status preset_read(const char *name, struct preset **preset, struct diags *diags);
void preset_free(struct preset *preset);

#endif
