#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "feed/opml.h"

static struct fw_arena *arena;
static struct fw_diag *diag;

static void setup(void)
{
        arena = fw_arena_new();
        diag = fw_diag_new();
}

static void teardown(void)
{
        arena = fw_arena_free(arena);
        diag = fw_diag_free(diag);
}

static struct fw_subscription_list parse(const char *content, int wanted)
{
        struct fw_subscription_list list = { 0 };
        ck_assert_int_eq(fw_opml_parse(FW_STR("my.opml"), fw_str_c(content), arena, diag, &list), wanted);
        return list;
}

static void check_str(struct fw_str got, const char *wanted)
{
        ck_assert_msg(fw_str_eq(got, fw_str_c(wanted)), "got '%.*s', wanted '%s'", FW_STR_ARG(got), wanted);
}

static void check_messages(const char *wanted)
{
        fw_cleanup(fw_buf_done) struct fw_buf all = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_render_all(diag, false, &all);
        ck_assert_str_eq(fw_buf_c(&all), wanted);
}

START_TEST(feeds_know_their_folders_and_categories)
{
        struct fw_subscription_list list =
                parse("<?xml version=\"1.0\"?>\n<opml version=\"2.0\"><head><title> Mine </title></head><body>"
                      "<outline text='News'><outline text='World'>"
                      "<outline type='rss' text='t' title='T &amp; U' xmlUrl='http://a.example/?x=1&amp;y' "
                      "htmlUrl='http://a.example/' language='en' category='/c/d,World, e'/>"
                      "</outline></outline><outline text='Loose' xmlUrl='https://b.example/'/></body></opml>",
                      0);
        check_str(list.title, "Mine");
        ck_assert_uint_eq(list.feeds_len, 2);
        const struct fw_subscription *feed = &list.feeds[0];
        check_str(feed->url, "http://a.example/?x=1&y");
        check_str(feed->title, "T & U");
        check_str(feed->home_page_url, "http://a.example/");
        check_str(feed->type, "rss");
        check_str(feed->language, "en");
        ck_assert_uint_eq(feed->tags_len, 4);
        check_str(feed->tags[0], "News");
        check_str(feed->tags[1], "World");
        check_str(feed->tags[2], "c/d");
        check_str(feed->tags[3], "e");
        check_str(list.feeds[1].title, "Loose");
        ck_assert_uint_eq(list.feeds[1].tags_len, 0);
        check_messages("");
}
END_TEST

START_TEST(what_readers_write_wrong_is_understood)
{
        struct fw_subscription_list list =
                parse("<opml><body><outline title=\"Caf&eacute;\" xmlurl=\"feed://a.example/rss?a=1&b=2\">"
                      "<outline type=\"atom\" url=\"feed:https://b.example/\" text='B'/></outline></body></opml>",
                      0);
        ck_assert_uint_eq(list.feeds_len, 2);
        check_str(list.feeds[0].url, "http://a.example/rss?a=1&b=2");
        check_str(list.feeds[0].title, "Café");
        check_str(list.feeds[1].url, "https://b.example/");
        ck_assert_uint_eq(fw_diag_len(diag), 1);
        ck_assert_str_eq(fw_diag_entry(diag, 0)->message,
                         "not well-formed XML, read as far as it makes sense: line 1: '&eacute;' is no "
                         "reference that XML knows");
}
END_TEST

START_TEST(a_wrong_outline_costs_itself_and_is_pointed_at)
{
        struct fw_subscription_list list = parse("<opml><body>\n"
                                                 "  <outline text=\"A\" xmlUrl=\"gopher://a.example/\"/>\n"
                                                 "  <outline text=\"B\" type=\"rss\"/>\n"
                                                 "  <outline text=\"C\" xmlUrl=\"file:///c.xml\"/>\n"
                                                 "</body></opml>\n",
                                                 0);
        ck_assert_uint_eq(list.feeds_len, 1);
        check_messages("my.opml:2:3: warning: the outline 'A' has the xmlUrl 'gopher://a.example/', which is no http, "
                       "https or file "
                       "URL; left out\n"
                       "    2 |   <outline text=\"A\" xmlUrl=\"gopher://a.example/\"/>\n"
                       "      |   ^~~~~~~~\n"
                       "my.opml:3:3: warning: the outline 'B' has no xmlUrl; left out\n"
                       "    3 |   <outline text=\"B\" type=\"rss\"/>\n"
                       "      |   ^~~~~~~~\n");
        struct fw_location location = list.feeds[0].location;
        ck_assert(fw_str_starts(fw_str_slice(fw_source_content(location.source), location.offset, SIZE_MAX),
                                FW_STR("<outline text=\"C\"")));
}
END_TEST

