#include "slides/directive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

static const char *const names[] = {"_class", "class", "theme", "pattern", "paginate", "_paginate", "header", "footer"};
enum { NAMES = sizeof names / sizeof names[0] };

static bool known(const char *key)
{
    for (size_t i = 0; i < NAMES; i++)
        if (strcmp(names[i], key) == 0)
            return true;
    return false;
}

static bool replace(char **word, const char *by)
{
    free(*word);
    *word = strdup(by);
    return *word != NULL;
}

/* False when out of memory. */
static bool apply(const char *key, const char *value, struct slide *slide, struct running *running)
{
    if (strcmp(key, "theme") == 0)
        return replace(&running->theme, value) && replace(&slide->theme, value);
    if (strcmp(key, "pattern") == 0)
        return replace(&running->pattern, value) && replace(&slide->pattern, value);
    if (strcmp(key, "_class") == 0)
        return replace(&slide->layout, value);
    if (strcmp(key, "paginate") == 0)
        running->paginate = slide->paginate = strcmp(value, "true") == 0;
    else if (strcmp(key, "_paginate") == 0)
        slide->paginate = strcmp(value, "true") == 0;
    return true;
}

enum line_kind { LINE_BLANK, LINE_DIRECTIVE, LINE_WORDS };

/* "key: value"; the key also when it is none that we know. */
static enum line_kind split(const char *line, char key[32], char value[128])
{
    key[0] = '\0';
    size_t length = strcspn(line, "\n");
    if (strspn(line, " \t") >= length)
        return LINE_BLANK;
    if (!memchr(line, ':', length) || sscanf(line, " %31[A-Za-z_] : %127[^\n]", key, value) != 2)
        return LINE_WORDS;
    for (size_t end = strlen(value); end > 0 && (value[end - 1] == ' ' || value[end - 1] == '\t');)
        value[--end] = '\0';
    return known(key) ? LINE_DIRECTIVE : LINE_WORDS;
}

static const char *after_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n');
}

static void warn(const char *key, const char *value, const char *file, int line, struct diags *diags)
{
    char *near = *key && !strchr(value, ' ') ? nearest_sentence(key, names, NAMES, 2) : NULL;
    if (near)
        diags_warn(diags, file, line, near, "'%s' is no directive: taken as a speaker note", key);
    free(near);
}

enum status directives_read(const char *comment, const char *file, int line, struct slide *slide,
                            struct running *running, bool *note, struct diags *diags)
{
    char key[32], value[128];
    bool several = strchr(comment, '\n') != NULL;
    *note = false;
    for (const char *at = comment; *at && !*note; at = after_line(at))
        *note = split(at, key, value) == LINE_WORDS;
    if (*note && !several)
        warn(key, value, file, line, diags);
    for (const char *at = comment; *at && !*note; at = after_line(at))
        if (split(at, key, value) == LINE_DIRECTIVE && !apply(key, value, slide, running)) {
            diags_error(diags, file, line, NULL, "out of memory");
            return STATUS_NO_MEMORY;
        }
    return STATUS_OK;
}
