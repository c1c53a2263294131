/* Packed sequences in the simulator: every kernel that knows them, over seeded packs with empty sequences, lengths at
 * the edges of tiles, windows, causal masks, grouped heads and all types. No launch may have a fault, the bytes of each
 * stage equal the formula, each sequence is held against the oracle, and is bit by bit what the same kernel gives for
 * it alone. Starts that make no sense are refused before anything is launched. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/element.h"
#include "kernels/oracle.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

/* Packs for each kernel and type; many sequences make a warp look twice for its own. */
enum { PACKS = 7, MOST_SEQUENCES = 40, MOST_TOKENS = 200, LEAST_EQUAL = 60 };

static const char *const names[] = {"flash_tiled", "flash_mma", "sliding", "alternating"};
enum { KERNELS = sizeof names / sizeof names[0] };

static const struct cuda_kernel *find(const char *name)
{
    for (size_t i = 0; i < simt_kernel_count; i++)
        if (strcmp(simt_kernels[i]->name, name) == 0)
            return simt_kernels[i];
    fail_msg("there is no kernel %s", name);
    return NULL;
}

struct pack {
    struct attention_problem problem;
    struct packed packed;
    int64_t starts[MOST_SEQUENCES + 1];
};

static int64_t below(uint64_t *state, int64_t most)
{
    return (int64_t)(workload_random(state) % (uint64_t)most);
}

/* Around the edges of tiles of 32, 64 and 128, or anything; many sequences are short. */
static int64_t draw_length(uint64_t *state, bool many)
{
    static const int64_t edges[] = {0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 129, 191, 257};
    if (many)
        return below(state, 12);
    return below(state, 3) ? edges[below(state, sizeof edges / sizeof edges[0])] : below(state, 200);
}

static void draw_starts(uint64_t *state, struct pack *pack)
{
    bool many = below(state, 5) == 0;
    int64_t count = many ? 33 + below(state, MOST_SEQUENCES - 33) : 1 + below(state, 6);
    pack->starts[0] = 0;
    for (int64_t s = 0; s < count; s++) {
        int64_t length = draw_length(state, many), left = MOST_TOKENS - pack->starts[s];
        pack->starts[s + 1] = pack->starts[s] + (length < left ? length : left);
    }
    if (pack->starts[count] == 0) /* a problem has a token */
        pack->starts[count] = 5;
    pack->packed = (struct packed){pack->starts, count};
}

static struct attention_mask draw_mask(uint64_t *state, const char *kernel)
{
    struct attention_mask mask = {.window_left = -1, .window_right = -1};
    bool local = strcmp(kernel, "sliding") == 0 || strcmp(kernel, "alternating") == 0;
    mask.causal = below(state, 3) == 0;
    if (local || below(state, 3) == 0) {
        mask.window_left = below(state, 4) ? below(state, 70) : -1;
        mask.window_right = below(state, 4) || mask.window_left < 0 ? below(state, 70) : -1;
    }
    if (strcmp(kernel, "alternating") == 0 || (strcmp(kernel, "sliding") != 0 && below(state, 4) == 0))
        mask.global_every = 1 + (int32_t)below(state, 3);
    return mask;
}

static void draw_pack(const char *kernel, enum dtype dtype, uint64_t seed, struct pack *pack)
{
    static const int64_t dims[] = {8, 24, 32, 48, 64, 72, 128, 136, 256};
    uint64_t state = seed;
    draw_starts(&state, pack);
    int64_t group = 1 + below(&state, 2), kv_heads = 1 + below(&state, 2);
    int64_t tokens = pack->starts[pack->packed.count];
    pack->problem = (struct attention_problem){.layers = 1 + below(&state, 3),
                                               .batch = 1,
                                               .heads = kv_heads * group,
                                               .kv_heads = kv_heads,
                                               .len_q = tokens,
                                               .len_kv = tokens,
                                               .head_dim = dims[below(&state, sizeof dims / sizeof dims[0])],
                                               .dtype = dtype,
                                               .mask = draw_mask(&state, kernel),
                                               .scale = below(&state, 5) ? 0.2f : -0.3f};
    /* Each of these costs time, all of them together seconds. */
    if (tokens > 100 && pack->problem.head_dim > 64)
        pack->problem.head_dim = 64;
    if (pack->problem.layers * pack->problem.heads > 3)
        pack->problem.heads = group, pack->problem.kv_heads = 1;
}

