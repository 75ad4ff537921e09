#include "feed/charset.h"

#include <unicode/ucnv.h>

#include "base/buf.h"
#include "base/macros.h"
#include "base/utf8.h"

struct encoding {
        const char *converter; /* ICU's name */
        const char *labels;    /* parted by blanks, lower case */
};

/*
 * https://encoding.spec.whatwg.org/#names-and-labels, and what other programs call the same. ISO 2022, EUC and Shift
 * JIS in their editions of 2004 are read as the older ones, which all but rare names are written in.
 */
static const struct encoding encodings[] = {
        { "UTF-8", "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf_8 u8 utf-8n utf8mb4 "
                   "cp65001 u-8 iso-10646/utf-8/ iso-10646/utf8/" },
        { "windows-1252",
          "iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 iso-ir-100 latin1 latin-1 l1 ascii us-ascii "
          "ansi_x3.4-1968 cp1252 cp819 csisolatin1 ibm819 windows-1252 x-cp1252 ansi win-1252 8859-1 us_ascii ms-ansi "
          "1252" },
        { "ibm-866_P100-1995", "866 cp866 csibm866 ibm866" },
        { "iso-8859-2", "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2" },
        { "iso-8859-3", "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3" },
        { "iso-8859-4", "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4" },
        { "iso-8859-5",
          "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988" },
        { "iso-8859-6",
          "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i "
          "iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987" },
        { "iso-8859-7",
          "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 "
          "iso_8859-7:1987 sun_eu_greek iso_8859-7:2003" },
        { "iso-8859-8",
          "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 "
          "iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical" },
        { "iso-8859-10", "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6" },
        { "iso-8859-13", "iso-8859-13 iso8859-13 iso885913 latin7 l7 baltic iso-ir-179" },
        { "iso-8859-14", "iso-8859-14 iso8859-14 iso885914" },
        { "iso-8859-15",
          "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 latin9 latin-9 iso_8859-15:1998 iso-ir-203" },
        { "KOI8-R", "cskoi8r koi koi8 koi8-r koi8_r" },
        { "KOI8-U", "koi8-ru koi8-u" },
        { "macintosh", "csmacintosh mac macintosh x-mac-roman" },
        { "windows-874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874 tis620-0 tis620.2529-1 "
                         "tis620.2533-0 iso-ir-166 thai cp874 tis620" },
        { "windows-1250", "cp1250 windows-1250 x-cp1250 win-1250 ms-ee 1250" },
        { "windows-1251", "cp1251 windows-1251 x-cp1251 win-1251 ms-cyrl 1251" },
        { "windows-1253", "cp1253 windows-1253 x-cp1253 win-1253 ms-greek 1253" },
        { "windows-1254",
          "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 "
          "windows-1254 x-cp1254 win-1254 ms-turk 1254" },
        { "windows-1255", "cp1255 windows-1255 x-cp1255 win-1255 ms-hebr 1255" },
        { "windows-1256", "cp1256 windows-1256 x-cp1256 win-1256 ms-arab 1256" },
        { "windows-1257", "cp1257 windows-1257 x-cp1257 win-1257 winbaltrim 1257" },
        { "windows-1258", "cp1258 windows-1258 x-cp1258 win-1258 1258" },
        { "macos-6_2-10.4", "mac-greek x-mac-greek" },
        { "macos-29-10.2", "mac-centeuro mac-latin2 x-mac-ce" },
        { "macos-35-10.2", "mac-turkish x-mac-turkish" },
        { "HZ", "hz-gb hz-gb-2312" },
        { "x-mac-cyrillic",
          "x-mac-cyrillic x-mac-ukrainian mac-cyrillic mac-uk macuk macukrainian ms-mac-cyrillic msmaccyrillic" },
        { "gb18030",
          "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030 cp936 ms936 euc-cn "
          "euccn gb2312-80 936 gb18030-2000 cn-gb gb2312-cn eucgb2312-cn" },
        { "Big5-HKSCS",
          "big5 big5-hkscs cn-big5 csbig5 x-x-big5 big5hkscs cp950 big-five bigfive hkscs big5-tw cn-big5" },
        { "ibm-33722", "cseucpkdfmtjapanese euc-jp x-euc-jp eucjp ujis eucjp-win eucjp-ms euc-jp-ms euc-jisx0213 "
                       "euc-jis-2004 eucjisx0213 eucjis2004" },
        { "ISO-2022-JP", "csiso2022jp iso-2022-jp iso2022jp iso-2022-jp-3 iso-2022-jp-2004 iso-2022-jp-ext" },
        { "ibm-943_P15A-2003",
          "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis cp932 932 sjis-win sjis-open "
          "shift-jisx0213 shiftjisx0213 shift-jis-2004 shiftjis2004 sjisx0213" },
        { "windows-949-2000",
          "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 "
          "windows-949 cp949 uhc euckr ms949 mscp949 949 ks-x-1001 ksx1001" },
        { "UTF-16BE", "unicodefffe utf-16be utf-16-be utf16be utf_16_be ucs-2be" },
        { "UTF-16LE",
          "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le utf16 utf_16 utf-16-le utf16le "
          "utf_16_le u16 ucs-2le" },
        { "UTF-32BE", "utf-32be utf32be utf_32_be ucs-4be" },
        { "UTF-32LE", "utf-32le utf32le utf_32_le utf-32 utf32 utf_32 ucs-4 iso-10646-ucs-4 u32 ucs-4le" },
};

