#include "base/utf8.h"

#include <errno.h>

/* The Unicode standard, table 3-7: how many bytes a first byte asks for, and what the second one may be. */
static size_t expected_len(uint8_t first, uint8_t *ret_low, uint8_t *ret_high)
{
        *ret_low = 0x80;
        *ret_high = 0xBF;
        if (first < 0x80)
                return 1;
        if (first < 0xC2 || first > 0xF4)
                return 0;
        if (first < 0xE0)
                return 2;
        if (first == 0xE0)
                *ret_low = 0xA0;
        else if (first == 0xED)
                *ret_high = 0x9F;
        else if (first == 0xF0)
                *ret_low = 0x90;
        else if (first == 0xF4)
                *ret_high = 0x8F;
        return first < 0xF0 ? 3 : 4;
}

uint32_t fw_utf8_decode(struct fw_str s, size_t offset, size_t *ret_len)
{
        const uint8_t *p = (const uint8_t *) s.p + offset;
        size_t left = s.len - offset;
        uint8_t low, high;
        size_t len = expected_len(p[0], &low, &high);
        *ret_len = 1;
        if (len <= 1)
                return len == 1 ? p[0] : FW_REPLACEMENT;

        uint32_t code = p[0] & (0x7Fu >> len);
        for (size_t i = 1; i < len; i++) {
                if (i >= left || p[i] < low || p[i] > high) {
                        *ret_len = i;
                        return FW_REPLACEMENT;
                }
                code = code << 6 | (p[i] & 0x3Fu);
                low = 0x80;
                high = 0xBF;
        }
        *ret_len = len;
        return code;
}

size_t fw_utf8_encode(uint32_t code, char out[4])
{
        if (code < 0x80) {
                out[0] = (char) code;
                return 1;
        }
        size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        for (size_t i = len - 1; i > 0; i--, code >>= 6)
                out[i] = (char) (0x80 | (code & 0x3F));
        out[0] = (char) ((0xF00u >> len & 0xFF) | code);
        return len;
}

/* Whether the code point at `offset` is well-formed; its length, or that of the wrong bytes, in `*ret_len`. */
static bool well_formed_at(struct fw_str s, size_t offset, size_t *ret_len)
{
        /* a real U+FFFD has three bytes, and its second one is no prefix of anything else */
        uint32_t code = fw_utf8_decode(s, offset, ret_len);
        return code != FW_REPLACEMENT || (*ret_len == 3 && (uint8_t) s.p[offset] == 0xEF);
}

/* The first byte at or after `offset` that is not well-formed, or the end. */
static size_t skip_well_formed(struct fw_str s, size_t offset)
{
        size_t len;
        while (offset < s.len) {
                if ((uint8_t) s.p[offset] < 0x80)
                        len = 1;
                else if (!well_formed_at(s, offset, &len))
                        break;
                offset += len;
        }
        return offset;
}

bool fw_utf8_valid(struct fw_str s)
{
        return skip_well_formed(s, 0) == s.len;
}

int fw_utf8_append_repaired(struct fw_buf *buf, struct fw_str s)
{
        if (fw_buf_reserve(buf, s.len) < 0)
                return buf->error;
        for (size_t at = 0; at < s.len;) {
                size_t end = skip_well_formed(s, at);
                (void) fw_buf_append(buf, fw_str_slice(s, at, end));
                at = end;
                if (at < s.len) {
                        size_t len;
                        (void) fw_utf8_decode(s, at, &len);
                        (void) fw_buf_append(buf, FW_STR("\xEF\xBF\xBD"));
                        at += len;
                }
        }
        return buf->error;
}

bool fw_code_acts(uint32_t code)
{
        return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || (code >= 0x200E && code <= 0x200F) ||
               (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

static void append_escape(struct fw_buf *buf, uint32_t code)
{
        switch (code) {
        case '\n':
                (void) fw_buf_append_c(buf, "\\n");
                break;
        case '\r':
                (void) fw_buf_append_c(buf, "\\r");
                break;
        case '\t':
                (void) fw_buf_append_c(buf, "\\t");
                break;
        default:
                (void) fw_buf_printf(buf, code < 0x80 ? "\\x%02x" : "\\u%04x", code);
        }
}

/* Of what acts, what has no looks: neither a control nor the end of a line. */
static bool is_invisible(uint32_t code)
{
        return fw_code_acts(code) && code > 0x9F && code != 0x2028 && code != 0x2029;
}

static int append_harmless(struct fw_buf *buf, struct fw_str s, bool escape_invisible)
{
        size_t len;
        for (size_t at = 0; at < s.len; at += len) {
                uint32_t code = fw_utf8_decode(s, at, &len);
                if (!well_formed_at(s, at, &len))
                        for (size_t i = 0; i < len; i++)
                                (void) fw_buf_printf(buf, "\\x%02x", (uint8_t) s.p[at + i]);
                else if (!fw_code_acts(code))
                        (void) fw_buf_append(buf, fw_str_slice(s, at, at + len));
                else if (escape_invisible || !is_invisible(code))
                        append_escape(buf, code);
        }
        return buf->error;
}

int fw_utf8_append_escaped(struct fw_buf *buf, struct fw_str s)
{
        return append_harmless(buf, s, true);
}

int fw_utf8_append_displayed(struct fw_buf *buf, struct fw_str s)
{
        return append_harmless(buf, s, false);
}

struct fw_str fw_utf8_cut(struct fw_str s, size_t max_bytes)
{
        if (s.len <= max_bytes)
                return s;
        size_t end = max_bytes;
        for (unsigned back = 0; back < 3 && end > 0 && ((uint8_t) s.p[end] & 0xC0) == 0x80; back++)
                end--;
        size_t len;
        (void) fw_utf8_decode(s, end, &len);
        return fw_str_slice(s, 0, end + len > max_bytes ? end : max_bytes);
}

size_t fw_utf8_width(struct fw_str s)
{
        size_t width = 0, len;
        for (size_t at = 0; at < s.len; at += len)
                width += fw_code_width(fw_utf8_decode(s, at, &len));
        return width;
}
