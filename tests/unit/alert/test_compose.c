#include "fixture.h"

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

UNIT_MAIN_WITH("alert compose", make_folder, remove_folder, an_alert_is_one_object_with_everything,
               what_is_not_known_is_null_or_empty, the_matches_alone_are_an_array, bytes_that_are_no_text_are_repaired)
