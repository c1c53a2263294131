/* safetensors: what the format allows is read, everything else is refused with its reason; gates in such files. */
#include <math.h>
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
#include "harness/gate_file.h"
#include "harness/safetensors.h"
#include "kernels/structured.h"

static enum status parse(const char *header, size_t data, struct safetensors *tensors, struct diags *diags)
{
    size_t length = strlen(header);
    char *file = malloc(8 + length + data);
    assert_non_null(file);
    for (int i = 0; i < 8; i++)
        file[i] = (char)(length >> (8 * i));
    memcpy(file + 8, header, length);
    for (size_t i = 0; i < data; i++)
        file[8 + length + i] = (char)(i % 50); /* no NaN among them */
    return safetensors_parse(file, 8 + length + data, "m.safetensors", tensors, diags);
}

static void reads_what_the_format_allows(void **state)
{
    (void)state;
    struct safetensors t;
    struct diags diags = {0};
    const char *header =
        "{\"b\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[8,14]},\"__metadata__\":{\"k\":\"v\"},"
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
        "\"scalar\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[14,22]},"
        "\"none\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[22,22]}}   ";
    float values[3];
    assert_int_equal(parse(header, 22, &t, &diags), STATUS_OK);
    assert_int_equal(t.count, 4);
    assert_string_equal(safetensors_note(&t, "k"), "v");
    assert_null(safetensors_note(&t, "x"));
    assert_int_equal(safetensors_find(&t, "a")->shape[1], 2);
    assert_int_equal(safetensors_floats(safetensors_find(&t, "a"), values), STATUS_OK);
    assert_int_equal(safetensors_floats(safetensors_find(&t, "scalar"), values), STATUS_OK);
    assert_int_equal(safetensors_floats(safetensors_find(&t, "none"), values), STATUS_UNSUPPORTED);
    assert_int_equal(safetensors_floats(safetensors_find(&t, "b"), values), STATUS_OK);
    assert_true(values[0] == 0x1.42p-13f); /* 0x0908 as binary16 */
    assert_null(safetensors_find(&t, "c"));
    safetensors_free(&t);
    diags_free(&diags);
}

static void refuses_everything_else(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        size_t data;
        const char *words;
    } bad[] = {
        {"", 0, "no JSON"},
        {"[]", 0, "no object"},
        {"{\"a\":1}", 0, "no dtype"},
        {"{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "none of the format's"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "no size"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "no size"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9],\"data_offsets\":[0,4]}}", 4, "no size"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4, "at most 8"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "does not fit its bytes"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "no range"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "no range"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "pass the end of the file"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "belong to no tensor"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "behind the last tensor"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
         "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
         8, "overlap"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
         4, "names a tensor twice"},
        {"{\"__metadata__\":{\"a\":1}}", 0, "no string"},
        {"{\"__metadata__\":7}", 0, "no object"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct safetensors t;
        struct diags diags = {0};
        assert_int_equal(parse(bad[i].header, bad[i].data, &t, &diags), STATUS_BAD_INPUT);
        if (diags.count != 1 || !strstr(diags.items[0].what, bad[i].words))
            fail_msg("%s: said '%s', not '%s'", bad[i].header, diags.items[0].what, bad[i].words);
        assert_null(t.items);
        diags_free(&diags);
    }
}

static void short_files_and_long_headers(void **state)
{
    (void)state;
    static const unsigned char huge[12] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, '{', '}', ' ', ' '};
    for (size_t length = 0; length <= sizeof huge; length++) {
        struct safetensors t;
        struct diags diags = {0};
        char *file = malloc(length + 1);
        assert_non_null(file);
        memcpy(file, huge, length);
        assert_int_equal(safetensors_parse(file, length, "m", &t, &diags), STATUS_BAD_INPUT);
        diags_free(&diags);
    }
}

static const struct gate_origin origin = {2048, 16, 3, 5, 6};

/* A gate after one of three steps on one made-up document. */
static struct trainer begun(void)
{
    enum { HEADS = 2, D = 64 };
    struct trainer trainer;
    assert_int_equal(trainer_make(&trainer, HEADS, D, structured_theta, 1), STATUS_OK);
    trainer.first[7] = 0.25f;
    trainer.second[8] = 0.5f;
    trainer.step = 1;
    return trainer;
}

