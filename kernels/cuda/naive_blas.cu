/* naive_blas.cu - naive with the best of parts: both products by cuBLAS on tensor cores, one softmax kernel between.
 *
 * Idea: the honest baseline, what a framework does when nothing is fused (PyTorch's math backend): S = scale Q K^T and
 * O = P V are batched products in 16 bits with float32 sums, S and P lie in HBM in 16 bits, in one place. Mask and
 * softmax are one kernel: a warp or a block a row, 16 bytes a load, a row that fits is kept in registers, so that S is
 * read once and P written once; the part of a row that the mask hides is not read. No use is made of the mask in the
 * products, as PyTorch makes none: causal costs what full does.
 * Data movement, a head, in elements: S written, read (its kept part), P written, read: 4 N^2, and Q, K, V, O once each
 * (computed: cuBLAS reads its operands more than once, L2 takes that up). A row of more than 16384 keys is read twice.
 * Cost: 4 N^2 d FLOPs a head whatever the mask; S of all heads must fit into HBM.
 * Source: Attention Is All You Need 1706.03762, section 3.2.1; PyTorch's _scaled_dot_product_attention_math; online
 * softmax 1805.02867 for the parts of a row. */
#include "kernels/cuda/blas.cuh"
#include "kernels/cuda/instructions.cuh"
#include "kernels/cuda/problem.cuh"

