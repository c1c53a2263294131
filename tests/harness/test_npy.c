/* npy: what NumPy writes is read, what it does not write is refused with its reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "harness/npy.h"

/* A file of `version` with this header and `bytes` bytes of elements, all zero but for what `elements` holds. */
static void make_file(struct text *file, int version, const char *dict, const void *elements, size_t bytes)
{
    size_t length = strlen(dict) + 1;
    char front[12] = "\x93NUMPY";
    front[6] = (char)version;
    for (int i = 0; i < 4; i++)
        front[8 + i] = (char)(length >> (8 * i));
    text_add_bytes(file, front, version == 1 ? 10 : 12);
    text_format(file, "%s\n", dict);
    text_add_bytes(file, elements, bytes);
}

static enum status parse(const struct text *file, struct npy *array, struct diags *diags)
{
    /* A copy of exactly this size, so that a sanitizer sees one byte too many. */
    char *exact = malloc(file->length ? file->length : 1);
    assert_non_null(exact);
    if (file->length)
        memcpy(exact, file->bytes, file->length);
    enum status status = npy_parse(exact, file->length, "q.npy", array, diags);
    free(exact);
    return status;
}

static void reads_every_version(void **state)
{
    (void)state;
    static const float values[6] = {1, -2, 3.5f, 0, 1e-40f, 6};
    for (int version = 1; version <= 3; version++) {
        struct text file = {0};
        struct npy array;
        struct diags diags = {0};
        make_file(&file, version, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }    ", values,
                  sizeof values);
        assert_int_equal(parse(&file, &array, &diags), STATUS_OK);
        assert_int_equal(diags.errors, 0);
        assert_int_equal(array.dimensions, 2);
        assert_int_equal(array.shape[0], 2);
        assert_int_equal(array.shape[1], 3);
        assert_int_equal(array.elements, 6);
        assert_false(array.was_float64);
        assert_memory_equal(array.values, values, sizeof values);
        assert_int_equal((uintptr_t)array.values % 64, 0);
        npy_free(&array);
        text_free(&file);
    }
}

static void rounds_float64(void **state)
{
    (void)state;
    static const double values[3] = {0.1, -1e300, 2};
    struct text file = {0};
    struct npy array;
    struct diags diags = {0};
    make_file(&file, 1, "{\"shape\":(3,),\"fortran_order\":False,\"descr\":\"<f8\"}", values, sizeof values);
    assert_int_equal(parse(&file, &array, &diags), STATUS_OK);
    assert_true(array.was_float64);
    assert_true(array.values[0] == 0.1f);
    assert_true(array.values[1] < -3e38f);
    npy_free(&array);
    text_free(&file);
}

