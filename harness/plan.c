#include "harness/plan.h"

#include <math.h>
#include <regex.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "harness/device.h"
#include "harness/preset.h"
#include "kernels/block_rule.h"
#include "kernels/select/choice.h"

struct kernel_list plan_kernels(void)
{
    return (struct kernel_list){kernel_table, kernel_count};
}

static const struct kernel *find(struct kernel_list list, const char *name, const char *backend)
{
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.kernels[i]->name, name) == 0 && strcmp(list.kernels[i]->backend, backend) == 0)
            return list.kernels[i];
    return NULL;
}

/* A kernel answers to its own name and to its family's. */
static bool answers_to(const struct kernel *kernel, const char *word)
{
    return strcmp(kernel->name, word) == 0 || strcmp(kernel->family, word) == 0;
}

static bool any_answers(const struct kernel *const *kernels, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (answers_to(kernels[i], word))
            return true;
    return false;
}

/* Whether some device of this program has such a kernel: then it is no fault that the chosen ones have none. */
static bool known_elsewhere(const char *word)
{
    for (size_t d = 0; d < device_count; d++) {
        size_t count;
        const struct kernel *const *kernels = device_table[d]->kernels(&count);
        if (any_answers(kernels, count, word))
            return true;
    }
    return false;
}

static enum status check_kernels(const struct axis_values *values, struct kernel_list list, struct diags *diags)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < values->count; i++) {
        const char *names[64];
        size_t count = list.count < 64 ? list.count : 64;
        if (any_answers(list.kernels, list.count, values->words[i]) || known_elsewhere(values->words[i]))
            continue;
        for (size_t k = 0; k < count; k++)
            names[k] = list.kernels[k]->name;
        char *near = nearest_sentence(values->words[i], names, count, 3);
        diags_error(diags, NULL, 0, near ? near : "`flashdeck list` shows the kernels.", "there is no kernel '%s'",
                    values->words[i]);
        free(near);
        status = STATUS_BAD_INPUT;
    }
    return status;
}

int plan_cpus(void)
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

/* An axis as it is counted through: its values, or its one default. */
static int64_t value_of(const struct axes *axes, enum axis axis, const int *at, int64_t fallback)
{
    return axes->axis[axis].count ? axes->axis[axis].numbers[at[axis]] : fallback;
}

static struct attention_problem problem_at(const struct axes *axes, const int *at)
{
    int64_t n = value_of(axes, AXIS_N, at, 1024);
    struct attention_problem p = {
        .layers = value_of(axes, AXIS_LAYERS, at, 1),
        .batch = value_of(axes, AXIS_BATCH, at, 1),
        .heads = value_of(axes, AXIS_HEADS, at, 8),
        .len_q = value_of(axes, AXIS_NQ, at, n),
        .len_kv = value_of(axes, AXIS_NKV, at, n),
        .head_dim = value_of(axes, AXIS_D, at, 64),
        .dtype = DTYPE_F32,
        .mask = {.window_left = -1, .window_right = -1},
    };
    p.kv_heads = value_of(axes, AXIS_KV_HEADS, at, p.heads);
    p.scale = 1.0f / sqrtf((float)(p.head_dim > 0 ? p.head_dim : 1));
    return p;
}

/* The plan's mask of this label for the problem's lengths, built when it is the first to ask. */
static enum status share_blocks(struct plan *plan, const char *label, const struct block_rule *rule,
                                struct attention_problem *problem, struct diags *diags)
{
    for (size_t i = 0; i < plan->mask_count && !problem->mask.blocks; i++) {
        const struct plan_mask *mask = &plan->masks[i];
        if (mask->len_q == problem->len_q && mask->len_kv == problem->len_kv && strcmp(mask->label, label) == 0 &&
            (!mask->blocks->choice || (mask->blocks->count == problem->batch * problem->heads &&
                                       mask->blocks->choice->gate.head_dim == problem->head_dim)))
            problem->mask.blocks = mask->blocks;
    }
    if (problem->mask.blocks)
        return STATUS_OK;
    struct plan_mask *masks = realloc(plan->masks, (plan->mask_count + 1) * sizeof *masks), *mask;
    if (!masks) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    plan->masks = masks;
    mask = &masks[plan->mask_count];
    *mask = (struct plan_mask){.len_q = problem->len_q, .len_kv = problem->len_kv};
    snprintf(mask->label, sizeof mask->label, "%s", label);
    enum status status = block_rule_build(rule, problem, &mask->blocks, diags);
    plan->mask_count += status == STATUS_OK;
    problem->mask.blocks = status == STATUS_OK ? mask->blocks : NULL;
    return status;
}

