#include "harness/safetensors.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "kernels/element.h"

enum { HEADER_LENGTH = 8, HEADER_MOST = 100 * 1000 * 1000, FILE_MOST_GB = 16 };

static const struct {
    const char *name;
    enum safetensors_type type;
    size_t size;
} types[] = {
    {"F32", SAFETENSORS_F32, 4},    {"F64", SAFETENSORS_F64, 8},   {"F16", SAFETENSORS_F16, 2},
    {"BF16", SAFETENSORS_BF16, 2},  {"I64", SAFETENSORS_OTHER, 8}, {"I32", SAFETENSORS_OTHER, 4},
    {"I16", SAFETENSORS_OTHER, 2},  {"I8", SAFETENSORS_OTHER, 1},  {"U64", SAFETENSORS_OTHER, 8},
    {"U32", SAFETENSORS_OTHER, 4},  {"U16", SAFETENSORS_OTHER, 2}, {"U8", SAFETENSORS_OTHER, 1},
    {"BOOL", SAFETENSORS_OTHER, 1},
};

/* While a file is read. */
struct reading {
    struct safetensors *to;
    const char *name; /* of the file */
    struct diags *diags;
    const unsigned char *data; /* behind the header */
    size_t data_length;
};

static enum status broken(const struct reading *r, const char *tensor, const char *what)
{
    if (tensor)
        diags_error(r->diags, r->name, 0, "Save it again with safetensors.save_file.", "tensor '%.80s': %s", tensor,
                    what);
    else
        diags_error(r->diags, r->name, 0, "Save it again with safetensors.save_file.",
                    "this is no safetensors file: %s", what);
    return STATUS_BAD_INPUT;
}

/* A JSON integer that is 0 or more; -1 for anything else. */
static int64_t natural(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 0 ? json_integer_value(value) : -1;
}

static enum status read_shape(const struct reading *r, const json_t *shape, struct safetensor *tensor)
{
    if (!json_is_array(shape) || json_array_size(shape) > SAFETENSORS_DIMENSIONS)
        return broken(r, tensor->name, "its shape is no list of at most 8 numbers");
    tensor->dimensions = (int)json_array_size(shape);
    tensor->elements = 1;
    for (int i = 0; i < tensor->dimensions; i++) {
        tensor->shape[i] = natural(json_array_get(shape, (size_t)i));
        if (tensor->shape[i] < 0 || __builtin_mul_overflow(tensor->elements, tensor->shape[i], &tensor->elements))
            return broken(r, tensor->name, "its shape holds something that is no size");
    }
    return STATUS_OK;
}

