#include "reports/html_text.h"

void html_words(struct text *out, const char *words)
{
    for (const char *at = words; at && *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte == '<')
            text_add(out, "&lt;");
        else if (byte == '>')
            text_add(out, "&gt;");
        else if (byte == '&')
            text_add(out, "&amp;");
        else if (byte == '"')
            text_add(out, "&quot;");
        else if (byte == '\'')
            text_add(out, "&#39;");
        else if ((byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7F)
            text_add(out, "\uFFFD");
        else
            text_add_bytes(out, at, 1);
    }
}
