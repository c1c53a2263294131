#include "harness/station_packed.h"

#include <stdlib.h>

#include "harness/memory.h"
#include "harness/station_packed_judge.h"
#include "kernels/workload.h"

enum piece { Q, K, V, O, LOG_SUM_EXP, TURNED_Q, TURNED_K, ANGLES, STARTS };

void station_packed_free(struct station_packed *station)
{
    for (int i = 0; i < STATION_PACKED_PIECES; i++)
        if (station->pieces[i])
            station->device->give_back(station->session, station->pieces[i]);
    *station = (struct station_packed){.device = station->device, .session = station->session};
}

/* The problem as large as the tensors are. */
static struct attention_problem largest(const struct station_pack *pack)
{
    struct attention_problem p = *pack->problem;
    p.len_q = p.len_kv = pack->most_tokens;
    p.mask = (struct attention_mask){.window_left = -1, .window_right = -1};
    return p;
}

static bool serves(const struct station_packed *station, const struct station_pack *pack)
{
    const struct attention_problem *a = &station->made, *b = pack->problem;
    return a->layers == b->layers && a->heads == b->heads && a->kv_heads == b->kv_heads && a->head_dim == b->head_dim &&
           a->dtype == b->dtype && a->len_q == pack->most_tokens && station->longest == pack->longest &&
           station->sequences >= pack->packed.count && station->seed == pack->seed;
}

static enum status fill_inputs(const struct station_packed *station, const struct attention_problem *p, uint64_t seed,
                               int threads, struct device_fault *fault)
{
    size_t q_bytes = (size_t)attention_q_elements(p) * dtype_size(p->dtype);
    size_t kv_bytes = (size_t)attention_kv_elements(p) * dtype_size(p->dtype);
    void *q = memory_take(q_bytes), *k = memory_take(kv_bytes), *v = memory_take(kv_bytes);
    enum status status = q && k && v ? workload_fill(p, q, k, v, seed, threads) : STATUS_NO_MEMORY;
    if (status != STATUS_OK)
        device_failed(fault, false, "the host has no memory for the stack's inputs (%.3f GB)",
                      1e-9 * (double)(q_bytes + 2 * kv_bytes));
    if (status == STATUS_OK)
        status = station->device->upload(station->session, station->pieces[Q], q, q_bytes, fault);
    if (status == STATUS_OK)
        status = station->device->upload(station->session, station->pieces[K], k, kv_bytes, fault);
    if (status == STATUS_OK)
        status = station->device->upload(station->session, station->pieces[V], v, kv_bytes, fault);
    free(q);
    free(k);
    free(v);
    return status;
}

/* Both tables, global's and then local's. */
static enum status fill_angles(const struct station_packed *station, int64_t longest, int64_t head_dim,
                               struct device_fault *fault)
{
    size_t table = (size_t)(longest * head_dim);
    float *angles = malloc(2 * table * sizeof *angles);
    if (!angles) {
        device_failed(fault, false, "the host has no memory for RoPE's angles");
        return STATUS_NO_MEMORY;
    }
    station_packed_angles(head_dim, longest, angles);
    enum status status =
        station->device->upload(station->session, station->pieces[ANGLES], angles, 2 * table * sizeof *angles, fault);
    free(angles);
    return status;
}

