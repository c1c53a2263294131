/* npy.c - NumPy's own file format, read strictly: one array of floats or of integers, little endian, C order, nothing
 * behind it.
 *
 *   "\x93NUMPY" major minor | header length (2 bytes in version 1, else 4) | header: a Python dict | the elements
 *
 * The header is read by a small parser of its own: no Python is run, pickled objects least of all. */
#include "harness/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "harness/memory.h"

static const char magic[] = "\x93NUMPY";
enum { MAGIC = 6, HEADER_MOST = 10000 }; /* as long as NumPy itself reads */

/* The header as it is read. */
struct header {
    const char *at, *end;
    const char *name; /* of the file */
    struct diags *diags;
    char descr[24];
    bool fortran;
    bool seen[3];  /* descr, fortran_order, shape */
    bool integers; /* are wanted, not floats */
    size_t size;   /* of an element, in bytes */
    struct npy *array;
};

static enum status refuse(struct diags *diags, const char *name, const char *remedy, const char *what)
{
    diags_error(diags, name, 0, remedy, "%s", what);
    return STATUS_BAD_INPUT;
}

static enum status broken(const struct header *header, const char *what)
{
    diags_error(header->diags, header->name, 0, "Save it again with np.save(file, array).",
                "the header of this .npy file is broken: %s", what);
    return STATUS_BAD_INPUT;
}

static void skip_spaces(struct header *header)
{
    while (header->at < header->end && (*header->at == ' ' || *header->at == '\n' || *header->at == '\t'))
        header->at++;
}

/* Takes `character` if it is next. */
static bool take(struct header *header, char character)
{
    skip_spaces(header);
    if (header->at == header->end || *header->at != character)
        return false;
    header->at++;
    return true;
}

static bool take_word(struct header *header, const char *word)
{
    skip_spaces(header);
    size_t length = strlen(word);
    if ((size_t)(header->end - header->at) < length || memcmp(header->at, word, length) != 0)
        return false;
    header->at += length;
    return true;
}

/* 'text' or "text"; longer than `size` is cut, which no known word is. */
static bool take_string(struct header *header, char *text, size_t size)
{
    skip_spaces(header);
    if (header->at == header->end || (*header->at != '\'' && *header->at != '"'))
        return false;
    char quote = *header->at++;
    size_t length = 0;
    for (; header->at < header->end && *header->at != quote; header->at++) {
        /* Messages repeat this word: only what can be printed. */
        if (*header->at < ' ' || *header->at > '~' || *header->at == '\\')
            return false;
        if (length + 1 < size)
            text[length++] = *header->at;
    }
    text[length] = '\0';
    return take(header, quote);
}

static bool take_length(struct header *header, int64_t *value)
{
    skip_spaces(header);
    const char *start = header->at;
    for (*value = 0; header->at < header->end && *header->at >= '0' && *header->at <= '9'; header->at++)
        if (__builtin_mul_overflow(*value, 10, value) || __builtin_add_overflow(*value, *header->at - '0', value))
            return false;
    return header->at > start;
}

static enum status read_shape(struct header *header)
{
    struct npy *array = header->array;
    if (!take(header, '('))
        return broken(header, "'shape' is not a tuple");
    while (!take(header, ')')) {
        if (array->dimensions == NPY_MAX_DIMENSIONS)
            return refuse(header->diags, header->name, "Reshape it to [batch, len, heads, head_dim].",
                          "this array has more than 8 dimensions");
        if (!take_length(header, &array->shape[array->dimensions++]))
            return broken(header, "'shape' holds something else than lengths of at most 63 bits");
        if (!take(header, ',') && !(header->at < header->end && *header->at == ')'))
            return broken(header, "the lengths in 'shape' are not joined by commas");
    }
    return STATUS_OK;
}

static enum status read_value(struct header *header, int key)
{
    switch (key) {
    case 0:
        skip_spaces(header);
        if (header->at < header->end && *header->at == '[')
            return refuse(header->diags, header->name, "Save one of its fields: np.save(file, array['field']).",
                          "a structured array (records with fields) is not read");
        return take_string(header, header->descr, sizeof header->descr) ? STATUS_OK
                                                                        : broken(header, "'descr' is not a word");
    case 1:
        header->fortran = take_word(header, "True");
        return header->fortran || take_word(header, "False")
                   ? STATUS_OK
                   : broken(header, "'fortran_order' is neither True nor False");
    default:
        return read_shape(header);
    }
}