/* Host memory of a pack: inputs, and what came out. */
struct room {
    char *q, *k, *v, *o;
    float *log_sum_exp;
};

static struct room take_room(const struct attention_problem *p)
{
    size_t of_q = (size_t)attention_q_elements(p) * 4, of_kv = (size_t)attention_kv_elements(p) * 4;
    struct room room = {malloc(of_q), malloc(of_kv), malloc(of_kv), malloc(of_q),
                        malloc((size_t)attention_rows(p) * 4)};
    assert_true(room.q && room.k && room.v && room.o && room.log_sum_exp);
    assert_int_equal(workload_fill(p, room.q, room.k, room.v, 7, 1), STATUS_OK);
    return room;
}

static void free_room(struct room *room)
{
    free(room->q);
    free(room->k);
    free(room->v);
    free(room->o);
    free(room->log_sum_exp);
}

static void words_of(const struct cuda_kernel *kernel, const struct pack *pack, char *words, size_t size)
{
    const struct attention_problem *p = &pack->problem;
    char mask[64];
    attention_mask_label(&p->mask, mask, sizeof mask);
    snprintf(words, size, "%s %s, %lld sequences, %lld tokens, %lld layers, heads %lld/%lld, d %lld, %s", kernel->name,
             dtype_name(p->dtype), (long long)pack->packed.count, (long long)p->len_q, (long long)p->layers,
             (long long)p->heads, (long long)p->kv_heads, (long long)p->head_dim, mask);
}

static void assert_stage_name(const struct cuda_kernel *kernel, const struct attention_problem *p, int stage,
                              const char *name)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, "%s", kernel->name);
    if (strcmp(kernel->name, "alternating") == 0)
        snprintf(wanted, sizeof wanted, "layer %d %s", stage, stage % p->mask.global_every ? "local" : "global");
    assert_string_equal(name, wanted);
}

static void check_bytes(const struct cuda_kernel *kernel, const struct pack *pack, const struct simt_attention *got,
                        const char *words)
{
    const struct attention_problem *p = &pack->problem;
    struct kernel_stages stages;
    simt_kernel_packed.stages(kernel, p, &pack->packed, &stages);
    assert_int_equal(got->stage_count, stages.count);
    for (int s = 0; s < stages.count; s++) {
        const struct simt_counts *counted = &got->stages[s];
        assert_int_equal(counted->launches, 1); /* whatever the number of sequences */
        /* No more blocks than a tile of each sequence's end and one for each tile of tokens. */
        int64_t layers = strcmp(kernel->name, "alternating") == 0 ? 1 : p->layers,
                rows = p->dtype == DTYPE_F32 ? 64 : 128;
        assert_int_equal(counted->blocks, layers * p->heads * (p->len_q / rows + pack->packed.count));
        assert_int_equal(counted->sram_spare, 0);
        assert_stage_name(kernel, p, s, stages.items[s].name);
        if ((double)counted->hbm_read != stages.items[s].bytes_read ||
            (double)counted->hbm_written != stages.items[s].bytes_written)
            fail_msg("%s, %s: counted %lld read and %lld written, the formula says %.0f and %.0f", words,
                     stages.items[s].name, (long long)counted->hbm_read, (long long)counted->hbm_written,
                     stages.items[s].bytes_read, stages.items[s].bytes_written);
    }
}

/* The kernel for one sequence of one layer alone: alternating's layers are dense flash or sliding. */
static const struct cuda_kernel *alone(const struct cuda_kernel *kernel, const struct attention_problem *part)
{
    if (strcmp(kernel->name, "alternating") != 0)
        return kernel;
    bool local = part->mask.window_left >= 0 || part->mask.window_right >= 0;
    return find(local ? "sliding" : part->dtype == DTYPE_F32 ? "flash_tiled" : "flash_mma");
}

