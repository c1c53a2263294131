/* RoPE over packed sequences in the simulator: against float64 in all types, positions from 0 in each sequence, thetas
 * of global and local layers apart, in place and aside; no fault, and the bytes of the formula. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_simt.h"
#include "kernels/cuda/cuda_rope.h"
#include "kernels/element.h"
#include "kernels/oracle.h"
#include "kernels/simt/simt.h"
#include "kernels/workload.h"

enum { MOST_SEQUENCES = 40, CASES = 8, GLOBAL = 160000, LOCAL = 10000 };

struct job {
    struct attention_problem problem;
    struct packed packed;
    int64_t starts[MOST_SEQUENCES + 1];
    bool in_place;
};

static int64_t below(uint64_t *state, int64_t most)
{
    return (int64_t)(workload_random(state) % (uint64_t)most);
}

static void draw(uint64_t seed, enum dtype dtype, struct job *job)
{
    static const int64_t lengths[] = {0, 0, 1, 5, 63, 64, 65, 130}, dims[] = {8, 24, 32, 64, 96, 128, 256};
    uint64_t state = seed;
    int64_t count = below(&state, 4) ? 1 + below(&state, 6) : 33 + below(&state, 7), kv_heads = 1 + below(&state, 2);
    job->starts[0] = 0;
    for (int64_t s = 0; s < count; s++)
        job->starts[s + 1] =
            job->starts[s] + (count > 6 ? below(&state, 9) : lengths[below(&state, sizeof lengths / sizeof *lengths)]);
    job->starts[count] += job->starts[count] == 0; /* a problem has a token */
    job->packed = (struct packed){job->starts, count};
    job->in_place = below(&state, 2);
    job->problem = (struct attention_problem){2 + below(&state, 2),
                                              1,
                                              kv_heads * (1 + below(&state, 3)),
                                              kv_heads,
                                              job->starts[count],
                                              job->starts[count],
                                              dims[below(&state, sizeof dims / sizeof *dims)],
                                              dtype,
                                              {.window_left = -1, .window_right = -1},
                                              1};
    struct attention_mask *mask = &job->problem.mask;
    mask->causal = below(&state, 2);
    static const int64_t windows[] = {-1, -1, 0, 64}; /* also one that hides all but a token's own side is local */
    mask->window_left = windows[below(&state, 4)];
    mask->window_right = windows[below(&state, 4)];
    mask->global_every = (int32_t)below(&state, 3);
}

/* As packed_rope has it: a layer whose window hides something. */
static bool is_local(const struct attention_problem *p, int64_t layer)
{
    bool global = p->mask.global_every > 0 && layer % p->mask.global_every == 0;
    return !global && (p->mask.window_left >= 0 || p->mask.window_right >= 0);
}

static void *upload(struct simt *simt, const char *name, const void *from, int64_t count, size_t element)
{
    void *to = simt_alloc(simt, name, element, (size_t)count);
    assert_non_null(to);
    if (from)
        simt_upload(simt, to, from, (size_t)count * element);
    else
        oracle_poison(to, (size_t)count * element);
    return to;
}

static struct angles upload_table(struct simt *simt, double theta, int64_t d, int64_t longest)
{
    struct rope rope = rope_make(d, theta);
    float *room = malloc((size_t)(longest * d) * sizeof *room);
    assert_non_null(room);
    struct angles host = rope_table(&rope, longest, room);
    struct angles angles = {upload(simt, "cosines", host.cosine, longest * d / 2, sizeof *room),
                            upload(simt, "sines", host.sine, longest * d / 2, sizeof *room)};
    free(room);
    return angles;
}

/* The largest error over all rows of `heads` heads, against float64. */
static double error_of(const struct job *job, const void *from, const void *to, int64_t heads)
{
    const struct attention_problem *p = &job->problem;
    int64_t d = p->head_dim, half = d / 2;
    double worst = 0;
    for (int64_t layer = 0; layer < p->layers; layer++)
        for (int64_t s = 0; s < job->packed.count; s++)
            for (int64_t token = job->starts[s]; token < job->starts[s + 1]; token++)
                for (int64_t head = 0; head < heads; head++)
                    for (int64_t j = 0; j < half; j++) {
                        int64_t at = ((layer * p->len_q + token) * heads + head) * d + j;
                        double angle = (double)(token - job->starts[s]) *
                                       pow(is_local(p, layer) ? LOCAL : GLOBAL, -2.0 * (double)j / (double)d);
                        double a = (double)element_read(from, at, p->dtype);
                        double b = (double)element_read(from, at + half, p->dtype);
                        double left = a * cos(angle) - b * sin(angle), right = b * cos(angle) + a * sin(angle);
                        worst = fmax(worst, fabs((double)element_read(to, at, p->dtype) - left));
                        worst = fmax(worst, fabs((double)element_read(to, at + half, p->dtype) - right));
                    }
    return worst;
}

