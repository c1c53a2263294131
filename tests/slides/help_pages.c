#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "help_pages.h"

void lay_out(struct laid_out *out, const char *source, struct pages_look look)
{
    *out = (struct laid_out){0};
    desk_open(&out->desk, source);
    struct desk *desk = &out->desk;
    assert_int_equal(prepare_deck(&desk->deck, desk->records, 1, false, &out->prepared, &desk->diags), STATUS_OK);
    must_be_clean(&desk->diags);
    out->status = pages_open(&out->prepared, &look, &out->pages, &desk->diags);
}

void put_away(struct laid_out *out)
{
    pages_close(&out->pages);
    prepared_free(&out->prepared);
    desk_close(&out->desk);
}

int drawing_make(const char *name)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'><rect width='40' height='30'/></svg>", file);
    fclose(file);
    return 0;
}

int drawing_remove(const char *name)
{
    return unlink(name);
}
