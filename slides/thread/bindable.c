#include "slides/thread/bindable.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slides/published.h"

struct bindable {
    struct published *published;
    struct deck deck; /* an empty one, for the binder */
    struct binder *binder;
    const struct record *const *records;
    size_t count;
};

enum status bindable_open(struct bindable **bindable, const struct record *const *records, size_t count,
                          struct diags *diags)
{
    struct bindable *made = *bindable = calloc(1, sizeof *made);
    if (!made) {
        diags_error(diags, NULL, 0, NULL, "out of memory");
        return STATUS_NO_MEMORY;
    }
    made->deck.file = (char *)"";
    made->records = records;
    made->count = count;
    enum status status = published_open(&made->published, diags);
    if (status == STATUS_OK)
        status = binder_open(&made->binder, &made->deck, records, count, false, diags);
    return status;
}

void bindable_close(struct bindable *bindable)
{
    if (!bindable)
        return;
    binder_close(bindable->binder);
    if (bindable->published)
        published_close(bindable->published);
    free(bindable);
}

/* What the binding would show and where it is from; NULL: it cannot be bound. */
static char *shown_by(struct bindable *bindable, const char *expression, struct value *value)
{
    struct diags ignored = {0};
    char *shown = NULL;
    enum status status = bind_value(bindable->binder, expression, 0, 0, value, &shown, &ignored);
    diags_free(&ignored);
    if (status == STATUS_OK)
        return shown;
    free(shown);
    return NULL;
}

/* Letters and digits alone, in small letters: "GPT-3.5-turbo" holds "gpt35". */
static char *squeezed(struct slice text)
{
    struct text squeezed = {0};
    for (size_t i = 0; i < text.length; i++)
        if (g_ascii_isalnum(text.at[i])) {
            char small = g_ascii_tolower(text.at[i]);
            text_add_bytes(&squeezed, &small, 1);
        }
    return text_take(&squeezed);
}

/* "gpt35" of "gpt35.context". */
static bool names(const char *words, const char *key)
{
    char subject[64];
    size_t length = strcspn(key, ".");
    if (length == 0 || length >= sizeof subject)
        return false;
    memcpy(subject, key, length);
    subject[length] = '\0';
    return strstr(words, subject) != NULL;
}

/* What a number is counted in, by how it is written. */
static bool same_measure(const struct number *number, enum unit unit)
{
    if (number->measure == MEASURE_TIMES)
        return unit == UNIT_NONE;
    return number->measure != MEASURE_PERCENT && unit == UNIT_TOKENS;
}

static bool same_value(const struct number *number, double value)
{
    return fabs(value - number->value) <= number->step / 2;
}

/* The filter that shows as many digits as the author wrote. */
static void add_filter(struct text *expression, const struct number *number)
{
    if (number->measure == MEASURE_TIMES)
        text_format(expression, " | x %d", number->decimals);
    else if (number->suffix == 'k' || number->suffix == 'M')
        text_format(expression, " | %c %d", number->suffix, number->decimals);
    else
        text_add(expression, " | count");
}

static bool propose(struct bindable *bindable, const struct number *number, struct text *expression,
                    struct text *comment)
{
    struct value value;
    add_filter(expression, number);
    char *shown = expression->bytes ? shown_by(bindable, expression->bytes, &value) : NULL;
    if (shown) {
        text_add(comment, "Could be bound: \"");
        text_add_bytes(comment, number->token.at, number->token.length);
        text_format(comment, "\" as {{ %s }}, which shows %s (%s", expression->bytes, shown, kind_name(value.kind));
        text_format(comment, "%s%s).\n", value.source ? ", " : "", value.source ? value.source : "");
    }
    free(shown);
    return shown != NULL;
}

