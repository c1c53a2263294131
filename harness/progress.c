#include "harness/progress.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct progress progress_open(FILE *stream)
{
    return (struct progress){.stream = stream, .terminal = isatty(fileno(stream)) != 0};
}

static int width_of(FILE *stream)
{
    struct winsize size;
    return ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

static void left_words(double seconds, char *words, size_t size)
{
    if (seconds < 0)
        words[0] = '\0';
    else if (seconds < 90)
        snprintf(words, size, ", about %.0f s left", seconds);
    else
        snprintf(words, size, ", about %.0f min left", seconds / 60);
}

void progress_tell(void *context, const struct bench_progress *now)
{
    struct progress *progress = context;
    char left[48], line[320];
    left_words(now->left, left, sizeof left);
    if (progress->terminal) {
        int width = width_of(progress->stream);
        char round[24] = ""; /* cases take turns: for long none is done, and yet it goes on */
        if (now->round > 0)
            snprintf(round, sizeof round, ", round %d", now->round);
        snprintf(line, sizeof line, "%s %zu/%zu%s%s  %s", now->doing, now->done, now->total, round, left, now->name);
        fprintf(progress->stream, "\r\033[K%.*s", width - 1, line);
    } else if (strcmp(progress->last_phase, now->doing) != 0) {
        fprintf(progress->stream, "%s: %zu cases%s\n", now->doing, now->total, left);
    } else if (now->done >= progress->last_done + (now->total + 3) / 4 ||
               (now->round > 1 && now->round >= 2 * progress->last_round)) {
        fprintf(progress->stream, "%s: %zu of %zu cases done%s\n", now->doing, now->done, now->total, left);
    } else {
        return;
    }
    fflush(progress->stream);
    snprintf(progress->last_phase, sizeof progress->last_phase, "%s", now->doing);
    progress->last_done = now->done;
    progress->last_round = now->round;
}

void progress_close(struct progress *progress)
{
    if (progress->terminal)
        fprintf(progress->stream, "\r\033[K");
    fflush(progress->stream);
}