/* One sequence of one layer: against float64, and bit by bit against itself alone. */
static void check_part(struct simt *simt, const struct cuda_kernel *kernel, const struct pack *pack,
                       const struct room *room, int64_t layer, int64_t s, const char *words)
{
    const struct attention_problem *p = &pack->problem, part = packed_part(p, &pack->packed, s, layer);
    if (part.len_q == 0)
        return;
    int64_t token = layer * p->len_q + pack->starts[s];
    size_t element = dtype_size(p->dtype), of_q = (size_t)attention_q_elements(&part) * element;
    size_t q_at = (size_t)(token * p->heads * p->head_dim) * element;
    size_t kv_at = (size_t)(token * p->kv_heads * p->head_dim) * element;
    struct attention_tensors own = {room->q + q_at, room->k + kv_at, room->v + kv_at, room->o + q_at,
                                    room->log_sum_exp + token * p->heads};
    struct verdict verdict;
    assert_int_equal(oracle_judge(&part, &own, INT64_MAX, 1, 1, &verdict), STATUS_OK);
    if (!verdict.pass)
        fail_msg("%s, layer %lld, sequence %lld: %s", words, (long long)layer, (long long)s, verdict.message);
    struct simt_attention single;
    const struct cuda_kernel *one = alone(kernel, &part);
    assert_null(one->unsupported(&part));
    assert_int_equal(simt_attend(simt, one, &part, own.q, own.k, own.v, &single), STATUS_OK);
    if (memcmp(single.tensors.o, own.o, of_q) != 0 ||
        memcmp(single.tensors.log_sum_exp, own.log_sum_exp, (size_t)attention_rows(&part) * 4) != 0)
        fail_msg("%s, layer %lld, sequence %lld: alone it has other bits", words, (long long)layer, (long long)s);
}

static void check_pack(struct simt *simt, const struct cuda_kernel *kernel, const struct pack *pack)
{
    const struct attention_problem *p = &pack->problem;
    struct room room = take_room(p);
    struct simt_attention got;
    struct diags diags = {0};
    char words[256];
    words_of(kernel, pack, words, sizeof words);
    enum status status =
        simt_attend_packed(simt, kernel, &simt_kernel_packed, p, &pack->packed, room.q, room.k, room.v, &got, &diags);
    if (status != STATUS_OK)
        fail_msg("%s: status %d, %s", words, (int)status, simt_fault(simt)->message);
    check_bytes(kernel, pack, &got, words);
    size_t of_q = (size_t)attention_q_elements(p) * dtype_size(p->dtype), rows = (size_t)attention_rows(p) * 4;
    assert_int_equal(simt_unwritten(simt, got.tensors.o, of_q), 0);
    memcpy(room.o, got.tensors.o, of_q);
    memcpy(room.log_sum_exp, got.tensors.log_sum_exp, rows);
    for (int64_t layer = 0; layer < p->layers; layer++)
        for (int64_t s = 0; s < pack->packed.count; s++)
            check_part(simt, kernel, pack, &room, layer, s, words);
    free_room(&room);
    diags_free(&diags);
}

static void test_packs(void **state)
{
    int run = 0, sequences = 0, empty = 0;
    for (int k = 0; k < KERNELS; k++)
        for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++)
            for (int n = 0; n < PACKS; n++) {
                struct pack pack;
                const struct cuda_kernel *kernel = find(names[k]);
                draw_pack(names[k], dtype, (uint64_t)(1000 * k + 100 * (int)dtype + n), &pack);
                if (simt_kernel_packed.unsupported(kernel, &pack.problem, &pack.packed))
                    continue;
                check_pack(*state, kernel, &pack);
                run++;
                sequences += (int)pack.packed.count;
                for (int64_t s = 0; s < pack.packed.count; s++)
                    empty += pack.starts[s] == pack.starts[s + 1];
            }
    printf("packed: %d packs of %d sequences, %d of them empty: bytes equal to the formula, bits to each alone\n", run,
           sequences, empty);
    assert_true(run >= LEAST_EQUAL);
    assert_true(empty > run);
}

