#include "harness/axes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "kernels/block_rule.h"

static const char *const names[AXES] = {
    [AXIS_KERNEL] = "kernel", [AXIS_MASK] = "mask",         [AXIS_DTYPE] = "dtype",   [AXIS_N] = "N",
    [AXIS_NQ] = "Nq",         [AXIS_NKV] = "Nkv",           [AXIS_D] = "d",           [AXIS_HEADS] = "heads",
    [AXIS_BATCH] = "batch",   [AXIS_KV_HEADS] = "kv_heads", [AXIS_LAYERS] = "layers", [AXIS_THREADS] = "threads"};

static const char *const how =
    "An axis reads N=1024,4096 or N=2^13 or N=2^[9:13] or N=[256:1024:256] or kernel=flash,naive.";

/* What is being read, for messages. */
struct reading {
    const char *text, *file;
    int line;
    struct diags *diags;
};

static enum status refuse(const struct reading *reading, const char *remedy, const char *what)
{
    diags_error(reading->diags, reading->file, reading->line, remedy, "axis '%.80s': %s", reading->text, what);
    return STATUS_BAD_INPUT;
}

static bool number(const char **at, int64_t *value)
{
    char *end;
    errno = 0;
    if (**at < '0' || **at > '9')
        return false;
    *value = strtoll(*at, &end, 10);
    *at = end;
    return errno == 0;
}

static enum status add_number(const struct reading *reading, struct axis_values *values, int64_t value, bool power)
{
    if (values->count == AXIS_VALUES)
        return refuse(reading, how, "more than 64 values");
    if (power && value > 40)
        return refuse(reading, how, "a power of two above 2^40");
    values->numbers[values->count++] = power ? (int64_t)1 << value : value;
    return STATUS_OK;
}

/* [first:last] or [first:last:step] at *at. */
static enum status add_range(const struct reading *reading, const char **at, struct axis_values *values, bool power)
{
    int64_t first, last, step = 1;
    ++*at;
    if (!number(at, &first) || *(*at)++ != ':' || !number(at, &last) || (**at == ':' && (++*at, !number(at, &step))) ||
        *(*at)++ != ']' || step < 1 || last < first)
        return refuse(reading, how, "this range is not [first:last] or [first:last:step]");
    if ((last - first) / step >= AXIS_VALUES)
        return refuse(reading, how, "more than 64 values");
    enum status status = STATUS_OK;
    int64_t count = (last - first) / step + 1; /* counted: first + count * step may pass 63 bits */
    for (int64_t i = 0; i < count && status == STATUS_OK; i++)
        status = add_number(reading, values, first + i * step, power);
    return status;
}

static enum status read_numbers(const struct reading *reading, const char *at, struct axis_values *values, bool power)
{
    for (;;) {
        enum status status;
        int64_t value;
        bool two = strncmp(at, "2^", 2) == 0;
        at += two ? 2 : 0;
        if (two && *at == '[') {
            status = add_range(reading, &at, values, true);
        } else if (*at == '[') {
            status = add_range(reading, &at, values, power);
        } else if (number(&at, &value)) {
            status = add_number(reading, values, value, power || two);
        } else {
            status = refuse(reading, how, "a value is not a whole number");
        }
        if (status != STATUS_OK || *at == '\0')
            return status;
        if (*at++ != ',')
            return refuse(reading, how, "values are joined by commas");
    }
}

static enum status read_words(const struct reading *reading, const char *at, struct axis_values *values)
{
    do {
        size_t length = strcspn(at, ",");
        if (length == 0 || length >= sizeof values->words[0])
            return refuse(reading, how, "a value is empty or too long");
        if (values->count == AXIS_VALUES)
            return refuse(reading, how, "more than 64 values");
        snprintf(values->words[values->count++], sizeof values->words[0], "%.*s", (int)length, at);
        at += length;
    } while (*at++ == ',');
    return STATUS_OK;
}

static enum status check_masks(const struct reading *reading, const struct axis_values *values)
{
    struct attention_mask mask;
    struct block_rule rule;
    for (int i = 0; i < values->count; i++)
        if (!attention_mask_parse(values->words[i], &mask) && !block_rule_parse(values->words[i], &mask, &rule))
            return refuse(
                reading,
                "Masks: full, causal, w64_64 (keys to the left and right), causal_w255, w64_64_g3 (every "
                "third layer global); behind one of them blocks: _l8_b64, _a1_8_b64, _d4_8_b64, _r10_s1_b64, _g10_b64.",
                "a value is not the label of a mask");
    return STATUS_OK;
}

static enum status check_dtypes(const struct reading *reading, const struct axis_values *values)
{
    enum dtype dtype;
    for (int i = 0; i < values->count; i++)
        if (!axes_dtype(values->words[i], &dtype))
            return refuse(reading, "Types: f32, bf16, f16.", "a value is not a type of numbers");
    return STATUS_OK;
}

bool axes_dtype(const char *word, enum dtype *dtype)
{
    for (int d = DTYPE_F32; d <= DTYPE_F16; d++)
        if (strcmp(word, dtype_name((enum dtype)d)) == 0) {
            *dtype = (enum dtype)d;
            return true;
        }
    return false;
}

enum status axes_parse(struct axes *axes, const char *text, const char *file, int line, struct diags *diags)
{
    struct reading reading = {text, file, line, diags};
    size_t length = strcspn(text, "[=");
    bool power = strncmp(text + length, "[pow2]", 6) == 0;
    const char *at = text + length + (power ? 6 : 0);
    if (*at != '=' || length == 0)
        return refuse(&reading, how, "there is no NAME=VALUES");
    for (int axis = 0; axis < AXES; axis++) {
        if (strlen(names[axis]) != length || strncmp(names[axis], text, length) != 0)
            continue;
        struct axis_values *values = &axes->axis[axis];
        values->count = 0;
        if (axis != AXIS_KERNEL && axis != AXIS_MASK && axis != AXIS_DTYPE)
            return read_numbers(&reading, at + 1, values, power);
        if (power)
            return refuse(&reading, how, "only numbers can be powers of two");
        enum status status = read_words(&reading, at + 1, values);
        if (status == STATUS_OK && axis == AXIS_MASK)
            status = check_masks(&reading, values);
        else if (status == STATUS_OK && axis == AXIS_DTYPE)
            status = check_dtypes(&reading, values);
        return status;
    }
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%.*s", (int)(length < 63 ? length : 63), text);
    char *near = nearest_sentence(wanted, names, AXES, 3);
    enum status status = refuse(
        &reading, near ? near : "Axes: kernel, mask, dtype, N, Nq, Nkv, d, heads, kv_heads, batch, layers, threads.",
        "there is no such axis");
    free(near);
    return status;
}
