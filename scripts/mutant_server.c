/* mutant_server.c - runs problems on mutants: scripts/mutate.py builds it with the kernels that hold them all, and
 * asks.
 *
 * It first says its jobs, one a line: number, kernel; then an empty line. A line of its input is
 *     MUTANT JOB:MILLISECONDS JOB:MILLISECONDS ...
 * which a child of its own runs in this order as that mutant, up to the first that fails; no job may take longer. Its
 * answer is one line: MUTANT survived|killed|hang|crash JOB SECONDS WORDS. Mutant 0 is none. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "simt/help_jobs.h"

extern int mutant_now; /* read by the kernels; constant for them */

/* What a child leaves behind, in shared memory. */
struct outcome {
    long job;
    bool failed;
    char words[256];
};

static void limit(long milliseconds)
{
    const struct itimerval timer = {.it_value = {milliseconds / 1000, milliseconds % 1000 * 1000}};
    setitimer(ITIMER_PROF, &timer, NULL); /* of the processor, so that a busy machine kills nobody */
}

static void run(struct simt *simt, const struct job *jobs, const char *asked, struct outcome *outcome)
{
    char *end;
    mutant_now = (int)strtol(asked, &end, 10);
    while (*end == ' ') {
        outcome->job = strtol(end + 1, &end, 10);
        limit(strtol(end + 1, &end, 10));
        struct seen seen;
        char words[700];
        if (!judge_job(simt, &jobs[outcome->job], &seen, words, sizeof words)) {
            outcome->failed = true;
            snprintf(outcome->words, sizeof outcome->words, "%s", words);
            return;
        }
    }
}

static double seconds_of(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           1e-6 * (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

static void answer(struct simt *simt, const struct job *jobs, const char *asked, struct outcome *outcome)
{
    struct rusage usage;
    int ended = 0;
    *outcome = (struct outcome){.failed = false};
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0); /* a mutant may signal its whole group */
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(1);
        run(simt, jobs, asked, outcome);
        _exit(0);
    }
    if (child < 0 || wait4(child, &ended, 0, &usage) != child)
        exit(1);
    const char *how = outcome->failed                                    ? "killed"
                      : WIFEXITED(ended) && WEXITSTATUS(ended) == 0      ? "survived"
                      : WIFSIGNALED(ended) && WTERMSIG(ended) == SIGPROF ? "hang"
                                                                         : "crash";
    for (char *c = outcome->words; *c; c++)
        if (*c == '\n')
            *c = ' ';
    printf("%ld %s %ld %.4f %s\n", strtol(asked, NULL, 10), how, outcome->job, seconds_of(&usage), outcome->words);
    fflush(stdout);
}

int main(void)
{
    size_t count, room = 0;
    char *line = NULL;
    struct job *jobs = list_jobs(NULL, &count);
    struct simt *simt = simt_open((size_t)1 << 30);
    struct outcome *outcome = mmap(NULL, sizeof *outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!jobs || !simt || outcome == MAP_FAILED)
        return 1;
    setenv("PATH", "/nonexistent", 1); /* the lines of a fault would cost more than the fault: no addr2line */
    for (size_t j = 0; j < count; j++)
        printf("%zu %s\n", j, simt_kernels[jobs[j].kernel]->name);
    printf("\n");
    fflush(stdout);
    while (getline(&line, &room, stdin) > 0)
        answer(simt, jobs, line, outcome);
    free(line);
    simt_close(simt);
    free(jobs);
    return 0;
}