static void gates_come_back(void **state)
{
    (void)state;
    char path[] = "/tmp/flashdeck-gate-XXXXXX";
    close(mkstemp(path));
    struct trainer one = begun(), two;
    struct gate_origin read;
    struct diags diags = {0};
    size_t count = (size_t)gate_weights(one.gate.heads, one.gate.head_dim);
    assert_int_equal(gate_write(path, &one, &origin, &diags), STATUS_OK);
    assert_int_equal(gate_read(path, &two, &read, &diags), STATUS_OK);
    assert_memory_equal(one.gate.weights, two.gate.weights, count * sizeof(float));
    assert_memory_equal(one.first, two.first, count * sizeof(float));
    assert_memory_equal(one.second, two.second, count * sizeof(float));
    assert_true(two.step == 1 && two.gate.theta == structured_theta && two.gate.heads == 2);
    assert_memory_equal(&read, &origin, sizeof read);
    trainer_free(&two);
    one.step = 3;
    assert_int_equal(gate_write(path, &one, &origin, &diags), STATUS_OK);
    assert_int_equal(gate_read(path, &two, &read, &diags), STATUS_OK);
    assert_true(!two.first && two.step == 3);
    trainer_free(&one);
    trainer_free(&two);
    unlink(path);
    diags_free(&diags);
}

/* Writes a gate, changes `from` to `to` in its bytes, and reads it. */
static void refuse(const char *from, const char *to, const char *words)
{
    char path[] = "/tmp/flashdeck-gate-XXXXXX", *bytes;
    close(mkstemp(path));
    struct trainer one = begun(), two;
    struct gate_origin read;
    struct diags diags = {0};
    size_t length;
    assert_int_equal(gate_write(path, &one, &origin, &diags), STATUS_OK);
    assert_int_equal(file_read(path, 1 << 24, &bytes, &length, &diags), STATUS_OK);
    char *at = memmem(bytes, length, from, strlen(from));
    assert_true(at && strlen(from) == strlen(to));
    memcpy(at, to, strlen(to));
    assert_int_equal(file_write(path, bytes, length, &diags), STATUS_OK);
    assert_int_equal(gate_read(path, &two, &read, &diags), STATUS_BAD_INPUT);
    if (!strstr(diags.items[0].what, words))
        fail_msg("'%s' for '%s': said '%s'", to, from, diags.items[0].what);
    assert_null(two.gate.weights);
    free(bytes);
    trainer_free(&one);
    unlink(path);
    diags_free(&diags);
}

static void wrong_gates_are_refused(void **state)
{
    (void)state;
    refuse("flashdeck-gate", "flashdesk-gate", "no gate of flashdeck's");
    refuse("\"version\":\"1\"", "\"version\":\"2\"", "version");
    refuse("\"head_dim\":\"64\"", "\"head_dim\":\"66\"", "shape");
    refuse("\"head_dim\":\"64\"", "\"head_dim\":\"0x\"", "no number");
    refuse("\"theta\":\"500000\"", "\"theta\":\"-00000\"", "out of range");
    refuse("\"hash\":\"", "\"hesh\":\"", "no number");
    refuse("\"first\"", "\"fifth\"", "lacks");
}

static void weights_that_changed_are_refused(void **state)
{
    (void)state;
    for (int nan = 0; nan < 2; nan++) {
        char path[] = "/tmp/flashdeck-gate-XXXXXX", *bytes;
        close(mkstemp(path));
        struct trainer one = begun(), two;
        struct gate_origin read;
        struct diags diags = {0};
        size_t length;
        float value = nan ? NAN : 0.125f;
        assert_int_equal(gate_write(path, &one, &origin, &diags), STATUS_OK);
        assert_int_equal(file_read(path, 1 << 24, &bytes, &length, &diags), STATUS_OK);
        char *at = memmem(bytes, length, one.gate.weights, 64);
        assert_non_null(at);
        memcpy(at + 16, &value, sizeof value);
        assert_int_equal(file_write(path, bytes, length, &diags), STATUS_OK);
        assert_int_equal(gate_read(path, &two, &read, &diags), STATUS_BAD_INPUT);
        assert_non_null(strstr(diags.items[0].what, nan ? "not a finite number" : "do not fit their hash"));
        free(bytes);
        trainer_free(&one);
        unlink(path);
        diags_free(&diags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_format_allows), cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(short_files_and_long_headers), cmocka_unit_test(gates_come_back),
        cmocka_unit_test(wrong_gates_are_refused),      cmocka_unit_test(weights_that_changed_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
