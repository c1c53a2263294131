/* structured.c - inputs whose attention has sinks, a local band, slashes, heavy hitters, topics and needles. */
#include "kernels/structured.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/rope.h"
#include "kernels/workload.h"

const double structured_theta = 500000;

/* Of a head of 64: pairs of RoPE that carry each part; a head of 128 has twice as many. Pairs 22 to 31 turn so slowly
 * that content keeps its direction over thousands of tokens. */
enum { LOCAL_FIRST = 3, LOCAL_LAST = 10, SLASH_FIRST = 12, SLASH_LAST = 17, CONTENT_FIRST = 22, CONTENT_LAST = 31 };
enum { TOPICS = 12, SLASH_BACK = 300, NEEDLE_GAP = 256, MOST_CONTENT = 40 };
static const float noise = 0.9f, sink_value = 0.05f;

enum part { SINK, LOCAL, SLASH, HEAVY, TOPIC, NEEDLE, PARTS };
/* Heights of the logits at their best (a query and a key that share the part, at its own distance). */
static const struct {
    const char *name;
    float logit[PARTS];
} kinds[HEAD_KINDS] = {
    [HEAD_A_SHAPE] = {"a-shape", {9.5f, 7.5f, 0, 0, 0, 0}},
    [HEAD_VERTICAL_SLASH] = {"vertical-slash", {6.5f, 5, 7, 7, 0, 0}},
    [HEAD_BLOCK_SPARSE] = {"block-sparse", {6, 6.5f, 0, 3, 5.5f, 0}},
    [HEAD_RETRIEVAL] = {"retrieval", {8, 6, 0, 4, 2, 13}},
};

const char *head_kind_name(enum head_kind kind)
{
    return kinds[kind].name;
}

enum head_kind structured_kind(int64_t kv_head)
{
    return (enum head_kind)(kv_head % HEAD_KINDS);
}

static uint64_t seed_of(uint64_t seed, uint64_t what)
{
    uint64_t state = seed ^ (what + 1) * 0xd1342543de82ef95u;
    return workload_random(&state);
}

static int64_t below(uint64_t *state, int64_t limit)
{
    return (int64_t)(workload_random(state) % (uint64_t)limit);
}

/* `count` floats of length 1, in a random direction. */
static void direction(uint64_t *state, float *to, int64_t count)
{
    double square = 0;
    for (int64_t i = 0; i < count; i++) {
        to[i] = workload_normal(state);
        square += (double)to[i] * (double)to[i];
    }
    for (int64_t i = 0; i < count; i++)
        to[i] = (float)((double)to[i] / sqrt(square));
}

/* What one head of the model always is. Directions have length 1. */
struct head {
    float strength[PARTS];              /* a component of this size in q and in k makes the part's logit */
    int64_t dim, content, local, slash; /* content: elements; local, slash: first pair and pairs below */
    int64_t local_pairs, slash_pairs, content_first;
    float local_way[2 * MOST_CONTENT], slash_way[2 * MOST_CONTENT];
    float basis[MOST_CONTENT][MOST_CONTENT]; /* orthonormal rows: sink, heavy, then the space of topics and needles */
    float topics[TOPICS][MOST_CONTENT];
    uint64_t needle_seed;
};

/* Rows become orthonormal (Gram and Schmidt). */
static void orthonormal(uint64_t *state, float (*basis)[MOST_CONTENT], int64_t n)
{
    for (int64_t r = 0; r < n; r++) {
        direction(state, basis[r], n);
        for (int64_t other = 0; other < r; other++) {
            double dot = 0;
            for (int64_t c = 0; c < n; c++)
                dot += (double)basis[r][c] * (double)basis[other][c];
            for (int64_t c = 0; c < n; c++)
                basis[r][c] -= (float)(dot * (double)basis[other][c]);
        }
        double square = 0;
        for (int64_t c = 0; c < n; c++)
            square += (double)basis[r][c] * (double)basis[r][c];
        for (int64_t c = 0; c < n; c++)
            basis[r][c] = (float)((double)basis[r][c] / sqrt(square));
    }
}

