#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READ_AT_ONCE = 65536, FIRST_FREE = 3 };

double process_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* A pipe whose ends lie above the three standard files: a program that was itself started without stdin would else
 * see its pipes overwrite each other. */
static int open_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    for (int i = 0; i < 2; i++) {
        if (ends[i] >= FIRST_FREE)
            continue;
        int higher = fcntl(ends[i], F_DUPFD_CLOEXEC, FIRST_FREE);
        if (higher < 0)
            return errno;
        close(ends[i]);
        ends[i] = higher;
    }
    return 0;
}

/* pipes[i] becomes the child's file i; the child's end is [0] for its input and [1] for the others. */
static int spawn(pid_t *pid, const char *const *argv, int pipes[3][2])
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, plain;
    sigemptyset(&none);
    sigemptyset(&plain);
    sigaddset(&plain, SIGPIPE);
    sigaddset(&plain, SIGINT);
    sigaddset(&plain, SIGTERM);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    int error = 0;
    for (int i = 0; i < 3 && error == 0; i++)
        error = posix_spawn_file_actions_adddup2(&files, pipes[i][i > 0], i);
    if (error == 0)
        error = posix_spawn_file_actions_addclosefrom_np(&files, FIRST_FREE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &plain);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    if (error == 0)
        error = posix_spawnp(pid, argv[0], &files, &attributes, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return error;
}

enum status process_start(struct process *process, const char *const *argv, const char *remedy, struct diags *diags)
{
    *process = (struct process){0, -1, -1, -1};
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}}, error = 0;
    for (int i = 0; i < 3 && error == 0; i++)
        error = open_pipe(pipes[i]);
    if (error == 0)
        error = spawn(&process->pid, argv, pipes);
    for (int i = 0; i < 3; i++) { /* the child's ends are the child's alone now */
        close_end(&pipes[i][i > 0]);
        if (error != 0)
            close_end(&pipes[i][i == 0]);
        else
            fcntl(pipes[i][i == 0], F_SETFL, O_NONBLOCK);
    }
    if (error != 0) {
        process->pid = 0;
        diags_error(diags, NULL, 0, remedy, "cannot start %s: %s", argv[0], strerror(error));
        return STATUS_FAILED;
    }
    process->input = pipes[0][1];
    process->output = pipes[1][0];
    process->errors = pipes[2][0];
    return STATUS_OK;
}

/* write(), with EPIPE instead of the signal: other threads and the program's own handlers notice nothing. */
static ssize_t write_quietly(int file, const char *bytes, size_t length)
{
    sigset_t broken, pending, before;
    const struct timespec at_once = {0};
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    ssize_t put = write(file, bytes, length);
    int error = errno;
    if (put < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE))
        while (sigtimedwait(&broken, NULL, &at_once) < 0 && errno == EINTR)
            ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return put;
}

static bool passing(int error)
{
    return error == EINTR || error == EAGAIN;
}

static void move_input(struct process *process, struct process_input *input)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): called only while there is input */
    ssize_t put = write_quietly(process->input, input->bytes, input->length);
    if (put > 0) {
        input->bytes += put;
        input->length -= (size_t)put;
    } else if (put < 0 && !passing(errno)) {
        input->length = 0;
        close_end(&process->input);
    }
}

static void move_output(int *end, struct text *to)
{
    char bytes[READ_AT_ONCE];
    ssize_t got = read(*end, bytes, sizeof bytes);
    if (got > 0)
        text_add_bytes(to, bytes, (size_t)got);
    else if (got == 0 || !passing(errno))
        close_end(end);
}

enum process_event process_step(struct process *process, struct process_input *input, struct text *output,
                                struct text *errors, double seconds)
{
    bool writing = input && input->length > 0 && process->input >= 0;
    struct pollfd ends[] = {
        {process->output, POLLIN, 0}, {process->errors, POLLIN, 0}, {writing ? process->input : -1, POLLOUT, 0}};
    if (process->output < 0 && process->errors < 0)
        return PROCESS_ENDED;
    double until = process_now() + seconds;
    int ready;
    do {
        double left = until - process_now();
        ready = poll(ends, 3, left > 0 ? (int)(left * 1e3) + 1 : 0);
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return PROCESS_QUIET;
    if (ends[0].revents)
        move_output(&process->output, output);
    if (ends[1].revents)
        move_output(&process->errors, errors);
    if (ends[2].revents)
        move_input(process, input);
    return process->output < 0 && process->errors < 0 ? PROCESS_ENDED : PROCESS_MOVED;
}

void process_close_input(struct process *process)
{
    close_end(&process->input);
}

int process_end(struct process *process, double seconds)
{
    close_end(&process->input);
    close_end(&process->output);
    close_end(&process->errors);
    if (process->pid <= 0)
        return -1;
    int code = 0;
    bool killed = false;
    double until = process_now() + seconds;
    for (;;) {
        pid_t ended = waitpid(process->pid, &code, killed ? 0 : WNOHANG);
        if (ended == process->pid || (ended < 0 && errno != EINTR))
            break;
        if (!killed && process_now() >= until) {
            kill(-process->pid, SIGKILL);
            killed = true;
        } else if (!killed) {
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
    }
    process->pid = 0;
    return WIFSIGNALED(code) ? 128 + WTERMSIG(code) : WEXITSTATUS(code);
}