/* {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } and spaces up to the end. */
static enum status read_header(struct header *header)
{
    static const char *const keys[3] = {"descr", "fortran_order", "shape"};
    if (!take(header, '{'))
        return broken(header, "it is not a dict");
    while (!take(header, '}')) {
        char word[24];
        int key = 0;
        if (!take_string(header, word, sizeof word) || !take(header, ':'))
            return broken(header, "a key is missing");
        while (key < 3 && strcmp(word, keys[key]) != 0)
            key++;
        if (key == 3 || header->seen[key])
            return broken(header, key == 3 ? "a key other than descr, fortran_order, shape" : "a key stands twice");
        header->seen[key] = true;
        enum status status = read_value(header, key);
        if (status != STATUS_OK)
            return status;
        if (!take(header, ',') && !(header->at < header->end && *header->at == '}'))
            return broken(header, "the entries are not joined by commas");
    }
    skip_spaces(header);
    if (header->at != header->end)
        return broken(header, "something stands behind the dict");
    if (!header->seen[0] || !header->seen[1] || !header->seen[2])
        return broken(header, "it needs descr, fortran_order and shape");
    return STATUS_OK;
}

/* What else NumPy writes, in words. */
static const char *descr_words(const char *descr)
{
    static const struct {
        const char *mark, *words;
    } kinds[] = {
        {"f2", "float16"},
        {"f16", "long double"},
        {"i", "integers"},
        {"u", "unsigned integers"},
        {"b", "booleans"},
        {"c", "complex numbers"},
        {"S", "bytes"},
        {"U", "strings"},
        {"V", "raw bytes (bfloat16 is saved so)"},
        {"M", "dates"},
        {"m", "durations"},
    };
    const char *kind = descr + (descr[0] != '\0');
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncmp(kind, kinds[i].mark, strlen(kinds[i].mark)) == 0 &&
            (kinds[i].mark[0] != 'f' || strcmp(kind, kinds[i].mark) == 0))
            return kinds[i].words;
    return "an unknown type";
}

static enum status check_descr(struct header *header)
{
    const char *descr = header->descr, *wanted = header->integers ? "i" : "f";
    if (descr[0] == '<' && descr[1] == *wanted && (strcmp(descr + 2, "4") == 0 || strcmp(descr + 2, "8") == 0)) {
        header->size = descr[2] == '8' ? 8 : 4;
        header->array->was_float64 = header->size == 8 && !header->integers;
        return STATUS_OK;
    }
    if (strcmp(descr, "|O") == 0 || strcmp(descr, "O") == 0)
        return refuse(header->diags, header->name, "Make it numbers first: np.save(file, array.astype(np.float32)).",
                      "an object array is a Python pickle, which is never run");
    if (header->integers) {
        diags_error(header->diags, header->name, 0, "Convert it: np.save(file, array.astype('<i8')).",
                    "the elements are '%s'; int32 and int64, little endian, are read", descr);
        return STATUS_BAD_INPUT;
    }
    bool big = strcmp(descr, ">f4") == 0 || strcmp(descr, ">f8") == 0;
    diags_error(header->diags, header->name, 0, "Convert it: np.save(file, array.astype('<f4')).",
                "the elements are %s ('%s'); float32 and float64, little endian, are read",
                big ? "big endian" : descr_words(descr), descr);
    return STATUS_BAD_INPUT;
}

static void shape_words(const struct npy *array, struct text *words)
{
    text_add(words, "(");
    for (int i = 0; i < array->dimensions; i++)
        text_format(words, "%s%lld", i ? ", " : "", (long long)array->shape[i]);
    text_add(words, array->dimensions == 1 ? ",)" : ")");
}

/* -1: more than 63 bits of bytes can count. */
static int64_t count_elements(const struct npy *array)
{
    int64_t count = 1;
    bool overflow = false;
    for (int i = 0; i < array->dimensions; i++) {
        if (array->shape[i] == 0)
            return 0;
        overflow = overflow || __builtin_mul_overflow(count, array->shape[i], &count);
    }
    return overflow || count > INT64_MAX / 8 ? -1 : count;
}

