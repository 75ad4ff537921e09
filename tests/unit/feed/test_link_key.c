#include "feed/feed.h"

#include "unit.h"

static uint64_t key(const char *url)
{
        struct fw_item item = { .url = fw_str_c(url) };
        return fw_item_link_key(&item);
}

START_TEST(one_article_has_one_key)
{
        ck_assert_uint_ne(key("https://example.org/a"), 0);
        ck_assert_uint_eq(key("https://example.org/a"), key("http://EXAMPLE.org/a?utm_source=rss#top"));
        ck_assert_uint_ne(key("https://example.org/a"), key("https://example.org/b"));
        ck_assert_uint_ne(key("https://example.org/?id=1"), key("https://example.org/?id=2"));
}
END_TEST

START_TEST(a_front_page_is_no_article)
{
        ck_assert_uint_eq(key("https://example.org/"), 0);
        ck_assert_uint_eq(key("https://example.org"), 0);
        ck_assert_uint_eq(key("https://example.org/#story-7"), 0);
        ck_assert_uint_ne(key("https://example.org/news/"), 0);
}
END_TEST

START_TEST(what_is_no_web_link_has_none)
{
        ck_assert_uint_eq(key(""), 0);
        ck_assert_uint_eq(key("urn:uuid:1"), 0);
        ck_assert_uint_eq(key("mailto:a@example.org"), 0);
}
END_TEST

UNIT_MAIN("link key", one_article_has_one_key, a_front_page_is_no_article, what_is_no_web_link_has_none)
