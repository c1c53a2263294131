/* stack.h - parts under each other in a box: texts take what they need, one visual takes what is left. */
#ifndef SLIDES_STACK_H
#define SLIDES_STACK_H

#include "slides/layout.h"

struct stack_part {
    enum { STACK_TEXT, STACK_FLOW, STACK_VISUAL } kind;
    enum text_role role;
    const char *tag;                  /* of a text: "H1", "P" */
    const char *markup;               /* of a text */
    int line;                         /* of a text, in the deck; 0: not the author's */
    const struct content_part *flow;  /* of a flow */
    const struct ready_block *visual; /* of a visual */
    double gap;                       /* over it, unless it is the first */
};

enum { STACK_PARTS = 8 };

struct stack {
    struct stack_part parts[STACK_PARTS];
    size_t count;
    bool cover;  /* an image fills its place to the sides, cut to fit, with round corners */
    bool middle; /* the whole is centred in the box; else it hangs from the top, and a visual stands in the middle of
                    what is left */
};

/* Adds a part; texts and visuals that are NULL, and empty flows, are left out. */
void stack_text(struct stack *stack, enum text_role role, const char *tag, const struct ready_block *block, double gap);
void stack_flow(struct stack *stack, enum text_role role, const struct content_part *part, double gap);
void stack_visual(struct stack *stack, const struct ready_block *visual, double gap);

/* Pixels that are too many (0 or less: it fits). */
double stack_place(const struct stack *stack, const struct sheet *sheet, struct box box, enum pass pass);

/* Words in a column at the left (`share` of the width), the visual at the right. */
double stack_columns(const struct stack *words, const struct ready_block *visual, const struct sheet *sheet,
                     double share, enum pass pass);
/* Words in a column at the left, anything at the right. */
double stack_pair(const struct stack *words, const struct stack *beside, const struct sheet *sheet, double share,
                  enum pass pass);
/* Words at the top of the room, the other stack in what is left under them. */
double stack_under(const struct stack *words, const struct stack *under, double gap, const struct sheet *sheet,
                   enum pass pass);
/* On a wide canvas two columns; else one: words, the slide's visual, and what its author wrote behind it. */
double stack_beside(struct stack *words, double gap, const struct sheet *sheet, double share, enum pass pass);

#endif
