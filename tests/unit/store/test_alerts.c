#include "fixture.h"

#define ID1 "01JAYQ3V8G0000000000000AAA"
#define ID2 "01JAYQ3V8G0000000000000ABB"
#define ID3 "01JAYQ4V8G00000000000CCCCC"

static size_t count_decisions(int64_t item_id)
{
        struct fw_stored_decision *decisions;
        size_t len;
        ck_assert_int_eq(fw_store_list_decisions(store, item_id, arena, &decisions, &len), 0);
        return len;
}

static void decide(int64_t item_id, const char *rule_id, enum fw_decision decision)
{
        ck_assert_int_eq(
                fw_store_add_decision(store, item_id, 1, fw_str_c(rule_id), decision, FW_STR("A"), FW_STR("[]"), NOW),
                0);
}

static bool has_matched(int64_t item_id, const char *rule_id)
{
        bool matched;
        ck_assert_int_eq(fw_store_has_matched(store, item_id, fw_str_c(rule_id), &matched), 0);
        return matched;
}

START_TEST(decisions_have_names)
{
        ck_assert_str_eq(fw_decision_name(FW_DECISION_ALERTED), "alerted");
        ck_assert_str_eq(fw_decision_name(FW_DECISION_EXCLUDED_BY_CONFIG), "excluded-by-config");
        ck_assert_str_eq(fw_decision_name(FW_DECISION_NOT_NOTIFIED), "not-notified");
}
END_TEST

START_TEST(a_decision_comes_back_as_it_was)
{
        int64_t item = add_item(add_feed("a"), "1", "t");
        ck_assert_int_eq(fw_store_add_decision(store, item, 1, FW_STR("r"), FW_DECISION_ALERTED, FW_STR(ID1),
                                               FW_STR("[{}]"), NOW),
                         0);
        struct fw_stored_decision *decisions;
        size_t len;
        ck_assert_int_eq(fw_store_list_decisions(store, item, arena, &decisions, &len), 0);
        ck_assert_uint_eq(len, 1);
        ck_assert_int_eq(decisions->feed_key, 1);
        assert_text(decisions->rule_id, "r");
        ck_assert_int_eq(decisions->decision, FW_DECISION_ALERTED);
        assert_text(decisions->alert_id, ID1);
        assert_text(decisions->hits_json, "[{}]");
        ck_assert_int_eq(decisions->time_usec, NOW);
}
END_TEST

START_TEST(a_rule_has_matched_once_it_was_decided)
{
        int64_t item = add_item(add_feed("a"), "1", "t");
        ck_assert(!has_matched(item, "r"));
        decide(item, "r", FW_DECISION_OLD);
        ck_assert(has_matched(item, "r"));
        ck_assert(!has_matched(item, "other"));
        ck_assert(!has_matched(item + 1, "r"));
}
END_TEST

START_TEST(an_exclusion_is_no_match)
{
        int64_t item = add_item(add_feed("a"), "1", "t");
        decide(item, "r", FW_DECISION_EXCLUDED);
        decide(item, "r", FW_DECISION_EXCLUDED_BY_CONFIG);
        ck_assert(!has_matched(item, "r"));
}
END_TEST

START_TEST(a_pair_has_one_row_but_for_alerts)
{
        int64_t item = add_item(add_feed("a"), "1", "t");
        decide(item, "r", FW_DECISION_EXCLUDED);
        decide(item, "r", FW_DECISION_EXCLUDED_BY_CONFIG);
        ck_assert_uint_eq(count_decisions(item), 1);
        decide(item, "r", FW_DECISION_TEST);
        ck_assert_uint_eq(count_decisions(item), 2);
        decide(item, "r", FW_DECISION_REPEATED);
        decide(item, "r", FW_DECISION_EXCLUDED);
        ck_assert_uint_eq(count_decisions(item), 2);
        decide(item, "r", FW_DECISION_ALERTED);
        ck_assert_uint_eq(count_decisions(item), 3);
        decide(item, "other", FW_DECISION_REPEATED);
        ck_assert_uint_eq(count_decisions(item), 4);
}
END_TEST

static struct fw_stored_alert *list(const struct fw_alert_filter *filter, size_t expected)
{
        struct fw_stored_alert *alerts;
        size_t len;
        ck_assert_int_eq(fw_store_list_alerts(store, filter, arena, &alerts, &len), 0);
        ck_assert_uint_eq(len, expected);
        return alerts;
}

#define ANY .since_usec = FW_TIME_NONE

START_TEST(an_alert_comes_back_as_it_was)
{
        struct fw_stored_alert alert = { .id = FW_STR(ID1),
                                         .time_usec = NOW,
                                         .kind = FW_STR("match"),
                                         .rule_id = FW_STR("r"),
                                         .severity = FW_SEVERITY_CRITICAL,
                                         .item_id = 5,
                                         .feed_key = 6,
                                         .json = FW_STR("{\"a\":1}") };
        ck_assert_int_eq(fw_store_add_alert(store, &alert, NULL, 0), 0);
        reopen();
        struct fw_stored_alert *found = list(&(struct fw_alert_filter){ ANY }, 1);
        ck_assert_int_eq(found->sequence, 1);
        assert_text(found->id, ID1);
        ck_assert_int_eq(found->time_usec, NOW);
        assert_text(found->kind, "match");
        assert_text(found->rule_id, "r");
        ck_assert_int_eq(found->severity, FW_SEVERITY_CRITICAL);
        ck_assert_int_eq(found->item_id, 5);
        ck_assert_int_eq(found->feed_key, 6);
        assert_text(found->json, "{\"a\":1}");
}
END_TEST

