#include "text/country.h"

#include <unicode/uldnames.h>
#include <unicode/ustring.h>

#include "base/alloc.h"
#include "base/macros.h"

/*
 * The languages that news feeds are written in. A name in a language that nobody reads here would only add words that mean
 * something else elsewhere.
 */
static const char *const languages[] = {
        "en", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "es", "et", "fa",      "fi",      "fr", "he",
        "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "nl", "nb",      "pl",      "pt", "ro",
        "ru", "sk", "sl", "sr", "sv", "sw", "th", "tr", "uk", "ur", "vi", "zh_Hans", "zh_Hant",
};

struct fw_country_namer {
        ULocaleDisplayNames *names[FW_ARRAY_LEN(languages)]; /* NULL: ICU has none */
};

struct fw_country_namer *fw_country_namer_new(void)
{
        struct fw_country_namer *namer = fw_calloc(1, sizeof(*namer));
        for (size_t i = 0; i < FW_ARRAY_LEN(languages); i++) {
                UErrorCode status = U_ZERO_ERROR;
                namer->names[i] = uldn_open(languages[i], ULDN_STANDARD_NAMES, &status);
                if (U_FAILURE(status))
                        namer->names[i] = NULL;
        }
        return namer;
}

struct fw_country_namer *fw_country_namer_free(struct fw_country_namer *namer)
{
        if (!namer)
                return NULL;
        for (size_t i = 0; i < FW_ARRAY_LEN(languages); i++) {
                if (namer->names[i])
                        uldn_close(namer->names[i]);
        }
        free(namer);
        return NULL;
}

/* The name in one language as UTF-8, or an empty view: ICU gives the code itself where it knows no name. */
static struct fw_str name_in(const ULocaleDisplayNames *names, const char *code, struct fw_arena *arena)
{
        UChar wide[128];
        char narrow[FW_ARRAY_LEN(wide) * 3];
        int32_t len;
        UErrorCode status = U_ZERO_ERROR;
        (void) uldn_regionDisplayName(names, code, wide, FW_ARRAY_LEN(wide), &status);
        if (status != U_ZERO_ERROR)
                return FW_STR_NONE;
        (void) u_strToUTF8(narrow, sizeof(narrow), &len, wide, -1, &status);
        struct fw_str name = fw_str_n(narrow, (size_t) len);
        if (U_FAILURE(status) || fw_str_eq(name, fw_str_c(code)))
                return FW_STR_NONE;
        return fw_arena_copy(arena, name);
}

size_t fw_country_names(struct fw_country_namer *namer, struct fw_str code, struct fw_arena *arena,
                        struct fw_str **ret_names)
{
        char terminated[3] = { 0 };
        size_t len = 0;
        if (code.len != 2)
                return 0;
        memcpy(terminated, code.p, 2);
        *ret_names = fw_arena_new_array(arena, struct fw_str, FW_ARRAY_LEN(languages));
        for (size_t i = 0; i < FW_ARRAY_LEN(languages); i++) {
                if (!namer->names[i])
                        continue;
                struct fw_str name = name_in(namer->names[i], terminated, arena);
                bool known = name.len == 0;
                for (size_t k = 0; k < len && !known; k++)
                        known = fw_str_eq((*ret_names)[k], name);
                if (!known)
                        (*ret_names)[len++] = name;
        }
        return len;
}