const char *fw_charset_find(struct fw_str label)
{
        char name[64], known_name[64];
        label = fw_str_trim(label);
        if (label.len == 0 || label.len >= sizeof(name))
                return NULL;
        memcpy(name, label.p, label.len);
        name[label.len] = '\0';
        for (size_t i = 0; i < FW_ARRAY_LEN(encodings); i++) {
                struct fw_str rest = fw_str_c(encodings[i].labels), known;
                while (fw_str_split(&rest, ' ', &known)) {
                        memcpy(known_name, known.p, known.len);
                        known_name[known.len] = '\0';
                        if (ucnv_compareNames(name, known_name) ==
                            0) /* whatever the case, with or without '-' and '_' */
                                return encodings[i].converter;
                }
        }
        UErrorCode error =
                U_ZERO_ERROR; /* the table of aliases is asked first: an unknown name would be looked for in files */
        if (ucnv_countAliases(name, &error) == 0 || U_FAILURE(error))
                return NULL;
        const char *converter = ucnv_getAlias(name, 0, &error);
        return U_SUCCESS(error) ? converter : NULL;
}

static struct fw_str repair_utf8(struct fw_str body, struct fw_arena *arena, size_t *ret_bad_offset)
{
        for (size_t at = 0, len; at < body.len; at += len) {
                if (fw_utf8_decode(body, at, &len) != FW_REPLACEMENT ||
                    fw_str_eq(fw_str_slice(body, at, at + len), FW_STR("\xEF\xBF\xBD")))
                        continue;
                *ret_bad_offset = at;
                break;
        }
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_utf8_append_repaired(&out, body);
        return fw_arena_copy(arena, fw_buf_str(&out));
}

/* Called for bytes that are no character: remembers that there were some, and puts U+FFFD. */
static void note_bad_bytes(const void *context, UConverterToUnicodeArgs *args, const char *units, int32_t len,
                           UConverterCallbackReason reason, UErrorCode *error)
{
        bool *seen = (bool *) (uintptr_t) context;
        if (reason <= UCNV_IRREGULAR)
                *seen = true;
        UCNV_TO_U_CALLBACK_SUBSTITUTE(NULL, args, units, len, reason, error);
}

/* Converts all of `body`, appending to `out`; on the way notes where the first U+FFFD for bad bytes went. */
static void convert(UConverter *from, UConverter *to, struct fw_str body, struct fw_buf *out, const bool *seen_bad,
                    size_t *ret_bad_offset)
{
        UChar pivot[2048], *pivot_source = pivot, *pivot_target = pivot;
        const char *source = body.p, *source_end = body.p + body.len;
        UErrorCode error;
        bool reset = true;
        do {
                size_t before = out->len;
                (void) fw_buf_reserve(out, 16 * 1024);
                char *target = out->p + out->len;
                error = U_ZERO_ERROR;
                ucnv_convertEx(to, from, &target, target + 16 * 1024, &source, source_end, pivot, &pivot_source,
                               &pivot_target, pivot + FW_ARRAY_LEN(pivot), reset, true, &error);
                out->len = (size_t) (target - out->p);
                reset = false;
                if (*seen_bad && *ret_bad_offset == SIZE_MAX)
                        *ret_bad_offset = fw_str_find(fw_buf_str(out), FW_STR("\xEF\xBF\xBD"), before);
        } while (error == U_BUFFER_OVERFLOW_ERROR);
}

struct fw_str fw_charset_to_utf8(struct fw_str body, const char *converter, struct fw_arena *arena,
                                 size_t *ret_bad_offset)
{
        *ret_bad_offset = SIZE_MAX;
        if (strcmp(converter, "UTF-8") == 0)
                return fw_utf8_valid(body) ? body : repair_utf8(body, arena, ret_bad_offset);
        UErrorCode error = U_ZERO_ERROR;
        UConverter *from = ucnv_open(converter, &error);
        UConverter *to = ucnv_open("UTF-8", &error);
        if (U_FAILURE(error)) { /* an ICU built without this converter: as UTF-8, then */
                ucnv_close(from);
                ucnv_close(to);
                return fw_charset_to_utf8(body, "UTF-8", arena, ret_bad_offset);
        }
        bool seen_bad = false;
        ucnv_setToUCallBack(from, note_bad_bytes, &seen_bad, NULL, NULL, &error);
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        convert(from, to, body, &out, &seen_bad, ret_bad_offset);
        ucnv_close(from);
        ucnv_close(to);
        return fw_arena_copy(arena, fw_buf_str(&out));
}
