#include "base/limits.h"
#include "feed/charset.h"
#include "feed/html_links.h"
#include "feed/json_mend.h"
#include "feed/limits.h"
#include "feed/state.h"
#include "feed_fixture.h"

static struct fw_arena *arena;

static void setup(void)
{
        arena = fw_arena_new();
}

static void teardown(void)
{
        arena = fw_arena_free(arena);
}

START_TEST(labels_mean_what_browsers_mean)
{
        static const struct {
                const char *label, *bytes, *text;
        } cases[] = {
                { "ISO-8859-1", "\x93x\x94", "“x”" },
                { "latin_1", "\x80", "€" },
                { "us-ascii", "\x80", "€" },
                { "gb2312", "\xE9\x46", "镕" },
                { "EUC_KR", "\xB3\xE2", "년" },
                { "ks_c_5601-1987", "\x8C\x63", "똠" },
                { "Shift-JIS", "\x96\x6B\xFA\xB1", "北﨑" },
                { "iso-8859-9", "\xFE", "ş" },
                { "tis-620", "\xA1", "ก" },
                { "koi8_r", "\xEB", "К" },
                { "big5", "\xA5\x5F", "北" },
                { "x-mac-cyrillic", "\x80", "А" },
                { "cp037", "\xC1", "A" },
                { "macintosh", "\x8E", "é" },
                { "UTF-16BE", "\x04\x1A", "К" },
                { "windows-1252", "\x81", "\xC2\x81" },
                { "iso-2022-jp", "\x1B$BKL\x1B(B", "北" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                const char *converter = fw_charset_find(fw_str_c(cases[i].label));
                ck_assert_msg(converter, "no charset for '%s'", cases[i].label);
                size_t bad;
                struct fw_str text = fw_charset_to_utf8(fw_str_c(cases[i].bytes), converter, arena, &bad);
                ck_assert_msg(fw_str_eq(text, fw_str_c(cases[i].text)), "%s gives '%.*s'", cases[i].label,
                              FW_STR_ARG(text));
                ck_assert_uint_eq(bad, SIZE_MAX);
        }
        ck_assert_ptr_null(fw_charset_find(FW_STR("bogus")));
        ck_assert_ptr_null(fw_charset_find(FW_STR("")));
        ck_assert_ptr_null(fw_charset_find(FW_STR("../../etc/passwd")));
}
END_TEST

START_TEST(a_stray_byte_costs_itself)
{
        size_t bad;
        check_str(fw_charset_to_utf8(FW_STR("a\xE9"
                                            "b\xEB\xB6"),
                                     "UTF-8", arena, &bad),
                  "a\xEF\xBF\xBD"
                  "b\xEF\xBF\xBD");
        ck_assert_uint_eq(bad, 1);
        check_str(fw_charset_to_utf8(FW_STR("\xB3\xE2 b\xB3"), "windows-949-2000", arena, &bad), "년 b\xEF\xBF\xBD");
        ck_assert_uint_eq(bad, 5);
        check_str(fw_charset_to_utf8(FW_STR("a\xEF\xBF\xBD"
                                            "b"),
                                     "UTF-8", arena, &bad),
                  "a\xEF\xBF\xBD"
                  "b");
        ck_assert_uint_eq(bad, SIZE_MAX);
}
END_TEST

START_TEST(long_texts_convert_over_the_ends_of_buffers)
{
        enum { LEN = 100 * 1000 };
        char *body = fw_arena_alloc(arena, 2 * LEN);
        for (size_t i = 0; i < LEN; i++)
                memcpy(body + 2 * i, "\xB3\xE2", 2);
        size_t bad;
        struct fw_str text = fw_charset_to_utf8(fw_str_n(body, 2 * LEN), "windows-949-2000", arena, &bad);
        ck_assert_uint_eq(text.len, 3 * LEN);
        for (size_t i = 0; i < LEN; i++)
                ck_assert(memcmp(text.p + 3 * i, "년", 3) == 0);
}
END_TEST

START_TEST(the_charset_is_the_first_that_speaks)
{
        static const struct {
                const char *body, *content_type, *title;
        } cases[] = {
                { "\xEF\xBB\xBF<?xml version='1.0' encoding='koi8-r'?>" RSS("é"), "text/xml; charset=koi8-r", "é" },
                { "<?xml version='1.0' encoding='utf-8'?>" RSS("\xEB"), "text/xml; charset=\"KOI8-R\"", "К" },
                { "<?xml version='1.0' encoding='koi8-r'?>" RSS("\xEB"), "text/xml", "К" },
                { "<?xml version='1.0' encoding='utf-16'?>" RSS("é"), "", "é" },
                { "<?xml version='1.0' encoding='us-ascii'?>" RSS("é"), "", "é" },
                { RSS("é"), "application/rss+xml;charset=utf-16", "é" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                const struct fw_feed_hints hints = { .content_type = fw_str_c(cases[i].content_type) };
                fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                struct fw_str rest = fw_str_c(cases[i].body);
                size_t at = fw_str_find(rest, FW_STR("<title>T"), 0) + strlen("<title>");
                size_t link = fw_str_find(rest, FW_STR("</link>"), 0) + strlen("</link>");
                (void) fw_buf_append(&body, fw_str_slice(rest, 0, at));
                (void) fw_buf_append(&body, fw_str_slice(rest, link, fw_str_find(rest, FW_STR("</channel>"), 0)));
                (void) fw_buf_append(&body, fw_str_slice(rest, at + 1, link));
                (void) fw_buf_append_c(&body, "</channel></rss>");
                fw_cleanup(parsed_done) struct parsed p = parse_with(fw_buf_str(&body), &hints);
                ck_assert_msg(fw_str_eq(p.feed->title, fw_str_c(cases[i].title)), "case %zu: '%.*s'", i,
                              FW_STR_ARG(p.feed->title));
        }
}
END_TEST

START_TEST(relative_links_in_html_become_absolute)
{
        static const struct {
                const char *html, *wanted;
        } cases[] = {
                { "<a href=\"x?a&amp;b\">y</a>", "<a href=\"http://h/d/x?a&amp;b\">y</a>" },
                { "<A HREF=x>y</A><img alt='a>b' src = '/i'>",
                  "<A HREF=http://h/d/x>y</A><img alt='a>b' src = 'http://h/i'>" },
                { "<a href='http://o/'><a href='mailto:a'><a href=''>",
                  "<a href='http://o/'><a href='mailto:a'><a href=''>" },
                { "<!-- <a href='x'> --><a title=href='x'>", "<!-- <a href='x'> --><a title=href='x'>" },
                { "<a href=\"x", "<a href=\"http://h/d/x" },
                { "a < b <a", "a < b <a" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++)
                check_str(fw_html_resolve_links(fw_str_c(cases[i].html), FW_STR("http://h/d/e"), arena),
                          cases[i].wanted);
        check_str(fw_html_resolve_links(FW_STR("<a href=x>"), FW_STR_NONE, arena), "<a href=x>");
}
END_TEST

START_TEST(json_is_mended)
{
        static const struct {
                const char *json, *wanted, *problem;
        } cases[] = {
                { " {\"a\" : [1, -2, 1.50, 1e3, true, null, \"x\\u00e9\\ud83d\\ude80\"] } ",
                  "{\"a\":[1,\"-2\",\"1.50\",\"1e3\",true,null,\"x\\u00e9\\ud83d\\ude80\"]}", "" },
                { "[9007199254740993,12345678901234567890]", "[9007199254740993,\"12345678901234567890\"]", "" },
                { "{\"a\":1,}", "{\"a\":1}", "line 1: a comma too many" },
                { "[1,,2\n3]", "[1,2,3]", "line 1: a comma too many" },
                { "[1\n2]", "[1,2]", "line 2: a comma is missing" },
                { "{\"a\" 1 \"b\":2}", "{\"a\":1,\"b\":2}", "line 1: a ':' is missing" },
                { "{\"a\":[{\"b\":\"cu", "{\"a\":[{\"b\":\"cu\"}]}", "line 1: the document ends inside a string" },
                { "{\"a\":", "{\"a\":null}", "line 1: the document ends before it is complete" },
                { "{\"a\"", "{\"a\":null}", "line 1: the document ends before it is complete" },
                { "{\"a\":[1}", "{\"a\":[1]}", "line 1: a bracket that closes nothing" },
                { "[\"a\\ud800b\\q\\u0000\"]", "[\"a\\ufffdb\\\\q\\ufffd\"]", "line 1: an escape of no character" },
                { "[\"a\tb\"]", "[\"a b\"]", "line 1: a control character in a string" },
                { "[nul, undefined]", "[null,null]", "line 1: a value that is none" },
                { "[1] x", "[1]", "line 1: something follows the document" },
                { "", "null", "" },
                { "}", "null", "line 1: a value that is none" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                struct fw_str problem;
                fw_json_mend(fw_str_c(cases[i].json), arena, &out, &problem);
                ck_assert_msg(strcmp(fw_buf_c(&out), cases[i].wanted) == 0, "%s gives %s", cases[i].json,
                              fw_buf_c(&out));
                ck_assert_msg(fw_str_eq(problem, fw_str_c(cases[i].problem)), "%s: '%.*s'", cases[i].json,
                              FW_STR_ARG(problem));
        }
}
END_TEST

static struct fw_item item_of(const char *id, const char *url, const char *title)
{
        return (struct fw_item){ .id = fw_str_c(id),
                                 .id_is_given = id[0] != '\0',
                                 .url = fw_str_c(url),
                                 .title = fw_str_c(title),
                                 .published_usec = FW_TIME_NONE };
}

/* The key of the last of `items` among all of them. */
static struct fw_hash128 key_among(const struct fw_item *items, size_t len)
{
        fw_cleanup(fw_identity_freep) struct fw_identity *identity = fw_identity_new();
        for (size_t i = 0; i < len; i++)
                fw_identity_add(identity, &items[i]);
        return fw_identity_key(identity, len - 1);
}

static bool same(struct fw_hash128 a, struct fw_hash128 b)
{
        return memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0;
}

START_TEST(an_item_stays_itself_while_its_id_does)
{
        const struct fw_item a = item_of("g", "http://e/1", "A"), edited = item_of("g", "http://e/2", "B");
        const struct fw_item other = item_of("h", "http://e/1", "A");
        ck_assert(same(key_among(&a, 1), key_among(&edited, 1)));
        ck_assert(!same(key_among(&a, 1), key_among(&other, 1)));
}
END_TEST

START_TEST(without_an_id_the_link_counts_unless_all_share_it)
{
        const struct fw_item a = item_of("", "http://e/1?utm_source=x", "A"), edited = item_of("", "http://e/1", "B");
        ck_assert(same(key_among(&a, 1), key_among(&edited, 1)));
        const struct fw_item shared[] = { item_of("", "http://e/", "A"), item_of("", "http://e/", "B") };
        const struct fw_item swapped[] = { shared[1], shared[0] };
        ck_assert(!same(key_among(shared, 2), key_among(swapped, 2)));
}
END_TEST

START_TEST(an_id_that_items_share_is_not_believed)
{
        const struct fw_item shared[] = { item_of("g", "http://e/1", "A"), item_of("g", "http://e/2", "B") };
        const struct fw_item swapped[] = { shared[1], shared[0] };
        ck_assert(!same(key_among(shared, 2), key_among(swapped, 2)));
}
END_TEST

START_TEST(link_keys_join_what_is_one_article)
{
        const struct fw_item a = item_of("1", "https://E.example:443/a?utm_medium=rss#x", "A"),
                             b = item_of("2", "http://e.example/a", "B");
        const struct fw_item c = item_of("3", "http://e.example/b", "C"), none = item_of("4", "urn:x", "D");
        ck_assert_uint_eq(fw_item_link_key(&a), fw_item_link_key(&b));
        ck_assert_uint_ne(fw_item_link_key(&a), fw_item_link_key(&c));
        ck_assert_uint_eq(fw_item_link_key(&none), 0);
        ck_assert_uint_ne(fw_item_content_hash(&a), fw_item_content_hash(&b));
}
END_TEST

/* A feed whose item is `before` + `count` × `piece` + `after`; true if the item behind it is there and nothing is malformed. */
static bool is_clean_with(const char *before, const char *piece, size_t count, const char *after, bool *ret_kept)
{
        fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&body, "<rss><channel>");
        (void) fw_buf_append_c(&body, before);
        for (size_t i = 0; i < count; i++)
                (void) fw_buf_printf(&body, piece, i);
        (void) fw_buf_append_c(&body, after);
        (void) fw_buf_append_c(&body, "<item><title>After</title></item></channel></rss>");
        fw_cleanup(parsed_done) struct parsed p = parse_with(fw_buf_str(&body), NULL);
        *ret_kept = p.items.len > 0 && fw_str_eq(p.items.p[p.items.len - 1]->title, FW_STR("After"));
        return p.feed->malformed.len == 0;
}

START_TEST(limits_hold_and_what_follows_is_kept)
{
        bool kept;
        size_t room = FW_LIMIT_NESTING - 4; /* rss, channel, item, description */
        fw_cleanup(fw_buf_done) struct fw_buf close = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (size_t i = 0; i < room; i++)
                (void) fw_buf_append_c(&close, "</b>");
        (void) fw_buf_append_c(&close, "</description></item>");
        ck_assert(is_clean_with("<item><description>", "<b>", room, fw_buf_c(&close), &kept) && kept);
        ck_assert(!is_clean_with("<item><description><b>", "<b>", room, "</b></description></item>", &kept) && kept);
        ck_assert(is_clean_with("<item ", " a%zu='1'", FW_LIMIT_XML_ATTRIBUTES, "/>", &kept) && kept);
        ck_assert(!is_clean_with("<item ", " a%zu='1'", FW_LIMIT_XML_ATTRIBUTES + 1, "/>", &kept) && kept);
        ck_assert(is_clean_with("<item ", " xmlns:a%zu='u'", FW_LIMIT_XML_NAMESPACES, "/>", &kept) && kept);
        ck_assert(!is_clean_with("<item ", " xmlns:a%zu='u' b%zu='1'", FW_LIMIT_XML_NAMESPACES + 1, "/>", &kept) &&
                  kept);
        ck_assert(is_clean_with("", "<item/>", FW_LIMIT_FEED_ITEMS - 1, "", &kept) && kept);
        ck_assert(!is_clean_with("", "<item/>", FW_LIMIT_FEED_ITEMS, "", &kept) && !kept);
}
END_TEST

START_TEST(lists_of_an_item_are_cut_at_their_limit)
{
        for (size_t count = FW_LIMIT_ITEM_LIST; count <= FW_LIMIT_ITEM_LIST + 1; count++) {
                fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                (void) fw_buf_append_c(&body, "<rss><channel><item>");
                for (size_t i = 0; i < count; i++)
                        (void) fw_buf_printf(
                                &body, "<category>%zu</category><enclosure url='http://e/%zu'/><author>n%zu</author>",
                                i, i, i);
                (void) fw_buf_append_c(&body, "</item></channel></rss>");
                fw_cleanup(parsed_done) struct parsed p = parse_with(fw_buf_str(&body), NULL);
                ck_assert_uint_eq(p.items.p[0]->tags_len, FW_LIMIT_ITEM_LIST);
                ck_assert_uint_eq(p.items.p[0]->attachments_len, FW_LIMIT_ITEM_LIST);
                ck_assert_uint_eq(p.items.p[0]->authors_len, FW_LIMIT_ITEM_LIST);
        }
}
END_TEST

START_TEST(conditions_have_names_both_ways)
{
        enum fw_feed_condition condition;
        ck_assert_int_eq(fw_feed_condition_from_name(FW_STR("paused"), &condition), 0);
        ck_assert_int_eq(condition, FW_FEED_IS_PAUSED);
        ck_assert_str_eq(fw_feed_condition_name(condition), "paused");
        ck_assert_int_lt(fw_feed_condition_from_name(FW_STR("pause"), &condition), 0);
}
END_TEST

int main(void)
{
        Suite *suite = suite_create("parts");
        TCase *tcase = tcase_create("parts");
        tcase_set_timeout(tcase, 60);
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, labels_mean_what_browsers_mean);
        tcase_add_test(tcase, a_stray_byte_costs_itself);
        tcase_add_test(tcase, long_texts_convert_over_the_ends_of_buffers);
        tcase_add_test(tcase, the_charset_is_the_first_that_speaks);
        tcase_add_test(tcase, relative_links_in_html_become_absolute);
        tcase_add_test(tcase, json_is_mended);
        tcase_add_test(tcase, an_item_stays_itself_while_its_id_does);
        tcase_add_test(tcase, without_an_id_the_link_counts_unless_all_share_it);
        tcase_add_test(tcase, an_id_that_items_share_is_not_believed);
        tcase_add_test(tcase, link_keys_join_what_is_one_article);
        tcase_add_test(tcase, limits_hold_and_what_follows_is_kept);
        tcase_add_test(tcase, lists_of_an_item_are_cut_at_their_limit);
        tcase_add_test(tcase, conditions_have_names_both_ways);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
