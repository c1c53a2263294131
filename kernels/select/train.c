#include "kernels/select/train.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/workload.h"

const struct train_options train_defaults = {
    .steps = 200, .batch = 16, .warm_up = 20, .rate = 3e-3f, .causal = true, .seed = 1};

/* Row by row: P = softmax(S) over what the row sees; the loss, and S becomes its derivative. */
static double rows_loss(float *scores, const float *mass, int64_t blocks, bool causal)
{
    int64_t from = blocks / 4, counted = blocks - from;
    double loss = 0;
    memset(scores, 0, (size_t)(from * blocks) * sizeof *scores);
    for (int64_t i = from; i < blocks; i++) {
        int64_t seen = causal ? i + 1 : blocks;
        float *s = scores + i * blocks, largest = -INFINITY;
        const float *t = mass + i * blocks;
        double sum = 0, kl = 0;
        for (int64_t j = 0; j < seen; j++)
            largest = fmaxf(largest, s[j]);
        for (int64_t j = 0; j < seen; j++)
            sum += exp((double)(s[j] - largest));
        for (int64_t j = 0; j < blocks; j++) {
            double log_p = j < seen ? (double)(s[j] - largest) - log(sum) : 0;
            if (j < seen && t[j] > 0)
                kl += (double)t[j] * (log((double)t[j]) - log_p);
            s[j] = j < seen ? (float)((exp(log_p) - (double)t[j]) / (double)counted) : 0;
        }
        loss += kl / (double)counted;
    }
    return loss;
}

static void weight_gradient(const float *input, const float *output, int64_t blocks, int64_t inner, float *gradient)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)inner, GATE_FEATURES, (int)blocks, 1, input, (int)inner,
                output, GATE_FEATURES, 1, gradient, GATE_FEATURES);
}

double train_loss(const struct gate *gate, int64_t head, const struct gate_example *example, bool causal,
                  float *gradient)
{
    const struct pooled *p = &example->pooled;
    int64_t n = p->blocks, d = p->head_dim, f = GATE_FEATURES, each = gate_weights_of_head(d);
    const float root = 1.0f / sqrtf((float)f), weight = gate->weights[(head + 1) * each - 1];
    float *room = malloc((gate_scratch(n, d) + (size_t)(4 * n * f + 2 * n * n)) * sizeof *room);
    if (!room)
        return (double)NAN;
    float *a = room, *c = a + n * f, *da = c + n * f, *dc = da + n * f, *bound = dc + n * f;
    float *scores = bound + n * n, *scratch = scores + n * n;
    gate_project(gate, head, p, a, c);
    gate_bound(p, false, scratch, bound);
    memcpy(scores, bound, (size_t)(n * n) * sizeof *scores);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)n, (int)f, root, a, (int)f, c, (int)f, weight,
                scores, (int)n);
    double loss = rows_loss(scores, example->mass, n, causal);
    if (gradient) {
        double of_weight = 0;
        for (int64_t e = 0; e < n * n; e++)
            of_weight += (double)scores[e] * (double)bound[e];
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)f, (int)n, root, scores, (int)n, c, (int)f,
                    0, da, (int)f);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n, (int)f, (int)n, root, scores, (int)n, a, (int)f, 0,
                    dc, (int)f);
        gate_turn(gate, n, true, da);
        gate_turn(gate, n, true, dc);
        weight_gradient(p->q_plain, da, n, d, gradient);
        weight_gradient(p->k_plain, dc, n, 3 * d, gradient + d * f);
        gradient[each - 1] += (float)of_weight;
    }
    free(room);
    return loss;
}

static float rate_at(const struct train_options *options, int step)
{
    if (step < options->warm_up)
        return options->rate * (float)(step + 1) / (float)options->warm_up;
    double part = (double)(step - options->warm_up) / (double)(options->steps - options->warm_up);
    return options->rate * (float)(0.5 * (1 + cos(acos(-1.0) * (part < 1 ? part : 1))));
}

/* Adam (1412.6980, algorithm 1), without decay. */
static void adam(float *weights, float *first, float *second, const float *gradient, int64_t count, int step,
                 float rate)
{
    const float keep_first = 0.9f, keep_second = 0.999f, least = 1e-8f;
    float first_bias = 1 - powf(keep_first, (float)(step + 1)), second_bias = 1 - powf(keep_second, (float)(step + 1));
    for (int64_t i = 0; i < count; i++) {
        first[i] = keep_first * first[i] + (1 - keep_first) * gradient[i];
        second[i] = keep_second * second[i] + (1 - keep_second) * gradient[i] * gradient[i];
        weights[i] -= rate * (first[i] / first_bias) / (sqrtf(second[i] / second_bias) + least);
    }
}

/* The documents of a step: `batch` of them without repetition, drawn by the seed and the step alone. */
static void draw(int64_t *chosen, int64_t documents, int64_t batch, uint64_t seed, int step)
{
    uint64_t state = seed * 0x9e3779b97f4a7c15u + (uint64_t)step;
    for (int64_t i = 0; i < documents; i++)
        chosen[i] = i;
    for (int64_t i = 0; i < batch; i++) {
        int64_t other = i + (int64_t)(workload_random(&state) % (uint64_t)(documents - i)), swap = chosen[i];
        chosen[i] = chosen[other];
        chosen[other] = swap;
    }
}

enum status train_step(struct trainer *trainer, const struct gate_example *examples, int64_t documents,
                       const struct train_options *options, int threads, double *loss)
{
    struct gate *gate = &trainer->gate;
    int64_t heads = gate->heads, each = gate_weights_of_head(gate->head_dim);
    int64_t batch = options->batch < documents ? options->batch : documents;
    float *gradient = calloc((size_t)(heads * each), sizeof *gradient);
    double *losses = calloc((size_t)heads, sizeof *losses);
    int64_t *chosen = malloc((size_t)documents * sizeof *chosen);
    enum status status = gradient && losses && chosen ? STATUS_OK : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        draw(chosen, documents, batch, options->seed, trainer->step);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
        for (int64_t h = 0; h < heads; h++)
            for (int64_t b = 0; b < batch; b++)
                losses[h] +=
                    train_loss(gate, h, &examples[chosen[b] * heads + h], options->causal, gradient + h * each) /
                    (double)batch;
        *loss = 0;
        for (int64_t h = 0; h < heads; h++)
            *loss += losses[h] / (double)heads;
        status = isfinite(*loss) ? STATUS_OK : STATUS_FAILED;
    }
    if (status == STATUS_OK) {
        for (int64_t i = 0; i < heads * each; i++)
            gradient[i] /= (float)batch;
        adam(gate->weights, trainer->first, trainer->second, gradient, heads * each, trainer->step,
             rate_at(options, trainer->step));
        trainer->step++;
    }
    free(gradient);
    free(losses);
    free(chosen);
    return status;
}
