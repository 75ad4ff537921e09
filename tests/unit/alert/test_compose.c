#include "fixture.h"

#include "alert/limits.h"
#include "base/utf8.h"

static void check_json(json_t *json, const char *expected)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_json_append(&text, json), 0);
        ck_assert_str_eq(fw_buf_c(&text), expected);
        json_decref(json);
}

START_TEST(an_alert_is_one_object_with_everything)
{
        check_json(troops_alert(),
                   "{\"id\":\"01JAYQ3V8G0000000000000AAA\",\"time\":\"2024-10-24T08:31:02Z\",\"kind\":\"match\","
                   "\"reason\":\"first\","
                   "\"rule\":\"nk-troops\",\"rule_name\":\"North Korean troops abroad\",\"severity\":\"critical\","
                   "\"item\":{\"id\":42,\"title\":\"Seoul: North Korean troops in "
                   "Russia\",\"url\":\"https://example.org/1\","
                   "\"published\":\"2024-10-24T07:31:02Z\",\"language\":\"en\","
                   "\"excerpt\":\"Three thousand North Korean soldiers have been "
                   "sent.\",\"marks\":[{\"start\":15,\"end\":27}],"
                   "\"feed\":{\"id\":\"bbc-world\",\"title\":\"BBC World\",\"url\":\"https://example.org/feed\"}},"
                   "\"matches\":[{\"field\":\"title\",\"start\":7,\"end\":19,\"text\":\"North "
                   "Korean\",\"term\":\"@north-korea\"},"
                   "{\"field\":\"title\",\"start\":20,\"end\":26,\"text\":\"troops\",\"term\":\"troop*\"},"
                   "{\"field\":\"body\",\"start\":15,\"end\":27,\"text\":\"North Korean\",\"term\":\"@north-korea\"}],"
                   "\"story\":{\"id\":42,\"items\":1,\"feeds\":2}}");
}
END_TEST

START_TEST(what_is_not_known_is_null_or_empty)
{
        struct fw_item item = { .published_usec = FW_TIME_NONE };
        struct fw_rule rule = { .id = FW_STR("r"), .name = FW_STR("r") };
        struct fw_feed_state feed = { .id = FW_STR("f"), .url = FW_STR("https://f/") };
        struct fw_alert_origin origin = { .feed = &feed, .feed_title = FW_STR("f"), .now_usec = NOW };
        struct fw_match_record match = { .rule_id = rule.id };
        struct fw_alert_parts parts = { .id = FW_STR("A"),
                                        .time_usec = NOW,
                                        .rule = &rule,
                                        .severity = FW_SEVERITY_INFO,
                                        .reason = "updated",
                                        .item = &item,
                                        .feeds = 1,
                                        .match = &match,
                                        .origin = &origin };
        check_json(fw_alert_compose(&parts), "{\"id\":\"A\",\"time\":\"2024-10-24T08:31:02Z\",\"kind\":\"match\","
                                             "\"reason\":\"updated\",\"rule\":\"r\","
                                             "\"rule_name\":\"r\",\"severity\":\"info\",\"item\":{\"id\":0,\"title\":"
                                             "\"\",\"url\":\"\",\"published\":null,"
                                             "\"language\":null,\"excerpt\":\"\",\"marks\":[],\"feed\":{\"id\":\"f\","
                                             "\"title\":\"f\",\"url\":\"https://f/\"}},"
                                             "\"matches\":[],\"story\":{\"id\":0,\"items\":1,\"feeds\":1}}");
}
END_TEST

START_TEST(the_matches_alone_are_an_array)
{
        struct fw_match_record match = match_of("r");
        match.hits_len = 1;
        check_json(
                fw_alert_matches_json(&match),
                "[{\"field\":\"title\",\"start\":7,\"end\":19,\"text\":\"North Korean\",\"term\":\"@north-korea\"}]");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_repaired)
{
        struct fw_hit_record hit = { .field = FW_FIELD_TITLE, .text = FW_STR("a\xffz"), .term = FW_STR("") };
        struct fw_match_record match = { .hits = &hit, .hits_len = 1 };
        check_json(fw_alert_matches_json(&match),
                   "[{\"field\":\"title\",\"start\":0,\"end\":0,\"text\":\"a\uFFFDz\",\"term\":\"\"}]");
}
END_TEST

