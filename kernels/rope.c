#include "kernels/rope.h"

#include <math.h>

/* value^n by repeated squaring. */
static double power(double value, int64_t n)
{
    double result = 1;
    for (; n > 0; n /= 2) {
        result = n % 2 ? result * value : result;
        value *= value;
    }
    return result;
}

/* The n-th root of value >= 1, by Newton's method from above: it falls until it stands. */
static double root(double value, int64_t n)
{
    double x = 1 + (value - 1) / (double)n;
    for (;;) {
        double next = x - (x - value / power(x, n - 1)) / (double)n;
        if (!(next < x))
            return x;
        x = next;
    }
}

struct rope rope_make(int64_t head_dim, double theta)
{
    struct rope rope = {.head_dim = head_dim};
    double step = root(theta, head_dim / 2), frequency = 1;
    for (int64_t j = 0; j < head_dim / 2; j++) {
        rope.frequency[j] = frequency;
        frequency /= step;
    }
    return rope;
}

/* Sine and cosine by their series, after a reduction to [-pi/4, pi/4] with pi/2 in two parts; good to 1e-15 for the
 * angles of any sequence that fits in memory. */
static void sine_cosine(double angle, double *sine, double *cosine)
{
    static const double half_pi = 0x1.921fb544p0, rest = 0x1.0b4611a626331p-34;
    double turns = floor(angle * 0.63661977236758134 + 0.5);
    double r = (angle - turns * half_pi) - turns * rest, square = r * r, s = 1, c = 1;
    for (int n = 8; n >= 1; n--) {
        s = 1 - square * s / (double)(2 * n * (2 * n + 1));
        c = 1 - square * c / (double)(2 * n * (2 * n - 1));
    }
    s *= r;
    int quadrant = (int)(turns - 4 * floor(turns / 4));
    *sine = quadrant == 0 ? s : quadrant == 1 ? c : quadrant == 2 ? -s : -c;
    *cosine = quadrant == 0 ? c : quadrant == 1 ? -s : quadrant == 2 ? -c : s;
}

void rope_angles(const struct rope *rope, double position, float *cosine, float *sine)
{
    for (int64_t j = 0; j < rope->head_dim / 2; j++) {
        double s, c;
        sine_cosine(position * rope->frequency[j], &s, &c);
        cosine[j] = (float)c;
        sine[j] = (float)s;
    }
}

void rope_turn(int64_t head_dim, const float *cosine, const float *sine, float *row)
{
    int64_t half = head_dim / 2;
    for (int64_t j = 0; j < half; j++) {
        float a = row[j], b = row[j + half];
        row[j] = a * cosine[j] - b * sine[j];
        row[j + half] = b * cosine[j] + a * sine[j];
    }
}

void rope_turn_back(int64_t head_dim, const float *cosine, const float *sine, float *row)
{
    int64_t half = head_dim / 2;
    for (int64_t j = 0; j < half; j++) {
        float a = row[j], b = row[j + half];
        row[j] = a * cosine[j] + b * sine[j];
        row[j + half] = b * cosine[j] - a * sine[j];
    }
}

struct angles rope_table(const struct rope *rope, int64_t length, float *room)
{
    int64_t half = rope->head_dim / 2;
    for (int64_t i = 0; i < length; i++)
        rope_angles(rope, (double)i, room + i * half, room + (length + i) * half);
    return (struct angles){room, room + length * half};
}
