#include "harness/station_packed_judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/modernbert.h"
#include "kernels/element.h"

void station_packed_angles(int64_t head_dim, int64_t longest, float *angles)
{
    struct rope global = rope_make(head_dim, MODERNBERT_GLOBAL_THETA);
    struct rope local = rope_make(head_dim, MODERNBERT_LOCAL_THETA);
    rope_table(&global, longest, angles);
    rope_table(&local, longest, angles + longest * head_dim);
}

/* One sequence of one layer, on the host. */
struct part {
    struct attention_problem problem;
    char *q, *k, *turned_q, *turned_k, *v, *o;
    float *log_sum_exp;
};

static void part_free(struct part *part)
{
    free(part->q);
    free(part->k);
    free(part->turned_q);
    free(part->turned_k);
    free(part->v);
    free(part->o);
    free(part->log_sum_exp);
}

/* Tensors of packed sequences hold each sequence of a layer in one piece. */
static enum status part_fetch(struct part *part, const struct station_packed *station, const struct station_pack *pack,
                              const struct device_packed *run, int64_t layer, int64_t sequence,
                              struct device_fault *fault)
{
    const struct attention_problem *p = pack->problem;
    *part = (struct part){packed_part(p, &pack->packed, sequence, layer), NULL, NULL, NULL, NULL, NULL, NULL, NULL};
    size_t element = dtype_size(p->dtype);
    size_t token = (size_t)(layer * p->len_q + pack->packed.starts[sequence]);
    size_t q = (size_t)(p->heads * p->head_dim) * element, kv = (size_t)(p->kv_heads * p->head_dim) * element;
    const struct {
        void **to;
        const void *from;
        size_t each; /* bytes of a token */
    } pieces[] = {{(void **)&part->q, run->tensors.q, q},
                  {(void **)&part->k, run->tensors.k, kv},
                  {(void **)&part->turned_q, run->turned_q, q},
                  {(void **)&part->turned_k, run->turned_k, kv},
                  {(void **)&part->v, run->tensors.v, kv},
                  {(void **)&part->o, run->tensors.o, q},
                  {(void **)&part->log_sum_exp, run->tensors.log_sum_exp, (size_t)p->heads * sizeof(float)}};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0] && status == STATUS_OK; i++) {
        size_t bytes = (size_t)part->problem.len_q * pieces[i].each;
        *pieces[i].to = malloc(bytes + 1);
        if (*pieces[i].to)
            status = station->device->download(station->session, *pieces[i].to,
                                               (const char *)pieces[i].from + token * pieces[i].each, bytes, fault);
        else {
            device_failed(fault, false, "no memory for the outputs");
            status = STATUS_NO_MEMORY;
        }
    }
    return status;
}

/* The turned pair of columns j and j + d/2 of a row, held against the same formula; at most two roundings away. */
static bool pair_right(const struct part *part, const char *from, const char *to, int64_t row, int64_t j, double cosine,
                       double sine, struct verdict *verdict)
{
    const struct attention_problem *p = &part->problem;
    int64_t at = row * p->head_dim + j, half = p->head_dim / 2;
    double a = (double)element_read(from, at, p->dtype), b = (double)element_read(from, at + half, p->dtype);
    double low = a * cosine - b * sine, high = b * cosine + a * sine;
    double got_low = (double)element_read(to, at, p->dtype), got_high = (double)element_read(to, at + half, p->dtype);
    double allowed = element_epsilon(p->dtype) * (fabs(a) + fabs(b)) + element_least(p->dtype);
    if (fabs(got_low - low) <= allowed && fabs(got_high - high) <= allowed)
        return true;
    verdict->pass = false;
    snprintf(verdict->message, sizeof verdict->message,
             "RoPE: row %lld, columns %lld and %lld are %.6g and %.6g, should be %.6g and %.6g", (long long)row,
             (long long)j, (long long)(j + half), got_low, got_high, low, high);
    return false;
}

/* About `rows` tokens, evenly from first to last. */
static bool rope_right(const struct part *part, int64_t rows, struct verdict *verdict)
{
    const struct attention_problem *p = &part->problem;
    bool local = p->mask.window_left >= 0 || p->mask.window_right >= 0, right = true;
    struct rope rope = rope_make(p->head_dim, local ? MODERNBERT_LOCAL_THETA : MODERNBERT_GLOBAL_THETA);
    int64_t step = p->len_q > rows ? p->len_q / rows : 1;
    for (int64_t token = p->len_q - 1; token >= 0 && right; token -= step) {
        float cosine[MAX_HEAD_DIM / 2], sine[MAX_HEAD_DIM / 2];
        rope_angles(&rope, (double)token, cosine, sine);
        for (int64_t j = 0; j < p->head_dim / 2 && right; j++) {
            double c = (double)cosine[j], s = (double)sine[j];
            for (int64_t head = 0; head < p->heads && right; head++)
                right = pair_right(part, part->q, part->turned_q, token * p->heads + head, j, c, s, verdict);
            for (int64_t head = 0; head < p->kv_heads && right; head++)
                right = pair_right(part, part->k, part->turned_k, token * p->kv_heads + head, j, c, s, verdict);
        }
    }
    return right;
}

static enum status judge_part(const struct part *part, const struct station_pack *pack, int64_t rows,
                              struct verdict *verdict)
{
    struct attention_tensors tensors = {part->turned_q, part->turned_k, part->v, part->o, part->log_sum_exp};
    *verdict = (struct verdict){.pass = true};
    if (!rope_right(part, rows, verdict))
        return STATUS_OK;
    return oracle_judge(&part->problem, &tensors, rows, pack->seed, pack->threads, verdict);
}

/* The worst of what was seen; a fail says where. */
static void add_verdict(struct verdict *all, const struct verdict *one, int64_t layer, int64_t sequence)
{
    all->pass = one->pass;
    all->rows_compared += one->rows_compared;
    all->rows_total += one->rows_total;
    all->max_error = fmax(all->max_error, one->max_error);
    all->max_error_lse = fmax(all->max_error_lse, one->max_error_lse);
    all->plain_error = fmax(all->plain_error, one->plain_error);
    all->tolerance = fmax(all->tolerance, one->tolerance);
    if (!one->pass)
        snprintf(all->message, sizeof all->message, "layer %lld, sequence %lld: %.200s", (long long)layer,
                 (long long)sequence, one->message);
}

enum status station_packed_judge(const struct station_packed *station, const struct station_pack *pack,
                                 const struct device_packed *run, int64_t rows, struct verdict *verdict,
                                 struct device_fault *fault)
{
    const int64_t last = pack->problem->layers - 1, layers[] = {0, last < 1 ? last : 1, last},
                  sequences[] = {0, pack->packed.count - 1};
    enum status status = STATUS_OK;
    *verdict = (struct verdict){.pass = true};
    for (int l = 0; l < 3 && status == STATUS_OK && verdict->pass; l++)
        for (int s = 0; s < 2 && status == STATUS_OK && verdict->pass; s++) {
            struct part part;
            struct verdict one;
            status = part_fetch(&part, station, pack, run, layers[l], sequences[s], fault);
            if (status == STATUS_OK)
                status = judge_part(&part, pack, rows, &one);
            if (status == STATUS_OK)
                add_verdict(verdict, &one, layers[l], sequences[s]);
            else if (!fault->reason[0])
                device_failed(fault, false, "no memory for the oracle");
            part_free(&part);
        }
    return status;
}
