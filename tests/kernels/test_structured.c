/* Structured inputs: RoPE against the C library, the same bits everywhere, and attention that falls where it should. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/rope.h"
#include "kernels/structured.h"

static void angles_are_those_of_the_library(void **state)
{
    (void)state;
    static const double thetas[] = {10000, 160000, 500000};
    static const int64_t dims[] = {8, 24, 64, 96, 128, 256};
    float cosine[MAX_HEAD_DIM / 2], sine[MAX_HEAD_DIM / 2];
    for (size_t t = 0; t < 3; t++)
        for (size_t i = 0; i < 6; i++) {
            struct rope rope = rope_make(dims[i], thetas[t]);
            for (int64_t position = 0; position < 300000; position = 3 * position + 1) {
                rope_angles(&rope, (double)position, cosine, sine);
                for (int64_t j = 0; j < dims[i] / 2; j++) {
                    double angle = (double)position * pow(thetas[t], -2.0 * (double)j / (double)dims[i]);
                    assert_true(fabs((double)cosine[j] - cos(angle)) < 1e-7);
                    assert_true(fabs((double)sine[j] - sin(angle)) < 1e-7);
                }
            }
        }
}

/* Products of turned rows depend on the distance of their positions only. */
static void turning_keeps_distances(void **state)
{
    (void)state;
    struct rope rope = rope_make(16, 10000);
    float cosine[8], sine[8];
    double products[3];
    for (int i = 0; i < 3; i++) {
        float q[16], k[16];
        for (int c = 0; c < 16; c++) {
            q[c] = (float)(c % 5) - 2;
            k[c] = (float)(c % 7) - 3;
        }
        rope_angles(&rope, 40 + 100 * i, cosine, sine);
        rope_turn(16, cosine, sine, q);
        rope_angles(&rope, 27 + 100 * i, cosine, sine);
        rope_turn(16, cosine, sine, k);
        products[i] = 0;
        for (int c = 0; c < 16; c++)
            products[i] += (double)q[c] * (double)k[c];
    }
    assert_true(fabs(products[0] - products[1]) < 1e-4 && fabs(products[0] - products[2]) < 1e-4);
}

/* FNV-1a over the bits. */
static uint64_t hash(uint64_t from, const float *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        for (int b = 0; b < 4; b++)
            from = (from ^ (bits >> (8 * b) & 0xff)) * 0x100000001b3u;
    }
    return from;
}

struct qkv {
    float *q, *k, *v;
    int64_t of_q, of_kv;
};

static struct qkv fill(const struct attention_problem *p, uint64_t model, uint64_t document, bool rope, int threads)
{
    struct qkv t = {.of_q = attention_q_elements(p), .of_kv = attention_kv_elements(p)};
    t.q = malloc((size_t)t.of_q * sizeof(float));
    t.k = malloc((size_t)t.of_kv * sizeof(float));
    t.v = malloc((size_t)t.of_kv * sizeof(float));
    assert_true(t.q && t.k && t.v);
    assert_null(structured_unsupported(p));
    assert_int_equal(structured_fill(p, model, document, rope, t.q, t.k, t.v, threads), STATUS_OK);
    return t;
}

static uint64_t hash_all(const struct qkv *t)
{
    return hash(hash(hash(0xcbf29ce484222325u, t->q, t->of_q), t->k, t->of_kv), t->v, t->of_kv);
}

static void drop(struct qkv *t)
{
    free(t->q);
    free(t->k);
    free(t->v);
}

static const struct attention_problem problem = {
    1, 2, 8, 4, 1024, 1024, 64, DTYPE_F32, {.causal = true, .window_left = -1, .window_right = -1}, 0.125f};

static void seeds_give_the_same_bits(void **state)
{
    (void)state;
    struct qkv one = fill(&problem, 1, 2, true, 1), two = fill(&problem, 1, 2, true, 2);
    uint64_t bits = hash_all(&one);
    assert_true(hash_all(&two) == bits);
    assert_true(bits == UINT64_C(0xbc49f127b3734fbb)); /* seen with GCC 12 on x86-64 */
    drop(&two);
    two = fill(&problem, 1, 3, true, 2);
    assert_true(hash_all(&two) != bits);
    /* Document 3 is the second of the batch that starts with 2. */
    assert_memory_equal(two.q, one.q + one.of_q / 2, (size_t)(one.of_q / 2) * sizeof(float));
    drop(&two);
    two = fill(&problem, 2, 2, true, 2);
    assert_true(hash_all(&two) != bits);
    drop(&two);
    /* One head of one document alone is the same head. */
    float *q = malloc(3 * 1024 * 64 * sizeof *q), *k = q + 1024 * 64, *v = k + 1024 * 64;
    assert_non_null(q);
    assert_int_equal(structured_head(1024, 64, 1, 2, 3, true, q, k, v), STATUS_OK);
    for (int64_t i = 0; i < 1024; i++) {
        assert_memory_equal(q + i * 64, one.q + (i * 8 + 6) * 64, 64 * sizeof *q);
        assert_memory_equal(k + i * 64, one.k + (i * 4 + 3) * 64, 64 * sizeof *k);
    }
    free(q);
    drop(&one);
}

