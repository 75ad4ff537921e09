#include "text/characters.h"

#include <stdbool.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

#include "base/alloc.h"

#define TATWEEL         0x0640
#define NKO_LAJANYALAN  0x07FA
#define SERVICE_MARK    0x2120
#define TRADE_MARK      0x2122
#define ARABIC_THOUSAND 0x066C

static const UNormalizer2 *must_have(const UNormalizer2 *normalizer)
{
        if (!normalizer) /* ICU found no memory for its data */
                fw_out_of_memory(0);
        return normalizer;
}

void fw_characters_init(struct fw_characters *characters)
{
        UErrorCode status = U_ZERO_ERROR;
        characters->nfkc = must_have(unorm2_getNFKCInstance(&status));
        characters->nfkc_casefold = must_have(unorm2_getNFKCCasefoldInstance(&status));
        characters->nfd = must_have(unorm2_getNFDInstance(&status));
        characters->nfc = must_have(unorm2_getNFCInstance(&status));
}

uint32_t fw_character_unified(uint32_t code)
{
        switch (code) {
        case 0x2018: /* left and right single quotation mark */
        case 0x2019:
        case 0x02BC: /* modifier letter apostrophe */
        case 0xFF07: /* full-width apostrophe */
        case 0x05F3: /* Hebrew geresh */
                return '\'';
        case 0x05F4: /* Hebrew gershayim */
                return '"';
        default:
                return code;
        }
}

bool fw_character_is_latin(uint32_t code)
{
        UErrorCode status = U_ZERO_ERROR;
        return uscript_getScript((UChar32) code, &status) == USCRIPT_LATIN;
}

bool fw_character_sheds_accents(uint32_t code)
{
        UErrorCode status = U_ZERO_ERROR;
        switch (uscript_getScript((UChar32) code, &status)) {
        case USCRIPT_LATIN:
        case USCRIPT_GREEK:
        case USCRIPT_CYRILLIC:
        case USCRIPT_ARABIC:
        case USCRIPT_HEBREW:
                return true;
        default:
                return false;
        }
}

static bool is_mark(uint32_t code)
{
        return (U_GET_GC_MASK((UChar32) code) & U_GC_M_MASK) != 0;
}

/* True if `normalizer` leaves the code point, standing alone, as it is. */
static bool leaves(const UNormalizer2 *normalizer, uint32_t code)
{
        UChar text[2];
        int32_t length = 0;
        U16_APPEND_UNSAFE(text, length, (UChar32) code);
        UErrorCode status = U_ZERO_ERROR;
        return unorm2_quickCheck(normalizer, text, length, &status) != UNORM_NO;
}

static bool is_fixed(const struct fw_characters *characters, uint32_t code)
{
        if (fw_character_unified(code) != code || !leaves(characters->nfkc_casefold, code))
                return false;
        UErrorCode status = U_ZERO_ERROR;
        UScriptCode script = uscript_getScript((UChar32) code, &status);
        if (fw_character_sheds_accents(code))
                return !is_mark(code) && leaves(characters->nfd, code);
        return !is_mark(code) || (script != USCRIPT_INHERITED && script != USCRIPT_COMMON);
}

/* What UAX #29 leaves to a dictionary is a script without spaces. */
static enum fw_character_class class_of_letter(uint32_t code, UWordBreakValues word_break)
{
        UErrorCode status = U_ZERO_ERROR;
        switch (word_break) {
        case U_WB_KATAKANA:
                return FW_CHAR_SEQUENCE;
        case U_WB_OTHER:
                return U_GET_GC_MASK((UChar32) code) & (U_GC_L_MASK | U_GC_NL_MASK) ? FW_CHAR_SEQUENCE : FW_CHAR_OTHER;
        case U_WB_HEBREW_LETTER:
                return FW_CHAR_HEBREW;
        case U_WB_ALETTER:
                return uscript_getScript((UChar32) code, &status) == USCRIPT_HANGUL ? FW_CHAR_HANGUL : FW_CHAR_LETTER;
        default:
                return FW_CHAR_OTHER;
        }
}

static enum fw_character_class class_of(const struct fw_characters *characters, uint32_t code)
{
        uint32_t unified = fw_character_unified(code);
        if (unified == '\'')
                return FW_CHAR_APOSTROPHE;
        if (unified == '"')
                return FW_CHAR_QUOTE;
        if (code == '.')
                return FW_CHAR_DOT;
        if (code == ',' || code == ARABIC_THOUSAND)
                return FW_CHAR_COMMA;
        if (code == ':' || code == TRADE_MARK || code == SERVICE_MARK)
                return FW_CHAR_OTHER;
        if (code == TATWEEL || code == NKO_LAJANYALAN ||
            u_hasBinaryProperty((UChar32) code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
                return FW_CHAR_IGNORED;
        if (u_isUWhiteSpace((UChar32) code))
                return FW_CHAR_SPACE;
        if (!leaves(characters->nfkc, code))
                return FW_CHAR_COMPLEX;
        if (is_mark(code))
                return FW_CHAR_MARK;
        UWordBreakValues word_break = (UWordBreakValues) u_getIntPropertyValue((UChar32) code, UCHAR_WORD_BREAK);
        switch (word_break) {
        case U_WB_NUMERIC:
                return FW_CHAR_DIGIT;
        case U_WB_EXTENDNUMLET:
                return FW_CHAR_JOINER;
        case U_WB_MIDNUM:
        case U_WB_MIDNUMLET:
                return FW_CHAR_INNER_NUMBER;
        case U_WB_MIDLETTER:
                return FW_CHAR_INNER_LETTER;
        case U_WB_FORMAT:
                return FW_CHAR_IGNORED;
        default:
                return class_of_letter(code, word_break);
        }
}

uint16_t fw_character_look_up(struct fw_characters *characters, uint32_t code)
{
        unsigned info = FW_CHAR_KNOWN | class_of(characters, code);
        if (is_fixed(characters, code))
                info |= FW_CHAR_FIXED;
        if (!unorm2_hasBoundaryBefore(characters->nfkc, (UChar32) code))
                info |= FW_CHAR_ATTACHES;
        info |= (unsigned) u_getIntPropertyValue((UChar32) code, UCHAR_SENTENCE_BREAK) << FW_CHAR_SENTENCE_SHIFT;
        if (code < 0x10000)
                characters->table[code] = (uint16_t) info;
        return (uint16_t) info;
}
