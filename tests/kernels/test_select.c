/* Selection: rows against a sort, the gate's derivative against finite differences, and training that must reach its
 * bars. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/rope.h"
#include "kernels/select/mass.h"
#include "kernels/select/select.h"
#include "kernels/select/train.h"
#include "kernels/structured.h"
#include "kernels/workload.h"

enum { D = 64, MODEL = 1, HEADS = HEAD_KINDS };

static float *floats(size_t count)
{
    float *values = malloc(count * sizeof *values);
    assert_non_null(values);
    return values;
}

static struct angles make_angles(int64_t length)
{
    struct rope rope = rope_make(D, structured_theta);
    return rope_table(&rope, length, floats((size_t)(length * D)));
}

static struct gate_example make_example(int64_t length, uint64_t document, int64_t head, const struct angles *angles)
{
    int64_t n = select_blocks(length);
    float *q = floats((size_t)(3 * length * D)), *k = q + length * D, *v = k + length * D;
    float *room = floats(pooled_floats(length, D)), *mass = floats((size_t)(n * n)),
          *scratch = floats(mass_scratch(length));
    struct gate_example example = {.pooled = pooled_in(room, length, D), .mass = mass};
    assert_int_equal(structured_head(length, D, MODEL, document, head, true, q, k, v), STATUS_OK);
    pool_head(q, D, k, D, length, angles, &example.pooled);
    attention_mass(q, D, k, D, length, D, 0.125f, true, scratch, mass);
    free(q);
    free(scratch);
    return example;
}

static void drop_example(struct gate_example *example)
{
    free(example->pooled.q_mean);
    free((void *)(uintptr_t)example->mass);
}

/* A row is kept as a sort would keep it: the diagonal, then the largest scores, of equal ones the later block. */
static void rows_keep_the_best(void **state)
{
    (void)state;
    enum { N = 37 };
    uint64_t random = 9;
    float scores[N * N], scratch[2 * N];
    for (int round = 0; round < 200; round++) {
        bool causal = round % 2;
        double density = (double)(1 + workload_random(&random) % 100) / 100;
        int64_t row = (int64_t)(workload_random(&random) % N), seen = select_seen(row, N, causal);
        int64_t count = select_count(seen, density);
        int32_t kept[N];
        for (int e = 0; e < N * N; e++) /* few values: many ties; and some that are no number */
            scores[e] = workload_random(&random) % 50 == 0 ? NAN : (float)(workload_random(&random) % 7);
        assert_true(count >= (seen < 2 ? seen : 2) && count <= seen && (double)count >= density * (double)seen - 1e-6);
        select_row(scores, row, N, causal, density, scratch, kept);
        bool diagonal = false;
        for (int64_t n = 0; n < count; n++) {
            assert_true(kept[n] >= 0 && kept[n] < seen && (n == 0 || kept[n] > kept[n - 1]));
            diagonal |= kept[n] == row;
        }
        assert_true(diagonal);
        for (int64_t j = 0, n = 0; j < seen; j++) {
            bool in = n < count && kept[n] == j;
            n += in;
            for (int64_t m = 0; !in && m < count; m++) {
                float left_out = scores[row * N + j], chosen = scores[row * N + kept[m]];
                if (kept[m] == row || isnan(left_out))
                    continue;
                assert_true(chosen > left_out || (chosen == left_out && kept[m] > j));
            }
        }
    }
}

static void selectors_have_names(void **state)
{
    (void)state;
    for (int s = 0; s < SELECTORS; s++)
        assert_int_equal(selector_find(selector_row((enum selector)s)->name), s);
    assert_int_equal(selector_find("nothing"), SELECTORS);
}

static struct trainer make_trainer(void)
{
    size_t count = (size_t)gate_weights(HEADS, D);
    struct trainer trainer = {.gate = {HEADS, D, structured_theta, floats(count)},
                              .first = calloc(count, sizeof(float)),
                              .second = calloc(count, sizeof(float))};
    assert_true(trainer.first && trainer.second);
    gate_start(&trainer.gate, 11);
    return trainer;
}

static void drop_trainer(struct trainer *trainer)
{
    free(trainer->gate.weights);
    free(trainer->first);
    free(trainer->second);
}

