#include "slides/typography.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define NO_BREAK      "\xc2\xa0"
#define DASH          "\xe2\x80\x93"
#define LONG_DASH     "\xe2\x80\x94"
#define ELLIPSIS      "\xe2\x80\xa6"
#define MINUS         "\xe2\x88\x92"
#define TIMES         "\xc3\x97"
#define APOSTROPHE    "\xe2\x80\x99"
#define INCHES        "\xe2\x80\xb3"
#define LOW_DOUBLE    "\xe2\x80\x9e"
#define LEFT_DOUBLE   "\xe2\x80\x9c"
#define RIGHT_DOUBLE  "\xe2\x80\x9d"
#define LOW_SINGLE    "\xe2\x80\x9a"
#define LEFT_SINGLE   "\xe2\x80\x98"
#define RIGHT_SINGLE  "\xe2\x80\x99"
#define LEFT_ANGLE    "\xc2\xab"
#define RIGHT_ANGLE   "\xc2\xbb"
#define LEFT_ANGLE_1  "\xe2\x80\xb9"
#define RIGHT_ANGLE_1 "\xe2\x80\xba"

/* Outer and inner quotes; the first row whose `lang` begins the deck's is taken. */
struct quotes {
    const char *lang, *open, *close, *inner_open, *inner_close;
};
static const struct quotes languages[] = {{"de-CH", LEFT_ANGLE, RIGHT_ANGLE, LEFT_ANGLE_1, RIGHT_ANGLE_1},
                                          {"de", LOW_DOUBLE, LEFT_DOUBLE, LOW_SINGLE, LEFT_SINGLE},
                                          {"cs", LOW_DOUBLE, LEFT_DOUBLE, LOW_SINGLE, LEFT_SINGLE},
                                          {"sk", LOW_DOUBLE, LEFT_DOUBLE, LOW_SINGLE, LEFT_SINGLE},
                                          {"pl", LOW_DOUBLE, RIGHT_DOUBLE, LEFT_ANGLE, RIGHT_ANGLE},
                                          {"ro", LOW_DOUBLE, RIGHT_DOUBLE, LEFT_ANGLE, RIGHT_ANGLE},
                                          {"fr", LEFT_ANGLE NO_BREAK, NO_BREAK RIGHT_ANGLE, LEFT_DOUBLE, RIGHT_DOUBLE},
                                          {"es", LEFT_ANGLE, RIGHT_ANGLE, LEFT_DOUBLE, RIGHT_DOUBLE},
                                          {"it", LEFT_ANGLE, RIGHT_ANGLE, LEFT_DOUBLE, RIGHT_DOUBLE},
                                          {"pt-PT", LEFT_ANGLE, RIGHT_ANGLE, LEFT_DOUBLE, RIGHT_DOUBLE},
                                          {"ru", LEFT_ANGLE, RIGHT_ANGLE, LOW_DOUBLE, LEFT_DOUBLE},
                                          {"uk", LEFT_ANGLE, RIGHT_ANGLE, LOW_DOUBLE, LEFT_DOUBLE},
                                          {"el", LEFT_ANGLE, RIGHT_ANGLE, LEFT_DOUBLE, RIGHT_DOUBLE},
                                          {"ar", LEFT_ANGLE, RIGHT_ANGLE, LEFT_DOUBLE, RIGHT_DOUBLE},
                                          {"sv", RIGHT_DOUBLE, RIGHT_DOUBLE, RIGHT_SINGLE, RIGHT_SINGLE},
                                          {"fi", RIGHT_DOUBLE, RIGHT_DOUBLE, RIGHT_SINGLE, RIGHT_SINGLE},
                                          {"", LEFT_DOUBLE, RIGHT_DOUBLE, LEFT_SINGLE, RIGHT_SINGLE}};

