/* matrix.c - ldmatrix and mma.sync as PTX describes them, element by element. */
#include <math.h>
#include <string.h>

#include "kernels/simt/device.h"
#include "kernels/simt/state.h"

enum { LOAD = EXCHANGE_MATRIX, LOAD_TRANSPOSED = LOAD + 8, MULTIPLY = LOAD_TRANSPOSED + 8 }; /* LOAD + matrices ... */
enum { FULL_WARP = -1 };

/* One row of one matrix, read by the lane that gave its address. */
static void read_row(struct simt *simt, const struct thread *lane, int number, uint16_t row[8])
{
    const char *at = lane->operand.row;
    int now = simt->now;
    simt->now = number;
    if ((uintptr_t)at % 16)
        fault_raise(simt, &(struct suspect){SIMT_MISALIGNED, at, lane->place, 0, -1, -1},
                    "misaligned: a row of ldmatrix begins at an address that is no multiple of 16");
    if ((uintptr_t)at - (uintptr_t)simt->sram >= SRAM_SPACE)
        fault_raise(simt, &(struct suspect){SIMT_OUT_OF_BOUNDS, at, lane->place, 0, -1, -1},
                    "a row of ldmatrix is not in SRAM");
    access_memory(simt, at, 16, false, lane->place);
    memcpy(row, at, 16);
    simt->now = now;
}

static void load(struct simt *simt, struct thread *lanes, int matrices, bool transposed)
{
    int first = (int)(lanes - simt->threads);
    for (int m = 0; m < matrices; m++) {
        uint16_t matrix[8][8];
        for (int r = 0; r < 8; r++)
            read_row(simt, &lanes[8 * m + r], first + 8 * m + r, matrix[r]);
        for (int l = 0; l < SIMT_WARP; l++) {
            int r = l / 4, c = l % 4 * 2;
            uint32_t low = transposed ? matrix[c][r] : matrix[r][c];
            uint32_t high = transposed ? matrix[c + 1][r] : matrix[r][c + 1];
            lanes[l].operand.registers[m] = low | high << 16;
        }
    }
}

static float from_bf16(uint16_t bits)
{
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

static float from_f16(uint16_t bits)
{
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    float value = exponent == 31  ? (fraction ? NAN : INFINITY)
                  : exponent == 0 ? ldexpf((float)fraction, -24)
                                  : ldexpf((float)(1024 + fraction), exponent - 25);
    return bits >> 15 ? -value : value;
}

/* Element i of a lane's registers: two a register, the lower half first. */
static float element(const uint32_t *registers, int i, enum simt_element type)
{
    uint16_t bits = (uint16_t)(registers[i / 2] >> (i % 2 * 16));
    return type == SIMT_BF16 ? from_bf16(bits) : from_f16(bits);
}

static void multiply(struct simt *simt, struct thread *lanes, enum simt_element type)
{
    float a[16][16], b[16][8];
    for (int l = 0; l < SIMT_WARP; l++) {
        const struct lane_operand *o = &lanes[l].operand;
        int group = l / 4, t = l % 4;
        for (int i = 0; i < 8; i++)
            a[group + (i / 2 % 2 ? 8 : 0)][2 * t + i % 2 + (i >= 4 ? 8 : 0)] = element(o->a, i, type);
        for (int i = 0; i < 4; i++)
            b[2 * t + i % 2 + (i >= 2 ? 8 : 0)][group] = element(o->b, i, type);
    }
    for (int l = 0; l < SIMT_WARP; l++)
        for (int i = 0; i < 4; i++) {
            int row = l / 4 + (i >= 2 ? 8 : 0), column = l % 4 * 2 + i % 2;
            float sum = 0;
            for (int k = 0; k < 16; k++)
                sum += a[row][k] * b[k][column];
            lanes[l].operand.sums[i] += sum;
        }
    simt->counts.products++;
}

void matrix_exchange(struct simt *simt, struct thread *lanes, int exchange)
{
    if (exchange >= MULTIPLY)
        multiply(simt, lanes, (enum simt_element)(exchange - MULTIPLY));
    else if (exchange >= LOAD_TRANSPOSED)
        load(simt, lanes, exchange - LOAD_TRANSPOSED, true);
    else
        load(simt, lanes, exchange - LOAD, false);
}

/* What the last lane to come writes through. NOLINTBEGIN(readability-non-const-parameter) */
void simt_load_matrices(uint32_t *registers, const void *row, int matrices, bool transposed)
{
    const struct lane_operand mine = {.registers = registers, .row = row};
    warp_meet(simt_running, (uint32_t)FULL_WARP, (transposed ? LOAD_TRANSPOSED : LOAD) + matrices, &mine, HERE);
}

void simt_multiply(float *sums, const uint32_t *a, const uint32_t *b, enum simt_element type)
{
    const struct lane_operand mine = {.sums = sums, .a = a, .b = b};
    warp_meet(simt_running, (uint32_t)FULL_WARP, MULTIPLY + (int)type, &mine, HERE);
}
/* NOLINTEND(readability-non-const-parameter) */