/* The problem's mask from its label, and whether all of it is sound. */
static enum status take_mask(struct plan *plan, const char *label, struct attention_problem *problem,
                             struct diags *diags)
{
    struct block_rule rule;
    bool named = block_rule_parse(label, &problem->mask, &rule);
    if (!named && !attention_mask_parse(label, &problem->mask)) {
        diags_error(diags, NULL, 0, "`flashdeck list axes` shows the masks; a mask of your own: `flashdeck attend`.",
                    "the mask '%.60s' cannot be made from its label", label);
        return STATUS_BAD_INPUT;
    }
    enum status status = attention_check(problem, diags);
    if (status == STATUS_OK && named)
        status = share_blocks(plan, label, &rule, problem, diags);
    return status == STATUS_OK && named ? attention_check(problem, diags) : status;
}

static bool same(const struct plan_case *a, const struct plan_case *b)
{
    const struct attention_problem *p = &a->problem, *q = &b->problem;
    return a->kernel == b->kernel && a->threads == b->threads && p->layers == q->layers && p->batch == q->batch &&
           p->heads == q->heads && p->kv_heads == q->kv_heads && p->len_q == q->len_q && p->len_kv == q->len_kv &&
           p->head_dim == q->head_dim && p->dtype == q->dtype && p->mask.causal == q->mask.causal &&
           p->mask.window_left == q->mask.window_left && p->mask.window_right == q->mask.window_right &&
           p->mask.global_every == q->mask.global_every && p->mask.blocks == q->mask.blocks;
}

static enum status add_case(struct plan *plan, struct plan_case c, struct diags *diags)
{
    for (size_t i = 0; i < plan->count; i++)
        if (same(&plan->cases[i], &c))
            return STATUS_OK;
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity ? 2 * plan->capacity : 32;
        struct plan_case *cases = realloc(plan->cases, capacity * sizeof *cases);
        if (!cases) {
            diags_error(diags, NULL, 0, NULL, "out of memory");
            return STATUS_NO_MEMORY;
        }
        plan->cases = cases;
        plan->capacity = capacity;
    }
    plan->cases[plan->count++] = c;
    return STATUS_OK;
}

/* Types that are not given: float32 on the processor; elsewhere bf16, as models have it, where the kernel does it. */
static void choose_dtype(const struct axes *axes, const int *at, const struct kernel *kernel,
                         struct attention_problem *problem)
{
    problem->dtype = DTYPE_F32;
    if (axes->axis[AXIS_DTYPE].count) {
        axes_dtype(axes->axis[AXIS_DTYPE].words[at[AXIS_DTYPE]], &problem->dtype);
    } else if (kernel->cuda) {
        problem->dtype = DTYPE_BF16;
        if (kernel->unsupported(problem))
            problem->dtype = DTYPE_F32;
    }
}

static enum status add_kernel(struct plan *plan, const struct axes *axes, const int *at, const struct kernel *kernel,
                              struct attention_problem problem, int threads, struct diags *diags)
{
    choose_dtype(axes, at, kernel, &problem);
    const char *reason = kernel->unsupported(&problem);
    if (reason) {
        plan->left_out++;
        plan->left_out_reason = reason;
        return STATUS_OK;
    }
    /* Threads are the processor's; a device's kernel is told of none. */
    return add_case(plan, (struct plan_case){kernel, problem, kernel->cuda ? 1 : threads}, diags);
}

static enum status add_kernels(struct plan *plan, const struct axes *axes, const int *at, struct kernel_list list,
                               struct diags *diags)
{
    struct attention_problem problem = problem_at(axes, at);
    int64_t threads = value_of(axes, AXIS_THREADS, at, plan_cpus());
    const char *label = axes->axis[AXIS_MASK].count ? axes->axis[AXIS_MASK].words[at[AXIS_MASK]] : "full";
    enum status status = take_mask(plan, label, &problem, diags);
    if (status == STATUS_OK && (threads < 1 || threads > 1024)) {
        diags_error(diags, NULL, 0, NULL, "threads is %lld; it must be 1 to 1024", (long long)threads);
        status = STATUS_BAD_INPUT;
    }
    const struct axis_values *wanted = &axes->axis[AXIS_KERNEL];
    for (int w = 0; w < (wanted->count ? wanted->count : 1); w++) {
        bool found = false;
        for (size_t k = 0; k < list.count && status == STATUS_OK; k++) {
            if (wanted->count && !answers_to(list.kernels[k], wanted->words[w]))
                continue;
            found = true;
            status = add_kernel(plan, axes, at, list.kernels[k], problem, (int)threads, diags);
        }
        if (!found) {
            plan->left_out++;
            plan->left_out_reason = "the chosen devices have no kernel of that name";
        }
    }
    return status;
}

