#include "harness/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/worker_wire.h"

/* Starting takes its time on a machine with many cards; a kill does too, while a kernel runs. */
enum { START_SECONDS = 120, END_SECONDS = 5, KILL_SECONDS = 30 };

/* The end of what it said on stderr: the last words of a process that died. */
static void last_words(const struct text *errors, char *words, size_t size)
{
    const char *bytes = errors->bytes ? errors->bytes : "";
    size_t end = errors->length;
    while (end > 0 && bytes[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    size_t length = end - start < 150 ? end - start : 150;
    snprintf(words, size, "%s%.*s", length ? ": " : "", (int)length, bytes + start);
}

/* A killed process ends late when the driver is busy, or never: then nobody waits for it. */
static int kill_and_wait(struct worker *worker)
{
    int code = 0;
    kill(-worker->process.pid, SIGKILL);
    for (double until = process_now() + KILL_SECONDS; process_now() < until;) {
        pid_t ended = waitpid(worker->process.pid, &code, WNOHANG);
        if (ended == worker->process.pid || (ended < 0 && errno != EINTR))
            break;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    worker->process.pid = 0;
    process_end(&worker->process, 0); /* the pipes */
    return WIFSIGNALED(code) ? WTERMSIG(code) : 0;
}

static void forget(struct worker *worker)
{
    text_free(&worker->output);
    text_free(&worker->errors);
}

void worker_end(struct worker *worker)
{
    if (worker->process.pid > 0) {
        process_close_input(&worker->process);
        struct text rest = {0};
        double until = process_now() + END_SECONDS;
        while (process_now() < until && process_step(&worker->process, NULL, &rest, &rest, 0.1) != PROCESS_ENDED)
            ;
        text_free(&rest);
        kill_and_wait(worker);
    }
    forget(worker);
}

/* Sends all of `input` and waits for one whole answer. False: no answer, with the reason. */
static bool exchange(struct worker *worker, struct process_input *input, double limit, struct wire_answer *wire,
                     struct device_fault *fault)
{
    double until = process_now() + limit;
    while (worker->output.length < sizeof *wire) {
        enum process_event event = process_step(&worker->process, input, &worker->output, &worker->errors, 0.2);
        if (worker->output.length >= sizeof *wire)
            break;
        if (event == PROCESS_ENDED) {
            char words[200];
            last_words(&worker->errors, words, sizeof words);
            int code = process_end(&worker->process, END_SECONDS);
            device_failed(fault, true, "the process that ran it died (%s %d)%s", code > 128 ? "signal" : "exit code",
                          code > 128 ? code - 128 : code, words);
            return false;
        }
        if (process_now() >= until) {
            device_failed(
                fault, true,
                "no answer within %g s (--case-limit): the kernel hangs or is very slow; its process was ended", limit);
            kill_and_wait(worker);
            return false;
        }
    }
    memcpy(wire, worker->output.bytes, sizeof *wire);
    forget(worker);
    if (wire->size == sizeof *wire)
        return true;
    device_failed(fault, true, "the worker is another version of this program");
    kill_and_wait(worker);
    return false;
}

/* A fresh worker, its device open; false with the reason, and then it is not tried again. */
static bool start(struct worker *worker, struct device_fault *fault)
{
    struct diags diags = {0};
    struct wire_answer hello;
    bool open = false;
    if (process_start(&worker->process, worker->command, NULL, &diags) != STATUS_OK) {
        device_failed(fault, true, "%.300s", diags.count && diags.items[0].what ? diags.items[0].what : "no process");
    } else if (exchange(worker, NULL, START_SECONDS, &hello, fault)) {
        open = hello.answer.status == STATUS_OK;
        *fault = hello.answer.fault;
        worker->started += open;
    }
    diags_free(&diags);
    if (open)
        return true;
    snprintf(worker->gone, sizeof worker->gone, "%s%.300s", worker->started ? "the device is gone: " : "",
             fault->reason);
    worker_end(worker);
    return false;
}

static void encode(const struct worker_question *question, struct text *bytes)
{
    struct wire_question wire = {.size = sizeof wire,
                                 .task = question->task,
                                 .seed = question->seed,
                                 .threads = question->threads,
                                 .rows = question->rows,
                                 .sequences = question->packed ? question->packed->count : 0,
                                 .most_tokens = question->most_tokens,
                                 .longest = question->longest,
                                 .min_time = question->min_time};
    if (question->kernel)
        snprintf(wire.kernel, sizeof wire.kernel, "%s", question->kernel->name);
    if (question->name)
        snprintf(wire.name, sizeof wire.name, "%s", question->name);
    if (question->path)
        snprintf(wire.path, sizeof wire.path, "%s", question->path);
    if (question->problem)
        wire.problem = *question->problem;
    const struct block_mask *mask = wire.problem.mask.blocks;
    wire.has_blocks = mask != NULL;
    if (mask)
        wire.blocks = *mask;
    wire.has_choice = mask && mask->choice;
    if (wire.has_choice)
        wire.choice = *mask->choice;
    text_add_bytes(bytes, (const char *)&wire, sizeof wire);
    if (mask) {
        text_add_bytes(bytes, (const char *)mask->first, wire_first_bytes(mask));
        text_add_bytes(bytes, (const char *)mask->block, wire_list_bytes(mask));
        if (wire.has_choice)
            text_add_bytes(bytes, (const char *)wire.choice.gate.weights, wire_gate_bytes(&wire.choice.gate));
    }
    if (question->packed)
        text_add_bytes(bytes, (const char *)question->packed->starts, wire_starts_bytes(wire.sequences));
}

void worker_ask(struct worker *worker, const struct worker_question *question, struct worker_answer *answer)
{
    struct wire_answer wire;
    struct text bytes = {0};
    *answer = (struct worker_answer){.status = STATUS_FAILED};
    if (worker->gone[0]) {
        device_failed(&answer->fault, true, "%s", worker->gone);
        return;
    }
    if (worker->process.pid <= 0 && !start(worker, &answer->fault)) {
        device_failed(&answer->fault, true, "%s", worker->gone);
        return;
    }
    encode(question, &bytes);
    struct process_input input = {bytes.bytes, bytes.length};
    if (bytes.failed)
        device_failed(&answer->fault, false, "out of memory");
    else if (exchange(worker, &input, worker->limit, &wire, &answer->fault)) {
        *answer = wire.answer;
        if (wire.ending)
            worker_end(worker);
    }
    text_free(&bytes);
}
