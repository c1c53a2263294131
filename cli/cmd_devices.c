/* cmd_devices.c - flashdeck devices: this machine, and what it can do at best, measured. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/terminal.h"
#include "base/text.h"
#include "cli/cards.h"
#include "cli/command.h"
#include "harness/clock.h"
#include "harness/machine.h"
#include "harness/memory.h"
#include "harness/options.h"
#include "harness/probe.h"
#include "harness/summary.h"

static const char *const usage =
    "flashdeck devices [FLAGS]\n\n"
    "This machine: processor, caches, memory, BLAS, GPU, and its measured roofs: the most\n"
    "multiply-adds a second and the most bytes a second that it reaches (about a second).";

static const char *const how_fma = "independent fused multiply-adds in registers, float32; best of 7 probes of some ms";
static const char *const how_copy =
    "128 MiB copied, bytes read + written; best of 14 with regular and with streaming stores";

/* Caches are powers of two. */
static void cache_words(const struct machine_cache *cache, struct text *words)
{
    const char *kind = strcmp(cache->type, "Unified") == 0 ? "" : strcmp(cache->type, "Data") == 0 ? "d" : "i";
    bool mega = cache->size >= 1 << 20;
    text_format(words, "%sL%d%s %g %s", words->length ? ", " : "", cache->level, kind,
                (double)cache->size / (mega ? 1 << 20 : 1 << 10), mega ? "MiB" : "KiB");
    if (cache->num_sharing > 1)
        text_format(words, " (for %d CPUs)", cache->num_sharing);
}

static void print_machine(const struct machine *m, int width)
{
    struct text caches = {0};
    char memory[24], left[24];
    for (int i = 0; i < m->cache_count; i++)
        cache_words(&m->caches[i], &caches);
    summary_bytes((double)m->memory, memory, sizeof memory);
    summary_bytes((double)memory_available(), left, sizeof left);
    device_row("processor", width, "%s", m->cpu_name);
    device_row("", width, "%d CPUs for this process%s%.0f%s, load %.2f", m->num_cpus, m->mhz > 0 ? ", " : "",
               m->mhz > 0 ? m->mhz : 0, m->mhz > 0 ? " MHz now" : "", m->load[0]);
    device_row("vectors", width, "%s (chosen at run time; FLASHDECK_ISA=avx2 or c forces a lesser one)", m->isa);
    device_row("clock", width, "%s", m->governor ? m->governor : "the system tells no governor");
    device_row("caches", width, "%s", caches.bytes ? caches.bytes : "the system tells none");
    device_row("memory", width, "%s, %s of it free", memory, left);
    device_row("BLAS", width, "%s", m->blas);
    device_row("system", width, "%s", m->system);
    device_row("built", width, "%s, %s, commit %s%s, sources %s", m->compiler, m->build_type, m->commit,
               m->dirty ? " with changes" : "", m->sources);
    text_free(&caches);
}

static void print_roofs(const struct machine *m, int width)
{
    putchar('\n');
    terminal_heading("Measured roofs", stdout);
    device_row("FMA", width, "%.1f GFLOP/s on one thread, %.1f on %d", m->fma_peak_1 * 1e-9, m->fma_peak * 1e-9,
               m->num_cpus);
    device_row("", width, "%s", how_fma);
    device_row("copy", width, "%.1f GB/s on one thread, %.1f on %d", m->copy_1 * 1e-9, m->copy * 1e-9, m->num_cpus);
    device_row("", width, "%s", how_copy);
    if (m->load[0] > m->num_cpus + 0.5)
        device_row("", width, "! the machine is busy (load %.1f): these figures are lower than it can do", m->load[0]);
}

static json_t *roof_json(double rate_1, double rate, const char *unit, const char *how)
{
    return json_pack("{s:f, s:f, s:s, s:s}", "one_thread", rate_1, "all_threads", rate, "unit", unit, "how", how);
}

static json_t *machine_json(const struct machine *m, bool roofs)
{
    json_t *caches = json_array();
    for (int i = 0; i < m->cache_count; i++)
        json_array_append_new(caches, json_pack("{s:s, s:i, s:I, s:i}", "type", m->caches[i].type, "level",
                                                m->caches[i].level, "size", (json_int_t)m->caches[i].size,
                                                "num_sharing", m->caches[i].num_sharing));
    json_t *all =
        json_pack("{s:s, s:i, s:f, s:s?, s:s, s:o, s:I, s:I, s:s, s:s?, s:s, s:s, s:s, s:b, s:s}", "cpu", m->cpu_name,
                  "num_cpus", m->num_cpus, "mhz", m->mhz, "governor", m->governor, "isa", m->isa, "caches", caches,
                  "memory", (json_int_t)m->memory, "memory_available", (json_int_t)memory_available(), "blas", m->blas,
                  "system", m->system, "compiler", m->compiler, "build_type", m->build_type, "commit", m->commit,
                  "dirty", m->dirty, "sources", m->sources);
    if (roofs) {
        json_object_set_new(all, "fma_peak", roof_json(m->fma_peak_1, m->fma_peak, "FLOP/s", how_fma));
        json_object_set_new(all, "copy", roof_json(m->copy_1, m->copy, "bytes/s", how_copy));
    }
    return all;
}

static enum status print_json(const struct machine *m, const struct cards *cards, bool roofs, struct diags *diags)
{
    json_t *all = machine_json(m, roofs);
    json_object_set_new(all, "gpus", cards_json(cards));
    json_object_set_new(all, "gpu_note", json_string(cards->gpus.reason));
    bool written = all && json_dumpf(all, stdout, JSON_INDENT(2)) == 0;
    putchar('\n');
    json_decref(all);
    if (!written)
        diags_error(diags, NULL, 0, NULL, "the description could not be written");
    return written ? STATUS_OK : STATUS_IO;
}

int cmd_devices(int argc, char **argv)
{
    bool json = false, no_roofs = false, help = false;
    struct machine machine = {0};
    struct cards cards;
    struct diags diags = {0};
    const struct option options[] = {{"--json", NULL, OPTION_FLAG, &json, NULL, "the same for programs"},
                                     {"--no-roofs", NULL, OPTION_FLAG, &no_roofs, NULL, "measure nothing"},
                                     {0}};
    enum status status = options_read(argc, argv, options, NULL, &help, &diags);
    if (help)
        options_help(usage, options, stdout);
    if (status == STATUS_OK && !help) {
        int width = terminal_width(stdout) < 110 ? terminal_width(stdout) : 110;
        cards_look(&cards, !no_roofs);
        status = machine_look(&machine, &diags);
        if (status == STATUS_OK && !no_roofs)
            status = probe_roofs(&machine, &clock_system, &diags);
        if (status == STATUS_OK && json) {
            status = print_json(&machine, &cards, !no_roofs, &diags);
        } else if (status == STATUS_OK) {
            print_machine(&machine, width);
            if (!no_roofs)
                print_roofs(&machine, width);
            cards_print(&cards, !no_roofs, width);
        }
    }
    diags_print(&diags, stderr);
    diags_free(&diags);
    machine_free(&machine);
    return status_exit_code(status);
}
