#include "reports/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char nothing[] = "\u2013";

struct scale {
    double size;
    const char *unit;
};

static const struct scale times[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "\u00b5s"}, {1e-9, "ns"}, {0, NULL}};
static const struct scale sizes[] = {{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "KB"}, {1, "B"}, {0, NULL}};
static const struct scale binary[] = {{0x1p40, "TiB"}, {0x1p30, "GiB"}, {0x1p20, "MiB"},
                                      {0x1p10, "KiB"}, {1, "B"},        {0, NULL}};
static const struct scale rates[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "K"}, {1, ""}, {0, NULL}};

/* The largest that leaves a number of 1 or more, as it will be rounded. */
static const struct scale *scale_of(double value, const struct scale *scales)
{
    while (scales[1].unit && fabs(value) < scales->size * 0.9995)
        scales++;
    return scales;
}

static int decimals(double shown)
{
    return fabs(shown) < 9.995 ? 2 : fabs(shown) < 99.95 ? 1 : 0;
}

static struct words scaled(double value, const struct scale *scales)
{
    struct words words;
    if (!isfinite(value)) {
        snprintf(words.text, sizeof words.text, "%s", nothing);
        return words;
    }
    const struct scale *scale = scale_of(value, scales);
    double shown = value / scale->size;
    bool whole = shown == floor(shown) && (scales == binary || (scales == sizes && scale->size == 1));
    snprintf(words.text, sizeof words.text, "%.*f %s", whole ? 0 : decimals(shown), shown, scale->unit);
    return words;
}

struct words words_time(double seconds)
{
    return scaled(seconds, times);
}

struct words words_bytes(double bytes)
{
    return scaled(bytes, sizes);
}

struct words words_binary(double bytes)
{
    return scaled(bytes, binary);
}

struct words words_rate(double per_second, const char *unit)
{
    struct words words = scaled(per_second, rates);
    if (isfinite(per_second))
        strncat(words.text, unit, sizeof words.text - strlen(words.text) - 1);
    return words;
}

struct words words_share(double share)
{
    struct words words = words_number(100 * share);
    if (isfinite(share))
        strcat(words.text, " %");
    return words;
}

struct words words_number(double number)
{
    struct words words;
    if (isfinite(number))
        snprintf(words.text, sizeof words.text - 8, "%.*f", decimals(number), number);
    else
        snprintf(words.text, sizeof words.text, "%s", nothing);
    return words;
}

struct words words_error(double error)
{
    struct words words;
    if (isfinite(error))
        snprintf(words.text, sizeof words.text, "%.1e", error);
    else
        snprintf(words.text, sizeof words.text, "%s", nothing);
    return words;
}

/* What an interval covers, where it is not the 99 % that the heading promises. */
static void add_level(struct words *words, double level)
{
    char covers[32] = "";
    if (isfinite(level) && level < 0.99)
        snprintf(covers, sizeof covers, ", covers %.3g %%", 100 * level);
    strncat(words->text, covers, sizeof words->text - strlen(words->text) - 1);
}

static struct words range(const struct estimate *estimate, const struct scale *scale)
{
    struct words words;
    if (!isfinite(estimate->median) || !isfinite(estimate->low) || !isfinite(estimate->high)) {
        snprintf(words.text, sizeof words.text, "%s", nothing);
        return words;
    }
    int digits = decimals(estimate->median / scale->size);
    snprintf(words.text, sizeof words.text, "%.*f to %.*f%s%s", digits, estimate->low / scale->size, digits,
             estimate->high / scale->size, *scale->unit ? " " : "", scale->unit);
    add_level(&words, estimate->level);
    return words;
}

struct words words_interval(const struct estimate *seconds)
{
    return range(seconds, scale_of(seconds->median, times));
}

struct words words_range(const struct estimate *ratio)
{
    static const struct scale plain = {1, ""};
    return range(ratio, &plain);
}

struct words words_heads(const struct attention_problem *problem)
{
    struct words words;
    if (problem->kv_heads == problem->heads)
        snprintf(words.text, sizeof words.text, "%lld", (long long)problem->heads);
    else
        snprintf(words.text, sizeof words.text, "%lld (%lld for K, V)", (long long)problem->heads,
                 (long long)problem->kv_heads);
    return words;
}

struct words words_problem(const struct record_case *c)
{
    const struct attention_problem *p = &c->problem;
    char length[64], kv_heads[40] = "", layers[40] = "";
    if (p->len_q == p->len_kv)
        snprintf(length, sizeof length, "N=%lld", (long long)p->len_kv);
    else
        snprintf(length, sizeof length, "Nq=%lld, Nkv=%lld", (long long)p->len_q, (long long)p->len_kv);
    if (p->kv_heads != p->heads)
        snprintf(kv_heads, sizeof kv_heads, ", kv_heads=%lld", (long long)p->kv_heads);
    if (p->layers != 1)
        snprintf(layers, sizeof layers, ", layers=%lld", (long long)p->layers);
    struct words words;
    snprintf(words.text, sizeof words.text, "%.40s, %s, d=%lld, heads=%lld%s, batch=%lld%s, threads=%d", c->mask,
             length, (long long)p->head_dim, (long long)p->heads, kv_heads, (long long)p->batch, layers, c->threads);
    return words;
}
