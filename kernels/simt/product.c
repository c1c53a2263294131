/* product.c - a plain product in cuBLAS's place (kernels/cuda/blas.h): the host reads the simulator's HBM and writes
 * it. Where only some blocks of a launch run (simt_only_blocks), only as many products are made, of the same numbers.
 */
#include <stdlib.h>

#include "kernels/cuda/blas.h"
#include "kernels/element.h"
#include "kernels/simt/state.h"

/* Operands as float32, B with its columns as rows, and a row of C. */
struct scratch {
    float *a, *b, *c;
};

static int64_t offset_of(const struct blas_matrix *matrix, const int64_t at[BLAS_LEVELS])
{
    int64_t offset = 0;
    for (int level = 0; level < BLAS_LEVELS; level++)
        offset += at[level] * matrix->step[level];
    return offset;
}

static void read_matrix(float *to, const struct blas_matrix *from, const int64_t at[BLAS_LEVELS], int64_t rows,
                        int64_t columns, bool transposed, enum dtype dtype)
{
    int64_t offset = offset_of(from, at);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            to[transposed ? j * rows + i : i * columns + j] =
                element_read(from->first, offset + i * from->row + j, dtype);
}

static void multiply(struct simt *simt, const struct blas_products *p, const int64_t at[BLAS_LEVELS],
                     const struct scratch *s)
{
    read_matrix(s->a, &p->a, at, p->rows, p->depth, false, p->dtype);
    if (p->b_transposed)
        read_matrix(s->b, &p->b, at, p->columns, p->depth, false, p->dtype);
    else
        read_matrix(s->b, &p->b, at, p->depth, p->columns, true, p->dtype);
    for (int64_t i = 0; i < p->rows; i++) {
        for (int64_t j = 0; j < p->columns; j++) {
            float sum = 0;
            for (int64_t k = 0; k < p->depth; k++)
                sum += s->a[i * p->depth + k] * s->b[j * p->depth + k];
            s->c[j] = p->alpha * sum;
        }
        elements_from_floats(s->c, s->c, p->columns, p->dtype);
        simt_upload(simt, (uint16_t *)p->c.first + offset_of(&p->c, at) + i * p->c.row, s->c,
                    (size_t)p->columns * sizeof(uint16_t));
    }
}

enum status simt_products(void *opened, const struct blas_products *p)
{
    struct simt *simt = opened;
    struct scratch s = {malloc((size_t)(p->rows * p->depth) * sizeof(float)),
                        malloc((size_t)(p->columns * p->depth) * sizeof(float)),
                        malloc((size_t)p->columns * sizeof(float))};
    enum status status = s.a && s.b && s.c ? STATUS_OK : STATUS_NO_MEMORY;
    int64_t all = p->count[0] * p->count[1] * p->count[2], end = simt->last_block < all ? simt->last_block : all;
    for (int64_t n = simt->first_block; n < end && status == STATUS_OK; n++) {
        const int64_t at[BLAS_LEVELS] = {n / (p->count[1] * p->count[2]), n / p->count[2] % p->count[1],
                                         n % p->count[2]};
        multiply(simt, p, at, &s);
    }
    free(s.a);
    free(s.b);
    free(s.c);
    return status;
}
