#include "../unit.h"

#include "rule/rule.h"

/* What the door promises beside yes and no, which tests/rulecases and the naive evaluator look after. */

static struct fw_ruleset *ruleset;
static struct fw_match_context *context;
static struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);

static void teardown(void)
{
        context = fw_match_context_free(context);
        ruleset = fw_ruleset_unref(ruleset);
        fw_buf_done(&out);
}

static void compile_with(const char *rules, const char *entities, const char *unless)
{
        struct fw_rule_file rule_file = { FW_STR("rules.yaml"), fw_str_c(rules) };
        struct fw_rule_file entity_file = { FW_STR("entities.yaml"), fw_str_c(entities) };
        struct fw_rule_sources sources = { .rules = &rule_file,
                                           .rules_len = 1,
                                           .entities = &entity_file,
                                           .entities_len = entities != NULL,
                                           .unless = fw_str_c(unless) };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        int r = fw_ruleset_compile(&sources, diag, &ruleset);
        (void) fw_diag_render_all(diag, false, &out);
        ck_assert_msg(r == 0, "%s", fw_buf_c(&out));
        fw_buf_reset(&out);
        context = fw_match_context_new(ruleset);
}

static void compile(const char *rules)
{
        compile_with(rules, NULL, NULL);
}

/* "rule: text text; rule! …": what matched, with what; `!` excluded by the rule, `!!` by the configuration. */
static void append_result(const struct fw_document *document, const struct fw_match_result *result)
{
        static const char *const marks[] = { ":", "!", "!!" };
        fw_buf_reset(&out);
        for (size_t i = 0; i < result->matches_len; i++) {
                const struct fw_rule_match *match = &result->matches[i];
                fw_buf_printf(&out, "%s%.*s%s", i ? "; " : "",
                              FW_STR_ARG(fw_ruleset_rule(ruleset, match->rule_index)->id), marks[match->outcome]);
                for (size_t h = 0; h < match->hits_len; h++) {
                        const struct fw_hit *hit = &match->hits[h];
                        struct fw_str value = document->fields[hit->field_index].value;
                        fw_buf_printf(&out, " [%.*s]", FW_STR_ARG(fw_str_slice(value, hit->start, hit->end)));
                }
        }
}

static void check(const char *title, const char *body, const char *expected)
{
        struct fw_document_field fields[] = { { FW_FIELD_TITLE, fw_str_c(title), false },
                                              { FW_FIELD_BODY, fw_str_c(body), true } };
        struct fw_document document = { .fields = fields, .fields_len = 2, .language = FW_STR("en") };
        append_result(&document, fw_match(context, &document));
        assert_buf(&out, expected);
}

START_TEST(hits_are_the_words_that_decided)
{
        compile("rules:\n"
                "  - {id: and, match: 'troops AND russia NOT cup'}\n"
                "  - {id: near, match: 'korea NEAR/3 (troops OR soldiers)'}\n"
                "  - {id: phrase, match: '\"special forces\" OR marines'}\n"
                "  - {id: regex, match: 'tanks AND /t-?\\d+/i'}\n"
                "  - {id: twice, match: 'ATLEAST/2(drone*)'}\n"
                "  - {id: alone, match: 'georgia NOT NEAR/1 tech'}\n");
        check("Russia and <troops>", "no", "and: [Russia] [troops]");
        check("", "Korea. Far, far away, Korea's <b>troops</b> and troops", "near: [Korea] [troops] [troops]");
        check("", "<p>Special</p><p>forces</p><i>special</i> forces", "phrase: [special</i> forces]");
        check("", "Tanks: T-62, T55", "regex: [Tanks] [T-62] [T55]");
        check("Drone", "no drones", "twice: [Drone] [drones]");
        check("Georgia", "Georgia Tech", "alone: [Georgia]");
        check("nothing", "of this", "");
}
END_TEST

START_TEST(hits_say_which_part_of_the_query_they_met)
{
        compile("rules:\n  - {id: r, match: 'Troop* AND \"special  Forces\"'}\n");
        struct fw_document_field field = { FW_FIELD_BODY, FW_STR("special forces, troopers"), true };
        struct fw_document document = { .fields = &field, .fields_len = 1 };
        const struct fw_match_result *result = fw_match(context, &document);
        ck_assert_uint_eq(result->matches_len, 1);
        ck_assert_uint_eq(result->matches[0].hits_len, 2);
        assert_text(result->matches[0].hits[0].term, "\"special  Forces\"");
        assert_text(result->matches[0].hits[1].term, "Troop*");
}
END_TEST

START_TEST(at_most_so_many_hits)
{
        compile("rules:\n  - {id: r, match: a OR A}\n");
        struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (int i = 0; i < 1000; i++)
                fw_buf_append_c(&text, "a ");
        struct fw_document_field field = { FW_FIELD_TITLE, fw_buf_str(&text), false };
        struct fw_document document = { .fields = &field, .fields_len = 1 };
        ck_assert_uint_eq(fw_match(context, &document)->matches[0].hits_len, FW_LIMIT_HITS);
        fw_buf_done(&text);
}
END_TEST

