#include <errno.h>

#include "feed_fixture.h"
#include "base/utf8.h"

START_TEST(rss_fields_have_their_meaning)
{
        fw_cleanup(parsed_done) struct parsed p = parse_text(
                "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                "xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\" "
                "xmlns:a=\"http://www.w3.org/2005/Atom\"><channel>"
                "<title>Tides &amp;amp; "
                "&lt;b&gt;ships&lt;/b&gt;</title><link>https://t.example/</link><language>en</language><ttl> 30 </ttl>"
                "<skipHours><hour>0</hour><hour>24</hour><hour>13</hour></skipHours><skipDays><day>sunday</day></"
                "skipDays>"
                "<sy:updateFrequency>4</sy:updateFrequency><sy:updatePeriod>daily</sy:updatePeriod>"
                "<a:link rel=\"self\" href=\"f.xml\"/><a:link rel=\"hub\" "
                "href=\"https://hub.example/\"/><image><url>/l.png</url></image>"
                "<managingEditor>ed@t.example (Ed)</managingEditor>"
                "<item><title>I &lt;3 tides</title><link>/1</link><guid isPermaLink=\"false\">t1</guid>"
                "<description>Teaser</description><content:encoded><![CDATA[<p>One</p><p>t<b>wo</b> <a "
                "href=\"x\">x</a></p>]]></content:encoded>"
                "<pubDate>Tue, 03 Feb 2026 04:05:06 GMT</pubDate><author>a@t.example "
                "(Ann)</author><category>Sea</category><category>Sea</category>"
                "<enclosure url=\"/a.mp3\" length=\"7\" type=\"audio/mpeg\"/><enclosure url=\"/b\" "
                "length=\"-1\"/></item></channel></rss>");
        ck_assert_int_eq(p.status, 0);
        ck_assert_int_eq(p.feed->format, FW_FEED_RSS_20);
        check_str(p.feed->title, "Tides & ships");
        check_str(p.feed->home_page_url, "https://t.example/");
        check_str(p.feed->feed_url, "https://t.example/f.xml");
        check_str(p.feed->hub_url, "https://hub.example/");
        check_str(p.feed->icon, "https://t.example/l.png");
        check_str(p.feed->authors[0].name, "Ed");
        ck_assert_uint_eq(p.feed->ttl_minutes, 30);
        ck_assert_uint_eq(p.feed->update_period_minutes, 6 * 60);
        ck_assert_uint_eq(p.feed->skip_hours, 1u << 0 | 1u << 13);
        ck_assert_uint_eq(p.feed->skip_days, 1);
        check_str(p.feed->malformed, "");
        ck_assert_uint_eq(p.items.len, 1);
        const struct fw_item *item = p.items.p[0];
        check_str(item->title, "I <3 tides");
        check_str(item->id, "t1");
        ck_assert(item->id_is_given);
        check_str(item->url, "https://t.example/1");
        check_str(item->content_html, "<p>One</p><p>t<b>wo</b> <a href=\"https://t.example/x\">x</a></p>");
        check_str(item->content_text, "One\ntwo x");
        check_str(item->summary, "Teaser");
        check_str(item->authors[0].name, "Ann");
        ck_assert_uint_eq(item->tags_len, 1);
        ck_assert_uint_eq(item->attachments_len, 2);
        ck_assert_uint_eq(item->attachments[0].size_bytes, 7);
        ck_assert_uint_eq(item->attachments[1].size_bytes, 0);
        ck_assert_int_eq(item->published_usec / 1000000, 1770091506);
        ck_assert(item->modified_usec == FW_TIME_NONE);
}
END_TEST