static void check(struct simt *simt, const struct job *job)
{
    const struct attention_problem *p = &job->problem;
    int64_t of_q = attention_q_elements(p), of_k = attention_kv_elements(p), longest = packed_longest(&job->packed);
    size_t element = dtype_size(p->dtype);
    void *q = malloc((size_t)of_q * 4), *k = malloc((size_t)of_k * 4), *v = malloc((size_t)of_k * 4);
    assert_true(q && k && v);
    assert_int_equal(workload_fill(p, q, k, v, 3, 1), STATUS_OK);
    simt_reset(simt);
    simt_clear_fault(simt);
    simt_clear_counts(simt);
    struct cuda_rope_launch launch = {.problem = p, .packed = &job->packed, .stream = simt};
    void *there_q = upload(simt, "q", q, of_q, element), *there_k = upload(simt, "k", k, of_k, element);
    launch.q = there_q;
    launch.k = there_k;
    launch.turned_q = job->in_place ? there_q : upload(simt, "turned_q", NULL, of_q, element);
    launch.turned_k = job->in_place ? there_k : upload(simt, "turned_k", NULL, of_k, element);
    launch.starts = upload(simt, "starts", job->starts, job->packed.count + 1, sizeof *job->starts);
    launch.global = upload_table(simt, GLOBAL, p->head_dim, longest);
    launch.local = upload_table(simt, LOCAL, p->head_dim, longest);
    struct diags diags = {0};
    if (simt_kernel_rope.launch(&launch, &diags) != STATUS_OK)
        fail_msg("%s", simt_fault(simt)->message);
    struct kernel_stage stage;
    simt_kernel_rope.stage(p, &job->packed, &stage);
    const struct simt_counts *counts = simt_counts(simt);
    assert_int_equal(counts->launches, 1);
    assert_int_equal(counts->sram_block, 0);
    assert_string_equal(stage.name, "rope");
    /* Four products and two sums for two elements. */
    assert_true(stage.flops == 3.0 * (double)(of_q + of_k));
    if ((double)counts->hbm_read != stage.bytes_read || (double)counts->hbm_written != stage.bytes_written)
        fail_msg("d %lld, %lld sequences: counted %lld read and %lld written, the formula says %.0f and %.0f",
                 (long long)p->head_dim, (long long)job->packed.count, (long long)counts->hbm_read,
                 (long long)counts->hbm_written, stage.bytes_read, stage.bytes_written);
    double near = p->dtype == DTYPE_F32 ? 2e-6 : 4 * element_epsilon(p->dtype); /* of numbers up to 6 */
    double worst = fmax(error_of(job, q, launch.turned_q, p->heads), error_of(job, k, launch.turned_k, p->kv_heads));
    if (!(worst < near))
        fail_msg("d %lld, %s, %lld sequences: %g from float64", (long long)p->head_dim, dtype_name(p->dtype),
                 (long long)job->packed.count, worst);
    free(q);
    free(k);
    free(v);
}

static void test_turned(void **state)
{
    int count = 0, locals = 0;
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++)
        for (int n = 0; n < CASES; n++, count++) {
            struct job job;
            draw((uint64_t)(100 * (int)dtype + n), dtype, &job);
            assert_null(simt_kernel_rope.unsupported(&job.problem, &job.packed));
            check(*state, &job);
            locals += is_local(&job.problem, 1);
        }
    assert_true(locals > 4 && locals < count);
    printf("rope: %d packs turned as in float64, bytes equal to the formula\n", count);
}

