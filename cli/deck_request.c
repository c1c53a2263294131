#include "cli/deck_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "cli/recorded.h"
#include "harness/data_path.h"

static const char *const default_deck = "slides/decks/long-context.md";

size_t deck_request_options(struct deck_request *request, struct option options[DECK_REQUEST_OPTIONS])
{
    struct render_options *look = &request->look;
    const struct option shared[DECK_REQUEST_OPTIONS] = {
        {"--record", "-r", OPTION_TEXTS, &request->paths, "FILE",
         "a record to bind to (recorded: the newest of reports/recorded/); may be given several times"},
        {"--theme", NULL, OPTION_TEXT, &look->theme, "NAME", "colours: a theme's name, or a .yml file of your own"},
        {"--size", NULL, OPTION_TEXT, &look->size, "SIZE", "a canvas's name, 4:5, 1:1, 9:16, 16:9, WxH, or all"},
        {"--type", NULL, OPTION_TEXT, &look->type, "NAME", "fonts that go together"},
        {"--text-size", NULL, OPTION_TEXT, &look->text_size, "S|M|L|XL", "how large words are (M)"},
        {"--brand", NULL, OPTION_TEXT, &look->brand, "NAME", "a brand's name, or a .yml file of your own"},
        {"--fix-contrast", NULL, OPTION_FLAG, &look->fix_contrast, NULL,
         "mend a kit's or theme's colours that cannot be read, and say from what to what"},
        {"--guides", NULL, OPTION_FLAG, &look->guides, NULL, "draw what the platform may cover over every slide"},
        {"--allow-outside", NULL, OPTION_FLAG, &request->allow_outside, NULL,
         "deck and kit may name files that do not lie beside them"},
        {"--out", NULL, OPTION_TEXT, &request->out, "FOLDER", "where the files go (out)"},
        {"--allow-stale", NULL, OPTION_FLAG, &look->allow_stale, NULL,
         "take results of other versions of the kernels too"},
        {"--time", NULL, OPTION_FLAG, &request->time, NULL, "say where the time went"}};
    memcpy(options, shared, sizeof shared);
    return DECK_REQUEST_OPTIONS;
}

enum status deck_request_take(struct deck_request *request, const char *const *rest, size_t count, struct diags *diags)
{
    if (count > 1) {
        diags_error(diags, NULL, 0, "flashdeck deck --help says how it is called.",
                    "one deck at a time: '%.80s' and '%.80s' were named", rest[0], rest[1]);
        return STATUS_BAD_INPUT;
    }
    request->deck = count ? rest[0] : NULL;
    if (request->paths.count == 0 && access("out/record.json", R_OK) == 0)
        request->paths.texts[request->paths.count++] = "out/record.json";
    return STATUS_OK;
}

/* A style file that is here is taken from here: a deck's own names are looked up beside the deck. */
static void take_file(const char **name, char **whole)
{
    const char *ending = *name ? strrchr(*name, '.') : NULL;
    if (!ending || (strcmp(ending, ".yml") != 0 && strcmp(ending, ".yaml") != 0))
        return;
    *whole = realpath(*name, NULL);
    if (*whole)
        *name = *whole;
}

enum status deck_request_find(struct deck_request *request, struct diags *diags)
{
    if (request->deck_path)
        return STATUS_OK;
    request->deck_path = request->deck ? strdup(request->deck) : data_path(default_deck);
    if (request->deck_path)
        return STATUS_OK;
    diags_error(diags, NULL, 0, NULL, "out of memory");
    return STATUS_NO_MEMORY;
}

static enum status read_records(struct deck_request *request, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < request->paths.count; i++) {
        enum status read = recorded_resolve(&request->paths.texts[i], &request->found[i], diags);
        if (read == STATUS_OK)
            read = record_read(request->paths.texts[i], &request->records[i], diags);
        status = status == STATUS_OK ? read : status;
        request->all[i] = &request->records[i];
    }
    return status;
}

static enum status read_deck(struct deck_request *request, struct diags *diags)
{
    enum status status = deck_read(request->deck_path, &request->source, diags);
    request->source.allow_outside = request->allow_outside;
    return status;
}

