#include "help_device.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "help_fakes.h"
#include "kernels/block_mask.h"
#include "kernels/oracle.h"

const double fake_seconds = 1e-3;

enum { ROOM = 64 << 20 };

static const struct {
    const char *name;
    size_t scratch;
} behaviours[] = {{"good", 64}, {"bad", 0},      {"refused", 0}, {"sticky", 0},        {"hangs", 0},
                  {"lazy", 0},  {"vanishes", 0}, {"dies", 0},    {"greedy", 2 * ROOM}, {"masked", 0}};
enum { BEHAVIOURS = sizeof behaviours / sizeof behaviours[0] };

static const char *supports_all(const struct attention_problem *problem)
{
    (void)problem;
    return NULL;
}

static size_t small_scratch(const struct attention_problem *problem, int threads)
{
    (void)problem;
    (void)threads;
    return 64;
}

static size_t large_scratch(const struct attention_problem *problem, int threads)
{
    (void)problem;
    (void)threads;
    return (size_t)2 * ROOM;
}

static const struct kernel *const *kernels_of(const char *backend, struct kernel *rows, const struct kernel **list)
{
    for (int i = 0; i < BEHAVIOURS; i++) {
        rows[i] = fake_staged;
        rows[i].name = behaviours[i].name;
        rows[i].family = behaviours[i].name;
        rows[i].backend = backend;
        rows[i].unsupported = supports_all;
        rows[i].workspace = behaviours[i].scratch > ROOM ? large_scratch : small_scratch;
        list[i] = &rows[i];
    }
    return list;
}

static const struct kernel *const *kernels(size_t *count)
{
    static struct kernel rows[BEHAVIOURS];
    static const struct kernel *list[BEHAVIOURS];
    *count = BEHAVIOURS;
    return kernels_of("fake", rows, list);
}

static const struct kernel *const *timeless_kernels(size_t *count)
{
    static struct kernel rows[BEHAVIOURS];
    static const struct kernel *list[BEHAVIOURS];
    *count = BEHAVIOURS;
    return kernels_of("timeless", rows, list);
}

static const struct kernel *const *no_kernels(size_t *count)
{
    *count = 0;
    return NULL;
}

static int two(char *reason, size_t size)
{
    (void)reason;
    (void)size;
    return 2;
}

static int none(char *reason, size_t size)
{
    snprintf(reason, size, "no driver for absent things is here");
    return 0;
}

static enum status open_session(int index, void **session, struct device_fault *fault)
{
    static double held;
    const char *gone = getenv(FAKE_GONE);
    (void)index;
    if (gone && access(gone, F_OK) == 0)
        return device_failed(fault, true, "the GPU has fallen off the bus");
    held = 0;
    *session = &held;
    return STATUS_OK;
}

static enum status open_closed(int index, void **session, struct device_fault *fault)
{
    (void)session;
    return device_failed(fault, true, "card %d has compute capability 7.5; the kernels are built for 8.0 and newer",
                         index);
}

static void close_session(void *session)
{
    (void)session;
}

static void look(void *session, struct machine_gpu *gpu)
{
    (void)session;
    strcpy(gpu->name, "Fake 9000");
    strcpy(gpu->driver, "CUDA 99.0");
    gpu->major = 9;
    gpu->multiprocessors = 132;
    gpu->sram_block = 227 << 10;
    gpu->l2 = 50 << 20;
    gpu->memory = ROOM;
}

static enum status roofs(void *session, struct machine_gpu *gpu, struct device_fault *fault)
{
    (void)session;
    (void)fault;
    gpu->copy = 3e12;
    gpu->product_bf16 = 8e14;
    gpu->product_f32 = 5e13;
    return STATUS_OK;
}

static double room(void *session)
{
    return ROOM - *(double *)session;
}

/* Small, so that a few sets take turns. */
static double cache(void *session)
{
    (void)session;
    return 2048;
}

/* The size stands in front of each piece. */
static void *take(void *session, const char *name, size_t bytes)
{
    size_t *piece = (double)bytes <= room(session) ? malloc(bytes + 64) : NULL;
    (void)name;
    if (!piece)
        return NULL;
    *piece = bytes;
    *(double *)session += (double)bytes;
    return (char *)piece + 64;
}

static void give_back(void *session, void *memory)
{
    size_t *piece = (size_t *)(void *)((char *)memory - 64);
    *(double *)session -= (double)*piece;
    free(piece);
}

static enum status move(void *session, void *to, const void *from, size_t bytes, struct device_fault *fault)
{
    (void)session;
    (void)fault;
    memcpy(to, from, bytes);
    return STATUS_OK;
}

