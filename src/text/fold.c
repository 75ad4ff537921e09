/*
 * fold: case and accents off.
 *
 *     Zürich’s   cased  Zürich   accented  zürich   folded  zurich
 *
 * Accents are the non-spacing and enclosing marks of the canonical decomposition behind a letter of a script that lets them
 * go; a letter that does not decompose (ø, ł, đ, ı) stays.
 */
#include "text/fold.h"

#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include "base/utf8.h"

void fw_folder_done(struct fw_folder *folder)
{
        fw_vec_done(&folder->word.list);
        fw_vec_done(&folder->normal.list);
        fw_vec_done(&folder->other.list);
}

void fw_utf16_push(struct fw_utf16 *text, uint32_t code)
{
        fw_vec_reserve(&text->list, 2);
        U16_APPEND_UNSAFE(text->list.p, text->list.len, (UChar32) code);
}

uint32_t fw_utf16_next(const struct fw_utf16 *text, size_t *at)
{
        UChar unit = text->list.p[(*at)++];
        if (!U16_IS_SURROGATE(unit))
                return unit;
        if (!U16_IS_SURROGATE_LEAD(unit) || *at == text->list.len || !U16_IS_TRAIL(text->list.p[*at]))
                return FW_REPLACEMENT;
        UChar trail = text->list.p[(*at)++];
        return (((uint32_t) unit - 0xD800) << 10) + ((uint32_t) trail - 0xDC00) + 0x10000;
}

void fw_normalize(const UNormalizer2 *normalizer, const struct fw_utf16 *from, struct fw_utf16 *to)
{
        to->list.len = 0;
        fw_vec_reserve(&to->list, from->list.len + 8);
        for (;;) {
                UErrorCode status = U_ZERO_ERROR;
                int32_t length = unorm2_normalize(normalizer, from->list.p, (int32_t) from->list.len, to->list.p,
                                                  (int32_t) to->list.cap, &status);
                if (status != U_BUFFER_OVERFLOW_ERROR) {
                        to->list.len = U_SUCCESS(status) ? (size_t) length : 0;
                        return;
                }
                fw_vec_reserve(&to->list, (size_t) length);
        }
}

static struct fw_str to_utf8(const struct fw_utf16 *text, struct fw_arena *arena)
{
        char *bytes = fw_arena_alloc(arena, text->list.len * 3);
        size_t len = 0;
        for (size_t i = 0; i < text->list.len;) {
                uint32_t code = fw_utf16_next(text, &i);
                len += fw_utf8_encode(code, bytes + len);
        }
        return fw_str_n(bytes, len);
}

/* Drops the marks that are accents, in decomposed text. Returns false if there was none. */
static bool drop_accents(struct fw_utf16 *text)
{
        size_t kept = 0;
        bool sheds = false;
        for (size_t i = 0; i < text->list.len;) {
                size_t from = i;
                uint32_t code = fw_utf16_next(text, &i);
                uint32_t category = U_GET_GC_MASK((UChar32) code);
                if (!(category & U_GC_M_MASK))
                        sheds = fw_character_sheds_accents(code);
                else if (sheds && (category & (U_GC_MN_MASK | U_GC_ME_MASK)))
                        continue;
                while (from < i)
                        text->list.p[kept++] = text->list.p[from++];
        }
        bool dropped = kept < text->list.len;
        text->list.len = kept;
        return dropped;
}

/* `accented` and its UTF-8 form without accents. */
static struct fw_str without_accents(struct fw_folder *folder, const struct fw_characters *characters,
                                     const struct fw_utf16 *accented, struct fw_str accented_utf8,
                                     struct fw_arena *arena)
{
        fw_normalize(characters->nfd, accented, &folder->other);
        if (!drop_accents(&folder->other))
                return accented_utf8;
        fw_normalize(characters->nfc, &folder->other, &folder->word);
        return to_utf8(&folder->word, arena);
}

static struct fw_forms fold_ascii(const struct fw_units *word, struct fw_arena *arena)
{
        size_t len = word->list.len;
        char *cased = fw_arena_alloc(arena, 2 * len);
        char *folded = cased + len;
        for (size_t i = 0; i < len; i++) {
                cased[i] = (char) word->list.p[i].code;
                folded[i] = fw_lower(cased[i]);
        }
        return (struct fw_forms){ fw_str_n(cased, len), fw_str_n(folded, len), fw_str_n(folded, len) };
}

struct fw_forms fw_fold_characters(struct fw_folder *folder, const struct fw_characters *characters,
                                   const struct fw_units *word, struct fw_arena *arena)
{
        uint32_t all = 0;
        folder->word.list.len = 0;
        for (size_t i = 0; i < word->list.len; i++) {
                all |= word->list.p[i].code;
                fw_utf16_push(&folder->word, word->list.p[i].code);
        }
        if (all < 0x80)
                return fold_ascii(word, arena);
        struct fw_forms forms;
        forms.cased = to_utf8(&folder->word, arena);
        fw_normalize(characters->nfkc_casefold, &folder->word, &folder->normal);
        forms.accented = to_utf8(&folder->normal, arena);
        forms.folded = without_accents(folder, characters, &folder->normal, forms.accented, arena);
        return forms;
}

struct fw_str fw_fold_accents(struct fw_folder *folder, const struct fw_characters *characters, struct fw_str text,
                              struct fw_arena *arena)
{
        folder->normal.list.len = 0;
        for (size_t i = 0, len; i < text.len; i += len)
                fw_utf16_push(&folder->normal, fw_utf8_decode(text, i, &len));
        return without_accents(folder, characters, &folder->normal, text, arena);
}
