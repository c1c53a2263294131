#include "harness/gate_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/safetensors.h"

static const char format[] = "flashdeck-gate", version[] = "1";

/* FNV-1a, 64 bits. */
static uint64_t hash_of(const float *values, int64_t count)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        for (int b = 0; b < 4; b++)
            hash = (hash ^ (bits >> (8 * b) & 0xff)) * 0x100000001b3u;
    }
    return hash;
}

uint64_t gate_hash(const struct gate *gate)
{
    return hash_of(gate->weights, gate_weights(gate->heads, gate->head_dim));
}

enum status trainer_make(struct trainer *trainer, int64_t heads, int64_t head_dim, double theta, uint64_t seed)
{
    size_t count = (size_t)gate_weights(heads, head_dim);
    *trainer = (struct trainer){.gate = {heads, head_dim, theta, malloc(count * sizeof(float))},
                                .first = calloc(count, sizeof(float)),
                                .second = calloc(count, sizeof(float))};
    if (!trainer->gate.weights || !trainer->first || !trainer->second) {
        trainer_free(trainer);
        return STATUS_NO_MEMORY;
    }
    gate_start(&trainer->gate, seed);
    return STATUS_OK;
}

void trainer_free(struct trainer *trainer)
{
    free(trainer->gate.weights);
    free(trainer->first);
    free(trainer->second);
    *trainer = (struct trainer){0};
}

/* The notes that are numbers, by name. */
enum note { HEAD_DIM, THETA, STEP, STEPS, LENGTH, DOCUMENTS, MODEL_SEED, SEED, HASH, NUMBERS };
static const char *const note_names[NUMBERS] = {"head_dim",  "theta",      "step", "steps", "length",
                                                "documents", "model_seed", "seed", "hash"};

enum status gate_write(const char *path, const struct trainer *trainer, const struct gate_origin *origin,
                       struct diags *diags)
{
    const struct gate *gate = &trainer->gate;
    int64_t each = gate_weights_of_head(gate->head_dim);
    const unsigned long long numbers[NUMBERS] = {[HEAD_DIM] = (unsigned long long)gate->head_dim,
                                                 [STEP] = (unsigned long long)trainer->step,
                                                 [STEPS] = (unsigned long long)origin->steps,
                                                 [LENGTH] = (unsigned long long)origin->length,
                                                 [DOCUMENTS] = (unsigned long long)origin->documents,
                                                 [MODEL_SEED] = origin->model_seed,
                                                 [SEED] = origin->seed,
                                                 [HASH] = hash_of(gate->weights, gate->heads * each)};
    char words[NUMBERS][32];
    struct safetensors_note notes[NUMBERS + 2] = {{(char *)(uintptr_t) "format", (char *)(uintptr_t)format},
                                                  {(char *)(uintptr_t) "version", (char *)(uintptr_t)version}};
    for (int n = 0; n < NUMBERS; n++) {
        snprintf(words[n], sizeof words[n], n == HASH ? "%016llx" : "%llu", numbers[n]);
        if (n == THETA)
            snprintf(words[n], sizeof words[n], "%.17g", gate->theta);
        notes[n + 2] = (struct safetensors_note){(char *)(uintptr_t)note_names[n], words[n]};
    }
    struct safetensors_out items[] = {{"weights", gate->weights, 2, {gate->heads, each}},
                                      {"first", trainer->first, 2, {gate->heads, each}},
                                      {"second", trainer->second, 2, {gate->heads, each}}};
    bool finished = trainer->step >= origin->steps;
    return safetensors_write(path, items, finished ? 1 : 3, notes, NUMBERS + 2, diags);
}

/* A tensor of heads x each floats into fresh memory. */
static float *take(const struct safetensors *file, const char *name, int64_t heads, int64_t each)
{
    const struct safetensor *tensor = safetensors_find(file, name);
    if (!tensor || tensor->dimensions != 2 || tensor->shape[0] != heads || tensor->shape[1] != each)
        return NULL;
    float *values = malloc((size_t)tensor->elements * sizeof *values);
    if (values && safetensors_floats(tensor, values) != STATUS_OK) {
        free(values);
        return NULL;
    }
    return values;
}

static enum status refuse(const char *path, struct diags *diags, const char *what)
{
    diags_error(diags, path, 0, "Train one with `flashdeck train-gate`.", "%s", what);
    return STATUS_BAD_INPUT;
}

static enum status read_weights(const char *path, const struct safetensors *file, struct trainer *trainer,
                                struct gate_origin *origin, struct diags *diags)
{
    unsigned long long numbers[NUMBERS] = {0};
    struct gate *gate = &trainer->gate;
    for (int n = 0; n < NUMBERS; n++) {
        const char *word = safetensors_note(file, note_names[n]);
        char *end = NULL;
        if (n == THETA)
            gate->theta = word ? strtod(word, &end) : 0;
        else
            numbers[n] = word ? strtoull(word, &end, n == HASH ? 16 : 10) : 0;
        if (!word || end == word || *end != '\0')
            return refuse(path, diags, "a note of this gate is missing or is no number");
    }
    const struct safetensor *weights = safetensors_find(file, "weights");
    gate->head_dim = (int64_t)numbers[HEAD_DIM];
    gate->heads = weights && weights->dimensions == 2 ? weights->shape[0] : 0;
    if (gate->head_dim < 2 || gate->head_dim > MAX_HEAD_DIM || gate->head_dim % 2 || gate->heads < 1 ||
        !(gate->theta > 1 && gate->theta < 1e12))
        return refuse(path, diags, "this gate's head_dim, heads or theta is out of range");
    int64_t each = gate_weights_of_head(gate->head_dim), count = gate->heads * each;
    gate->weights = take(file, "weights", gate->heads, each);
    if (!gate->weights)
        return refuse(path, diags, "this gate's weights do not have the shape that its head_dim asks for");
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(gate->weights[i]))
            return refuse(path, diags, "this gate holds a weight that is not a finite number");
    if (hash_of(gate->weights, count) != numbers[HASH])
        return refuse(path, diags, "this gate's weights do not fit their hash: the file was changed or damaged");
    trainer->step = (int)numbers[STEP];
    *origin = (struct gate_origin){(int64_t)numbers[LENGTH], (int64_t)numbers[DOCUMENTS], (int64_t)numbers[STEPS],
                                   numbers[MODEL_SEED], numbers[SEED]};
    if (trainer->step >= origin->steps)
        return STATUS_OK;
    trainer->first = take(file, "first", gate->heads, each);
    trainer->second = take(file, "second", gate->heads, each);
    if (!trainer->first || !trainer->second)
        return refuse(path, diags, "this unfinished gate lacks what its training would go on with");
    return STATUS_OK;
}

enum status gate_read(const char *path, struct trainer *trainer, struct gate_origin *origin, struct diags *diags)
{
    struct safetensors file;
    *trainer = (struct trainer){0};
    enum status status = safetensors_read(path, &file, diags);
    if (status != STATUS_OK)
        return status;
    const char *is = safetensors_note(&file, "format"), *of = safetensors_note(&file, "version");
    if (!is || strcmp(is, format) != 0)
        status = refuse(path, diags, "this safetensors file holds no gate of flashdeck's");
    else if (!of || strcmp(of, version) != 0)
        status = refuse(path, diags, "this gate is of a version that this program does not know");
    else
        status = read_weights(path, &file, trainer, origin, diags);
    safetensors_free(&file);
    if (status != STATUS_OK)
        trainer_free(trainer);
    return status;
}