START_TEST(exclusions_are_told_and_not_hidden)
{
        compile_with("rules:\n"
                     "  - {id: a, match: troops, unless: cup}\n"
                     "  - {id: b, match: troops}\n",
                     NULL, "category:horoscope OR stars");
        check("troops", "", "a: [troops]; b: [troops]");
        check("troops", "cup", "a! [troops]; b: [troops]");
        check("troops", "stars", "a!! [troops]; b!! [troops]");
        check("cup", "stars", "");
}
END_TEST

static void check_scope(const char *language, const struct fw_rule_feed *feed, const char *expected)
{
        struct fw_document_field field = { FW_FIELD_TITLE, FW_STR("troops"), false };
        struct fw_document document = {
                .fields = &field, .fields_len = 1, .language = fw_str_c(language), .feed = feed
        };
        append_result(&document, fw_match(context, &document));
        assert_buf(&out, expected);
}

START_TEST(rules_out_of_scope_are_not_there)
{
        compile("rules:\n"
                "  - {id: id, match: troops, feeds: {ids: [bbc, cnn]}}\n"
                "  - {id: tag, match: troops, feeds: {tags: [world]}, except: {ids: [cnn]}}\n"
                "  - {id: url, match: troops, feeds: {urls: ['https://*.example.org/*.xml'], except: {tags: "
                "[sport]}}}\n"
                "  - {id: lang, match: troops, languages: [en, ko]}\n");
        const struct fw_str tags[] = { FW_STR("world"), FW_STR("sport") };
        struct fw_rule_feed feed = { .id = FW_STR("bbc"), .url = FW_STR("https://feeds.example.org/a/b.xml") };
        check_scope("de", &feed, "id: [troops]; url: [troops]");
        feed.tags = tags;
        feed.tags_len = 2;
        check_scope("en-GB", &feed, "id: [troops]; tag: [troops]; lang: [troops]");
        feed.id = FW_STR("cnn");
        check_scope("", &feed, "id: [troops]; lang: [troops]");
        check_scope("ko", NULL, "id: [troops]; tag: [troops]; url: [troops]; lang: [troops]");
}
END_TEST

START_TEST(fields_of_the_feed_and_language_need_not_be_given)
{
        compile("rules:\n  - {id: r, match: 'feed:bbc-world tag:asia lang:en troops'}\n");
        const struct fw_str tag = FW_STR("asia");
        struct fw_rule_feed feed = { .id = FW_STR("bbc-world"), .tags = &tag, .tags_len = 1 };
        check_scope("en", &feed, "r: [troops]");
        check_scope("en", NULL, "");
        check_scope("de", &feed, "");
}
END_TEST

START_TEST(a_limit_is_told_and_costs_only_its_rule)
{
        compile("rules:\n"
                "  - {id: bad, match: 'aaaa AND /^(a+)+$/'}\n"
                "  - {id: or, match: 'good OR /(x+x+)+y/'}\n"
                "  - {id: good, match: good}\n");
        struct fw_document_field field = { FW_FIELD_TITLE,
                                           FW_STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! aaaa good "
                                                  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
                                           false };
        struct fw_document document = { .fields = &field, .fields_len = 1 };
        const struct fw_match_result *result = fw_match(context, &document);
        ck_assert_uint_eq(result->limited_len, 1);
        ck_assert_uint_eq(result->limited[0], 0);
        append_result(&document, result);
        assert_buf(&out, "or: [good]; good: [good]");
}
END_TEST

START_TEST(near_over_very_many_words_ends)
{
        compile("rules:\n  - {id: r, match: 'a NEAR/100000 a BEFORE/1 a BEFORE/1 b'}\n");
        struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (int i = 0; i < 20000; i++)
                fw_buf_append_c(&text, "a ");
        fw_buf_append_c(&text, "b");
        struct fw_document_field field = { FW_FIELD_TITLE, fw_buf_str(&text), false };
        struct fw_document document = { .fields = &field, .fields_len = 1 };
        const struct fw_match_result *result = fw_match(context, &document);
        ck_assert_uint_eq(result->matches_len, 0);
        ck_assert_uint_eq(result->limited_len, 1);
        fw_buf_done(&text);
}
END_TEST

START_TEST(rules_keep_what_their_files_say)
{
        compile("rules:\n"
                "  - id: one\n"
                "    name: First\n"
                "    match: a b OR c\n"
                "    severity: critical\n"
                "    notify: [log]\n"
                "    status: test\n"
                "  - {id: two, match: $x, realert: {min: 1h, max: 24h}, stories: {alert_again_at: [5, 20]}}\n"
                "define: {x: 'a OR b'}\n");
        ck_assert_uint_eq(fw_ruleset_len(ruleset), 2);
        ck_assert_uint_eq(fw_ruleset_find(ruleset, FW_STR("two")), 1);
        ck_assert_uint_eq(fw_ruleset_find(ruleset, FW_STR("three")), SIZE_MAX);
        const struct fw_rule *one = fw_ruleset_rule(ruleset, 0), *two = fw_ruleset_rule(ruleset, 1);
        assert_text(one->name, "First");
        assert_text(one->match, "a b OR c");
        assert_text(one->file, "rules.yaml");
        ck_assert_uint_eq(one->line, 2);
        ck_assert(one->severity_given && one->severity == FW_SEVERITY_CRITICAL && one->test);
        assert_text(one->notify[0], "log");
        assert_text(two->name, "two");
        ck_assert(!two->severity_given && !two->test);
        ck_assert_uint_eq(two->alert_again_at[1], 20);
        ck_assert_uint_eq(two->realert_max_usec, UINT64_C(24) * 3600 * 1000000);
        fw_ruleset_print(ruleset, 0, &out);
        assert_buf(&out, "((a AND b) OR c)");
}
END_TEST

