/* lists.c - what can be measured: kernels, presets, axes, metrics. What can be drawn is in lists_slides.c. */
#include "cli/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/terminal.h"
#include "base/text.h"
#include "harness/axes.h"
#include "harness/data_path.h"
#include "harness/metric.h"
#include "harness/plan.h"
#include "harness/preset.h"
#include "kernels/kernel.h"
#include "kernels/roof.h"

void list_entry(const char *name, int name_width, const char *words, int width)
{
    printf("  %-*s  ", name_width, name);
    terminal_wrap(words, name_width + 4, width, stdout);
}

/* The masks that a kernel takes, by asking it. */
static char *masks_of(const struct kernel *kernel)
{
    static const struct {
        const char *words;
        struct attention_mask mask;
    } masks[] = {
        {"full", {false, -1, -1, 0}},
        {"causal", {true, -1, -1, 0}},
        {"window", {false, 64, 64, 0}},
        {"causal window", {true, 255, 0, 0}},
        {"alternating layers", {false, 64, 64, 3}},
    };
    struct text words = {0};
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        struct attention_problem problem = {.layers = 3,
                                            .batch = 1,
                                            .heads = 8,
                                            .kv_heads = 8,
                                            .len_q = 1024,
                                            .len_kv = 1024,
                                            .head_dim = 64,
                                            .mask = masks[i].mask,
                                            .scale = 0.125f};
        if (!kernel->unsupported(&problem))
            text_format(&words, "%s%s", words.length ? ", " : "masks: ", masks[i].words);
    }
    return text_take(&words);
}

void list_kernels(int width)
{
    for (size_t i = 0; i < kernel_count; i++) {
        const struct kernel *kernel = kernel_table[i];
        char *masks = masks_of(kernel);
        list_entry(kernel->name, 11, kernel->idea, width);
        list_entry("", 11, masks ? masks : "", width);
        printf("  %-11s  after ", "");
        terminal_wrap(kernel->source, 15, width, stdout);
        free(masks);
    }
    printf("\n  ");
    struct text words = {0};
    text_format(&words,
                "All run on the processor (backend cpu, instruction set %s), in float32, with any lengths, a head_dim "
                "that is a multiple of 8 up to %d, and grouped heads.",
                cpu_isa(), MAX_HEAD_DIM);
    terminal_wrap(words.bytes ? words.bytes : "", 2, width, stdout);
    text_free(&words);
}

void list_presets(int width)
{
    size_t count;
    char **names = data_names("harness/presets", ".yml", &count);
    int widest = 11;
    for (size_t i = 0; i < count; i++)
        widest = (int)strlen(names[i]) > widest ? (int)strlen(names[i]) : widest;
    for (size_t i = 0; i < count; i++) {
        struct preset *preset = NULL;
        struct plan plan = {0};
        struct axes none = {0};
        struct diags diags = {0};
        struct text words = {0};
        if (preset_read(names[i], &preset, &diags) == STATUS_OK &&
            plan_add_preset(&plan, names[i], &none, plan_kernels(), &diags) == STATUS_OK)
            text_format(&words, "%zu cases. %s", plan.count, preset->description);
        else
            text_format(&words, "cannot be read: %s", diags.count && diags.items[0].what ? diags.items[0].what : "");
        list_entry(names[i], widest, words.bytes ? words.bytes : "", width);
        text_free(&words);
        plan_free(&plan);
        preset_free(preset);
        diags_free(&diags);
    }
    data_names_free(names, count);
}

void list_axes(int width)
{
    static const struct {
        const char *name, *words;
    } axes[] = {
        {"kernel", "which kernels; without it: all that do the problem"},
        {"mask",
         "full (default), causal, w64_64 (keys to the left and right; inf is no limit), causal_w255, w64_64_g3 "
         "(every third layer global); blocks of 64 behind one of them: _l8_b64 (the last 8), _a1_8_b64 (the first "
         "too), _d4_8_b64 (every 8th before them too), _r10_s1_b64 (10 % by chance, seed 1), _g10_b64 (10 % that a "
         "gate "
         "chooses, learned_sparse)"},
        {"dtype", "f32, bf16, f16 (f32 on the processor; on a GPU bf16 where the kernel does it)"},
        {"N", "tokens: len_q and len_kv together (1024)"},
        {"Nq", "queries alone (N)"},
        {"Nkv", "keys alone (N)"},
        {"d", "head_dim, a multiple of 8 up to 256 (64)"},
        {"heads", "query heads (8)"},
        {"kv_heads", "heads of keys and values, which divides heads (heads)"},
        {"batch", "sequences (1)"},
        {"layers", "layers, each with tensors of its own (1)"},
        {"threads", "worker threads (all processors)"},
    };
    for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++)
        list_entry(axes[i].name, 11, axes[i].words, width);
    printf("\n  As in -a N=1024,4096 or N=2^[9:13] or N=[256:1024:256]; all axes are multiplied.\n");
}

