#include <errno.h>
#include <string.h>

#include "feedwatch/feedwatch.h"
#include "unit.h"

static struct fw_str view(struct feedwatch_text text)
{
        return fw_str_n(text.data, text.size);
}

static struct feedwatch_rules *compile(const char *rules, const char *entities,
                                       struct feedwatch_diagnostics *diagnostics)
{
        struct feedwatch_sources *sources = feedwatch_sources_new();
        feedwatch_sources_add_rules(sources, "rules.yaml", rules, strlen(rules));
        if (entities)
                feedwatch_sources_add_entities(sources, "entities.yaml", entities, strlen(entities));
        static const char WORDS[] = "tank\nsoldier\n";
        feedwatch_sources_add_word_list(sources, "words.txt", WORDS, strlen(WORDS));
        struct feedwatch_rules *compiled = NULL;
        int r = feedwatch_rules_compile(sources, diagnostics, &compiled);
        ck_assert((r == 0) == (compiled != NULL));
        feedwatch_sources_free(sources);
        return compiled;
}

static size_t add(struct feedwatch_document *document, enum feedwatch_field field, enum feedwatch_markup markup,
                  const char *value)
{
        return feedwatch_document_add(document, field, markup, value, strlen(value));
}

START_TEST(a_feed_is_read_to_items)
{
        static const char FEED[] =
                "<rss version='2.0'><channel><title>News</title><link>https://example.org/</link>"
                "<language>en</language><item><title>One</title><link>/1</link><guid>g1</guid>"
                "<pubDate>Thu, 24 Oct 2024 09:31:02 GMT</pubDate><category>war</category><category>east</category>"
                "<description>&lt;b&gt;Bold&lt;/b&gt;</description></item><item><title>Two</title></item>"
                "</channel></rss>";
        struct feedwatch_feed *feed = NULL;
        ck_assert_int_eq(feedwatch_feed_parse(FEED, strlen(FEED), "https://example.org/feed", "text/xml", NULL, &feed),
                         0);
        assert_text(view(feedwatch_feed_text(feed, FEEDWATCH_FEED_TITLE)), "News");
        assert_text(view(feedwatch_feed_text(feed, FEEDWATCH_FEED_FORMAT)), "rss-2.0");
        assert_text(view(feedwatch_feed_text(feed, FEEDWATCH_FEED_LANGUAGE)), "en");
        assert_text(view(feedwatch_feed_text(feed, (enum feedwatch_feed_text) 99)), "");
        ck_assert_uint_eq(feedwatch_feed_items(feed), 2);
        assert_text(view(feedwatch_item_text(feed, 0, FEEDWATCH_ITEM_ID)), "g1");
        assert_text(view(feedwatch_item_text(feed, 0, FEEDWATCH_ITEM_URL)), "https://example.org/1");
        assert_text(view(feedwatch_item_text(feed, 1, FEEDWATCH_ITEM_TITLE)), "Two");
        ck_assert_int_eq(feedwatch_item_published(feed, 0), INT64_C(1729762262000000));
        ck_assert(feedwatch_item_published(feed, 1) == FEEDWATCH_TIME_NONE);
        ck_assert_uint_eq(feedwatch_item_list_size(feed, 0, FEEDWATCH_ITEM_TAGS), 2);
        assert_text(view(feedwatch_item_list_text(feed, 0, FEEDWATCH_ITEM_TAGS, 1)), "east");
        ck_assert_uint_eq(feedwatch_item_list_size(feed, 1, FEEDWATCH_ITEM_AUTHORS), 0);
        char *json = feedwatch_feed_to_json(feed);
        ck_assert_ptr_nonnull(strstr(json, "https://jsonfeed.org/version/1.1"));
        ck_assert_ptr_nonnull(strstr(json, "\"g1\""));
        feedwatch_free(json);
        feedwatch_feed_free(feed);
}
END_TEST