START_TEST(a_list_that_is_cut_keeps_what_it_has)
{
        struct fw_subscription_list list =
                parse("<opml><body><outline text='F'><outline text='A' xmlUrl='http://a.example/'/><outl", 0);
        ck_assert_uint_eq(list.feeds_len, 1);
        check_str(list.feeds[0].tags[0], "F");
        ck_assert_uint_eq(fw_diag_count(diag, FW_WARNING), 1);
}
END_TEST

START_TEST(what_is_no_list_is_refused_in_words)
{
        static const struct {
                const char *content, *message;
        } cases[] = {
                { "", "my.opml:1:1: this is no OPML: there is no XML in it" },
                { "just text", "my.opml:1:1: this is no OPML: there is no XML in it" },
                { "<rss/>", "my.opml:1:1: this is no OPML: its root is <rss>" },
                { "<opml><body><outline text='x'/></body></opml>",
                  "my.opml:1:1: there is no feed in this list: no <outline> has a usable xmlUrl" },
        };
        (void) parse(cases[_i].content, -EINVAL);
        fw_cleanup(fw_buf_done) struct fw_buf error = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_first_error(diag, &error);
        ck_assert_str_eq(fw_buf_c(&error), cases[_i].message);
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
        const struct fw_str tags[] = { FW_STR("news & \"views\""), FW_STR("ünder"), FW_STR("third") };
        const struct fw_subscription feeds[] = {
                { .url = FW_STR("http://a.example/?a=1&b=<2>"), .title = FW_STR("A"), .tags = tags, .tags_len = 3 },
                { .url = FW_STR("http://b.example/") },
                { .url = FW_STR("http://c.example/"),
                  .title = FW_STR("C"),
                  .tags = tags,
                  .tags_len = 1,
                  .home_page_url = FW_STR("http://c.example/home"),
                  .language = FW_STR("ko"),
                  .type = FW_STR("atom") },
        };
        const struct fw_subscription_list list = { .title = FW_STR("a < b"), .feeds = feeds, .feeds_len = 3 };
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_opml_write(&list, &out), 0);
        ck_assert_str_eq(
                fw_buf_c(&out),
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<opml version=\"2.0\">\n"
                "  <head>\n"
                "    <title>a &lt; b</title>\n"
                "  </head>\n"
                "  <body>\n"
                "    <outline text=\"news &amp; &quot;views&quot;\">\n"
                "      <outline type=\"rss\" text=\"A\" title=\"A\" xmlUrl=\"http://a.example/?a=1&amp;b=&lt;2&gt;\" "
                "category=\"ünder,third\"/>\n"
                "      <outline type=\"atom\" text=\"C\" title=\"C\" xmlUrl=\"http://c.example/\" "
                "htmlUrl=\"http://c.example/home\" language=\"ko\"/>\n"
                "    </outline>\n"
                "    <outline type=\"rss\" text=\"http://b.example/\" xmlUrl=\"http://b.example/\"/>\n"
                "  </body>\n"
                "</opml>\n");
        struct fw_subscription_list again = parse(fw_buf_c(&out), 0);
        check_messages("");
        ck_assert_uint_eq(again.feeds_len, 3);
        check_str(again.title, "a < b");
        check_str(again.feeds[0].url, "http://a.example/?a=1&b=<2>");
        ck_assert_uint_eq(again.feeds[0].tags_len, 3);
        check_str(again.feeds[0].tags[2], "third");
        check_str(again.feeds[1].language, "ko");
}
END_TEST

int main(void)
{
        Suite *suite = suite_create("opml");
        TCase *tcase = tcase_create("opml");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, feeds_know_their_folders_and_categories);
        tcase_add_test(tcase, what_readers_write_wrong_is_understood);
        tcase_add_test(tcase, a_wrong_outline_costs_itself_and_is_pointed_at);
        tcase_add_test(tcase, a_list_that_is_cut_keeps_what_it_has);
        tcase_add_loop_test(tcase, what_is_no_list_is_refused_in_words, 0, 4);
        tcase_add_test(tcase, what_is_written_is_read_again);
        suite_add_tcase(suite, tcase);
        SRunner *runner = srunner_create(suite);
        srunner_run_all(runner, CK_ENV);
        int failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
