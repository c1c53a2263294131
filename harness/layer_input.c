#include "harness/layer_input.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "harness/memory.h"
#include "harness/npy.h"
#include "harness/safetensors.h"
#include "kernels/rope.h"

enum { Q, K, V, TENSORS };
enum { BATCH, TOKENS, HEADS, WIDTH, AXES };

/* A tensor as its file has it. */
struct found {
    const char *file, *name;
    const char *type;
    float *values; /* owned; NULL: not there */
    int dimensions;
    int64_t shape[NPY_MAX_DIMENSIONS];
    int64_t elements;
    int64_t axes[AXES];
};
_Static_assert((int)SAFETENSORS_DIMENSIONS <= (int)NPY_MAX_DIMENSIONS, "a shape of either has room");

static void shape_words(const struct found *found, char *words, size_t size)
{
    int used = snprintf(words, size, "[");
    for (int i = 0; i < found->dimensions && (size_t)used < size; i++)
        used += snprintf(words + used, size - (size_t)used, "%s%lld", i ? ", " : "", (long long)found->shape[i]);
    if ((size_t)used < size)
        snprintf(words + used, size - (size_t)used, "]");
}

static enum status missing(const struct safetensors *file, const char *path, const char *name, struct diags *diags)
{
    enum { MOST = 256 };
    const char *names[MOST];
    size_t count = file->count < MOST ? file->count : MOST;
    char first[120];
    for (size_t i = 0; i < count; i++)
        names[i] = file->items[i].name;
    snprintf(first, sizeof first, "Name them with --q, --k and --v; its first of %zu is '%.40s'.", file->count,
             count ? names[0] : "");
    char *near = nearest_sentence(name, names, count, 3);
    diags_error(diags, path, 0, near ? near : first, "there is no tensor '%.80s'", name);
    free(near);
    return STATUS_BAD_INPUT;
}

static enum status take_named(const struct safetensors *file, struct found *found, struct diags *diags)
{
    static const char *const types[] = {
        [SAFETENSORS_F32] = "f32", [SAFETENSORS_F64] = "f64", [SAFETENSORS_F16] = "f16", [SAFETENSORS_BF16] = "bf16"};
    const struct safetensor *tensor = safetensors_find(file, found->name);
    if (!tensor)
        return missing(file, found->file, found->name, diags);
    if (tensor->type == SAFETENSORS_OTHER) {
        diags_error(diags, found->file, 0, "F32, BF16, F16 and F64 are read.",
                    "'%.80s' holds integers, or a type that is not read", found->name);
        return STATUS_BAD_INPUT;
    }
    found->type = types[tensor->type];
    found->dimensions = tensor->dimensions;
    found->elements = tensor->elements;
    memcpy(found->shape, tensor->shape, sizeof tensor->shape);
    found->values = malloc((size_t)(tensor->elements ? tensor->elements : 1) * sizeof *found->values);
    if (!found->values) {
        diags_error(diags, found->file, 0, NULL, "out of memory for '%.80s'", found->name);
        return STATUS_NO_MEMORY;
    }
    return safetensors_floats(tensor, found->values);
}

static enum status take_safetensors(const struct safetensors *file, const struct layer_request *request,
                                    struct found *found, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int t = 0; t < TENSORS; t++) {
        found[t] = (struct found){.file = request->path, .name = request->names[t]};
        enum status one = take_named(file, &found[t], diags);
        status = status == STATUS_OK ? one : status;
    }
    return status;
}

/* `paths`, cut at its commas. */
static enum status read_npy(char *paths, struct found *found, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int t = 0; t < TENSORS; t++) {
        struct npy array;
        char *comma = strchr(paths, ',');
        if ((comma == NULL) != (t == V)) {
            diags_error(diags, NULL, 0, "q.npy,k.npy,v.npy", "three .npy files are wanted, with commas between them");
            return STATUS_BAD_INPUT;
        }
        if (comma)
            *comma = '\0';
        found[t] = (struct found){.file = paths, .name = paths, .type = "f32"};
        enum status one = npy_read(paths, &array, diags);
        status = status == STATUS_OK ? one : status;
        if (one == STATUS_OK) {
            found[t].values = array.values;
            found[t].type = array.was_float64 ? "f64" : "f32";
            found[t].dimensions = array.dimensions;
            found[t].elements = array.elements;
            memcpy(found[t].shape, array.shape, sizeof array.shape);
        }
        if (comma)
            paths = comma + 1;
    }
    return status;
}

