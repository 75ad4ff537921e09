#include "fixture.h"

static struct fw_rule_counts rule_counts(const char *rule_id)
{
        struct fw_rule_counts *counts;
        size_t len;
        ck_assert_int_eq(fw_store_rule_counts(store, arena, &counts, &len), 0);
        for (size_t i = 0; i < len; i++)
                if (fw_str_eq(counts[i].rule_id, fw_str_c(rule_id)))
                        return counts[i];
        return (struct fw_rule_counts){ 0 };
}

static void decide(int64_t item_id, enum fw_decision decision, int64_t at_usec)
{
        ck_assert_int_eq(
                fw_store_add_decision(store, item_id, 1, FW_STR("r"), decision, FW_STR(""), FW_STR("[]"), at_usec), 0);
}

START_TEST(rules_are_counted_without_what_was_excluded)
{
        int64_t feed = add_feed("a");
        int64_t first = add_item(feed, "1", "t"), second = add_item(feed, "2", "t"), third = add_item(feed, "3", "t");
        decide(first, FW_DECISION_ALERTED, NOW);
        decide(second, FW_DECISION_OLD, NOW + 1);
        decide(third, FW_DECISION_EXCLUDED, NOW + 2);
        struct fw_rule_counts counts = rule_counts("r");
        ck_assert_uint_eq(counts.matches, 2);
        ck_assert_uint_eq(counts.alerts, 1);
        ck_assert_int_eq(counts.last_match_usec, NOW + 1);
}
END_TEST

START_TEST(feeds_are_counted_by_week)
{
        int64_t a = add_feed("a"), b = add_feed("b");
        add_item_at(a, "1", "t", 0, NOW - 8 * DAY, FW_ITEM_ADDED);
        add_item_at(a, "2", "t", 7, NOW - DAY, FW_ITEM_ADDED);
        add_item_at(b, "3", "t", 7, NOW, FW_ITEM_JOINED);
        struct fw_feed_counts *counts;
        size_t len;
        ck_assert_int_eq(fw_store_feed_counts(store, NOW, arena, &counts, &len), 0);
        ck_assert_uint_eq(len, 2);
        ck_assert_int_eq(counts[0].feed_key, a);
        ck_assert_uint_eq(counts[0].items, 2);
        ck_assert_uint_eq(counts[0].items_week, 1);
        ck_assert_int_eq(counts[0].last_item_usec, NOW - DAY);
        ck_assert_uint_eq(counts[1].items, 1);
        ck_assert_int_eq(counts[1].last_item_usec, NOW);
}
END_TEST

static struct fw_store_totals totals(void)
{
        struct fw_store_totals found;
        ck_assert_int_eq(fw_store_totals(store, &found), 0);
        return found;
}

START_TEST(totals_count_everything)
{
        int64_t feed = add_feed("a");
        add_item(feed, "1", "t");
        add_item(feed, "2", "t");
        add_alert("A1");
        ck_assert_uint_eq(totals().feeds, 1);
        ck_assert_uint_eq(totals().items, 2);
        ck_assert_uint_eq(totals().alerts, 1);
        ck_assert_uint_gt(totals().bytes, 4096);
}
END_TEST

static bool expire(int64_t items_before_usec, int64_t alerts_before_usec, size_t limit)
{
        bool more;
        ck_assert_int_eq(fw_store_expire(store, items_before_usec, alerts_before_usec, limit, &more), 0);
        return more;
}

START_TEST(old_items_go_in_small_steps_with_all_that_is_theirs)
{
        int64_t feed = add_feed("a");
        int64_t items[5];
        for (int i = 0; i < 5; i++) {
                char id[] = { (char) ('0' + i), '\0' };
                items[i] = add_item_at(feed, id, "troops", 0, NOW + i, FW_ITEM_ADDED);
                decide(items[i], FW_DECISION_ALERTED, NOW);
        }
        ck_assert(expire(NOW + 4, 0, 3));
        ck_assert_uint_eq(totals().items, 2);
        ck_assert(!expire(NOW + 4, 0, 3));
        ck_assert_uint_eq(totals().items, 1);
        struct fw_stored_item stored;
        ck_assert_int_eq(fw_store_load_item(store, items[3], arena, &stored), -ENOENT);
        ck_assert_int_eq(fw_store_load_item(store, items[4], arena, &stored), 0);
        struct fw_stored_decision *decisions;
        int64_t *ids;
        size_t len;
        ck_assert_int_eq(fw_store_list_decisions(store, items[0], arena, &decisions, &len), 0);
        ck_assert_uint_eq(len, 0);
        ck_assert_int_eq(fw_store_search_items(store, FW_STR("troops"), 0, arena, &ids, &len), 0);
        ck_assert_uint_eq(len, 1);
        ck_assert_int_eq(fw_store_verify(store), 0);
}
END_TEST

START_TEST(an_item_id_is_never_used_again)
{
        int64_t feed = add_feed("a");
        int64_t first = add_item_at(feed, "1", "t", 0, NOW, FW_ITEM_ADDED);
        expire(NOW + 1, 0, 10);
        ck_assert_int_gt(add_item(feed, "2", "t"), first);
}
END_TEST

START_TEST(old_alerts_go_unless_they_wait_to_be_sent)
{
        add_alert_at("A1", "r", FW_SEVERITY_INFO, 0, 0, NOW);
        add_alert_at("A2", "r", FW_SEVERITY_INFO, 0, 0, NOW);
        add_alert_at("A3", "r", FW_SEVERITY_INFO, 0, 0, NOW + DAY);
        size_t len;
        ck_assert_int_eq(fw_store_outbox_sent(store, due_rows("log", NOW, &len)[0].id, NOW, FW_STR("")), 0);
        ck_assert_int_eq(fw_store_outbox_failed(store, due_rows("desktop", NOW, &len)[0].id, NOW, FW_STR("")), 0);
        ck_assert(!expire(0, NOW + 1, 10));
        ck_assert_uint_eq(totals().alerts, 2);
        struct fw_stored_alert found;
        ck_assert_int_eq(fw_store_find_alert(store, FW_STR("A1A1"), arena, &found), -ENOENT);
        ck_assert_uint_eq((due_rows("log", NOW + DAY, &len), len), 2);
        int64_t sequence;
        ck_assert_int_eq(fw_store_last_sequence(store, &sequence), 0);
        ck_assert_int_eq(sequence, 3);
}
END_TEST

START_TEST(a_much_smaller_store_gives_space_back)
{
        int64_t feed = add_feed("a");
        char text[20001];
        for (size_t i = 0; i < sizeof(text) - 1; i++)
                text[i] = "word "[i % 5];
        text[sizeof(text) - 1] = '\0';
        ck_assert_int_eq(fw_store_begin(store), 0);
        for (int i = 0; i < 100; i++) {
                char id[16];
                snprintf(id, sizeof(id), "%d", i);
                add_item(feed, id, text);
        }
        ck_assert_int_eq(fw_store_commit(store), 0);
        reopen();
        uint64_t before = totals().bytes;
        while (expire(NOW + 1, 0, 50))
                continue;
        for (int i = 0; i < 20; i++)
                expire(NOW + 1, 0, 50);
        reopen();
        ck_assert_uint_lt(totals().bytes, before / 2);
}
END_TEST

UNIT_MAIN_WITH("store counts", set_up, remove_folder, rules_are_counted_without_what_was_excluded,
               feeds_are_counted_by_week, totals_count_everything, old_items_go_in_small_steps_with_all_that_is_theirs,
               an_item_id_is_never_used_again, old_alerts_go_unless_they_wait_to_be_sent,
               a_much_smaller_store_gives_space_back)
