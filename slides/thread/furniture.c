/* furniture.c - what stands around the words of a post on any page: buttons, counts, dates. */
#include <string.h>

#include "slides/thread/lines.h"

static const char *const labels[] = {"follow",
                                     "following",
                                     "unfollow",
                                     "reply",
                                     "replies",
                                     "repost",
                                     "reposts",
                                     "retweet",
                                     "retweets",
                                     "quote",
                                     "quotes",
                                     "quote post",
                                     "like",
                                     "likes",
                                     "share",
                                     "shares",
                                     "bookmark",
                                     "bookmarks",
                                     "view",
                                     "views",
                                     "comment",
                                     "comments",
                                     "send",
                                     "save",
                                     "saved",
                                     "show more",
                                     "read more",
                                     "see more",
                                     "more",
                                     "show less",
                                     "show this thread",
                                     "show replies",
                                     "view replies",
                                     "show thread",
                                     "view thread",
                                     "load more",
                                     "view post engagements",
                                     "view quotes",
                                     "translate post",
                                     "translate",
                                     "see translation",
                                     "show translation",
                                     "copy link",
                                     "copy link to post",
                                     "relevant",
                                     "most relevant",
                                     "sort by",
                                     "sign up",
                                     "log in",
                                     "login",
                                     "sign in",
                                     "subscribe",
                                     "promoted",
                                     "sponsored",
                                     "verified",
                                     "verified account",
                                     "edited",
                                     "image",
                                     "alt",
                                     "gif",
                                     "media",
                                     "video",
                                     "post your reply",
                                     "add a comment",
                                     "write a comment",
                                     "author",
                                     "pinned",
                                     "pinned post",
                                     "thread",
                                     "post",
                                     "conversation",
                                     "connect",
                                     "message",
                                     "1st",
                                     "2nd",
                                     "3rd",
                                     "3rd+",
                                     "report",
                                     "just now",
                                     "yesterday",
                                     "embed",
                                     "download",
                                     "new",
                                     "unroll",
                                     "reactions",
                                     "boost",
                                     "boosts",
                                     "favourites",
                                     "favorites",
                                     "impressions",
                                     "unmute",
                                     "mute"};

static const char *const date_words[] = {
    "jan",     "january", "feb",       "february", "mar",      "march",    "apr",    "april",  "may",
    "jun",     "june",    "jul",       "july",     "aug",      "august",   "sep",    "sept",   "september",
    "oct",     "october", "nov",       "november", "dec",      "december", "mon",    "monday", "tue",
    "tuesday", "wed",     "wednesday", "thu",      "thursday", "fri",      "friday", "sat",    "saturday",
    "sun",     "sunday",  "am",        "pm",       "utc",      "gmt",      "ago",    "now",    "yesterday",
    "today",   "just",    "last",      "edited",   "at",       "on"};

/* Only behind a number: "Day 1" is a heading, "1 day" is none. */
static const char *const units[] = {"h",       "hr",    "hrs",    "hour", "hours", "m",    "min",   "mins",  "minute",
                                    "minutes", "s",     "d",      "day",  "days",  "w",    "wk",    "week",  "weeks",
                                    "mo",      "month", "months", "y",    "yr",    "year", "years", "views", "view"};

static bool listed(struct slice word, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(word, table[i]))
            return true;
    return false;
}

/* Without dots, bars and dashes around it: "· Follow". */
static struct slice bare(struct slice word)
{
    static const char *const edges[] = {"\xc2\xb7", "\xe2\x80\xa2", "\xe2\x80\xa6", "|", ".", ",", ":", "(", ")", "-",
                                        "+"};
    for (bool again = true; again && word.length > 0;) {
        again = false;
        for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
            size_t length = strlen(edges[i]);
            if (word.length >= length && memcmp(word.at, edges[i], length) == 0) {
                word = slice_trimmed(slice_tail(word, word.at + length));
                again = true;
            } else if (word.length >= length && memcmp(slice_end(word) - length, edges[i], length) == 0) {
                word = slice_trimmed(slice_to(word.at, slice_end(word) - length));
                again = true;
            }
        }
    }
    return word;
}

bool furniture_is_label(struct slice words)
{
    return listed(bare(words), labels, sizeof labels / sizeof labels[0]);
}

/* "1.2K", "1,234", "7". *plain: digits alone. */
static bool is_number(struct slice word, bool *plain)
{
    size_t digits = 0, i = 0;
    while (i < word.length && (g_ascii_isdigit(word.at[i]) || strchr(".,", word.at[i])))
        digits += g_ascii_isdigit(word.at[i++]);
    *plain = digits == word.length;
    return digits > 0 && word.length - i <= 1 && (i == word.length || strchr("KMBkmb", word.at[i]));
}

bool furniture_is_count(struct slice words)
{
    struct slice rest = words, word;
    int numbers = 0, named = 0, others = 0;
    bool plain = true, only = true;
    while ((word = next_word(&rest)).length > 0) {
        word = bare(word);
        if (word.length == 0)
            continue;
        bool number = is_number(word, &plain), name = furniture_is_label(word);
        if (numbers == 0 && name) /* "Post 3" counts posts, not likes */
            return false;
        numbers += number;
        only &= number && !plain;
        named += name;
        others += !number && !name;
    }
    return numbers > 0 && others == 0 && (named > 0 || only);
}

/* "3h", "10:32", "2025", "23rd". */
static bool is_moment(struct slice word, bool *clock)
{
    size_t digits = strspn(word.at, "0123456789");
    digits = digits < word.length ? digits : word.length;
    struct slice unit = slice_tail(word, word.at + digits);
    *clock = digits > 0 && unit.length == 3 && unit.at[0] == ':' && g_ascii_isdigit(unit.at[1]);
    return digits > 0 && (unit.length == 0 || *clock || slice_is(unit, "st") || slice_is(unit, "nd") ||
                          slice_is(unit, "rd") || slice_is(unit, "th") || slice_is(unit, "k") || unit.at[0] == '.' ||
                          listed(unit, units, sizeof units / sizeof units[0]));
}

bool furniture_is_date(struct slice words)
{
    struct slice rest = words, word;
    int moments = 0, names = 0, count = 0;
    while ((word = next_word(&rest)).length > 0) {
        bool clock = false;
        word = bare(word);
        if (word.length == 0)
            continue;
        bool name = listed(word, date_words, sizeof date_words / sizeof date_words[0]) ||
                    (moments > 0 && listed(word, units, sizeof units / sizeof units[0]));
        bool moment = !name && is_moment(word, &clock);
        if (!name && !moment)
            return false;
        moments += moment;
        /* A number alone is no date; with its unit at it, it is. */
        names += name || clock || (moment && !g_ascii_isdigit(*(slice_end(word) - 1)));
        count++;
    }
    return moments > 0 && names > 0 && count <= 14;
}
