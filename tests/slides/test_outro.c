/* The last slide: every call on every shape, what the slide says before what its call says, and what it all rests on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/data_path.h"
#include "help_pages.h"
#include "slides/credits.h"
#include "slides/outro.h"

static const struct outro *outro_of(const struct laid_out *out)
{
    return out->pages.items[out->pages.count - 1].outro;
}

/* With its own words or the author's, with and without a QR code: nothing is too high or too wide. */
static void every_call_on_every_shape(void **state)
{
    (void)state;
    static const char *const sizes[] = {"4:5", "1:1", "9:16", "16:9", "x-small", "pinterest"};
    static const char *const bodies[] = {
        "", "# A claim of the author's own\n\nOne sentence that says why.\n\n**Do it now**\n\n`example.org/a/page`\n"};
    static const char *const heroes[] = {"follow", "comment", "save", "share", "repository", "command"};
    size_t count;
    char **names = data_names("slides/calls", ".yml", &count);
    assert_true(count >= 6);
    for (size_t i = 0; i < 6; i++) {
        bool found = false;
        for (size_t n = 0; n < count; n++)
            found |= strcmp(names[n], heroes[i]) == 0;
        assert_true(found);
    }
    for (size_t n = 0; n < count; n++)
        for (size_t s = 0; s < 6; s++)
            for (int qr = 0; qr < 2; qr++)
                for (int b = 0; b < 2; b++) {
                    char source[600];
                    struct laid_out out;
                    snprintf(source, sizeof source,
                             "---\nurl: example.org/deck\n---\n# A\n\n---\n<!-- _class: outro %s%s -->\n%s", names[n],
                             qr ? " qr" : "", bodies[b]);
                    lay_out(&out, source, (struct pages_look){.size = sizes[s], .brand = "kiln"});
                    if (out.status != STATUS_OK)
                        fprintf(stderr, "%s%s on %s\n", names[n], qr ? " qr" : "", sizes[s]);
                    must_be_clean(&out.desk.diags);
                    assert_int_equal(outro_of(&out)->qr != NULL, qr);
                    put_away(&out);
                }
    data_names_free(names, count);
}

static void the_slide_speaks_before_its_call(void **state)
{
    (void)state;
    struct laid_out out;
    lay_out(&out, "# A\n\n---\n<!-- _class: outro follow -->\n", (struct pages_look){.brand = "kiln"});
    must_be_clean(&out.desk.diags);
    assert_string_equal(outro_of(&out)->heading.markup, "More of this, every week");
    assert_string_equal(outro_of(&out)->button.markup, "Follow @kiln.studio"); /* the kit's handle */
    assert_string_equal(outro_of(&out)->address.markup, "<tt>kiln.example</tt>");
    assert_string_equal(outro_of(&out)->url, "https://kiln.example");
    put_away(&out);
    lay_out(&out,
            "---\nurl: \"https://www.example.org/deck/\"\n---\n# A\n\n---\n<!-- _class: outro follow -->\n# "
            "Mine\n\nwords\n\n"
            "**Go & see**\n",
            (struct pages_look){0});
    must_be_clean(&out.desk.diags);
    assert_string_equal(outro_of(&out)->heading.markup, "Mine");
    assert_string_equal(outro_of(&out)->button.markup, "<b>Go &amp; see</b>");
    assert_int_equal(outro_of(&out)->word_count, 1);
    assert_string_equal(outro_of(&out)->address.markup, "<tt>example.org/deck</tt>"); /* as it is said */
    assert_string_equal(outro_of(&out)->url, "https://www.example.org/deck/");        /* as it is opened */
    put_away(&out);
    lay_out(&out, "# A\n\n---\n<!-- _class: outro command -->\n# Mine\n\n`make run`\n\n`example.org/b`\n",
            (struct pages_look){0});
    must_be_clean(&out.desk.diags);
    assert_string_equal(outro_of(&out)->command.markup, "<tt>make run</tt>");
    assert_string_equal(outro_of(&out)->url, "https://example.org/b");
    put_away(&out);
}

static void the_kit_has_a_say(void **state)
{
    (void)state;
    struct laid_out out;
    lay_out(&out, "# A\n\n---\n<!-- _class: outro -->\n# B\n", (struct pages_look){.brand = "northlight"});
    must_be_clean(&out.desk.diags);
    assert_string_equal(outro_of(&out)->call.name, "repository");
    assert_non_null(outro_of(&out)->qr);
    assert_non_null(strstr(outro_of(&out)->licence.markup, "CC BY 4.0"));
    put_away(&out);
    lay_out(&out, "---\nlicence: CC0 1.0\n---\n# A\n\n---\n<!-- _class: outro save noqr -->\n# B\n",
            (struct pages_look){.brand = "northlight"});
    must_be_clean(&out.desk.diags);
    assert_string_equal(outro_of(&out)->call.name, "save");
    assert_null(outro_of(&out)->qr);
    assert_non_null(strstr(outro_of(&out)->licence.markup, "CC0 1.0")); /* the deck's before the kit's */
    put_away(&out);
}

static int times_in(const char *words, const char *piece)
{
    int count = 0;
    for (const char *at = words; (at = strstr(at, piece)) != NULL; at += strlen(piece))
        count++;
    return count;
}

static const char numbers[] =
    "# {{ naive.n4096.time / flash.n4096.time | x 1 }}\n\n{{ published.gemini.context | tokens }} and "
    "{{ published.gpt4.context | tokens }}\n\n---\n<!-- _class: claim -->\n# {{ published.gpt35.context | tokens }}\n\n"
    "{{ flash.n512.time }} beside {{ machine.cpu }}, {{ flash.n7.time | else \"not measured\" }}\n\n---\n"
    "<!-- _class: outro save -->\n# B\n";

