#include "harness/metric_key.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "kernels/block_rule.h"
#include "kernels/kernel.h"

bool key_parse(const char *key, struct parsed_key *parsed)
{
    *parsed = (struct parsed_key){.text = strdup(key)};
    if (!parsed->text)
        return false;
    char *rest = parsed->text, *part;
    while ((part = strsep(&rest, ".")) != NULL) {
        if (*part == '\0' || parsed->count == sizeof parsed->segments / sizeof parsed->segments[0])
            return false;
        parsed->segments[parsed->count++] = part;
    }
    if (parsed->count < 2)
        return false;
    parsed->metric = parsed->segments[--parsed->count];
    if (parsed->count >= 3 && strcmp(parsed->segments[parsed->count - 2], "stage") == 0) {
        parsed->stage = parsed->segments[parsed->count - 1];
        parsed->count -= 2;
    }
    return true;
}

bool key_has(const char *key, const char *segment)
{
    size_t length = strlen(segment);
    for (const char *at = key; at; at = strchr(at, '.')) {
        at += *at == '.';
        if (strncmp(at, segment, length) == 0 && (at[length] == '.' || at[length] == '\0'))
            return true;
    }
    return false;
}

/* The first segment is the kernel's name; all must occur. */
bool key_matches(const char *key, const char *const *segments, size_t count)
{
    size_t length = count ? strlen(segments[0]) : 0;
    if (count == 0 || strncmp(key, segments[0], length) != 0 || key[length] != '.')
        return false;
    for (size_t i = 1; i < count; i++)
        if (!key_has(key, segments[i]))
            return false;
    return true;
}

/* The axis that a segment of digits stands for: "n4096" is N=4096. NULL when it is none. */
static const char *axis_of(const char *segment, const char **digits)
{
    static const struct {
        const char *prefix, *axis;
    } axes[] = {{"n", "N"},      {"d", "d"},         {"h", "heads"},   {"b", "batch"},
                {"l", "layers"}, {"kv", "kv_heads"}, {"t", "threads"}, {"q", "Nq"}};
    for (size_t a = 0; a < sizeof axes / sizeof axes[0]; a++) {
        size_t length = strlen(axes[a].prefix);
        *digits = segment + length;
        if (strncmp(segment, axes[a].prefix, length) == 0 && **digits &&
            strspn(*digits, "0123456789") == strlen(*digits))
            return axes[a].axis;
    }
    return NULL;
}

/* The command that would measure these segments; NULL when there is no such kernel. Fresh string. */
char *key_command(const struct parsed_key *parsed)
{
    struct text command = {0};
    struct attention_mask mask;
    struct block_rule rule;
    if (parsed->count == 0 || !kernel_find(parsed->segments[0], NULL))
        return NULL;
    text_format(&command, "Measure it: flashdeck bench -a kernel=%s", parsed->segments[0]);
    for (size_t i = 1; i < parsed->count; i++) {
        const char *digits, *axis = axis_of(parsed->segments[i], &digits);
        if (attention_mask_parse(parsed->segments[i], &mask) || block_rule_parse(parsed->segments[i], &mask, &rule))
            text_format(&command, " -a mask=%s", parsed->segments[i]);
        else if (axis)
            text_format(&command, " -a %s=%s", axis, digits);
    }
    text_add(&command, " --benchmark_out=record.json");
    return text_take(&command);
}