static enum status read_tensor(const struct reading *r, const json_t *entry, struct safetensor *tensor)
{
    const char *word = json_string_value(json_object_get(entry, "dtype"));
    const json_t *offsets = json_object_get(entry, "data_offsets");
    int64_t first = natural(json_array_get(offsets, 0)), last = natural(json_array_get(offsets, 1)), bytes;
    size_t t = 0;
    if (!json_is_object(entry) || !word)
        return broken(r, tensor->name, "it has no dtype");
    while (t < sizeof types / sizeof types[0] && strcmp(types[t].name, word) != 0)
        t++;
    if (t == sizeof types / sizeof types[0])
        return broken(r, tensor->name, "its dtype is none of the format's");
    if (read_shape(r, json_object_get(entry, "shape"), tensor) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (json_array_size(offsets) != 2 || first < 0 || last < first)
        return broken(r, tensor->name, "its data_offsets are no range");
    if ((uint64_t)last > r->data_length)
        return broken(r, tensor->name, "its bytes pass the end of the file; is the file complete?");
    if (__builtin_mul_overflow(tensor->elements, (int64_t)types[t].size, &bytes) || bytes != last - first)
        return broken(r, tensor->name, "its shape does not fit its bytes");
    tensor->type = types[t].type;
    tensor->bytes = r->data + first;
    tensor->length = (size_t)bytes;
    return STATUS_OK;
}

static enum status read_notes(const struct reading *r, json_t *notes)
{
    const char *key;
    json_t *value;
    if (!json_is_object(notes))
        return broken(r, NULL, "__metadata__ is no object");
    r->to->notes = calloc(json_object_size(notes) + 1, sizeof *r->to->notes);
    if (!r->to->notes)
        return STATUS_NO_MEMORY;
    json_object_foreach(notes, key, value)
    {
        if (!json_is_string(value))
            return broken(r, NULL, "__metadata__ holds something that is no string");
        struct safetensors_note *note = &r->to->notes[r->to->note_count++];
        note->key = strdup(key);
        note->value = strdup(json_string_value(value));
        if (!note->key || !note->value)
            return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

static int by_place(const void *a, const void *b)
{
    const struct safetensor *const *x = a, *const *y = b;
    if ((*x)->bytes != (*y)->bytes)
        return (*x)->bytes < (*y)->bytes ? -1 : 1;
    return (*x)->length < (*y)->length ? -1 : (*x)->length > (*y)->length;
}

/* Every byte behind the header belongs to one tensor. */
static enum status check_cover(const struct reading *r)
{
    const struct safetensors *t = r->to;
    const struct safetensor **order = malloc((t->count + 1) * sizeof *order);
    const unsigned char *at = r->data;
    enum status status = STATUS_OK;
    if (!order)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < t->count; i++)
        order[i] = &t->items[i];
    qsort(order, t->count, sizeof *order, by_place);
    for (size_t i = 0; i < t->count && status == STATUS_OK; i++) {
        if (order[i]->bytes < at)
            status = broken(r, order[i]->name, "its bytes overlap another tensor's");
        else if (order[i]->bytes > at)
            status = broken(r, order[i]->name, "bytes before it belong to no tensor");
        at = order[i]->bytes + order[i]->length;
    }
    if (status == STATUS_OK && at != r->data + r->data_length)
        status = broken(r, NULL, "bytes behind the last tensor belong to none");
    free(order);
    return status;
}

static enum status read_header(const struct reading *r, const char *header, size_t length)
{
    json_error_t error;
    const char *key;
    json_t *entry, *root = json_loadb(header, length, JSON_REJECT_DUPLICATES, &error);
    enum status status = STATUS_OK;
    if (!json_is_object(root)) {
        json_decref(root);
        return broken(r, NULL, root ? "its header is no object" : "its header is no JSON, or names a tensor twice");
    }
    r->to->items = calloc(json_object_size(root) + 1, sizeof *r->to->items);
    if (!r->to->items)
        status = STATUS_NO_MEMORY;
    json_object_foreach(root, key, entry)
    {
        if (status != STATUS_OK)
            break;
        if (strcmp(key, "__metadata__") == 0) {
            status = read_notes(r, entry);
            continue;
        }
        struct safetensor *tensor = &r->to->items[r->to->count++];
        tensor->name = strdup(key);
        status = tensor->name ? read_tensor(r, entry, tensor) : STATUS_NO_MEMORY;
    }
    json_decref(root);
    return status == STATUS_OK ? check_cover(r) : status;
}

enum status safetensors_parse(char *bytes, size_t length, const char *name, struct safetensors *tensors,
                              struct diags *diags)
{
    *tensors = (struct safetensors){.file = bytes};
    struct reading r = {.to = tensors, .name = name, .diags = diags};
    uint64_t header = 0;
    enum status status;
    for (size_t i = 0; i < HEADER_LENGTH && i < length; i++)
        header |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    if (length < HEADER_LENGTH)
        status = broken(&r, NULL, "it is shorter than its header's length");
    else if (header > HEADER_MOST || header > length - HEADER_LENGTH)
        status = broken(&r, NULL, "its header passes the end of the file, or 100 MB");
    else {
        r.data = (const unsigned char *)bytes + HEADER_LENGTH + header;
        r.data_length = length - HEADER_LENGTH - (size_t)header;
        status = read_header(&r, bytes + HEADER_LENGTH, (size_t)header);
    }
    if (status == STATUS_NO_MEMORY)
        diags_error(diags, name, 0, NULL, "out of memory");
    if (status != STATUS_OK)
        safetensors_free(tensors);
    return status;
}

enum status safetensors_read(const char *path, struct safetensors *tensors, struct diags *diags)
{
    char *bytes;
    size_t length;
    *tensors = (struct safetensors){0};
    enum status status = file_read(path, (size_t)FILE_MOST_GB << 30, &bytes, &length, diags);
    return status == STATUS_OK ? safetensors_parse(bytes, length, path, tensors, diags) : status;
}

void safetensors_free(struct safetensors *tensors)
{
    for (size_t i = 0; i < tensors->count; i++)
        free(tensors->items[i].name);
    for (size_t i = 0; i < tensors->note_count; i++) {
        free(tensors->notes[i].key);
        free(tensors->notes[i].value);
    }
    free(tensors->items);
    free(tensors->notes);
    free(tensors->file);
    *tensors = (struct safetensors){0};
}

const struct safetensor *safetensors_find(const struct safetensors *tensors, const char *name)
{
    for (size_t i = 0; i < tensors->count; i++)
        if (strcmp(tensors->items[i].name, name) == 0)
            return &tensors->items[i];
    return NULL;
}

const char *safetensors_note(const struct safetensors *tensors, const char *key)
{
    for (size_t i = 0; i < tensors->note_count; i++)
        if (strcmp(tensors->notes[i].key, key) == 0)
            return tensors->notes[i].value;
    return NULL;
}

enum status safetensors_floats(const struct safetensor *tensor, float *to)
{
    if (tensor->type == SAFETENSORS_OTHER)
        return STATUS_UNSUPPORTED;
    for (int64_t i = 0; i < tensor->elements; i++) {
        double wide;
        uint16_t half;
        switch (tensor->type) {
        case SAFETENSORS_F64:
            memcpy(&wide, tensor->bytes + 8 * i, sizeof wide);
            to[i] = (float)wide;
            break;
        case SAFETENSORS_F16:
        case SAFETENSORS_BF16:
            memcpy(&half, tensor->bytes + 2 * i, sizeof half);
            to[i] = element_float(half, tensor->type == SAFETENSORS_F16 ? DTYPE_F16 : DTYPE_BF16);
            break;
        default:
            memcpy(&to[i], tensor->bytes + 4 * i, sizeof to[i]);
        }
    }
    return STATUS_OK;
}

static json_t *make_header(const struct safetensors_out *items, size_t count, const struct safetensors_note *notes,
                           size_t note_count, size_t *bytes)
{
    json_t *root = json_object(), *metadata = json_object();
    for (size_t i = 0; i < note_count; i++)
        json_object_set_new(metadata, notes[i].key, json_string(notes[i].value));
    json_object_set_new(root, "__metadata__", metadata);
    *bytes = 0;
    for (size_t i = 0; i < count; i++) {
        json_t *shape = json_array();
        size_t first = *bytes, size = sizeof(float);
        for (int d = 0; d < items[i].dimensions; d++) {
            json_array_append_new(shape, json_integer(items[i].shape[d]));
            size *= (size_t)items[i].shape[d];
        }
        *bytes += size;
        json_object_set_new(root, items[i].name,
                            json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", shape, "data_offsets",
                                      (json_int_t)first, (json_int_t)*bytes));
    }
    return root;
}

enum status safetensors_write(const char *path, const struct safetensors_out *items, size_t count,
                              const struct safetensors_note *notes, size_t note_count, struct diags *diags)
{
    size_t bytes;
    json_t *root = make_header(items, count, notes, note_count, &bytes);
    char *words = json_dumps(root, JSON_COMPACT);
    struct text file = {0};
    json_decref(root);
    if (words) {
        /* Spaces at the end bring the tensors to a multiple of 8 bytes, as the format's own writer does. */
        size_t length = strlen(words), padded = (length + 7) / 8 * 8;
        unsigned char size[HEADER_LENGTH];
        for (int i = 0; i < HEADER_LENGTH; i++)
            size[i] = (unsigned char)(padded >> (8 * i));
        text_add_bytes(&file, (const char *)size, sizeof size);
        text_add(&file, words);
        for (size_t i = length; i < padded; i++)
            text_add(&file, " ");
    }
    for (size_t i = 0; i < count; i++) {
        size_t size = sizeof(float);
        for (int d = 0; d < items[i].dimensions; d++)
            size *= (size_t)items[i].shape[d];
        text_add_bytes(&file, (const char *)items[i].values, size);
    }
    enum status status = STATUS_NO_MEMORY;
    if (words && !file.failed)
        status = file_write(path, file.bytes, file.length, diags);
    else
        diags_error(diags, path, 0, NULL, "out of memory");
    free(words);
    text_free(&file);
    return status;
}
