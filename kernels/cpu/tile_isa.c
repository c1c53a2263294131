/* tile_isa.c - the inner loops, written once, compiled once per instruction set.
 *
 * The idea: both products of attention are register tiles of TILE_ROWS queries x TILE_VECTORS vectors of sums. For
 * Q K^T a group of keys is the vector, for P V a group of columns; one operand is loaded as vectors, the other
 * broadcast, so that a multiply-add costs less than one load. Data movement: the packed keys and values of a key
 * tile stay in L2 while all strips of the query tile pass over them; the scores of a strip (TILE_ROWS x KEY_TILE)
 * stay in L1 and are never stored elsewhere. exp2 takes the scores times |scale| * log2(e), in the multiply-add that
 * subtracts the maximum. Cost of a strip over n keys: 2 * rows * n * head_dim multiply-adds and rows * n exponentials.
 * Sources: online softmax, Milakov and Gimelshein 1805.02867, section 3; tiling, FlashAttention 2205.14135,
 * section 3.1; register tiles, Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication". */
#include <math.h>
#include <string.h>

#include "kernels/cpu/tile.h"
#include "kernels/cpu/tile_pack.h"
#include "kernels/cpu/tile_products.h"
#include "kernels/cpu/vector.h"

enum {
    BLOCK = 2,    /* strips that use a group of keys, then a group of values, while it is in L1 */
    NARROW = 1024 /* keys whose packed copies surely stay in L2 */
};
_Static_assert(QUERY_TILE % (ROWS * BLOCK) == 0 && KEY_TILE % KEYS == 0, "tiles are made of whole register tiles");

/* Scratch of one thread, all aligned to 64 bytes.
 *   q    [strip][head_dim][rows]        queries, times the scale's sign
 *   o    [strip][ROWS][columns]         sums of P V, not yet divided
 *   s    [BLOCK][ROWS][KEY_TILE]        scores, then weights, of one block of strips
 *   max  [strip][ROWS]                  largest logit so far, in units of log2
 *   sum  [strip][ROWS][TILE_VECTOR]     sums of the weights, lane by lane */
struct scratch {
    float *q, *o, *s, *max, *sum;
    int64_t count;   /* of queries */
    int64_t columns; /* head_dim rounded up to whole vectors */
    float fold;      /* |scale| * log2(e), or 1 where the scale is 0: what a score is multiplied by for exp2 */
};

/* What is asked of memory while products are computed, a few rows with each group of keys, so that none of them waits:
 * where O goes, and the queries of the next item. */
struct ahead {
    const float *o, *q; /* the next rows */
    int64_t stride, left_o, left_q;
    int64_t length;
    int64_t step; /* rows each time */
};

static void ask_ahead(struct ahead *ahead)
{
    for (int64_t row = 0; row < ahead->step; row++) {
        if (ahead->left_o > 0) {
            prefetch_row(ahead->o, ahead->length);
            ahead->o += ahead->stride;
            ahead->left_o--;
        }
        if (ahead->left_q > 0) {
            prefetch_row(ahead->q, ahead->length);
            ahead->q += ahead->stride;
            ahead->left_q--;
        }
    }
}

static int64_t to_line(int64_t floats)
{
    return (floats + 15) / 16 * 16;
}

static int64_t scratch_floats(int64_t head_dim)
{
    return to_line(QUERY_TILE * head_dim) + to_line(QUERY_TILE * columns_of(head_dim)) + BLOCK * ROWS * KEY_TILE +
           to_line(QUERY_TILE) + QUERY_TILE * TILE_VECTOR;
}

static struct scratch scratch_split(float *floats, int64_t head_dim, int64_t count)
{
    struct scratch scratch = {.columns = columns_of(head_dim), .count = count};
    scratch.q = floats;
    scratch.o = scratch.q + to_line(QUERY_TILE * head_dim);
    scratch.s = scratch.o + to_line(QUERY_TILE * scratch.columns);
    scratch.max = scratch.s + BLOCK * ROWS * KEY_TILE;
    scratch.sum = scratch.max + to_line(QUERY_TILE);
    return scratch;
}

/* Rows that are computed of a strip: ROWS; of the last one as many as are there, in fours: 64 queries, a usual block,
 * are no multiple of 12, and a strip of 12 for the last 4 would cost an eighth more. */
static int strip_rows(int64_t count, int strip)
{
    int64_t left = (count - (int64_t)strip * ROWS + 3) / 4 * 4;
    return left < ROWS ? (int)left : ROWS;
}

