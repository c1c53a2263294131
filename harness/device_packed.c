#include "harness/device_packed.h"

/* Starts that make no sense are told by the launch itself, before anything runs. */
static enum status refused(enum status status, struct diags *diags, struct device_fault *fault)
{
    if (status == STATUS_BAD_INPUT)
        device_failed(fault, false, "%.300s", diags->count && diags->items[0].what ? diags->items[0].what : "starts");
    diags_free(diags);
    return status;
}

enum status device_packed_rope(const struct device_packed *packed, const struct cuda_rope *rope, void *stream,
                               struct device_fault *fault)
{
    struct diags diags = {0};
    const char *why = rope->unsupported(packed->problem, packed->packed);
    if (why) {
        device_failed(fault, false, "RoPE: %s", why);
        return STATUS_UNSUPPORTED;
    }
    struct cuda_rope_launch launch = {.problem = packed->problem,
                                      .packed = packed->packed,
                                      .starts = packed->starts,
                                      .q = packed->tensors.q,
                                      .k = packed->tensors.k,
                                      .turned_q = packed->turned_q,
                                      .turned_k = packed->turned_k,
                                      .global = packed->global,
                                      .local = packed->local,
                                      .stream = stream};
    return refused(rope->launch(&launch, &diags), &diags, fault);
}

enum status device_packed_attention(const struct device_packed *packed, const struct cuda_packed *attention,
                                    void *stream, struct device_fault *fault)
{
    struct diags diags = {0};
    const struct cuda_kernel *kernel = packed->kernel->cuda;
    const char *why = attention->unsupported(kernel, packed->problem, packed->packed);
    if (why) {
        device_failed(fault, false, "%s: %s", kernel->name, why);
        return STATUS_UNSUPPORTED;
    }
    struct attention_tensors turned = packed->tensors;
    turned.q = packed->turned_q;
    turned.k = packed->turned_k;
    struct cuda_packed_launch launch = {
        {.problem = packed->problem, .tensors = &turned, .stream = stream}, packed->packed, packed->starts};
    return refused(attention->launch(kernel, &launch, &diags), &diags, fault);
}
