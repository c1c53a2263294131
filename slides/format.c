#include "slides/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"

/* U+202F, a narrow space that no line breaks at, between number and unit. */
#define NARROW "\xe2\x80\xaf"

/* value * factor, then the suffix. */
static const struct filter {
    const char *name;
    enum unit unit;
    double factor;
    const char *suffix;
} filters[] = {
    {"s", UNIT_SECONDS, 1, NARROW "s"},
    {"ms", UNIT_SECONDS, 1e3, NARROW "ms"},
    {"us", UNIT_SECONDS, 1e6, NARROW "\xc2\xb5s"},
    {"ns", UNIT_SECONDS, 1e9, NARROW "ns"},
    {"B", UNIT_BYTES, 1, NARROW "B"},
    {"KB", UNIT_BYTES, 1e-3, NARROW "KB"},
    {"MB", UNIT_BYTES, 1e-6, NARROW "MB"},
    {"GB", UNIT_BYTES, 1e-9, NARROW "GB"},
    {"TB", UNIT_BYTES, 1e-12, NARROW "TB"},
    {"KiB", UNIT_BYTES, 1.0 / 1024, NARROW "KiB"},
    {"MiB", UNIT_BYTES, 1.0 / (1 << 20), NARROW "MiB"},
    {"GiB", UNIT_BYTES, 1.0 / (1 << 30), NARROW "GiB"},
    {"gbs", UNIT_BYTES_PER_SECOND, 1e-9, NARROW "GB/s"},
    {"mflops", UNIT_FLOPS_PER_SECOND, 1e-6, NARROW "MFLOP/s"},
    {"gflops", UNIT_FLOPS_PER_SECOND, 1e-9, NARROW "GFLOP/s"},
    {"tflops", UNIT_FLOPS_PER_SECOND, 1e-12, NARROW "TFLOP/s"},
    {"gflop", UNIT_FLOPS, 1e-9, NARROW "GFLOP"},
    {"percent", UNIT_SHARE, 100, NARROW "%"},
    {"percent", UNIT_NONE, 100, NARROW "%"},
    {"x", UNIT_NONE, 1, "\xc3\x97"},
    {"count", UNIT_NONE, 1, ""},
    {"million", UNIT_NONE, 1e-6, " million"},
    {"k", UNIT_TOKENS, 1e-3, "k"},
    {"M", UNIT_TOKENS, 1e-6, "M"},
    {"tokens", UNIT_TOKENS, 1, " tokens"},
    {"count", UNIT_TOKENS, 1, ""},
    {"text", UNIT_TEXT, 1, ""},
};
enum { FILTERS = sizeof filters / sizeof filters[0] };

/* Largest filter of a unit that leaves at least 1, among those that people read by themselves. */
static const struct filter *natural(const struct value *value)
{
    static const char *const order[] = {"s",      "ms",     "us",     "ns",  "TB",    "GB",      "MB", "KB",  "B",
                                        "tflops", "gflops", "mflops", "gbs", "gflop", "percent", "x",  "text"};
    const struct filter *best = NULL;
    for (size_t o = 0; o < sizeof order / sizeof order[0]; o++)
        for (int i = 0; i < FILTERS; i++)
            if (filters[i].unit == value->unit && strcmp(filters[i].name, order[o]) == 0 &&
                !(value->unit == UNIT_NONE && strcmp(order[o], "percent") == 0)) { /* a share only when it says so */
                if (!best || fabs(value->number * best->factor) < 1)
                    best = &filters[i];
            }
    for (int i = 0; i < FILTERS && !best; i++)
        if (filters[i].unit == value->unit)
            best = &filters[i];
    return best;
}

static enum status refuse_filter(const char *word, const char *file, int line, struct diags *diags)
{
    const char *names[FILTERS];
    for (int i = 0; i < FILTERS; i++)
        names[i] = filters[i].name;
    char *near = nearest_sentence(word, names, FILTERS, 2);
    diags_error(diags, file, line,
                near ? near : "Filters: s ms us, KB MB GB KiB MiB, gflops, gbs, percent, x, k, count, text.",
                "there is no filter '%.40s'", word);
    free(near);
    return STATUS_BAD_INPUT;
}

static const char *known_filter(const char *word)
{
    for (int i = 0; i < FILTERS; i++)
        if (strcmp(filters[i].name, word) == 0)
            return filters[i].name;
    return NULL;
}

