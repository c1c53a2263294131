#include "reports/gnuplot.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "base/text.h"

#define MARK "flashdeck: end of script"

struct gnuplot {
    struct process process;
    double limit;
    unsigned scripts; /* so far: each ends with a mark of its own, and an old one is never taken for it */
};

static const char remedy_install[] = "Install it: sudo apt-get install gnuplot-nox";

/* What came of one script: all that it wrote up to its mark. */
struct answer {
    struct text output, errors;
    int fault; /* gnuplot's own error number, of any command of the script; 0 none */
};

static void answer_free(struct answer *answer)
{
    text_free(&answer->output);
    text_free(&answer->errors);
}

/* The bytes of a prompt or of a line number, which means nothing in a pipe. */
static size_t noise_before(const char *line)
{
    if (strncmp(line, "gnuplot> ", 9) == 0)
        return 9;
    size_t digits = strncmp(line, "line ", 5) == 0 ? strspn(line + 5, "0123456789") : 0;
    return digits > 0 && strncmp(line + 5 + digits, ": ", 2) == 0 ? digits + 7 : 0;
}

/* gnuplot's words in one line, without the caret under the fault. Only the first fault: later ones are mostly its echo.
 */
static char *plain_words(const char *errors)
{
    struct text words = {0};
    for (const char *line = errors; line && *line && words.length < 400;) {
        size_t length = strcspn(line, "\n");
        const char *next = line + length + (line[length] == '\n');
        while (length > 0 && isspace((unsigned char)*line)) {
            line++;
            length--;
        }
        size_t noise = noise_before(line);
        noise = noise < length ? noise : length;
        line += noise;
        length -= noise;
        bool empty = length == 0 || (length == 1 && *line == '^');
        if (length == 0 && words.length > 0)
            break;
        if (!empty) {
            text_add(&words, words.length ? ": " : "");
            text_add_bytes(&words, line, length < 300 ? length : 300);
        }
        line = next;
    }
    return text_take(&words);
}

/* The mark of this script in what came so far: finished. What stands before it is gnuplot's own complaint. */
static bool finished(const struct gnuplot *gnuplot, struct answer *answer)
{
    char mark[64];
    snprintf(mark, sizeof mark, "\n" MARK " %u ", gnuplot->scripts);
    char *at = answer->errors.bytes ? strstr(answer->errors.bytes, mark) : NULL;
    if (!at || !strchr(at + 1, '\n'))
        return false;
    answer->fault = atoi(at + strlen(mark));
    *at = '\0';
    answer->errors.length = (size_t)(at - answer->errors.bytes);
    return true;
}

static enum status refuse(struct diags *diags, const char *remedy, const char *what, const char *errors)
{
    char *words = plain_words(errors ? errors : "");
    diags_error(diags, NULL, 0, remedy, "gnuplot %s%s%s", what, words && *words ? ": " : "", words ? words : "");
    free(words);
    return STATUS_FAILED;
}

/* Sends the script and its mark; gathers the answer. On failure the process is gone. */
static enum status converse(struct gnuplot *gnuplot, const char *script, struct answer *answer, struct diags *diags)
{
    struct text whole = {0};
    gnuplot->scripts++;
    /* The mark goes to the errors, which gnuplot does not buffer; a picture is flushed when it is done, so it lies in
     * the pipe by then. The empty line keeps a script without a last line break from swallowing the next. */
    text_format(&whole,
                "reset session\nreset errors\n%s\n\nunset multiplot\nset output\nunset print\n"
                "print sprintf(\"\\n" MARK " %u %%d\", GPVAL_ERRNO)\n",
                script, gnuplot->scripts);
    if (whole.failed) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        text_free(&whole);
        return STATUS_NO_MEMORY;
    }
    struct process_input input = {whole.bytes, whole.length};
    enum process_event event = PROCESS_MOVED;
    double until = process_now() + gnuplot->limit;
    bool done = false, late = false;
    while (!done && !late && event != PROCESS_ENDED) {
        event = process_step(&gnuplot->process, &input, &answer->output, &answer->errors, until - process_now());
        done = finished(gnuplot, answer);
        late = !done && process_now() >= until;
    }
    while (done && process_step(&gnuplot->process, NULL, &answer->output, &answer->errors, 0) == PROCESS_MOVED)
        ; /* the picture's rest */
    text_free(&whole);
    if (done)
        return STATUS_OK;
    int code = process_end(&gnuplot->process, late ? 0 : 1);
    char what[96];
    if (late)
        snprintf(what, sizeof what, "did not answer within %.3g seconds", gnuplot->limit);
    else if (code > 128)
        snprintf(what, sizeof what, "was ended by signal %d (%s)", code - 128, strsignal(code - 128));
    else
        snprintf(what, sizeof what, "ended in the middle of a script, with exit code %d", code);
    return refuse(diags, late ? "Is a brace, a block of data or a quote left open in the script?" : remedy_install,
                  what, answer->errors.bytes);
}