static struct fw_hash128 fingerprint(const char *rules)
{
        compile(rules);
        struct fw_hash128 print = fw_ruleset_rule(ruleset, 0)->fingerprint;
        teardown();
        return print;
}

START_TEST(a_fingerprint_changes_with_anything_of_the_rule)
{
        static const char *const others[] = {
                "rules: [{id: r, match: $x, severity: info}]\ndefine: {x: a}",
                "rules: [{id: r, match: $x}]\ndefine: {x: b}",
                "rules: [{id: r, match: $x, unless: c}]\ndefine: {x: a}",
                "rules: [{id: r, match: $x, feeds: [y]}]\ndefine: {x: a}",
        };
        struct fw_hash128 first = fingerprint("rules: [{id: r, match: $x}]\ndefine: {x: a}");
        struct fw_hash128 same = fingerprint("# moved\ndefine:\n  y: z\n  x: a\nrules:\n  - id: r\n    match: $x\n");
        ck_assert_mem_eq(&first, &same, sizeof(first));
        for (size_t i = 0; i < FW_ARRAY_LEN(others); i++) {
                struct fw_hash128 other = fingerprint(others[i]);
                ck_assert_mem_ne(&first, &other, sizeof(first));
        }
}
END_TEST

static void check_mentions(const char *language, const char *body, const char *expected)
{
        struct fw_document_field field = { FW_FIELD_BODY, fw_str_c(body), true };
        struct fw_document document = { .fields = &field, .fields_len = 1, .language = fw_str_c(language) };
        size_t len;
        const struct fw_mention *mentions = fw_find_mentions(context, &document, &len);
        fw_buf_reset(&out);
        for (size_t i = 0; i < len; i++)
                fw_buf_printf(&out, "%s%.*s [%.*s]%s%s", i ? "; " : "",
                              FW_STR_ARG(fw_ruleset_entity(ruleset, mentions[i].entity_index)->id),
                              FW_STR_ARG(fw_str_slice(field.value, mentions[i].start, mentions[i].end)),
                              mentions[i].lost_to ? " lost to " : "", mentions[i].lost_to ? mentions[i].lost_to : "");
        assert_buf(&out, expected);
}

START_TEST(mentions_tell_what_lost_to_what)
{
        compile_with("rules: []\n",
                     "entities:\n"
                     "  - {id: nk, names: [North Korea, \"Democratic People's Republic of Korea\"], not: [North Korea "
                     "Street]}\n"
                     "  - {id: sk, names: [Republic of Korea]}\n"
                     "  - {id: jordan, names: [Jordan], needs: [Amman]}\n",
                     NULL);
        check_mentions("en", "<b>North</b> Korea", "nk [North</b> Korea]");
        check_mentions("en", "Democratic People’s Republic of Korea",
                       "nk [Democratic People’s Republic of Korea]; sk [Republic of Korea] lost to a longer name");
        check_mentions("en", "North Korea Street", "nk [North Korea] lost to a longer name");
        check_mentions("en", "Jordan", "jordan [Jordan] lost to needs not met");
        check_mentions("en", "Jordan, Amman", "jordan [Jordan]");
}
END_TEST

START_TEST(countries_have_their_names_in_many_languages)
{
        compile_with("rules: []\n",
                     "entities:\n"
                     "  - {id: is, kind: country, country: IS}\n"
                     "  - {id: kp, kind: country, country: KP}\n"
                     "  - {id: kr, kind: country, country: KR, names: [Korea]}\n",
                     NULL);
        check_mentions("de", "Nordkorea und Island", "kp [Nordkorea]; is [Island]");
        check_mentions("en", "Rhode Island, North Korea", "kp [North Korea]; kr [Korea] lost to a longer name");
        check_mentions("", "Nordkorea", "kp [Nordkorea]");
        check_mentions("en", "북한, КНДР", "kp [북한]; kp [КНДР]");
}
END_TEST

UNIT_MAIN_WITH("match", NULL, teardown, hits_are_the_words_that_decided, hits_say_which_part_of_the_query_they_met,
               at_most_so_many_hits, exclusions_are_told_and_not_hidden, rules_out_of_scope_are_not_there,
               fields_of_the_feed_and_language_need_not_be_given, a_limit_is_told_and_costs_only_its_rule,
               near_over_very_many_words_ends, rules_keep_what_their_files_say,
               a_fingerprint_changes_with_anything_of_the_rule, mentions_tell_what_lost_to_what,
               countries_have_their_names_in_many_languages)
