/* cmd_attend.c - flashdeck attend: any kernel on a user's own tensors, so that anyone can check us. */
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "cli/attend_blocks.h"
#include "cli/attend_input.h"
#include "cli/command.h"
#include "cli/output.h"
#include "harness/memory.h"
#include "harness/options.h"
#include "kernels/kernel.h"
#include "kernels/oracle.h"
#include "kernels/roof.h"

static const char *const usage =
    "flashdeck attend --q=q.npy --k=k.npy --v=v.npy --out=o.npy [FLAGS]\n\n"
    "Runs one kernel on your own tensors, so that you can check it with NumPy or PyTorch.\n\n"
    "Tensors are .npy files (np.save), float32 or float64 (then rounded to float32), in\n"
    "C order: [batch, len, heads, head_dim]. Three axes are [len, heads, head_dim], five\n"
    "are [layers, batch, len, heads, head_dim]. k and v may have fewer heads than q\n"
    "(grouped heads) and another length. The mask is FlashAttention's: the last query\n"
    "stands at the last key. A row without any key gives 0, and -inf in lse.\n"
    "o is float32 and has the shape of q; lse is [batch, heads, len].";

/* The command as it was given. */
struct attend {
    const char *kernel, *out, *lse, *window, *scale;
    int64_t threads, global_every, rows;
    bool verify;
    struct attend_input input;
    struct attend_blocks blocks;
    struct attention_problem problem;
    const struct kernel *how;
    float *o, *log_sum_exp;
    void *workspace;
};