/* A figure of published.yml, or a ratio of two that the words name both. */
static bool propose_published(struct bindable *bindable, const struct number *number, const char *near,
                              const char *around, struct text *comment)
{
    const struct published *published = bindable->published;
    for (size_t i = 0; i < published_count(published); i++) {
        const char *key = published_key(published, i);
        struct value value, other;
        struct diags ignored = {0};
        struct text expression = {0};
        bool read = published_find(published, key, "", 0, &value, &ignored) == STATUS_OK, found = false;
        /* 1 is a value of many things: where sizes stand in a list, its own line must name the thing. */
        const char *words = number->measure == MEASURE_LARGE ? near : around;
        if (read && names(words, key) && same_measure(number, value.unit) && same_value(number, value.number)) {
            text_format(&expression, "published.%s", key);
            found = propose(bindable, number, &expression, comment);
        }
        for (size_t k = 0; read && !found && number->measure == MEASURE_TIMES && k < published_count(published); k++) {
            const char *below = published_key(published, k), *tail = strchr(key, '.'), *below_tail = strchr(below, '.');
            bool alike = k != i && tail && below_tail && strcmp(tail, below_tail) == 0 && names(around, key) &&
                         names(around, below);
            if (!alike || published_find(published, below, "", 0, &other, &ignored) != STATUS_OK || other.number == 0 ||
                !same_value(number, value.number / other.number))
                continue;
            text_free(&expression);
            text_format(&expression, "published.%s / published.%s", key, below);
            found = propose(bindable, number, &expression, comment);
        }
        text_free(&expression);
        diags_free(&ignored);
        if (found)
            return true;
    }
    return false;
}

/* The longest case of a kernel in the records. */
static const char *longest_case(const struct bindable *bindable, const char *kernel)
{
    const char *key = NULL;
    int64_t most = 0;
    for (size_t r = 0; r < bindable->count; r++) {
        const struct record_case **cases = NULL;
        struct diags ignored = {0};
        size_t count = 0;
        if (metric_cases(bindable->records[r], kernel, &cases, &count, &ignored) == STATUS_OK)
            for (size_t i = 0; i < count; i++)
                if (cases[i]->problem.len_kv > most) {
                    most = cases[i]->problem.len_kv;
                    key = cases[i]->key;
                }
        free(cases);
        diags_free(&ignored);
    }
    return key;
}

/* How much faster a kernel that the words name is, on the record: the author's number or not. */
static bool propose_measured(struct bindable *bindable, const struct number *number, const char *around,
                             struct text *comment)
{
    static const struct {
        const char *word, *kernel;
    } kernels[] = {{"flash", "flash"}, {"sliding", "sliding"}, {"local", "sliding"}, {"alternating", "alternating"}};
    static const char *const baselines[] = {"naive_blas", "naive"};
    bool speed = strstr(around, "faster") || strstr(around, "speed") || strstr(around, "slower");
    for (size_t i = 0; speed && number->measure == MEASURE_TIMES && i < sizeof kernels / sizeof kernels[0]; i++) {
        const char *key = strstr(around, kernels[i].word) ? longest_case(bindable, kernels[i].kernel) : NULL;
        const char *segments = key ? strchr(key, '.') : NULL;
        for (size_t b = 0; segments && b < sizeof baselines / sizeof baselines[0]; b++) {
            struct text expression = {0};
            text_format(&expression, "%s%s.time / %s.time", baselines[b], segments, key);
            bool found = propose(bindable, number, &expression, comment);
            text_free(&expression);
            if (found)
                return true;
        }
    }
    return false;
}

int bindable_propose(struct bindable *bindable, struct slice text, struct slice around, struct text *comment)
{
    char *near = squeezed(text), *wide = squeezed(around);
    struct slice rest = text;
    struct number number;
    int found = 0;
    while (near && wide && number_next(&rest, text.at, &number)) {
        bool published = propose_published(bindable, &number, near, wide, comment);
        bool measured = bindable->count > 0 && propose_measured(bindable, &number, wide, comment);
        found += published || measured;
    }
    free(near);
    free(wide);
    return found;
}
