#include "fixture.h"

static struct fw_stored_item load(int64_t item_id)
{
        struct fw_stored_item stored;
        ck_assert_int_eq(fw_store_load_item(store, item_id, arena, &stored), 0);
        return stored;
}

START_TEST(an_item_comes_back_as_it_was)
{
        struct fw_person authors[] = { { .name = FW_STR("A \"B\""), .url = FW_STR("https://a/") },
                                       { .name = FW_STR("기자") } };
        struct fw_str tags[] = { FW_STR("world"), FW_STR("Überblick") };
        struct fw_item item = { .id = FW_STR("urn:1"),
                                .url = FW_STR("https://example.org/1"),
                                .external_url = FW_STR("https://e/"),
                                .title = FW_STR("T"),
                                .summary = FW_STR("S"),
                                .content_html = FW_STR("<p>C</p>"),
                                .content_text = FW_STR("C\0D"),
                                .image = FW_STR("https://i/"),
                                .published_usec = NOW - 1,
                                .modified_usec = FW_TIME_NONE,
                                .authors = authors,
                                .authors_len = 2,
                                .tags = tags,
                                .tags_len = 2 };
        struct fw_new_item added = { .item = &item,
                                     .language = FW_STR("en-GB"),
                                     .key = fw_hash128(item.id),
                                     .link_key = UINT64_MAX,
                                     .feed_key = add_feed("a"),
                                     .first_seen_usec = NOW };
        int64_t item_id;
        enum fw_item_join join;
        ck_assert_int_eq(fw_store_add_item(store, &added, &item_id, &join), 0);
        ck_assert_int_eq(join, FW_ITEM_ADDED);
        reopen();
        struct fw_stored_item stored = load(item_id);
        assert_text(stored.item.id, "urn:1");
        assert_text(stored.item.url, "https://example.org/1");
        assert_text(stored.item.external_url, "https://e/");
        assert_text(stored.item.title, "T");
        assert_text(stored.item.summary, "S");
        assert_text(stored.item.content_html, "<p>C</p>");
        ck_assert(fw_str_eq(stored.item.content_text, FW_STR("C\0D")));
        assert_text(stored.item.image, "https://i/");
        assert_text(stored.item.language, "en-GB");
        ck_assert_uint_eq(stored.item.authors_len, 2);
        assert_text(stored.item.authors[0].name, "A \"B\"");
        assert_text(stored.item.authors[0].url, "https://a/");
        assert_text(stored.item.authors[1].name, "기자");
        ck_assert_uint_eq(stored.item.tags_len, 2);
        assert_text(stored.item.tags[1], "Überblick");
        ck_assert_int_eq(stored.item.published_usec, NOW - 1);
        ck_assert(stored.item.modified_usec == FW_TIME_NONE);
        ck_assert_uint_eq(stored.link_key, UINT64_MAX);
        ck_assert_int_eq(stored.first_seen_usec, NOW);
        ck_assert_uint_eq(stored.feeds, 1);
}
END_TEST

START_TEST(the_same_key_in_the_same_feed_replaces_the_text)
{
        int64_t feed = add_feed("a");
        int64_t first = add_item(feed, "1", "first words");
        ck_assert_int_eq(add_item_at(feed, "1", "other words", 0, NOW + HOUR, FW_ITEM_REPLACED), first);
        assert_text(load(first).item.title, "other words");
        ck_assert_int_eq(load(first).first_seen_usec, NOW);
}
END_TEST

START_TEST(the_same_key_in_another_feed_is_another_item)
{
        int64_t first = add_item(add_feed("a"), "1", "t");
        ck_assert_int_ne(add_item(add_feed("b"), "1", "t"), first);
}
END_TEST

START_TEST(one_article_in_two_feeds_is_one_item)
{
        int64_t a = add_feed("a"), b = add_feed("b");
        int64_t first = add_item_at(a, "1", "as a has it", 42, NOW, FW_ITEM_ADDED);
        ck_assert_int_eq(add_item_at(b, "x", "as b has it", 42, NOW + HOUR, FW_ITEM_JOINED), first);
        assert_text(load(first).item.title, "as a has it");
        ck_assert_uint_eq(load(first).feeds, 2);
        uint32_t feeds = 0;
        ck_assert_int_eq(fw_store_count_item_feeds(store, first, &feeds), 0);
        ck_assert_uint_eq(feeds, 2);
        ck_assert_int_eq(add_item_at(b, "x", "b's new words", 42, NOW + HOUR, FW_ITEM_REPLACED), first);
}
END_TEST

