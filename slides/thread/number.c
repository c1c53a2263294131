#include "slides/thread/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Digits with thousands' commas and one point: "1,234.5". NULL: none begins here. */
static const char *read_digits(const char *at, const char *end, struct number *number)
{
    char plain[24];
    size_t length = 0;
    bool point = false;
    number->decimals = 0;
    for (; at < end && length + 1 < sizeof plain; at++) {
        bool more = at + 1 < end && g_ascii_isdigit(at[1]);
        if (*at == ',' && more && !point && at + 3 < end && g_ascii_isdigit(at[2]) && g_ascii_isdigit(at[3]))
            continue;
        if (*at == '.' && more && !point)
            point = true;
        else if (!g_ascii_isdigit(*at))
            break;
        else
            number->decimals += point;
        plain[length++] = *at;
    }
    plain[length] = '\0';
    number->value = g_ascii_strtod(length ? plain : "0", NULL);
    number->step = pow(10, -number->decimals);
    return length > 0 ? at : NULL;
}

static bool ends_word(const char *at, const char *end)
{
    return at >= end || !g_unichar_isalnum(g_utf8_get_char(at));
}

static void scale(struct number *number, double by)
{
    number->value *= by;
    number->step *= by;
    number->measure = MEASURE_LARGE;
}

/* A word behind the digits that belongs to the number. */
static const struct {
    const char *word;
    enum measure measure;
    double scale;
    char suffix;
} units[] = {{"times", MEASURE_TIMES, 1, 0},
             {"percent", MEASURE_PERCENT, 1, 0},
             {"thousand", MEASURE_LARGE, 1e3, 'k'},
             {"million", MEASURE_LARGE, 1e6, 'M'},
             {"billion", MEASURE_LARGE, 1e9, 'B'}};

static const char *read_word(const char *at, const char *end, struct number *number)
{
    struct slice rest = slice_to(at, end), word = next_word(&rest);
    for (size_t i = 0; i < sizeof units / sizeof units[0] && word.length > 0; i++) {
        size_t length = strlen(units[i].word);
        if (!slice_starts(word, units[i].word) || !ends_word(word.at + length, end))
            continue;
        number->value *= units[i].scale;
        number->step *= units[i].scale;
        number->measure = units[i].measure;
        number->suffix = units[i].suffix;
        return word.at + length;
    }
    return at;
}

/* x, ×, %, k, M, B right behind the digits, else a word. */
static const char *read_unit(const char *at, const char *end, struct number *number)
{
    number->measure = MEASURE_COUNT;
    number->suffix = '\0';
    if (at >= end)
        return at;
    if ((*at == 'x' || *at == 'X') && ends_word(at + 1, end)) {
        number->measure = MEASURE_TIMES;
        return at + 1;
    }
    if (g_utf8_get_char(at) == 0xd7) {
        number->measure = MEASURE_TIMES;
        return g_utf8_next_char(at);
    }
    if (*at == '%') {
        number->measure = MEASURE_PERCENT;
        return at + 1;
    }
    if (strchr("kKMB", *at) && ends_word(at + 1, end)) {
        number->suffix = *at == 'K' ? 'k' : *at;
        scale(number, *at == 'M' ? 1e6 : *at == 'B' ? 1e9 : 1e3);
        return at + 1;
    }
    return *at == ' ' ? read_word(at, end, number) : at;
}

bool number_next(struct slice *rest, const char *begin, struct number *number)
{
    const char *end = slice_end(*rest);
    for (const char *at = rest->at; at < end; at++) {
        if (!g_ascii_isdigit(*at))
            continue;
        gunichar before = at > begin ? g_utf8_get_char(g_utf8_prev_char(at)) : ' ';
        const char *digits_end = read_digits(at, end, number);
        const char *next = read_unit(digits_end, end, number);
        bool named = g_unichar_isalnum(before) || before == '-' || before == '_' || before == '"' || before == 0x201c ||
                     before == '/' || before == ':' || before == '@' || before == '#' || before == '.' ||
                     before == ',' || before == 0x2013 || before == 0x2014;
        bool alone = ends_word(next, end) &&
                     !(next < end && (*next == '/' || (*next == ':' && next + 1 < end && g_ascii_isdigit(next[1]))));
        number->token = slice_to(at, next);
        *rest = slice_to(next, end);
        if (!named && alone)
            return true;
        at = next - 1;
    }
    return false;
}

bool number_worth_a_slide(struct slice text, struct number *number)
{
    struct slice rest = text;
    struct number one;
    int count = 0;
    while (number_next(&rest, text.at, &one)) {
        bool large = one.measure == MEASURE_TIMES ? one.value >= 1.2 : one.measure != MEASURE_COUNT;
        if (!large)
            continue;
        if (count++ == 0)
            *number = one;
    }
    return count == 1;
}

char *number_shown(const struct number *number)
{
    struct text shown = {0};
    double by = number->suffix == 'k' ? 1e3 : number->suffix == 'M' ? 1e6 : number->suffix == 'B' ? 1e9 : 1;
    char digits[40];
    g_ascii_formatd(digits, sizeof digits,
                    number->decimals == 0   ? "%.0f"
                    : number->decimals == 1 ? "%.1f"
                                            : "%.2f",
                    number->value / by);
    text_add(&shown, digits);
    if (number->measure == MEASURE_TIMES)
        text_add(&shown, "\xc3\x97");
    else if (number->measure == MEASURE_PERCENT)
        text_add(&shown, "\xe2\x80\xaf%");
    else if (number->suffix)
        text_add_bytes(&shown, &number->suffix, 1);
    return text_take(&shown);
}
