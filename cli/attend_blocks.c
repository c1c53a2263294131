#include "cli/attend_blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status read_sizes(struct attend_blocks *blocks, struct diags *diags)
{
    long long q = 64, kv = 64;
    int used = 0;
    const char *text = blocks->sizes;
    if (text && sscanf(text, "%lld,%lld%n", &q, &kv, &used) != 2 && sscanf(text, "%lld%n", &q, &used) == 1)
        kv = q;
    if (text && (used == 0 || text[used] != '\0' || q < 1 || kv < 1)) {
        diags_error(diags, NULL, 0, "Queries and keys of a block: --block=64 or --block=64,128.",
                    "--block: '%.40s' is not one or two whole numbers above 0", text);
        return STATUS_BAD_INPUT;
    }
    blocks->mask.block_q = q;
    blocks->mask.block_kv = kv;
    return STATUS_OK;
}

static enum status read_files(struct attend_blocks *blocks, struct diags *diags)
{
    const char *flat = "One list for all heads, one after the other: array.ravel().";
    const char *comma = strchr(blocks->files, ',');
    char *first = comma ? strndup(blocks->files, (size_t)(comma - blocks->files)) : NULL;
    if (!comma || comma == blocks->files || comma[1] == '\0') {
        diags_error(diags, NULL, 0, "--block-mask=indptr.npy,indices.npy: scipy.sparse.bsr_array has both.",
                    "--block-mask: '%.60s' is not two files", blocks->files);
        free(first);
        return STATUS_BAD_INPUT;
    }
    enum status status = first ? npy_read_integers(first, &blocks->indptr, diags) : STATUS_NO_MEMORY;
    enum status other = npy_read_integers(comma + 1, &blocks->indices, diags);
    if (status == STATUS_OK && blocks->indptr.dimensions != 1) {
        diags_error(diags, first, 0, flat, "indptr has %d dimensions; it is a list", blocks->indptr.dimensions);
        status = STATUS_BAD_INPUT;
    }
    if (other == STATUS_OK && blocks->indices.dimensions != 1) {
        diags_error(diags, comma + 1, 0, flat, "indices has %d dimensions; it is a list", blocks->indices.dimensions);
        other = STATUS_BAD_INPUT;
    }
    free(first);
    return status == STATUS_OK ? other : status;
}

static int64_t blocks_of(int64_t length, int64_t block)
{
    return length / block + (length % block > 0);
}

/* How many masks there are, from the number of rows. */
static enum status count_masks(struct block_mask *mask, int64_t places, struct diags *diags)
{
    int64_t rows = places - 1;
    if (rows < mask->rows || rows % mask->rows) {
        diags_error(diags, NULL, 0, "One place more than blocks of queries; for a mask each, than heads times those.",
                    "indptr has %lld places; these queries make %lld blocks of %lld", (long long)places,
                    (long long)mask->rows, (long long)mask->block_q);
        return STATUS_BAD_INPUT;
    }
    mask->count = rows / mask->rows;
    return STATUS_OK;
}

/* To 32 bits; what does not fit is out of range whatever the mask is. */
static enum status narrow(struct attend_blocks *blocks, struct diags *diags)
{
    int64_t count = blocks->indices.elements;
    blocks->block = malloc((size_t)(count ? count : 1) * sizeof *blocks->block);
    if (!blocks->block) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (int64_t i = 0; i < count; i++) {
        int64_t block = blocks->indices.integers[i];
        if (block < 0 || block >= blocks->mask.columns) {
            diags_error(diags, NULL, 0, "Blocks of keys are counted from 0.",
                        "indices[%lld] is %lld, out of range: these keys make %lld blocks of %lld", (long long)i,
                        (long long)block, (long long)blocks->mask.columns, (long long)blocks->mask.block_kv);
            return STATUS_BAD_INPUT;
        }
        blocks->block[i] = (int32_t)block;
    }
    return STATUS_OK;
}

enum status attend_blocks_read(struct attend_blocks *blocks, struct attention_problem *problem, struct diags *diags)
{
    struct block_mask *mask = &blocks->mask;
    if (!blocks->files)
        return STATUS_OK;
    enum status status = read_sizes(blocks, diags);
    if (status == STATUS_OK)
        status = read_files(blocks, diags);
    if (status != STATUS_OK)
        return status;
    mask->rows = blocks_of(problem->len_q, mask->block_q);
    mask->columns = blocks_of(problem->len_kv, mask->block_kv);
    status = count_masks(mask, blocks->indptr.elements, diags);
    if (status == STATUS_OK)
        status = narrow(blocks, diags);
    mask->first = blocks->indptr.integers;
    mask->block = blocks->block;
    mask->entries = blocks->indices.elements;
    problem->mask.blocks = status == STATUS_OK ? mask : NULL;
    return status;
}

void attend_blocks_free(struct attend_blocks *blocks)
{
    npy_free(&blocks->indptr);
    npy_free(&blocks->indices);
    free(blocks->block);
    blocks->block = NULL;
}
