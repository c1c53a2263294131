/* oracle.c - attention in float64, one row at a time, and the verdict over a kernel's outputs. */
#include "kernels/oracle.h"

#include <float.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/block_mask.h"
#include "kernels/element.h"
#include "kernels/workload.h"

/* A quiet NaN that no computation of ours makes, in float32 and, half by half, in 16 bits. */
static const uint32_t poison = 0x7fed7fedu;

void oracle_poison(void *bytes, size_t length)
{
    unsigned char *to = bytes;
    for (size_t i = 0; i < length; i++)
        to[i] = ((const unsigned char *)&poison)[i % sizeof poison];
}

/* Where one row's operands lie. */
struct row {
    int64_t layer, batch, head, i;
    struct key_range keys;
    int64_t q_at;   /* elements from the start of Q, and of O */
    int64_t kv_at;  /* the same in K and V, of key 0 */
    int64_t stride; /* elements from one key to the next */
    int64_t lse_at;
};

static struct row row_of(const struct attention_problem *p, int64_t layer, int64_t batch, int64_t head, int64_t i)
{
    int64_t sequence = layer * p->batch + batch, group = head / (p->heads / p->kv_heads);
    int64_t q_at = ((sequence * p->len_q + i) * p->heads + head) * p->head_dim;
    int64_t kv_at = (sequence * p->len_kv * p->kv_heads + group) * p->head_dim;
    return (struct row){.layer = layer,
                        .batch = batch,
                        .head = head,
                        .i = i,
                        .keys = attention_keys(p, layer, i),
                        .q_at = q_at,
                        .kv_at = kv_at,
                        .stride = p->kv_heads * p->head_dim,
                        .lse_at = (sequence * p->heads + head) * p->len_q + i};
}

/* head_dim elements as float32: where they stand when they are, else turned into `room`. */
static const float *floats_at(const struct attention_problem *p, const void *tensor, int64_t at, float *room)
{
    if (p->dtype == DTYPE_F32)
        return (const float *)tensor + at;
    for (int64_t c = 0; c < p->head_dim; c++)
        room[c] = element_read(tensor, at + c, p->dtype);
    return room;
}

static bool keeps(const struct attention_problem *p, const struct row *row, int64_t j)
{
    const struct block_mask *blocks = p->mask.blocks;
    return !blocks || block_mask_keeps(blocks, p, row->layer, row->batch, row->head, row->i, j);
}

/* What a row says of the size of its numbers, for the floor of the tolerance. */
struct row_size {
    double logit, value, out;
    int64_t keys;
};

static struct row_size row_in_double(const struct attention_problem *p, const struct attention_tensors *t,
                                     const struct row *row, double *scores, double *out, double *log_sum_exp)
{
    struct row_size size = {0};
    float q_room[MAX_HEAD_DIM], room[MAX_HEAD_DIM];
    const float *q = floats_at(p, t->q, row->q_at, q_room);
    int64_t d = p->head_dim;
    double largest = -INFINITY, sum = 0;
    for (int64_t j = row->keys.first; j < row->keys.last; j++) {
        scores[j] = -INFINITY;
        if (!keeps(p, row, j))
            continue;
        const float *k = floats_at(p, t->k, row->kv_at + j * row->stride, room);
        double dot = 0;
        for (int64_t c = 0; c < d; c++)
            dot += (double)q[c] * (double)k[c];
        scores[j] = dot * (double)p->scale;
        largest = fmax(largest, scores[j]);
        size.logit = fmax(size.logit, fabs(scores[j]));
        size.keys++;
    }
    memset(out, 0, (size_t)d * sizeof *out);
    for (int64_t j = row->keys.first; j < row->keys.last; j++) {
        if (scores[j] == -INFINITY)
            continue;
        const float *v = floats_at(p, t->v, row->kv_at + j * row->stride, room);
        double weight = exp(scores[j] - largest);
        sum += weight;
        for (int64_t c = 0; c < d; c++) {
            out[c] += weight * (double)v[c];
            size.value = fmax(size.value, fabs((double)v[c]));
        }
    }
    for (int64_t c = 0; c < d && sum > 0; c++) {
        out[c] /= sum;
        size.out = fmax(size.out, fabs(out[c]));
    }
    *log_sum_exp = sum > 0 ? largest + log(sum) : -INFINITY;
    return size;
}

