/*
 * What is watched, in step with the configuration, over a real store.
 */
#include "fixture.h"

#define A     "{id: a, url: 'https://a.example/feed', interval: 1h}"
#define B     "{id: b, url: 'https://b.example/feed', interval: 1h}"
#define MOVED "{id: a, url: 'https://a.example/elsewhere', interval: 1h}"

/* What a poll would have left behind. */
static void save(const char *id, enum fw_feed_condition condition, int64_t next_due_usec)
{
        struct fw_watched_feed *feed = feed_of(id);
        struct fw_feed_state state = feed->state;
        state.condition = condition;
        state.reason = condition == FW_FEED_IS_OK ? FW_STR_NONE : FW_STR("because");
        state.entity_tag = FW_STR("\"4a\"");
        state.validators_url = state.url;
        state.body_hash = 7;
        state.first_polled_usec = state.last_polled_usec = NOW;
        state.next_due_usec = next_due_usec;
        ck_assert_int_eq(fw_store_save_feed(tested.store, &state), 0);
        fw_feed_keep_state(&tested, feed, &state);
}

/* Ends and starts again: everything but the store is forgotten. */
static void restart(const char *feeds)
{
        fw_feeds_done(&tested);
        fw_map_init(&tested.feeds_by_key);
        ck_assert_uint_eq(fw_schedule_len(tested.schedule), 0);
        load(feeds);
}

START_TEST(added_feeds_are_new_stored_and_scheduled)
{
        load("feeds: [" A "," B "]\n");
        ck_assert_uint_eq(tested.feeds.len, 2);
        ck_assert_uint_eq(fw_schedule_len(tested.schedule), 2);
        const struct fw_feed_state *state = &feed_of("a")->state;
        ck_assert_int_eq(state->condition, FW_FEED_IS_NEW);
        ck_assert_int_gt(state->key, 0);
        assert_text(state->url, "https://a.example/feed");
        assert_text(state->due_reason, "never polled");

        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_feed_state *stored;
        size_t len;
        ck_assert_int_eq(fw_store_load_feeds(tested.store, arena, &stored, &len), 0);
        ck_assert_uint_eq(len, 2);
}
END_TEST

START_TEST(kept_feeds_keep_their_state_and_place)
{
        load("feeds: [" A "]\n");
        save("a", FW_FEED_IS_OK, NOW + (int64_t) FW_USEC_PER_HOUR);
        const struct fw_watched_feed *before = feed_of("a");
        load("feeds: [" B "," A "]\n");
        ck_assert_ptr_eq(feed_of("a"), before);
        ck_assert_ptr_eq(tested.feeds.p[1], before);
        assert_text(before->state.entity_tag, "\"4a\"");
        ck_assert_int_eq(before->state.next_due_usec, NOW + (int64_t) FW_USEC_PER_HOUR);
        ck_assert_int_eq(before->state.condition, FW_FEED_IS_OK);
}
END_TEST

START_TEST(dropped_feeds_are_not_scheduled_and_go_on_when_they_come_back)
{
        load("feeds: [" A "," B "]\n");
        save("a", FW_FEED_IS_OK, NOW + (int64_t) FW_USEC_PER_HOUR);
        int64_t key = feed_of("a")->state.key;
        load("feeds: [" B "]\n");
        ck_assert_uint_eq(tested.feeds.len, 1);
        ck_assert_uint_eq(fw_schedule_len(tested.schedule), 1);
        ck_assert(!fw_schedule_remove(tested.schedule, key));

        load("feeds: [" A "," B "]\n");
        ck_assert_int_eq(feed_of("a")->state.key, key);
        assert_text(feed_of("a")->state.entity_tag, "\"4a\"");
        ck_assert_int_eq(feed_of("a")->state.next_due_usec, NOW + (int64_t) FW_USEC_PER_HOUR);
}
END_TEST

START_TEST(a_restart_goes_on_from_the_store)
{
        load("feeds: [" A "]\n");
        save("a", FW_FEED_IS_OK, NOW + (int64_t) FW_USEC_PER_HOUR);
        restart("feeds: [" A "]\n");
        ck_assert_int_eq(feed_of("a")->state.condition, FW_FEED_IS_OK);
        assert_text(feed_of("a")->state.entity_tag, "\"4a\"");
        ck_assert_int_eq(fw_schedule_next(tested.schedule), NOW + (int64_t) FW_USEC_PER_HOUR);
}
END_TEST

static void assert_forgotten(void)
{
        const struct fw_feed_state *state = &feed_of("a")->state;
        assert_text(state->url, "https://a.example/elsewhere");
        assert_text(state->entity_tag, "");
        assert_text(state->validators_url, "");
        assert_text(state->due_reason, "its address changed");
        ck_assert_uint_eq(state->body_hash, 0);
        ck_assert_int_eq(state->condition, FW_FEED_IS_NEW);
        ck_assert_int_eq(state->first_polled_usec, NOW);
        ck_assert_uint_eq(fw_schedule_len(tested.schedule), 1);
}

START_TEST(a_changed_address_forgets_the_old_ones_answers)
{
        load("feeds: [" A "]\n");
        save("a", FW_FEED_IS_GONE, FW_TIME_NONE);
        int64_t key = feed_of("a")->state.key;
        load("feeds: [" MOVED "]\n");
        ck_assert_int_eq(feed_of("a")->state.key, key);
        assert_forgotten();
        restart("feeds: [" MOVED "]\n");
        assert_forgotten();
}
END_TEST

