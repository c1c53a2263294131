/* A thread from any bytes: what it becomes is a deck. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slides/deck.h"
#include "slides/thread/thread.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct thread_options options = {.brand_file = "deck-brand.yml",
                                     .keep_furniture = size > 0 && data[size - 1] % 4 == 0};
    struct thread_deck thread;
    struct deck deck;
    struct diags diags = {0};
    enum status status = thread_read((const char *)data, size, "fuzz.txt", &options, &thread, &diags);
    if ((status == STATUS_OK) != (diags.errors == 0) || (status == STATUS_OK && thread.slides == 0))
        abort();
    if (status == STATUS_OK) {
        if (deck_parse(thread.markdown, strlen(thread.markdown), "fuzz.md", &deck, &diags) != STATUS_OK ||
            deck.slide_count != thread.slides) {
            diags_print(&diags, stderr);
            fprintf(stderr, "%zu slides were made, %zu were read:\n%s", thread.slides, deck.slide_count,
                    thread.markdown);
            abort();
        }
        deck_free(&deck);
    }
    thread_deck_free(&thread);
    diags_free(&diags);
    return 0;
}