static int64_t packed_v_floats(int64_t head_dim, int64_t padded_keys)
{
    return columns_of(head_dim) * padded_keys;
}

/* New maxima, and what the old O and sums must be multiplied by. `subtrahend` is what the rows' logits lose before
 * exp2: the maximum, or 0 where a row has seen no key yet, since -inf less -inf would be NaN. */
INLINE void raise_maxima(const vector *largest, float fold, float *max, float *subtrahend, float *correction)
{
    enum { WHOLE = (ROWS + TILE_VECTOR - 1) / TILE_VECTOR * TILE_VECTOR };
    float before[WHOLE] __attribute__((aligned(64))), now[WHOLE] __attribute__((aligned(64)));
    float minus[WHOLE] __attribute__((aligned(64)));
    for (int r = 0; r < WHOLE; r++) {
        before[r] = r < ROWS ? max[r] : 0;
        now[r] = r < ROWS ? vector_largest(largest[r]) : 0;
    }
    for (int r = 0; r < WHOLE; r += TILE_VECTOR) {
        vector was = *(vector *)(before + r), is = vector_max(fold * *(vector *)(now + r), was);
        vector finite = vector_select(is == -INFINITY, (vector){0}, is);
        *(vector *)(now + r) = is;
        *(vector *)(minus + r) = finite;
        *(vector *)(before + r) = vector_exp2(was - finite); /* 0 at a row's first key, where O is 0 too */
    }
    memcpy(max, now, ROWS * sizeof *max);
    memcpy(subtrahend, minus, ROWS * sizeof *subtrahend);
    memcpy(correction, before, ROWS * sizeof *correction);
}

/* Weights from scores, in place; new sums. */
INLINE void weigh_strip(int rows, float *s, int64_t keys, float fold, const float *subtrahend, const float *correction,
                        float *sum)
{
    for (int r = 0; r < rows; r++) {
        vector minus = vector_of(-subtrahend[r]), total = {0};
        for (int64_t key = 0; key < keys; key += KEYS)
            UNROLL for (int n = 0; n < VECTORS; n++)
            {
                vector *at = (vector *)(s + r * KEY_TILE + key + n * TILE_VECTOR);
                vector weight = vector_exp2(fold * *at + minus);
                *at = weight;
                total += weight;
            }
        vector *sums = (vector *)(sum + r * TILE_VECTOR);
        *sums = *sums * correction[r] + total;
    }
}

/* A tile of keys: at most KEY_TILE of them. */
struct tile {
    struct run runs[MOST_RUNS];
    int count;
};

/* A strip's part in a tile: of each run what the strip sees, in whole groups; a run of which it sees nothing is
 * empty. Groups have scores for all of their keys; values are only read of those that some row sees, in whole steps. */
struct part {
    int rows;                       /* of the strip: ROWS, or fewer in the last one */
    const struct key_range *ranges; /* of ROWS rows: where there are fewer, the last repeats */
    const float *q;
    float *o, *s, *max, *sum;
    struct run runs[MOST_RUNS];   /* counted from the head's first packed key */
    struct run values[MOST_RUNS]; /* the same, less what no row sees at its ends */
    int64_t at[MOST_RUNS];        /* key k of a run has its score at s[k + at] */
    int64_t keys;
    vector largest[ROWS];
    float correction[ROWS];
};

static void begin_part(struct part *part, const struct tile_head *head, const struct scratch *scratch,
                       const struct key_range *ranges, int strip, const struct tile *tile)
{
    part->rows = strip_rows(scratch->count, strip);
    part->ranges = ranges + strip * ROWS;
    part->q = scratch->q + strip * ROWS * head->head_dim;
    part->o = scratch->o + strip * ROWS * scratch->columns;
    part->s = scratch->s + strip % BLOCK * ROWS * KEY_TILE;
    part->max = scratch->max + strip * ROWS;
    part->sum = scratch->sum + strip * ROWS * TILE_VECTOR;
    part->keys = 0;
    int64_t low = part->ranges[0].first / KEYS * KEYS;
    int64_t high = (part->ranges[ROWS - 1].last + KEYS - 1) / KEYS * KEYS;
    int64_t see_first = part->ranges[0].first / STEP * STEP;
    int64_t see_last = (part->ranges[ROWS - 1].last + STEP - 1) / STEP * STEP;
    for (int r = 0; r < tile->count; r++) {
        int64_t first = tile->runs[r].first > low ? tile->runs[r].first : low;
        int64_t last = tile->runs[r].last < high ? tile->runs[r].last : high;
        last = last > first ? last : first;
        part->runs[r] = (struct run){first - head->first_key, last - head->first_key};
        part->values[r] = (struct run){(first > see_first ? first : see_first) - head->first_key,
                                       (last < see_last ? last : see_last) - head->first_key};
        part->at[r] = part->keys - part->runs[r].first;
        part->keys += last - first;
    }
    for (int r = 0; r < ROWS; r++)
        part->largest[r] = vector_of(-INFINITY);
}

