/* What each CUDA kernel takes and what it refuses, on both sides of every edge, with the reason that it gives. Nothing
 * is launched: problems of any size may be asked about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "help_simt.h"
#include "kernels/cuda/cuda_kernel.h"
#include "kernels/select/choice.h"

#define FULL                                                                                                           \
    {                                                                                                                  \
        .window_left = -1, .window_right = -1                                                                          \
    }
#define CAUSAL                                                                                                         \
    {                                                                                                                  \
        .causal = true, .window_left = -1, .window_right = -1                                                          \
    }
#define LEFT                                                                                                           \
    {                                                                                                                  \
        .window_left = 9, .window_right = -1                                                                           \
    }
#define RIGHT                                                                                                          \
    {                                                                                                                  \
        .window_left = -1, .window_right = 9                                                                           \
    }
#define BOTH                                                                                                           \
    {                                                                                                                  \
        .window_left = 0, .window_right = 0                                                                            \
    }
#define GLOBAL                                                                                                         \
    {                                                                                                                  \
        .window_left = 9, .window_right = 9, .global_every = 3                                                         \
    }

static const struct block_mask some_blocks = {
    .block_q = 64, .block_kv = 64, .count = 1, .rows = 1, .columns = 1}; /* only asked for: is there one */
static struct block_choice a_choice;                                     /* as well */
static const struct block_mask chosen_blocks = {
    .block_q = 64, .block_kv = 64, .count = 1, .rows = 1, .columns = 1, .choice = &a_choice};
#define CHOICE                                                                                                         \
    {                                                                                                                  \
        .causal = true, .window_left = -1, .window_right = -1, .blocks = &chosen_blocks                                \
    }
#define CHOICE_WINDOW                                                                                                  \
    {                                                                                                                  \
        .window_left = 9, .window_right = -1, .blocks = &chosen_blocks                                                 \
    }
#define CHOICE_RIGHT                                                                                                   \
    {                                                                                                                  \
        .window_left = -1, .window_right = 9, .blocks = &chosen_blocks                                                 \
    }
#define CHOICE_OWN                                                                                                     \
    {                                                                                                                  \
        .window_left = 0, .window_right = -1, .blocks = &chosen_blocks                                                 \
    }
#define CHOICE_BEFORE                                                                                                  \
    {                                                                                                                  \
        .window_left = -1, .window_right = 0, .blocks = &chosen_blocks                                                 \
    }
#define BLOCKS                                                                                                         \
    {                                                                                                                  \
        .window_left = -1, .window_right = -1, .blocks = &some_blocks                                                  \
    }

