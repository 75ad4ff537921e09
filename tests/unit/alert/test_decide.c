#include "fixture.h"

static struct fw_rule live = { .id = FW_STR("r"), .name = FW_STR("r") };

static enum fw_decision decide(const struct fw_config *with, const struct fw_rule *rule,
                               const struct fw_feed_state *feed, int64_t published_usec)
{
        struct fw_alert_origin origin = origin_of(feed);
        return fw_alert_decide(with, rule, &origin, published_usec, FW_MATCHED);
}

START_TEST(a_fresh_item_of_a_known_feed_alerts)
{
        struct fw_feed_state feed = known_feed();
        ck_assert_int_eq(decide(&config, &live, &feed, NOW), FW_DECISION_ALERTED);
        ck_assert_int_eq(decide(&config, &live, &feed, FW_TIME_NONE), FW_DECISION_ALERTED);
        ck_assert_int_eq(decide(&config, &live, &feed, NOW + DAY), FW_DECISION_ALERTED);
}
END_TEST

START_TEST(an_item_may_be_late_by_the_grace_but_not_more)
{
        struct fw_feed_state feed = known_feed();
        int64_t edge = feed.last_complete_usec - (int64_t) FW_ALERT_LATE_GRACE_USEC;
        ck_assert_int_eq(decide(&config, &live, &feed, edge), FW_DECISION_ALERTED);
        ck_assert_int_eq(decide(&config, &live, &feed, edge - 1), FW_DECISION_OLD);
}
END_TEST

START_TEST(the_first_fetch_alerts_on_young_items_only)
{
        struct fw_feed_state feed = new_feed();
        ck_assert_int_eq(decide(&config, &live, &feed, NOW - DAY), FW_DECISION_ALERTED);
        ck_assert_int_eq(decide(&config, &live, &feed, NOW - DAY - 1), FW_DECISION_BACKFILL);
        ck_assert_int_eq(decide(&config, &live, &feed, FW_TIME_NONE), FW_DECISION_ALERTED);
}
END_TEST

START_TEST(a_feed_that_only_failed_so_far_is_still_at_its_first_fetch)
{
        struct fw_feed_state feed = new_feed();
        feed.first_polled_usec = NOW - 30 * DAY;
        ck_assert_int_eq(decide(&config, &live, &feed, NOW - 2 * DAY), FW_DECISION_BACKFILL);
}
END_TEST

START_TEST(backfill_can_be_all_or_none)
{
        struct fw_feed_state feed = new_feed();
        struct fw_config other = config;
        other.backfill = FW_BACKFILL_ALL;
        ck_assert_int_eq(decide(&other, &live, &feed, 0), FW_DECISION_ALERTED);
        other.backfill = FW_BACKFILL_NONE;
        ck_assert_int_eq(decide(&other, &live, &feed, NOW), FW_DECISION_BACKFILL);
        feed = known_feed();
        ck_assert_int_eq(decide(&other, &live, &feed, NOW), FW_DECISION_ALERTED);
}
END_TEST

START_TEST(exclusions_are_told_apart)
{
        struct fw_feed_state feed = known_feed();
        struct fw_alert_origin origin = origin_of(&feed);
        ck_assert_int_eq(fw_alert_decide(&config, &live, &origin, NOW, FW_EXCLUDED_BY_RULE), FW_DECISION_EXCLUDED);
        ck_assert_int_eq(fw_alert_decide(&config, &live, &origin, NOW, FW_EXCLUDED_BY_CONFIG),
                         FW_DECISION_EXCLUDED_BY_CONFIG);
}
END_TEST

START_TEST(a_rule_in_test_says_what_would_have_alerted)
{
        struct fw_feed_state feed = known_feed();
        struct fw_rule rule = live;
        rule.test = true;
        ck_assert_int_eq(decide(&config, &rule, &feed, NOW), FW_DECISION_TEST);
        ck_assert_int_eq(decide(&config, &rule, &feed, 0), FW_DECISION_OLD);
}
END_TEST

START_TEST(without_a_channel_nobody_is_notified)
{
        struct fw_feed_state feed = known_feed();
        static const struct fw_str mail[] = { FW_STR("mail"), FW_STR("no-such-channel") };
        struct fw_rule rule = live;
        rule.notify = mail;
        rule.notify_len = 2;
        ck_assert_int_eq(decide(&config, &rule, &feed, NOW), FW_DECISION_NOT_NOTIFIED);
}
END_TEST

static size_t route(const struct fw_rule *rule, const struct fw_str **ret_channels)
{
        size_t len;
        fw_alert_route(&config, rule, arena, ret_channels, &len);
        return len;
}

START_TEST(a_rule_goes_to_its_channels_or_to_the_defaults)
{
        const struct fw_str *found;
        static const struct fw_str desktop[] = { FW_STR("desktop") };
        struct fw_rule rule = live;
        ck_assert_uint_eq(route(&rule, &found), 2);
        assert_text(found[0], "log");
        assert_text(found[1], "desktop");
        rule.notify = desktop;
        rule.notify_len = 1;
        ck_assert_uint_eq(route(&rule, &found), 1);
        assert_text(found[0], "desktop");
}
END_TEST

START_TEST(a_channel_takes_no_less_than_its_least_severity)
{
        const struct fw_str *found;
        struct fw_rule rule = live;
        rule.severity_given = true;
        rule.severity = FW_SEVERITY_NOTICE;
        ck_assert_uint_eq(route(&rule, &found), 1);
        assert_text(found[0], "log");
}
END_TEST

START_TEST(a_rules_severity_is_its_own_or_the_default)
{
        struct fw_rule rule = live;
        rule.severity = FW_SEVERITY_CRITICAL;
        ck_assert_int_eq(fw_alert_severity(&config, &rule), FW_SEVERITY_WARNING);
        rule.severity_given = true;
        ck_assert_int_eq(fw_alert_severity(&config, &rule), FW_SEVERITY_CRITICAL);
}
END_TEST

UNIT_MAIN_WITH("alert decide", make_folder, remove_folder, a_fresh_item_of_a_known_feed_alerts,
               an_item_may_be_late_by_the_grace_but_not_more, the_first_fetch_alerts_on_young_items_only,
               a_feed_that_only_failed_so_far_is_still_at_its_first_fetch, backfill_can_be_all_or_none,
               exclusions_are_told_apart, a_rule_in_test_says_what_would_have_alerted,
               without_a_channel_nobody_is_notified, a_rule_goes_to_its_channels_or_to_the_defaults,
               a_channel_takes_no_less_than_its_least_severity, a_rules_severity_is_its_own_or_the_default)
