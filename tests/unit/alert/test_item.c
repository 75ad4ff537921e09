#include "fixture.h"

static struct fw_ruleset *rules;
static struct fw_random randomness;
static json_t *made;
static int64_t item_id;

static void compile(const char *yaml)
{
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        struct fw_rule_file file = { .name = FW_STR("rules.yaml"), .content = fw_str_c(yaml) };
        struct fw_rule_sources sources = { .rules = &file, .rules_len = 1 };
        rules = fw_ruleset_unref(rules);
        ck_assert_int_eq(fw_ruleset_compile(&sources, diag, &rules), 0);
}

static void before(void)
{
        set_up();
        fw_random_init_seed(&randomness, 1);
        made = json_array();
        ck_assert_int_eq(add_feed("bbc-world"), 1);
        item_id = add_item(1, "urn:1", "Seoul: North Korean troops in Russia");
        compile("rules:\n  - {id: nk-troops, name: North Korean troops abroad, match: troops, severity: critical}\n"
                "  - {id: trial, match: troops, status: test}\n");
}

static int try_alert(const struct fw_feed_state *feed, const struct fw_item *item, bool updated,
                     const struct fw_match_record *match)
{
        struct fw_alert_origin origin = origin_of(feed);
        return fw_alert_item(store, &config, rules, &origin, item_id, item, FW_STR("en"), updated, match, 1,
                             &randomness, arena, made);
}

static void alert(const struct fw_feed_state *feed, const struct fw_item *item, bool updated, const char *rule_id)
{
        struct fw_match_record match = match_of(rule_id);
        ck_assert_int_eq(try_alert(feed, item, updated, &match), 0);
}

static size_t count_alerts(void)
{
        struct fw_store_totals totals;
        ck_assert_int_eq(fw_store_totals(store, &totals), 0);
        ck_assert_uint_eq(totals.alerts, json_array_size(made));
        return totals.alerts;
}

/* The decisions about the item in words: "old alerted". */
static const char *decisions(void)
{
        static char said[200];
        struct fw_stored_decision *found;
        size_t len;
        ck_assert_int_eq(fw_store_list_decisions(store, item_id, arena, &found, &len), 0);
        said[0] = '\0';
        for (size_t i = 0; i < len; i++)
                snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%s", i ? " " : "",
                         fw_decision_name(found[i].decision));
        return said;
}

START_TEST(a_match_becomes_an_alert_with_its_rows_and_decision)
{
        struct fw_feed_state feed = known_feed();
        alert(&feed, &troops_item, false, "nk-troops");
        ck_assert_uint_eq(count_alerts(), 1);
        struct fw_stored_alert *alerts;
        struct fw_outbox_row *rows;
        struct fw_stored_decision *found;
        size_t len;
        struct fw_alert_filter all = { .since_usec = FW_TIME_NONE };
        ck_assert_int_eq(fw_store_list_alerts(store, &all, arena, &alerts, &len), 0);
        assert_text(alerts->kind, "match");
        assert_text(alerts->rule_id, "nk-troops");
        ck_assert_int_eq(alerts->severity, FW_SEVERITY_CRITICAL);
        ck_assert_int_eq(alerts->item_id, item_id);
        ck_assert_int_eq(alerts->feed_key, 1);
        ck_assert_int_eq(alerts->time_usec, NOW);
        fw_cleanup(fw_json_decrefp) json_t *json = fw_json_parse(alerts->json, NULL);
        ck_assert(json_equal(json, json_array_get(made, 0)));
        ck_assert(fw_str_eq(fw_json_get_str(json, "id"), alerts->id));
        assert_text(fw_json_get_str(json, "reason"), "first");
        ck_assert_int_eq(fw_json_get_int(json_object_get(json, "story"), "feeds", 0), 1);
        ck_assert_int_eq(fw_store_outbox_of(store, alerts->sequence, arena, &rows, &len), 0);
        ck_assert_uint_eq(len, 2);
        ck_assert_int_eq(fw_store_list_decisions(store, item_id, arena, &found, &len), 0);
        ck_assert_uint_eq(len, 1);
        ck_assert(fw_str_eq(found->alert_id, alerts->id));
        ck_assert_ptr_nonnull(memmem(found->hits_json.p, found->hits_json.len, "@north-korea", 12));
}
END_TEST

