/* cmd_deck_new.c - flashdeck deck new: a pasted thread becomes a deck, and its author reads what was done to it. */
#include "cli/cmd_deck_new.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/output.h"
#include "harness/options.h"
#include "slides/thread/thread.h"

static const char *const usage = "flashdeck deck new --from THREAD.txt [-o DECK.md] [FLAGS]\n\n"
                                 "Makes a deck from a thread as you copied it: posts become slides, word for\n"
                                 "word. What belongs to the page around it is left out and listed. Beside each\n"
                                 "slide a comment says why it looks so and which numbers could be bound.\n\n"
                                 "When the thread names its author and no --brand is given, a brand kit is\n"
                                 "written beside the deck: DECK-brand.yml.";

enum {
    LARGEST = 16 << 20, /* read at most; thread_read says what is too long for a thread */
    LOOKED_AT = 4000    /* findings that are listed at most */
};

struct request {
    const char *from, *to;
    bool force;
    struct option_texts paths;
    struct thread_options options;
    struct record records[OPTION_TEXTS_MOST];
    const struct record *all[OPTION_TEXTS_MOST];
    char *brand_path;
};

static enum status read_request(int argc, char **argv, struct request *request, bool *help, struct diags *diags)
{
    struct thread_options *options = &request->options;
    struct option_texts rest = {0};
    const struct option table[] = {
        {"--from", NULL, OPTION_TEXT, &request->from, "FILE", "the thread, in a text file; - reads what is piped in"},
        {"--output", "-o", OPTION_TEXT, &request->to, "FILE", "the deck to write (deck.md)"},
        {"--brand", NULL, OPTION_TEXT, &options->brand, "NAME", "a brand's name, or a .yml file beside the deck"},
        {"--theme", NULL, OPTION_TEXT, &options->theme, "NAME", "colours: see `flashdeck list themes`"},
        {"--size", NULL, OPTION_TEXT, &options->size, "SIZE", "a canvas's name, 4:5, 1:1 ... (4:5)"},
        {"--type", NULL, OPTION_TEXT, &options->type, "NAME", "fonts that go together"},
        {"--record", "-r", OPTION_TEXTS, &request->paths, "FILE", "a record that numbers are compared with"},
        {"--keep-all", NULL, OPTION_FLAG, &options->keep_furniture, NULL, "take every line as the author's words"},
        {"--force", NULL, OPTION_FLAG, &request->force, NULL, "write over a deck that is there"},
        {0}};
    enum status status = options_read(argc, argv, table, &rest, help, diags);
    if (*help)
        options_help(usage, table, stdout);
    if (*help || status != STATUS_OK)
        return status;
    if (!request->from && rest.count > 0)
        request->from = rest.texts[0];
    if (!request->from || rest.count > (request->from == rest.texts[0])) {
        diags_error(diags, NULL, 0, "flashdeck deck new --from thread.txt", "%s",
                    request->from ? "one thread at a time" : "no thread was named");
        return STATUS_BAD_INPUT;
    }
    return STATUS_OK;
}

/* "my/deck.md" has "my/deck-brand.yml" beside it. */
static char *brand_path_of(const char *deck)
{
    struct text path = {0};
    const char *slash = strrchr(deck, '/'), *dot = strrchr(deck, '.');
    size_t length = dot && dot > (slash ? slash + 1 : deck) ? (size_t)(dot - deck) : strlen(deck);
    text_add_bytes(&path, deck, length);
    text_add(&path, "-brand.yml");
    return text_take(&path);
}

/* Nothing is written over but on request. A kit that is there is the user's, and is used as it is. */
static enum status check_output(const struct request *request, struct diags *diags)
{
    enum status status = output_check(request->to, diags);
    if (status == STATUS_OK && !request->force && access(request->to, F_OK) == 0) {
        diags_error(diags, request->to, 0, "Name another file with -o, or write over it with --force.",
                    "this file is there already");
        status = STATUS_BAD_INPUT;
    }
    return status;
}

static enum status read_records(struct request *request, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < request->paths.count && status == STATUS_OK; i++) {
        status = record_read(request->paths.texts[i], &request->records[i], diags);
        request->all[i] = &request->records[i];
    }
    request->options.records = request->all;
    request->options.record_count = status == STATUS_OK ? request->paths.count : 0;
    return status;
}

static const struct {
    enum finding_kind kind;
    const char *what;
    int shown; /* of its findings at most */
} report[] = {{FINDING_ENCODING, "not in UTF-8 but in", 1},
              {FINDING_MENDED, "signs mended, UTF-8 that was read as", 3},
              {FINDING_GUESSED, "signs that had lost bytes, chosen by what stands around them", 40},
              {FINDING_LOST, "signs whose bytes were lost, left out", 40},
              {FINDING_LETTERS, "letters from mathematics' alphabets, made plain", 0},
              {FINDING_FURNITURE, "lines of the page, left out", 60},
              {FINDING_NUMBERING, "posts' own numbers, left out", 0},
              {FINDING_PICTOGRAM, "emojis, left out because the slides' fonts have none", 0},
              {FINDING_POINTER, "words that pointed at pictures, which a paste does not bring, left out", 40}};