/* Along random directions in each group of weights, with weights large enough that float32 resolves the difference. */
static void derivative_is_that_of_the_loss(void **state)
{
    (void)state;
    enum { LENGTH = 1024, HEAD = 3 };
    struct angles angles = make_angles(LENGTH);
    struct gate_example example = make_example(LENGTH, 40, HEAD, &angles);
    struct trainer trainer = make_trainer();
    int64_t each = gate_weights_of_head(D);
    const int64_t groups[] = {0, D * GATE_FEATURES, each - 1, each};
    float *weights = trainer.gate.weights + HEAD * each, *gradient = calloc((size_t)each, sizeof *gradient);
    float *start = floats((size_t)each), *way = floats((size_t)each);
    assert_non_null(gradient);
    workload_gaussian(weights, each - 1, 0.1f, 5, 1);
    weights[each - 1] = 0.7f;
    memcpy(start, weights, (size_t)each * sizeof *start);
    for (int causal = 0; causal < 2; causal++) {
        memset(gradient, 0, (size_t)each * sizeof *gradient);
        train_loss(&trainer.gate, HEAD, &example, causal, gradient);
        for (int g = 0; g < 3; g++) {
            workload_gaussian(way, each, 1, 100 + (uint64_t)g, 1);
            double step = 1e-3, along = 0, loss[2];
            for (int64_t i = groups[g]; i < groups[g + 1]; i++)
                along += (double)gradient[i] * (double)way[i];
            for (int side = 0; side < 2; side++) {
                memcpy(weights, start, (size_t)each * sizeof *start);
                for (int64_t i = groups[g]; i < groups[g + 1]; i++)
                    weights[i] += (float)((side ? step : -step) * (double)way[i]);
                loss[side] = train_loss(&trainer.gate, HEAD, &example, causal, NULL);
            }
            memcpy(weights, start, (size_t)each * sizeof *start);
            double difference = (loss[1] - loss[0]) / (2 * step);
            if (!(fabs(difference - along) < 2e-2 * fabs(along) + 1e-4))
                fail_msg("group %d: derivative %.6f, by differences %.6f", g, along, difference);
        }
    }
    free((void *)(uintptr_t)angles.cosine);
    drop_example(&example);
    drop_trainer(&trainer);
    free(gradient);
    free(start);
    free(way);
}

/* Mean mass that a selector keeps at a density, over rows from a quarter on. */
static double recall(enum selector selector, const struct gate *gate, const struct gate_example *examples,
                     int64_t documents, double density)
{
    int64_t n = examples[0].pooled.blocks, rows = 0;
    float *scratch = floats(select_scratch(n, D)), *scores = floats((size_t)(n * n)),
          *row_scratch = floats((size_t)(2 * n));
    int32_t *kept = malloc((size_t)n * sizeof *kept);
    double sum = 0;
    assert_non_null(kept);
    for (int64_t e = 0; e < documents * HEADS; e++) {
        struct select_input input = {&examples[e].pooled, gate, e % HEADS, examples[e].mass, 77 + (uint64_t)e, true};
        select_scores(selector, &input, scratch, scores);
        for (int64_t i = n / 4; i < n; i++, rows++) {
            select_row(scores, i, n, true, density, row_scratch, kept);
            for (int64_t m = 0; m < select_count(i + 1, density); m++)
                sum += (double)examples[e].mass[i * n + kept[m]];
        }
    }
    free(scratch);
    free(scores);
    free(row_scratch);
    free(kept);
    return sum / (double)rows;
}

static void training_learns(void **state)
{
    (void)state;
    enum { LENGTH = 2048, TRAIN = 16, HELD_OUT = 8, STEPS = 60 };
    struct angles angles = make_angles(LENGTH);
    static struct gate_example examples[(TRAIN + HELD_OUT) * HEADS];
    const struct gate_example *held_out = examples + TRAIN * HEADS;
    for (int64_t e = 0; e < (TRAIN + HELD_OUT) * HEADS; e++)
        examples[e] =
            make_example(LENGTH, (e / HEADS < TRAIN ? 100 : 90000) + (uint64_t)(e / HEADS), e % HEADS, &angles);
    struct trainer one = make_trainer(), two = make_trainer();
    struct train_options options = train_defaults;
    double first = 0, last = 0;
    options.steps = STEPS;
    for (int s = 0; s < STEPS; s++) {
        assert_int_equal(train_step(&one, examples, TRAIN, &options, 2, &last), STATUS_OK);
        if (s == 0)
            first = last;
        if (s < 5)
            assert_int_equal(train_step(&two, examples, TRAIN, &options, 1, &last), STATUS_OK);
        if (s == 4)
            assert_memory_equal(one.gate.weights, two.gate.weights,
                                (size_t)gate_weights(HEADS, D) * sizeof *one.gate.weights);
    }
    double random = recall(SELECT_RANDOM, NULL, held_out, HELD_OUT, 0.1);
    double mean = recall(SELECT_MEAN, NULL, held_out, HELD_OUT, 0.1);
    double bound = recall(SELECT_BOUND, NULL, held_out, HELD_OUT, 0.1);
    double trained = recall(SELECT_GATE, &one.gate, held_out, HELD_OUT, 0.1);
    double most = recall(SELECT_MASS, NULL, held_out, HELD_OUT, 0.1);
    print_message("loss %.3f to %.3f; recall at 10 %%: random %.3f, mean %.3f, bound %.3f, trained "
                  "%.3f, mass %.3f\n",
                  first, last, random, mean, bound, trained, most);
    assert_true(last < 0.5 * first);
    assert_true(trained > bound && bound > mean && mean > random && most > trained);
    assert_true(trained > mean + 0.1);
    for (int64_t e = 0; e < (TRAIN + HELD_OUT) * HEADS; e++)
        drop_example(&examples[e]);
    free((void *)(uintptr_t)angles.cosine);
    drop_trainer(&one);
    drop_trainer(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_keep_the_best),
        cmocka_unit_test(selectors_have_names),
        cmocka_unit_test(derivative_is_that_of_the_loss),
        cmocka_unit_test(training_learns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