static enum status check_axes(const struct layer_request *request, struct found *found, struct diags *diags)
{
    char shape[160];
    shape_words(found, shape, sizeof shape);
    if (found->dimensions != 3 && found->dimensions != 4) {
        diags_error(
            diags, found->file, 0,
            "[tokens, heads, head_dim], or with --heads-first [heads, tokens, head_dim]; a batch may stand before.",
            "'%.80s' has %d axes, %s; 3 or 4 are wanted", found->name, found->dimensions, shape);
        return STATUS_BAD_INPUT;
    }
    const int64_t *last = found->shape + found->dimensions - 3;
    found->axes[BATCH] = found->dimensions == 4 ? found->shape[0] : 1;
    found->axes[TOKENS] = last[request->heads_first ? 1 : 0];
    found->axes[HEADS] = last[request->heads_first ? 0 : 1];
    found->axes[WIDTH] = last[2];
    return STATUS_OK;
}

static enum status check_finite(const struct found *found, struct diags *diags)
{
    int64_t count = 0, first = -1;
    for (int64_t i = 0; i < found->elements; i++)
        if (!isfinite(found->values[i])) {
            first = first < 0 ? i : first;
            count++;
        }
    if (count == 0)
        return STATUS_OK;
    diags_error(diags, found->file, 0, "Attention needs numbers: save it from a forward pass without them.",
                "'%.80s' holds %lld elements that are no finite numbers, of %lld; the first is number %lld",
                found->name, (long long)count, (long long)found->elements, (long long)first);
    return STATUS_BAD_INPUT;
}