/* The plain computation: what anyone would write, sums in natural order. In 16 bits every result that would go through
 * memory is rounded (the product, the scaled logit, the weight, the output), as a framework's unfused attention does;
 * sums are float32. */
static void row_plain(const struct attention_problem *p, const struct attention_tensors *t, const struct row *row,
                      float *scores, float *out, float *log_sum_exp)
{
    float q_room[MAX_HEAD_DIM], room[MAX_HEAD_DIM];
    const float *q = floats_at(p, t->q, row->q_at, q_room);
    int64_t d = p->head_dim;
    float largest = -INFINITY, sum = 0;
    for (int64_t j = row->keys.first; j < row->keys.last; j++) {
        scores[j] = -INFINITY;
        if (!keeps(p, row, j))
            continue;
        const float *k = floats_at(p, t->k, row->kv_at + j * row->stride, room);
        float dot = 0;
        for (int64_t c = 0; c < d; c++)
            dot += q[c] * k[c];
        scores[j] = element_round(element_round(dot, p->dtype) * p->scale, p->dtype);
        largest = fmaxf(largest, scores[j]);
    }
    for (int64_t j = row->keys.first; j < row->keys.last; j++) {
        scores[j] = scores[j] == -INFINITY ? 0 : expf(scores[j] - largest);
        sum += scores[j];
    }
    memset(out, 0, (size_t)d * sizeof *out);
    /* float32 divides once, at the end; 16 bits before the weights are rounded, or they would not be weights. */
    bool whole = p->dtype == DTYPE_F32;
    for (int64_t j = row->keys.first; j < row->keys.last && sum > 0; j++) {
        float weight = whole ? scores[j] : element_round(scores[j] / sum, p->dtype);
        const float *v = floats_at(p, t->v, row->kv_at + j * row->stride, room);
        for (int64_t c = 0; c < d && weight != 0; c++)
            out[c] += weight * v[c];
    }
    for (int64_t c = 0; c < d && sum > 0; c++)
        out[c] = whole ? out[c] / sum : element_round(out[c], p->dtype);
    *log_sum_exp = sum > 0 ? largest + logf(sum) : -INFINITY;
}

void oracle_row(const struct attention_problem *problem, const struct attention_tensors *tensors, int64_t layer,
                int64_t batch, int64_t head, int64_t i, double *scratch, double *out, double *log_sum_exp)
{
    struct row row = row_of(problem, layer, batch, head, i);
    row_in_double(problem, tensors, &row, scratch, out, log_sum_exp);
}

/* Row number n of the comparison: the first and last rows of the heads in turn, then random ones. */
static int64_t pick_row(const struct attention_problem *p, int64_t n, int64_t max_rows, uint64_t seed)
{
    int64_t rows = attention_rows(p), heads = rows / p->len_q;
    if (rows <= max_rows)
        return n;
    int64_t edges = 2 * heads < max_rows / 2 ? 2 * heads : max_rows / 2;
    if (n < edges)
        return n / 2 * p->len_q + (n % 2 ? p->len_q - 1 : 0);
    uint64_t state = seed + (uint64_t)n * 0x9e3779b97f4a7c15u;
    return (int64_t)(workload_random(&state) % (uint64_t)rows);
}

static struct row row_by_number(const struct attention_problem *p, int64_t number)
{
    int64_t i = number % p->len_q, head = number / p->len_q % p->heads;
    int64_t sequence = number / p->len_q / p->heads;
    return row_of(p, sequence / p->batch, sequence % p->batch, head, i);
}

