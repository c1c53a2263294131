/* deck.h - a deck as its author wrote it: front matter, slides, blocks. Parsing only: nothing is bound, looked
 * up or drawn here.
 *
 * The source is Markdown, a subset that Marp editors preview: front matter (YAML between --- lines), `---`
 * between slides, `<!-- _class: NAME -->` for one slide's layout, `<!-- key: value -->` from here on (theme,
 * paginate, header, footer, pattern), `![alt](file)` and `![bg](file)`, other HTML comments are speaker notes. */
#ifndef SLIDES_DECK_H
#define SLIDES_DECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/status.h"

enum block_kind {
    BLOCK_HEADING, /* level 1 or 2: the slide's claim; 3: a column's or a row's name */
    BLOCK_PARAGRAPH,
    BLOCK_ITEM, /* of a list; `level` is its number in an ordered list, 0 in a bulleted one; `depth` how deep */
    BLOCK_QUOTE,
    BLOCK_CODE,   /* a fence: `info` its language */
    BLOCK_CHART,  /* ```chart  : body is YAML (picture.h) */
    BLOCK_FIGURE, /* ```figure : body is YAML (picture.h) */
    BLOCK_IMAGE,  /* `info` the file as written, `text` the alt text, level 1 for ![bg] */
    BLOCK_TABLE   /* `text`: cells end in a tab, rows in a newline, the head first; `info`: a letter a column, how it
                     was aligned: l, c, r or - */
};

struct block {
    enum block_kind kind;
    int level;
    int depth;  /* of an item: 0 in the outermost list */
    int line;   /* in the file, 1-based */
    char *text; /* Pango markup (b, i, tt, s) and links: <a href="ESCAPED">words</a>, which escape_links turns into
                   underlined words for Pango; bindings still literal {{ ... }} */
    char *info; /* see kind; may be NULL */
    char *body; /* fences: as written, bindings literal; else NULL */
};

struct slide {
    int line;
    char *layout;  /* of _class: "hook"; NULL: chosen from the blocks (layout.h) */
    char *theme;   /* NULL: the deck's */
    char *pattern; /* NULL: the layout's */
    bool paginate;
    char *notes; /* speaker notes, or NULL */
    struct block *blocks;
    size_t block_count;
};

/* `let:` of the front matter: names for expressions. */
struct deck_name {
    char *name, *expression;
    int line;
};

struct deck {
    char *file;                                /* as given */
    char *folder;                              /* of the file: images and brands are looked up from here */
    char *title, *description, *author, *lang; /* lang: BCP 47, "en" when not given */
    char *size;                                /* "4:5", a canvas's name or WxH; NULL: the default */
    char *theme, *type, *brand;                /* NULL: defaults */
    char *text_size;                           /* S, M, L or XL; NULL: M */
    char *pattern;                             /* pattern.h; NULL: the kit's or the theme's */
    char *licence, *url;                       /* of the deck, for the outro; or NULL */
    bool allow_outside; /* set by who trusts its author: files may be named that do not lie beside the deck */
    bool paginate;
    struct deck_name *names;
    size_t name_count;
    struct slide *slides;
    size_t slide_count;
};

/* Every fault at once with file and line (unclosed fence or front matter, unknown keys with the nearest
 * ones, no slides, not UTF-8, over 4 MiB, over 300 slides). On failure the deck is empty. */
enum status deck_read(const char *path, struct deck *deck, struct diags *diags);
enum status deck_parse(const char *bytes, size_t length, const char *name, struct deck *deck, struct diags *diags);
void deck_free(struct deck *deck);

#endif
