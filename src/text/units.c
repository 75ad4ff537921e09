/*
 * units: normalisation in small pieces. A piece is a character and what may melt into it; it is normalised by itself, so all
 * that comes out of it comes from its bytes. Nearly all pieces are one character that stays as it is.
 *
 *     ﬁ (3 bytes)      → f, i, both from bytes 0 to 3
 *     e, U+0301        → é, from bytes 0 to 3
 */
#include "text/units.h"

#include "base/macros.h"
#include "base/utf8.h"

/* Characters normalised together. Text with more marks on a letter is no writing; it is cut there. */
#define LONGEST_PIECE 32

struct piece {
        uint32_t codes[LONGEST_PIECE];
        uint32_t starts[LONGEST_PIECE + 1];
        size_t len;
        bool may_change;
};

static void push_unit(struct fw_characters *characters, uint32_t code, uint32_t start, uint32_t end, bool verbatim,
                      struct fw_units *ret_units)
{
        uint16_t info = fw_character(characters, code);
        if (fw_character_class(info) == FW_CHAR_IGNORED)
                return;
        uint32_t unified = fw_character_unified(code);
        struct fw_unit unit = {
                .code = unified,
                .start = start,
                .end = end,
                .class = fw_character_class(info),
                .fixed = (info & FW_CHAR_FIXED) != 0,
                .verbatim = verbatim && unified == code,
        };
        fw_vec_push(&ret_units->list, unit);
}

static size_t read_piece(struct fw_characters *characters, struct fw_str text, size_t from, size_t to,
                         struct piece *piece)
{
        piece->len = 0;
        piece->may_change = false;
        size_t at = from;
        for (size_t len; at < to && piece->len < LONGEST_PIECE; at += len) {
                uint32_t code = fw_utf8_decode(text, at, &len);
                uint16_t info = fw_character(characters, code);
                bool attaches = (info & FW_CHAR_ATTACHES) != 0;
                if (piece->len > 0 && !attaches)
                        break;
                piece->may_change |= attaches || fw_character_class(info) == FW_CHAR_COMPLEX;
                piece->codes[piece->len] = code;
                piece->starts[piece->len++] = (uint32_t) at;
        }
        piece->starts[piece->len] = (uint32_t) at;
        return at;
}

static bool is_unchanged(const struct piece *piece, const struct fw_utf16 *normal)
{
        size_t at = 0;
        for (size_t i = 0; i < piece->len; i++)
                if (at >= normal->list.len || fw_utf16_next(normal, &at) != piece->codes[i])
                        return false;
        return at == normal->list.len;
}

static bool normalize_piece(const struct fw_characters *characters, struct fw_folder *folder, const struct piece *piece)
{
        folder->word.list.len = 0;
        for (size_t i = 0; i < piece->len; i++)
                fw_utf16_push(&folder->word, piece->codes[i]);
        fw_normalize(characters->nfkc, &folder->word, &folder->normal);
        return !is_unchanged(piece, &folder->normal);
}

void fw_units_collect(struct fw_characters *characters, struct fw_folder *folder, struct fw_str text, size_t from,
                      size_t to, struct fw_units *ret_units)
{
        struct piece piece;
        for (size_t at = from; at < to;) {
                at = read_piece(characters, text, at, to, &piece);
                if (piece.may_change && normalize_piece(characters, folder, &piece)) {
                        for (size_t i = 0; i < folder->normal.list.len;) {
                                uint32_t code = fw_utf16_next(&folder->normal, &i);
                                push_unit(characters, code, piece.starts[0], (uint32_t) at, false, ret_units);
                        }
                        continue;
                }
                for (size_t i = 0; i < piece.len; i++)
                        push_unit(characters, piece.codes[i], piece.starts[i], piece.starts[i + 1], true, ret_units);
        }
}