enum status deck_request_open(struct deck_request *request, struct diags *diags)
{
    double begun = process_now();
    take_file(&request->look.theme, &request->theme);
    take_file(&request->look.type, &request->type);
    take_file(&request->look.brand, &request->brand);
    enum status status = deck_request_find(request, diags);
    if (status != STATUS_OK)
        return status;
    enum status deck = read_deck(request, diags);
    enum status records = read_records(request, diags);
    request->load = process_now() - begun;
    return deck != STATUS_OK ? deck : records;
}

enum status deck_request_again(struct deck_request *request, bool records, struct diags *diags)
{
    double begun = process_now();
    enum status status = STATUS_OK;
    deck_free(&request->source);
    if (records) {
        for (size_t i = 0; i < request->paths.count; i++)
            record_free(&request->records[i]);
        status = read_records(request, diags);
    }
    enum status deck = read_deck(request, diags);
    request->load = process_now() - begun;
    return deck != STATUS_OK ? deck : status;
}

enum status deck_request_render(struct deck_request *request, struct diags *diags)
{
    struct render_options *look = &request->look;
    look->out = request->out;
    look->times = &request->times;
    if (request->formats) {
        enum status status = export_formats_read(request->formats, &look->formats, diags);
        if (status != STATUS_OK)
            return status;
    }
    if (!look->pdf && !look->png_folder && !request->formats) {
        if (asprintf(&request->pdf, "%s/deck.pdf", request->out) < 0 ||
            asprintf(&request->slides, "%s/slides", request->out) < 0) {
            diags_error(diags, NULL, 0, NULL, "out of memory");
            return STATUS_NO_MEMORY;
        }
        look->pdf = request->pdf;
        look->png_folder = request->slides;
    }
    return deck_render(&request->source, request->all, request->paths.count, look, diags);
}

static void print_files(const struct deck_request *request)
{
    const struct render_options *look = &request->look;
    size_t slides = request->source.slide_count;
    if (look->pdf)
        printf("%s: %zu slides\n", look->pdf, slides);
    if (look->png_folder)
        printf("%s/slide-01.png to slide-%02zu.png\n", look->png_folder, slides);
    for (int f = 0; f < EXPORTS; f++) {
        const struct export_format *format = &export_formats[f];
        if (!(look->formats & 1u << f) || (f == EXPORT_PDF && look->pdf) || (f == EXPORT_PNG && look->png_folder))
            continue;
        if (format->slide)
            printf("%s/%s/slide-01%s to slide-%02zu%s\n", request->out, format->file, format->ending, slides,
                   format->ending);
        else
            printf("%s/%s: %zu slides\n", request->out, format->file, slides);
    }
}

static double cpu_seconds(int who)
{
    struct rusage usage = {0};
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* gnuplot has ended by now, so its seconds are among the children's. */
static void print_times(const struct deck_request *request)
{
    const struct render_times *times = &request->times;
    const struct export_times *drawing = &times->drawing;
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    printf("time in ms: load %.0f, bind %.0f, charts %.0f (%zu by gnuplot), layout %.0f, export %.0f, write %.0f\n",
           1e3 * request->load, 1e3 * times->bind, 1e3 * times->charts, times->pictures, 1e3 * times->layout,
           1e3 * times->export, 1e3 * times->write);
    printf("  export, summed over threads: draw %.0f, PNG %.0f, PDF %.0f, others %.0f\n", 1e3 * drawing->draw,
           1e3 * drawing->png, 1e3 * drawing->pdf, 1e3 * drawing->others);
    printf("  processor: %.0f here, %.0f in gnuplot; memory: %.0f MB at most\n", 1e3 * cpu_seconds(RUSAGE_SELF),
           1e3 * cpu_seconds(RUSAGE_CHILDREN), (double)usage.ru_maxrss / 1024);
}

void deck_request_print(const struct deck_request *request)
{
    print_files(request);
    if (request->time)
        print_times(request);
}

void deck_request_forget_files(struct deck_request *request)
{
    free(request->pdf);
    free(request->slides);
    request->pdf = request->slides = NULL;
    request->look.pdf = request->look.png_folder = NULL;
}

void deck_request_close(struct deck_request *request)
{
    for (size_t i = 0; i < request->paths.count; i++)
        record_free(&request->records[i]);
    for (size_t i = 0; i < request->paths.count; i++)
        free(request->found[i]);
    deck_free(&request->source);
    free(request->deck_path);
    free(request->pdf);
    free(request->slides);
    free(request->theme);
    free(request->type);
    free(request->brand);
}
