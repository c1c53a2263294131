/* outro_pieces.h - the parts of the last slide, each measured and drawn at a width, centred or from the left. */
#ifndef SLIDES_OUTRO_PIECES_H
#define SLIDES_OUTRO_PIECES_H

#include "slides/outro.h"
#include "slides/sheet.h"

enum piece {
    PIECE_END,
    PIECE_AVATAR, /* in a circle; initials where the kit has no picture */
    PIECE_ICON,   /* the call's, in a circle */
    PIECE_PERSON, /* name and handle under each other */
    PIECE_BIO,
    PIECE_ROW,    /* small avatar, name and handle beside each other */
    PIECE_BUBBLE, /* the heading as somebody says it */
    PIECE_HEADING,
    PIECE_WORDS,
    PIECE_TERMINAL, /* the command */
    PIECE_BUTTON,
    PIECE_ADDRESS,  /* in print */
    PIECE_CARD,     /* QR code, and the address beside it */
    PIECE_OWN_CARD, /* the same, with name and handle in it */
    PIECE_OWN_ROW,  /* the row, where no card holds it */
    PIECE_TOWER,    /* QR code, and the address under it */
    PIECES
};

struct piece_place {
    const struct sheet *sheet;
    const struct outro *outro;
    bool centred;
    double x, width;
    double hero; /* the diameter of avatar and icon */
};

/* 0: there is nothing to show. */
double piece_height(const struct piece_place *place, enum piece piece);
void piece_draw(const struct piece_place *place, enum piece piece, double y);
/* The room between a piece and the one before it. */
double piece_gap(const struct piece_place *place, enum piece piece, enum piece before);

/* Sources and licence, at the foot. */
double foot_height(const struct piece_place *place);
void foot_draw(const struct piece_place *place, double y);

#endif