START_TEST(alerts_are_listed_by_what_is_asked_for)
{
        int64_t a = add_feed("a"), b = add_feed("b");
        add_alert_at(ID1, "r1", FW_SEVERITY_INFO, 0, a, NOW);
        add_alert_at(ID2, "r2", FW_SEVERITY_CRITICAL, 0, b, NOW + HOUR);
        add_alert_at(ID3, "r1", FW_SEVERITY_WARNING, 0, a, NOW + DAY);
        assert_text(list(&(struct fw_alert_filter){ ANY }, 3)[0].id, ID1);
        assert_text(list(&(struct fw_alert_filter){ ANY, .newest_first = true }, 3)[0].id, ID3);
        assert_text(list(&(struct fw_alert_filter){ ANY, .newest_first = true, .limit = 1 }, 1)[0].id, ID3);
        assert_text(list(&(struct fw_alert_filter){ ANY, .after_sequence = 1 }, 2)[0].id, ID2);
        assert_text(list(&(struct fw_alert_filter){ .since_usec = NOW + HOUR }, 2)[0].id, ID2);
        list(&(struct fw_alert_filter){ ANY, .rule_id = FW_STR("r1") }, 2);
        list(&(struct fw_alert_filter){ ANY, .feed_id = FW_STR("b") }, 1);
        list(&(struct fw_alert_filter){ ANY, .feed_id = FW_STR("none") }, 0);
        list(&(struct fw_alert_filter){ ANY, .severity_given = true, .min_severity = FW_SEVERITY_WARNING }, 2);
        list(&(struct fw_alert_filter){ ANY, .channel = FW_STR("log") }, 3);
        list(&(struct fw_alert_filter){ ANY, .channel = FW_STR("email") }, 0);
        list(&(struct fw_alert_filter){ .since_usec = NOW,
                                        .rule_id = FW_STR("r1"),
                                        .feed_id = FW_STR("a"),
                                        .severity_given = true,
                                        .min_severity = FW_SEVERITY_WARNING,
                                        .channel = FW_STR("log"),
                                        .after_sequence = 1 },
             1);
}
END_TEST

START_TEST(failed_alerts_are_found)
{
        add_alert(ID1);
        add_alert(ID2);
        size_t len;
        struct fw_outbox_row *rows = due_rows("log", NOW, &len);
        ck_assert_int_eq(fw_store_outbox_failed(store, rows[1].id, NOW, FW_STR("no")), 0);
        assert_text(list(&(struct fw_alert_filter){ ANY, .failed_only = true }, 1)[0].id, ID2);
}
END_TEST

START_TEST(one_alert_id_is_stored_once)
{
        add_alert(ID1);
        struct fw_stored_alert alert = { .id = FW_STR(ID1), .kind = FW_STR("match"), .json = FW_STR("{}") };
        ck_assert_int_eq(fw_store_add_alert(store, &alert, NULL, 0), -EEXIST);
}
END_TEST

START_TEST(a_short_id_is_enough_if_it_is_the_only_one)
{
        add_alert(ID1);
        add_alert(ID2);
        add_alert(ID3);
        struct fw_stored_alert found;
        ck_assert_int_eq(fw_store_find_alert(store, FW_STR(ID2), arena, &found), 0);
        assert_text(found.id, ID2);
        ck_assert_int_eq(fw_store_find_alert(store, FW_STR("0aaa"), arena, &found), 0);
        assert_text(found.id, ID1);
        ck_assert_int_eq(fw_store_find_alert(store, FW_STR("01jayq4"), arena, &found), 0);
        assert_text(found.id, ID3);
        ck_assert_int_eq(fw_store_find_alert(store, FW_STR("01JAYQ"), arena, &found), -ENOTUNIQ);
        ck_assert_int_eq(fw_store_find_alert(store, FW_STR("CCC"), arena, &found), -ENOENT);
        ck_assert_int_eq(fw_store_find_alert(store, FW_STR("ZZZZ"), arena, &found), -ENOENT);
        ck_assert_int_eq(fw_store_find_alert(store, FW_STR("%%%%"), arena, &found), -ENOENT);
        ck_assert_int_eq(fw_store_find_alert(store, FW_STR(""), arena, &found), -ENOENT);
}
END_TEST

START_TEST(the_last_alert_is_known)
{
        int64_t sequence = -1;
        struct fw_str id = FW_STR("x");
        ck_assert_int_eq(fw_store_last_sequence(store, &sequence), 0);
        ck_assert_int_eq(fw_store_last_alert_id(store, arena, &id), 0);
        ck_assert_int_eq(sequence, 0);
        ck_assert_uint_eq(id.len, 0);
        add_alert(ID2);
        add_alert(ID1);
        ck_assert_int_eq(fw_store_last_sequence(store, &sequence), 0);
        ck_assert_int_eq(fw_store_last_alert_id(store, arena, &id), 0);
        ck_assert_int_eq(sequence, 2);
        assert_text(id, ID1);
}
END_TEST

UNIT_MAIN_WITH("store alerts", set_up, remove_folder, decisions_have_names, a_decision_comes_back_as_it_was,
               a_rule_has_matched_once_it_was_decided, an_exclusion_is_no_match, a_pair_has_one_row_but_for_alerts,
               an_alert_comes_back_as_it_was, alerts_are_listed_by_what_is_asked_for, failed_alerts_are_found,
               one_alert_id_is_stored_once, a_short_id_is_enough_if_it_is_the_only_one, the_last_alert_is_known)
