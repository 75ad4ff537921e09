#include "text/country.h"

#include <string.h>
#include <unicode/uldnames.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/utf8.h"

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

static bool is_country(const char *code)
{
        if (strcmp(code, "XK") == 0 || strcmp(code, "EU") == 0)
                return true;
        for (const char *const *known = uloc_getISOCountries(); *known; known++) {
                if (strcmp(*known, code) == 0)
                        return true;
        }
        return false;
}

/* The first letter tells: CLDR mixes no scripts in a country's name. U+02AF is the last of the Latin letters in use. */
static bool is_latin(struct fw_str name)
{
        size_t len;
        return fw_utf8_decode(name, 0, &len) <= 0x2AF;
}

/* Adds a name, or a language to one that is there. English stands first in the list of languages. */
static size_t add_name(struct fw_country_name *names, size_t len, struct fw_str name, size_t language,
                       struct fw_arena *arena)
{
        size_t i = 0;
        while (i < len && !fw_str_eq(names[i].text, name))
                i++;
        bool anywhere = language == 0 || !is_latin(name);
        int subtag = (int) strcspn(languages[language], "_");
        if (i == len) {
                names[len++].text = name;
                if (!anywhere)
                        names[i].languages = fw_arena_printf(arena, "%.*s", subtag, languages[language]);
        } else if (names[i].languages.len) {
                names[i].languages = fw_arena_printf(arena, "%.*s %.*s", FW_STR_ARG(names[i].languages), subtag,
                                                     languages[language]);
        }
        return len;
}

size_t fw_country_names(struct fw_country_namer *namer, struct fw_str code, struct fw_arena *arena,
                        struct fw_country_name **ret_names)
{
        char terminated[3] = { 0 };
        size_t len = 0;
        if (code.len != 2)
                return 0;
        memcpy(terminated, code.p, 2);
        if (!is_country(terminated))
                return 0;
        *ret_names = fw_arena_new_array(arena, struct fw_country_name, FW_ARRAY_LEN(languages));
        for (size_t i = 0; i < FW_ARRAY_LEN(languages); i++) {
                struct fw_str name = namer->names[i] ? name_in(namer->names[i], terminated, arena) : FW_STR_NONE;
                if (name.len)
                        len = add_name(*ret_names, len, name, i, arena);
        }
        return len;
}
