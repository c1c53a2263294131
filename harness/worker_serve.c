/* worker_serve.c - inside a worker: the device, open, and one answer to each question. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness/station_packed.h"
#include "harness/worker_wire.h"

struct serving {
    const struct device *device;
    struct station *station;
    struct station_packed stacks;
    struct machine_gpu gpu; /* as the last look or roofs left it */
    int questions, answers; /* files */
};

/* False at the end of the pipe. */
static bool read_all(int file, void *to, size_t bytes)
{
    for (size_t done = 0; done < bytes;) {
        ssize_t got = read(file, (char *)to + done, bytes - done);
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static bool write_all(int file, const void *from, size_t bytes)
{
    for (size_t done = 0; done < bytes;) {
        ssize_t put = write(file, (const char *)from + done, bytes - done);
        if (put <= 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

static bool reply(const struct serving *serving, const struct worker_answer *answer)
{
    struct wire_answer wire = {.size = sizeof wire, .answer = *answer};
    wire.ending = answer->status != STATUS_OK && answer->fault.broken;
    return write_all(serving->answers, &wire, sizeof wire) && !wire.ending;
}

/* What kernels and libraries print goes to stderr: the answers have a file of their own. */
static bool take_over_files(struct serving *serving)
{
    serving->questions = dup(STDIN_FILENO);
    serving->answers = dup(STDOUT_FILENO);
    return serving->questions >= 0 && serving->answers >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

static const struct kernel *kernel_of(const struct device *device, const char *name)
{
    size_t count;
    const struct kernel *const *kernels = device->kernels(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(kernels[i]->name, name) == 0)
            return kernels[i];
    return NULL;
}

static void answer_case(struct serving *serving, const struct wire_question *q, struct worker_answer *a)
{
    struct station_case c = {.kernel = kernel_of(serving->device, q->kernel),
                             .problem = &q->problem,
                             .name = q->name,
                             .seed = q->seed,
                             .threads = q->threads};
    if (!c.kernel)
        a->status = device_failed(&a->fault, false, "the device has no kernel '%s'", q->kernel);
    else if (q->task == WORKER_VERIFY)
        a->status = station_verify(serving->station, &c, q->rows, &a->verdict, &a->fault);
    else if (q->task == WORKER_REPEAT)
        a->status = station_repeat(serving->station, &c, q->min_time, &a->times, &a->fault);
    else
        a->status = station_output(serving->station, &c, q->path, &a->fault);
}

static void answer_packed(struct serving *serving, const struct wire_question *q, const int64_t *starts,
                          struct worker_answer *a)
{
    struct station_pack pack = {.kernel = kernel_of(serving->device, q->kernel),
                                .problem = &q->problem,
                                .packed = {starts, q->sequences},
                                .most_tokens = q->most_tokens,
                                .longest = q->longest,
                                .name = q->name,
                                .seed = q->seed,
                                .threads = q->threads};
    if (!pack.kernel || !serving->device->packed)
        a->status = device_failed(&a->fault, false, "the device has no kernel '%s' for packed sequences", q->kernel);
    else if (q->task == WORKER_PACKED_VERIFY)
        a->status = station_packed_verify(&serving->stacks, &pack, q->rows, &a->verdict, &a->fault);
    else
        a->status = station_packed_repeat(&serving->stacks, &pack, q->min_time, &a->packed, &a->fault);
}

static void answer_device(struct serving *serving, const struct wire_question *q, struct worker_answer *a)
{
    const struct device *device = serving->device;
    void *session = station_session(serving->station);
    if (device->look && !serving->gpu.name[0])
        device->look(session, &serving->gpu);
    if (q->task == WORKER_ROOFS && device->roofs)
        a->status = device->roofs(session, &serving->gpu, &a->fault);
    a->gpu = serving->gpu;
}

/* The arrays behind a question, which then points at them. */
struct arrays {
    void *first, *list, *gate, *starts;
    struct block_choice *choice;
};

static void free_arrays(struct arrays *arrays)
{
    free(arrays->first);
    free(arrays->list);
    free(arrays->gate);
    free(arrays->starts);
    free(arrays->choice);
}

static void *read_array(const struct serving *serving, size_t bytes)
{
    void *array = malloc(bytes + 1);
    if (array && read_all(serving->questions, array, bytes))
        return array;
    free(array);
    return NULL;
}

static bool read_choice(const struct serving *serving, struct wire_question *q, struct arrays *arrays)
{
    struct gate *gate = &q->choice.gate;
    arrays->gate = gate->weights = read_array(serving, wire_gate_bytes(gate));
    arrays->choice = gate->weights ? choice_make(&q->problem, gate, q->choice.density) : NULL;
    q->blocks.choice = arrays->choice;
    return arrays->choice != NULL;
}

static bool read_blocks(const struct serving *serving, struct wire_question *q, struct arrays *arrays)
{
    q->problem.mask.blocks = NULL;
    q->blocks.choice = NULL;
    if (!q->has_blocks)
        return true;
    q->blocks.first = arrays->first = read_array(serving, wire_first_bytes(&q->blocks));
    q->blocks.block = arrays->list = arrays->first ? read_array(serving, wire_list_bytes(&q->blocks)) : NULL;
    if (!arrays->list || (q->has_choice && !read_choice(serving, q, arrays)))
        return false;
    q->problem.mask.blocks = &q->blocks;
    return true;
}

static bool read_starts(const struct serving *serving, const struct wire_question *q, struct arrays *arrays)
{
    if (q->sequences == 0)
        return true;
    arrays->starts = read_array(serving, wire_starts_bytes(q->sequences));
    return arrays->starts != NULL;
}

static void serve(struct serving *serving)
{
    struct wire_question question;
    bool going_on = true;
    while (going_on && read_all(serving->questions, &question, sizeof question)) {
        struct worker_answer answer = {.status = STATUS_OK};
        struct arrays arrays = {0};
        going_on = question.size == sizeof question && read_blocks(serving, &question, &arrays) &&
                   read_starts(serving, &question, &arrays);
        if (going_on && (question.task == WORKER_LOOK || question.task == WORKER_ROOFS))
            answer_device(serving, &question, &answer);
        else if (going_on && arrays.starts)
            answer_packed(serving, &question, arrays.starts, &answer);
        else if (going_on)
            answer_case(serving, &question, &answer);
        going_on = going_on && reply(serving, &answer);
        free_arrays(&arrays);
    }
}

/* "cuda:1" in the table; NULL when there is none of that name. */
static const struct device *device_named(const struct device *const *table, size_t count, const char *words, int *index)
{
    size_t length = strcspn(words, ":");
    *index = words[length] ? atoi(words + length + 1) : 0;
    for (size_t i = 0; i < count; i++)
        if (strlen(table[i]->name) == length && strncmp(table[i]->name, words, length) == 0)
            return table[i];
    return NULL;
}

int worker_serve(const struct device *const *table, size_t count, const char *words)
{
    struct serving serving = {.gpu = {.copy = NAN, .product_bf16 = NAN, .product_f32 = NAN, .power_limit = NAN}};
    struct worker_answer hello = {.status = STATUS_FAILED};
    int index;
    signal(SIGINT, SIG_IGN);          /* the one who asks decides when it ends */
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* and when he is killed, so is this */
    if (!take_over_files(&serving))
        return status_exit_code(STATUS_IO);
    serving.device = device_named(table, count, words, &index);
    if (serving.device)
        hello.status = station_open(serving.device, index, &serving.station, &hello.fault);
    else
        device_failed(&hello.fault, true, "there is no device '%.40s'", words);
    snprintf(serving.gpu.device, sizeof serving.gpu.device, "%.80s", words);
    if (hello.status == STATUS_OK)
        serving.stacks = (struct station_packed){.device = serving.device, .session = station_session(serving.station)};
    if (reply(&serving, &hello))
        serve(&serving);
    station_packed_free(&serving.stacks);
    station_close(serving.station);
    return hello.status == STATUS_OK ? 0 : status_exit_code(STATUS_FAILED);
}
