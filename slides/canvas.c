#include "slides/canvas.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/data_path.h"
#include "slides/style_file.h"

struct canvas_file {
    char *title, *ratio, *note;
    int width, height, inset_left, inset_right, inset_top, inset_bottom, max_slides;
    int pdf_most_mb, pdf_aim_mb, image_most_mb;
    double eager;
    bool same_ratio;
};

#define MAY_WORD(member)                                                                                               \
    CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct canvas_file, member, 0, 400)
#define WHOLE(member)     CYAML_FIELD_INT(#member, CYAML_FLAG_DEFAULT, struct canvas_file, member)
#define MAY_WHOLE(member) CYAML_FIELD_INT(#member, CYAML_FLAG_OPTIONAL, struct canvas_file, member)
static const cyaml_schema_field_t fields[] = {
    CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_POINTER, struct canvas_file, title, 1, 200),
    MAY_WORD(ratio),
    MAY_WORD(note),
    WHOLE(width),
    WHOLE(height),
    WHOLE(inset_left),
    WHOLE(inset_right),
    WHOLE(inset_top),
    WHOLE(inset_bottom),
    WHOLE(max_slides),
    MAY_WHOLE(pdf_most_mb),
    MAY_WHOLE(pdf_aim_mb),
    MAY_WHOLE(image_most_mb),
    CYAML_FIELD_FLOAT("eager", CYAML_FLAG_OPTIONAL, struct canvas_file, eager),
    CYAML_FIELD_BOOL("same_ratio", CYAML_FLAG_OPTIONAL, struct canvas_file, same_ratio),
    CYAML_FIELD_END};
static const cyaml_schema_value_t schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct canvas_file, fields)};

enum { SIDE_LEAST = 200, SIDE_MOST = 8000 };
static const double megabyte = 1e6;

static bool bad_side(double side)
{
    return side < SIDE_LEAST || side > SIDE_MOST;
}

/* "1080x1350" instead of a name. */
static bool read_size(const char *size, struct canvas *canvas)
{
    int width, height, used = 0;
    if (sscanf(size, "%dx%d%n", &width, &height, &used) != 2 || size[used] != '\0')
        return false;
    *canvas =
        (struct canvas){.name = strdup(size), .title = strdup(size), .width = width, .height = height, .eager = 1};
    canvas->inset_left = canvas->inset_right = 80.0 * (width < height ? width : height) / 1080;
    return true;
}

static char *name_by_ratio(const char *ratio)
{
    size_t count;
    char **names = data_names("slides/canvases", ".yml", &count), *found = NULL;
    for (size_t i = 0; i < count && !found; i++) {
        void *data;
        char *path;
        struct diags ignored = {0};
        struct style_source source = {.name = names[i]};
        if (style_file_load(STYLE_CANVAS, &source, &schema, &data, &path, &ignored) == STATUS_OK) {
            const struct canvas_file *file = data;
            if (file->ratio && strcmp(file->ratio, ratio) == 0)
                found = strdup(names[i]);
        }
        yaml_release(&schema, data);
        free(path);
        diags_free(&ignored);
    }
    data_names_free(names, count);
    return found;
}

static bool bad_insets(const struct canvas_file *file)
{
    return file->inset_left < 0 || file->inset_right < 0 || file->inset_top < 0 || file->inset_bottom < 0 ||
           file->inset_left > file->width / 4 || file->inset_right > file->width / 4 ||
           (double)file->inset_top + file->inset_bottom > file->height * 2.0 / 3;
}

static enum status check(const struct canvas_file *file, const char *path, struct diags *diags)
{
    const struct {
        const char *key;
        int value;
    } counts[] = {{"max_slides", file->max_slides},
                  {"pdf_most_mb", file->pdf_most_mb},
                  {"pdf_aim_mb", file->pdf_aim_mb},
                  {"image_most_mb", file->image_most_mb}};
    size_t before = diags->errors;
    if (bad_side(file->width) || bad_side(file->height))
        diags_error(diags, path, style_file_line(path, NULL, bad_side(file->width) ? "width" : "height"), NULL,
                    "width and height must be 200 to 8000 pixels");
    if (bad_insets(file))
        diags_error(diags, path, style_file_line(path, NULL, "inset_left"),
                    "An inset is what the platform covers, in pixels: 0 or more.",
                    "the insets must leave half of the width and a third of the height");
    int eager = style_file_line(path, NULL, "eager");
    if (eager && !(file->eager >= 1 && file->eager <= 1.5))
        diags_error(diags, path, eager, "1 is as large as elsewhere.", "eager is %g; it goes from 1 to 1.5",
                    file->eager);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].value < 0)
            diags_error(diags, path, style_file_line(path, NULL, counts[i].key), "0 stands for no known limit.",
                        "%s is %d", counts[i].key, counts[i].value);
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