/* At the edges between the loops' shapes, each in all types. */
static void test_dims(void **state)
{
    static const int64_t dims[] = {8, 32, 40, 64, 72, 128, 136, 256}, starts[] = {0, 3, 3, 43};
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_F16; dtype++)
        for (size_t n = 0; n < sizeof dims / sizeof dims[0]; n++) {
            struct pack pack = {.packed = {pack.starts, 3}};
            memcpy(pack.starts, starts, sizeof starts);
            pack.problem =
                (struct attention_problem){1, 1, 2, 1, 43, 43, dims[n], dtype, {false, -1, -1, 0, NULL}, 0.2f};
            check_pack(*state, find(dtype == DTYPE_F32 ? "flash_tiled" : "flash_mma"), &pack);
        }
}

/* A short sequence behind long ones, in the second layer: where its last head lies is beyond 2^32 elements, and in the
 * second case the number of its first token beyond 2^31. Only each launch's block of that head and sequence runs;
 * memory is address space. */
static const struct far {
    const char *kernel;
    enum dtype dtype;
    int64_t heads, head_dim, longs, each, block; /* sequences before it, of so many tokens; which block in a launch */
    struct attention_mask mask;
} fars[] = {
    {"flash_tiled", DTYPE_F32, 8, 32, 1, 1 << 23, 15 * ((1 << 17) + 2), {true, -1, -1, 0, NULL}}, /* the last tile of
                                                                                                     head 15 */
    {"alternating", DTYPE_BF16, 1, 8, 5, (1 << 29) - 1, 1, {false, 3, 2, 2, NULL}}, /* the last but one, of rows */
};

static void check_far(const struct far *far)
{
    enum { SHORT = 5 };
    int64_t starts[8] = {0}, first = far->longs * far->each, tokens = first + SHORT, heads = far->heads,
            d = far->head_dim;
    for (int64_t s = 0; s <= far->longs; s++)
        starts[s] = s * far->each;
    starts[far->longs + 1] = tokens;
    const struct packed packed = {starts, far->longs + 1};
    const struct attention_problem p = {2, 1, heads, 1, tokens, tokens, d, far->dtype, far->mask, 0.3f};
    const size_t of_q = (size_t)attention_q_elements(&p), of_kv = (size_t)attention_kv_elements(&p),
                 element = dtype_size(p.dtype);
    struct simt *simt = simt_open(2 * (of_q + of_kv) * element + (size_t)attention_rows(&p) * 4 + (1 << 20));
    if (!simt)
        skip();
    char *q = simt_alloc(simt, "q", element, of_q), *k = simt_alloc(simt, "k", element, of_kv),
         *v = simt_alloc(simt, "v", element, of_kv), *o = simt_alloc(simt, "o", element, of_q);
    float *log_sum_exp = simt_alloc(simt, "log_sum_exp", sizeof *log_sum_exp, (size_t)attention_rows(&p));
    int64_t *there = simt_alloc(simt, "starts", sizeof *there, (size_t)packed.count + 1);
    assert_true(q && k && v && o && log_sum_exp && there);
    simt_upload(simt, there, starts, (size_t)(packed.count + 1) * sizeof *there);
    simt_assume_initialised(simt, q);
    simt_assume_initialised(simt, k);
    simt_assume_initialised(simt, v);
    const struct attention_problem part = packed_part(&p, &packed, far->longs, 1);
    const size_t token = (size_t)(tokens + first), q_at = token * (size_t)(heads * d) * element,
                 kv_at = token * (size_t)d * element;
    const struct attention_tensors all = {q, k, v, o, log_sum_exp}, own = {q + q_at, k + kv_at, v + kv_at, o + q_at,
                                                                           log_sum_exp + token * (size_t)heads};
    assert_int_equal(workload_fill(&part, q + q_at, k + kv_at, v + kv_at, 7, 1), STATUS_OK);
    const struct cuda_packed_launch launch = {{.problem = &p, .tensors = &all, .stream = simt}, &packed, there};
    struct diags diags = {0};
    simt_only_blocks(simt, far->block, far->block + 1);
    if (simt_kernel_packed.launch(find(far->kernel), &launch, &diags) != STATUS_OK)
        fail_msg("%s", simt_fault(simt)->message);
    double scratch[SHORT], out[MAX_HEAD_DIM], lse, near = p.dtype == DTYPE_F32 ? 1e-5 : 4 * element_epsilon(p.dtype);
    for (int64_t i = 0; i < SHORT; i++) {
        oracle_row(&part, &own, 0, 0, heads - 1, i, scratch, out, &lse);
        for (int64_t c = 0; c < d; c++)
            assert_true(fabs((double)element_read(own.o, (i * heads + heads - 1) * d + c, p.dtype) - out[c]) < near);
        assert_true(fabs((double)own.log_sum_exp[(heads - 1) * SHORT + i] - lse) < 1e-4);
    }
    simt_close(simt);
}