/* A poisoned or non-finite element of O, or of the log-sum-exp (where -inf is right for a row without keys). */
static bool find_unwritten(const struct attention_problem *p, const struct attention_tensors *t,
                           struct verdict *verdict)
{
    size_t size = dtype_size(p->dtype);
    int64_t elements = attention_q_elements(p), rows = attention_rows(p);
    for (int64_t e = 0; e < elements; e++)
        if (!isfinite(element_read(t->o, e, p->dtype))) {
            int64_t d = p->head_dim, token = e / d / p->heads;
            snprintf(verdict->message, sizeof verdict->message,
                     "O[sequence %lld, row %lld, head %lld, column %lld] is %s", (long long)(token / p->len_q),
                     (long long)(token % p->len_q), (long long)(e / d % p->heads), (long long)(e % d),
                     memcmp((const char *)t->o + (size_t)e * size, &poison, size) == 0 ? "never written"
                                                                                       : "not finite");
            return true;
        }
    for (int64_t r = 0; t->log_sum_exp && r < rows; r++)
        if (isnan(t->log_sum_exp[r]) || t->log_sum_exp[r] == INFINITY) {
            snprintf(verdict->message, sizeof verdict->message, "log_sum_exp[sequence and head %lld, row %lld] is %s",
                     (long long)(r / p->len_q), (long long)(r % p->len_q),
                     memcmp(&t->log_sum_exp[r], &poison, 4) == 0 ? "never written" : "not a number");
            return true;
        }
    return false;
}

/* What one thread found; the largest of all threads counts, so the order of the rows does not matter. */
struct finding {
    double error, plain, lse_error, plain_lse, logit, value, out;
    int64_t most_keys;
    int64_t worst_row, worst_column, worst_lse_row;
};

static void compare_row(const struct attention_problem *p, const struct attention_tensors *t, int64_t number,
                        double *scores, float *float_scores, struct finding *found)
{
    double out[MAX_HEAD_DIM], lse;
    float plain[MAX_HEAD_DIM], plain_lse;
    struct row row = row_by_number(p, number);
    struct row_size size = row_in_double(p, t, &row, scores, out, &lse);
    row_plain(p, t, &row, float_scores, plain, &plain_lse);
    if (isfinite(lse))
        found->plain_lse = fmax(found->plain_lse, fabs((double)plain_lse - lse));
    if (size.keys > found->most_keys)
        found->most_keys = size.keys;
    found->logit = fmax(found->logit, size.logit);
    found->value = fmax(found->value, size.value);
    found->out = fmax(found->out, size.out);
    for (int64_t c = 0; c < p->head_dim; c++) {
        double error = fabs((double)element_read(t->o, row.q_at + c, p->dtype) - out[c]);
        if (error > found->error || found->worst_row < 0) {
            found->error = error;
            found->worst_row = number;
            found->worst_column = c;
        }
        found->plain = fmax(found->plain, fabs((double)plain[c] - out[c]));
    }
    if (t->log_sum_exp) {
        double written = (double)t->log_sum_exp[row.lse_at];
        double error = isinf(lse) || isinf(written) ? (lse == written ? 0 : INFINITY) : fabs(written - lse);
        if (error > found->lse_error) {
            found->lse_error = error;
            found->worst_lse_row = number;
        }
    }
}

static void merge(struct finding *all, const struct finding *one)
{
    if (one->worst_row >= 0 && (one->error > all->error || all->worst_row < 0)) {
        all->error = one->error;
        all->worst_row = one->worst_row;
        all->worst_column = one->worst_column;
    }
    if (one->lse_error > all->lse_error) {
        all->lse_error = one->lse_error;
        all->worst_lse_row = one->worst_lse_row;
    }
    all->plain = fmax(all->plain, one->plain);
    all->plain_lse = fmax(all->plain_lse, one->plain_lse);
    if (one->most_keys > all->most_keys)
        all->most_keys = one->most_keys;
    all->logit = fmax(all->logit, one->logit);
    all->value = fmax(all->value, one->value);
    all->out = fmax(all->out, one->out);
}

