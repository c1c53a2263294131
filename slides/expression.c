#include "slides/expression.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/stats.h"

enum { DEEPEST = 16 };

struct parser {
    const struct scope *scope;
    const char *text, *at;
    int line, depth;
    struct diags *diags;
};

static enum status sum(struct parser *p, struct value *value);

static enum status refuse(struct parser *p, const char *remedy, const char *what)
{
    diags_error(p->diags, p->scope->deck->file, p->line, remedy, "{{ %.120s }}: %s", p->text, what);
    return STATUS_BAD_INPUT;
}

static void skip_blanks(struct parser *p)
{
    p->at += strspn(p->at, " \t\n");
}

static enum status name_value(struct parser *p, const char *name, struct value *value)
{
    const struct scope *scope = p->scope;
    for (size_t i = 0; i < scope->deck->name_count; i++)
        if (strcmp(scope->deck->names[i].name, name) == 0) {
            struct parser inner = *p;
            if (++inner.depth > DEEPEST)
                return refuse(p, "A name may not stand for itself.", "names refer to each other too deeply");
            inner.text = inner.at = scope->deck->names[i].expression;
            enum status status = sum(&inner, value);
            skip_blanks(&inner);
            if (status == STATUS_OK && *inner.at)
                return refuse(&inner, NULL, "cannot be read to its end");
            return status;
        }
    enum status status = strncmp(name, "published.", 10) == 0
                             ? published_find(scope->published, name + 10, scope->deck->file, p->line, value, p->diags)
                             : metric_find(scope->records, scope->record_count, name, scope->allow_stale,
                                           scope->deck->file, p->line, value, p->diags);
    return status == STATUS_BAD_INPUT ? STATUS_FAILED : status;
}

