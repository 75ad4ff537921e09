#include "fixture.h"

static const struct fw_feed_state full = {
        .id = FW_STR("bbc-world"),
        .url = FW_STR("https://feeds.bbci.co.uk/news/world/rss.xml"),
        .moved_url = FW_STR("https://example.org/new"),
        .moved_polls = 3,
        .title = FW_STR("BBC \"World\" – 세계"),
        .home_page_url = FW_STR("https://www.bbc.co.uk/"),
        .condition = FW_FEED_IS_FAILING,
        .reason = FW_STR("HTTP 503"),
        .failures = 7,
        .http_status = 503,
        .malformed = FW_STR("line 3: '&' alone"),
        .entity_tag = FW_STR("W/\"a\"\"b\""),
        .last_modified = FW_STR("Thu, 24 Oct 2024 08:00:00 GMT"),
        .validators_url = FW_STR("https://example.org/v"),
        .body_hash = UINT64_MAX - 5,
        .body_bytes = 123456,
        .first_polled_usec = NOW - 5,
        .last_polled_usec = NOW - 4,
        .last_success_usec = NOW - 3,
        .last_complete_usec = NOW - 2,
        .next_due_usec = NOW - 1,
        .not_before_usec = NOW,
        .due_reason = FW_STR("every 15m"),
        .ttl_minutes = 60,
        .update_period_minutes = 30,
        .skip_hours = UINT32_MAX,
        .skip_days = 0x7f,
};

static void check_same(const struct fw_feed_state *a, const struct fw_feed_state *b)
{
        static const size_t texts[] = {
                offsetof(struct fw_feed_state, id),
                offsetof(struct fw_feed_state, url),
                offsetof(struct fw_feed_state, moved_url),
                offsetof(struct fw_feed_state, title),
                offsetof(struct fw_feed_state, home_page_url),
                offsetof(struct fw_feed_state, reason),
                offsetof(struct fw_feed_state, malformed),
                offsetof(struct fw_feed_state, entity_tag),
                offsetof(struct fw_feed_state, last_modified),
                offsetof(struct fw_feed_state, validators_url),
                offsetof(struct fw_feed_state, due_reason),
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(texts); i++)
                ck_assert_msg(fw_str_eq(*(const struct fw_str *) ((const char *) a + texts[i]),
                                        *(const struct fw_str *) ((const char *) b + texts[i])),
                              "text %zu differs", i);
        ck_assert_int_eq(a->key, b->key);
        ck_assert_uint_eq(a->moved_polls, b->moved_polls);
        ck_assert_int_eq(a->condition, b->condition);
        ck_assert_uint_eq(a->failures, b->failures);
        ck_assert_uint_eq(a->http_status, b->http_status);
        ck_assert_uint_eq(a->body_hash, b->body_hash);
        ck_assert_uint_eq(a->body_bytes, b->body_bytes);
        ck_assert_int_eq(a->first_polled_usec, b->first_polled_usec);
        ck_assert_int_eq(a->last_polled_usec, b->last_polled_usec);
        ck_assert_int_eq(a->last_success_usec, b->last_success_usec);
        ck_assert_int_eq(a->last_complete_usec, b->last_complete_usec);
        ck_assert_int_eq(a->next_due_usec, b->next_due_usec);
        ck_assert_int_eq(a->not_before_usec, b->not_before_usec);
        ck_assert_uint_eq(a->ttl_minutes, b->ttl_minutes);
        ck_assert_uint_eq(a->update_period_minutes, b->update_period_minutes);
        ck_assert_uint_eq(a->skip_hours, b->skip_hours);
        ck_assert_uint_eq(a->skip_days, b->skip_days);
}

static struct fw_feed_state *load(size_t expected)
{
        struct fw_feed_state *states;
        size_t len;
        ck_assert_int_eq(fw_store_load_feeds(store, arena, &states, &len), 0);
        ck_assert_uint_eq(len, expected);
        return states;
}

START_TEST(a_state_comes_back_as_it_was)
{
        struct fw_feed_state state = full;
        ck_assert_int_eq(fw_store_save_feed(store, &state), 0);
        ck_assert_int_ne(state.key, 0);
        reopen();
        check_same(load(1), &state);
}
END_TEST

START_TEST(times_that_are_none_stay_none)
{
        add_feed("a");
        const struct fw_feed_state *state = load(1);
        ck_assert(state->first_polled_usec == FW_TIME_NONE && state->not_before_usec == FW_TIME_NONE);
        ck_assert_int_eq(state->next_due_usec, NOW);
        ck_assert_uint_eq(state->reason.len, 0);
}
END_TEST

