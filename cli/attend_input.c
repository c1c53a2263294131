#include "cli/attend_input.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { Q, K, V };
static const char *const names[] = {"q", "k", "v"};
static const char *const layout =
    "Axes are [batch, len, heads, head_dim]. From PyTorch's [batch, heads, len, head_dim]: "
    "np.ascontiguousarray(q.transpose(0, 2, 1, 3)).";

static void index_words(const struct npy *array, const int64_t *at, const char *open, const char *close, char *words,
                        size_t size)
{
    int used = snprintf(words, size, "%s", open);
    for (int i = 0; i < array->dimensions && used > 0 && (size_t)used < size; i++)
        used += snprintf(words + used, size - (size_t)used, "%s%lld", i ? ", " : "", (long long)at[i]);
    if (used > 0 && (size_t)used < size)
        snprintf(words + used, size - (size_t)used, "%s", close);
}

void attend_shape_words(const struct npy *array, char *words, size_t size)
{
    index_words(array, array->shape, "(", ")", words, size);
}

/* The first element that is no number, and how many there are. */
static enum status check_finite(const struct attend_input *input, int which, struct diags *diags)
{
    const struct npy *array = &input->arrays[which];
    int64_t first = -1, count = 0, at[NPY_MAX_DIMENSIONS];
    for (int64_t i = array->elements - 1; i >= 0; i--)
        if (!isfinite(array->values[i])) {
            first = i;
            count++;
        }
    if (count == 0)
        return STATUS_OK;
    int64_t rest = first;
    for (int i = array->dimensions - 1; i >= 0; rest /= array->shape[i], i--)
        at[i] = rest % array->shape[i];
    char index[200];
    index_words(array, at, "[", "]", index, sizeof index);
    diags_error(diags, input->paths[which], 0, "np.argwhere(~np.isfinite(array)) lists them; attention needs numbers.",
                "%s%s is %s%s; %lld of %lld elements are not finite", names[which], index,
                isnan(array->values[first]) ? "NaN" : "infinite",
                array->was_float64 && isinf(array->values[first]) ? " in float32 (the file holds float64)" : "",
                (long long)count, (long long)array->elements);
    return STATUS_BAD_INPUT;
}

/* An axis of a tensor counted from the last: 0 head_dim, 1 heads, 2 len, 3 batch, 4 layers; 1 where there is none. */
static int64_t axis(const struct npy *array, int from_last)
{
    return from_last < array->dimensions ? array->shape[array->dimensions - 1 - from_last] : 1;
}

/* Where two tensors must be equal and are not. */
static enum status check_equal(const struct attend_input *input, int one, int other, int first_axis, int last_axis,
                               struct diags *diags)
{
    static const char *const axes[] = {"head_dim", "heads", "len", "batch", "layers"};
    enum status status = STATUS_OK;
    for (int i = first_axis; i <= last_axis; i++) {
        const struct npy *a = &input->arrays[one], *b = &input->arrays[other];
        if (i == 1 && one == Q) /* heads of q and k: kv_heads need only divide heads */
            continue;
        if (i == 2 && one == Q) /* len_q and len_kv are free */
            continue;
        if (axis(a, i) == axis(b, i))
            continue;
        char shape_a[200], shape_b[200];
        attend_shape_words(a, shape_a, sizeof shape_a);
        attend_shape_words(b, shape_b, sizeof shape_b);
        diags_error(diags, input->paths[other], 0, layout, "%s of %s is %lld, of %s %lld: %s and %s", axes[i],
                    names[one], (long long)axis(a, i), names[other], (long long)axis(b, i), shape_a, shape_b);
        status = STATUS_BAD_INPUT;
    }
    return status;
}

static enum status check_shapes(const struct attend_input *input, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int i = Q; i <= V; i++) {
        char shape[200];
        attend_shape_words(&input->arrays[i], shape, sizeof shape);
        if (input->arrays[i].dimensions >= 3 && input->arrays[i].dimensions <= 5 &&
            input->arrays[i].dimensions == input->arrays[Q].dimensions)
            continue;
        diags_error(diags, input->paths[i], 0,
                    "Axes are [batch, len, heads, head_dim]; all three tensors have as many of them.",
                    "%s has %d dimensions, %s", names[i], input->arrays[i].dimensions, shape);
        status = STATUS_BAD_INPUT;
    }
    if (status != STATUS_OK)
        return status;
    status = check_equal(input, Q, K, 0, 4, diags);
    return check_equal(input, K, V, 0, 4, diags) == STATUS_OK ? status : STATUS_BAD_INPUT;
}

enum status attend_input_read(struct attend_input *input, struct attention_problem *problem, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int i = Q; i <= V; i++) {
        enum status one = npy_read(input->paths[i], &input->arrays[i], diags);
        status = status == STATUS_OK ? one : status;
    }
    if (status == STATUS_OK)
        status = check_shapes(input, diags);
    for (int i = Q; i <= V; i++)
        if (input->arrays[i].values && check_finite(input, i, diags) != STATUS_OK)
            status = STATUS_BAD_INPUT;
    if (status != STATUS_OK)
        return status;
    const struct npy *q = &input->arrays[Q], *k = &input->arrays[K];
    problem->head_dim = axis(q, 0);
    problem->heads = axis(q, 1);
    problem->kv_heads = axis(k, 1);
    problem->len_q = axis(q, 2);
    problem->len_kv = axis(k, 2);
    problem->batch = axis(q, 3);
    problem->layers = axis(q, 4);
    problem->dtype = DTYPE_F32;
    return STATUS_OK;
}

void attend_input_free(struct attend_input *input)
{
    for (int i = Q; i <= V; i++)
        npy_free(&input->arrays[i]);
}