/* `says`: a piece of the reason; NULL: the kernel takes it. */
static const struct {
    const char *kernel;
    struct attention_problem problem; /* layers, batch, heads, kv_heads, len_q, len_kv, head_dim, dtype, mask, scale */
    const char *says;
} cases[] = {
    {"naive", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, FULL, 1}, NULL},
    {"naive", {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, GLOBAL, 1}, NULL},
    {"naive", {1, 1, 8, 8, 64, 64, 64, DTYPE_BF16, FULL, 1}, "float32 only"},
    {"naive", {1, 1, 8, 8, 64, 64, 64, DTYPE_F16, FULL, 1}, "float32 only"},
    {"naive", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, BLOCKS, 1}, "block mask"},
    {"naive", {1, 1 << 24, 8, 8, 32, 512, 8, DTYPE_F32, FULL, 1}, "2^31 - 1"}, /* scores: 16 tiles of keys */
    {"naive", {1, 1 << 25, 8, 8, 32, 8, 256, DTYPE_F32, FULL, 1}, "2^31 - 1"}, /* values: 8 tiles of columns */
    {"naive", {1, 1 << 25, 8, 8, 32, 8, 8, DTYPE_F32, FULL, 1}, "2^31 - 1"},   /* softmax: 8 blocks a tile of rows */
    {"naive", {1, (1 << 25) - 1, 8, 8, 32, 256, 256, DTYPE_F32, FULL, 1}, NULL},
    {"flash_tiled", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, FULL, 1}, NULL},
    {"flash_tiled", {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, GLOBAL, 1}, NULL},
    {"flash_tiled", {1, 1, 8, 8, 64, 64, 64, DTYPE_F16, FULL, 1}, "float32 only"},
    {"flash_tiled", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, BLOCKS, 1}, "block mask"},
    {"flash_tiled", {1, 1 << 28, 8, 8, 64, 8, 8, DTYPE_F32, FULL, 1}, "2^31 - 1"},
    {"flash_tiled", {1, (1 << 28) - 1, 8, 8, 64, 8, 8, DTYPE_F32, FULL, 1}, NULL},
    {"flash_tiled", {1, (1 << 28) - 1, 8, 8, 65, 8, 8, DTYPE_F32, FULL, 1}, "2^31 - 1"},
    {"flash_tiled", {1, 1, 1, 1, 1 << 29, 8, 8, DTYPE_F32, FULL, 1}, "2^29 tokens"},
    {"flash_tiled", {1, 1, 1, 1, (1 << 29) - 1, (1 << 29) - 1, 8, DTYPE_F32, FULL, 1}, NULL},
    {"sliding", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, LEFT, 1}, NULL},
    {"sliding", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, RIGHT, 1}, NULL},
    {"sliding", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, BOTH, 1}, NULL},
    {"sliding", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, FULL, 1}, "no window"},
    {"sliding", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, CAUSAL, 1}, "no window"},
    {"sliding", {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, GLOBAL, 1}, "some layers are global"},
    {"sliding", {1, 1, 8, 8, 64, 64, 64, DTYPE_BF16, LEFT, 1}, NULL},
    {"sliding", {1, 1, 8, 8, 64, 64, 64, DTYPE_F16, FULL, 1}, "no window"},
    {"sliding", {1, 1, 8, 8, 8, 1 << 29, 8, DTYPE_F32, LEFT, 1}, "2^29 tokens"},
    {"sliding", {1, 1, 8, 8, 8, 1 << 29, 8, DTYPE_BF16, LEFT, 1}, "2^29 tokens"},
    {"sliding", {1, 1 << 28, 8, 8, 64, 8, 8, DTYPE_BF16, LEFT, 1}, "2^31 - 1"},
    {"sliding", {1, (1 << 28) - 1, 8, 8, 128, 8, 8, DTYPE_BF16, LEFT, 1}, NULL},
    {"sliding", {1, (1 << 28) - 1, 8, 8, 128, 8, 8, DTYPE_F32, LEFT, 1}, "2^31 - 1"},
    {"sliding", {1, 1 << 28, 8, 8, 64, 8, 8, DTYPE_F32, LEFT, 1}, "2^31 - 1"},
    {"naive_blas", {1, 1, 8, 8, 64, 64, 64, DTYPE_BF16, FULL, 1}, NULL},
    {"naive_blas", {3, 1, 8, 8, 64, 64, 64, DTYPE_F16, GLOBAL, 1}, NULL},
    {"naive_blas", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, FULL, 1}, "16 bits"},
    {"naive_blas", {1, 1, 8, 8, 64, 64, 64, DTYPE_BF16, BLOCKS, 1}, "block_sparse"},
    {"naive_blas", {1, 1, 1, 1, (1 << 30) - 1, (1 << 30) - 1, 8, DTYPE_BF16, FULL, 1}, NULL},
    {"naive_blas", {1, 1, 1, 1, 1 << 30, 8, 8, DTYPE_BF16, FULL, 1}, "32 bits"},
    {"naive_blas", {1, 1, 1, 1, 8, 1 << 30, 8, DTYPE_BF16, FULL, 1}, "32 bits"},
    {"naive_blas", {1, 1, 1 << 27, 1 << 27, 1, 8, 8, DTYPE_BF16, FULL, 1}, "32 bits"},
    {"naive_blas", {1, 1, (1 << 27) - 1, (1 << 27) - 1, 1, 8, 8, DTYPE_BF16, FULL, 1}, NULL},
    {"naive_blas", {1, 1 << 28, 8, 8, 1, 8, 8, DTYPE_BF16, FULL, 1}, "2^31 - 1"},
    {"naive_blas", {1, (1 << 28) - 1, 8, 8, 1, 8, 8, DTYPE_BF16, FULL, 1}, NULL},
    {"block_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, CHOICE, 1}, "use learned_sparse"},
    {"learned_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, CHOICE, 1}, NULL},
    {"learned_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_BF16, CHOICE, 1}, NULL},
    {"learned_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F16, CHOICE, 1}, NULL},
    {"learned_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, FULL, 1}, "nothing to choose"},
    {"learned_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, BLOCKS, 1}, "nothing to choose"},
    {"learned_sparse", {2, 1, 8, 8, 64, 64, 64, DTYPE_F32, CHOICE, 1}, "one layer"},
    {"learned_sparse", {1, 1, 8, 8, 64, 65, 64, DTYPE_F32, CHOICE, 1}, "as many queries"},
    {"learned_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, CHOICE_WINDOW, 1}, "no windows"},
    {"learned_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, CHOICE_RIGHT, 1}, "no windows"},
    {"learned_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, CHOICE_OWN, 1}, "no windows"},
    {"learned_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, CHOICE_BEFORE, 1}, "no windows"},
    /* Scores: 2^9 by 2^8 tiles a head. */
    {"learned_sparse", {1, 1 << 11, 8, 2, 1 << 19, 1 << 19, 8, DTYPE_F32, CHOICE, 1}, "2^31 - 1"},
    {"learned_sparse", {1, (1 << 11) - 1, 8, 2, 1 << 19, 1 << 19, 8, DTYPE_F32, CHOICE, 1}, NULL},
    {"learned_sparse", {1, 1, 8, 8, 1 << 19, 1 << 19, 64, DTYPE_F32, CHOICE, 1}, NULL},
    {"learned_sparse", {1, 1, 8, 8, (1 << 19) + 1, (1 << 19) + 1, 64, DTYPE_F32, CHOICE, 1}, "2^19 tokens"},
    {"learned_sparse", {1, 1 << 27, 8, 8, 64, 64, 8, DTYPE_F32, CHOICE, 1}, "2^31 - 1"}, /* features: two a head */
    {"learned_sparse", {1, (1 << 27) - 1, 8, 8, 64, 64, 8, DTYPE_F32, CHOICE, 1}, NULL},
    {"learned_sparse", {1, 1, 1 << 21, 1 << 21, 8, 8, 8, DTYPE_BF16, CHOICE, 1}, "2^24 elements"},
    {"block_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, FULL, 1}, "no block mask"},
    {"block_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, BLOCKS, 1}, NULL},
    {"block_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_BF16, BLOCKS, 1}, NULL},
    {"block_sparse", {1, 1, 8, 8, 64, 64, 64, DTYPE_F16, FULL, 1}, "no block mask"},
    {"block_sparse", {1, 1, 1 << 21, 1 << 21, 8, 8, 8, DTYPE_BF16, BLOCKS, 1}, "2^24 elements"},
    {"block_sparse", {1, 1, 1, 1, 1 << 29, 8, 8, DTYPE_F32, BLOCKS, 1}, "2^29 tokens"},
    {"block_sparse", {1, 1 << 28, 8, 8, 64, 64, 8, DTYPE_F16, BLOCKS, 1}, "2^31 - 1"},
    {"block_sparse", {1, (1 << 28) - 1, 8, 8, 64, 64, 8, DTYPE_F16, BLOCKS, 1}, NULL},
    {"block_sparse", {1, 1 << 28, 8, 8, 64, 64, 8, DTYPE_F32, BLOCKS, 1}, "2^31 - 1"},
    {"block_sparse", {1, 1, 1, 1, 1 << 29, 8, 8, DTYPE_F32, BLOCKS, 1}, "2^29 tokens"},
    {"flash_tiled", {1, 1, 1, 1, 1 << 29, 8, 8, DTYPE_F32, FULL, 1}, "2^29 tokens"},
    {"flash_tiled", {1, 1, 1, 1, (1 << 29) - 1, 8, 8, DTYPE_F32, FULL, 1}, NULL},
    {"flash_tiled", {1, 1, 1, 1, 8, 1 << 29, 8, DTYPE_F32, FULL, 1}, "2^29 tokens"},
    {"flash_tiled", {1, 1, 1, 1, 8, (1 << 29) - 1, 8, DTYPE_F32, FULL, 1}, NULL},
    {"alternating", {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, GLOBAL, 1}, NULL},
    {"alternating",
     {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, {.window_left = -1, .window_right = 9, .global_every = 1}, 1},
     NULL},
    {"alternating",
     {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, {.window_left = 9, .window_right = -1, .global_every = 2}, 1},
     NULL},
    /* Just as many blocks as a launch can hold; and heads of Q are counted, whatever those of K are. */
    {"flash_mma", {1, 2147483647, 1, 1, 64, 8, 8, DTYPE_BF16, FULL, 1}, NULL},
    {"flash_tiled", {1, 2147483647, 1, 1, 64, 8, 8, DTYPE_F32, FULL, 1}, NULL},
    {"naive_blas", {1, 2147483647, 1, 1, 1, 8, 8, DTYPE_BF16, FULL, 1}, NULL},
    {"flash_mma", {1, 1 << 28, 8, 1, 128, 8, 8, DTYPE_BF16, FULL, 1}, "2^31 - 1"},
    {"flash_tiled", {1, 1 << 28, 8, 1, 64, 8, 8, DTYPE_F32, FULL, 1}, "2^31 - 1"},
    {"naive", {1, 1 << 24, 8, 1, 32, 512, 8, DTYPE_F32, FULL, 1}, "2^31 - 1"},
    {"naive", {1, 1 << 24, 8, 8, 33, 256, 8, DTYPE_F32, FULL, 1}, "2^31 - 1"}, /* two tiles of rows */
    {"naive_blas", {1, 1, 1 << 27, 1, 1, 8, 8, DTYPE_BF16, FULL, 1}, "32 bits"},
    {"naive_blas", {1, 1 << 27, 8, 8, 2, 8, 8, DTYPE_BF16, FULL, 1}, "2^31 - 1"},
    {"sliding",
     {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, {.window_left = 9, .window_right = 9, .global_every = 1}, 1},
     "some layers are global"},
    {"sliding", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, {.window_left = 0, .window_right = -1}, 1}, NULL},
    {"sliding", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, {.window_left = -1, .window_right = 0}, 1}, NULL},
    {"alternating",
     {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, {.window_left = 0, .window_right = -1, .global_every = 1}, 1},
     NULL},
    {"alternating",
     {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, {.window_left = -1, .window_right = 0, .global_every = 1}, 1},
     NULL},
    {"alternating", {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, BOTH, 1}, "no layer is global"},
    {"alternating",
     {3, 1, 8, 8, 64, 64, 64, DTYPE_F32, {.window_left = -1, .window_right = -1, .global_every = 3}, 1},
     "no window"},
    {"alternating", {3, 1, 8, 8, 64, 64, 64, DTYPE_F16, GLOBAL, 1}, NULL},
    {"alternating", {3, 1, 8, 8, 64, 64, 64, DTYPE_BF16, BOTH, 1}, "no layer is global"},
    {"alternating", {3, 1, 8, 8, 64, 1 << 29, 64, DTYPE_BF16, GLOBAL, 1}, "2^29 tokens"},
    {"flash_mma", {1, 1, 8, 8, 64, 64, 64, DTYPE_BF16, FULL, 1}, NULL},
    {"flash_mma", {3, 1, 8, 8, 64, 64, 64, DTYPE_F16, GLOBAL, 1}, NULL},
    {"flash_mma", {1, 1, 8, 8, 64, 64, 64, DTYPE_F32, FULL, 1}, "16 bits"},
    {"flash_mma", {1, 1, 8, 8, 64, 64, 64, DTYPE_BF16, BLOCKS, 1}, "block_sparse"},
    {"flash_mma", {1, 1, 1, 1, 1 << 29, 8, 8, DTYPE_BF16, FULL, 1}, "2^29 tokens"},
    {"flash_mma", {1, 1, 1, 1, (1 << 29) - 1, 8, 8, DTYPE_BF16, FULL, 1}, NULL},
    {"flash_mma", {1, 1, 1, 1, 8, 1 << 29, 8, DTYPE_BF16, FULL, 1}, "2^29 tokens"},
    {"flash_mma", {1, 1, 1, 1, 8, (1 << 29) - 1, 8, DTYPE_BF16, FULL, 1}, NULL},
    {"flash_mma", {1, 1, 1 << 21, 1 << 21, 8, 8, 8, DTYPE_BF16, FULL, 1}, "2^24 elements"},
    {"flash_mma", {1, 1, 1 << 21, 1, 8, 8, 8, DTYPE_BF16, FULL, 1}, "2^24 elements"},
    {"flash_mma", {1, 1, (1 << 21) - 1, (1 << 21) - 1, 8, 8, 8, DTYPE_BF16, FULL, 1}, NULL},
    {"flash_mma", {1, 1 << 28, 8, 8, 128, 8, 8, DTYPE_BF16, FULL, 1}, "2^31 - 1"},
    {"flash_mma", {1, (1 << 28) - 1, 8, 8, 128, 8, 8, DTYPE_BF16, FULL, 1}, NULL},
    {"flash_mma", {1, (1 << 28) - 1, 8, 8, 129, 8, 8, DTYPE_BF16, FULL, 1}, "2^31 - 1"},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static void test_refusals(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        const char *reason = find_kernel(cases[i].kernel)->unsupported(&cases[i].problem), *says = cases[i].says;
        if (says ? !reason || !strstr(reason, says) : reason != NULL)
            fail_msg("case %d, %s: said '%s', expected '%s'", i, cases[i].kernel, reason ? reason : "(takes it)",
                     says ? says : "(takes it)");
    }
    printf("%d problems taken or refused as they should be\n", CASES);
}

/* Each kernel that the table has is asked here: a new one brings its edges along. */
static void test_every_kernel_is_asked(void **state)
{
    (void)state;
    for (size_t k = 0; k < simt_kernel_count; k++) {
        int takes = 0, refuses = 0;
        for (int i = 0; i < CASES; i++)
            if (strcmp(cases[i].kernel, simt_kernels[k]->name) == 0)
                *(cases[i].says ? &refuses : &takes) += 1;
        if (!takes || !refuses)
            fail_msg("%s: say here what it takes and what it refuses", simt_kernels[k]->name);
    }
}

/* A layer of alternating is a stage, and says which kind it is; nothing is said behind the last. */
static void test_names_of_layers(void **state)
{
    (void)state;
    const struct attention_problem p = {
        7, 1, 1, 1, 8, 8, 8, DTYPE_F32, {.window_left = 1, .window_right = 1, .global_every = 3}, 1};
    struct kernel_stages stages;
    find_kernel("alternating")->stages(&p, &stages);
    assert_int_equal(stages.count, p.layers);
    for (int layer = 0; layer < stages.count; layer++) {
        char name[32];
        snprintf(name, sizeof name, "layer %d %s", layer, layer == 0 || layer == 3 || layer == 6 ? "global" : "local");
        assert_string_equal(stages.items[layer].name, name);
    }
    assert_string_equal(stages.items[stages.count].name, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_refusals), cmocka_unit_test(test_every_kernel_is_asked),
                                       cmocka_unit_test(test_names_of_layers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
