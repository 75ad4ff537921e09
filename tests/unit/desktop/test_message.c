#include "desktop/message.h"

#include "base/alloc.h"
#include "unit.h"

static struct fw_message message;

static void tear_down(void)
{
        fw_message_done(&message);
}

static void of_alert(const char *text, bool markup)
{
        json_t *alert = fw_json_parse(fw_str_c(text), NULL);
        ck_assert_ptr_nonnull(alert);
        fw_message_of_alert(alert, markup, &message);
        json_decref(alert);
}

#define ALERT                                                                                                       \
        "{\"rule\":\"nk\",\"rule_name\":\"North Korean troops\",\"severity\":\"critical\",\"item\":{"               \
        "\"title\":\"Troops & trains\",\"url\":\"https://a.example/?a=1&b=2\",\"excerpt\":\"the troops move <b>\"," \
        "\"marks\":[{\"start\":4,\"end\":10}],\"feed\":{\"title\":\"A <feed>\"}}}"

START_TEST(an_alert_says_rule_title_excerpt_and_feed)
{
        of_alert(ALERT, true);
        ck_assert_str_eq(message.summary, "North Korean troops: Troops & trains");
        ck_assert_str_eq(message.body, "the <b>troops</b> move &lt;b&gt;\nA &lt;feed&gt;");
        ck_assert_str_eq(message.link, "https://a.example/?a=1&b=2");
        ck_assert_int_eq(message.urgency, FW_URGENCY_CRITICAL);
}
END_TEST

START_TEST(a_server_without_markup_gets_none)
{
        of_alert(ALERT, false);
        ck_assert_str_eq(message.body, "the troops move <b>\nA <feed>");
}
END_TEST

START_TEST(marks_at_the_ends_and_over_spaces_are_well_formed)
{
        of_alert("{\"item\":{\"excerpt\":\"a b c\",\"marks\":[{\"start\":0,\"end\":3},{\"start\":4,\"end\":5}]}}",
                 true);
        ck_assert_str_eq(message.body, "<b>a b</b> <b>c</b>");
}
END_TEST

START_TEST(urgency_follows_severity)
{
        static const struct {
                const char *severity;
                enum fw_urgency urgency;
        } cases[] = { { "info", FW_URGENCY_LOW },
                      { "notice", FW_URGENCY_NORMAL },
                      { "warning", FW_URGENCY_NORMAL },
                      { "critical", FW_URGENCY_CRITICAL },
                      { "never heard of", FW_URGENCY_NORMAL } };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                fw_cleanup(fw_freep) char *alert = fw_asprintf("{\"severity\":\"%s\"}", cases[i].severity);
                of_alert(alert, true);
                ck_assert_int_eq(message.urgency, cases[i].urgency);
                fw_message_done(&message);
        }
}
END_TEST

START_TEST(only_web_links_are_opened)
{
        static const char *const refused[] = { "javascript:alert(1)", "file:///etc/passwd", "httpx://a", "",
                                               "https://a b",         "http://a\\nb" };
        for (size_t i = 0; i < FW_ARRAY_LEN(refused); i++) {
                fw_cleanup(fw_freep) char *alert = fw_asprintf("{\"item\":{\"url\":\"%s\"}}", refused[i]);
                of_alert(alert, true);
                ck_assert_msg(!message.link, "'%s' would be opened", refused[i]);
                fw_message_done(&message);
        }
        of_alert("{\"item\":{\"url\":\"HTTP://a.example/\"}}", true);
        ck_assert_str_eq(message.link, "HTTP://a.example/");
}
END_TEST

START_TEST(nothing_of_a_feed_acts_on_the_display)
{
        of_alert("{\"rule\":\"r\",\"item\":{\"title\":\"a\\u202eb\\u0007c\\n\\td\",\"excerpt\":\"\\u001b[31mx\"}}",
                 true);
        ck_assert_str_eq(message.summary, "r: abc d");
        ck_assert_str_eq(message.body, "[31mx");
}
END_TEST

START_TEST(a_long_title_is_cut_between_characters)
{
        struct fw_buf title = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (int i = 0; i < 300; i++)
                (void) fw_buf_append_c(&title, "é");
        fw_cleanup(fw_freep) char *alert =
                fw_asprintf("{\"rule\":\"r\",\"item\":{\"title\":\"%s\"}}", fw_buf_c(&title));
        of_alert(alert, true);
        ck_assert_uint_le(strlen(message.summary), FW_LIMIT_MESSAGE_SUMMARY_BYTES);
        ck_assert_uint_ge(strlen(message.summary), FW_LIMIT_MESSAGE_SUMMARY_BYTES - 4);
        ck_assert(fw_str_ends(fw_str_c(message.summary), FW_STR("é…")));
        fw_buf_done(&title);
}
END_TEST

START_TEST(an_alert_without_an_item_still_says_something)
{
        of_alert("{\"kind\":\"health\",\"reason\":\"failing for 6 h\",\"severity\":\"notice\"}", true);
        ck_assert_str_eq(message.summary, "health: failing for 6 h");
        ck_assert_str_eq(message.body, "");
        ck_assert_ptr_null(message.link);
}
END_TEST

START_TEST(many_alerts_are_one_message_the_most_severe_first)
{
        const json_t *alerts[7];
        for (size_t i = 0; i < FW_ARRAY_LEN(alerts); i++) {
                fw_cleanup(fw_freep) char *title = fw_asprintf("<%zu>", i);
                alerts[i] = json_pack("{s:s,s:s,s:{s:s}}", "rule", "r", "severity",
                                      i == 6  ? "critical"
                                      : i < 2 ? "info"
                                              : "warning",
                                      "item", "title", title);
        }
        fw_message_of_many(alerts, FW_ARRAY_LEN(alerts), true, &message);
        ck_assert_str_eq(message.summary, "7 new alerts");
        ck_assert_str_eq(message.body, "r: &lt;6&gt;\nr: &lt;2&gt;\nr: &lt;3&gt;\nr: &lt;4&gt;\nr: &lt;5&gt;\nand 2 "
                                       "more: feedwatch alerts list");
        ck_assert_int_eq(message.urgency, FW_URGENCY_CRITICAL);
        ck_assert_ptr_null(message.link);
        for (size_t i = 0; i < FW_ARRAY_LEN(alerts); i++)
                json_decref((json_t *) (uintptr_t) alerts[i]);
}
END_TEST

UNIT_MAIN_WITH("message", NULL, tear_down, an_alert_says_rule_title_excerpt_and_feed, a_server_without_markup_gets_none,
               marks_at_the_ends_and_over_spaces_are_well_formed, urgency_follows_severity, only_web_links_are_opened,
               nothing_of_a_feed_acts_on_the_display, a_long_title_is_cut_between_characters,
               an_alert_without_an_item_still_says_something, many_alerts_are_one_message_the_most_severe_first)