START_TEST(atom_texts_are_what_their_types_say)
{
        static const struct {
                const char *content, *html, *text;
        } cases[] = {
                { "<content>a &lt;br> b</content>", "", "a <br> b" },
                { "<content type='text'>a &lt;br> b</content>", "", "a <br> b" },
                { "<content type='html'>a &lt;br> b</content>", "a <br> b", "a b" },
                { "<content type='TEXT/HTML'>a &lt;br> b</content>", "a <br> b", "a b" },
                { "<content type='text/plain'>&lt;b></content>", "", "<b>" },
                { "<content type='xhtml'><x:p xmlns:x='http://www.w3.org/1999/xhtml'>a &amp; "
                  "<x:b>b</x:b><x:br/></x:p></content>",
                  "<p>a &amp; <b>b</b><br></p>", "a & b" },
                { "<content type='image/svg+xml'><g>a</g></content>", "<g>a</g>", "a" },
                { "<content type='application/octet-stream'>PGI+YTwvYj4=</content>", "<b>a</b>", "a" },
                { "<content type='image/png'>iVBORw0KGgo=</content>", "", "" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                (void) fw_buf_printf(&body, ATOM("<entry><id>1</id>%s</entry>"), cases[i].content);
                fw_cleanup(parsed_done) struct parsed p = parse_with(fw_buf_str(&body), NULL);
                check_str(p.items.p[0]->content_html, cases[i].html);
                check_str(p.items.p[0]->content_text, cases[i].text);
        }
}
END_TEST

START_TEST(links_follow_the_base_in_scope)
{
        const struct fw_feed_hints hints = { .url = FW_STR("https://host.example/dir/feed.atom") };
        fw_cleanup(parsed_done) struct parsed p = parse_with(
                FW_STR(ATOM(
                        "<entry xml:base='/a/'><id>1</id><link href='b'/><content type='html' xml:base='c/'>&lt;img "
                        "src=d></content></entry>"
                        "<entry><id>2</id><link rel='alternate' type='application/pdf' href='x.pdf'/><link href='x'/>"
                        "<link rel='enclosure' href='y'/></entry>")),
                &hints);
        check_str(p.items.p[0]->url, "https://host.example/a/b");
        check_str(p.items.p[0]->content_html, "<img src=https://host.example/a/c/d>");
        check_str(p.items.p[1]->url, "https://host.example/dir/x");
        check_str(p.items.p[1]->attachments[0].url, "https://host.example/dir/y");
}
END_TEST

START_TEST(items_without_an_id_get_a_stable_one)
{
        static const char body[] = RSS("<item><link>http://example.org/1</link></item><item><title>A</title></"
                                       "item><item><title>B</title></item>"
                                       "<item><guid>http://example.org/g</guid></item><item><guid>g</guid></item>");
        fw_cleanup(parsed_done) struct parsed p = parse_text(body), again = parse_text(body);
        check_str(p.items.p[0]->id, "http://example.org/1");
        ck_assert(!p.items.p[0]->id_is_given);
        ck_assert(fw_str_starts(p.items.p[1]->id, FW_STR("urn:feedwatch:")));
        ck_assert(!fw_str_eq(p.items.p[1]->id, p.items.p[2]->id));
        ck_assert(fw_str_eq(p.items.p[1]->id, again.items.p[1]->id));
        check_str(p.items.p[3]->url, "http://example.org/g");
        check_str(p.items.p[4]->url, "");
}
END_TEST

START_TEST(broken_feeds_keep_what_they_have_and_say_what_is_wrong)
{
        static const struct {
                const char *body;
                const char *titles; /* of the items, parted by '|' */
                const char *malformed;
        } cases[] = {
                { RSS("<item><title>A & B &bogus; &eacute;</title></item>"), "A & B &bogus; é",
                  "line 1: '&' that begins no reference; it should be '&amp;'" },
                { RSS("<item><title>A&nbsp;B</title></item>"), "A\u00A0B",
                  "line 1: '&nbsp;' is no reference that XML knows" },
                { RSS("<item><title>A\x01\nB</title></item>"), "A B", "line 1: a character that XML forbids (0x01)" },
                { RSS("<item><title>A<link>/1</link></item><item><title>B</title></item>"), "A|B",
                  "line 1: <title> is never closed" },
                { RSS("<item><title>A</title><item><title>B</title></item>"), "A|B", "line 1: <item> is never closed" },
                { RSS("<item><description>a <b>b</description><title>A</title></item>"), "A",
                  "line 1: <b> is never closed" },
                { RSS("<item><title>A</title></b></item>"), "A", "line 1: '</b>' closes nothing" },
                { RSS("<item><title>1 < 2</title></item>"), "1 < 2",
                  "line 1: '<' that begins no tag; it should be '&lt;'" },
                { RSS("<item><dc:creator>c</dc:creator><title>A</title></item>"), "A",
                  "line 1: the prefix 'dc' is not declared" },
                { RSS("<item a=b><title>A</title></item>"), "A", "line 1: an attribute's value has no quotes" },
                { RSS("<item><enclosure url=\"/a type=\"x\"/><title>A</title></item>"), "A",
                  "line 1: an attribute's value has no closing quote" },
                { RSS("<item a='1' a='2'><title>A</title></item>"), "A", "line 1: Attribute a redefined" },
                { RSS("<item><title>A</title></item><!-- a -- b --><item><title>B</title></item>"), "A|B",
                  "line 1: '--' inside a comment" },
                { RSS("<item><title>A</title></item><!-- <item><title>B</title></item>"), "A|B",
                  "line 1: a comment is never closed" },
                { RSS("<item><title><![CDATA[A</title></item><item><title>B</title></item>"), "A|B",
                  "line 1: a CDATA section is never closed" },
                { RSS("</b><item><title><![CDATA[A</title></item><item><title><![CDATA[B]]></title></item>"), "A|B",
                  "line 1: '</b>' closes nothing" },
                { "<rss><channel>\n<item><title>A</title></item>\n<item><title>B", "A|B",
                  "line 3: the document ends before </rss>" },
                { "<rss><channel><item><title>A</title><link href=\"", "A",
                  "line 1: an attribute's value has no closing quote" },
                { "\n<?xml version='1.0'?>" RSS("<item><title>A</title></item>"), "A",
                  "line 1: 1 byte before the document" },
                { "<b>Warning</b>\n" RSS("<item><title>A</title></item>"), "A",
                  "line 1: 15 bytes before the document" },
                { RSS("<item><title>A</title></item>") RSS("<item><title>B</title></item>"), "A|B",
                  "line 1: another document follows" },
                { RSS("<item><title>A</title></item>") "x", "A", "line 1: something follows the end of the document" },
                { "<!DOCTYPE rss [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>" RSS("<item><title>A&a;</title></item>"), "A",
                  "line 1: the entity '&a;' contains itself or grows too large" },
                { "<?xml version='1.0' encoding='bogus'?>" RSS("<item><title>A</title></item>"), "A",
                  "the charset 'bogus' is not known; read as UTF-8" },
                { RSS("<item><title>caf\xE9!</title></item>"), "caf\xEF\xBF\xBD!", "line 1: bytes that are no UTF-8" },
                { "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"title\":\"A\"},\n{\"title\":\"B",
                  "A|B", "line 2: the document ends inside a string" },
                { "<!DOCTYPE rss SYSTEM 'x.dtd'>" RSS("<item><title>caf&eacute;</title></item>"), "café", "" },
                { "<!DOCTYPE rss [<!ENTITY kp 'North &#38;amp; Korea'>]>" RSS("<item><title>&kp;</title></item>"),
                  "North & Korea", "" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                fw_cleanup(parsed_done) struct parsed p = parse_text(cases[i].body);
                ck_assert_msg(p.status == 0, "refused: %s", cases[i].body);
                fw_cleanup(fw_buf_done) struct fw_buf titles = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                for (size_t j = 0; j < p.items.len; j++) {
                        if (j > 0)
                                (void) fw_buf_append_byte(&titles, '|');
                        (void) fw_buf_append(&titles, p.items.p[j]->title);
                }
                ck_assert_msg(strcmp(fw_buf_c(&titles), cases[i].titles) == 0 &&
                                      fw_str_eq(p.feed->malformed, fw_str_c(cases[i].malformed)),
                              "%s\ngives '%s', malformed '%.*s'", cases[i].body, fw_buf_c(&titles),
                              FW_STR_ARG(p.feed->malformed));
        }
}
END_TEST

START_TEST(what_is_no_feed_is_refused_and_named)
{
        static const struct {
                const char *body, *message;
        } cases[] = {
                { "", "this is no feed but empty" },
                { " \n\t", "this is no feed but empty" },
                { "plain words", "this is no feed but neither XML nor JSON" },
                { "<!DOCTYPE html><html><rss/></html>", "this is no feed but an HTML page" },
                { "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>",
                  "this is no feed but an HTML page" },
                { "<opml/>",
                  "this is no feed but a list of subscriptions (OPML); import it with 'feedwatch feeds import'" },
                { "<sitemap/>", "this is no feed but XML with the root <sitemap>" },
                { "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><a/></r:RDF>",
                  "this is no feed but XML with the root <RDF>" },
                { "<!-- only this -->", "this is no feed but XML without a single element" },
                { "{\"items\":[]}", "this is no feed but JSON without the 'version' of a JSON Feed" },
                { "[1]", "this is no feed but JSON without the 'version' of a JSON Feed" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                fw_cleanup(parsed_done) struct parsed p = parse_text(cases[i].body);
                ck_assert_int_eq(p.status, -EBADMSG);
                ck_assert_ptr_null(p.feed);
                ck_assert_uint_eq(fw_diag_len(p.diag), 1);
                ck_assert_str_eq(fw_diag_entry(p.diag, 0)->message, cases[i].message);
        }
}
END_TEST

START_TEST(json_feeds_are_read_as_they_are)
{
        fw_cleanup(parsed_done) struct parsed p =
                parse_text("{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"A &amp; "
                           "B\",\"feed_url\":\"https://j.example/d/feed.json\",\"author\":{\"name\":\"Ann\"},"
                           "\"expired\":true,\"items\":[{\"id\":1.10,\"url\":\"../x\",\"title\":\"a < "
                           "b\",\"content_html\":\"<p>x <a href='y'>y</a></p>\","
                           "\"date_published\":\"2026-02-03T04:05:06+01:00\",\"tags\":[\"t\",null,\"t\"],"
                           "\"attachments\":[{\"url\":\"z\",\"size_in_bytes\":5,\"duration_in_seconds\":1.5}]},"
                           "{\"id\":\"2\",\"content_text\":\"one\\n\\ntwo\",\"authors\":[{\"name\":\"Bo\"},{\"url\":"
                           "\"https://c.example/\"}]}]}");
        ck_assert_int_eq(p.feed->format, FW_FEED_JSON_10);
        check_str(p.feed->title, "A &amp; B");
        check_str(p.feed->authors[0].name, "Ann");
        ck_assert(p.feed->expired);
        check_str(p.feed->malformed, "");
        const struct fw_item *item = p.items.p[0];
        check_str(item->id, "1.10");
        check_str(item->url, "https://j.example/x");
        check_str(item->title, "a < b");
        check_str(item->content_html, "<p>x <a href='https://j.example/d/y'>y</a></p>");
        check_str(item->content_text, "x y");
        ck_assert_uint_eq(item->tags_len, 1);
        ck_assert_uint_eq(item->attachments[0].size_bytes, 5);
        ck_assert(item->attachments[0].duration_seconds > 1.4 && item->attachments[0].duration_seconds < 1.6);
        check_str(p.items.p[1]->content_text, "one\n\ntwo");
        ck_assert_uint_eq(p.items.p[1]->authors_len, 2);
}
END_TEST

START_TEST(a_document_is_a_json_feed_again)
{
        fw_cleanup(parsed_done) struct parsed p =
                parse_text(RSS("<ttl>5</ttl><item><guid>g</guid><title>A</title><description>b</description></item></"
                               "channel><!-- -- -->"));
        fw_cleanup(fw_json_decrefp) json_t *items = json_array();
        (void) json_array_append_new(items, fw_item_to_json(p.items.p[0]));
        fw_cleanup(fw_json_decrefp) json_t *json = fw_feed_to_json(p.feed, json_incref(items));
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_json_append(&text, json);
        ck_assert_str_eq(fw_buf_c(&text),
                         "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"home_page_url\":\"http://"
                         "example.org/\","
                         "\"_feedwatch\":{\"format\":\"rss-2.0\",\"malformed\":\"line 1: '--' inside a "
                         "comment\",\"ttl_minutes\":5},"
                         "\"items\":[{\"id\":\"g\",\"title\":\"A\",\"content_html\":\"b\",\"content_text\":\"b\"}]}");
}
END_TEST

static int stop_at_second(void *userdata, fw_unused const struct fw_item *item)
{
        return ++*(int *) userdata == 2 ? -ECANCELED : 0;
}

START_TEST(a_sink_can_end_the_parse)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        const struct fw_feed *feed;
        int seen = 0;
        ck_assert_int_eq(
                fw_feed_parse(FW_STR(RSS("<item/><item/><item/>")), NULL, arena, stop_at_second, &seen, NULL, &feed),
                -ECANCELED);
        ck_assert_int_eq(seen, 2);
}
END_TEST

int main(void)
{
        Suite *suite = suite_create("feed");
        TCase *tcase = tcase_create("feed");
        tcase_add_test(tcase, rss_fields_have_their_meaning);
        tcase_add_test(tcase, atom_texts_are_what_their_types_say);
        tcase_add_test(tcase, links_follow_the_base_in_scope);
        tcase_add_test(tcase, items_without_an_id_get_a_stable_one);
        tcase_add_test(tcase, broken_feeds_keep_what_they_have_and_say_what_is_wrong);
        tcase_add_test(tcase, what_is_no_feed_is_refused_and_named);
        tcase_add_test(tcase, json_feeds_are_read_as_they_are);
        tcase_add_test(tcase, a_document_is_a_json_feed_again);
        tcase_add_test(tcase, a_sink_can_end_the_parse);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