static enum status term(struct parser *p, struct value *value)
{
    char name[256], *end;
    skip_blanks(p);
    if (*p->at == '(') {
        p->at++;
        if (++p->depth > DEEPEST)
            return refuse(p, NULL, "parentheses are nested too deeply");
        enum status status = sum(p, value);
        p->depth--;
        skip_blanks(p);
        if (status == STATUS_OK && *p->at != ')')
            return refuse(p, NULL, "a parenthesis is never closed");
        p->at += status == STATUS_OK;
        return status;
    }
    if (*p->at >= '0' && *p->at <= '9') {
        double number = strtod(p->at, &end);
        if (!isfinite(number))
            return refuse(p, NULL, "a number is too large");
        p->at = end;
        *value = (struct value){.number = number, .low = number, .high = number, .kind = KIND_COMPUTED, .source = ""};
        return STATUS_OK;
    }
    size_t length = strspn(p->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");
    if (length == 0 || length >= sizeof name)
        return refuse(p, "An expression reads naive.n4096.time / flash.n4096.time.", "a key or a number is missing");
    memcpy(name, p->at, length);
    name[length] = '\0';
    p->at += length;
    return name_value(p, name, value);
}

/* A bare number in the deck belongs to no kind. */
static bool is_plain(const struct value *value)
{
    return value->kind == KIND_COMPUTED && value->source && !*value->source;
}

/* The problem that a number is of, measured or counted; NULL when it is of none. */
static const struct attention_problem *problem_of(const struct value *value)
{
    return value->from ? &value->from->problem : value->counted ? &value->counted->problem : value->problem;
}

/* Two results that one ratio may join: same device; alike but for kernel, mask, N or layers' mask. */
static const char *unlike(const struct value *a, const struct value *b)
{
    if (is_plain(a) || is_plain(b))
        return NULL;
    if (a->kind != b->kind)
        return "the two sides are of different kinds (measured, counted, computed, published): never in one ratio";
    if (a->record && b->record && a->record != b->record) {
        if (strcmp(a->record->machine.cpu_name, b->record->machine.cpu_name) != 0)
            return "the two sides were measured on different devices";
        if (strcmp(a->record->machine.sources, b->record->machine.sources) != 0)
            return "the two sides were measured with different versions of the kernels";
    }
    const struct attention_problem *p = problem_of(a), *q = problem_of(b);
    if (p && q) {
        if (p->head_dim != q->head_dim || p->heads != q->heads || p->batch != q->batch || p->layers != q->layers ||
            p->kv_heads != q->kv_heads || p->dtype != q->dtype)
            return "the two sides differ in heads, head_dim, dtype, batch or layers";
    }
    if (a->from && b->from) {
        if (strcmp(a->from->backend, b->from->backend) != 0)
            return "the two sides were measured on different devices";
        if (a->from->threads != b->from->threads)
            return "the two sides ran on different numbers of threads";
    }
    if (a->key && b->key && metric_on_gpu(a) != metric_on_gpu(b))
        return "the two sides were measured on different devices";
    if (a->key && b->key && a->threads != b->threads)
        return "the two sides ran on different numbers of threads";
    return NULL;
}

/* False when no unit that we know comes of it: time by time, say. */
static bool unit_of_product(enum unit a, enum unit b, enum unit *product)
{
    static const struct {
        enum unit rate, amount;
    } over_time[] = {{UNIT_FLOPS_PER_SECOND, UNIT_FLOPS}, {UNIT_BYTES_PER_SECOND, UNIT_BYTES}};
    for (size_t i = 0; i < sizeof over_time / sizeof over_time[0]; i++)
        if ((a == over_time[i].rate && b == UNIT_SECONDS) || (b == over_time[i].rate && a == UNIT_SECONDS)) {
            *product = over_time[i].amount;
            return true;
        }
    bool a_factor = a == UNIT_NONE || a == UNIT_SHARE, b_factor = b == UNIT_NONE || b == UNIT_SHARE;
    *product = a_factor && !(b == UNIT_NONE && a == UNIT_SHARE) ? b : a;
    return a_factor || b_factor;
}

static enum unit unit_of_ratio(enum unit a, enum unit b)
{
    if (a == UNIT_FLOPS && b == UNIT_SECONDS)
        return UNIT_FLOPS_PER_SECOND;
    if (a == UNIT_BYTES && b == UNIT_SECONDS)
        return UNIT_BYTES_PER_SECOND;
    return b == UNIT_NONE ? a : UNIT_NONE;
}

/* Both are times of whole cases, measured in the same rounds. */
static bool paired(const struct value *a, const struct value *b)
{
    return a->from && b->from && a->record == b->record && a->unit == UNIT_SECONDS && b->unit == UNIT_SECONDS &&
           a->number == a->from->seconds.median && b->number == b->from->seconds.median;
}

/* The interval from the least to the greatest of the four ends: either side may be negative. */
static void span(const double ends[4], struct value *to)
{
    to->low = fmin(fmin(ends[0], ends[1]), fmin(ends[2], ends[3]));
    to->high = fmax(fmax(ends[0], ends[1]), fmax(ends[2], ends[3]));
}

static void divide(const struct value *a, const struct value *b, struct value *to)
{
    if (paired(a, b)) {
        size_t pairs = a->from->sample_count < b->from->sample_count ? a->from->sample_count : b->from->sample_count;
        struct estimate ratio = stats_ratio(a->from->samples, b->from->samples, pairs);
        to->number = ratio.median;
        to->low = ratio.low;
        to->high = ratio.high;
        return;
    }
    to->number = a->number / b->number;
    if (b->low <= 0 && b->high >= 0) { /* the divisor may be nought: the ratio may be anything */
        to->low = -INFINITY;
        to->high = INFINITY;
        return;
    }
    const double ends[] = {a->low / b->low, a->low / b->high, a->high / b->low, a->high / b->high};
    span(ends, to);
}

static enum status combine(struct parser *p, char operation, const struct value *a, const struct value *b,
                           struct value *to)
{
    const char *reason = unlike(a, b);
    struct value result = is_plain(a) ? *b : *a;
    if (reason)
        return refuse(p, "Show the two numbers beside each other instead, each with its own source.", reason);
    if (a->unit == UNIT_TEXT || b->unit == UNIT_TEXT)
        return refuse(p, NULL, "words cannot be calculated with");
    if ((operation == '+' || operation == '-') && a->unit != b->unit)
        return refuse(p, NULL, "sums need equal units");
    if (b->from && result.from && b->from->sample_count < result.samples)
        result.samples = b->from->sample_count;
    switch (operation) {
    case '+':
        result.number = a->number + b->number;
        result.low = a->low + b->low;
        result.high = a->high + b->high;
        break;
    case '-':
        result.number = a->number - b->number;
        result.low = a->low - b->high;
        result.high = a->high - b->low;
        break;
    case '*':
        result.number = a->number * b->number;
        span((const double[]){a->low * b->low, a->low * b->high, a->high * b->low, a->high * b->high}, &result);
        if (!unit_of_product(a->unit, b->unit, &result.unit))
            return refuse(p, NULL, "the units of this product do not fit");
        break;
    default:
        if (a->unit != b->unit && unit_of_ratio(a->unit, b->unit) == UNIT_NONE)
            return refuse(p, NULL, "the units of this ratio do not fit");
        divide(a, b, &result);
        result.unit = unit_of_ratio(a->unit, b->unit);
    }
    if (!isfinite(result.number) || !isfinite(result.low) || !isfinite(result.high))
        return refuse(p, "The divisor may be nought.", "the result is not a finite number");
    *to = result;
    return STATUS_OK;
}

static enum status product(struct parser *p, struct value *value)
{
    enum status status = term(p, value);
    for (skip_blanks(p); status == STATUS_OK && (*p->at == '*' || *p->at == '/'); skip_blanks(p)) {
        char operation = *p->at++;
        struct value left = *value, right;
        status = term(p, &right);
        if (status == STATUS_OK)
            status = combine(p, operation, &left, &right, value);
    }
    return status;
}

static enum status sum(struct parser *p, struct value *value)
{
    enum status status = product(p, value);
    for (skip_blanks(p); status == STATUS_OK && (*p->at == '+' || *p->at == '-'); skip_blanks(p)) {
        char operation = *p->at++;
        struct value left = *value, right;
        status = product(p, &right);
        if (status == STATUS_OK)
            status = combine(p, operation, &left, &right, value);
    }
    return status;
}

enum status expression_value(const struct scope *scope, const char *text, int line, struct value *value,
                             struct diags *diags)
{
    struct parser parser = {.scope = scope, .text = text, .at = text, .line = line, .diags = diags};
    *value = (struct value){0};
    enum status status = sum(&parser, value);
    if (status == STATUS_OK && *parser.at)
        return refuse(&parser, "An expression reads naive.n4096.time / flash.n4096.time.", "cannot be read to its end");
    return status;
}