static void test_far_away(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fars / sizeof fars[0]; i++)
        check_far(&fars[i]);
}

/* By hand: 32 sequences of one token are 32 tiles; each of a block's 8 warps looks once, at 32 starts and then at two;
 * a block reads a row of Q, K and V. 33 sequences take two looks: 17 starts two apart, and both of a pair where there
 * are two. */
static void test_search_by_hand(void **state)
{
    static const float zeros[33 * 8];
    for (int64_t count = 32; count <= 33; count++) {
        int64_t starts[34], searched = count == 32 ? 32 * (32 + 2) : 32 * (17 + 2 + 2) + 17 + 2;
        for (int64_t s = 0; s <= count; s++)
            starts[s] = s;
        const struct packed packed = {starts, count};
        const struct attention_problem p = {
            1, 1, 1, 1, count, count, 8, DTYPE_F32, {.window_left = -1, .window_right = -1}, 1};
        struct simt_attention got;
        struct diags diags = {0};
        assert_int_equal(simt_attend_packed(*state, find("flash_tiled"), &simt_kernel_packed, &p, &packed, zeros, zeros,
                                            zeros, &got, &diags),
                         STATUS_OK);
        assert_int_equal(got.stages[0].blocks, count);
        assert_int_equal(got.stages[0].hbm_read, 8 * 8 * searched + count * 3 * 8 * 4);
    }
}

static void refuse(struct simt *simt, const int64_t *starts, int64_t count, const char *says)
{
    static const float zeros[40 * 8];
    const struct attention_problem p = {1, 1, 1, 1, 40, 40, 8, DTYPE_F32, {.window_left = 3, .window_right = -1}, 1};
    for (int k = 0; k < KERNELS; k++) {
        struct diags diags = {0};
        struct simt_attention got;
        struct packed packed = {starts, count};
        assert_int_equal(simt_attend_packed(simt, find(names[k]), &simt_kernel_packed, &p, &packed, zeros, zeros, zeros,
                                            &got, &diags),
                         STATUS_BAD_INPUT);
        assert_non_null(strstr(diags.items[0].what, says));
        assert_int_equal(simt_counts(simt)->launches, 0);
        diags_free(&diags);
    }
}

static void test_wrong_starts_are_refused(void **state)
{
    refuse(*state, (const int64_t[]){0, 30, 20, 40}, 3, "before it starts");
    refuse(*state, (const int64_t[]){2, 40}, 1, "not at 0");
    refuse(*state, (const int64_t[]){0, 41}, 1, "the tensors have 40 tokens");
    refuse(*state, (const int64_t[]){0, 39}, 1, "ends at 39");
    refuse(*state, (const int64_t[]){0}, 0, "no sequence");
}

