/* Packed sequences in the simulator: every kernel that knows them, over seeded packs with empty sequences, lengths at
 * the edges of tiles, windows, causal masks, grouped heads and all types. No launch may have a fault, the bytes of each
 * stage equal the formula, each sequence is held against the oracle, and is bit by bit what the same kernel gives for
 * it alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "help_simt.h"
#include "kernels/oracle.h"
#include "kernels/simt/attend.h"
#include "kernels/workload.h"

/* Packs for each kernel and type; many sequences make a warp look twice for its own. */
enum { PACKS = 7, MOST_SEQUENCES = 40, MOST_TOKENS = 200, LEAST_EQUAL = 60 };

static const char *const names[] = {"flash_tiled", "flash_mma", "sliding", "alternating"};
enum { KERNELS = sizeof names / sizeof names[0] };

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
    return find_kernel(local ? "sliding" : part->dtype == DTYPE_F32 ? "flash_tiled" : "flash_mma");
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
                const struct cuda_kernel *kernel = find_kernel(names[k]);
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
            check_pack(*state, find_kernel(dtype == DTYPE_F32 ? "flash_tiled" : "flash_mma"), &pack);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dims),
        cmocka_unit_test(test_packs),
    };
    return cmocka_run_group_tests(tests, open_simt, close_simt);
}
