/* command.h - a command of the program: a row of the one table in flashdeck.c. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

struct command {
    const char *name;    /* "bench" */
    const char *summary; /* one line for `flashdeck help` */
    /* argv[0] is the command's own name; returns the exit code (status.h). Must answer --help. */
    int (*run)(int argc, char **argv);
};

int cmd_list(int argc, char **argv);
int cmd_devices(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_count(int argc, char **argv);
int cmd_train_gate(int argc, char **argv);
int cmd_tradeoff(int argc, char **argv);
int cmd_reproduce(int argc, char **argv);
int cmd_attend(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_deck(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_worker(int argc, char **argv); /* not for people: harness/worker.h starts it */

/* Verbs of `deck`: argv[0] is the verb. */
int cmd_deck_export(int argc, char **argv);
int cmd_deck_gallery(int argc, char **argv);
int cmd_deck_watch(int argc, char **argv);

#endif
