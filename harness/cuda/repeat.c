/* repeat.c - one repetition on a GPU: cold, hot, as a graph, and stage by stage. Times are the GPU's own, by events on
 * the stream; the host only keeps the stream filled. */
#include <math.h>
#include <string.h>

#include <nvtx3/nvToolsExt.h>

#include "harness/cuda/session.h"
#include "harness/stats.h"

enum { GRAPH_CALLS = 64, STAGE_CALLS = 8 };

/* Times of calls, one behind the other. */
struct calls {
    double seconds[MEASURE_CALLS], spent;
    int count;
};

static double elapsed(cudaEvent_t start, cudaEvent_t end)
{
    float milliseconds = NAN;
    cudaEventElapsedTime(&milliseconds, start, end);
    return 1e-3 * (double)milliseconds;
}

static int next_set(struct cuda_session *session, const struct device_launch *launch, bool rotate)
{
    return rotate ? (int)(session->turn++ % launch->set_count) : 0;
}

/* `batch` calls onto the stream, each between two events; then all are waited for. */
static enum status time_batch(struct cuda_session *session, const struct device_launch *launch, bool rotate, int batch,
                              struct calls *calls, struct device_fault *fault)
{
    enum status status = STATUS_OK;
    cudaError_t error = cudaSuccess;
    for (int i = 0; i < batch && status == STATUS_OK && error == cudaSuccess; i++) {
        error = cudaEventRecord(session->starts[i], session->stream);
        if (error == cudaSuccess)
            status = cuda_put(session, launch, next_set(session, launch, rotate), NULL, fault);
        if (error == cudaSuccess && status == STATUS_OK)
            error = cudaEventRecord(session->ends[i], session->stream);
    }
    if (status != STATUS_OK)
        return status;
    if (error == cudaSuccess)
        error = cudaStreamSynchronize(session->stream);
    if (error != cudaSuccess)
        return cuda_failed("the kernel failed while it was timed", error, fault);
    for (int i = 0; i < batch; i++) {
        double seconds = elapsed(session->starts[i], session->ends[i]);
        calls->seconds[calls->count++] = seconds;
        calls->spent += seconds;
    }
    return STATUS_OK;
}

/* Enough calls to fill `min_time` of the GPU's time. */
static enum status time_calls(struct cuda_session *session, const struct device_launch *launch, bool rotate,
                              double min_time, double expected, struct calls *calls, struct device_fault *fault)
{
    enum status status = STATUS_OK;
    *calls = (struct calls){.count = 0};
    while (status == STATUS_OK && calls->count < MEASURE_CALLS && (calls->spent < min_time || calls->count == 0)) {
        double wanted = ceil((min_time - calls->spent) / fmax(expected, 1e-7));
        int most = MEASURE_CALLS - calls->count < SESSION_BATCH ? MEASURE_CALLS - calls->count : SESSION_BATCH;
        status = time_batch(session, launch, rotate, (int)fmin(fmax(wanted, 1), most), calls, fault);
    }
    return status;
}

/* Captured once, replayed: the gaps between launches, which the host makes, are gone. NaN when it cannot be captured,
 * which is no fault of the kernel's. */
static double time_graph(struct cuda_session *session, const struct device_launch *launch, double min_time,
                         double expected)
{
    struct device_fault ignored = {0};
    cudaGraph_t graph = NULL;
    cudaGraphExec_t ready = NULL;
    int calls = (int)fmin(fmax(ceil(min_time / fmax(expected, 1e-7)), 1), GRAPH_CALLS);
    double times[MEASURE_CALLS], spent = 0, median = NAN;
    int count = 0;
    bool good = cudaStreamBeginCapture(session->stream, cudaStreamCaptureModeRelaxed) == cudaSuccess;
    for (int i = 0; i < calls && good; i++)
        good = cuda_put(session, launch, next_set(session, launch, true), NULL, &ignored) == STATUS_OK;
    good = cudaStreamEndCapture(session->stream, &graph) == cudaSuccess && good;
    good = good && cudaGraphInstantiateWithFlags(&ready, graph, 0) == cudaSuccess;
    good = good && cudaGraphLaunch(ready, session->stream) == cudaSuccess; /* warms it up */
    while (good && count < MEASURE_CALLS && (spent < min_time || count == 0)) {
        good = cudaEventRecord(session->starts[0], session->stream) == cudaSuccess &&
               cudaGraphLaunch(ready, session->stream) == cudaSuccess &&
               cudaEventRecord(session->ends[0], session->stream) == cudaSuccess &&
               cudaStreamSynchronize(session->stream) == cudaSuccess;
        times[count] = good ? elapsed(session->starts[0], session->ends[0]) / calls : NAN;
        spent += times[count++] * calls;
    }
    if (good)
        median = stats_median(times, (size_t)count);
    if (ready)
        cudaGraphExecDestroy(ready);
    if (graph)
        cudaGraphDestroy(graph);
    cudaGetLastError();
    return median;
}

