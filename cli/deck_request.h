/* deck_request.h - what `deck` and `run` have in common: a deck, its records, how it should look, where it goes. */
#ifndef CLI_DECK_REQUEST_H
#define CLI_DECK_REQUEST_H

#include "harness/options.h"
#include "harness/record.h"
#include "slides/deck.h"
#include "slides/render.h"

struct deck_request {
    const char *deck;           /* a file, or NULL for the deck that comes with the program */
    struct option_texts paths;  /* of the records */
    const char *out;            /* folder for deck.pdf and slides/ */
    bool allow_outside;         /* the deck and its kit may name files anywhere */
    struct render_options look; /* where to (filled from `out` when empty) and how */
    struct record records[OPTION_TEXTS_MOST];
    const struct record *all[OPTION_TEXTS_MOST];
    struct deck source;
    char *deck_path, *pdf, *slides; /* owned */
    char *theme, *type, *brand;     /* owned: files named on the command line, from this folder and not the deck's */
};

/* Reads deck and records; every fault of both. Close also after a failure. */
enum status deck_request_open(struct deck_request *request, struct diags *diags);
/* PDF and PNGs. */
enum status deck_request_render(struct deck_request *request, struct diags *diags);
/* So that the next rendering chooses its files anew from `out`. */
void deck_request_forget_files(struct deck_request *request);
void deck_request_close(struct deck_request *request);

#endif
