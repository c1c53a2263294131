#include "slides/thread/finding.h"

#include <stdlib.h>

#include "base/text.h"
#include "slides/thread/grow.h"

void findings_add(struct findings *findings, enum finding_kind kind, int line, int count, struct slice words)
{
    struct finding *items = grown(findings->items, findings->count, sizeof *items);
    struct text copy = {0};
    struct slice rest = words, word;
    if (!items) {
        findings->failed = 1;
        return;
    }
    while ((word = next_word(&rest)).length > 0) {
        text_add(&copy, copy.length ? " " : "");
        text_add_bytes(&copy, word.at, word.length);
    }
    findings->items = items;
    items[findings->count++] = (struct finding){kind, line, count, text_take(&copy)};
}

int findings_count(const struct findings *findings, enum finding_kind kind)
{
    int sum = 0;
    for (size_t i = 0; i < findings->count; i++)
        sum += findings->items[i].kind == kind ? findings->items[i].count : 0;
    return sum;
}

void findings_free(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        free(findings->items[i].words);
    free(findings->items);
    *findings = (struct findings){0};
}
