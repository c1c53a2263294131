/* flashdeck.c - the program: one table of commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "cli/command.h"
#include "kernels/cpu/blas.h"

static const struct command commands[] = {
    {"list", "the kernels, what each does and where it comes from", cmd_list},
    {"devices", "this machine: processor, caches, memory and its measured roofs", cmd_devices},
    {"bench", "verify, then measure kernels; writes a record", cmd_bench},
    {"verify", "hold kernels against the float64 oracle, without timing", cmd_verify},
    {"count", "count the bytes that CUDA kernels move, in a simulator: no GPU needed", cmd_count},
    {"train-gate", "teach learned sparse attention where attention falls", cmd_train_gate},
    {"tradeoff", "what each way to choose keys costs, and what it keeps", cmd_tradeoff},
    {"reproduce", "a paper's table, measured here beside what was published", cmd_reproduce},
    {"attend", "run one kernel on your own tensors (.npy)", cmd_attend},
    {"compare", "two records of one machine: what got slower, what keeps less", cmd_compare},
    {"report", "turn a record into Markdown and an HTML page", cmd_report},
#ifdef FLASHDECK_SLIDES
    {"deck", "turn a Markdown deck and records into slides (PDF, PNG)", cmd_deck},
    {"run", "the main job: measure, report, carousel, into out/", cmd_run},
#endif
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *stream)
{
    fputs("flashdeck: attention kernels, measured honestly; the result fills a carousel\n\n"
          "usage: flashdeck COMMAND [OPTIONS]   (flashdeck COMMAND --help says more)\n\n",
          stream);
    for (int i = 0; i < COMMANDS; i++)
        fprintf(stream, "  %-10s  %s\n", commands[i].name, commands[i].summary);
}

int main(int argc, char **argv)
{
    blas_choose_core(argv);
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("flashdeck " FLASHDECK_VERSION);
        return 0;
    }
    if (strcmp(argv[1], "worker") == 0)
        return cmd_worker(argc - 1, argv + 1);
    const char *names[COMMANDS];
    for (int i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
        if (strcmp(argv[1], names[i]) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    char *hint = nearest_sentence(argv[1], names, COMMANDS, 3);
    fprintf(stderr, "error: there is no command '%s'\n    %s\n", argv[1],
            hint ? hint : "`flashdeck help` lists the commands.");
    free(hint);
    return 2;
}