namespace
{

enum { CHUNK = 8 }; /* elements of 16 bytes */

/* S and P: rows begin at multiples of 16 bytes. */
int64_t pitch_of(int64_t len_kv)
{
    return ceil_div(len_kv, CHUNK) * CHUNK;
}

struct softmax_launch {
    device_problem problem;
    int64_t rows; /* of all heads */
    int pitch;
};

/* The largest logit of some keys and the sum of 2^(log2(e) (logit - largest)): two such parts make a whole. */
struct softmax_part {
    float largest, sum;
};

__device__ __forceinline__ float weight_of(float logit, float largest)
{
    return exp2_flushed((logit - largest) * 1.4426950408889634f);
}

__device__ __forceinline__ struct softmax_part join(struct softmax_part a, struct softmax_part b)
{
    float largest = fmaxf(a.largest, b.largest);
    if (largest == -INFINITY)
        return a;
    return {largest, a.sum * weight_of(a.largest, largest) + b.sum * weight_of(b.largest, largest)};
}

/* The part of a whole warp, then of a row of WARPS warps, in every thread. */
template <int WARPS> __device__ __forceinline__ struct softmax_part join_all(struct softmax_part part)
{
    SRAM_BEGIN;
    SRAM(float, of_warps, WARPS * 2);
    for (int distance = 16; distance > 0; distance /= 2) {
        float largest = __shfl_xor_sync(0xffffffffu, part.largest, distance);
        float sum = __shfl_xor_sync(0xffffffffu, part.sum, distance);
        part = join(part, {largest, sum});
    }
    if (WARPS == 1)
        return part;
    int warp = threadIdx.x / 32;
    if (threadIdx.x % 32 == 0) {
        of_warps[warp * 2] = part.largest;
        of_warps[warp * 2 + 1] = part.sum;
    }
    __syncthreads();
    part = {-INFINITY, 0};
    for (int w = 0; w < WARPS; w++)
        part = join(part, {of_warps[w * 2], of_warps[w * 2 + 1]});
    return part;
}

/* Keys [first, last): the kept ones of a row. */
struct span {
    int first, last;
};

/* Up to eight logits as they lie in HBM. */
struct chunk {
    uint32_t pair[CHUNK / 2];
};

/* Those of [at, at + 8) that exist; nothing is read of a chunk that the mask hides whole. */
__device__ __forceinline__ struct chunk load_chunk(const uint16_t *row, int at, int end, struct span keys)
{
    struct chunk c = {};
    if (at + CHUNK <= keys.first || at >= keys.last)
        return c;
    if (at + CHUNK <= end) {
        uint4 words = load_words(row + at);
        return {{words.x, words.y, words.z, words.w}};
    }
#pragma unroll
    for (int i = 0; i < CHUNK; i++)
        if (at + i < end)
            c.pair[i / 2] |= static_cast<uint32_t>(row[at + i]) << (i % 2 * 16);
    return c;
}

__device__ __forceinline__ void store_chunk(uint16_t *row, int at, int end, const struct chunk &c)
{
    if (at + CHUNK <= end) {
        store_words(row + at, {c.pair[0], c.pair[1], c.pair[2], c.pair[3]});
        return;
    }
#pragma unroll
    for (int i = 0; i < CHUNK; i++)
        if (at + i < end)
            row[at + i] = static_cast<uint16_t>(c.pair[i / 2] >> (i % 2 * 16));
}

/* Logit i of a chunk that begins at key `at`; -inf where the mask hides it. */
template <enum dtype E>
__device__ __forceinline__ float logit_of(const struct chunk &c, int i, int at, struct span keys)
{
    float logit = i % 2 ? high<E>(c.pair[i / 2]) : low<E>(c.pair[i / 2]);
    return at + i >= keys.first && at + i < keys.last ? logit : -INFINITY;
}

template <enum dtype E>
__device__ __forceinline__ struct softmax_part part_of(const struct chunk &c, int at, struct span keys)
{
    struct softmax_part part = {-INFINITY, 0};
#pragma unroll
    for (int i = 0; i < CHUNK; i++)
        part.largest = fmaxf(part.largest, logit_of<E>(c, i, at, keys));
    float base = part.largest == -INFINITY ? 0.0f : part.largest;
#pragma unroll
    for (int i = 0; i < CHUNK; i++)
        part.sum += weight_of(logit_of<E>(c, i, at, keys), base);
    return part;
}

/* P = softmax(S) in place. THREADS carry a row, in `KEPT` chunks each that stay in registers; KEPT 0: as many as it
 * takes, read a second time. A block has blockDim.y rows. */
template <enum dtype E, int THREADS, int KEPT>
__global__ void __launch_bounds__(THREADS > 128 ? THREADS : 128) naive_blas_softmax(softmax_launch l)
{
    const device_problem &p = l.problem;
    int64_t row = (int64_t)blockIdx.x * blockDim.y + threadIdx.y;
    if (row >= l.rows)
        return; /* a whole row's threads */
    int64_t head = row / p.len_q, i = row - head * p.len_q;
    int64_t layer = p.global_every > 0 ? head / (p.batch * p.heads) : 0;
    struct key_range range = keys_of_rows(p, window_of_layer(p, layer), i, i);
    struct span keys = {(int)range.first, (int)range.last};
    uint16_t *scores = p.scores16 + row * l.pitch;
    int end = (int)p.len_kv, first = threadIdx.x * CHUNK;
    struct softmax_part part = {-INFINITY, 0};
    struct chunk kept[KEPT ? KEPT : 1];
    if (KEPT) {
#pragma unroll
        for (int c = 0; c < KEPT; c++)
            kept[c] = load_chunk(scores, first + c * THREADS * CHUNK, end, keys);
#pragma unroll
        for (int c = 0; c < KEPT; c++)
            part = join(part, part_of<E>(kept[c], first + c * THREADS * CHUNK, keys));
    } else {
        for (int at = first; at < end; at += THREADS * CHUNK)
            part = join(part, part_of<E>(load_chunk(scores, at, end, keys), at, keys));
    }
    part = join_all<THREADS / 32>(part);
    float factor = part.sum > 0 ? 1 / part.sum : 0.0f, base = part.sum > 0 ? part.largest : 0.0f;
    if (threadIdx.x == 0 && p.log_sum_exp)
        p.log_sum_exp[row] = part.sum > 0 ? part.largest + logf(part.sum) : -INFINITY;
    int turns = KEPT ? KEPT : (end - first + THREADS * CHUNK - 1) / (THREADS * CHUNK);
#pragma unroll(KEPT ? KEPT : 1)
    for (int c = 0; c < turns; c++) {
        int at = first + c * THREADS * CHUNK;
        struct chunk logits = KEPT ? kept[KEPT ? c : 0] : load_chunk(scores, at, end, keys), weights;
#pragma unroll
        for (int n = 0; n < CHUNK; n += 2)
            weights.pair[n / 2] = pair<E>(weight_of(logit_of<E>(logits, n, at, keys), base) * factor,
                                          weight_of(logit_of<E>(logits, n + 1, at, keys), base) * factor);
        store_chunk(scores, at, end, weights);
    }
}

int64_t heads_of(const struct attention_problem *p)
{
    return p->layers * p->batch * p->heads;
}

const char *unsupported(const struct attention_problem *p)
{
    const int64_t most = INT64_C(1) << 30;
    if (p->dtype == DTYPE_F32)
        return "cuBLAS multiplies 16 bits here: choose bf16 or f16, or naive";
    if (p->mask.blocks)
        return "this kernel knows no block masks: use block_sparse";
    if (p->len_q >= most || p->len_kv >= most || p->heads * p->head_dim >= most)
        return "cuBLAS counts rows and columns in 32 bits";
    if ((double)heads_of(p) * (double)p->len_q > 2147483647.0)
        return "more blocks than one launch can hold (2^31 - 1)";
    return nullptr;
}

size_t workspace(const struct attention_problem *p)
{
    return static_cast<size_t>(heads_of(p) * p->len_q * pitch_of(p->len_kv)) * sizeof(uint16_t);
}

/* Elements of S that the softmax of one head asks for: whole chunks, but not beyond the row. */
double elements_read(const struct attention_problem *p, int64_t layer)
{
    double elements = 0;
    for (int64_t i = 0; i < p->len_q; i++) {
        struct key_range keys = attention_keys(p, layer, i);
        int64_t end = ceil_div(keys.last, CHUNK) * CHUNK;
        if (keys.first < keys.last)
            elements += (double)((end < p->len_kv ? end : p->len_kv) - keys.first / CHUNK * CHUNK);
    }
    return elements;
}

/* A row longer than this is not kept in registers. */
enum { BLOCK = 256, BLOCK_KEPT = 8, LONGEST_KEPT = BLOCK * BLOCK_KEPT * CHUNK };

/* The products by formula, each operand once: the simulator does not count them. */
void stages(const struct attention_problem *p, struct kernel_stages *stages)
{
    double heads = (double)heads_of(p), kv_heads = (double)(p->layers * p->batch * p->kv_heads);
    double d = (double)p->head_dim, n = (double)p->len_q, m = (double)p->len_kv, read = 0;
    for (int64_t layer = 0; layer < p->layers; layer++)
        read += (double)(p->batch * p->heads) * 2 * elements_read(p, layer);
    *stages = {};
    stages->items[0] = {"scores", heads * 2 * n * m * d, 2 * d * (heads * n + kv_heads * m), heads * 2 * n * m};
    stages->items[1] = {"softmax", 0, p->len_kv > LONGEST_KEPT ? 2 * read : read, heads * n * (2 * m + 4)};
    stages->items[2] = {"values", heads * 2 * n * m * d, 2 * m * (heads * n + kv_heads * d), heads * 2 * n * d};
    stages->count = 3;
}

/* Sequences, heads of K and V, the heads that share them: in this order the heads' S lie behind each other. */
struct blas_products products_of(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    struct blas_products products = {};
    products.dtype = p->dtype;
    products.count[0] = p->layers * p->batch;
    products.count[1] = p->kv_heads;
    products.count[2] = p->heads / p->kv_heads;
    return products;
}

struct blas_matrix queries_of(const struct attention_problem *p, void *first)
{
    int64_t token = p->heads * p->head_dim, group = p->heads / p->kv_heads;
    return {first, token, {p->len_q * token, group * p->head_dim, p->head_dim}};
}

struct blas_matrix keys_of(const struct attention_problem *p, const void *first)
{
    int64_t token = p->kv_heads * p->head_dim;
    return {const_cast<void *>(first), token, {p->len_kv * token, p->head_dim, 0}};
}

struct blas_matrix scores_of(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    int64_t pitch = pitch_of(p->len_kv), head = p->len_q * pitch;
    return {launch->workspace, pitch, {p->heads * head, p->heads / p->kv_heads * head, head}};
}

/* S = scale Q K^T: the scale rides with the product, before S is rounded. */
enum status multiply_scores(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    struct blas_products products = products_of(launch);
    products.rows = p->len_q;
    products.columns = p->len_kv;
    products.depth = p->head_dim;
    products.alpha = p->scale;
    products.a = queries_of(p, const_cast<void *>(launch->tensors->q));
    products.b = keys_of(p, launch->tensors->k);
    products.b_transposed = true;
    products.c = scores_of(launch);
    return BLAS_PRODUCTS(launch->stream, &products);
}

enum status multiply_values(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    struct blas_products products = products_of(launch);
    products.rows = p->len_q;
    products.columns = p->head_dim;
    products.depth = p->len_kv;
    products.alpha = 1;
    products.a = scores_of(launch);
    products.b = keys_of(p, launch->tensors->v);
    products.c = queries_of(p, launch->tensors->o);
    return BLAS_PRODUCTS(launch->stream, &products);
}

template <enum dtype E, int THREADS, int KEPT> enum status soften(const struct cuda_launch *launch)
{
    const struct attention_problem *p = launch->problem;
    int64_t rows = heads_of(p) * p->len_q;
    const int together = THREADS == 32 ? 4 : 1; /* rows a block */
    softmax_launch argument = {device_problem_of(launch), rows, (int)pitch_of(p->len_kv)};
    void (*const naive_blas_softmax)(softmax_launch) = ::naive_blas_softmax<E, THREADS, KEPT>;
    return LAUNCH(naive_blas_softmax, dim3((unsigned)ceil_div(rows, together)), dim3(THREADS, together),
                  SRAM_BYTES(0, float, THREADS / 32 * 2), launch->stream, argument);
}

/* A warp a row up to 1024 keys, then a block. */
template <enum dtype E> enum status soften_rows(const struct cuda_launch *launch)
{
    int64_t len = launch->problem->len_kv;
    return len <= 256            ? soften<E, 32, 1>(launch)
           : len <= 1024         ? soften<E, 32, 4>(launch)
           : len <= 4096         ? soften<E, BLOCK, 2>(launch)
           : len <= LONGEST_KEPT ? soften<E, BLOCK, BLOCK_KEPT>(launch)
                                 : soften<E, BLOCK, 0>(launch);
}

enum status launch(const struct cuda_launch *launch)
{
    enum status status = multiply_scores(launch);
    stage_ends(launch, 0);
    if (status != STATUS_OK)
        return status;
    status = launch->problem->dtype == DTYPE_BF16 ? soften_rows<DTYPE_BF16>(launch) : soften_rows<DTYPE_F16>(launch);
    stage_ends(launch, 1);
    if (status != STATUS_OK)
        return status;
    status = multiply_values(launch);
    stage_ends(launch, 2);
    return status;
}

} // namespace

extern "C" {
extern const struct cuda_kernel CUDA_ROW(naive_blas);
const struct cuda_kernel CUDA_ROW(naive_blas) = {
    "naive_blas",
    "naive_blas",
    "unfused, cuBLAS and one softmax",
    "both products by cuBLAS on tensor cores, mask and softmax in one kernel: what a framework does unfused",
    "Attention Is All You Need 1706.03762, section 3.2.1; PyTorch's math backend",
    unsupported,
    workspace,
    stages,
    launch,
};
}