START_TEST(a_changed_address_leaves_a_paused_feed_paused)
{
        load("feeds: [" A "]\n");
        save("a", FW_FEED_IS_PAUSED, NOW);
        load("feeds: [" MOVED "]\n");
        ck_assert_int_eq(feed_of("a")->state.condition, FW_FEED_IS_PAUSED);
        ck_assert_uint_eq(fw_schedule_len(tested.schedule), 0);
}
END_TEST

START_TEST(gone_and_paused_feeds_are_not_scheduled)
{
        load("feeds: [" A "," B "]\n");
        save("a", FW_FEED_IS_PAUSED, NOW);
        save("b", FW_FEED_IS_GONE, FW_TIME_NONE);
        ck_assert_uint_eq(fw_schedule_len(tested.schedule), 0);
        restart("feeds: [" A "," B "]\n");
        ck_assert_uint_eq(fw_schedule_len(tested.schedule), 0);
        ck_assert_int_eq(feed_of("a")->state.condition, FW_FEED_IS_PAUSED);
        ck_assert_int_eq(feed_of("b")->state.condition, FW_FEED_IS_GONE);
}
END_TEST

#define MANY 1000

/* As many feeds as would be a burst; `interval` holds for each. */
static void load_many(void)
{
        fw_cleanup(fw_buf_done) struct fw_buf list = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&list, "feeds:\n");
        for (int i = 0; i < MANY; i++)
                (void) fw_buf_printf(&list, "  - {id: f%d, url: 'https://f%d.example/', interval: 1h}\n", i, i);
        load(fw_buf_c(&list));
}

/* In no tenth of the time until the last first poll is more than a fifth of the feeds due. */
static void assert_spread(void)
{
        size_t tenths[10] = { 0 };
        int64_t last_usec = NOW;
        for (size_t i = 0; i < MANY; i++)
                last_usec = FW_MAX(last_usec, tested.feeds.p[i]->state.next_due_usec);
        ck_assert_int_gt(last_usec, NOW);
        ck_assert_int_le(last_usec, NOW + (int64_t) FW_USEC_PER_HOUR);
        for (size_t i = 0; i < MANY; i++) {
                int64_t after_usec = tested.feeds.p[i]->state.next_due_usec - NOW;
                assert_in_loop(after_usec >= 0);
                tenths[after_usec * 10 / (last_usec - NOW + 1)]++;
        }
        for (size_t i = 0; i < FW_ARRAY_LEN(tenths); i++)
                ck_assert_uint_le(tenths[i], MANY / 5);
}

START_TEST(the_first_polls_of_many_feeds_are_spread)
{
        load_many();
        ck_assert_uint_eq(fw_schedule_len(tested.schedule), MANY);
        assert_spread();
}
END_TEST

START_TEST(overdue_feeds_are_spread_after_a_long_absence)
{
        load_many();
        for (size_t i = 0; i < MANY; i++) {
                struct fw_feed_state state = tested.feeds.p[i]->state;
                state.condition = FW_FEED_IS_OK;
                state.next_due_usec = NOW - (int64_t) FW_USEC_PER_DAY;
                fw_feed_keep_state(&tested, tested.feeds.p[i], &state);
        }
        load_many();
        assert_spread();
}
END_TEST

START_TEST(a_single_feed_is_asked_at_once)
{
        load("feeds: [" A "]\n");
        int64_t after_usec = feed_of("a")->state.next_due_usec - NOW;
        ck_assert_int_ge(after_usec, 0);
        ck_assert_int_le(after_usec, (int64_t) FW_USEC_PER_SEC);
}
END_TEST

START_TEST(a_feed_is_called_by_its_configured_title_its_own_or_its_id)
{
        load("feeds: [" A ", {id: b, url: 'https://b.example/', title: Chosen}]\n");
        assert_text(fw_feed_title(feed_of("a")), "a");
        assert_text(fw_feed_title(feed_of("b")), "Chosen");
        struct fw_feed_state state = feed_of("a")->state;
        state.title = FW_STR("Its own");
        fw_feed_keep_state(&tested, feed_of("a"), &state);
        assert_text(fw_feed_title(feed_of("a")), "Its own");
}
END_TEST

START_TEST(a_store_that_refuses_leaves_everything_as_it_was)
{
        load("feeds: [" A "]\n");
        struct fw_loaded loaded;
        write_file("feeds.d/feeds.yaml", "feeds: [" B "]\n");
        ck_assert_int_eq(fw_loaded_read(&loaded, &tested.paths), 0);
        ck_assert_int_eq(fw_store_begin(tested.store), 0);
        ck_assert_int_lt(fw_feeds_sync(&tested, loaded.config), 0); /* it cannot begin a transaction */
        ck_assert_uint_eq(tested.feeds.len, 1);
        assert_text(feed_of("a")->config->id, "a");
        fw_store_rollback(tested.store);
        fw_loaded_done(&loaded);
}
END_TEST

UNIT_MAIN_WITH("feeds", set_up, tear_down, added_feeds_are_new_stored_and_scheduled,
               kept_feeds_keep_their_state_and_place, dropped_feeds_are_not_scheduled_and_go_on_when_they_come_back,
               a_restart_goes_on_from_the_store, a_changed_address_forgets_the_old_ones_answers,
               a_changed_address_leaves_a_paused_feed_paused, gone_and_paused_feeds_are_not_scheduled,
               the_first_polls_of_many_feeds_are_spread, overdue_feeds_are_spread_after_a_long_absence,
               a_single_feed_is_asked_at_once, a_feed_is_called_by_its_configured_title_its_own_or_its_id,
               a_store_that_refuses_leaves_everything_as_it_was)
