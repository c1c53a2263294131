/* A deck from any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slides/deck.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct deck deck;
    struct diags diags = {0};
    enum status status = deck_parse((const char *)data, size, "fuzz.md", &deck, &diags);
    if ((status == STATUS_OK) != (diags.errors == 0) || (status == STATUS_OK && deck.slide_count == 0))
        abort();
    deck_free(&deck);
    diags_free(&diags);
    return 0;
}