static enum status read_numbers(struct attend *a, struct diags *diags)
{
    struct attention_mask *mask = &a->problem.mask;
    long long left, right;
    char *end = NULL;
    int used = 0;
    size_t before = diags->errors;
    if (a->window && (sscanf(a->window, "%lld,%lld%n", &left, &right, &used) != 2 || a->window[used] != '\0'))
        diags_error(diags, NULL, 0, "Keys to the left and to the right, -1 is no limit: --window=64,64.",
                    "--window: '%.40s' is not two whole numbers", a->window);
    else if (a->window) {
        mask->window_left = left;
        mask->window_right = right;
    }
    if (a->scale) {
        a->problem.scale = strtof(a->scale, &end);
        if (end == a->scale || *end != '\0' || !isfinite(a->problem.scale))
            diags_error(diags, NULL, 0, "The usual scale is 1 / sqrt(head_dim), which is the default.",
                        "--scale: '%.40s' is not a finite number", a->scale);
    }
    if (a->threads > 1024)
        diags_error(diags, NULL, 0, NULL, "--threads is %lld; at most 1024 are taken", (long long)a->threads);
    if (a->global_every > MAX_LAYERS)
        diags_error(diags, NULL, 0, NULL, "--global-every is %lld; at most %d layers are taken",
                    (long long)a->global_every, MAX_LAYERS);
    mask->global_every = (int32_t)(a->global_every > MAX_LAYERS ? 0 : a->global_every);
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

static enum status check_paths(const struct attend *a, struct diags *diags)
{
    const char *const paths[] = {a->input.paths[0], a->input.paths[1], a->input.paths[2], a->out};
    static const char *const flags[] = {"--q", "--k", "--v", "--out"};
    size_t before = diags->errors;
    for (int i = 0; i < 4; i++)
        if (!paths[i])
            diags_error(diags, NULL, 0, "`flashdeck attend --help` has an example.", "%s is missing: a .npy file",
                        flags[i]);
    if (a->out && a->lse && strcmp(a->out, a->lse) == 0)
        diags_error(diags, a->out, 0, "Name two files.", "--out and --lse would write the same file");
    if (a->out)
        output_check(a->out, diags);
    if (a->lse)
        output_check(a->lse, diags);
    if (a->blocks.sizes && !a->blocks.files)
        diags_error(diags, NULL, 0, "Add --block-mask=indptr.npy,indices.npy.", "--block is given without a mask");
    return diags->errors == before ? STATUS_OK : STATUS_BAD_INPUT;
}

static enum status find_kernel(struct attend *a, struct diags *diags)
{
    const char *names[64];
    a->how = kernel_find(a->kernel, NULL);
    if (a->how)
        return STATUS_OK;
    size_t count = kernel_count < 64 ? kernel_count : 64;
    for (size_t i = 0; i < count; i++)
        names[i] = kernel_table[i]->name;
    char *near = nearest_sentence(a->kernel, names, count, 3);
    diags_error(diags, NULL, 0, near ? near : "`flashdeck list kernels` shows them.", "there is no kernel '%.60s'",
                a->kernel);
    free(near);
    return STATUS_BAD_INPUT;
}

/* Flags into `a`; *help when only the help was wanted. */
static enum status read_flags(int argc, char **argv, struct attend *a, bool *help, struct diags *diags)
{
    const struct option options[] = {
        {"--q", NULL, OPTION_TEXT, &a->input.paths[0], "FILE", "queries [batch, len_q, heads, head_dim]"},
        {"--k", NULL, OPTION_TEXT, &a->input.paths[1], "FILE", "keys [batch, len_kv, kv_heads, head_dim]"},
        {"--v", NULL, OPTION_TEXT, &a->input.paths[2], "FILE", "values, as the keys"},
        {"--out", NULL, OPTION_TEXT, &a->out, "FILE", "where the outputs go (.npy)"},
        {"--lse", NULL, OPTION_TEXT, &a->lse, "FILE", "where log-sum-exp goes (.npy); not written without"},
        {"--kernel", NULL, OPTION_TEXT, &a->kernel, "NAME", "one of `flashdeck list kernels` (flash)"},
        {"--causal", NULL, OPTION_FLAG, &a->problem.mask.causal, NULL, "a query sees no later key"},
        {"--window", NULL, OPTION_TEXT, &a->window, "L,R", "keys seen to the left and right; -1 is no limit"},
        {"--block-mask", NULL, OPTION_TEXT, &a->blocks.files, "FILE,FILE",
         "which blocks of keys each block of queries sees: indptr and indices (.npy, int32 or int64), as BSR"},
        {"--block", NULL, OPTION_TEXT, &a->blocks.sizes, "Q,K", "queries and keys of a block of --block-mask (64)"},
        {"--global-every", NULL, OPTION_COUNT, &a->global_every, "N",
         "layers 0, N, 2N ... see every key (alternating)"},
        {"--scale", NULL, OPTION_TEXT, &a->scale, "S", "of the logits (1 / sqrt(head_dim))"},
        {"--threads", NULL, OPTION_COUNT, &a->threads, "N", "worker threads (all processors)"},
        {"--verify", NULL, OPTION_FLAG, &a->verify, NULL, "hold the result against float64 before it is written"},
        {"--verify-rows", NULL, OPTION_COUNT, &a->rows, "N", "rows that --verify compares (512)"},
        {0}};
    enum status status = options_read(argc, argv, options, NULL, help, diags);
    if (*help) {
        options_help(usage, options, stdout);
        puts("\nExample\n"
             "  python3 -c \"import numpy as np; [np.save(n, np.random.randn(1, 1024, 8, 64)) for n in 'qkv']\"\n"
             "  flashdeck attend --q=q.npy --k=k.npy --v=v.npy --causal --out=o.npy --lse=lse.npy");
        return STATUS_OK;
    }
    enum status steps[] = {read_numbers(a, diags), check_paths(a, diags), find_kernel(a, diags)};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        status = status == STATUS_OK ? steps[i] : status;
    return status;
}

static int all_cpus(void)
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

static enum status check_problem(struct attend *a, struct diags *diags)
{
    if (!a->scale)
        a->problem.scale = 1.0f / sqrtf((float)a->problem.head_dim);
    if (a->threads == 0)
        a->threads = all_cpus();
    enum status status = attention_check(&a->problem, diags);
    const char *reason = status == STATUS_OK ? a->how->unsupported(&a->problem) : NULL;
    if (reason) {
        diags_error(diags, NULL, 0,
                    a->problem.mask.blocks ? "block_sparse takes block masks: --kernel=block_sparse."
                                           : "flash takes every problem without a block mask.",
                    "the kernel %s cannot do this: %s", a->how->name, reason);
        status = STATUS_UNSUPPORTED;
    }
    return status;
}

static enum status take_memory(struct attend *a, struct diags *diags)
{
    size_t workspace = a->how->workspace(&a->problem, (int)a->threads);
    size_t o = (size_t)attention_q_elements(&a->problem) * sizeof(float);
    size_t rows = (size_t)attention_rows(&a->problem) * sizeof(float);
    double needed = (double)workspace + (double)o + (double)rows, room = (double)memory_available();
    if (room > 0 && needed > 0.9 * room) {
        diags_error(diags, NULL, 0, "Take fewer tokens or heads, or a kernel that stores less: flash.",
                    "%s does not fit in memory: needs %.1f GB, %.1f GB are left", a->how->name, needed * 1e-9,
                    room * 1e-9);
        return STATUS_NO_MEMORY;
    }
    a->o = memory_take(o);
    a->log_sum_exp = memory_take(rows);
    a->workspace = memory_take(workspace);
    if (!a->o || !a->log_sum_exp || !a->workspace) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    oracle_poison(a->o, o);
    oracle_poison(a->log_sum_exp, rows);
    return STATUS_OK;
}

static enum status verify(const struct attend *a, const struct attention_tensors *tensors, struct diags *diags)
{
    struct verdict verdict;
    enum status status = oracle_judge(&a->problem, tensors, a->rows, 1, (int)a->threads, &verdict);
    if (status != STATUS_OK) {
        diags_error(diags, NULL, 0, NULL, "no memory for the oracle");
        return status;
    }
    if (!verdict.pass) {
        diags_error(diags, NULL, 0, "Nothing was written. Please report it, with these tensors.",
                    "%s is wrong here: %s", a->how->name, verdict.message);
        return STATUS_WRONG;
    }
    printf("verified      %lld of %lld rows against float64: error %.1e, allowed %.1e\n",
           (long long)verdict.rows_compared, (long long)verdict.rows_total, verdict.max_error, verdict.tolerance);
    return STATUS_OK;
}

static enum status compute(struct attend *a, struct diags *diags)
{
    struct attention_tensors tensors = {a->input.arrays[0].values, a->input.arrays[1].values, a->input.arrays[2].values,
                                        a->o, a->log_sum_exp};
    struct kernel_launch launch = {
        .problem = &a->problem, .tensors = &tensors, .workspace = a->workspace, .threads = (int)a->threads};
    enum status status = a->how->launch(&launch);
    if (status != STATUS_OK) {
        diags_error(diags, NULL, 0, NULL, "%s could not be run", a->how->name);
        return status;
    }
    return a->verify ? verify(a, &tensors, diags) : STATUS_OK;
}

/* Both files or none. */
static enum status write_results(const struct attend *a, struct diags *diags)
{
    const struct npy *q = &a->input.arrays[0];
    int64_t rows[NPY_MAX_DIMENSIONS];
    int leading = q->dimensions - 3;
    enum status status = npy_write(a->out, a->o, q->dimensions, q->shape, diags);
    if (status != STATUS_OK || !a->lse)
        return status;
    memcpy(rows, q->shape, sizeof rows);
    rows[leading] = a->problem.heads;
    rows[leading + 1] = a->problem.len_q;
    status = npy_write(a->lse, a->log_sum_exp, leading + 2, rows, diags);
    if (status != STATUS_OK)
        unlink(a->out);
    return status;
}

static void tell(const struct attend *a)
{
    char mask[64], shapes[2][200];
    bool rounded = false;
    for (int i = 0; i < 3; i++)
        rounded |= a->input.arrays[i].was_float64;
    attention_mask_label(&a->problem.mask, mask, sizeof mask);
    attend_shape_words(&a->input.arrays[0], shapes[0], sizeof shapes[0]);
    attend_shape_words(&a->input.arrays[1], shapes[1], sizeof shapes[1]);
    printf("kernel        %s (%s), %s, %lld %s\n", a->how->name, a->how->backend, cpu_isa(), (long long)a->threads,
           a->threads == 1 ? "thread" : "threads");
    printf("q             %s\nk, v          %s\nmask, scale   %s, %.9g\n", shapes[0], shapes[1], mask,
           (double)a->problem.scale);
    printf("computed in   float32%s\n", rounded ? " (float64 inputs were rounded to it)" : "");
    printf("written       %s%s%s\n", a->out, a->lse ? ", " : "", a->lse ? a->lse : "");
}

int cmd_attend(int argc, char **argv)
{
    struct attend a = {.kernel = "flash", .rows = 512, .problem.mask = {.window_left = -1, .window_right = -1}};
    struct diags diags = {0};
    bool help = false;
    enum status status = read_flags(argc, argv, &a, &help, &diags);
    if (status == STATUS_OK && !help) {
        status = attend_input_read(&a.input, &a.problem, &diags);
        if (status == STATUS_OK)
            status = attend_blocks_read(&a.blocks, &a.problem, &diags);
        if (status == STATUS_OK)
            status = check_problem(&a, &diags);
        if (status == STATUS_OK)
            status = take_memory(&a, &diags);
        if (status == STATUS_OK)
            status = compute(&a, &diags);
        if (status == STATUS_OK)
            status = write_results(&a, &diags);
        if (status == STATUS_OK)
            tell(&a);
    }
    diags_print(&diags, stderr);
    diags_free(&diags);
    attend_input_free(&a.input);
    attend_blocks_free(&a.blocks);
    free(a.o);
    free(a.log_sum_exp);
    free(a.workspace);
    return status_exit_code(status);
}