START_TEST(a_rule_alerts_on_an_item_once_whatever_the_feed)
{
        struct fw_feed_state feed = known_feed(), other = known_feed();
        other.key = 2;
        alert(&feed, &troops_item, false, "nk-troops");
        alert(&other, &troops_item, false, "nk-troops");
        alert(&feed, &troops_item, true, "nk-troops");
        ck_assert_uint_eq(count_alerts(), 1);
        ck_assert_str_eq(decisions(), "alerted");
}
END_TEST

START_TEST(what_was_backfill_or_old_does_not_alert_later)
{
        struct fw_feed_state feed = new_feed();
        struct fw_item old = troops_item;
        old.published_usec = NOW - 30 * DAY;
        alert(&feed, &old, false, "nk-troops");
        ck_assert_str_eq(decisions(), "backfill");
        feed = known_feed();
        alert(&feed, &old, true, "nk-troops");
        ck_assert_uint_eq(count_alerts(), 0);
        ck_assert_str_eq(decisions(), "backfill");
}
END_TEST

START_TEST(an_update_that_matches_for_the_first_time_alerts_whatever_its_date)
{
        struct fw_feed_state feed = known_feed();
        struct fw_item old = troops_item;
        old.published_usec = NOW - 30 * DAY;
        alert(&feed, &old, true, "nk-troops");
        ck_assert_uint_eq(count_alerts(), 1);
        assert_text(fw_json_get_str(json_array_get(made, 0), "reason"), "updated");
}
END_TEST

START_TEST(an_update_that_takes_the_exclusion_away_alerts)
{
        struct fw_feed_state feed = known_feed();
        struct fw_match_record match = match_of("nk-troops");
        match.outcome = FW_EXCLUDED_BY_RULE;
        ck_assert_int_eq(try_alert(&feed, &troops_item, false, &match), 0);
        ck_assert_uint_eq(count_alerts(), 0);
        alert(&feed, &troops_item, true, "nk-troops");
        ck_assert_uint_eq(count_alerts(), 1);
        ck_assert_str_eq(decisions(), "excluded alerted");
}
END_TEST

START_TEST(a_rule_in_test_is_recorded)
{
        struct fw_feed_state feed = known_feed();
        alert(&feed, &troops_item, false, "trial");
        ck_assert_uint_eq(count_alerts(), 0);
        ck_assert_str_eq(decisions(), "test");
}
END_TEST

START_TEST(two_rules_alert_each_with_increasing_ids)
{
        compile("rules:\n  - {id: a, match: troops}\n  - {id: b, match: troops}\n");
        struct fw_feed_state feed = known_feed();
        struct fw_alert_origin origin = origin_of(&feed);
        struct fw_match_record matches[] = { match_of("a"), match_of("b") };
        ck_assert_int_eq(fw_alert_item(store, &config, rules, &origin, item_id, &troops_item, FW_STR("en"), false,
                                       matches, 2, &randomness, arena, made),
                         0);
        ck_assert_uint_eq(count_alerts(), 2);
        ck_assert_int_lt(fw_str_cmp(fw_json_get_str(json_array_get(made, 0), "id"),
                                    fw_json_get_str(json_array_get(made, 1), "id")),
                         0);
}
END_TEST

START_TEST(a_match_of_a_rule_that_is_gone_is_dropped)
{
        struct fw_feed_state feed = known_feed();
        alert(&feed, &troops_item, false, "gone");
        ck_assert_uint_eq(count_alerts(), 0);
        ck_assert_str_eq(decisions(), "");
}
END_TEST

START_TEST(an_alert_whose_transaction_is_taken_back_leaves_nothing)
{
        struct fw_feed_state feed = known_feed();
        ck_assert_int_eq(fw_store_begin(store), 0);
        alert(&feed, &troops_item, false, "nk-troops");
        fw_store_rollback(store);
        ck_assert_str_eq(decisions(), "");
        json_array_clear(made);
        ck_assert_uint_eq(count_alerts(), 0);
}
END_TEST

UNIT_MAIN_WITH("alert item", before, remove_folder, a_match_becomes_an_alert_with_its_rows_and_decision,
               a_rule_alerts_on_an_item_once_whatever_the_feed, what_was_backfill_or_old_does_not_alert_later,
               an_update_that_matches_for_the_first_time_alerts_whatever_its_date,
               an_update_that_takes_the_exclusion_away_alerts, a_rule_in_test_is_recorded,
               two_rules_alert_each_with_increasing_ids, a_match_of_a_rule_that_is_gone_is_dropped,
               an_alert_whose_transaction_is_taken_back_leaves_nothing)