/* A random direction in the space of topics and needles: orthogonal to sink and heavy hitters. */
static void content_way(const struct head *head, uint64_t *state, float *to)
{
    float weights[MOST_CONTENT];
    direction(state, weights, head->content - 2);
    memset(to, 0, (size_t)head->content * sizeof *to);
    for (int64_t r = 2; r < head->content; r++)
        for (int64_t c = 0; c < head->content; c++)
            to[c] += weights[r - 2] * head->basis[r][c];
}

static void make_head(struct head *head, int64_t dim, uint64_t model_seed, int64_t number)
{
    uint64_t state = seed_of(model_seed, (uint64_t)number);
    int64_t scale = dim / 64;
    *head = (struct head){.dim = dim,
                          .local = LOCAL_FIRST * scale,
                          .local_pairs = (LOCAL_LAST - LOCAL_FIRST + 1) * scale,
                          .slash = SLASH_FIRST * scale,
                          .slash_pairs = (SLASH_LAST - SLASH_FIRST + 1) * scale,
                          .content_first = CONTENT_FIRST * scale,
                          .content = 2 * (CONTENT_LAST - CONTENT_FIRST + 1) * scale};
    for (int part = 0; part < PARTS; part++)
        head->strength[part] = (float)sqrt((double)kinds[structured_kind(number)].logit[part] * sqrt((double)dim));
    direction(&state, head->local_way, 2 * head->local_pairs);
    direction(&state, head->slash_way, 2 * head->slash_pairs);
    orthonormal(&state, head->basis, head->content);
    for (int t = 0; t < TOPICS; t++)
        content_way(head, &state, head->topics[t]);
    head->needle_seed = workload_random(&state);
}

struct needles structured_needles(uint64_t document_seed, int64_t length)
{
    struct needles needles = {0};
    uint64_t state = seed_of(document_seed, 1000001);
    int64_t spans = length / NEEDLE_SPAN, wanted = length / 256 < MOST_NEEDLES ? length / 256 : MOST_NEEDLES;
    if (length < 2 * NEEDLE_GAP)
        return needles;
    for (int64_t tries = 0; needles.count < wanted && tries < 100 * wanted; tries++) {
        struct needle needle = {.first = below(&state, spans) * NEEDLE_SPAN};
        bool fits = needle.first >= NEEDLE_GAP + SINK_TOKENS + 1;
        for (int n = 0; n < needles.count; n++)
            fits &= needles.items[n].first != needle.first;
        if (!fits)
            continue;
        needle.at = SINK_TOKENS + below(&state, needle.first - NEEDLE_GAP - SINK_TOKENS);
        needles.items[needles.count++] = needle;
    }
    return needles;
}

/* What one document says of each token, the same for every head. */
struct document {
    int64_t length;
    unsigned char *topic, *heavy;
    struct needles needles;
};

static enum status make_document(struct document *document, uint64_t document_seed, int64_t length)
{
    uint64_t state = seed_of(document_seed, 1000002);
    *document = (struct document){.length = length,
                                  .topic = malloc((size_t)length),
                                  .heavy = malloc((size_t)length),
                                  .needles = structured_needles(document_seed, length)};
    if (!document->topic || !document->heavy)
        return STATUS_NO_MEMORY;
    for (int64_t at = 0; at < length;) {
        int64_t topic = below(&state, TOPICS), end = at + 48 + below(&state, 208);
        for (; at < end && at < length; at++)
            document->topic[at] = (unsigned char)topic;
    }
    for (int64_t at = 0; at < length; at++)
        document->heavy[at] = below(&state, 1000) < 8;
    return STATUS_OK;
}

static void free_document(struct document *document)
{
    free(document->topic);
    free(document->heavy);
}

