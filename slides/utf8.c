#include "slides/utf8.h"

int utf8_bad_line(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    int line = 1;
    for (size_t i = 0; i < length;) {
        unsigned char lead = bytes[i];
        size_t more = lead < 0x80                   ? 0
                      : lead >= 0xc2 && lead < 0xe0 ? 1
                      : (lead & 0xf0) == 0xe0       ? 2
                      : lead >= 0xf0 && lead < 0xf5 ? 3
                                                    : 9;
        if (more == 9 || lead == 0 || i + more >= length + (more == 0))
            return line;
        unsigned code = more == 0 ? lead : lead & (0x3f >> more);
        for (size_t k = 1; k <= more; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80)
                return line;
            code = code << 6 | (bytes[i + k] & 0x3f);
        }
        if ((more == 2 && code < 0x800) || (code >= 0xd800 && code < 0xe000) ||
            (more == 3 && (code < 0x10000 || code > 0x10ffff)))
            return line;
        line += lead == '\n';
        i += more + 1;
    }
    return 0;
}