static void test_refused(void **state)
{
    static const int64_t falling[] = {0, 30, 20, 40}, beyond[] = {0, 41}, late[] = {1, 40}, right[] = {0, 40};
    const struct packed wrong[] = {{falling, 3}, {beyond, 1}, {late, 1}}, one = {right, 1};
    struct attention_problem p = {1, 1, 1, 1, 40, 40, 8, DTYPE_F32, {.window_left = -1, .window_right = -1}, 1};
    simt_clear_counts(*state);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct diags diags = {0};
        struct cuda_rope_launch launch = {.problem = &p, .packed = &wrong[i], .stream = *state};
        assert_int_equal(simt_kernel_rope.launch(&launch, &diags), STATUS_BAD_INPUT);
        assert_int_equal(diags.errors, 1);
        diags_free(&diags);
    }
    static const int64_t longest[] = {0, (1 << 29) - 1}, too_long[] = {0, 1 << 29};
    p.len_q = p.len_kv = longest[1];
    assert_null(simt_kernel_rope.unsupported(&p, &(struct packed){longest, 1}));
    p.len_q = p.len_kv = too_long[1];
    assert_non_null(strstr(simt_kernel_rope.unsupported(&p, &(struct packed){too_long, 1}), "2^29"));
    p.len_q = p.len_kv = 40, p.layers = INT32_MAX; /* one tile each */
    assert_null(simt_kernel_rope.unsupported(&p, &one));
    p.layers++;
    assert_non_null(strstr(simt_kernel_rope.unsupported(&p, &one), "2^31 - 1"));
    static const int64_t three_tiles[] = {0, 130};
    p.len_q = p.len_kv = 130, p.layers = INT32_MAX / 3;
    assert_null(simt_kernel_rope.unsupported(&p, &(struct packed){three_tiles, 1}));
    p.layers++;
    assert_non_null(strstr(simt_kernel_rope.unsupported(&p, &(struct packed){three_tiles, 1}), "2^31 - 1"));
    static int64_t many[4098]; /* of 2^29 - 1 tokens: 2^35 tiles and more */
    for (int64_t s = 1; s < 4098; s++)
        many[s] = s * ((1 << 29) - 1);
    p.len_q = p.len_kv = many[4097], p.layers = 1;
    assert_non_null(strstr(simt_kernel_rope.unsupported(&p, &(struct packed){many, 4097}), "2^31 - 1"));
    p.len_q = p.len_kv = 40;
    assert_non_null(strstr(simt_kernel_rope.unsupported(&p, &(struct packed){right, 1 << 29}), "2^29")); /* unread */
    p.len_kv = 41;
    assert_non_null(strstr(simt_kernel_rope.unsupported(&p, &one), "as many keys"));
    p.len_kv = 40;
    p.layers = 1, p.batch = 2;
    struct diags diags = {0};
    struct cuda_rope_launch launch = {.problem = &p, .packed = &one, .stream = *state};
    assert_int_equal(simt_kernel_rope.launch(&launch, &diags), STATUS_UNSUPPORTED);
    assert_int_equal(simt_counts(*state)->launches, 0);
}

/* The last token of a long sequence in the last layer: its place in the table is beyond 2^31 and in Q and K beyond
 * 2^32, or its number beyond 2^31. Only its block runs; memory is address space. */
static void check_far(int64_t layers, int64_t d, enum dtype dtype)
{
    const int64_t last = 1 << 24, tokens = last + 1, token = layers * tokens - 1, of_q = layers * tokens * d,
                  half = d / 2, of_table = tokens * half;
    const int64_t starts[] = {0, tokens}, tiles = tokens / 64 + 1;
    const struct packed packed = {starts, 1};
    const struct attention_problem p = {
        layers, 1, 1, 1, tokens, tokens, d, dtype, {.window_left = -1, .window_right = -1}, 1};
    const size_t element = dtype_size(dtype);
    struct simt *simt = simt_open(2 * (size_t)of_q * element + 2 * (size_t)of_table * sizeof(float) + (1 << 20));
    if (!simt)
        skip();
    float in[256], turn[256]; /* the row, as it is rounded; cosines, then sines */
    char *rows[2];
    float *tables[2];
    workload_gaussian(in, d, 1, 5, 1);
    workload_gaussian(turn, d, 1, 7, 1);
    for (int i = 0; i < 2; i++) {
        rows[i] = simt_alloc(simt, i ? "k" : "q", element, (size_t)of_q);
        tables[i] = simt_alloc(simt, i ? "sines" : "cosines", sizeof(float), (size_t)of_table);
        assert_true(rows[i] && tables[i]);
        simt_assume_initialised(simt, rows[i]);
        simt_assume_initialised(simt, tables[i]);
        elements_from_floats(rows[i] + (size_t)(token * d) * element, in, d, dtype);
        memcpy(tables[i] + last * half, turn + i * half, (size_t)half * sizeof(float));
    }
    for (int64_t c = 0; c < d; c++)
        in[c] = element_read(rows[0], token * d + c, dtype);
    struct cuda_rope_launch launch = {.problem = &p, .packed = &packed, .stream = simt};
    launch.q = launch.turned_q = rows[0];
    launch.k = launch.turned_k = rows[1];
    launch.starts = upload(simt, "starts", starts, 2, sizeof *starts);
    launch.global = launch.local = (struct angles){tables[0], tables[1]};
    struct diags diags = {0};
    simt_only_blocks(simt, layers * tiles - 1, layers * tiles);
    if (simt_kernel_rope.launch(&launch, &diags) != STATUS_OK)
        fail_msg("%s", simt_fault(simt)->message);
    float near = dtype == DTYPE_F32 ? 1e-5f : 4 * (float)element_epsilon(dtype);
    for (int i = 0; i < 2; i++)
        for (int64_t j = 0; j < half; j++) {
            float a = in[j], b = in[j + half], cosine = turn[j], sine = turn[half + j];
            assert_true(fabsf(element_read(rows[i], token * d + j, dtype) - (a * cosine - b * sine)) < near);
            assert_true(fabsf(element_read(rows[i], token * d + half + j, dtype) - (b * cosine + a * sine)) < near);
        }
    simt_close(simt);
}

static void test_far_away(void **state)
{
    (void)state;
    check_far(1, 256, DTYPE_F32);
    check_far(129, 8, DTYPE_BF16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_turned), cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_far_away)};
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
