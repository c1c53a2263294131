/* packed.c - runs of a stack over packed sequences on a GPU, RoPE and attention each between two events of the stream.
 *
 * Every layer has tensors of its own, and a run goes through all of them: at the lengths that are measured together
 * they pass what L2 holds many times over, so a run finds nothing of the one before, as a cold repetition does. */
#include <math.h>

#include <nvtx3/nvToolsExt.h>

#include "harness/cuda/session.h"
#include "harness/device_packed.h"
#include "harness/stats.h"

/* Times of runs, one behind the other. */
struct runs {
    double attention[MEASURE_CALLS], rope[MEASURE_CALLS], spent;
    int count;
};

bool cuda_mark(struct cuda_session *session, int mark)
{
    return session->marks[mark] || cudaEventCreate(&session->marks[mark]) == cudaSuccess;
}

/* The launches of one part, and what became of them. */
static enum status put(struct cuda_session *session, const struct device_packed *packed, bool rope,
                       struct device_fault *fault)
{
    cudaGetLastError(); /* what came before is not this launch's */
    enum status status = rope ? device_packed_rope(packed, &cuda_kernel_rope, session->stream, fault)
                              : device_packed_attention(packed, &cuda_kernel_packed, session->stream, fault);
    cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess)
        return cuda_failed(rope ? "the launch of RoPE failed" : "the launch failed", error, fault);
    if (status != STATUS_OK && !fault->reason[0])
        device_failed(fault, false, "the launch was refused");
    return status;
}

/* RoPE between the events starts[i] and marks[i], attention between marks[i] and ends[i]. */
static enum status put_run(struct cuda_session *session, const struct device_packed *packed, int i,
                           struct device_fault *fault)
{
    if (!cuda_mark(session, i))
        return device_failed(fault, false, "no event for the end of RoPE");
    cudaError_t error = cudaEventRecord(session->starts[i], session->stream);
    enum status status = put(session, packed, true, fault);
    if (status == STATUS_OK && error == cudaSuccess)
        error = cudaEventRecord(session->marks[i], session->stream);
    if (status == STATUS_OK)
        status = put(session, packed, false, fault);
    if (status == STATUS_OK && error == cudaSuccess)
        error = cudaEventRecord(session->ends[i], session->stream);
    return status == STATUS_OK && error != cudaSuccess ? cuda_failed("an event was refused", error, fault) : status;
}

static double elapsed(cudaEvent_t start, cudaEvent_t end)
{
    float milliseconds = NAN;
    cudaEventElapsedTime(&milliseconds, start, end);
    return 1e-3 * (double)milliseconds;
}

/* `batch` runs onto the stream, then all are waited for. */
static enum status time_batch(struct cuda_session *session, const struct device_packed *packed, int batch,
                              struct runs *runs, struct device_fault *fault)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < batch && status == STATUS_OK; i++)
        status = put_run(session, packed, i, fault);
    cudaError_t error = cudaStreamSynchronize(session->stream);
    if (status == STATUS_OK && error != cudaSuccess)
        return cuda_failed("the stack failed", error, fault);
    for (int i = 0; i < batch && status == STATUS_OK; i++) {
        runs->rope[runs->count] = elapsed(session->starts[i], session->marks[i]);
        runs->attention[runs->count] = elapsed(session->marks[i], session->ends[i]);
        runs->spent += runs->rope[runs->count] + runs->attention[runs->count];
        runs->count++;
    }
    return status;
}

/* The first run warms up, and says how many fill the time. */
static enum status time_runs(struct cuda_session *session, const struct device_packed *packed, double min_time,
                             struct runs *runs, struct device_fault *fault)
{
    enum status status = time_batch(session, packed, 1, runs, fault);
    double expected = fmax(runs->spent, 1e-7);
    *runs = (struct runs){.count = 0};
    while (status == STATUS_OK && min_time > 0 && runs->count < MEASURE_CALLS &&
           (runs->spent < min_time || runs->count == 0)) {
        double wanted = ceil((min_time - runs->spent) / expected);
        int most = MEASURE_CALLS - runs->count < SESSION_BATCH ? MEASURE_CALLS - runs->count : SESSION_BATCH;
        status = time_batch(session, packed, (int)fmin(fmax(wanted, 1), most), runs, fault);
    }
    return status;
}

enum status cuda_packed_repeat(void *opened, const struct device_packed *packed, double min_time,
                               struct device_packed_times *times, struct device_fault *fault)
{
    struct runs runs = {.count = 0};
    *times = (struct device_packed_times){NAN, NAN, 1};
    nvtxRangePushA(packed->name ? packed->name : packed->kernel->name);
    enum status status = time_runs(opened, packed, min_time, &runs, fault);
    nvtxRangePop();
    if (status == STATUS_OK && runs.count > 0)
        *times = (struct device_packed_times){stats_median(runs.attention, (size_t)runs.count),
                                              stats_median(runs.rope, (size_t)runs.count), runs.count};
    return status;
}