/* What a number keeps beside it on its line. */
static const char *const units[] = {"ns",
                                    "us",
                                    "ms",
                                    "s",
                                    "min",
                                    "h",
                                    "B",
                                    "KB",
                                    "kB",
                                    "MB",
                                    "GB",
                                    "TB",
                                    "KiB",
                                    "MiB",
                                    "GiB",
                                    "TiB",
                                    "GB/s",
                                    "TB/s",
                                    "MB/s",
                                    "GFLOP/s",
                                    "FLOP",
                                    "FLOPs",
                                    "TFLOP/s",
                                    "MFLOP/s",
                                    "GFLOP",
                                    "TFLOP",
                                    "PFLOP/s",
                                    "FLOP/s",
                                    "GFLOPS",
                                    "TFLOPS",
                                    "Hz",
                                    "MHz",
                                    "GHz",
                                    "W",
                                    "kW",
                                    "kWh",
                                    "m",
                                    "cm",
                                    "mm",
                                    "nm",
                                    "km",
                                    "g",
                                    "kg",
                                    "px",
                                    "pt",
                                    "K",
                                    "V",
                                    "\xc2\xb5s",
                                    "\xce\xbcs",
                                    "\xc2\xb0"
                                    "C",
                                    "%",
                                    "\xe2\x82\xac",
                                    "$",
                                    "x",
                                    TIMES};

struct setter {
    struct text out;
    const char *start, *at; /* of the markup */
    const struct quotes *signs;
    bool french;
    char before; /* the last byte of prose before `at`; ' ' at the start, also of a cell or line */
    int double_open, single_open;
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The next byte of prose behind tags. */
static char next_prose(const char *at)
{
    while (*at == '<')
        at += strcspn(at, ">") + (at[strcspn(at, ">")] == '>');
    return *at ? *at : ' ';
}

static bool opens(char before)
{
    return isspace((unsigned char)before) || strchr("([{/-", before) != NULL;
}

static void put(struct setter *set, const char *sign, size_t taken)
{
    set->before = set->at[taken - 1];
    text_add(&set->out, sign);
    set->at += taken;
}

static void put_quote(struct setter *set, bool is_double)
{
    int *open = is_double ? &set->double_open : &set->single_open;
    const struct quotes *signs = set->signs;
    bool inner = !is_double || (set->double_open > 0 && opens(set->before));
    if (!is_double && is_word(set->before) && (is_word(next_prose(set->at + 1)) || *open == 0)) {
        put(set, APOSTROPHE, 1);
    } else if (is_double && isdigit((unsigned char)set->before) && *open == 0) {
        put(set, INCHES, 1);
    } else if (opens(set->before) && !(is_double ? false : isdigit((unsigned char)next_prose(set->at + 1)))) {
        ++*open;
        put(set, inner ? signs->inner_open : signs->open, 1);
        set->before = '(';
    } else {
        inner = is_double ? *open > 1 : *open > 0;
        *open -= *open > 0;
        put(set, inner ? signs->inner_close : !is_double ? APOSTROPHE : signs->close, 1);
    }
}

/* 2023-2024, but not 2026-01-02 or 555-1234-5. */
static bool is_range(const struct setter *set)
{
    if (!isdigit((unsigned char)set->before) || !isdigit((unsigned char)set->at[1]))
        return false;
    const char *left = set->at, *right = set->at + 1;
    while (left > set->start && isdigit((unsigned char)left[-1]))
        left--;
    right += strspn(right, "0123456789");
    bool alone = left == set->start || !strchr("-.:/_", left[-1]);
    return alone && !is_word(*right) && !strchr("-:/_", *right ? *right : ' ') &&
           !(left > set->start && isalpha((unsigned char)left[-1]));
}

static void put_hyphens(struct setter *set)
{
    size_t count = strspn(set->at, "-");
    char after = set->at[count];
    bool spaced = set->before == ' ' && after == ' ' && set->out.length > 0;
    if (count == 3)
        put(set, LONG_DASH, 3);
    else if (count == 2 || (count == 1 && spaced) || (count == 1 && is_range(set)))
        put(set, DASH, count);
    else if (count == 1 && (set->before == ' ' || set->before == '(') && isdigit((unsigned char)after))
        put(set, MINUS, 1);
    else
        while (count-- > 0)
            put(set, "-", 1);
}

/* How many bytes of a unit stand at `at`, a word of its own; 0: none. */
static size_t unit_length(const char *at)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t length = strlen(units[i]);
        if (strncmp(at, units[i], length) == 0 && !is_word(at[length]) && at[length] != '/')
            return length;
    }
    return 0;
}