START_TEST(saving_again_updates)
{
        struct fw_feed_state state = { .id = FW_STR("a"), .url = FW_STR("https://a/"), .next_due_usec = NOW };
        ck_assert_int_eq(fw_store_save_feed(store, &state), 0);
        int64_t key = state.key;
        state = full;
        state.key = key;
        ck_assert_int_eq(fw_store_save_feed(store, &state), 0);
        check_same(load(1), &state);
}
END_TEST

START_TEST(an_unknown_key_is_refused)
{
        struct fw_feed_state state = full;
        state.key = 99;
        ck_assert_int_eq(fw_store_save_feed(store, &state), -ENOENT);
        load(0);
}
END_TEST

START_TEST(two_feeds_cannot_have_one_id)
{
        add_feed("a");
        struct fw_feed_state state = { .id = FW_STR("a"), .url = FW_STR("https://other/") };
        ck_assert_int_eq(fw_store_save_feed(store, &state), -EEXIST);
        ck_assert_int_eq(state.key, 0);
        load(1);
}
END_TEST

/* ---- what was seen ---- */

static struct fw_seen_item seen_of(const char *id, uint64_t content_hash)
{
        return (struct fw_seen_item){ .key = fw_hash128(fw_str_c(id)), .content_hash = content_hash };
}

/* The content hash that is remembered for an id; 0: none. */
static uint64_t remembered(int64_t feed_key, const char *id)
{
        struct fw_seen_item *seen;
        size_t len;
        ck_assert_int_eq(fw_store_load_seen(store, feed_key, arena, &seen, &len), 0);
        struct fw_hash128 key = fw_hash128(fw_str_c(id));
        for (size_t i = 0; i < len; i++)
                if (memcmp(&seen[i].key, &key, sizeof(key)) == 0)
                        return seen[i].content_hash;
        return 0;
}

START_TEST(seen_keys_are_those_of_their_feed)
{
        struct fw_seen_item seen[] = { seen_of("a", 1), seen_of("b", UINT64_MAX) };
        ck_assert_int_eq(fw_store_save_seen(store, 1, seen, 2, NOW, NOW - DAY), 0);
        ck_assert_uint_eq(remembered(1, "a"), 1);
        ck_assert_uint_eq(remembered(1, "b"), UINT64_MAX);
        ck_assert_uint_eq(remembered(2, "a"), 0);
}
END_TEST

START_TEST(a_changed_content_is_noted_at_once)
{
        struct fw_seen_item seen = seen_of("a", 1);
        ck_assert_int_eq(fw_store_save_seen(store, 1, &seen, 1, NOW, NOW - DAY), 0);
        seen = seen_of("a", 2);
        ck_assert_int_eq(fw_store_save_seen(store, 1, &seen, 1, NOW + 1, NOW - DAY), 0);
        ck_assert_uint_eq(remembered(1, "a"), 2);
}
END_TEST

START_TEST(what_left_the_feed_long_ago_is_forgotten)
{
        struct fw_seen_item a = seen_of("a", 1), b = seen_of("b", 1);
        ck_assert_int_eq(fw_store_save_seen(store, 1, &a, 1, NOW, NOW - 30 * DAY), 0);
        ck_assert_int_eq(fw_store_save_seen(store, 1, &b, 1, NOW + 10 * DAY, NOW - 20 * DAY), 0);
        ck_assert_uint_eq(remembered(1, "a"), 1);
        ck_assert_int_eq(fw_store_save_seen(store, 1, &b, 1, NOW + 31 * DAY, NOW + DAY), 0);
        ck_assert_uint_eq(remembered(1, "a"), 0);
        ck_assert_uint_eq(remembered(1, "b"), 1);
}
END_TEST

START_TEST(what_stands_in_the_feed_is_never_forgotten)
{
        struct fw_seen_item a = seen_of("a", 1);
        for (int64_t at = NOW; at < NOW + 10 * DAY; at += 7 * HOUR) {
                ck_assert_int_eq(fw_store_save_seen(store, 1, &a, 1, at, at - HOUR), 0);
                ck_assert_uint_eq(remembered(1, "a"), 1);
        }
}
END_TEST

UNIT_MAIN_WITH("store feeds", set_up, remove_folder, a_state_comes_back_as_it_was, times_that_are_none_stay_none,
               saving_again_updates, an_unknown_key_is_refused, two_feeds_cannot_have_one_id,
               seen_keys_are_those_of_their_feed, a_changed_content_is_noted_at_once,
               what_left_the_feed_long_ago_is_forgotten, what_stands_in_the_feed_is_never_forgotten)
