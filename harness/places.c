#include "harness/places.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/text.h"
#include "harness/gpu.h"

/* What runs a worker is this very program, wherever it lies. */
static void find_program(struct places *places)
{
    ssize_t length = readlink("/proc/self/exe", places->program, sizeof places->program - 1);
    places->program[length > 0 ? length : 0] = '\0';
}

static void add_kernels(struct places *places, const struct device *device)
{
    size_t count;
    const struct kernel *const *kernels = device->kernels(&count);
    for (size_t i = 0; i < count && places->kernel_count < PLACES_MOST * DEVICE_KERNELS; i++)
        places->kernels[places->kernel_count++] = kernels[i];
}

static void add_place(struct places *places, const struct device *device, int index, double limit)
{
    struct place *place = &places->items[places->count++];
    *place = (struct place){.device = device};
    snprintf(place->name, sizeof place->name, device->apart ? "%s:%d" : "%s", device->name, index);
    place->command[0] = places->program;
    place->command[1] = "worker";
    place->command[2] = place->name;
    place->worker = (struct worker){.command = place->command, .limit = limit, .process = {0, -1, -1, -1}};
    add_kernels(places, device);
}

static const struct device *device_named(const struct device *const *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    return NULL;
}

static enum status unknown(const struct device *const *table, size_t count, const char *name, struct diags *diags)
{
    const char *names[16];
    struct text all = {0};
    size_t known = count < 16 ? count : 16;
    for (size_t i = 0; i < known; i++) {
        names[i] = table[i]->name;
        text_format(&all, "%s%s", i ? ", " : "Devices: ", names[i]);
    }
    char *near = nearest_sentence(name, names, known, 3);
    diags_error(diags, NULL, 0, near ? near : all.bytes, "there is no device '%.40s'", name);
    free(near);
    text_free(&all);
    return STATUS_BAD_INPUT;
}

/* "cuda:1" apart; false when the number is none. */
static bool split(const char *words, char *name, size_t size, int *index)
{
    size_t length = strcspn(words, ":");
    const char *digits = words[length] ? words + length + 1 : "0";
    snprintf(name, size, "%.*s", (int)length, words);
    *index = atoi(digits);
    return length > 0 && length < size && isdigit((unsigned char)digits[0]) &&
           digits[strspn(digits, "0123456789")] == '\0' && strlen(digits) < 4;
}

static bool chosen(const struct places *places, const struct device *device)
{
    for (size_t i = 0; i < places->count; i++)
        if (places->items[i].device == device)
            return true;
    return false;
}

/* One that was asked for by name. */
static enum status add_named(struct places *places, const struct device *const *table, size_t count, const char *words,
                             double limit, struct diags *diags)
{
    char name[PLACE_WORDS], reason[160] = "";
    int index;
    if (!split(words, name, sizeof name, &index)) {
        diags_error(diags, NULL, 0, "A device reads cpu, cuda or cuda:1.", "'%.40s' is not a device", words);
        return STATUS_BAD_INPUT;
    }
    const struct device *device = device_named(table, count, name);
    int have = device ? device->count(reason, sizeof reason) : 0;
    if (!device && strcmp(name, "cuda") == 0)
        snprintf(reason, sizeof reason, "this build has no CUDA (nvcc was not found when it was built)");
    else if (!device)
        return unknown(table, count, name, diags);
    if (device && chosen(places, device)) {
        diags_error(diags, NULL, 0, "Measure them one after another.", "%s is named twice: one of a kind takes part",
                    name);
        return STATUS_BAD_INPUT;
    }
    if (device && index < have && places->count < PLACES_MOST) {
        add_place(places, device, index, limit);
        return STATUS_OK;
    }
    if (have > 0)
        snprintf(reason, sizeof reason, "there are %d of them, numbered from 0", have);
    snprintf(places->missing, sizeof places->missing, "%.30s: %s", words, reason);
    return STATUS_NO_DEVICE;
}

static enum status add_list(struct places *places, const struct device *const *table, size_t count, const char *words,
                            double limit, struct diags *diags)
{
    char list[160], *rest = list;
    enum status status = STATUS_OK;
    snprintf(list, sizeof list, "%s", words);
    for (char *word = strsep(&rest, ","); word && status == STATUS_OK; word = strsep(&rest, ",")) {
        status = add_named(places, table, count, word, limit, diags);
        if (status == STATUS_NO_DEVICE)
            status = STATUS_OK; /* the others go on; `missing` is said */
    }
    if (status == STATUS_OK && places->count == 0) {
        diags_error(diags, NULL, 0, "Leave --device out: what is here is used.", "no device: %s", places->missing);
        return STATUS_NO_DEVICE;
    }
    return status;
}

enum status places_choose(struct places *places, const struct device *const *table, size_t count, const char *words,
                          double limit, struct diags *diags)
{
    *places = (struct places){0};
    find_program(places);
    if (words)
        return add_list(places, table, count, words, limit, diags);
    for (size_t i = 0; i < count && places->count < PLACES_MOST; i++) {
        char reason[160] = "";
        if (!table[i]->times)
            continue;
        if (table[i]->count(reason, sizeof reason) > 0)
            add_place(places, table[i], 0, limit);
        else
            snprintf(places->missing, sizeof places->missing, "%s: %s", table[i]->name, reason);
    }
    return STATUS_OK;
}

struct kernel_list places_kernels(const struct places *places)
{
    return (struct kernel_list){places->kernels, places->kernel_count};
}

struct place *places_of(struct places *places, const struct kernel *kernel)
{
    for (size_t i = 0; i < places->count; i++)
        if (strcmp(places->items[i].device->backend, kernel->backend) == 0)
            return &places->items[i];
    return NULL;
}

void places_look(struct places *places, bool roofs)
{
    for (size_t i = 0; i < places->count; i++) {
        struct place *place = &places->items[i];
        struct worker_answer answer;
        if (!place->device->apart)
            continue;
        worker_ask(&place->worker, &(struct worker_question){.task = roofs ? WORKER_ROOFS : WORKER_LOOK}, &answer);
        if (answer.status == STATUS_OK || answer.gpu.name[0])
            place->gpu = answer.gpu;
    }
}

void places_close(struct places *places)
{
    for (size_t i = 0; i < places->count; i++)
        worker_end(&places->items[i].worker);
    places->count = 0;
}