static void sources_of_the_whole_deck(void **state)
{
    (void)state;
    struct laid_out out;
    lay_out(&out, numbers, (struct pages_look){0});
    must_be_clean(&out.desk.diags);
    const char *credits = outro_of(&out)->credits.markup;
    assert_non_null(credits);
    assert_int_equal(times_in(credits, "Example E5, 2026-01-02, 1a2b3c4"), 1); /* once, however many numbers */
    assert_int_equal(times_in(credits, "Google\xc2\xa0"
                                       "2024"),
                     1);
    assert_int_equal(times_in(credits, "OpenAI\xc2\xa0"
                                       "2023"),
                     1); /* two figures, one source */
    assert_non_null(strstr(outro_of(&out)->credits_short.markup, "1 record and 2 publications"));
    struct credits all = credits_gather(out.prepared.binder);
    assert_int_equal(all.count, 2);
    assert_non_null(strstr(all.references[0], "arXiv 2403.05530"));
    assert_non_null(strstr(all.references[1], "OpenAI"));
    credits_free(&all);
    put_away(&out);
    lay_out(&out, "# A\n\n---\n<!-- _class: outro save -->\n# B\n", (struct pages_look){0});
    assert_null(outro_of(&out)->credits.markup); /* no numbers, no sources */
    put_away(&out);
}

static void faults(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        int line;
        const char *what, *remedy;
    } cases[] = {
        {"# A\n\n---\n<!-- _class: outro folow -->\n# B\n", 4, "there is no call 'folow'", "follow"},
        {"# A\n\n---\n<!-- _class: outro ../../x.yml -->\n# B\n", 4, "this path leaves the folder", NULL},
        {"# A\n\n---\n<!-- _class: claim follow -->\n# B\n", 4, "the layout 'claim' knows nothing of 'follow'",
         "outro"},
        {"# A\n\n---\n<!-- _class: outro -->\n", -1, "slide 2 is empty", NULL},
        {"# A\n\n---\n<!-- _class: outro save qr -->\n# B\n\n`example.org/%s`\n", 7,
         "an address of 140 characters does not fit a QR code", "shorter"},
    };
    char *path = repeated("", "0123456789abcd/", 8);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk = {0};
        struct prepared prepared = {0};
        struct pages pages = {0};
        struct pages_look look = {0};
        char source[600];
        snprintf(source, sizeof source, cases[i].source, path);
        desk_open(&desk, "# A\n");
        deck_free(&desk.deck);
        enum status status = deck_parse(source, strlen(source), "deck.md", &desk.deck, &desk.diags);
        if (status == STATUS_OK) {
            assert_int_equal(prepare_deck(&desk.deck, desk.records, 1, false, &prepared, &desk.diags), STATUS_OK);
            status = pages_open(&prepared, &look, &pages, &desk.diags);
        }
        assert_int_equal(status, STATUS_BAD_INPUT);
        must_say(&desk.diags, cases[i].line < 0 ? -1 : cases[i].line, cases[i].what);
        if (cases[i].remedy)
            must_say(&desk.diags, -1, cases[i].remedy);
        pages_close(&pages);
        prepared_free(&prepared);
        desk_close(&desk);
    }
    free(path);
}

/* What does not fit is told by how much, never drawn over the foot. */
static void too_much_is_told(void **state)
{
    (void)state;
    static const char *const sizes[] = {"1:1", "reels", "16:9"};
    char *words = repeated("", "sentences of words ", 18);
    for (size_t i = 0; i < 3; i++) {
        struct text source = {0};
        struct laid_out out;
        text_format(&source,
                    "# A\n\n---\n<!-- _class: outro save qr -->\n# A heading that goes on and on, line after line, for "
                    "as long as there is room, and then for one line more\n\n%s\n",
                    words);
        lay_out(&out, source.bytes, (struct pages_look){.size = sizes[i], .brand = "kiln"});
        assert_int_equal(out.status, STATUS_BAD_INPUT);
        must_say(&out.desk.diags, -1, "slide 2: its content is ");
        put_away(&out);
        text_free(&source);
    }
    free(words);
}

/* Module by module and with its quiet zone, on every unit: whole pixels, never below the floor. */
static void a_code_keeps_its_floors(void **state)
{
    (void)state;
    static const double units[] = {0.2, 0.625, 1, 2.5};
    struct diags diags = {0};
    struct qr *qr;
    struct style style = {0};
    assert_int_equal(qr_make("https://example.org/flashdeck", "a.md", 1, &qr, &diags), STATUS_OK);
    for (size_t i = 0; i < 4; i++) {
        style.unit = units[i];
        struct paint paint = {.style = &style};
        double side = qr_side(qr, &paint, 264 * units[i]), modules = 29 + 8; /* version 3 */
        assert_true(side >= modules * 6 * units[i] - 1e-9);
        assert_true(side / modules == (int)(side / modules));
    }
    qr_free(qr);
    assert_int_equal(qr_make("", "a.md", 1, &qr, &diags), STATUS_BAD_INPUT);
    assert_null(qr);
    diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_on_every_shape),
        cmocka_unit_test(the_slide_speaks_before_its_call),
        cmocka_unit_test(the_kit_has_a_say),
        cmocka_unit_test(sources_of_the_whole_deck),
        cmocka_unit_test(faults),
        cmocka_unit_test(too_much_is_told),
        cmocka_unit_test(a_code_keeps_its_floors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
