#include "slides/brand.h"

#include <stdlib.h>

#include "slides/image.h"

bool brand_shows(unsigned show, int index, int total)
{
    if (index == 0)
        return (show & SHOW_FIRST) != 0;
    return (show & (index + 1 == total ? SHOW_LAST : SHOW_INNER)) != 0;
}

void brand_free(struct brand *brand)
{
    char *const texts[] = {brand->name,    brand->mark,    brand->person,      brand->initials, brand->handle,
                           brand->website, brand->bio,     brand->licence,     brand->logo_alt, brand->theme,
                           brand->type,    brand->pattern, brand->swipe_label, brand->call};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    image_close(brand->avatar);
    image_close(brand->logo_on_light);
    image_close(brand->logo_on_dark);
    *brand = (struct brand){0};
}