INLINE void scores_of_rows(int rows, struct part *part, const float *k, int64_t head_dim, float *s, int64_t key)
{
    /* Ranges never fall from row to row: the last row begins last, the first ends first. */
    if (part->ranges[ROWS - 1].first <= key && key + KEYS <= part->ranges[0].last) {
        scores_of_group(rows, VECTORS, part->q, k, head_dim, s, part->largest);
    } else {
        vector ignored[ROWS];
        for (int r = 0; r < rows; r++)
            ignored[r] = part->largest[r];
        if (part->ranges[ROWS - 1].last <= key + KEYS / 2) /* no row sees the other half, which is masked unread */
            scores_of_group(rows, VECTORS / 2, part->q, k, head_dim, s, ignored);
        else
            scores_of_group(rows, VECTORS, part->q, k, head_dim, s, ignored);
        mask_group(rows, s, key, part->ranges, part->largest);
    }
}

/* `key` is the group's first, of run `run`. */
static void scores_of_part(struct part *part, const struct tile_head *head, int run, int64_t key)
{
    int64_t packed = key - head->first_key;
    const float *k = head->k + packed * head->head_dim;
    float *s = part->s + packed + part->at[run];
    switch (part->rows) {
    case 4:
        scores_of_rows(4, part, k, head->head_dim, s, key);
        break;
#if TILE_ROWS > 8
    case 8:
        scores_of_rows(8, part, k, head->head_dim, s, key);
        break;
#endif
    default:
        scores_of_rows(ROWS, part, k, head->head_dim, s, key);
        break;
    }
}

/* O of the columns from `c` on, `vectors` wide. */
static void values_of_part(const struct part *part, const struct tile_head *head, const struct scratch *scratch,
                           int64_t c, int64_t vectors, int runs)
{
    const float *v = head->v + c * head->padded_keys;
    float *o = part->o + c;
    switch (part->rows) {
    case 4:
        values_of_columns(4, vectors, part->s, v, part->values, part->at, runs, part->correction, o, scratch->columns);
        break;
#if TILE_ROWS > 8
    case 8:
        values_of_columns(8, vectors, part->s, v, part->values, part->at, runs, part->correction, o, scratch->columns);
        break;
#endif
    default:
        values_of_columns(ROWS, vectors, part->s, v, part->values, part->at, runs, part->correction, o,
                          scratch->columns);
        break;
    }
}

static void weigh_part(struct part *part, float fold)
{
    float subtrahend[ROWS];
    raise_maxima(part->largest, fold, part->max, subtrahend, part->correction);
    weigh_strip(part->rows, part->s, part->keys, fold, subtrahend, part->correction, part->sum);
}

/* `count` strips against a tile of keys. Groups of keys, and then of columns, in the outer loops: each comes from L2
 * once for all strips of the block. */
static void attend_block(const struct tile_head *head, const struct key_range *ranges, const struct scratch *scratch,
                         int strip, int count, const struct tile *tile, struct ahead *ahead)
{
    struct part parts[BLOCK];
    for (int n = 0; n < count; n++)
        begin_part(&parts[n], head, scratch, ranges, strip + n, tile);
    for (int r = 0; r < tile->count; r++)
        for (int64_t key = tile->runs[r].first; key < tile->runs[r].last; key += KEYS) {
            ask_ahead(ahead);
            for (int n = 0; n < count; n++)
                if (parts[n].runs[r].first <= key - head->first_key && key - head->first_key < parts[n].runs[r].last)
                    scores_of_part(&parts[n], head, r, key);
        }
    for (int n = 0; n < count; n++)
        if (parts[n].keys > 0)
            weigh_part(&parts[n], scratch->fold);
    for (int64_t c = 0; c < scratch->columns; c += KEYS) {
        int64_t width = scratch->columns - c < KEYS ? scratch->columns - c : KEYS;
        for (int n = 0; n < count; n++)
            if (parts[n].keys > 0)
                values_of_part(&parts[n], head, scratch, c, width / TILE_VECTOR, tile->count);
    }
}

/* Loads the queries; rows past the end repeat the last one and are not stored. The scale's size waits for exp2's
 * argument, where it is free and rounds once; its sign must come first, since a largest score is sought. */
