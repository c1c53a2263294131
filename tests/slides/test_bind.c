/* Bindings: where a slide's numbers come from, and what is said where there are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help_slides.h"
#include "slides/sources.h"

/* The whole deck's bindings by the way that a slide's go. */
static size_t bind_all(struct desk *desk, struct binder **binder)
{
    assert_int_equal(binder_open(binder, &desk->deck, desk->records, desk->record_count, false, &desk->diags),
                     STATUS_OK);
    for (size_t s = 0; s < desk->deck.slide_count; s++)
        for (size_t b = 0; b < desk->deck.slides[s].block_count; b++) {
            const struct block *block = &desk->deck.slides[s].blocks[b];
            free(block->text ? bind_text(*binder, block->text, (int)s, block->line, &desk->diags) : NULL);
        }
    size_t count;
    binder_uses(*binder, &count);
    return count;
}

static void what_has_no_result_is_told_all_at_once(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk, "# A\n\n"
                     "{{ flash.n8192.time }}\n\n"        /* 3: missing */
                     "{{ failed.n512.time }}\n\n"        /* 5 */
                     "{{ odd.n512.time }}\n\n"           /* 7: NaN */
                     "{{ flash.time }}\n\n"              /* 9: ambiguous */
                     "{{ published.gemini.contxt }}\n\n" /* 11 */
                     "{{ flash.n512.tim }}\n\n"          /* 13 */
                     "{{ flash.n512.time | ms 9 }}\n\n"  /* 15 */
                     "{{ flash.n512.time | MiB }}\n\n"   /* 17 */
                     "{{ flash.n512.time\n\n"            /* 19 */
                     "{{ naive.n512.stage.sftmax.time }}" /* 21 */);
    struct record_case *failed = desk_add_case(&desk.record, "failed", 512, 8, 1);
    failed->failed = true;
    failed->error = strdup("3 rows disagree with the oracle");
    desk_add_case(&desk.record, "odd", 512, 8, 1)->seconds.median = NAN;
    bind_all(&desk, &binder);
    must_say(&desk.diags, 3, "flash.n8192.time: no record holds this result");
    must_say(&desk.diags, 3, "flashdeck bench -a kernel=flash -a N=8192");
    must_say(&desk.diags, 5, "this case failed: 3 rows disagree with the oracle");
    must_say(&desk.diags, 7, "no finite number");
    must_say(&desk.diags, 9, "several results match");
    must_say(&desk.diags, 11, "gemini.context");
    must_say(&desk.diags, 13, "Did you mean time");
    must_say(&desk.diags, 15, "more digits");
    must_say(&desk.diags, 17, "does not fit");
    must_say(&desk.diags, 19, "never closed");
    must_say(&desk.diags, 21, "softmax");
    assert_int_equal(desk.diags.errors, 10);
    for (size_t i = 0; i < desk.diags.count; i++)
        assert_string_equal(desk.diags.items[i].file, "deck.md");
    binder_close(binder);
    desk_close(&desk);
}

static void stale_records_are_refused(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk, "# A {{ flash.n512.time | ms 1 }}\n");
    desk.record.machine.sources[0] ^= 1;
    bind_all(&desk, &binder);
    must_say(&desk.diags, 1, "stale");
    must_say(&desk.diags, 1, "--allow-stale");
    binder_close(binder);
    desk_close(&desk);
}

static void else_words(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    struct value value;
    char *shown;
    desk_open(&desk, "# A\n");
    assert_int_equal(binder_open(&binder, &desk.deck, desk.records, 1, false, &desk.diags), STATUS_OK);
    assert_int_equal(
        bind_value(binder, "flash.n9.time | ms | else \"not | measured\"", 0, 1, &value, &shown, &desk.diags),
        STATUS_OK);
    assert_string_equal(shown, "not | measured");
    free(shown);
    assert_int_equal(bind_value(binder, "2 * flash.n9.time / 3 | else \"\"", 0, 1, &value, &shown, &desk.diags),
                     STATUS_OK);
    assert_string_equal(shown, "");
    free(shown);
    must_be_clean(&desk.diags);
    char *bound = bind_text(binder, "a {{ flash.n9.time | else \"&lt;b&gt; &amp; c\" }}", 0, 1, &desk.diags);
    assert_string_equal(bound, "a &lt;b&gt; &amp; c");
    free(bound);
    must_be_clean(&desk.diags);
    /* a fault is no missing result */
    static const char *const faults[] = {"naive.n512.time / published.bert.context | else \"none\"",
                                         "naive.n512.time + | else \"none\"", "naive.n512.time | GB | else \"none\"",
                                         "flash.n9.time | gigs | else \"none\""};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        assert_int_equal(bind_value(binder, faults[i], 0, 1, &value, &shown, &desk.diags), STATUS_BAD_INPUT);
        assert_int_equal(desk.diags.errors, i + 1);
    }
    size_t count;
    const struct binding *uses = binder_uses(binder, &count);
    assert_int_equal(count, 3);
    assert_string_equal(uses[0].words_else, "not | measured");
    struct source_line lines[4];
    assert_int_equal(binder_sources(binder, 0, lines), 0); /* words have no source */
    binder_close(binder);
    desk_close(&desk);
}

