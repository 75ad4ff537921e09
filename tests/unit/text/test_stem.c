
#include "base/macros.h"
#include "text/text.h"
#include "unit.h"

static struct fw_tokenizer *tokenizer;
static struct fw_arena *arena;

static void setup(void)
{
        tokenizer = fw_tokenizer_new();
        arena = fw_arena_new();
}

static void teardown(void)
{
        tokenizer = fw_tokenizer_free(tokenizer);
        arena = fw_arena_free(arena);
}

static void check_stem(const char *word, const char *language, const char *expected)
{
        struct fw_str stem = fw_text_stem(tokenizer, fw_str_c(word), fw_str_c(language), arena);
        ck_assert_msg(fw_str_eq(stem, fw_str_c(expected)), "'%s' in '%s' is '%.*s', not '%s'", word, language,
                      FW_STR_ARG(stem), expected);
}

START_TEST(stems_are_those_of_the_language)
{
        check_stem("deploying", "en", "deploy");
        check_stem("deployed", "en-GB", "deploy");
        check_stem("soldaten", "de", "soldat");
        check_stem("солдаты", "ru", "солдат");
        check_stem("soldados", "ES", "sold");
        check_stem("soldater", "nb_NO", "soldat");
        check_stem("soldater", "nn", "soldat");
}
END_TEST

START_TEST(a_stem_outlives_the_next_one)
{
        struct fw_str first = fw_text_stem(tokenizer, FW_STR("troops"), FW_STR("en"), arena);
        struct fw_str second = fw_text_stem(tokenizer, FW_STR("armies"), FW_STR("en"), arena);
        ck_assert(fw_str_eq(first, FW_STR("troop")));
        ck_assert(fw_str_eq(second, FW_STR("armi")));
}
END_TEST

START_TEST(stemmers_see_accents_and_stems_have_none)
{
        check_stem("généraux", "fr", "general");
        check_stem("корейский", "ru", "кореиск");
}
END_TEST

START_TEST(without_a_stemmer_the_word_is_folded)
{
        check_stem("généraux", "", "generaux");
        check_stem("généraux", "xx", "generaux");
        check_stem("войска", "uk", "воиска");
        check_stem("", "en", "");
}
END_TEST

START_TEST(languages_are_known_by_their_primary_subtag)
{
        ck_assert(fw_text_has_stemmer(FW_STR("en")));
        ck_assert(fw_text_has_stemmer(FW_STR("DE-at")));
        ck_assert(!fw_text_has_stemmer(FW_STR("ko")));
        ck_assert(!fw_text_has_stemmer(FW_STR("")));
        ck_assert(!fw_text_has_stemmer(FW_STR("eng")));
        ck_assert(fw_language_same_primary(FW_STR("en"), FW_STR("EN-gb")));
        ck_assert(fw_language_same_primary(FW_STR("zh_Hant"), FW_STR("zh-TW")));
        ck_assert(fw_language_same_primary(FW_STR("no"), FW_STR("nb-NO")));
        ck_assert(!fw_language_same_primary(FW_STR("en"), FW_STR("eng")));
        ck_assert(!fw_language_same_primary(FW_STR("en"), FW_STR("")));
}
END_TEST

UNIT_MAIN_WITH("stem", setup, teardown, stems_are_those_of_the_language, a_stem_outlives_the_next_one,
               stemmers_see_accents_and_stems_have_none, without_a_stemmer_the_word_is_folded,
               languages_are_known_by_their_primary_subtag)