static void put_space(struct setter *set)
{
    const char *next = set->at + 1;
    bool digit = isdigit((unsigned char)set->before);
    bool times = digit && *next == 'x' && next[1] == ' ' && isdigit((unsigned char)next[2]);
    if (times) {
        put(set, NO_BREAK, 1);
        put(set, TIMES, 1);
        put(set, NO_BREAK, 1);
    } else if ((digit && unit_length(next)) || (set->french && strchr("!?:;", *next ? *next : 'a')) ||
               (*next == '-' && strspn(next, "-") <= 2 && next[strspn(next, "-")] == ' ')) {
        put(set, NO_BREAK, 1);
    } else {
        put(set, " ", 1);
    }
}

static void put_dots(struct setter *set)
{
    size_t count = strspn(set->at, ".");
    if (count == 3)
        put(set, ELLIPSIS, 3);
    else
        while (count-- > 0)
            put(set, ".", 1);
}

/* Tags, code, entities and addresses pass; how many bytes. */
static size_t passes(const struct setter *set)
{
    const char *at = set->at;
    if (strncmp(at, "<tt>", 4) == 0) {
        const char *end = strstr(at, "</tt>");
        return end ? (size_t)(end - at) + 5 : strlen(at);
    }
    if (*at == '<')
        return strcspn(at, ">") + (at[strcspn(at, ">")] == '>');
    if (*at == '&')
        return strcspn(at, ";") + (at[strcspn(at, ";")] == ';');
    size_t word = strcspn(at, " \n\t<");
    bool address = opens(set->before) &&
                   (strncmp(at, "www.", 4) == 0 || strncmp(at, "http://", 7) == 0 || strncmp(at, "https://", 8) == 0);
    return address ? word : 0;
}

static void step(struct setter *set)
{
    size_t pass = passes(set);
    if (pass > 0) {
        bool tag = *set->at == '<' && strncmp(set->at, "<tt>", 4) != 0;
        char last = strncmp(set->at, "&lt;", 4) == 0 ? '(' : 'a';
        text_add_bytes(&set->out, set->at, pass);
        set->at += pass;
        set->before = tag ? set->before : last;
    } else if (*set->at == '"' || *set->at == '\'') {
        put_quote(set, *set->at == '"');
    } else if (*set->at == '-') {
        put_hyphens(set);
    } else if (*set->at == ' ') {
        put_space(set);
    } else if (*set->at == '.') {
        put_dots(set);
    } else {
        bool apart = *set->at == '\t' || *set->at == '\n'; /* each cell and line by itself */
        set->before = apart ? ' ' : *set->at;
        set->double_open = *set->at == '\t' ? 0 : set->double_open;
        set->single_open = *set->at == '\t' ? 0 : set->single_open;
        text_add_bytes(&set->out, set->at++, 1);
    }
}

char *typography_set(const char *markup, const char *lang)
{
    struct setter set = {.start = markup, .at = markup, .before = ' ', .signs = languages};
    while (strncasecmp(lang ? lang : "", set.signs->lang, strlen(set.signs->lang)) != 0)
        set.signs++;
    set.french = strcmp(set.signs->lang, "fr") == 0;
    while (*set.at)
        step(&set);
    return text_take(&set.out);
}
