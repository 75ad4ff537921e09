#include "config_fixture.h"

static const struct fw_feed_config *feed(const char *id)
{
        const struct fw_feed_config *found = fw_config_find_feed(config, fw_str_c(id));
        ck_assert_msg(found != NULL, "no feed '%s'", id);
        return found;
}

static void feeds_refused(const char *list, const char *messages)
{
        write_file("feeds.d/l.yaml", list);
        refused("", messages);
}

START_TEST(a_yaml_list_gives_every_setting_of_a_feed)
{
        write_file("feeds.d/l.yaml",
                   "feeds:\n"
                   "  - {url: 'https://example.org/a', id: a, title: A, tags: [x, y], interval: 10m, language: en,\n"
                   "     auth: {credential: secret}, headers: {X-Key: 1}}\n"
                   "  - https://example.org/b\n");
        load_well("");
        ck_assert_uint_eq(config->feeds_len, 2);
        const struct fw_feed_config *a = feed("a");
        assert_text(a->url, "https://example.org/a");
        assert_text(a->title, "A");
        ck_assert_uint_eq(a->tags_len, 2);
        assert_text(a->tags[1], "y");
        ck_assert_uint_eq(a->interval_usec, 600000000);
        assert_text(a->language, "en");
        assert_text(a->credential, "secret");
        ck_assert_uint_eq(a->headers_len, 1);
        assert_text(a->headers[0].name, "X-Key");
        assert_text(a->headers[0].value, "1");
        assert_text(a->file, "feeds.d/l.yaml");
        ck_assert_uint_eq(a->line, 2);
        ck_assert_uint_eq(feed("https://example.org/b")->line, 4);
}
END_TEST

START_TEST(an_opml_list_gives_titles_and_tags)
{
        write_file(
                "feeds.d/l.opml",
                "<opml version='2.0'><body>\n"
                "<outline text='World'><outline text='BBC' xmlUrl='https://feeds.bbci.co.uk/news/rss.xml'/></outline>\n"
                "</body></opml>\n");
        load_well("");
        const struct fw_feed_config *bbc = feed("bbci-co-uk-news-rss-xml");
        assert_text(bbc->title, "BBC");
        ck_assert_uint_eq(bbc->tags_len, 1);
        assert_text(bbc->tags[0], "World");
        assert_text(bbc->file, "feeds.d/l.opml");
        ck_assert_uint_eq(bbc->line, 2);
}
END_TEST

START_TEST(ids_are_made_of_urls_and_stay_apart)
{
        write_file("feeds.d/l.yaml",
                   "feeds:\n"
                   "  - https://www.example.org/?a=1\n"
                   "  - https://rss.example.org/?a=1\n"
                   "  - {url: 'https://example.org/x', id: example-org-y}\n"
                   "  - https://example.org/y\n"
                   "  - https://example.org/0123456789012345678901234567890123456789012345678901234567890123456789\n"
                   "  - 'https://xn--bcher-kva.example/Ü'\n");
        load_well("");
        assert_text(config->feeds[0].id, "example-org-a-1");
        ck_assert(fw_str_starts(config->feeds[1].id, FW_STR("example-org-a-1-")));
        ck_assert_uint_eq(config->feeds[1].id.len, strlen("example-org-a-1-") + 8);
        ck_assert(fw_str_starts(config->feeds[3].id, FW_STR("example-org-y-")));
        ck_assert_uint_le(config->feeds[4].id.len, 64);
        assert_text(config->feeds[5].id, "xn-bcher-kva-example");
}
END_TEST

START_TEST(a_feed_twice_in_opml_is_a_warning_and_its_tags_are_kept)
{
        write_file("feeds.d/l.opml", "<opml version='2.0'><body>\n"
                                     "<outline text='a'><outline text='X' xmlUrl='https://example.org/x'/></outline>\n"
                                     "<outline text='b'><outline text='X' xmlUrl='https://EXAMPLE.org/x'/></outline>\n"
                                     "</body></opml>\n");
        load_well("");
        ck_assert_uint_eq(config->feeds_len, 1);
        ck_assert_uint_eq(config->feeds[0].tags_len, 2);
        assert_text(config->feeds[0].tags[0], "a");
        assert_text(config->feeds[0].tags[1], "b");
        ck_assert_uint_eq(fw_diag_count(diag, FW_WARNING), 1);
        ck_assert_ptr_nonnull(strstr(fw_buf_c(&out), "feeds.d/l.opml:3:"));
        ck_assert_ptr_nonnull(strstr(fw_buf_c(&out), "feeds.d/l.opml:2:"));
}
END_TEST

START_TEST(a_feed_twice_in_yaml_is_an_error_that_names_both_places)
{
        feeds_refused("feeds:\n"
                      "  - {url: 'https://example.org/x', id: one}\n"
                      "  - {url: 'https://example.org/x', id: two}\n",
                      "feeds.d/l.yaml:3:11: error: the feed 'https://example.org/x' is listed already; write it in one "
                      "place only\n"
                      "    3 |   - {url: 'https://example.org/x', id: two}\n"
                      "      |           ^~~~~~~~~~~~~~~~~~~~~~~\n"
                      "feeds.d/l.yaml:2:6: note: here, as 'one'\n"
                      "    2 |   - {url: 'https://example.org/x', id: one}\n"
                      "      |      ^~~\n");
}
END_TEST