enum status format_read(const char *text, const char *file, int line, struct format *format, struct diags *diags)
{
    *format = (struct format){.decimals = -1, .significant = -1};
    char word[64];
    int used;
    for (const char *at = text; sscanf(at, " %63s%n", word, &used) == 1; at += used) {
        char *end;
        long digits = strtol(word, &end, 10);
        if (strcmp(word, "|") == 0)
            continue;
        if (strcmp(word, "else") == 0) {
            const char *open = strchr(at, '"'), *close = open ? strchr(open + 1, '"') : NULL;
            if (!close) {
                diags_error(diags, file, line, "Write else \"not measured\".", "else needs words in quotes");
                return STATUS_BAD_INPUT;
            }
            free(format->otherwise);
            format->otherwise = strndup(open + 1, (size_t)(close - open) - 1);
            at = close + 1;
            used = 0;
        } else if (strcmp(word, "low") == 0 || strcmp(word, "high") == 0) {
            format->end = word[0] == 'l' ? SHOW_LOW : SHOW_HIGH;
        } else if (end != word && digits >= 0 && digits <= 9 && *end == '\0') {
            format->decimals = (int)digits;
        } else if (end != word && digits >= 1 && digits <= 9 && strcmp(end, "sig") == 0) {
            format->significant = (int)digits;
        } else if (known_filter(word)) {
            format->filter = known_filter(word);
        } else {
            return refuse_filter(word, file, line, diags);
        }
    }
    return STATUS_OK;
}

void format_free(struct format *format)
{
    free(format->otherwise);
    format->otherwise = NULL;
}

/* The most decimals that the interval carries: its half width is at most ten units of the last one, so the digit
 * before the last is known to within one. Negative: the last digits before the point are not known. */
static int decimals_carried(double low, double high)
{
    double half = fabs(high - low) / 2;
    return half > 0 ? (int)fmax(-300, floor(1 - log10(half) + 1e-9)) : 9;
}

static int decimals_of_significant(double number, int significant)
{
    return number == 0 ? 0 : significant - 1 - (int)floor(log10(fabs(number)) + 1e-9);
}

/* Rounded at a place left of the point when decimals are negative. */
static void print_number(struct text *words, double number, int decimals)
{
    if (decimals < 0) {
        double place = pow(10, -decimals);
        number = round(number / place) * place;
        decimals = 0;
    }
    char digits[400]; /* the largest double has 309 digits */
    snprintf(digits, sizeof digits, "%.*f", decimals > 30 ? 30 : decimals, fabs(number));
    if (number < 0 && strspn(digits, "0.") < strlen(digits))
        text_add(words, "\xe2\x88\x92"); /* a true minus sign */
    size_t whole = strcspn(digits, ".");
    for (size_t i = 0; digits[i]; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && whole > 4)
            text_add(words, NARROW);
        text_add_bytes(words, &digits[i], 1);
    }
}

/* Decimals where the interval carries some, else the significant digits before the point. */
static void refuse_digits(double number, int carried, const char *expression, const char *file, int line,
                          struct diags *diags)
{
    char remedy[120] = "Name none: the interval carries no digit.";
    int significant = carried - decimals_of_significant(number, 1) + 1;
    if (carried >= 0)
        snprintf(remedy, sizeof remedy, "At most %d decimals, or none named: as many as the interval carries.",
                 carried);
    else if (significant > 0)
        snprintf(remedy, sizeof remedy, "At most %dsig, or none named: as many digits as the interval carries.",
                 significant);
    diags_error(diags, file, line, remedy, "%s: more digits than its interval supports", expression);
}

/* Counts are exact and whole; what is neither is a ratio. */
static bool is_count(const struct value *value)
{
    return value->unit == UNIT_NONE && value->low == value->high && value->number == round(value->number);
}

char *format_value(const struct value *value, const struct format *format, const char *expression, const char *file,
                   int line, struct diags *diags)
{
    const char *named = format->filter ? format->filter : is_count(value) ? "count" : NULL;
    const struct filter *filter = named ? NULL : natural(value);
    for (int i = 0; i < FILTERS && named && !filter; i++)
        if (strcmp(filters[i].name, named) == 0 && filters[i].unit == value->unit)
            filter = &filters[i];
    if (!filter) {
        diags_error(diags, file, line, "Choose a filter for this unit, or none.", "%s is in %s; '%s' does not fit",
                    expression, unit_name(value->unit), format->filter ? format->filter : "no filter");
        return NULL;
    }
    if (value->unit == UNIT_TEXT)
        return strdup(value->words ? value->words : "");
    double number = format->end == SHOW_LOW ? value->low : format->end == SHOW_HIGH ? value->high : value->number;
    if (!isfinite(number) || !isfinite(value->low) || !isfinite(value->high)) {
        diags_error(diags, file, line, "Measure again.", "%s: its value or its interval is not a finite number",
                    expression);
        return NULL;
    }
    int carried = decimals_carried(value->low * filter->factor, value->high * filter->factor);
    int three = decimals_of_significant(number * filter->factor, 3);
    bool given = format->decimals >= 0 || format->significant > 0;
    int decimals = format->decimals >= 0     ? format->decimals
                   : format->significant > 0 ? decimals_of_significant(number * filter->factor, format->significant)
                                             : (three < carried ? three : carried);
    if (given && decimals > carried) {
        refuse_digits(number * filter->factor, carried, expression, file, line, diags);
        return NULL;
    }
    bool whole = fabs(value->number * filter->factor - round(value->number * filter->factor)) < 1e-9 &&
                 value->low == value->high;
    if (!given && (whole || decimals < 0))
        decimals = whole ? 0 : decimals;
    struct text words = {0};
    print_number(&words, number * filter->factor, decimals);
    text_add(&words, filter->suffix);
    return text_take(&words);
}