static void test_problems_that_are_refused(void **state)
{
    (void)state;
    static const int64_t starts[] = {0, 10, 40}, long_starts[] = {0, (INT64_C(1) << 29) + 10};
    const struct packed packed = {starts, 2}, long_packed = {long_starts, 1};
    struct attention_problem p = {1, 1, 1, 1, 40, 40, 8, DTYPE_F32, {.window_left = -1, .window_right = -1}, 1}, q = p;
    const struct cuda_kernel *tiled = find("flash_tiled");
    assert_null(simt_kernel_packed.unsupported(tiled, &p, &packed));
    assert_non_null(strstr(simt_kernel_packed.unsupported(find("naive"), &p, &packed), "knows no packed sequences"));
    assert_non_null(strstr(simt_kernel_packed.unsupported(find("sliding"), &p, &packed), "no window"));
    assert_non_null(strstr(simt_kernel_packed.unsupported(find("flash_mma"), &p, &packed), "16 bits"));
    q.batch = 2;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &packed), "one batch"));
    q = p, q.len_kv = 39;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &packed), "as many keys"));
    q = p, q.len_q = q.len_kv = long_starts[1];
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &long_packed), "2^29 tokens"));
    /* One sequence of 10 tokens is one tile a head: as many heads as a grid has blocks, and one more. */
    const struct packed one = {starts, 1};
    q = p, q.len_q = q.len_kv = 10, q.heads = q.kv_heads = INT32_MAX;
    assert_null(simt_kernel_packed.unsupported(tiled, &q, &one));
    q.heads = q.kv_heads = INT64_C(1) << 31;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &one), "2^31 - 1"));
    /* All layers are one launch; of alternating each is one. */
    q.heads = q.kv_heads = INT32_MAX, q.layers = 2;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &one), "2^31 - 1"));
    q.heads = q.kv_heads = INT32_MAX / 4, q.mask.window_left = 3, q.mask.global_every = 2;
    assert_null(simt_kernel_packed.unsupported(find("alternating"), &q, &one));
    /* Two sequences may have two tiles where the longest alone has one. */
    static const int64_t short_ones[] = {0, 10, 20};
    const struct packed two = {short_ones, 2};
    q = p, q.len_q = q.len_kv = 20, q.heads = INT64_C(1) << 30;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &two), "2^31 - 1"));
    q.heads--;
    assert_null(simt_kernel_packed.unsupported(tiled, &q, &two));
    q.heads = INT64_C(1) << 29, q.layers = 2;
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &two), "2^31 - 1"));
    q.mask.window_left = 3, q.mask.global_every = 2;
    assert_null(simt_kernel_packed.unsupported(find("alternating"), &q, &two));
    static int64_t long_ones[4098]; /* of 2^29 - 1 tokens: 2^35 tiles and more */
    for (int64_t s = 1; s < 4098; s++)
        long_ones[s] = s * ((1 << 29) - 1);
    q = p, q.len_q = q.len_kv = long_ones[4097];
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){long_ones, 4097}), "2^31 - 1"));
    q = p; /* what is refused for its number is not read */
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){starts, 1 << 29}), "sequences"));
    /* The pack may be longer than any sequence of it. */
    static const int64_t many[] = {0, (1 << 29) - 1, INT64_C(1) << 30};
    q = p, q.len_q = q.len_kv = many[2];
    assert_non_null(strstr(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){many, 2}), "2^29 tokens"));
    q.len_q = q.len_kv = many[1];
    assert_null(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){many, 1}));
    static const int64_t long_pack[] = {0, (1 << 29) - 1, (1 << 29) + 9};
    q.len_q = q.len_kv = long_pack[2];
    assert_null(simt_kernel_packed.unsupported(tiled, &q, &(struct packed){long_pack, 2}));
}

static void test_what_is_unsupported_is_not_launched(void **state)
{
    static const float zeros[40 * 8];
    static const int64_t starts[] = {0, 10, 40};
    const struct attention_problem p = {1, 1, 1, 1, 40, 40, 8, DTYPE_F32, {.window_left = -1, .window_right = -1}, 1};
    struct simt_attention got;
    struct diags diags = {0};
    assert_int_equal(simt_attend_packed(*state, find("sliding"), &simt_kernel_packed, &p, &(struct packed){starts, 2},
                                        zeros, zeros, zeros, &got, &diags),
                     STATUS_UNSUPPORTED);
    assert_int_equal(simt_counts(*state)->launches, 0);
}

static int open_simt(void **state)
{
    *state = simt_open((size_t)1 << 28);
    return *state ? 0 : -1;
}

static int close_simt(void **state)
{
    simt_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dims),
        cmocka_unit_test(test_far_away),
        cmocka_unit_test(test_search_by_hand),
        cmocka_unit_test(test_wrong_starts_are_refused),
        cmocka_unit_test(test_problems_that_are_refused),
        cmocka_unit_test(test_what_is_unsupported_is_not_launched),
        cmocka_unit_test(test_packs),
    };
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
