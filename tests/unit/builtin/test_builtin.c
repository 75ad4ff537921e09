/*
 * The gazetteers that ship with feedwatch: they compile without a word, and hold what they promise.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "rule/rule.h"
#include "unit.h"

/* ISO 3166-1 alpha-2, and XK. */
static const char COUNTRIES[] = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN "
                                "BO BQ BR BS BT BV BW BY BZ "
                                "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG "
                                "EH ER ES ET FI FJ FK FM FO "
                                "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE "
                                "IL IM IN IO IQ IR IS IT JE "
                                "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD "
                                "ME MF MG MH MK ML MM MN MO "
                                "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG "
                                "PH PK PL PM PN PR PS PT PW "
                                "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ "
                                "TC TD TF TG TH TJ TK TL TM "
                                "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

static struct fw_ruleset *ruleset;
static struct fw_match_context *context;

static struct fw_rule_file read_gazetteer(const char *path, struct fw_buf *content)
{
        ck_assert_int_eq(fw_file_read(path, content), 0);
        return (struct fw_rule_file){ .name = fw_str_c(path), .content = fw_buf_str(content) };
}

static void setup(void)
{
        fw_cleanup(fw_buf_done) struct fw_buf countries = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_buf_done) struct fw_buf organizations = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_buf_done) struct fw_buf messages = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_rule_file files[] = { read_gazetteer(FW_BUILTIN "/countries.yaml", &countries),
                                        read_gazetteer(FW_BUILTIN "/organizations.yaml", &organizations) };
        struct fw_rule_sources sources = { .entities = files, .entities_len = FW_ARRAY_LEN(files) };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        int r = fw_ruleset_compile(&sources, diag, &ruleset);
        (void) fw_diag_render_all(diag, false, &messages);
        ck_assert_msg(r == 0 && fw_diag_len(diag) == 0, "%s", fw_buf_c(&messages));
        context = fw_match_context_new(ruleset);
}

static void teardown(void)
{
        context = fw_match_context_free(context);
        ruleset = fw_ruleset_unref(ruleset);
}

START_TEST(every_country_is_there_once)
{
        struct fw_str rest = fw_str_c(COUNTRIES), code;
        size_t countries = 0;
        while (fw_str_split(&rest, ' ', &code)) {
                size_t found = 0;
                for (size_t i = 0; i < fw_ruleset_entities_len(ruleset); i++) {
                        const struct fw_entity *entity = fw_ruleset_entity(ruleset, i);
                        found += entity->kind == FW_ENTITY_COUNTRY && fw_str_eq(entity->country, code);
                }
                ck_assert_msg(found == 1, "%.*s is there %zu times", FW_STR_ARG(code), found);
                countries++;
        }
        ck_assert_uint_eq(countries, 250);
}
END_TEST

START_TEST(countries_and_organizations_are_called_by_their_ids)
{
        static const char *const IDS[] = { "north-korea",    "united-states", "georgia", "turkey",
                                           "united-nations", "nato",          "ecowas",  "european-union" };
        for (size_t i = 0; i < FW_ARRAY_LEN(IDS); i++)
                ck_assert_msg(fw_ruleset_find_entity(ruleset, fw_str_c(IDS[i])) != SIZE_MAX, "'%s'", IDS[i]);
}
END_TEST

/* The ids of what a text in a language (empty: unknown) mentions, each once, by place. */
static void check_mentions_in(const char *language, const char *text, const char *expected)
{
        fw_cleanup(fw_buf_done) struct fw_buf ids = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_document_field field = { .field = FW_FIELD_TITLE, .value = fw_str_c(text) };
        struct fw_document document = { .fields = &field, .fields_len = 1, .language = fw_str_c(language) };
        size_t len;
        const struct fw_mention *mentions = fw_find_mentions(context, &document, &len);
        for (size_t i = 0; i < len; i++) {
                struct fw_str id = fw_ruleset_entity(ruleset, mentions[i].entity_index)->id;
                fw_cleanup(fw_freep) char *entry = fw_asprintf(" %.*s", FW_STR_ARG(id));
                if (mentions[i].counts && !strstr(fw_buf_c(&ids), entry))
                        (void) fw_buf_append_c(&ids, entry);
        }
        fw_buf_consume(&ids, FW_MIN(ids.len, (size_t) 1));
        ck_assert_msg(strcmp(fw_buf_c(&ids), expected) == 0, "'%s' mentions '%s', not '%s'", text, fw_buf_c(&ids),
                      expected);
}