static enum status take_pieces(struct station_packed *station, const struct attention_problem *p, int64_t longest,
                               int64_t sequences, struct device_fault *fault)
{
    static const char *const names[STATION_PACKED_PIECES] = {"q",        "k",        "v",      "o",     "log_sum_exp",
                                                             "turned_q", "turned_k", "angles", "starts"};
    size_t q = (size_t)attention_q_elements(p) * dtype_size(p->dtype);
    size_t kv = (size_t)attention_kv_elements(p) * dtype_size(p->dtype);
    size_t angles = (size_t)(2 * longest * p->head_dim) * sizeof(float);
    const size_t bytes[STATION_PACKED_PIECES] = {
        q, kv, kv, q, (size_t)attention_rows(p) * sizeof(float), q, kv, angles, (size_t)(sequences + 1) * 8};
    double all = 0;
    for (int i = 0; i < STATION_PACKED_PIECES; i++)
        all += (double)bytes[i];
    for (int i = 0; i < STATION_PACKED_PIECES; i++) {
        station->pieces[i] = station->device->take(station->session, names[i], bytes[i]);
        if (station->pieces[i])
            continue;
        device_failed(fault, false, "the stack does not fit in the device's memory: needs %.3f GB, %.3f GB are left",
                      1e-9 * all, 1e-9 * station->device->room(station->session));
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

/* The tensors, made when others are there; then the starts, which differ from way to way. */
static enum status prepare(struct station_packed *station, const struct station_pack *pack, struct device_fault *fault)
{
    const struct attention_problem p = largest(pack);
    enum status status = STATUS_OK;
    *fault = (struct device_fault){0};
    if (!serves(station, pack)) {
        station_packed_free(station);
        status = take_pieces(station, &p, pack->longest, pack->packed.count, fault);
        if (status == STATUS_OK)
            status = fill_inputs(station, &p, pack->seed, pack->threads, fault);
        if (status == STATUS_OK)
            status = fill_angles(station, pack->longest, p.head_dim, fault);
        if (status != STATUS_OK) {
            station_packed_free(station);
            return status;
        }
        station->made = p;
        station->longest = pack->longest;
        station->sequences = pack->packed.count;
        station->seed = pack->seed;
    }
    return station->device->upload(station->session, station->pieces[STARTS], pack->packed.starts,
                                   (size_t)(pack->packed.count + 1) * sizeof *pack->packed.starts, fault);
}

static struct device_packed run_of(const struct station_packed *station, const struct station_pack *pack)
{
    void *const *pieces = station->pieces;
    const float *angles = pieces[ANGLES];
    int64_t half = station->longest * station->made.head_dim / 2;
    return (struct device_packed){.kernel = pack->kernel,
                                  .problem = pack->problem,
                                  .packed = &pack->packed,
                                  .starts = pieces[STARTS],
                                  .tensors = {pieces[Q], pieces[K], pieces[V], pieces[O], pieces[LOG_SUM_EXP]},
                                  .turned_q = pieces[TURNED_Q],
                                  .turned_k = pieces[TURNED_K],
                                  .global = {angles, angles + half},
                                  .local = {angles + 2 * half, angles + 3 * half},
                                  .name = pack->name};
}

static enum status poison_outputs(const struct station_packed *station, const struct station_pack *pack,
                                  struct device_fault *fault)
{
    const struct attention_problem *p = pack->problem;
    size_t q = (size_t)attention_q_elements(p) * dtype_size(p->dtype);
    size_t kv = (size_t)attention_kv_elements(p) * dtype_size(p->dtype);
    const struct {
        enum piece piece;
        size_t bytes;
    } outputs[] = {{O, q}, {LOG_SUM_EXP, (size_t)attention_rows(p) * sizeof(float)}, {TURNED_Q, q}, {TURNED_K, kv}};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0] && status == STATUS_OK; i++)
        status = station->device->poison(station->session, station->pieces[outputs[i].piece], outputs[i].bytes, fault);
    return status;
}

enum status station_packed_verify(struct station_packed *station, const struct station_pack *pack, int64_t rows,
                                  struct verdict *verdict, struct device_fault *fault)
{
    struct device_packed_times times;
    enum status status = prepare(station, pack, fault);
    if (status == STATUS_OK)
        status = poison_outputs(station, pack, fault);
    struct device_packed run = run_of(station, pack);
    if (status == STATUS_OK)
        status = station->device->packed(station->session, &run, 0, &times, fault);
    if (status == STATUS_OK)
        status = station_packed_judge(station, pack, &run, rows, verdict, fault);
    return status;
}

enum status station_packed_repeat(struct station_packed *station, const struct station_pack *pack, double min_time,
                                  struct device_packed_times *times, struct device_fault *fault)
{
    enum status status = prepare(station, pack, fault);
    struct device_packed run = run_of(station, pack);
    return status == STATUS_OK ? station->device->packed(station->session, &run, min_time, times, fault) : status;
}
