#include "feed/base64.h"

#include "base/utf8.h"

static int value_of(char c)
{
        if (c >= 'A' && c <= 'Z')
                return c - 'A';
        if (c >= 'a' && c <= 'z')
                return c - 'a' + 26;
        if (fw_is_digit(c))
                return c - '0' + 52;
        return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static bool is_text(struct fw_str bytes)
{
        for (size_t i = 0; i < bytes.len; i++)
                if ((unsigned char) bytes.p[i] < ' ' && !fw_is_space(bytes.p[i]))
                        return false;
        return fw_utf8_valid(bytes);
}

struct fw_str fw_base64_decode(struct fw_str text, struct fw_arena *arena)
{
        char *out = fw_arena_alloc(arena, text.len / 4 * 3 + 4);
        size_t len = 0;
        uint32_t bits = 0;
        unsigned bits_len = 0;
        for (size_t i = 0; i < text.len && text.p[i] != '='; i++) {
                int value = value_of(text.p[i]);
                if (value < 0)
                        continue;
                bits = (bits << 6 | (uint32_t) value) & 0xFFFFFF;
                bits_len += 6;
                if (bits_len < 8)
                        continue;
                bits_len -= 8;
                out[len++] = (char) (bits >> bits_len & 0xFF);
        }
        struct fw_str decoded = fw_str_n(out, len);
        return is_text(decoded) ? decoded : FW_STR_NONE;
}
