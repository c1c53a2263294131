/* sources.h - the line that says where a slide's numbers come from. */
#ifndef SLIDES_SOURCES_H
#define SLIDES_SOURCES_H

#include "slides/bind.h"

/* For the numbers of one kind on one slide: device, samples, date and commit; or formulas; or publications. Fresh, or
 * NULL when the slide shows none of that kind. */
char *sources_line(const struct binding *uses, size_t count, int slide, enum kind kind);

/* A processor's name without "(R)", "CPU @ 2.9GHz" and the like. Fresh. */
char *sources_device(const struct machine *machine);
/* What a measured number was measured on: that processor, or the GPU. Fresh. */
char *sources_of(const struct value *value);

#endif