static void check_cut(const json_t *object, const char *key, size_t most_bytes)
{
        struct fw_str text = fw_json_get_str(object, key);
        ck_assert_uint_le(text.len, most_bytes);
        ck_assert_uint_gt(text.len, most_bytes - 4); /* "ö" is not cut in two */
        ck_assert(fw_utf8_valid(text));
        ck_assert(fw_str_ends(text, FW_STR("…")));
}

static void check_range(const json_t *matches, size_t index, json_int_t start, json_int_t end)
{
        ck_assert_int_eq(fw_json_get_int(json_array_get(matches, index), "start", -1), start);
        ck_assert_int_eq(fw_json_get_int(json_array_get(matches, index), "end", -1), end);
}

START_TEST(what_a_feed_says_is_cut)
{
        fw_cleanup(fw_buf_done) struct fw_buf endless = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (size_t i = 0; i < 1500 * 1000; i++)
                (void) fw_buf_append_c(&endless, "ö");
        struct fw_str text = fw_buf_str(&endless);
        struct fw_item item = { .title = text, .url = text, .published_usec = FW_TIME_NONE };
        struct fw_rule rule = { .id = FW_STR("r"), .name = FW_STR("r") };
        struct fw_feed_state feed = { .id = FW_STR("f"), .url = text };
        struct fw_alert_origin origin = { .feed = &feed, .feed_title = text, .now_usec = NOW };
        const struct fw_hit_record hits[] = {
                { .field = FW_FIELD_TITLE, .start = 0, .end = 2, .text = FW_STR("ö"), .term = text },
                { .field = FW_FIELD_TITLE, .start = 2, .end = 3000000, .text = text },
                { .field = FW_FIELD_TITLE, .start = 996, .end = 998 },
                { .field = FW_FIELD_BODY, .start = 2000000, .end = 2000002 },
        };
        struct fw_match_record match = { .rule_id = rule.id, .hits = hits, .hits_len = FW_ARRAY_LEN(hits) };
        struct fw_alert_parts parts = { .id = FW_STR("A"),
                                        .time_usec = NOW,
                                        .rule = &rule,
                                        .reason = "first",
                                        .item = &item,
                                        .language = text,
                                        .match = &match,
                                        .origin = &origin };
        fw_cleanup(fw_json_decrefp) json_t *alert = fw_alert_compose(&parts);
        const json_t *shown = json_object_get(alert, "item"), *matches = json_object_get(alert, "matches");
        check_cut(shown, "title", FW_LIMIT_ALERT_TITLE_BYTES);
        check_cut(shown, "url", FW_LIMIT_ALERT_URL_BYTES);
        check_cut(shown, "language", FW_LIMIT_ALERT_LANGUAGE_BYTES);
        check_cut(json_object_get(shown, "feed"), "title", FW_LIMIT_ALERT_FEED_TITLE_BYTES);
        check_cut(json_object_get(shown, "feed"), "url", FW_LIMIT_ALERT_URL_BYTES);
        check_cut(json_array_get(matches, 0), "term", FW_LIMIT_ALERT_TERM_BYTES);
        check_cut(json_array_get(matches, 1), "text", FW_LIMIT_ALERT_MATCH_TEXT_BYTES);
        ck_assert_uint_eq(json_array_size(matches), 3);
        check_range(matches, 0, 0, 2);
        check_range(matches, 1, 2, 996); /* clamped; the one behind the cut is left out */
        check_range(matches, 2, 2000000, 2000002);
}
END_TEST

UNIT_MAIN_WITH("alert compose", make_folder, remove_folder, an_alert_is_one_object_with_everything,
               what_is_not_known_is_null_or_empty, the_matches_alone_are_an_array, bytes_that_are_no_text_are_repaired,
               what_a_feed_says_is_cut)