START_TEST(an_id_twice_is_an_error_that_names_both_places)
{
        feeds_refused("feeds:\n"
                      "  - {url: 'https://example.org/x', id: one}\n"
                      "  - {url: 'https://example.org/y', id: one}\n",
                      "feeds.d/l.yaml:3:40: error: the id 'one' is taken\n"
                      "    3 |   - {url: 'https://example.org/y', id: one}\n"
                      "      |                                        ^~~\n"
                      "feeds.d/l.yaml:2:6: note: by this feed\n"
                      "    2 |   - {url: 'https://example.org/x', id: one}\n"
                      "      |      ^~~\n");
}
END_TEST

START_TEST(a_scheme_that_is_not_fetched_is_named)
{
        feeds_refused("feeds:\n  - {url: 'gopher://x.example/'}\n",
                      "feeds.d/l.yaml:2:11: error: 'gopher://x.example/': feedwatch reads http, https and file, not "
                      "'gopher'\n"
                      "    2 |   - {url: 'gopher://x.example/'}\n"
                      "      |           ^~~~~~~~~~~~~~~~~~~~~\n");
}
END_TEST

START_TEST(what_is_no_url_gets_a_suggestion)
{
        feeds_refused(
                "feeds:\n  - example.org/feed\n",
                "feeds.d/l.yaml:2:5: error: 'example.org/feed' is no URL; did you mean 'https://example.org/feed'?\n"
                "    2 |   - example.org/feed\n"
                "      |     ^~~~~~~~~~~~~~~~\n");
}
END_TEST

START_TEST(a_file_needs_an_absolute_path)
{
        feeds_refused("feeds:\n  - file:feed.xml\n", "feeds.d/l.yaml:2:5: error: 'file:feed.xml': a file's URL is "
                                                     "file:// and an absolute path: file:///srv/feed.xml\n"
                                                     "    2 |   - file:feed.xml\n"
                                                     "      |     ^~~~~~~~~~~~~\n");
}
END_TEST

START_TEST(a_feed_without_url_and_a_misspelt_key)
{
        feeds_refused("feeds:\n  - {ulr: 'https://example.org/'}\n",
                      "feeds.d/l.yaml:2:6: error: unknown key 'ulr' in a feed; did you mean 'url'?\n"
                      "    2 |   - {ulr: 'https://example.org/'}\n"
                      "      |      ^~~\n"
                      "feeds.d/l.yaml:2:6: error: a feed needs a 'url'\n"
                      "    2 |   - {ulr: 'https://example.org/'}\n"
                      "      |      ^~~\n");
}
END_TEST

START_TEST(secrets_in_headers_are_refused)
{
        feeds_refused(
                "feeds:\n  - {url: 'https://example.org/', headers: {authorization: Basic abc}}\n",
                "feeds.d/l.yaml:2:45: error: secrets do not stand in this file: write 'auth: {credential: NAME}'\n"
                "    2 |   - {url: 'https://example.org/', headers: {authorization: Basic abc}}\n"
                "      |                                             ^~~~~~~~~~~~~\n");
}
END_TEST

START_TEST(a_header_cannot_smuggle_a_line)
{
        feeds_refused("feeds:\n  - {url: 'https://example.org/', headers: {X: \"a\\r\\nb\"}}\n",
                      "feeds.d/l.yaml:2:45: error: a header is a name of letters, digits and dashes, and a value in "
                      "one line\n"
                      "    2 |   - {url: 'https://example.org/', headers: {X: \"a\\r\\nb\"}}\n"
                      "      |                                             ^\n");
}
END_TEST

START_TEST(a_thousand_feeds_have_their_lines)
{
        fw_cleanup(fw_buf_done) struct fw_buf list = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&list, "feeds:\n");
        for (int i = 0; i < 1000; i++)
                (void) fw_buf_printf(&list, "  - https://example.org/%d\n", i);
        write_file("feeds.d/l.yaml", fw_buf_c(&list));
        load_well("");
        ck_assert_uint_eq(config->feeds_len, 1000);
        for (unsigned i = 0; i < 1000; i++)
                assert_in_loop(config->feeds[i].line == i + 2);
}
END_TEST

UNIT_MAIN_WITH("feeds", setup, teardown, a_yaml_list_gives_every_setting_of_a_feed, an_opml_list_gives_titles_and_tags,
               ids_are_made_of_urls_and_stay_apart, a_feed_twice_in_opml_is_a_warning_and_its_tags_are_kept,
               a_feed_twice_in_yaml_is_an_error_that_names_both_places, an_id_twice_is_an_error_that_names_both_places,
               a_scheme_that_is_not_fetched_is_named, what_is_no_url_gets_a_suggestion, a_file_needs_an_absolute_path,
               a_feed_without_url_and_a_misspelt_key, secrets_in_headers_are_refused, a_header_cannot_smuggle_a_line,
               a_thousand_feeds_have_their_lines)