enum status canvas_load(const struct style_source *source, struct canvas *canvas, struct diags *diags)
{
    const char *size = source->name;
    if (size && read_size(size, canvas)) {
        if (!bad_side(canvas->width) && !bad_side(canvas->height))
            return STATUS_OK;
        diags_error(diags, NULL, 0, "Choose 200 to 8000 pixels a side.", "the size %.40s is out of range", size);
        return STATUS_BAD_INPUT;
    }
    char *by_ratio = size && strchr(size, ':') ? name_by_ratio(size) : NULL, *path;
    void *data;
    struct style_source named = *source;
    if (by_ratio)
        named.name = by_ratio;
    enum status status = style_file_load(STYLE_CANVAS, &named, &schema, &data, &path, diags);
    if (status == STATUS_OK) {
        const struct canvas_file *file = data;
        *canvas = (struct canvas){.name = strdup(named.name ? named.name : style_default(STYLE_CANVAS)),
                                  .ratio = style_copy(file->ratio),
                                  .title = strdup(file->title),
                                  .width = file->width,
                                  .height = file->height,
                                  .inset_left = file->inset_left,
                                  .inset_right = file->inset_right,
                                  .inset_top = file->inset_top,
                                  .inset_bottom = file->inset_bottom,
                                  .max_slides = file->max_slides,
                                  .pdf_most = file->pdf_most_mb * megabyte,
                                  .pdf_aim = file->pdf_aim_mb * megabyte,
                                  .image_most = file->image_most_mb * megabyte,
                                  .eager = style_file_line(path, NULL, "eager") ? file->eager : 1,
                                  .same_ratio = file->same_ratio};
        status = check(file, path, diags);
    }
    yaml_release(&schema, data);
    free(by_ratio);
    free(path);
    return status;
}

void canvas_free(struct canvas *canvas)
{
    free(canvas->name);
    free(canvas->title);
    free(canvas->ratio);
    *canvas = (struct canvas){0};
}

static void check_image(const struct canvas *canvas, const struct canvas_export *export, size_t i, const char *file,
                        struct diags *diags)
{
    const struct canvas_image *image = &export->images[i], *first = &export->images[0];
    if (canvas->image_most > 0 && (double)image->bytes > canvas->image_most)
        diags_error(diags, file, 0, "Use smaller pictures on this slide, or a canvas of fewer pixels.",
                    "the picture of slide %zu has %.1f MB; %s takes %.0f MB at most", i + 1,
                    (double)image->bytes / megabyte, canvas->title, canvas->image_most / megabyte);
    double ratio = (double)image->width / image->height, of_first = (double)first->width / first->height;
    if (canvas->same_ratio && fabs(ratio / of_first - 1) > 0.005)
        diags_error(diags, file, 0, "Give all slides one size.",
                    "slide %zu is %dx%d; on %s the first slide fixes the ratio of all, and it is %dx%d", i + 1,
                    image->width, image->height, canvas->title, first->width, first->height);
}

enum status canvas_check(const struct canvas *canvas, const struct canvas_export *export, const char *file,
                         struct diags *diags)
{
    size_t before = diags->errors;
    if (canvas->max_slides > 0 && export->slides > (size_t)canvas->max_slides)
        diags_error(diags, file, 0, "Split the deck, or choose another canvas with --size.",
                    "%zu slides; %s takes %d at most", export->slides, canvas->title, canvas->max_slides);
    double pdf = (double)export->pdf_bytes;
    if (canvas->pdf_most > 0 && pdf > canvas->pdf_most)
        diags_error(diags, file, 0, "Use smaller pictures, or split the deck.",
                    "the PDF has %.1f MB; %s takes %.0f MB at most", pdf / megabyte, canvas->title,
                    canvas->pdf_most / megabyte);
    else if (canvas->pdf_aim > 0 && pdf > canvas->pdf_aim)
        diags_warn(diags, file, 0, "Smaller pictures make it smaller.",
                   "the PDF has %.1f MB; over %.0f MB it opens slowly on a phone", pdf / megabyte,
                   canvas->pdf_aim / megabyte);
    for (size_t i = 0; export->images && i < export->image_count; i++)
        check_image(canvas, export, i, file, diags);
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}