START_TEST(one_link_twice_in_one_feed_is_two_items)
{
        int64_t a = add_feed("a");
        int64_t first = add_item_at(a, "1", "live ticker 1", 42, NOW, FW_ITEM_ADDED);
        ck_assert_int_ne(add_item_at(a, "2", "live ticker 2", 42, NOW, FW_ITEM_ADDED), first);
}
END_TEST

START_TEST(a_link_that_several_items_carry_joins_nothing)
{
        int64_t a = add_feed("a"), b = add_feed("b");
        int64_t first = add_item_at(a, "1", "live ticker 1", 42, NOW, FW_ITEM_ADDED);
        int64_t second = add_item_at(a, "2", "live ticker 2", 42, NOW, FW_ITEM_ADDED);
        int64_t other = add_item_at(b, "3", "live ticker 3", 42, NOW, FW_ITEM_ADDED);
        ck_assert(other != first && other != second);
}
END_TEST

START_TEST(items_without_link_are_never_joined)
{
        int64_t first = add_item_at(add_feed("a"), "1", "t", 0, NOW, FW_ITEM_ADDED);
        ck_assert_int_ne(add_item_at(add_feed("b"), "2", "t", 0, NOW, FW_ITEM_ADDED), first);
}
END_TEST

START_TEST(an_item_that_is_gone_is_not_found)
{
        struct fw_stored_item stored;
        ck_assert_int_eq(fw_store_load_item(store, 4711, arena, &stored), -ENOENT);
}
END_TEST

static size_t hits(const char *query)
{
        int64_t *ids;
        size_t len;
        ck_assert_int_eq(fw_store_search_items(store, fw_str_c(query), 0, arena, &ids, &len), 0);
        return len;
}

START_TEST(search_finds_words_whatever_their_case_and_accents)
{
        int64_t feed = add_feed("a");
        add_item(feed, "1", "Élysée sends troops");
        add_item(feed, "2", "A troupe of dancers");
        ck_assert_uint_eq(hits("TROOPS elysee"), 1);
        ck_assert_uint_eq(hits("troops dancers"), 0);
        ck_assert_uint_eq(hits("tro"), 0);
}
END_TEST

START_TEST(search_takes_every_query_as_words)
{
        add_item(add_feed("a"), "1", "rock AND roll (live): title NEAR miss");
        static const char *const odd[] = { "\"",    "\"\"\"",        "AND", "(",  "title:rock", "a OR",  "*",
                                           "^rock", "rock NOT roll", "-",   "  ", "",           "NEAR(", "\"rock" };
        for (size_t i = 0; i < FW_ARRAY_LEN(odd); i++)
                (void) hits(odd[i]);
        ck_assert_uint_eq(hits("AND"), 1);
        ck_assert_uint_eq(hits("\"rock\" \"roll\""), 1);
        ck_assert_uint_eq(hits("rock NOT roll"), 0);
}
END_TEST

START_TEST(search_follows_updates_and_is_newest_first)
{
        int64_t feed = add_feed("a");
        int64_t first = add_item(feed, "1", "troops"), second = add_item(feed, "2", "troops");
        int64_t *ids;
        size_t len;
        ck_assert_int_eq(fw_store_search_items(store, FW_STR("troops"), 0, arena, &ids, &len), 0);
        ck_assert_uint_eq(len, 2);
        ck_assert(ids[0] == second && ids[1] == first);
        ck_assert_int_eq(fw_store_search_items(store, FW_STR("troops"), 1, arena, &ids, &len), 0);
        ck_assert_uint_eq(len, 1);
        add_item_at(feed, "2", "quiet", 0, NOW, FW_ITEM_REPLACED);
        ck_assert_uint_eq(hits("troops"), 1);
        ck_assert_uint_eq(hits("quiet"), 1);
}
END_TEST

UNIT_MAIN_WITH("store items", set_up, remove_folder, an_item_comes_back_as_it_was,
               the_same_key_in_the_same_feed_replaces_the_text, the_same_key_in_another_feed_is_another_item,
               one_article_in_two_feeds_is_one_item, one_link_twice_in_one_feed_is_two_items,
               items_without_link_are_never_joined, a_link_that_several_items_carry_joins_nothing,
               an_item_that_is_gone_is_not_found, search_finds_words_whatever_their_case_and_accents,
               search_takes_every_query_as_words, search_follows_updates_and_is_newest_first)
