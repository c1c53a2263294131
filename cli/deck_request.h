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
    const char *formats;        /* "pdf,png", or NULL */
    bool time;                  /* say where the time went */
    bool allow_outside;         /* the deck and its kit may name files anywhere */
    struct render_options look; /* where to (filled from `out` when empty) and how */
    struct record records[OPTION_TEXTS_MOST];
    const struct record *all[OPTION_TEXTS_MOST];
    char *found[OPTION_TEXTS_MOST]; /* owned: paths of records that were named "recorded" */
    struct deck source;
    char *deck_path, *pdf, *slides; /* owned */
    char *theme, *type, *brand;     /* owned: files named on the command line, from this folder and not the deck's */
    double load;                    /* seconds that reading took */
    struct render_times times;      /* of the last rendering */
};

/* The flags that all verbs share, for a table of the verb's own: returns how many were filled. */
enum { DECK_REQUEST_OPTIONS = 12 };
size_t deck_request_options(struct deck_request *request, struct option options[DECK_REQUEST_OPTIONS]);
/* The deck that the rest of the command line names, at most one; without --record: out/record.json where it is. */
enum status deck_request_take(struct deck_request *request, const char *const *rest, size_t count, struct diags *diags);

/* Where the deck is: request->deck_path. Called by deck_request_open as well. */
enum status deck_request_find(struct deck_request *request, struct diags *diags);
/* Reads deck and records; every fault of both. Close also after a failure. */
enum status deck_request_open(struct deck_request *request, struct diags *diags);
/* The deck anew; `records`: these too. */
enum status deck_request_again(struct deck_request *request, bool records, struct diags *diags);
/* In the formats of the request; PDF and PNGs when it names none. */
enum status deck_request_render(struct deck_request *request, struct diags *diags);
/* What was written, and with --time where the time went. */
void deck_request_print(const struct deck_request *request);
/* So that the next rendering chooses its files anew from `out`. */
void deck_request_forget_files(struct deck_request *request);
void deck_request_close(struct deck_request *request);

#endif
