/* path_inside.h - files that a deck or a kit names lie beside it: nothing else on the machine gets onto a slide. */
#ifndef SLIDES_PATH_INSIDE_H
#define SLIDES_PATH_INSIDE_H

#include <stdbool.h>

/* `name` looked up from `folder`, as a fresh path. With `outside` any path is taken. Without, a whole path, one that
 * climbs out of the folder, and a link that leads out of it are refused, and so is an address of the network in any
 * case: NULL, and *fault says why ("" when out of memory). Whether the file exists is not asked. */
char *path_inside(const char *name, const char *folder, bool outside, const char **fault);

/* What to do about it. */
const char *path_inside_remedy(const char *name);

#endif
