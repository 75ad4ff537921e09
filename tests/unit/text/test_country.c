#include <string.h>

#include "text/country.h"
#include "text/country_forms.h"
#include "text/text.h"
#include "unit.h"

static struct fw_arena *arena;
static struct fw_country_namer *namer;

static void setup(void)
{
        arena = fw_arena_new();
        namer = fw_country_namer_new();
}

static void teardown(void)
{
        arena = fw_arena_free(arena);
        namer = fw_country_namer_free(namer);
}

/* The languages of a name of a country; fails if it is not there, or twice. */
static struct fw_str languages_of(const char *code, const char *text)
{
        struct fw_country_name *names;
        const struct fw_country_name *found = NULL;
        size_t len = fw_country_names(namer, fw_str_c(code), arena, &names);
        for (size_t i = 0; i < len; i++) {
                if (!fw_str_eq(names[i].text, fw_str_c(text)))
                        continue;
                ck_assert_msg(!found, "'%s' is there twice", text);
                found = &names[i];
        }
        ck_assert_msg(found, "'%s' is not there", text);
        return found->languages;
}

START_TEST(a_country_has_names_in_many_languages)
{
        assert_text(languages_of("KP", "North Korea"), "");
        assert_text(languages_of("KP", "북한"), "");
        assert_text(languages_of("FR", "Frankreich"), "de und");
        assert_text(languages_of("FR", "Frankrike"), "nb und sv und");
        assert_text(languages_of("FR", "France"), "");
        assert_text(languages_of("XK", "Kosovo"), "");
        ck_assert(!fw_str_empty(languages_of("EU", "Europäische Union")));
}
END_TEST

START_TEST(a_name_that_is_another_word_elsewhere_needs_its_language)
{
        struct fw_str island = languages_of("IS", "Island");
        ck_assert(fw_str_find(island, FW_STR("de"), 0) != SIZE_MAX);
        ck_assert(fw_str_find(island, FW_STR("und"), 0) == SIZE_MAX);
        assert_text(languages_of("AT", "Áo"), "vi");
}
END_TEST

START_TEST(forms_of_names_are_names)
{
        assert_text(languages_of("MN", "Монголией"), "ru und");
        assert_text(languages_of("FI", "Suomi*"), "fi");
        assert_text(languages_of("BR", "والبرازيل"), "ar und");
}
END_TEST

START_TEST(what_is_no_country_has_no_names)
{
        struct fw_country_name *names;
        ck_assert_uint_eq(fw_country_names(namer, FW_STR("ZZ"), arena, &names), 0);
        ck_assert_uint_eq(fw_country_names(namer, FW_STR("001"), arena, &names), 0);
        ck_assert_uint_eq(fw_country_names(namer, FW_STR(""), arena, &names), 0);
}
END_TEST

static void check_forms(const char *name, const char *language, const char *expected)
{
        fw_cleanup(fw_buf_done) struct fw_buf shown = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_forms_list forms = { 0 };
        fw_country_forms(fw_str_c(name), fw_str_c(language), arena, &forms);
        for (size_t i = 0; i < forms.list.len; i++) {
                (void) fw_buf_append_c(&shown, i > 0 ? " " : "");
                (void) fw_buf_append(&shown, forms.list.p[i]);
        }
        fw_vec_done(&forms.list);
        assert_text(fw_buf_str(&shown), expected);
}

START_TEST(names_take_the_endings_of_their_language)
{
        check_forms("Монголия", "ru", "Монголии Монголию Монголией");
        check_forms("Иран", "ru", "Ирана Ирану Ираном Иране");
        check_forms("Перу", "ru", "");
        check_forms("Hiszpania", "pl", "Hiszpanii Hiszpanię Hiszpanią");
        check_forms("Russland", "de", "Russlands");
        check_forms("Laos", "de", "");
        check_forms("Kiina", "fi", "Kiina*");
        check_forms("Grönlanti", "fi", "Grönlanti* Grönlanni*");
        check_forms("Çad", "tr", "Çad'*");
        check_forms("Ελλάδα", "el", "Ελλάδας");
        check_forms("الصين", "ar", "والصين بالصين لالصين فالصين كالصين وبالصين ولالصين للصين");
        check_forms("France", "fr", "");
        check_forms("日本", "ja", "");
}
END_TEST

START_TEST(letters_tell_their_script_and_case)
{
        ck_assert(fw_text_is_latin(FW_STR("Áo")));
        ck_assert(!fw_text_is_latin(FW_STR("Ао"))); /* Cyrillic */
        ck_assert(!fw_text_is_latin(FW_STR("")));
        ck_assert(fw_text_is_katakana(FW_STR("ロシア")));
        ck_assert(fw_text_is_katakana(FW_STR("ー")));
        ck_assert(!fw_text_is_katakana(FW_STR("・")));
        ck_assert(!fw_text_is_katakana(FW_STR("の")));
        ck_assert(fw_text_begins_small(FW_STR("georgia"), FW_STR("georgia")));
        ck_assert(!fw_text_begins_small(FW_STR("Éire"), FW_STR("éire")));
        ck_assert(fw_text_begins_small(FW_STR("日"), FW_STR("日")));
}
END_TEST

UNIT_MAIN_WITH("country", setup, teardown, a_country_has_names_in_many_languages,
               a_name_that_is_another_word_elsewhere_needs_its_language, forms_of_names_are_names,
               what_is_no_country_has_no_names, names_take_the_endings_of_their_language,
               letters_tell_their_script_and_case)
