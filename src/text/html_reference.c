/*
 * html_reference: character references of HTML (§13.2.5.72 to 80).
 */
#include "text/html.h"

#include <string.h>

#include "base/macros.h"
#include "base/utf8.h"

struct named_reference {
        const char *name; /* without '&'; the older ones stand twice, with and without ';' */
        uint32_t codes[2];
};

static const struct named_reference NAMED[] = {
#define NAME(name, first, second) { name, { first, second } },
#include "text/html_references.inc"
#undef NAME
};

/* What numbers of the C1 controls stand for: windows-1252, as the standard's table has it. 0: the control itself. */
static const uint16_t WINDOWS_1252[32] = {
        0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static bool is_alphanumeric(char c)
{
        return fw_is_alpha(c) || fw_is_digit(c);
}

static uint32_t numeric_value(uint32_t number)
{
        if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF))
                return FW_REPLACEMENT;
        if (number >= 0x80 && number <= 0x9F && WINDOWS_1252[number - 0x80] != 0)
                return WINDOWS_1252[number - 0x80];
        return number;
}

static int digit_value(char c, bool hexadecimal)
{
        if (fw_is_digit(c))
                return c - '0';
        char lower = fw_lower(c);
        if (hexadecimal && lower >= 'a' && lower <= 'f')
                return lower - 'a' + 10;
        return -1;
}

static size_t decode_numeric(struct fw_str html, size_t offset, uint32_t ret_codes[2])
{
        size_t at = offset + 2;
        bool hexadecimal = at < html.len && fw_lower(html.p[at]) == 'x';
        if (hexadecimal)
                at++;
        size_t digits = at;
        uint32_t number = 0;
        for (; at < html.len; at++) {
                int digit = digit_value(html.p[at], hexadecimal);
                if (digit < 0)
                        break;
                if (number <= 0x10FFFF) /* beyond it stays beyond, and cannot overflow */
                        number = number * (hexadecimal ? 16 : 10) + (uint32_t) digit;
        }
        if (at == digits)
                return 0;
        if (at < html.len && html.p[at] == ';')
                at++;
        ret_codes[0] = numeric_value(number);
        ret_codes[1] = 0;
        return at - offset;
}

/* Moves [*from, *to) to the names that have `c` at `depth`; all of them agree on what stands before it. */
static void narrow(size_t *from, size_t *to, size_t depth, char c)
{
        size_t low = *from, high = *to;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (NAMED[middle].name[depth] < c)
                        low = middle + 1;
                else
                        high = middle;
        }
        *from = low;
        high = *to;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (NAMED[middle].name[depth] <= c)
                        low = middle + 1;
                else
                        high = middle;
        }
        *to = low;
}

static size_t decode_named(struct fw_str html, size_t offset, bool in_attribute, uint32_t ret_codes[2])
{
        struct fw_str rest = fw_str_slice(html, offset + 1, html.len);
        const struct named_reference *longest = NULL;
        size_t longest_len = 0;
        size_t from = 0, to = FW_ARRAY_LEN(NAMED);
        for (size_t depth = 0; depth < rest.len; depth++) {
                if (!is_alphanumeric(rest.p[depth]) && rest.p[depth] != ';')
                        break;
                narrow(&from, &to, depth, rest.p[depth]);
                if (from == to)
                        break;
                if (NAMED[from].name[depth + 1] == '\0') { /* a name sorts before those that it begins */
                        longest = &NAMED[from];
                        longest_len = depth + 1;
                }
        }
        if (!longest)
                return 0;
        if (in_attribute && rest.p[longest_len - 1] != ';' && longest_len < rest.len &&
            (rest.p[longest_len] == '=' || is_alphanumeric(rest.p[longest_len])))
                return 0;
        memcpy(ret_codes, longest->codes, sizeof(longest->codes));
        return longest_len + 1;
}

size_t fw_html_decode_reference(struct fw_str html, size_t offset, bool in_attribute, uint32_t ret_codes[2])
{
        if (offset + 1 >= html.len)
                return 0;
        if (html.p[offset + 1] == '#')
                return decode_numeric(html, offset, ret_codes);
        return decode_named(html, offset, in_attribute, ret_codes);
}