/* Adds `size` times a direction that lies in the content pairs. Pair p holds elements p and p + dim / 2. */
static void add_content(const struct head *head, const float *way, float size, float *row)
{
    int64_t pairs = head->content / 2;
    for (int64_t c = 0; c < pairs; c++) {
        row[head->content_first + c] += size * way[c];
        row[head->content_first + c + head->dim / 2] += size * way[c + pairs];
    }
}

static void add_pairs(const struct head *head, int64_t first, int64_t pairs, const float *way, float size, float *row)
{
    for (int64_t c = 0; c < pairs; c++) {
        row[first + c] += size * way[c];
        row[first + c + head->dim / 2] += size * way[c + pairs];
    }
}

/* The slash: k is turned as if it stood SLASH_BACK tokens later, so that it meets the queries that are so far on. */
static void add_slash(const struct head *head, const struct rope *rope, float *row)
{
    float cosine[MAX_HEAD_DIM / 2], sine[MAX_HEAD_DIM / 2], shifted[MAX_HEAD_DIM] = {0};
    rope_angles(rope, SLASH_BACK, cosine, sine);
    add_pairs(head, head->slash, head->slash_pairs, head->slash_way, head->strength[SLASH], shifted);
    rope_turn(head->dim, cosine, sine, shifted);
    for (int64_t c = 0; c < head->dim; c++)
        row[c] += shifted[c];
}

static void add_needles(const struct head *head, const struct document *document, uint64_t document_seed, float *q,
                        float *k)
{
    uint64_t state = seed_of(head->needle_seed, document_seed);
    float way[MOST_CONTENT];
    for (int n = 0; n < document->needles.count; n++) {
        struct needle needle = document->needles.items[n];
        content_way(head, &state, way);
        add_content(head, way, head->strength[NEEDLE], k + needle.at * head->dim);
        for (int64_t i = needle.first; i < needle.first + NEEDLE_SPAN; i++)
            add_content(head, way, head->strength[NEEDLE], q + i * head->dim);
    }
}

struct seeds {
    uint64_t q, k, v; /* of the noise */
};

/* One head of one document, before RoPE. */
static void fill_head(const struct head *head, const struct document *document, const struct rope *rope,
                      const struct seeds *seeds, float *q, float *k, float *v)
{
    const float *strength = head->strength, *sink = head->basis[0], *heavy = head->basis[1];
    float slash[MAX_HEAD_DIM] = {0};
    int64_t d = head->dim;
    workload_gaussian(q, document->length * d, noise, seeds->q, 1);
    workload_gaussian(k, document->length * d, noise, seeds->k, 1);
    workload_gaussian(v, document->length * d, 1, seeds->v, 1);
    add_slash(head, rope, slash);
    for (int64_t i = 0; i < document->length; i++) {
        float *q_row = q + i * d, *k_row = k + i * d, *v_row = v + i * d;
        const float *topic = head->topics[document->topic[i]];
        add_content(head, sink, strength[SINK], q_row);
        add_content(head, heavy, strength[HEAVY], q_row);
        add_content(head, topic, strength[TOPIC], q_row);
        add_content(head, topic, strength[TOPIC], k_row);
        add_pairs(head, head->local, head->local_pairs, head->local_way, strength[LOCAL], q_row);
        add_pairs(head, head->local, head->local_pairs, head->local_way, strength[LOCAL], k_row);
        add_pairs(head, head->slash, head->slash_pairs, head->slash_way, strength[SLASH], q_row);
        for (int64_t c = 0; c < d; c++)
            k_row[c] += slash[c];
        if (document->heavy[i])
            add_content(head, heavy, strength[HEAVY], k_row);
        if (i < SINK_TOKENS) {
            add_content(head, sink, strength[SINK], k_row);
            for (int64_t c = 0; c < d; c++)
                v_row[c] *= sink_value;
        }
    }
}

static void turn_rows(const struct rope *rope, int64_t length, float *rows[2])
{
    float cosine[MAX_HEAD_DIM / 2], sine[MAX_HEAD_DIM / 2];
    for (int64_t i = 0; i < length; i++) {
        rope_angles(rope, (double)i, cosine, sine);
        for (int r = 0; r < 2; r++)
            rope_turn(rope->head_dim, cosine, sine, rows[r] + i * rope->head_dim);
    }
}