static void needles_stand_behind_their_queries(void **state)
{
    (void)state;
    for (uint64_t document = 0; document < 50; document++) {
        int64_t length = 400 + (int64_t)(document * 397);
        struct needles needles = structured_needles(document, length);
        int64_t wanted = length / 256 < MOST_NEEDLES ? length / 256 : MOST_NEEDLES;
        if (length >= 4096)
            assert_int_equal(needles.count, wanted);
        for (int n = 0; n < needles.count; n++) {
            struct needle needle = needles.items[n];
            assert_true(needle.at >= SINK_TOKENS && needle.at + 256 <= needle.first);
            assert_true(needle.first + NEEDLE_SPAN <= length);
            for (int other = 0; other < n; other++)
                assert_true(needles.items[other].first != needle.first);
        }
    }
}

/* Shares of the causal attention of a head: sink, the last 128 keys, the rest; and of the needle, for its queries. */
struct shares {
    double sink, local, rest, needle;
};

static struct shares shares_of(int64_t head, int64_t n)
{
    float *q = malloc((size_t)(3 * n * 64) * sizeof *q), *k = q + n * 64, *v = k + n * 64;
    struct shares shares = {0};
    struct needles needles = structured_needles(21, n);
    int64_t rows = 0, looking = 0;
    double *weights = malloc((size_t)n * sizeof *weights);
    assert_true(q && weights);
    assert_int_equal(structured_head(n, 64, 7, 21, head, true, q, k, v), STATUS_OK);
    for (int64_t i = 512; i < n; i += 13, rows++) {
        double largest = -INFINITY, sum = 0, sink = 0, local = 0;
        for (int64_t j = 0; j <= i; j++) {
            double dot = 0;
            for (int c = 0; c < 64; c++)
                dot += (double)q[i * 64 + c] * (double)k[j * 64 + c];
            weights[j] = dot / 8;
            largest = fmax(largest, weights[j]);
        }
        for (int64_t j = 0; j <= i; j++) {
            weights[j] = exp(weights[j] - largest);
            sum += weights[j];
            sink += j < SINK_TOKENS ? weights[j] : 0;
            local += j > i - 128 ? weights[j] : 0;
        }
        shares.sink += sink / sum;
        shares.local += local / sum;
        shares.rest += 1 - (sink + local) / sum;
        for (int t = 0; t < needles.count; t++)
            if (i >= needles.items[t].first && i < needles.items[t].first + NEEDLE_SPAN) {
                shares.needle += weights[needles.items[t].at] / sum;
                looking++;
            }
    }
    shares.sink /= (double)rows;
    shares.local /= (double)rows;
    shares.rest /= (double)rows;
    shares.needle /= (double)looking;
    free(q);
    free(weights);
    return shares;
}

static void attention_falls_where_the_kind_says(void **state)
{
    (void)state;
    struct shares of[HEAD_KINDS];
    for (int64_t kind = 0; kind < HEAD_KINDS; kind++) {
        of[kind] = shares_of(kind, 4096);
        print_message("%-14s sink %.2f, nearest 128 %.2f, rest %.2f, needle %.2f\n",
                      head_kind_name(structured_kind(kind)), of[kind].sink, of[kind].local, of[kind].rest,
                      of[kind].needle);
    }
    const struct shares *a = &of[HEAD_A_SHAPE], *slash = &of[HEAD_VERTICAL_SLASH], *sparse = &of[HEAD_BLOCK_SPARSE],
                        *retrieval = &of[HEAD_RETRIEVAL];
    assert_true(a->sink > 0.3 && a->sink > 2 * slash->sink);
    assert_true(slash->rest > 0.7 && slash->sink < 0.2);
    assert_true(sparse->local > 0.4 && sparse->sink < 0.2);
    assert_true(retrieval->needle > 0.3 && retrieval->sink > 0.1);
    assert_true(a->needle < 0.05 && slash->needle < 0.05 && sparse->needle < 0.05);
}

static void other_problems_are_refused(void **state)
{
    (void)state;
    struct attention_problem p = problem;
    p.head_dim = 72;
    assert_non_null(structured_unsupported(&p));
    p = problem;
    p.len_q = 100;
    assert_non_null(structured_unsupported(&p));
    p = problem;
    p.dtype = DTYPE_BF16;
    assert_non_null(structured_unsupported(&p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(angles_are_those_of_the_library),
        cmocka_unit_test(turning_keeps_distances),
        cmocka_unit_test(seeds_give_the_same_bits),
        cmocka_unit_test(needles_stand_behind_their_queries),
        cmocka_unit_test(attention_falls_where_the_kind_says),
        cmocka_unit_test(other_problems_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
