#include "harness/study.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/rope.h"
#include "kernels/select/mass.h"

const double study_densities[STUDY_DENSITIES] = {0.05, 0.1, 0.2, 0.3, 0.5};

static size_t example_floats(int64_t length, int64_t head_dim)
{
    int64_t blocks = select_blocks(length);
    return pooled_floats(length, head_dim) + (size_t)(blocks * blocks);
}

double study_bytes(int64_t length, int64_t head_dim, int64_t models, int64_t documents)
{
    double each = (double)example_floats(length, head_dim) * sizeof(float);
    return each * (double)(documents * models * HEAD_KINDS) + (double)length * (double)head_dim * sizeof(float);
}

static bool fill(struct study *study, int64_t number)
{
    int64_t n = study->length, d = study->head_dim;
    float *room = study->rooms + (size_t)number * example_floats(n, d);
    float *mass = room + pooled_floats(n, d), *q = malloc(((size_t)(3 * n * d) + mass_scratch(n)) * sizeof *q);
    struct angles angles = {study->angles, study->angles + n * d / 2};
    if (!q)
        return false;
    float *k = q + n * d, *v = k + n * d, *scratch = v + n * d;
    struct gate_example *example = &study->examples[number];
    *example = (struct gate_example){pooled_in(room, n, d), mass};
    uint64_t document = study->first_document + (uint64_t)(number / study->heads);
    int64_t head = number % study->heads;
    bool made = structured_head(n, d, study->model_seed + (uint64_t)(head / HEAD_KINDS), document, head % HEAD_KINDS,
                                true, q, k, v) == STATUS_OK;
    if (made) {
        pool_head(q, d, k, d, n, &angles, &example->pooled);
        attention_mass(q, d, k, d, n, d, 1.0f / sqrtf((float)d), true, scratch, mass);
    }
    free(q);
    return made;
}

static void make_angles(struct study *study)
{
    struct rope rope = rope_make(study->head_dim, structured_theta);
    rope_table(&rope, study->length, study->angles);
}

enum status study_make(struct study *study, int64_t length, int64_t head_dim, int64_t models, uint64_t model_seed,
                       uint64_t first_document, int64_t documents, int threads, study_tell *tell, void *context)
{
    int64_t heads = models * HEAD_KINDS, count = documents * heads, done = 0;
    *study = (struct study){
        .length = length,
        .head_dim = head_dim,
        .models = models,
        .heads = heads,
        .documents = documents,
        .model_seed = model_seed,
        .first_document = first_document,
        .examples = calloc((size_t)count, sizeof *study->examples),
        .rooms = malloc((size_t)count * example_floats(length, head_dim) * sizeof *study->rooms),
        .angles = malloc((size_t)(length * head_dim) * sizeof *study->angles),
    };
    enum status status = study->examples && study->rooms && study->angles ? STATUS_OK : STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        make_angles(study);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int64_t e = 0; e < count; e++) {
        enum status now;
#pragma omp atomic read
        now = status;
        if (now != STATUS_OK)
            continue;
        bool made = fill(study, e);
#pragma omp critical
        {
            done++;
            if (!made)
                status = STATUS_NO_MEMORY;
            else if (status == STATUS_OK && tell && !tell(context, done, count))
                status = STATUS_INTERRUPTED;
        }
    }
    if (status != STATUS_OK)
        study_free(study);
    return status;
}

void study_free(struct study *study)
{
    free(study->examples);
    free(study->rooms);
    free(study->angles);
    *study = (struct study){0};
}

/* Sums over one head of one document. */
struct sums {
    double mass;
    int64_t rows, hits, needles;
};

static void add_row(const struct study *study, int64_t number, int64_t row, const int32_t *kept, int64_t count,
                    const struct needles *needles, struct sums *sums)
{
    const struct gate_example *example = &study->examples[number];
    int64_t n = example->pooled.blocks;
    if (row >= n / 4) {
        for (int64_t m = 0; m < count; m++)
            sums->mass += (double)example->mass[row * n + kept[m]];
        sums->rows++;
    }
    for (int t = 0; t < needles->count; t++)
        if (needles->items[t].first / SELECT_BLOCK == row) {
            sums->needles++;
            for (int64_t m = 0; m < count; m++)
                sums->hits += kept[m] == needles->items[t].at / SELECT_BLOCK;
        }
}

enum status study_score(const struct study *study, int64_t model, enum selector selector, const struct gate *gate,
                        double density, struct study_score *score)
{
    int64_t n = select_blocks(study->length);
    size_t scratch_floats = select_scratch(n, study->head_dim);
    float *room = malloc((scratch_floats + (size_t)(n * n + 2 * n)) * sizeof *room);
    int32_t *kept = malloc((size_t)n * sizeof *kept);
    struct sums sums = {0};
    for (int64_t e = 0; room && kept && e < study->documents * HEAD_KINDS; e++) {
        int64_t head = model * HEAD_KINDS + e % HEAD_KINDS, number = e / HEAD_KINDS * study->heads + head;
        float *scores = room + scratch_floats, *row_scratch = scores + n * n;
        const struct gate_example *example = &study->examples[number];
        uint64_t document = study->first_document + (uint64_t)(e / HEAD_KINDS);
        struct select_input input = {&example->pooled, gate, head, example->mass, document * 31 + (uint64_t)head, true};
        struct needles needles = structured_needles(document, study->length);
        if (structured_kind(head) != HEAD_RETRIEVAL)
            needles.count = 0;
        select_scores(selector, &input, room, scores);
        for (int64_t row = 0; row < n; row++) {
            select_row(scores, row, n, true, density, row_scratch, kept);
            add_row(study, number, row, kept, select_count(row + 1, density), &needles, &sums);
        }
    }
    *score = (struct study_score){sums.mass / (double)sums.rows, (double)sums.hits / (double)sums.needles};
    free(room);
    free(kept);
    return sums.rows ? STATUS_OK : STATUS_NO_MEMORY;
}