enum status plan_add(struct plan *plan, const struct axes *axes, struct kernel_list kernels, struct diags *diags)
{
    int at[AXES] = {0};
    int64_t combinations = 1;
    enum status status = check_kernels(&axes->axis[AXIS_KERNEL], kernels, diags);
    for (int axis = 0; axis < AXES; axis++)
        if (axis != AXIS_KERNEL && axes->axis[axis].count)
            combinations *= axes->axis[axis].count;
    if (combinations > 10000) {
        diags_error(diags, NULL, 0, "Give fewer values.", "these axes make %lld problems", (long long)combinations);
        status = STATUS_BAD_INPUT;
    }
    for (bool more = status == STATUS_OK; more && status == STATUS_OK;) {
        status = add_kernels(plan, axes, at, kernels, diags);
        more = false; /* the next combination: the last axis turns fastest */
        for (int axis = AXES - 1; axis > AXIS_KERNEL && !more; axis--) {
            more = ++at[axis] < axes->axis[axis].count;
            if (!more)
                at[axis] = 0;
        }
    }
    return status;
}

enum status plan_add_preset(struct plan *plan, const char *name, const struct axes *over, struct kernel_list kernels,
                            struct diags *diags)
{
    struct preset *preset;
    enum status status = preset_read(name, &preset, diags);
    for (unsigned g = 0; preset && g < preset->groups_count && status == STATUS_OK; g++) {
        struct axes axes = {0};
        for (unsigned a = 0; a < preset->groups[g].axes_count && status == STATUS_OK; a++)
            status = axes_parse(&axes, preset->groups[g].axes[a], name, 0, diags);
        for (int axis = 0; axis < AXES; axis++)
            if (over->axis[axis].count)
                axes.axis[axis] = over->axis[axis];
        if (status == STATUS_OK)
            status = plan_add(plan, &axes, kernels, diags);
    }
    preset_free(preset);
    return status;
}

enum status plan_add_record(struct plan *plan, const struct record *record, struct kernel_list kernels,
                            struct diags *diags)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < record->case_count && status == STATUS_OK; i++) {
        const struct record_case *c = &record->cases[i];
        const struct kernel *kernel = find(kernels, c->kernel, c->backend);
        if (!kernel) {
            diags_error(diags, record->path, 0, "Measure from the start, without --resume.",
                        "its kernel '%.80s' is not in this program", c->kernel);
            return STATUS_BAD_INPUT;
        }
        struct plan_case added = {kernel, c->problem, c->threads};
        added.problem.mask.blocks = NULL;
        status = take_mask(plan, c->mask, &added.problem, diags);
        if (status == STATUS_OK)
            status = add_case(plan, added, diags);
    }
    return status;
}

enum status plan_filter(struct plan *plan, const char *expression, struct diags *diags)
{
    regex_t pattern;
    bool negate = expression[0] == '-';
    char words[160];
    int failed = regcomp(&pattern, expression + negate, REG_EXTENDED | REG_NOSUB);
    if (failed) {
        regerror(failed, &pattern, words, sizeof words);
        diags_error(diags, NULL, 0, "A filter is a POSIX extended expression, as in 'flash.*N:4096'.",
                    "the filter '%.80s' cannot be read: %s", expression, words);
        return STATUS_BAD_INPUT;
    }
    size_t kept = 0;
    for (size_t i = 0; i < plan->count; i++) {
        struct record named = {0};
        struct record_case *c = record_add(&named);
        const struct plan_case *from = &plan->cases[i];
        if (c &&
            record_name_case(c, from->kernel->name, from->kernel->family, from->kernel->backend, from->kernel->title,
                             &from->problem, from->threads) == STATUS_OK &&
            (regexec(&pattern, c->name, 0, NULL, 0) == 0) != negate)
            plan->cases[kept++] = *from;
        record_free(&named);
    }
    regfree(&pattern);
    plan->count = kept;
    if (kept == 0) {
        diags_error(diags, NULL, 0, "`flashdeck bench --benchmark_list_tests` with the same axes lists the names.",
                    "the filter '%.80s' matches no case", expression);
        return STATUS_BAD_INPUT;
    }
    return STATUS_OK;
}

void plan_free(struct plan *plan)
{
    for (size_t i = 0; i < plan->mask_count; i++)
        block_mask_free(plan->masks[i].blocks);
    free(plan->masks);
    free(plan->cases);
    *plan = (struct plan){0};
}
