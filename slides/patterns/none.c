#include "slides/patterns/plane.h"

static void draw(const struct plane *plane)
{
    (void)plane;
}

const struct pattern pattern_none = {"none", "plain ground", draw};
