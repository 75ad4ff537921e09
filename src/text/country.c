#include "text/country.h"

#include <string.h>
#include <unicode/uldnames.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/vec.h"
#include "text/country_forms.h"
#include "text/text.h"

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

/*
 * Names that are ordinary words or first names elsewhere, capital or not: "Rhode Island", which is Iceland in German. So is nearly
 * all that is short. They are names only in an item that is known to be in their language.
 */
static const char *const ordinary[] = { "Island", "Indie", "Maurice", "Columbia", "Chili", "Malte", "Argentine" };
#define SHORTEST_CLEAR_NAME 5 /* letters */

static bool is_ordinary(struct fw_str name)
{
        size_t letters = 0;
        for (size_t i = 0; i < name.len; i++)
                letters += ((unsigned char) name.p[i] & 0xC0) != 0x80;
        bool found = letters < SHORTEST_CLEAR_NAME;
        for (size_t i = 0; i < FW_ARRAY_LEN(ordinary) && !found; i++)
                found = fw_str_eq(name, fw_str_c(ordinary[i]));
        return found;
}

struct name_list {
        FW_VEC(struct fw_country_name) list;
        struct fw_arena *arena;
};

/* Adds a name, or languages to one that is there. */
static void add_name(struct name_list *names, struct fw_str text, struct fw_str languages_of_it)
{
        for (size_t i = 0; i < names->list.len; i++) {
                struct fw_country_name *known = &names->list.p[i];
                if (!fw_str_eq(known->text, text))
                        continue;
                if (known->languages.len > 0)
                        known->languages = fw_arena_printf(names->arena, "%.*s %.*s", FW_STR_ARG(known->languages),
                                                           FW_STR_ARG(languages_of_it));
                return;
        }
        fw_vec_push(&names->list, (struct fw_country_name){ .text = text, .languages = languages_of_it });
}

/* English stands first in the list of languages, and its names are names anywhere. */
static void add_language(struct name_list *names, struct fw_str name, size_t language)
{
        struct fw_arena *arena = names->arena;
        struct fw_str tag = fw_str_n(languages[language], strcspn(languages[language], "_"));
        bool latin = fw_text_is_latin(name);
        if (language == 0 || !latin)
                add_name(names, name, FW_STR_NONE);
        else
                add_name(names, name, is_ordinary(name) ? tag : fw_arena_printf(arena, "%.*s und", FW_STR_ARG(tag)));
        struct fw_forms_list forms = { 0 };
        fw_country_forms(name, tag, arena, &forms);
        for (size_t i = 0; i < forms.list.len; i++)
                add_name(names, forms.list.p[i], latin ? tag : fw_arena_printf(arena, "%.*s und", FW_STR_ARG(tag)));
        fw_vec_done(&forms.list);
}

size_t fw_country_names(struct fw_country_namer *namer, struct fw_str code, struct fw_arena *arena,
                        struct fw_country_name **ret_names)
{
        char terminated[3] = { 0 };
        if (code.len != 2)
                return 0;
        memcpy(terminated, code.p, 2);
        if (!is_country(terminated))
                return 0;
        struct name_list names = { .arena = arena };
        for (size_t i = 0; i < FW_ARRAY_LEN(languages); i++) {
                struct fw_str name = namer->names[i] ? name_in(namer->names[i], terminated, arena) : FW_STR_NONE;
                if (name.len > 0)
                        add_language(&names, name, i);
        }
        size_t len = names.list.len;
        *ret_names = fw_arena_new_array(arena, struct fw_country_name, len + 1);
        if (len > 0)
                memcpy(*ret_names, names.list.p, len * sizeof(*names.list.p));
        fw_vec_done(&names.list);
        return len;
}