static void begin(const struct tile_job *job, struct scratch *scratch, int strips, struct key_range *ranges)
{
    int64_t d = job->head->head_dim;
    float scale = job->problem->scale, sign = scale > 0 ? 1.0f : scale < 0 ? -1.0f : 0.0f;
    scratch->fold = scale != 0 ? fabsf(scale) * 1.4426950408889634f : 1.0f; /* 0 times -inf would be NaN */
    for (int strip = 0; strip < strips; strip++) {
        const float *rows[ROWS];
        for (int r = 0; r < ROWS; r++) {
            int row = strip * ROWS + r;
            int64_t i = row < job->count ? row : job->count - 1;
            rows[r] = job->q + i * job->stride;
            ranges[row] = attention_keys(job->problem, job->layer, job->first + i);
            scratch->max[row] = -INFINITY;
        }
        int next = (strip + 2) * ROWS <= job->count;
        transpose_rows(rows, strip_rows(job->count, strip), d, sign, next ? ROWS * job->stride : 0,
                       scratch->q + strip * ROWS * d);
    }
    memset(scratch->o, 0, (size_t)(strips * ROWS * scratch->columns) * sizeof *scratch->o);
    memset(scratch->sum, 0, (size_t)(strips * ROWS * TILE_VECTOR) * sizeof *scratch->sum);
}

static void finish(const struct tile_job *job, const struct scratch *scratch)
{
    for (int64_t row = 0; row < job->count; row++) {
        float sum = vector_sum(*(const vector *)(scratch->sum + row * TILE_VECTOR));
        float inverse = sum > 0 ? 1.0f / sum : 0.0f;
        const float *from = scratch->o + row * scratch->columns;
        float *to = job->o + row * job->stride;
        for (int64_t c = 0; c < job->head->head_dim; c++)
            to[c] = from[c] * inverse;
        if (job->log_sum_exp)
            job->log_sum_exp[row] = sum > 0 ? (scratch->max[row] + log2f(sum)) * 0.6931471805599453f : -INFINITY;
    }
}

/* All keys from the first that the item's rows see to the last. */
static void attend_range(const struct tile_job *job, const struct scratch *scratch, const struct key_range *ranges,
                         int strips, struct ahead *ahead)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): begin() filled them all */
    int64_t span = ranges[strips * ROWS - 1].last - ranges[0].first;
    /* Under a narrow window all keys of the item stay in L2, and each block starts at its own first key, so that its
     * few keys are not cut into more tiles than need be. Else a tile of keys serves all blocks. */
    int together = span > NARROW ? strips : BLOCK;
    for (int start = 0; start < strips; start += together) {
        int stop = start + together < strips ? start + together : strips;
        int64_t first = ranges[start * ROWS].first / KEYS * KEYS, last = ranges[stop * ROWS - 1].last;
        for (int64_t key = first; key < last; key += KEY_TILE) {
            struct tile tile = {.runs = {{key, key + KEY_TILE}}, .count = 1};
            for (int strip = start; strip < stop; strip += BLOCK)
                attend_block(job->head, ranges, scratch, strip, stop - strip < BLOCK ? stop - strip : BLOCK, &tile,
                             ahead);
        }
    }
}

/* Where the walk over the listed blocks stands. */
struct walk {
    int64_t block, key; /* number in the list; the next key of it, or below its first */
    int64_t low, high;  /* keys that some row of the item sees, whole groups */
};

/* The next KEY_TILE keys of the listed blocks; neighbouring blocks are one run. Empty at the end. */
static struct tile next_tile(const struct tile_job *job, struct walk *walk)
{
    struct tile tile = {.count = 0};
    int64_t room = KEY_TILE;
    while (walk->block < job->block_count && room > 0) {
        int64_t begin = job->blocks[walk->block] * job->block_keys, end = begin + job->block_keys;
        int64_t first = walk->key > begin ? walk->key : begin, last = end < walk->high ? end : walk->high;
        first = first > walk->low ? first : walk->low;
        if (first < last) {
            struct run *before = tile.count ? &tile.runs[tile.count - 1] : NULL;
            bool joined = before && before->last == first;
            if (!joined && tile.count == MOST_RUNS)
                break;
            last = last - first < room ? last : first + room;
            room -= last - first;
            if (joined)
                before->last = last;
            else
                tile.runs[tile.count++] = (struct run){first, last};
            walk->key = last;
        }
        if (last >= (end < walk->high ? end : walk->high))
            walk->block++;
    }
    return tile;
}