/* Told on the host when a stage was put on the stream: an event is put behind it there. */
struct marking_clock {
    struct stage_clock base; /* first, so that the kernel's pointer is ours */
    struct cuda_session *session;
    const struct kernel_stages *stages;
    int stage_of[SESSION_MARKS]; /* which stage ends at a mark; mark 0 is the start */
    int count;                   /* marks put; SESSION_MARKS: too many stages to tell apart */
};

static bool put_mark(struct marking_clock *clock, int stage)
{
    if (clock->count == SESSION_MARKS)
        return false;
    int mark = clock->count;
    if (!cuda_mark(clock->session, mark))
        return false;
    clock->stage_of[clock->count++] = stage;
    return cudaEventRecord(clock->session->marks[mark], clock->session->stream) == cudaSuccess;
}

static void stage_end(struct stage_clock *base, int stage)
{
    struct marking_clock *clock = (struct marking_clock *)base;
    put_mark(clock, stage);
    nvtxRangePop();
    nvtxRangePushA(stage + 1 < clock->stages->count ? clock->stages->items[stage + 1].name : "end");
}

/* One call behind an untimed one, so that the stream is never empty before the first mark. */
static enum status time_stages_once(struct marking_clock *clock, const struct device_launch *launch, double *stages,
                                    struct device_fault *fault)
{
    struct cuda_session *session = clock->session;
    enum status status = cuda_put(session, launch, next_set(session, launch, true), NULL, fault);
    clock->count = 0;
    if (status != STATUS_OK || !put_mark(clock, -1))
        return status;
    nvtxRangePushA(clock->stages->items[0].name);
    status = cuda_put(session, launch, next_set(session, launch, true), &clock->base, fault);
    nvtxRangePop();
    cudaError_t error = cudaStreamSynchronize(session->stream);
    if (status == STATUS_OK && error != cudaSuccess)
        return cuda_failed("the kernel failed while its stages were timed", error, fault);
    for (int i = 1; i < clock->count && status == STATUS_OK; i++)
        if (clock->stage_of[i] >= 0 && clock->stage_of[i] < MAX_LAYERS)
            stages[clock->stage_of[i]] += elapsed(session->marks[i - 1], session->marks[i]) / STAGE_CALLS;
    return status;
}

/* Events between launches cost time themselves, so stages are timed in calls of their own; a kernel of one stage needs
 * none. */
static enum status time_stages(struct cuda_session *session, const struct device_launch *launch,
                               struct repetition *repetition, struct device_fault *fault)
{
    struct kernel_stages stages;
    struct marking_clock clock = {.base = {stage_end}, .session = session, .stages = &stages};
    enum status status = STATUS_OK;
    launch->kernel->stages(launch->problem, &stages);
    if (stages.count == 1) {
        repetition->stages[0] = repetition->seconds;
        return STATUS_OK;
    }
    for (int i = 0; i < STAGE_CALLS && status == STATUS_OK; i++)
        status = time_stages_once(&clock, launch, repetition->stages, fault);
    return status;
}

/* A call nobody times: modules are loaded and the clock is up. Its time is what the others are expected to take. */
static enum status warm_up(struct cuda_session *session, const struct device_launch *launch, double *expected,
                           struct device_fault *fault)
{
    struct calls calls = {.count = 0};
    enum status status = time_batch(session, launch, true, 1, &calls, fault);
    if (status == STATUS_OK)
        status = time_batch(session, launch, true, 1, &calls, fault);
    *expected = calls.count == 2 ? fmin(calls.seconds[0], calls.seconds[1]) : 0;
    return status;
}

enum status cuda_repeat(void *opened, const struct device_launch *launch, double min_time,
                        struct repetition *repetition, struct device_fault *fault)
{
    struct cuda_session *session = opened;
    struct calls calls;
    double expected, start = clock_system.cpu(NULL);
    *repetition = (struct repetition){.hot = NAN, .graph = NAN};
    nvtxRangePushA(launch->name ? launch->name : launch->kernel->name);
    enum status status = warm_up(session, launch, &expected, fault);
    if (status == STATUS_OK) {
        nvtxRangePushA("repetition, cold");
        status = time_calls(session, launch, true, min_time, expected, &calls, fault);
        nvtxRangePop();
    }
    if (status == STATUS_OK) {
        repetition->seconds = stats_median(calls.seconds, (size_t)calls.count);
        repetition->calls = calls.count;
        repetition->cpu_seconds = fmax(0, clock_system.cpu(NULL) - start) / calls.count;
        nvtxRangePushA("repetition, hot");
        status = time_calls(session, launch, false, min_time, expected, &calls, fault);
        repetition->hot = status == STATUS_OK ? stats_median(calls.seconds, (size_t)calls.count) : NAN;
        nvtxRangePop();
    }
    if (status == STATUS_OK) {
        nvtxRangePushA("repetition, graph");
        repetition->graph = time_graph(session, launch, min_time, expected);
        nvtxRangePop();
        nvtxRangePushA("repetition, stages");
        status = time_stages(session, launch, repetition, fault);
        nvtxRangePop();
    }
    nvtxRangePop();
    return status;
}