static void decide(const struct attention_problem *p, const struct attention_tensors *t, const struct finding *found,
                   struct verdict *verdict)
{
    verdict->max_error = found->error;
    verdict->max_error_lse = found->lse_error;
    verdict->plain_error = found->plain;
    /* Below FLT_MIN floats are evenly spaced, so a product of a weight and a denormal value is off by up to half a step
     * each, whatever its size. */
    double denormal = (double)FLT_TRUE_MIN * (1 + 0.5 * (double)found->most_keys);
    verdict->tolerance = 2 * found->plain + (double)FLT_EPSILON * (4 + found->logit) * found->value + denormal;
    if (p->dtype != DTYPE_F32) /* the output's own rounding: half a step */
        verdict->tolerance += 0.5 * fmax(element_epsilon(p->dtype) * found->out, element_least(p->dtype));
    /* The log-sum-exp is a logit: its own rounding and that of a sum of len_kv terms. */
    double lse_tolerance =
        2 * found->plain_lse + (double)FLT_EPSILON * (8 + 4 * found->logit + 2 * log2(1 + (double)p->len_kv));
    verdict->pass = found->error <= verdict->tolerance && found->lse_error <= lse_tolerance;
    if (found->error > verdict->tolerance) {
        struct row row = row_by_number(p, found->worst_row);
        snprintf(verdict->message, sizeof verdict->message,
                 "O[layer %lld, batch %lld, row %lld, head %lld, column %lld] is %.9g, %.3g from the float64 result; "
                 "%.3g is tolerated",
                 (long long)row.layer, (long long)row.batch, (long long)row.i, (long long)row.head,
                 (long long)found->worst_column, (double)element_read(t->o, row.q_at + found->worst_column, p->dtype),
                 found->error, verdict->tolerance);
    } else if (!verdict->pass) {
        struct row row = row_by_number(p, found->worst_lse_row);
        snprintf(verdict->message, sizeof verdict->message,
                 "log_sum_exp[layer %lld, batch %lld, head %lld, row %lld] is %.9g, %.3g from the float64 result; "
                 "%.3g is tolerated",
                 (long long)row.layer, (long long)row.batch, (long long)row.head, (long long)row.i,
                 (double)t->log_sum_exp[row.lse_at], found->lse_error, lse_tolerance);
    }
}

enum status oracle_judge(const struct attention_problem *problem, const struct attention_tensors *tensors,
                         int64_t max_rows, uint64_t seed, int threads, struct verdict *verdict)
{
    *verdict = (struct verdict){.rows_total = attention_rows(problem)};
    verdict->rows_compared = verdict->rows_total < max_rows ? verdict->rows_total : max_rows;
    size_t scores_length = (size_t)problem->len_kv;
    double *scores = malloc((size_t)threads * scores_length * (sizeof(double) + sizeof(float)));
    if (!scores)
        return STATUS_NO_MEMORY;
    if (find_unwritten(problem, tensors, verdict)) {
        verdict->max_error = NAN;
        free(scores);
        return STATUS_OK;
    }
    struct finding all = {.worst_row = -1};
#pragma omp parallel num_threads(threads)
    {
        struct finding mine = {.worst_row = -1};
        double *my_scores = scores + (size_t)omp_get_thread_num() * scores_length;
        float *my_floats =
            (float *)(scores + (size_t)threads * scores_length) + (size_t)omp_get_thread_num() * scores_length;
#pragma omp for schedule(dynamic, 8)
        for (int64_t n = 0; n < verdict->rows_compared; n++)
            compare_row(problem, tensors, pick_row(problem, n, max_rows, seed), my_scores, my_floats, &mine);
#pragma omp critical
        merge(&all, &mine);
    }
    decide(problem, tensors, &all, verdict);
    free(scores);
    return STATUS_OK;
}