/* The shape, held against the bytes that are there. */
static enum status check_size(struct header *header, size_t there)
{
    struct npy *array = header->array;
    size_t size = header->size;
    struct text words = {0};
    size_t before = header->diags->errors;
    array->elements = count_elements(array);
    shape_words(array, &words);
    const char *shape = words.bytes ? words.bytes : "";
    if (array->dimensions == 0)
        refuse(header->diags, header->name, "Save an array of [batch, len, heads, head_dim].",
               "a single number, without dimensions");
    else if (array->elements == 0 && !header->integers)
        diags_error(header->diags, header->name, 0, "Every length must be 1 or more.", "the shape %s holds no elements",
                    shape);
    else if (array->elements < 0)
        diags_error(header->diags, header->name, 0, "Save it again with np.save(file, array).",
                    "the shape %s has more elements than 63 bits can count", shape);
    else if ((uint64_t)array->elements > there / size)
        diags_error(header->diags, header->name, 0, "The file is cut short: save or copy it again.",
                    "the shape %s needs %lld bytes, %zu are there", shape, (long long)array->elements * (long long)size,
                    there);
    else if ((size_t)array->elements * size != there)
        diags_error(header->diags, header->name, 0, "Save one array a file: np.save(file, array).",
                    "%zu bytes follow the array of shape %s", there - (size_t)array->elements * size, shape);
    text_free(&words);
    return header->diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

static enum status take_values(struct npy *array, const char *bytes, const char *name, struct diags *diags)
{
    size_t count = (size_t)array->elements;
    array->values = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
    if (!array->values) {
        diags_error(diags, name, 0, NULL, "out of memory for %zu bytes", count * sizeof(float));
        return STATUS_NO_MEMORY;
    }
    if (!array->was_float64) {
        memcpy(array->values, bytes, count * sizeof(float));
        return STATUS_OK;
    }
    for (size_t i = 0; i < count; i++) {
        double value;
        memcpy(&value, bytes + i * sizeof value, sizeof value);
        array->values[i] = (float)value;
    }
    return STATUS_OK;
}

static enum status take_integers(struct npy *array, const char *bytes, size_t size, const char *name,
                                 struct diags *diags)
{
    size_t count = (size_t)array->elements;
    array->integers = malloc((count ? count : 1) * sizeof *array->integers);
    if (!array->integers) {
        diags_error(diags, name, 0, NULL, "out of memory for %zu bytes", count * sizeof *array->integers);
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        int32_t narrow;
        memcpy(size == 8 ? (void *)&array->integers[i] : (void *)&narrow, bytes + i * size, size);
        if (size == 4)
            array->integers[i] = narrow;
    }
    return STATUS_OK;
}

/* Magic, version and the header's length; *start is where the header begins. */
static enum status read_front(const char *bytes, size_t length, const char *name, size_t *start, size_t *header,
                              struct diags *diags)
{
    const unsigned char *at = (const unsigned char *)bytes;
    if (length >= 2 && memcmp(bytes, "PK", 2) == 0)
        return refuse(diags, name, "Save one array a file: np.save('q.npy', np.load('file.npz')['q']).",
                      "this is an archive (.npz, .pt), not an .npy file");
    if (length < MAGIC || memcmp(bytes, magic, MAGIC) != 0)
        return refuse(diags, name, "Write it with np.save(file, array).",
                      length == 0 ? "the file is empty" : "this is not an .npy file");
    if (length < MAGIC + 2)
        return refuse(diags, name, "The file is cut short: save or copy it again.", "the version is missing");
    if (at[6] < 1 || at[6] > 3 || at[7] != 0) {
        diags_error(diags, name, 0, "Save it with np.save of a current NumPy.",
                    "version %d.%d of the .npy format; 1.0, 2.0 and 3.0 are read", at[6], at[7]);
        return STATUS_BAD_INPUT;
    }
    *start = at[6] == 1 ? 10 : 12;
    if (length < *start)
        return refuse(diags, name, "The file is cut short: save or copy it again.", "the header's length is missing");
    *header = at[8] | (size_t)at[9] << 8;
    if (at[6] > 1)
        *header |= (size_t)at[10] << 16 | (size_t)at[11] << 24;
    if (*header > HEADER_MOST) {
        diags_error(diags, name, 0, "Save it again with np.save(file, array).",
                    "a header of %zu bytes; at most %d are read", *header, HEADER_MOST);
        return STATUS_BAD_INPUT;
    }
    if (*header > length - *start)
        return refuse(diags, name, "The file is cut short: save or copy it again.", "the file ends inside its header");
    return STATUS_OK;
}

static enum status parse(const char *bytes, size_t length, const char *name, bool integers, struct npy *array,
                         struct diags *diags)
{
    size_t start = 0, size = 0;
    *array = (struct npy){0};
    enum status status = read_front(bytes, length, name, &start, &size, diags);
    if (status != STATUS_OK)
        return status;
    struct header header = {.at = bytes + start,
                            .end = bytes + start + size,
                            .name = name,
                            .diags = diags,
                            .array = array,
                            .integers = integers};
    status = read_header(&header);
    if (status == STATUS_OK)
        status = check_descr(&header);
    if (status == STATUS_OK && header.fortran)
        status = refuse(diags, name, "Save it in C order: np.save(file, np.ascontiguousarray(array)).",
                        "this array is in Fortran order (its first index runs fastest)");
    if (status == STATUS_OK)
        status = check_size(&header, length - start - size);
    if (status == STATUS_OK)
        status = integers ? take_integers(array, bytes + start + size, header.size, name, diags)
                          : take_values(array, bytes + start + size, name, diags);
    if (status != STATUS_OK)
        npy_free(array);
    return status;
}

enum status npy_parse(const char *bytes, size_t length, const char *name, struct npy *array, struct diags *diags)
{
    return parse(bytes, length, name, false, array, diags);
}

enum status npy_parse_integers(const char *bytes, size_t length, const char *name, struct npy *array,
                               struct diags *diags)
{
    return parse(bytes, length, name, true, array, diags);
}

static enum status read_array(const char *path, bool integers, struct npy *array, struct diags *diags)
{
    struct stat facts;
    char *bytes = NULL;
    size_t length = 0;
    *array = (struct npy){0};
    if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode))
        return refuse(diags, path, "Save the array as a file first.", "this is a device or a pipe, not a file");
    /* The file and its float32 copy stand side by side for a moment. */
    int64_t available = memory_available(), room = available < 0 ? INT64_MAX / 2 : available / 2;
    if (stat(path, &facts) == 0 && facts.st_size > room) {
        diags_error(diags, path, 0, "Take fewer heads or tokens of it.",
                    "does not fit in memory: needs %.1f GB, %.1f GB are left", 2e-9 * (double)facts.st_size,
                    2e-9 * (double)room);
        return STATUS_NO_MEMORY;
    }
    enum status status = file_read(path, (size_t)room, &bytes, &length, diags);
    if (status == STATUS_OK)
        status = parse(bytes, length, path, integers, array, diags);
    free(bytes);
    return status;
}