/* Query head number `sharer` of those that share the keys of `head`. */
static enum status make(const struct document *document, int64_t head_dim, uint64_t model_seed, uint64_t document_seed,
                        int64_t head, int64_t sharer, bool rope, float *q, float *k, float *v)
{
    struct rope turns = rope_make(head_dim, structured_theta);
    struct head *model = malloc(sizeof *model);
    if (!model)
        return STATUS_NO_MEMORY;
    uint64_t seed = seed_of(document_seed, 2000000 + (uint64_t)head);
    struct seeds seeds = {seed_of(seed, 10 + (uint64_t)sharer), seed_of(seed, 1), seed_of(seed, 2)};
    make_head(model, head_dim, model_seed, head);
    fill_head(model, document, &turns, &seeds, q, k, v);
    if (structured_kind(head) == HEAD_RETRIEVAL)
        add_needles(model, document, document_seed, q, k);
    if (rope)
        turn_rows(&turns, document->length, (float *[2]){q, k});
    free(model);
    return STATUS_OK;
}

enum status structured_head(int64_t length, int64_t head_dim, uint64_t model_seed, uint64_t document_seed, int64_t head,
                            bool rope, float *q, float *k, float *v)
{
    struct document document;
    enum status status = make_document(&document, document_seed, length);
    if (status == STATUS_OK)
        status = make(&document, head_dim, model_seed, document_seed, head, 0, rope, q, k, v);
    free_document(&document);
    return status;
}

/* The rows of a dense head to their place among the heads of the token. */
static void scatter(const float *from, float *to, int64_t length, int64_t head_dim, int64_t heads, int64_t head)
{
    for (int64_t i = 0; i < length; i++)
        memcpy(to + (i * heads + head) * head_dim, from + i * head_dim, (size_t)head_dim * sizeof *to);
}

enum status structured_fill(const struct attention_problem *problem, uint64_t model_seed, uint64_t document_seed,
                            bool rope, float *q, float *k, float *v, int threads)
{
    const struct attention_problem *p = problem;
    int64_t n = p->len_kv, d = p->head_dim, share = p->heads / p->kv_heads;
    enum status worst = STATUS_OK;
#pragma omp parallel for num_threads(threads) schedule(dynamic) reduction(max : worst)
    for (int64_t head = 0; head < p->layers * p->batch * p->heads; head++) {
        int64_t sequence = head / p->heads, h = head % p->heads, group = h / share;
        uint64_t model = model_seed + (uint64_t)(sequence / p->batch);
        uint64_t text = document_seed + (uint64_t)(sequence % p->batch);
        float *room = malloc((size_t)(3 * n * d) * sizeof *room);
        struct document document = {0};
        enum status status = room ? make_document(&document, text, n) : STATUS_NO_MEMORY;
        if (status == STATUS_OK)
            status = make(&document, d, model, text, group, h % share, rope, room, room + n * d, room + 2 * n * d);
        if (status == STATUS_OK) {
            scatter(room, q + sequence * n * p->heads * d, n, d, p->heads, h);
            if (h % share == 0) {
                scatter(room + n * d, k + sequence * n * p->kv_heads * d, n, d, p->kv_heads, group);
                scatter(room + 2 * n * d, v + sequence * n * p->kv_heads * d, n, d, p->kv_heads, group);
            }
        }
        worst = status > worst ? status : worst;
        free_document(&document);
        free(room);
    }
    return worst == STATUS_OK ? STATUS_OK : STATUS_NO_MEMORY;
}

const char *structured_unsupported(const struct attention_problem *problem)
{
    if (problem->head_dim != 64 && problem->head_dim != 128)
        return "structured inputs are made for heads of 64 or 128";
    if (problem->len_q != problem->len_kv)
        return "structured inputs have as many queries as keys";
    if (problem->dtype != DTYPE_F32)
        return "structured inputs are made in float32";
    return NULL;
}