/* How often the same words were found from `i` on; 0: they were before it. */
static int times(const struct findings *findings, size_t i)
{
    int count = 0;
    for (size_t k = 0; k < findings->count && k < LOOKED_AT; k++) {
        const struct finding *other = &findings->items[k];
        bool same = other->kind == findings->items[i].kind && other->words &&
                    strcmp(other->words, findings->items[i].words) == 0;
        if (same && k < i)
            return 0;
        count += same;
    }
    return count;
}

static void print_finding(const struct finding *finding, int count, bool first, FILE *stream)
{
    if (finding->line == 0)
        fprintf(stream, "%s %s", first ? "" : ",", finding->words);
    else if (count > 1)
        fprintf(stream, "\n      line %d, and %d times more: %.100s", finding->line, count - 1, finding->words);
    else
        fprintf(stream, "\n      line %d: %.100s", finding->line, finding->words);
}

static void print_findings(const struct findings *findings, FILE *stream)
{
    for (size_t r = 0; r < sizeof report / sizeof report[0]; r++) {
        int count = findings_count(findings, report[r].kind), shown = 0;
        if (count == 0)
            continue;
        fprintf(stream, "  %s:", report[r].what);
        for (size_t i = 0; i < findings->count && i < LOOKED_AT && shown < report[r].shown; i++) {
            const struct finding *finding = &findings->items[i];
            int same = finding->kind == report[r].kind && finding->words && *finding->words ? times(findings, i) : 0;
            if (same > 0)
                print_finding(finding, same, shown++ == 0, stream);
        }
        if (report[r].kind != FINDING_ENCODING)
            fprintf(stream, "%s%d\n", shown > 0 && report[r].kind != FINDING_MENDED ? "\n      in all " : " ", count);
        else
            fputc('\n', stream);
    }
}

static void print_result(const struct request *request, const struct thread_deck *deck, bool brand_written)
{
    printf("%s: %zu slides from %zu posts, told apart by %s\n", request->to, deck->slides, deck->posts, deck->manner);
    print_findings(&deck->findings, stdout);
    if (deck->bindable > 0)
        printf("  %d numbers could be bound: comments in the deck say how\n", deck->bindable);
    if (deck->brand)
        printf("%s: %s\n", request->brand_path,
               brand_written ? "a brand kit with what the thread says of its author"
                             : "was there and is used as it is");
    printf("next: flashdeck deck render %s --out carousel\n", request->to);
}

/* The deck last: when it is there, all is there. */
static enum status write_files(const struct request *request, const struct thread_deck *deck, bool *brand_written,
                               struct diags *diags)
{
    enum status status = STATUS_OK;
    *brand_written = deck->brand && access(request->brand_path, F_OK) != 0;
    if (*brand_written)
        status = file_write(request->brand_path, deck->brand, strlen(deck->brand), diags);
    if (status == STATUS_OK)
        status = file_write(request->to, deck->markdown, strlen(deck->markdown), diags);
    return status;
}

static enum status make(struct request *request, struct diags *diags)
{
    struct thread_deck deck = {0};
    char *bytes = NULL;
    size_t length = 0;
    bool brand_written = false;
    bool piped = strcmp(request->from, "-") == 0;
    enum status status = check_output(request, diags);
    if (status == STATUS_OK)
        status = read_records(request, diags);
    if (status == STATUS_OK)
        status = file_read(piped ? "/dev/stdin" : request->from, LARGEST, &bytes, &length, diags);
    request->brand_path = brand_path_of(request->to);
    if (status == STATUS_OK && request->brand_path) {
        const char *slash = strrchr(request->brand_path, '/');
        request->options.brand_file = slash ? slash + 1 : request->brand_path;
        status = thread_read(bytes, length, request->from, &request->options, &deck, diags);
    }
    if (status == STATUS_OK && !deck.brand && !request->options.brand)
        diags_warn(diags, request->from, 0, "Give yours with --brand FILE.yml.",
                   "the thread does not name its author: slides carry the program's own brand");
    if (status == STATUS_OK)
        status = write_files(request, &deck, &brand_written, diags);
    if (status == STATUS_OK)
        print_result(request, &deck, brand_written);
    thread_deck_free(&deck);
    free(bytes);
    return status;
}

int cmd_deck_new(int argc, char **argv)
{
    struct request request = {.to = "deck.md"};
    struct diags diags = {0};
    bool help = false;
    enum status status = read_request(argc, argv, &request, &help, &diags);
    if (status == STATUS_OK && !help)
        status = make(&request, &diags);
    diags_print(&diags, stderr);
    diags_free(&diags);
    for (size_t i = 0; i < request.paths.count; i++)
        record_free(&request.records[i]);
    free(request.brand_path);
    return output_exit_code(status);
}
