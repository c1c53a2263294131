/* cmd_list.c - flashdeck list: everything that has a name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/terminal.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/lists.h"
#include "harness/data_path.h"
#include "harness/options.h"

/* `folder`: a list of data files, of which the overview shows the names only. `brief`: not in the overview at all. */
static const struct {
    const char *name, *title;
    void (*print)(int width);
    const char *folder;
    bool brief;
} lists[] = {
    {"kernels", "Kernels: ways to compute attention", list_kernels, NULL, false},
    {"presets", "Presets: named sets of cases for bench and verify", list_presets, NULL, false},
    {"sass", "SASS: the machine code of the CUDA kernels, as it was built", list_sass, NULL, true},
    {"axes", "Axes: what -a can vary", list_axes, NULL, true},
    {"metrics", "Metrics: what a deck can ask a record for", list_metrics, NULL, true},
#ifdef FLASHDECK_SLIDES
    {"layouts", "Layouts: how a slide is laid out", list_layouts, NULL, true},
    {"themes", "Themes: the colours of slides", list_themes, "slides/themes", false},
    {"canvases", "Canvases: the sizes of slides", list_canvases, "slides/canvases", false},
    {"types", "Types: fonts that go together", list_types, "slides/types", false},
    {"brands", "Brands: whose slides they are", list_brands, "slides/brands", false},
    {"patterns", "Patterns: what stands behind words", list_patterns, NULL, true},
    {"calls", "Calls: what the last slide asks for", list_calls, "slides/calls", false},
#endif
};
enum { LISTS = sizeof lists / sizeof lists[0] };

static void print_names(const char *list, const char *folder, int width)
{
    size_t count;
    char **names = data_names(folder, ".yml", &count);
    struct text words = {0};
    for (size_t i = 0; i < count; i++)
        text_format(&words, "%s%s", i ? ", " : "", names[i]);
    list_entry(list, 11, words.bytes ? words.bytes : "(none)", width);
    text_free(&words);
    data_names_free(names, count);
}

static void print_overview(int width)
{
    for (int i = 0; i < LISTS; i++)
        if (!lists[i].folder && !lists[i].brief) {
            terminal_heading(lists[i].title, stdout);
            lists[i].print(width);
            putchar('\n');
        }
#ifdef FLASHDECK_SLIDES
    terminal_heading("Slides", stdout);
    for (int i = 0; i < LISTS; i++)
        if (lists[i].folder)
            print_names(lists[i].name, lists[i].folder, width);
    puts("\nMore: flashdeck list sass | axes | metrics | layouts | themes | canvases | types |\n      brands | "
         "patterns | calls");
#else
    (void)print_names;
    puts("More: flashdeck list sass | axes | metrics");
#endif
}

static enum status print_list(const char *name, int width, struct diags *diags)
{
    const char *names[LISTS];
    for (int i = 0; i < LISTS; i++) {
        names[i] = lists[i].name;
        if (strcmp(names[i], name) != 0)
            continue;
        terminal_heading(lists[i].title, stdout);
        lists[i].print(width);
        return STATUS_OK;
    }
    char *near = nearest_sentence(name, names, LISTS, 3);
    diags_error(diags, NULL, 0,
                near ? near
                     : "Lists: kernels, presets, sass, axes, metrics, layouts, themes, canvases, types, brands, "
                       "patterns, calls.",
                "there is no list '%.60s'", name);
    free(near);
    return STATUS_BAD_INPUT;
}

int cmd_list(int argc, char **argv)
{
    struct option_texts wanted = {0};
    struct diags diags = {0};
    bool help = false;
    const struct option options[] = {{0}};
    int width = terminal_width(stdout) < 110 ? terminal_width(stdout) : 110;
    enum status status = options_read(argc, argv, options, &wanted, &help, &diags);
    if (help) {
        fputs("usage: flashdeck list [LIST ...]\n\nEverything that has a name. Without LIST: an overview.\n\n", stdout);
        for (int i = 0; i < LISTS; i++)
            printf("  %-9s  %s\n", lists[i].name, strchr(lists[i].title, ' ') + 1);
    } else if (status == STATUS_OK && wanted.count == 0) {
        print_overview(width);
    }
    for (size_t i = 0; i < wanted.count && status == STATUS_OK && !help; i++) {
        if (i > 0)
            putchar('\n');
        status = print_list(wanted.texts[i], width, &diags);
    }
    diags_print(&diags, stderr);
    diags_free(&diags);
    return status_exit_code(status);
}
