#include "cli/watch_pdf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"

static const double pause_of_author = 1, glance = 0.05, ending = 20;

struct watch_pdf {
    const char **command;
    struct process process;
    struct text output, errors;
    double begun;
    bool running, wanted, good;
};

struct watch_pdf *watch_pdf_open(int argc, char **argv)
{
    static const char *const first[] = {"/proc/self/exe", "deck", "export", "--format", "pdf"};
    enum { FIRST = sizeof first / sizeof first[0] };
    struct watch_pdf *pdf = calloc(1, sizeof *pdf);
    const char **command = calloc((size_t)argc + FIRST + 1, sizeof *command);
    if (!pdf || !command) {
        free(pdf);
        free(command);
        return NULL;
    }
    memcpy(command, first, sizeof first);
    for (int i = 1; i < argc; i++)
        command[FIRST + i - 1] = argv[i];
    pdf->command = command;
    return pdf;
}

static void finish(struct watch_pdf *pdf)
{
    int code = process_end(&pdf->process, ending);
    if (code == 0) /* "out/deck.pdf: 12 slides" */
        printf("%.*s: %.0f ms\n", (int)strcspn(pdf->output.bytes ? pdf->output.bytes : "deck.pdf", "\n"),
               pdf->output.bytes ? pdf->output.bytes : "deck.pdf", 1e3 * (process_now() - pdf->begun));
    else
        fprintf(stderr, "%sthe PDF is as it was\n", pdf->errors.bytes ? pdf->errors.bytes : "");
    fflush(stdout);
    text_free(&pdf->output);
    text_free(&pdf->errors);
    pdf->running = false;
}

static void begin(struct watch_pdf *pdf)
{
    struct diags diags = {0};
    pdf->wanted = false;
    pdf->begun = process_now();
    pdf->running = process_start(&pdf->process, pdf->command, NULL, &diags) == STATUS_OK;
    if (pdf->running)
        process_close_input(&pdf->process);
    diags_print(&diags, stderr);
    diags_free(&diags);
}

static void look(struct watch_pdf *pdf)
{
    while (pdf->running)
        switch (process_step(&pdf->process, NULL, &pdf->output, &pdf->errors, 0)) {
        case PROCESS_ENDED:
            finish(pdf);
            return;
        case PROCESS_QUIET:
            return;
        case PROCESS_MOVED:
            break;
        }
}

void watch_pdf_close(struct watch_pdf *pdf)
{
    if (!pdf)
        return;
    if (pdf->running)
        finish(pdf);
    free(pdf->command);
    free(pdf);
}

void watch_pdf_drawn(struct watch_pdf *pdf, bool drawn, bool changed)
{
    pdf->good = drawn;
    pdf->wanted |= drawn && changed;
}

double watch_pdf_patience(const struct watch_pdf *pdf)
{
    return pdf->running ? glance : pdf->wanted && pdf->good ? pause_of_author : -1;
}

void watch_pdf_quiet(struct watch_pdf *pdf)
{
    if (pdf->running)
        look(pdf);
    else if (pdf->wanted && pdf->good)
        begin(pdf);
}