#define DOT "\xc2\xa0\xc2\xb7 "

static void source_lines(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk,
              "# {{ published.gemini.context | M 0 }} {{ published.bert.context | k 1 }}\n"
              "{{ published.gpt4.context | k 0 }} {{ published.gpt35.context | k 0 }}\n"
              "{{ flash.n512.bytes | MB }} {{ flash.n512.time }} {{ machine.l1 | else \"?\" }} {{ machine.cpu }}\n"
              "---\n# {{ flash.n512.time }} {{ naive.n512.time }}\n"
              "---\n# no numbers\n");
    desk.record.cases[0].sample_count = 9; /* naive at 512 */
    desk.record.cases[0].threads = 1;
    desk.record.machine.dirty = true;
    bind_all(&desk, &binder);
    must_be_clean(&desk.diags);
    struct source_line lines[4];
    assert_int_equal(binder_sources(binder, 0, lines), 3);
    assert_int_equal(lines[0].kind, KIND_MEASURED);
    assert_string_equal(lines[0].text, "Example E5" DOT "2 threads" DOT "median of 15" DOT "2026-01-02" DOT "1a2b3c4+");
    assert_int_equal(lines[1].kind, KIND_COMPUTED);
    assert_string_equal(lines[1].text, "Q, K, V read once, O and log-sum-exp written once");
    assert_int_equal(lines[2].kind, KIND_PUBLISHED);
    assert_string_equal(lines[2].text, "Google 2024" DOT "BERT, 2018" DOT "OpenAI 2023");
    assert_int_equal(binder_sources(binder, 1, lines), 1);
    assert_string_equal(lines[0].text, "Example E5" DOT "1\xe2\x80\x93"
                                       "2 threads" DOT "median of 9\xe2\x80\x93"
                                       "15" DOT "2026-01-02" DOT "1a2b3c4+");
    assert_int_equal(binder_sources(binder, 2, lines), 0);
    binder_close(binder);
    desk_close(&desk);
}

/* A GPU's numbers are not told as the processor's beside it. */
static void the_gpu_is_named_where_it_measured(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk, "# {{ flash.n512.time }}\n---\n# {{ naive.n512.time }} beside {{ flash.n512.time }}\n");
    strcpy(desk.record.machine.gpu.name, "A card");
    for (size_t i = 0; i < desk.record.case_count; i++)
        if (strcmp(desk.record.cases[i].kernel, "flash") == 0) {
            free(desk.record.cases[i].backend);
            desk.record.cases[i].backend = strdup("cuda");
            desk.record.cases[i].threads = 1;
        }
    bind_all(&desk, &binder);
    must_be_clean(&desk.diags);
    struct source_line lines[4];
    const char *card = "A card" DOT "median of 15" DOT "2026-01-02" DOT "1a2b3c4";
    assert_int_equal(binder_sources(binder, 0, lines), 1);
    assert_string_equal(lines[0].text, card);
    assert_int_equal(binder_sources(binder, 1, lines), 1);
    const char *both = "Example E5" DOT "2 threads" DOT "median of 15" DOT "2026-01-02" DOT "1a2b3c4; A card" DOT
                       "median of 15" DOT "2026-01-02" DOT "1a2b3c4";
    assert_string_equal(lines[0].text, both);
    binder_close(binder);
    desk_close(&desk);
}

static void two_records_on_a_slide_are_both_named(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    desk_open(&desk, "# {{ flash.n512.time }} beside {{ xlash.n512.time }}\n");
    desk_make_record(&desk.other);
    desk.record_count = 2;
    for (size_t i = 0; i < desk.other.case_count; i++)
        desk.other.cases[i].key[0] = 'x';
    free(desk.other.machine.cpu_name);
    desk.other.machine.cpu_name = strdup("Another(TM) Processor");
    for (size_t i = 0; i < desk.other.case_count; i++) {
        desk.other.cases[i].sample_count = 9;
        desk.other.cases[i].threads = 1;
    }
    bind_all(&desk, &binder);
    must_be_clean(&desk.diags);
    struct source_line lines[4];
    assert_int_equal(binder_sources(binder, 0, lines), 1);
    assert_string_equal(lines[0].text, "Example E5" DOT "2 threads" DOT "median of 15" DOT "2026-01-02" DOT "1a2b3c4; "
                                       "Another" DOT "1 thread" DOT "median of 9" DOT "2026-01-02" DOT "1a2b3c4");
    binder_close(binder);
    desk_close(&desk);
}