START_TEST(what_is_no_feed_says_so)
{
        struct feedwatch_diagnostics *diagnostics = feedwatch_diagnostics_new();
        struct feedwatch_feed *feed = NULL;
        ck_assert_int_eq(feedwatch_feed_parse("<html><body>x</body></html>", 27, NULL, NULL, diagnostics, &feed),
                         -EBADMSG);
        ck_assert_ptr_null(feed);
        ck_assert_uint_eq(feedwatch_diagnostics_count(diagnostics), 1);
        ck_assert_int_eq(feedwatch_diagnostics_level(diagnostics, 0), FEEDWATCH_ERROR);
        ck_assert_ptr_nonnull(strstr(feedwatch_diagnostics_message(diagnostics, 0), "HTML"));
        feedwatch_diagnostics_free(diagnostics);
}
END_TEST

START_TEST(a_wrong_rule_is_told_with_its_place)
{
        struct feedwatch_diagnostics *diagnostics = feedwatch_diagnostics_new();
        ck_assert_ptr_null(compile("rules:\n  - id: a\n    match: 'titel:(x)'\n", NULL, diagnostics));
        ck_assert_uint_ge(feedwatch_diagnostics_count(diagnostics), 1);
        assert_text(view(feedwatch_diagnostics_file(diagnostics, 0)), "rules.yaml");
        ck_assert_uint_eq(feedwatch_diagnostics_line(diagnostics, 0), 3);
        ck_assert_uint_eq(feedwatch_diagnostics_column(diagnostics, 0), 13);
        char *text = feedwatch_diagnostics_render(diagnostics);
        ck_assert_ptr_nonnull(strstr(text, "rules.yaml:3:13: error: "));
        feedwatch_free(text);
        feedwatch_diagnostics_free(diagnostics);
        ck_assert_ptr_null(compile("rules: [", NULL, NULL));
}
END_TEST

START_TEST(no_diagnostics_render_as_nothing)
{
        struct feedwatch_diagnostics *diagnostics = feedwatch_diagnostics_new();
        char *text = feedwatch_diagnostics_render(diagnostics);
        ck_assert_str_eq(text, "");
        feedwatch_free(text);
        feedwatch_diagnostics_free(diagnostics);
}
END_TEST

START_TEST(matches_name_rules_and_bytes)
{
        struct feedwatch_rules *rules = compile("rules:\n"
                                                "  - {id: a, name: The first, match: 'special NEAR/2 forces'}\n"
                                                "  - {id: b, match: troops, unless: 'category:sport'}\n"
                                                "  - {id: c, match: $w}\n"
                                                "define:\n"
                                                "  w: {file: words.txt}\n",
                                                NULL, NULL);
        ck_assert_ptr_nonnull(rules);
        ck_assert_uint_eq(feedwatch_rules_count(rules), 3);
        assert_text(view(feedwatch_rules_name(rules, 0)), "The first");
        char *query = feedwatch_rules_print(rules, 0);
        ck_assert_ptr_nonnull(strstr(query, "NEAR/2"));
        feedwatch_free(query);

        struct feedwatch_document *document = feedwatch_document_new();
        struct feedwatch_matcher *matcher = feedwatch_matcher_new(rules);
        feedwatch_rules_unref(rules);
        ck_assert_uint_eq(add(document, FEEDWATCH_FIELD_CATEGORY, FEEDWATCH_PLAIN, "sport"), 0);
        size_t body =
                add(document, FEEDWATCH_FIELD_BODY, FEEDWATCH_HTML, "<p>the <b>Special</b> forces: troops, a tank</p>");
        ck_assert_uint_eq(body, 1);
        ck_assert_int_eq(feedwatch_document_field(document, body), FEEDWATCH_FIELD_BODY);

        ck_assert_uint_eq(feedwatch_match(matcher, document), 2);
        ck_assert_uint_eq(feedwatch_match_limited(matcher), 0);
        assert_text(view(feedwatch_rules_id(rules, feedwatch_match_rule(matcher, 0))), "a");
        assert_text(view(feedwatch_rules_id(rules, feedwatch_match_rule(matcher, 1))), "c");
        ck_assert_uint_eq(feedwatch_match_hits(matcher, 0), 2);
        struct feedwatch_hit hit = feedwatch_match_hit(matcher, 0, 0);
        ck_assert_uint_eq(hit.value, body);
        assert_text(fw_str_slice(view(feedwatch_document_value(document, hit.value)), hit.start, hit.end), "Special");
        assert_text(view(hit.term), "special");

        feedwatch_document_reset(document);
        (void) add(document, FEEDWATCH_FIELD_TITLE, FEEDWATCH_PLAIN, "Troops");
        ck_assert_uint_eq(feedwatch_match(matcher, document), 1);
        feedwatch_matcher_free(matcher);
        feedwatch_document_free(document);
}
END_TEST