/* Each with words that must stand in the message and in its remedy. */
static const struct {
    const char *dict;
    size_t bytes;
    const char *what, *remedy;
} refused[] = {
    {"{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", 8, "big endian", "astype('<f4')"},
    {"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", 16, "Fortran", "ascontiguousarray"},
    {"{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", 4, "float16", "astype"},
    {"{'descr': '<f16', 'fortran_order': False, 'shape': (2,), }", 32, "long double", "astype"},
    {"{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", 16, "integers", "astype"},
    {"{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", 2, "booleans", "astype"},
    {"{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", 16, "complex", "astype"},
    {"{'descr': '|V2', 'fortran_order': False, 'shape': (2,), }", 4, "bfloat16", "astype"},
    {"{'descr': '', 'fortran_order': False, 'shape': (2,), }", 4, "unknown type", "astype"},
    {"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 8, "object array", "astype"},
    {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4, "structured", "field"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4, "without dimensions", "batch"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0), }", 0, "no elements", "1 or more"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 9), }", 0, "no elements", "1"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 11, "needs 12 bytes, 11 are there", "cut short"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 13, "1 bytes follow", "one array a file"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", 12, "needs 24 bytes", "cut short"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", 64, "63 bits", "np.save"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 1073741824), }", 64, "63 bits", "np.save"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 64, "at most 63 bits", "np.save"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 64, "at most 63 bits", "np.save"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", 4, "more than 8", "Reshape"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': 3, }", 12, "not a tuple", "np.save"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3 4), }", 48, "not joined", "np.save"},
    {"{'descr': '<f4', 'fortran_order': 0, 'shape': (3,), }", 12, "neither True nor False", "np.save"},
    {"{'descr': 4, 'fortran_order': False, 'shape': (3,), }", 12, "'descr' is not a word", "np.save"},
    {"{'descr': '<f4', 'shape': (3,), }", 12, "needs descr, fortran_order and shape", "np.save"},
    {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 12, "twice", "np.save"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'x': 1}", 12, "a key other than", "np.save"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } x", 12, "behind the dict", "np.save"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (3", 12, "not joined", "np.save"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (", 12, "'shape'", "np.save"},
    {"{'descr': '<f4", 12, "'descr'", "np.save"},
    {"{'descr': '\x1b[31m', 'fortran_order': False, 'shape': (3,), }", 12, "'descr'", "np.save"},
    {"[]", 12, "not a dict", "np.save"},
    {"", 12, "not a dict", "np.save"},
};

static void refuses_with_a_reason(void **state)
{
    (void)state;
    static const char zeros[64];
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct text file = {0};
        struct npy array;
        struct diags diags = {0};
        make_file(&file, 1 + (int)(i % 3), refused[i].dict, zeros, refused[i].bytes);
        assert_int_equal(parse(&file, &array, &diags), STATUS_BAD_INPUT);
        assert_null(array.values);
        assert_int_equal(diags.errors, 1);
        assert_string_equal(diags.items[0].file, "q.npy");
        if (!strstr(diags.items[0].what, refused[i].what) || !strstr(diags.items[0].remedy, refused[i].remedy))
            fail_msg("%s\n  said: %s\n        %s", refused[i].dict, diags.items[0].what, diags.items[0].remedy);
        diags_free(&diags);
        text_free(&file);
    }
}

/* A whole file cut at every length: never read as whole, never a byte behind its end. */
static void refuses_every_cut(void **state)
{
    (void)state;
    static const float values[4] = {1, 2, 3, 4};
    struct text file = {0};
    make_file(&file, 2, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", values, sizeof values);
    size_t whole = file.length;
    for (size_t length = 0; length < whole; length++) {
        struct npy array;
        struct diags diags = {0};
        file.length = length;
        assert_int_equal(parse(&file, &array, &diags), STATUS_BAD_INPUT);
        assert_int_equal(diags.errors, 1);
        diags_free(&diags);
    }
    text_free(&file);
}

static void refuses_fronts(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *what;
    } fronts[] = {
        {"", 0, "empty"},
        {"PK\x03\x04", 4, "archive"},
        {"hello, world", 12, "not an .npy file"},
        {"\x93NUMPY\x00\x00\x10\x00", 10, "version 0.0"},
        {"\x93NUMPY\x04\x00\x10\x00\x00\x00", 12, "version 4.0"},
        {"\x93NUMPY\x01\x01\x10\x00", 10, "version 1.1"},
        {"\x93NUMPY\x02\x00\xff\xff\xff\xff", 12, "header of 4294967295 bytes"},
    };
    for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; i++) {
        struct npy array;
        struct diags diags = {0};
        assert_int_equal(npy_parse(fronts[i].bytes, fronts[i].length, "q.npy", &array, &diags), STATUS_BAD_INPUT);
        assert_non_null(strstr(diags.items[0].what, fronts[i].what));
        diags_free(&diags);
    }
}