static enum status check_together(const struct found *found, struct diags *diags)
{
    static const struct {
        int one, other, axis;
        const char *word;
    } equal[] = {{Q, K, BATCH, "batch"},   {Q, K, WIDTH, "head_dim"}, {K, V, BATCH, "batch"},
                 {K, V, TOKENS, "tokens"}, {K, V, HEADS, "heads"},    {K, V, WIDTH, "head_dim"}};
    size_t before = diags->errors;
    for (size_t i = 0; i < sizeof equal / sizeof equal[0]; i++) {
        const struct found *a = &found[equal[i].one], *b = &found[equal[i].other];
        char shape_a[160], shape_b[160];
        if (a->axes[equal[i].axis] == b->axes[equal[i].axis])
            continue;
        shape_words(a, shape_a, sizeof shape_a);
        shape_words(b, shape_b, sizeof shape_b);
        diags_error(diags, b->file, 0,
                    "Axes are [tokens, heads, head_dim]; --heads-first when they are [heads, tokens, head_dim].",
                    "%s of '%.60s' is %lld, of '%.60s' %lld: %s and %s", equal[i].word, a->name,
                    (long long)a->axes[equal[i].axis], b->name, (long long)b->axes[equal[i].axis], shape_a, shape_b);
    }
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

/* As rope_make wants it: a power of two, or 3 times one. */
static bool rope_fits(int64_t head_dim)
{
    int64_t rest = head_dim % 3 ? head_dim : head_dim / 3;
    return head_dim >= 2 && (rest & (rest - 1)) == 0;
}

static enum status check_rope(const struct layer_request *request, int64_t head_dim, struct diags *diags)
{
    size_t before = diags->errors;
    if (request->turn && request->theta == 0)
        diags_error(diags, NULL, 0, "10000, 160000 and 500000 are usual: --theta 10000.",
                    "--before-rope needs the base of the model's RoPE");
    if (request->theta != 0 && !(request->theta > 1 && request->theta < 1e12))
        diags_error(diags, NULL, 0, "10000, 160000 and 500000 are usual.", "--theta is %g; it must be above 1",
                    request->theta);
    if (request->theta != 0 && !rope_fits(head_dim))
        diags_error(diags, request->path, 0, "Leave --theta out: then nothing is turned.",
                    "RoPE is made for a head_dim that is a power of two or 3 times one; this is %lld",
                    (long long)head_dim);
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

/* [batch, tokens, heads, head_dim], whatever the file's order. */
static float *arrange(const struct found *found, bool heads_first)
{
    int64_t tokens = found->axes[TOKENS], heads = found->axes[HEADS], width = found->axes[WIDTH];
    float *to = memory_take((size_t)found->elements * sizeof *to);
    for (int64_t row = 0; to && row < found->axes[BATCH] * tokens * heads; row++) {
        int64_t batch = row / (tokens * heads), token = row / heads % tokens, head = row % heads;
        int64_t from = heads_first ? (batch * heads + head) * tokens + token : row;
        memcpy(to + row * width, found->values + from * width, (size_t)width * sizeof *to);
    }
    return to;
}

static void turn(const struct attention_problem *p, const float *angles, float *x, int64_t tokens, int64_t heads)
{
    int64_t half = p->head_dim / 2;
    for (int64_t row = 0; row < p->batch * tokens * heads; row++) {
        int64_t position = row / heads % tokens + p->len_kv - tokens; /* the last query stands at the last key */
        if (position >= 0)
            rope_turn(p->head_dim, angles + position * half, angles + (p->len_kv + position) * half,
                      x + row * p->head_dim);
    }
}

static void fill_angles(const struct attention_problem *p, double theta, float *angles)
{
    struct rope rope = {.head_dim = p->head_dim}; /* frequencies of 0 turn nothing */
    if (theta != 0)
        rope = rope_make(p->head_dim, theta);
    rope_table(&rope, p->len_kv, angles);
}

static enum status take_all(const struct layer_request *request, const struct found *found, struct layer_input *input,
                            struct diags *diags)
{
    struct attention_problem *p = &input->problem;
    input->q = arrange(&found[Q], request->heads_first);
    input->k = arrange(&found[K], request->heads_first);
    input->v = arrange(&found[V], request->heads_first);
    input->angles = memory_take((size_t)(p->len_kv * p->head_dim) * sizeof *input->angles);
    if (!input->q || !input->k || !input->v || !input->angles) {
        diags_error(diags, request->path, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    fill_angles(p, request->theta, input->angles);
    if (request->turn) {
        turn(p, input->angles, input->q, p->len_q, p->heads);
        turn(p, input->angles, input->k, p->len_kv, p->kv_heads);
    }
    return STATUS_OK;
}

static enum status make_problem(const struct layer_request *request, struct found *found, struct layer_input *input,
                                struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int t = 0; t < TENSORS; t++) {
        enum status steps[] = {check_axes(request, &found[t], diags), check_finite(&found[t], diags)};
        status = steps[0] != STATUS_OK || steps[1] != STATUS_OK ? STATUS_BAD_INPUT : status;
    }
    if (status != STATUS_OK || check_together(found, diags) != STATUS_OK)
        return STATUS_BAD_INPUT;
    const int64_t *q = found[Q].axes, *k = found[K].axes;
    input->problem = (struct attention_problem){
        .layers = 1,
        .batch = q[BATCH],
        .heads = q[HEADS],
        .kv_heads = k[HEADS],
        .len_q = q[TOKENS],
        .len_kv = k[TOKENS],
        .head_dim = q[WIDTH],
        .dtype = DTYPE_F32,
        .mask = {.window_left = -1, .window_right = -1},
        .scale = 1.0f / sqrtf((float)q[WIDTH]),
    };
    status = attention_check(&input->problem, diags);
    return status == STATUS_OK ? check_rope(request, q[WIDTH], diags) : status;
}

/* Makes the layer of what was found, and ends with that. */
static enum status finish(enum status status, const struct layer_request *request, struct found *found,
                          struct layer_input *input, struct diags *diags)
{
    if (status == STATUS_OK)
        status = make_problem(request, found, input, diags);
    if (status == STATUS_OK)
        status = take_all(request, found, input, diags);
    for (int t = 0; t < TENSORS; t++) {
        char shape[64];
        shape_words(&found[t], shape, sizeof shape);
        if (found[t].values)
            snprintf(input->words[t], sizeof input->words[t], "'%.20s' %s %s", found[t].name, shape, found[t].type);
        free(found[t].values);
    }
    return status;
}

enum status layer_input_parse(char *bytes, size_t length, const struct layer_request *request,
                              struct layer_input *input, struct diags *diags)
{
    struct found found[TENSORS] = {0};
    struct safetensors file;
    *input = (struct layer_input){0};
    enum status status = safetensors_parse(bytes, length, request->path, &file, diags);
    if (status == STATUS_OK) {
        status = take_safetensors(&file, request, found, diags);
        safetensors_free(&file);
    }
    return finish(status, request, found, input, diags);
}

enum status layer_input_read(const struct layer_request *request, struct layer_input *input, struct diags *diags)
{
    struct found found[TENSORS] = {0};
    size_t length = strlen(request->path);
    *input = (struct layer_input){0};
    if (length > 4 && strcmp(request->path + length - 4, ".npy") == 0) {
        char *paths = strdup(request->path);
        enum status status = paths ? read_npy(paths, found, diags) : STATUS_NO_MEMORY;
        status = finish(status, request, found, input, diags);
        free(paths);
        return status;
    }
    struct safetensors file;
    enum status status = safetensors_read(request->path, &file, diags);
    if (status == STATUS_OK) {
        status = take_safetensors(&file, request, found, diags);
        safetensors_free(&file);
    }
    return finish(status, request, found, input, diags);
}

void layer_input_free(struct layer_input *input)
{
    free(input->q);
    free(input->k);
    free(input->v);
    free(input->angles);
    *input = (struct layer_input){0};
}
