#include "help_selection.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kernels/rope.h"
#include "kernels/workload.h"

float *gaussian(int64_t count, float deviation, uint64_t seed)
{
    float *values = malloc((size_t)count * sizeof *values);
    assert_non_null(values);
    workload_gaussian(values, count, deviation, seed, 1);
    return values;
}

int make_world(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->q = gaussian((int64_t)BATCH * LENGTH * HEADS * D, 1, 1);
    w->k = gaussian((int64_t)BATCH * LENGTH * KV_HEADS * D, 1, 2);
    w->cosine = gaussian((int64_t)LENGTH * D / 2, 1, 3);
    w->sine = gaussian((int64_t)LENGTH * D / 2, 1, 4);
    struct rope rope = rope_make(D, 500);
    for (int64_t i = 0; i < LENGTH; i++)
        rope_angles(&rope, (double)i, w->cosine + i * D / 2, w->sine + i * D / 2);
    w->weights = gaussian(gate_weights(GATE_HEADS, D), 0.3f, 5);
    w->angles = (struct angles){w->cosine, w->sine};
    w->gate = (struct gate){GATE_HEADS, D, 500, w->weights};
    *state = w;
    return 0;
}

int drop_world(void **state)
{
    struct world *w = *state;
    float *const all[] = {w->q, w->k, w->cosine, w->sine, w->weights};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        free(all[i]);
    free(w);
    return 0;
}

struct pooled pool_of(const struct world *w, int64_t sequence, int64_t h, struct guarded *room)
{
    struct pooled pooled = pool_of_first(w, LENGTH, sequence, h, room);
    assert_int_equal(pooled.blocks, N);
    return pooled;
}

struct pooled pool_of_first(const struct world *w, int64_t length, int64_t sequence, int64_t h, struct guarded *room)
{
    *room = guarded_take(pooled_floats(length, D) * sizeof(float));
    struct pooled pooled = pooled_in(room->bytes, length, D);
    pool_head(w->q + (sequence * LENGTH * HEADS + h) * D, HEADS * D,
              w->k + (sequence * LENGTH * KV_HEADS + h / (HEADS / KV_HEADS)) * D, KV_HEADS * D, length, &w->angles,
              &pooled);
    assert_true(guarded_intact(room));
    return pooled;
}

void assert_near(double got, double wanted, const char *what, int64_t i, int64_t j)
{
    if (!(fabs(got - wanted) <= 1e-4 * (1 + fabs(wanted))))
        fail_msg("%s[%lld, %lld] is %.7g, should be %.7g", what, (long long)i, (long long)j, got, wanted);
}
