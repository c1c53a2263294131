#include "cli/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "harness/interrupt.h"
#include "kernels/element.h"

enum { OUTPUT_MOST = 1 << 30 };

static const struct kernel *kernel_of(const struct device *device, const struct kernel *like)
{
    size_t count;
    const struct kernel *const *kernels = device->kernels(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(kernels[i]->name, like->name) == 0)
            return kernels[i];
    return NULL;
}

/* O and log-sum-exp of one launch, through a file between the processes. */
static enum status output_of(struct place *place, const struct kernel *kernel, const struct plan_case *c,
                             const struct bench_options *options, char **bytes, struct diags *diags)
{
    char path[] = "/tmp/flashdeck-output-XXXXXX";
    struct worker_question question = {.task = WORKER_OUTPUT,
                                       .kernel = kernel,
                                       .problem = &c->problem,
                                       .name = kernel->name,
                                       .seed = options->seed,
                                       .threads = plan_cpus(),
                                       .path = path};
    struct worker_answer answer;
    size_t length;
    int file = mkstemp(path);
    if (file < 0) {
        diags_error(diags, "/tmp", 0, NULL, "no file can be made here for the outputs");
        return STATUS_IO;
    }
    close(file);
    worker_ask(&place->worker, &question, &answer);
    enum status status = answer.status;
    if (status != STATUS_OK)
        diags_error(diags, NULL, 0, NULL, "%s on %s: %s", kernel->name, place->name, answer.fault.reason);
    else
        status = file_read(path, OUTPUT_MOST, bytes, &length, diags);
    unlink(path);
    return status;
}

static void compare_part(const void *a, const void *b, size_t count, enum dtype dtype, struct comparison *comparison,
                         double *largest)
{
    size_t size = dtype_size(dtype);
    for (size_t i = 0; i < count; i++) {
        bool equal = memcmp((const char *)a + i * size, (const char *)b + i * size, size) == 0;
        double x = (double)element_read(a, (int64_t)i, dtype), y = (double)element_read(b, (int64_t)i, dtype);
        comparison->equal += equal;
        if (!equal)
            *largest = isnan(x - y) ? INFINITY : fmax(*largest, fabs(x - y));
    }
    comparison->elements += count;
}

enum status compare_case(const struct plan_case *c, const struct bench_options *options, struct place *other,
                         struct comparison *comparison, struct diags *diags)
{
    struct place *own = places_of(options->places, c->kernel);
    const struct kernel *twin = kernel_of(other->device, c->kernel);
    char *a = NULL, *b = NULL;
    *comparison = (struct comparison){0};
    if (!own || !twin || twin->unsupported(&c->problem))
        return STATUS_UNSUPPORTED;
    enum status status = output_of(own, c->kernel, c, options, &a, diags);
    if (status == STATUS_OK)
        status = output_of(other, twin, c, options, &b, diags);
    if (status == STATUS_OK) {
        size_t elements = (size_t)attention_q_elements(&c->problem), rows = (size_t)attention_rows(&c->problem);
        size_t bytes = elements * dtype_size(c->problem.dtype);
        compare_part(a, b, elements, c->problem.dtype, comparison, &comparison->largest_o);
        compare_part(a + bytes, b + bytes, rows, DTYPE_F32, comparison, &comparison->largest_lse);
    }
    free(a);
    free(b);
    return status;
}

static void print_case(const struct plan_case *c, const struct comparison *found)
{
    char mask[64];
    attention_mask_label(&c->problem.mask, mask, sizeof mask);
    printf("%-12s %-4s %-11s %6lld %4lld  ", c->kernel->name, dtype_name(c->problem.dtype), mask,
           (long long)c->problem.len_kv, (long long)c->problem.head_dim);
    if (found->equal == found->elements)
        printf("all %zu outputs equal to the bit\n", found->elements);
    else
        printf("%zu of %zu equal to the bit; largest difference O %.1e, log-sum-exp %.1e\n", found->equal,
               found->elements, found->largest_o, found->largest_lse);
}

enum status compare_all(const struct plan *plan, const struct bench_options *options, struct place *other,
                        struct diags *diags)
{
    enum status worst = STATUS_OK;
    size_t compared = 0, exact = 0, missing = 0;
    printf("%-12s %-4s %-11s %6s %4s  against %s\n", "kernel", "type", "mask", "N", "d", other->name);
    for (size_t i = 0; i < plan->count && !interrupt_seen(); i++) {
        struct comparison found;
        enum status status = compare_case(&plan->cases[i], options, other, &found, diags);
        if (status == STATUS_OK) {
            print_case(&plan->cases[i], &found);
            compared++;
            exact += found.equal == found.elements;
        } else if (status == STATUS_UNSUPPORTED) {
            missing++;
        } else {
            worst = status;
        }
        fflush(stdout);
    }
    printf("\n%zu of %zu cases compared, %zu of them equal to the bit; %zu have no twin on %s\n", compared, plan->count,
           exact, missing, other->name);
    return interrupt_seen() ? STATUS_INTERRUPTED : worst;
}