static void writes_what_it_reads(void **state)
{
    (void)state;
    static const float values[24] = {1, 2, 3, -0.0f, 5e-39f};
    static const int64_t shape[4] = {1, 2, 3, 4};
    for (int dimensions = 1; dimensions <= 4; dimensions++) {
        struct npy array;
        struct diags diags = {0};
        char *bytes;
        size_t length;
        assert_int_equal(npy_write("npy_written.npy", values, dimensions, shape, &diags), STATUS_OK);
        assert_int_equal(file_read("npy_written.npy", 4096, &bytes, &length, &diags), STATUS_OK);
        assert_int_equal((10 + (unsigned char)bytes[8]) % 64, 0); /* elements begin on a multiple of 64 */
        free(bytes);
        assert_int_equal(npy_read("npy_written.npy", &array, &diags), STATUS_OK);
        assert_int_equal(array.dimensions, dimensions);
        assert_memory_equal(array.shape, shape, (size_t)dimensions * sizeof shape[0]);
        assert_memory_equal(array.values, values, (size_t)array.elements * sizeof values[0]);
        npy_free(&array);
        assert_int_equal(diags.count, 0);
    }
    unlink("npy_written.npy");
}

static void refuses_what_is_no_file(void **state)
{
    (void)state;
    static const char *const paths[] = {"no_such_file.npy", ".", "/dev/zero"};
    for (size_t i = 0; i < 3; i++) {
        struct npy array;
        struct diags diags = {0};
        assert_int_not_equal(npy_read(paths[i], &array, &diags), STATUS_OK);
        assert_int_equal(diags.errors, 1);
        assert_string_equal(diags.items[0].file, paths[i]);
        diags_free(&diags);
    }
}

/* Integers are read by those who ask for them, and floats are not. */
static void integers_are_read_as_such(void **state)
{
    (void)state;
    static const char narrow[] =
        "\x93NUMPY\x01\x00\x46\x00{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }            \n"
        "\x01\x00\x00\x00\xff\xff\xff\xff\x00\x00\x00\x80";
    static const char wide[] =
        "\x93NUMPY\x01\x00\x46\x00{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }            \n"
        "\x00\x00\x00\x00\x00\x00\x00\x80";
    static const char none[] =
        "\x93NUMPY\x01\x00\x46\x00{'descr': '<i8', 'fortran_order': False, 'shape': (0,), }            \n";
    struct npy array;
    struct diags diags = {0};
    assert_int_equal(npy_parse_integers(narrow, sizeof narrow - 1, "narrow", &array, &diags), STATUS_OK);
    assert_int_equal(array.elements, 3);
    assert_null(array.values);
    assert_int_equal(array.integers[0], 1);
    assert_int_equal(array.integers[1], -1);
    assert_int_equal(array.integers[2], INT32_MIN);
    npy_free(&array);
    assert_int_equal(npy_parse_integers(wide, sizeof wide - 1, "wide", &array, &diags), STATUS_OK);
    assert_true(array.integers[0] == INT64_MIN);
    npy_free(&array);
    assert_int_equal(npy_parse_integers(none, sizeof none - 1, "none", &array, &diags), STATUS_OK);
    assert_int_equal(array.elements, 0);
    npy_free(&array);
    assert_int_equal(npy_parse(narrow, sizeof narrow - 1, "narrow", &array, &diags), STATUS_BAD_INPUT);
    assert_non_null(strstr(diags.items[0].what, "integers"));
    for (size_t cut = 0; cut < sizeof narrow - 1; cut++)
        assert_int_equal(npy_parse_integers(narrow, cut, "cut", &array, &diags), STATUS_BAD_INPUT);
    diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_version),     cmocka_unit_test(rounds_float64),
        cmocka_unit_test(refuses_with_a_reason),   cmocka_unit_test(refuses_every_cut),
        cmocka_unit_test(refuses_fronts),          cmocka_unit_test(writes_what_it_reads),
        cmocka_unit_test(refuses_what_is_no_file), cmocka_unit_test(integers_are_read_as_such)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