static void a_device_is_named_without_its_noise(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz", "Intel Xeon Platinum 8481C"},
        {"AMD EPYC 9B14", "AMD EPYC 9B14"},
        {"AMD Ryzen 9 Processor", "AMD Ryzen 9"},
        {"", ""}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct machine machine = {.cpu_name = (char *)names[i][0]};
        char *name = sources_device(&machine);
        assert_string_equal(name, names[i][1]);
        free(name);
    }
}

static void a_series_notes_each_point(void **state)
{
    (void)state;
    struct desk desk;
    struct binder *binder;
    struct value *values;
    double *n;
    size_t count;
    desk_open(&desk, "# A\n");
    assert_int_equal(binder_open(&binder, &desk.deck, desk.records, 1, false, &desk.diags), STATUS_OK);
    assert_int_equal(bind_series(binder, "flash.d64", "time", 0, 3, &values, &n, &count, &desk.diags), STATUS_OK);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        assert_true(n[i] == 512 << i);
        assert_true(values[i].number > 0);
    }
    free(values);
    free(n);
    binder_uses(binder, &count);
    assert_int_equal(count, 4);
    assert_int_not_equal(bind_series(binder, "flsh.d64", "time", 0, 3, &values, &n, &count, &desk.diags), STATUS_OK);
    must_say(&desk.diags, 3, "no record holds this result");
    free(values);
    free(n);
    desk_add_case(&desk.record, "flash", 512, 4, 0.001);
    assert_int_not_equal(bind_series(binder, "flash.d64", "time", 0, 4, &values, &n, &count, &desk.diags), STATUS_OK);
    must_say(&desk.diags, 4, "several results at N 512");
    free(values);
    free(n);
    binder_close(binder);
    desk_close(&desk);
}

static int occurrences(const char *text, const char *words)
{
    int count = 0;
    for (; (text = strstr(text, words)) != NULL; text += strlen(words))
        count++;
    return count;
}

static void explain_lists_every_number(void **state)
{
    (void)state;
    static const char source[] = "---\n"
                                 "let:\n"
                                 "  - {name: fast, is: \"naive.n4096.time / flash.n4096.time\"}\n"
                                 "---\n"
                                 "# {{ fast | x 1 }} and {{ flash.n512.time | ms }}\n\n"
                                 "`{{ not.bound }}` \\{{ nor.this }}\n\n"
                                 "```\n{{ nor.in.code }}\n```\n"
                                 "---\n"
                                 "## Published {{ published.gemini.context | M 0 }}\n\n"
                                 "- {{ naive.n512.stage.softmax.time }}\n"
                                 "- {{ flash.n9.time | else \"not measured\" }}\n\n"
                                 "```chart\n"
                                 "kind: bar\n"
                                 "rows:\n"
                                 "  - {name: naive, value: naive.n2048.time}\n"
                                 "  - {name: flash, value: flash.n2048.time}\n"
                                 "```\n"
                                 "---\n"
                                 "# none here\n";
    struct desk desk;
    desk_open(&desk, source);
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    assert_int_equal(deck_explain(&desk.deck, desk.records, 1, false, stream, &desk.diags), STATUS_OK);
    fclose(stream);
    must_be_clean(&desk.diags);
    assert_int_equal(occurrences(text, "  line "), 7);
    assert_int_equal(occurrences(text, "slide "), 3);
    static const char *const words[] = {"slide 1 of 3 (line 5)",
                                        "{{ fast | x 1 }}",
                                        "fast is naive.n4096.time / flash.n4096.time",
                                        "measured; flash.cpu.f32.causal.n512.d64.h8.b1.t2, median of 15, 99 % interval",
                                        "record made.json, Example(R) CPU E5 @ 2.00GHz, 2026-01-02T03:04:05+00:00, "
                                        "commit 1a2b3c4d5e",
                                        "published: Google 2024",
                                        "not measured",
                                        "no result: the deck's own words are shown",
                                        "naive.n2048.time",
                                        "  no numbers from records or publications"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strstr(text, words[i]))
            fail_msg("explain does not say \"%s\" in:\n%s", words[i], text);
    free(text);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_no_result_is_told_all_at_once),
        cmocka_unit_test(stale_records_are_refused),
        cmocka_unit_test(else_words),
        cmocka_unit_test(source_lines),
        cmocka_unit_test(the_gpu_is_named_where_it_measured),
        cmocka_unit_test(two_records_on_a_slide_are_both_named),
        cmocka_unit_test(a_device_is_named_without_its_noise),
        cmocka_unit_test(a_series_notes_each_point),
        cmocka_unit_test(explain_lists_every_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