static void check_mentions(const char *text, const char *expected)
{
        check_mentions_in("", text, expected);
}

START_TEST(names_adjectives_and_capitals_are_mentions)
{
        check_mentions("North Korean troops in Kursk, Seoul says", "north-korea south-korea");
        check_mentions("The DPRK and the Republic of Korea", "north-korea south-korea");
        check_mentions("The Democratic People's Republic of Korea", "north-korea");
        check_mentions("US and U.S. and the UK’s", "united-states united-kingdom");
        check_mentions("Kyiv rejected what Moscow and Americans want", "ukraine russia united-states");
        check_mentions("The Congolese army, Congo-Brazzaville",
                       "democratic-republic-of-the-congo republic-of-the-congo");
        check_mentions("Niger, Nigeria and Guinea-Bissau", "niger nigeria guinea-bissau");
        check_mentions("The WHO and NATO’s allies in the EU", "world-health-organization nato european-union");
}
END_TEST

START_TEST(other_words_and_longer_names_are_none)
{
        check_mentions("join us, who said so", "");
        check_mentions("Georgia Tech beat Michael Jordan in New Mexico", "");
        check_mentions("polish the china with a jersey, says Washington Post", "");
        check_mentions("Latin American food, Pole position, Tom Holland", "");
        check_mentions("South Sudan, not the other", "south-sudan");
        check_mentions("a reunion of men", "");
        check_mentions("Real Madrid by the Indian Ocean", "");
}
END_TEST

START_TEST(other_languages_are_known)
{
        check_mentions("북한군", "north-korea");
        check_mentions("北朝鮮", "north-korea");
        check_mentions("Deutschland und Frankreich", "germany france");
        check_mentions("Россия", "russia");
}
END_TEST

START_TEST(words_of_a_language_count_in_it)
{
        check_mentions_in("ru", "Китайский посол встретился с премьером Монголии", "china mongolia");
        check_mentions_in("de", "Britischer Minister in Island", "united-kingdom iceland");
        check_mentions_in("en", "Rhode Island", "");
        check_mentions("Rhode Island", "");
        check_mentions_in("es", "un ministro chino", "china");
        check_mentions_in("en", "a chino suit", "");
        check_mentions_in("fi", "Saksasta karkotettiin kiinalaisia", "germany china");
        check_mentions_in("ar", "اتفاق بين الصين والبرازيل", "china brazil");
        check_mentions_in("zh", "美中贸易谈判", "china united-states");
        check_mentions_in("fr", "L’ONU et l’OTAN", "united-nations nato");
        check_mentions("ООН и НАТО", "united-nations nato");
}
END_TEST

START_TEST(names_are_not_found_inside_other_words)
{
        check_mentions_in("uk", "гострий перець чилі", "");
        check_mentions_in("uk", "уряд Чилі", "chile");
        check_mentions_in("ja", "スタイルとマリオ", "");
        check_mentions_in("ja", "タイ軍とマリ政府", "thailand mali");
        check_mentions_in("ja", "トルコ石の指輪", "");
        check_mentions_in("zh", "其中美国占三成", "united-states");
        check_mentions_in("ko", "인도적 지원", "");
        check_mentions_in("ar", "السنة المالية", "");
}
END_TEST

UNIT_MAIN_WITH("builtin", setup, teardown, every_country_is_there_once,
               countries_and_organizations_are_called_by_their_ids, names_adjectives_and_capitals_are_mentions,
               other_words_and_longer_names_are_none, other_languages_are_known, words_of_a_language_count_in_it,
               names_are_not_found_inside_other_words)