static void attend_listed(const struct tile_job *job, const struct scratch *scratch, const struct key_range *ranges,
                          int strips, struct ahead *ahead)
{
    struct walk walk = {.low = ranges[0].first / KEYS * KEYS,
                        .high = (ranges[strips * ROWS - 1].last + KEYS - 1) / KEYS * KEYS};
    for (;;) {
        struct tile tile = next_tile(job, &walk);
        if (tile.count == 0)
            return;
        for (int strip = 0; strip < strips; strip += BLOCK)
            attend_block(job->head, ranges, scratch, strip, strips - strip < BLOCK ? strips - strip : BLOCK, &tile,
                         ahead);
    }
}

static struct ahead ahead_of(const struct tile_job *job, const struct key_range *ranges, int strips)
{
    /* Groups of keys that the blocks of strips meet, about: a list's end may be hidden. */
    int64_t span = ranges[strips * ROWS - 1].last - ranges[0].first;
    int64_t keys = job->blocks ? job->block_count * job->block_keys : span;
    int64_t times = (keys < span ? keys : span) / KEYS * ((strips + BLOCK - 1) / BLOCK) + 1;
    int64_t rows = job->count > job->next_count ? job->count : job->next_count;
    return (struct ahead){
        job->o, job->next_q, job->stride, job->count, job->next_count, job->head->head_dim, (rows + times - 1) / times};
}

static void attend(const struct tile_job *job)
{
    struct scratch scratch = scratch_split(job->scratch, job->head->head_dim, job->count);
    struct key_range ranges[QUERY_TILE];
    int strips = (int)((job->count + ROWS - 1) / ROWS);
    begin(job, &scratch, strips, ranges);
    struct ahead ahead = ahead_of(job, ranges, strips);
    if (job->blocks)
        attend_listed(job, &scratch, ranges, strips, &ahead);
    else
        attend_range(job, &scratch, ranges, strips, &ahead);
    finish(job, &scratch);
}

static float softmax(float *row, int64_t count, float scale)
{
    float fold = scale * 1.4426950408889634f, largest = -INFINITY, sum = 0;
    int64_t whole = count / TILE_VECTOR * TILE_VECTOR;
    vector tops = vector_of(-INFINITY), totals = {0};
    for (int64_t j = 0; j < whole; j += TILE_VECTOR)
        tops = vector_max(tops, fold * *(const loose_vector *)(row + j));
    largest = vector_largest(tops);
    for (int64_t j = whole; j < count; j++)
        largest = fold * row[j] > largest ? fold * row[j] : largest;
    for (int64_t j = 0; j < whole; j += TILE_VECTOR) {
        vector weight = vector_exp2(fold * *(const loose_vector *)(row + j) - largest);
        *(loose_vector *)(row + j) = weight;
        totals += weight;
    }
    sum = vector_sum(totals);
    for (int64_t j = whole; j < count; j++) {
        row[j] = exp2f(fold * row[j] - largest);
        sum += row[j];
    }
    float inverse = sum > 0 ? 1.0f / sum : 0.0f;
    for (int64_t j = 0; j < count; j++)
        row[j] *= inverse;
    return count > 0 ? (largest + log2f(sum)) * 0.6931471805599453f : -INFINITY;
}

static double fused_multiply_adds(int64_t rounds, float *keep)
{
    vector sums[ROWS][VECTORS];
    vector factor = vector_of(keep[0]), term = vector_of(keep[1]);
    for (int r = 0; r < ROWS; r++)
        for (int n = 0; n < VECTORS; n++)
            sums[r][n] = vector_of((float)(r * VECTORS + n));
    for (int64_t round = 0; round < rounds; round++)
        UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int n = 0; n < VECTORS; n++) sums[r][n] =
            sums[r][n] * factor + term;
    for (int r = 0; r < ROWS; r++)
        for (int n = 0; n < VECTORS; n++)
            keep[0] += vector_sum(sums[r][n]);
    return 2.0 * (double)rounds * ROWS * VECTORS * TILE_VECTOR;
}

extern const struct tile_ops TILE_TABLE;
const struct tile_ops TILE_TABLE = {
    .isa = TILE_ISA,
    .vector_floats = TILE_VECTOR,
    .rows = ROWS,
    .keys = KEYS,
    .scratch = scratch_floats,
    .packed_v = packed_v_floats,
    .pack_k = pack_k,
    .pack_v = pack_v,
    .attend = attend,
    .softmax = softmax,
    .fma = fused_multiply_adds,
};