START_TEST(the_language_is_that_of_stems)
{
        struct feedwatch_rules *rules = compile("rules:\n  - {id: a, match: deploy~}\n", NULL, NULL);
        struct feedwatch_document *document = feedwatch_document_new();
        struct feedwatch_matcher *matcher = feedwatch_matcher_new(rules);
        (void) add(document, FEEDWATCH_FIELD_TITLE, FEEDWATCH_PLAIN, "deploying now");
        ck_assert_uint_eq(feedwatch_match(matcher, document), 0);
        feedwatch_document_set_language(document, "en-GB");
        ck_assert_uint_eq(feedwatch_match(matcher, document), 1);
        feedwatch_matcher_free(matcher);
        feedwatch_document_free(document);
        feedwatch_rules_unref(rules);
}
END_TEST

START_TEST(entities_are_found)
{
        struct feedwatch_rules *rules = compile("rules: []\n",
                                                "entities:\n"
                                                "  - {id: south-korea, kind: country, names: [Republic of Korea]}\n"
                                                "  - {id: north-korea, kind: country, names: [\"Democratic People's "
                                                "Republic of Korea\"]}\n",
                                                NULL);
        ck_assert_ptr_nonnull(rules);
        struct feedwatch_document *document = feedwatch_document_new();
        struct feedwatch_matcher *matcher = feedwatch_matcher_new(rules);
        size_t title =
                add(document, FEEDWATCH_FIELD_TITLE, FEEDWATCH_PLAIN, "the Democratic People’s Republic of Korea");
        ck_assert_uint_eq(feedwatch_find_mentions(matcher, document), 1);
        struct feedwatch_mention mention = feedwatch_mention(matcher, 0);
        assert_text(view(mention.entity), "north-korea");
        ck_assert_uint_eq(mention.value, title);
        ck_assert_uint_eq(mention.start, 4);
        feedwatch_matcher_free(matcher);
        feedwatch_document_free(document);
        feedwatch_rules_unref(rules);
}
END_TEST

START_TEST(items_become_documents)
{
        static const char FEED[] = "<rss version='2.0'><channel><title>News</title><language>en</language>"
                                   "<item><title>Troops deployed</title><category>war</category>"
                                   "<description>&lt;b&gt;Bold&lt;/b&gt;</description></item></channel></rss>";
        struct feedwatch_feed *feed = NULL;
        ck_assert_int_eq(feedwatch_feed_parse(FEED, strlen(FEED), NULL, NULL, NULL, &feed), 0);
        struct feedwatch_rules *rules =
                compile("rules:\n  - {id: a, match: 'deploy~ AND category:war AND bold AND lang:en'}\n", NULL, NULL);
        struct feedwatch_document *document = feedwatch_document_new();
        struct feedwatch_matcher *matcher = feedwatch_matcher_new(rules);
        feedwatch_document_add_item(document, feed, 0);
        feedwatch_feed_free(feed);
        ck_assert_uint_eq(feedwatch_match(matcher, document), 1);
        feedwatch_matcher_free(matcher);
        feedwatch_document_free(document);
        feedwatch_rules_unref(rules);
}
END_TEST

START_TEST(null_is_freed_as_nothing)
{
        feedwatch_feed_free(NULL);
        feedwatch_document_free(NULL);
        feedwatch_matcher_free(NULL);
        feedwatch_sources_free(NULL);
        feedwatch_rules_unref(NULL);
        feedwatch_diagnostics_free(NULL);
        feedwatch_free(NULL);
        ck_assert_str_ne(feedwatch_version(), "");
}
END_TEST

UNIT_MAIN("api", a_feed_is_read_to_items, what_is_no_feed_says_so, a_wrong_rule_is_told_with_its_place,
          no_diagnostics_render_as_nothing, matches_name_rules_and_bytes, the_language_is_that_of_stems,
          entities_are_found, items_become_documents, null_is_freed_as_nothing)
