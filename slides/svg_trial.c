#include "slides/svg_trial.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIDE = 1080, PROCESSOR_SECONDS = 1, SECONDS = 20, MEGABYTES = 256 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool limits_memory = false; /* a sanitizer reserves terabytes for its own */
#else
static const bool limits_memory = true;
#endif

/* What this process has mapped already counts as well. */
static void limit_memory(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages;
    if (file && fscanf(file, "%lu", &pages) == 1) {
        rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)MEGABYTES << 20);
        setrlimit(RLIMIT_AS, &(struct rlimit){most, most});
    }
    if (file)
        fclose(file);
}

static bool draw(RsvgHandle *svg, double width, double height)
{
    double scale = SIDE / fmax(width, height);
    RsvgRectangle all = {0, 0, width * scale, height * scale};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, SIDE, SIDE);
    cairo_t *cairo = cairo_create(surface);
    return rsvg_handle_render_document(svg, cairo, &all, NULL) && cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
}

/* Says nothing, whatever its end: the parent tells. */
static _Noreturn void child(RsvgHandle *svg, double width, double height)
{
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_CPU, &(struct rlimit){PROCESSOR_SECONDS, PROCESSOR_SECONDS});
    if (limits_memory)
        limit_memory();
    alarm(SECONDS);
    _exit(draw(svg, width, height) ? 0 : 1);
}

const char *svg_trial(RsvgHandle *svg, double width, double height)
{
    int status;
    fflush(NULL); /* what is written so far would be written by both */
    pid_t pid = fork();
    if (pid == 0)
        child(svg, width, height);
    if (pid < 0)
        return "no process could be started to try this SVG in";
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return "this SVG could not be tried";
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0 ? NULL : "this SVG cannot be drawn";
    return "this SVG takes more than a second or 256 MB to draw";
}