void list_metrics(int width)
{
    static const struct {
        const char *name, *words;
    } metrics[] = {
        {"time", "seconds a call, median, measured"},
        {"gflops", "FLOP/s, measured"},
        {"bandwidth", "bytes/s: the least bytes over the time, measured"},
        {"roof", "share of the FMA peak that was measured beside the case"},
        {"hot", "of a GPU: seconds a call on the same inputs again and again, measured"},
        {"graph", "of a GPU: seconds a call replayed from a captured graph, measured"},
        {"spread", "median absolute deviation over the median, measured"},
        {"peak_memory", "bytes of the process, measured"},
        {"max_error", "largest difference to float64, measured"},
        {"tolerance", "the difference that is allowed"},
        {"samples", "repetitions"},
        {"flops", "FLOPs of the pairs that the mask keeps, computed"},
        {"pairs", "query-key pairs that the mask keeps, computed"},
        {"bytes", "the least bytes that any kernel moves, computed"},
        {"workspace", "bytes of scratch memory, computed"},
        {"bytes_read", "of a stage, computed"},
        {"bytes_written", "of a stage, computed"},
        {"exponent", "of a fit: time grows as N to this power"},
        {"hbm", "of a CUDA kernel: bytes of HBM read and written, counted in the simulator"},
        {"hbm_read", "of those the ones read, counted"},
        {"hbm_written", "of those the ones written, counted"},
        {"sram", "bytes of SRAM read and written, counted"},
        {"barriers", "barriers of blocks, counted"},
        {"products", "tensor-core products of 16 x 8 x 16, counted"},
        {"exchanges", "warp synchronisations and shuffles, counted"},
        {"async", "bytes that went through cp.async, counted"},
        {"formula", "bytes of HBM by the kernel's closed formula, computed"},
        {"theorem", "bytes of HBM by the IO theorem, constants left aside, computed"},
    };
    static const struct {
        const char *name, *words;
    } study[] = {
        {"time", "of a point: everything from Q, K, V to O; of dense flash; of a way to run the stack; measured"},
        {"speed", "dense flash over a point, paired round by round, measured"},
        {"share", "a point over dense flash, measured"},
        {"recall", "attention mass kept on unseen documents, over models, measured"},
        {"needles", "needles found, over models, measured"},
        {"error", "|O - dense O| / |dense O|, measured"},
        {"square", "blocks listed over the whole square's, computed; density, pairs: of what a row may see"},
        {"overtaken", "of a selector at one length: the density from which dense flash is faster"},
        {"alternation", "of ModernBERT's lengths: all-global over alternating, measured"},
        {"ceiling", "the same by kept pairs, computed"},
        {"padding", "padded over packed, all-global, measured; padding_alternating: alternating"},
        {"ratio", "of efficiency.: block_sparse over (dense flash x density), measured; processor: of processor time"},
        {"tokens", "computed, as padded_tokens; padding_tokens, padding_pairs: padded over packed by formula"},
    };
    size_t count;
    const char *const *names = metric_names(&count);
    for (size_t i = 0; i < count; i++) {
        const char *words = "";
        for (size_t m = 0; m < sizeof metrics / sizeof metrics[0]; m++)
            if (strcmp(metrics[m].name, names[i]) == 0)
                words = metrics[m].words;
        list_entry(names[i], 13, words, width);
    }
    puts("\n  Of tradeoff., modernbert. and efficiency. (flashdeck tradeoff, reproduce):");
    for (size_t i = 0; i < sizeof study / sizeof study[0]; i++)
        list_entry(study[i].name, 13, study[i].words, width);
    puts("\n  In a deck: of a case   {{ flash.n4096.d64.causal.time | ms 3 }}\n"
         "  of a kernel's stage    {{ naive.n4096.full.stage.softmax.time | ms 3 }}\n"
         "  of a count             {{ flash_tiled.n1024.full.hbm | GB 2 }}\n"
         "  of this machine        {{ machine.fma_peak | gflops }}\n"
         "  of a fit               {{ fit.flash.d64.full.exponent | 2 }}\n"
         "  of a trade-off         {{ tradeoff.gate.keep10.n8192.recall | percent }}\n"
         "  of ModernBERT          {{ modernbert.base.fixed_8192.alternation | x }}");
}