enum status npy_read(const char *path, struct npy *array, struct diags *diags)
{
    return read_array(path, false, array, diags);
}

enum status npy_read_integers(const char *path, struct npy *array, struct diags *diags)
{
    return read_array(path, true, array, diags);
}

enum status npy_write(const char *path, const float *values, int dimensions, const int64_t *shape, struct diags *diags)
{
    struct npy array = {.dimensions = dimensions, .elements = 1};
    struct text file = {0}, words = {0};
    for (int i = 0; i < dimensions; i++) {
        array.shape[i] = shape[i];
        array.elements *= shape[i];
    }
    shape_words(&array, &words);
    text_add_bytes(&file, magic, MAGIC);
    text_add_bytes(&file, "\x01\x00\x00\x00", 4);
    text_format(&file, "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", words.bytes ? words.bytes : "");
    while ((file.length + 1) % 64 != 0 && !file.failed)
        text_add(&file, " ");
    text_add(&file, "\n");
    if (!file.failed) {
        file.bytes[8] = (char)((file.length - 10) & 0xff);
        file.bytes[9] = (char)((file.length - 10) >> 8);
    }
    text_add_bytes(&file, (const char *)values, (size_t)array.elements * sizeof *values);
    enum status status = STATUS_NO_MEMORY;
    if (file.failed || words.failed)
        diags_error(diags, path, 0, NULL, "out of memory for %lld elements", (long long)array.elements);
    else
        status = file_write(path, file.bytes, file.length, diags);
    text_free(&words);
    text_free(&file);
    return status;
}

void npy_free(struct npy *array)
{
    free(array->values);
    free(array->integers);
    *array = (struct npy){0};
}