static enum status start(struct gnuplot *gnuplot, struct diags *diags)
{
    static const char *const argv[] = {"gnuplot", "--default-settings", NULL};
    struct answer answer = {0};
    enum status status = process_start(&gnuplot->process, argv, remedy_install, diags);
    if (status == STATUS_OK) /* a first answer: one that dies at once is found here, not at the first chart */
        status = converse(gnuplot, "", &answer, diags);
    answer_free(&answer);
    return status;
}

enum status gnuplot_open(struct gnuplot **gnuplot, struct diags *diags)
{
    *gnuplot = calloc(1, sizeof **gnuplot);
    if (!*gnuplot) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    (*gnuplot)->limit = 10;
    enum status status = start(*gnuplot, diags);
    if (status != STATUS_OK) {
        gnuplot_close(*gnuplot);
        *gnuplot = NULL;
    }
    return status;
}

void gnuplot_close(struct gnuplot *gnuplot)
{
    if (!gnuplot)
        return;
    process_end(&gnuplot->process, 1);
    free(gnuplot);
}

void gnuplot_limit(struct gnuplot *gnuplot, double seconds)
{
    gnuplot->limit = seconds;
}

/* The one picture among what was written. */
static enum status cut_svg(const struct answer *answer, char **svg, size_t *length, struct diags *diags)
{
    static const char end_mark[] = "</svg>";
    const char *bytes = answer->output.bytes ? answer->output.bytes : "";
    const char *first = strstr(bytes, "<?xml"), *end = first ? strstr(first, end_mark) : NULL;
    if (!end)
        return refuse(diags, "It needs `set terminal svg`, a plot, and no `set output`.", "drew no picture",
                      answer->errors.bytes);
    end += strlen(end_mark);
    if (strstr(end, "<?xml"))
        return refuse(diags, "Put several plots between `set multiplot` and `unset multiplot`.",
                      "drew more than one picture", NULL);
    *length = (size_t)(end - first);
    *svg = strndup(first, *length);
    if (!*svg)
        diags_error(diags, NULL, 0, NULL, "out of memory");
    return *svg ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status gnuplot_svg(struct gnuplot *gnuplot, const char *script, char **svg, size_t *length, struct diags *diags)
{
    struct answer answer = {0};
    *svg = NULL;
    *length = 0;
    enum status status = gnuplot->process.pid ? STATUS_OK : start(gnuplot, diags);
    if (status == STATUS_OK)
        status = converse(gnuplot, script, &answer, diags);
    if (status == STATUS_OK && answer.fault)
        status = refuse(diags, NULL, "refuses the script", answer.errors.bytes);
    if (status == STATUS_OK)
        status = cut_svg(&answer, svg, length, diags);
    if (status == STATUS_OK && answer.errors.length > 0) {
        char *words = plain_words(answer.errors.bytes);
        if (words && *words)
            diags_warn(diags, NULL, 0, NULL, "gnuplot warns: %s", words);
        free(words);
    }
    if (status != STATUS_OK && gnuplot->process.pid)
        process_end(&gnuplot->process, 0); /* half of a script may still stand in it */
    answer_free(&answer);
    return status;
}