static enum status poison(void *session, void *memory, size_t bytes, struct device_fault *fault)
{
    (void)session;
    (void)fault;
    oracle_poison(memory, bytes);
    return STATUS_OK;
}

static void hang(void)
{
    for (;;)
        pause();
}

static void die(const char *words)
{
    fprintf(stderr, "first words\n%s\n", words);
    fflush(stderr);
    raise(SIGKILL);
}

static void vanish(void)
{
    FILE *mark = fopen(getenv(FAKE_GONE), "w");
    if (mark)
        fclose(mark);
    die("Xid 79");
}

static enum status right(const struct device_launch *launch)
{
    struct kernel_launch one = {.problem = launch->problem, .tensors = launch->sets, .threads = 1};
    return fake_right.launch(&one);
}

/* Blocks of 8 x 8, row r lists 0 and r. */
static bool mask_arrived(const struct device_launch *launch)
{
    const struct block_mask *mask = launch->problem->mask.blocks;
    bool same = mask && mask->block_q == 8 && mask->block_kv == 8 && mask->rows == 2 && mask->entries == 3;
    for (int64_t i = 0; same && i <= mask->rows; i++)
        same = mask->first[i] == launch->block_first[i] && mask->first[i] == (i == 0 ? 0 : i == 1 ? 1 : 3);
    for (int64_t i = 0; same && i < mask->entries; i++)
        same = mask->block[i] == launch->block_list[i] && mask->block[i] == (i == 2);
    return same;
}

static enum status run(void *session, const struct device_launch *launch, struct device_fault *fault)
{
    const char *name = launch->kernel->name;
    float *o = launch->sets[0].o;
    (void)session;
    puts("what a kernel prints is no answer");
    fflush(stdout);
    if (strcmp(name, "refused") == 0)
        return device_failed(fault, false, "the launch failed: invalid configuration argument");
    if (strcmp(name, "sticky") == 0)
        return device_failed(fault, true, "the kernel failed: an illegal memory access was encountered");
    if (strcmp(name, "masked") == 0 && !mask_arrived(launch))
        return device_failed(fault, false, "another block mask arrived");
    if (strcmp(name, "hangs") == 0)
        hang();
    if (strcmp(name, "dies") == 0)
        die("cuda: assertion failed in the driver");
    if (strcmp(name, "vanishes") == 0)
        vanish();
    enum status status = right(launch);
    if (strcmp(name, "bad") == 0)
        o[0] = 0.5f;
    return status;
}

static enum status repeat(void *session, const struct device_launch *launch, double min_time,
                          struct repetition *repetition, struct device_fault *fault)
{
    (void)session;
    (void)fault;
    if (strcmp(launch->kernel->name, "lazy") == 0)
        hang();
    *repetition = (struct repetition){.seconds = fake_seconds,
                                      .cpu_seconds = fake_seconds / 10,
                                      .calls = (int64_t)(min_time / fake_seconds),
                                      .stages = {0.25 * fake_seconds, 0.75 * fake_seconds},
                                      .hot = 0.9 * fake_seconds,
                                      .graph = 0.8 * fake_seconds};
    return STATUS_OK;
}

static enum status repeat_without_time(void *session, const struct device_launch *launch, double min_time,
                                       struct repetition *repetition, struct device_fault *fault)
{
    (void)session;
    (void)launch;
    (void)min_time;
    (void)fault;
    *repetition = (struct repetition){.seconds = NAN, .hot = NAN, .graph = NAN};
    return STATUS_OK;
}

static void condition(void *session, struct device_condition *now)
{
    (void)session;
    *now = (struct device_condition){1980, 2619, 650, 55, "power limit"};
}

#define FAKE(word, gives_times, how_many, which, opens, repeats)                                                       \
    {                                                                                                                  \
        .name = word, .backend = word, .words = "a fake", .times = gives_times, .apart = true, .count = how_many,      \
        .kernels = which, .open = opens, .close = close_session, .look = look, .roofs = roofs, .room = room,           \
        .cache = cache, .take = take, .give_back = give_back, .upload = move, .download = move, .poison = poison,      \
        .launch = run, .repeat = repeats, .condition = condition                                                       \
    }

const struct device fake_device = FAKE("fake", true, two, kernels, open_session, repeat);
const struct device fake_closed = FAKE("closed", true, two, kernels, open_closed, repeat);
const struct device fake_timeless = FAKE("timeless", false, two, timeless_kernels, open_session, repeat_without_time);
const struct device fake_absent = FAKE("absent", true, none, no_kernels, open_session, repeat);
const struct device *const fake_devices[] = {&fake_device, &fake_closed, &fake_timeless, &fake_absent};
const size_t fake_device_count = sizeof fake_devices / sizeof fake_devices[0];
