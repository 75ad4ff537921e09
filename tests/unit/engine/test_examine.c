#include "engine/examine.h"

#include "base/diag.h"
#include "unit.h"

#define ITEM(guid, title, text)                                                             \
        "<item><guid>" guid "</guid><link>http://n/" guid "</link><title>" title "</title>" \
        "<description>" text "</description></item>"
#define RSS(items) "<rss version=\"2.0\"><channel><title>News</title><language>en</language>" items "</channel></rss>"

static const char rules[] =
        "rules:\n"
        "  - id: troops\n"
        "    match: 'troop*'\n"
        "    unless: 'title:horoscope'\n"
        "  - id: deployment\n"
        "    match: 'deploy~'\n"
        "  - id: scoped\n"
        "    match: 'troops'\n"
        "    feeds: {tags: [world]}\n"
        "  - id: slow\n"
        "    match: '/(a|aa)+$/'\n"
        "  - id: by-field\n"
        "    match: 'category:asia AND author:reporter AND feed:bbc AND tag:world AND url:example'\n";

static struct fw_arena *arena;
static struct fw_examiner *examiner;
static struct fw_result result;

static void set_up(void)
{
        const struct fw_rule_file file = { .name = FW_STR("rules.yaml"), .content = fw_str_c(rules) };
        const struct fw_rule_sources sources = { .rules = &file, .rules_len = 1 };
        struct fw_diag *diag = fw_diag_new();
        struct fw_ruleset *ruleset = NULL;
        int r = fw_ruleset_compile(&sources, diag, &ruleset);
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_render_all(diag, false, &words);
        ck_assert_msg(r == 0, "%s", fw_buf_c(&words));
        examiner = fw_examiner_new(ruleset);
        (void) fw_ruleset_unref(ruleset);
        (void) fw_diag_free(diag);
        arena = fw_arena_new();
}

static void tear_down(void)
{
        (void) fw_arena_free(arena);
        (void) fw_examiner_free(examiner);
}

static struct fw_job job_of(const char *body)
{
        return (struct fw_job){ .feed_id = FW_STR("bbc"), .url = FW_STR("http://n/feed"), .body = fw_str_c(body) };
}

static void examine(const struct fw_job *job)
{
        fw_examine(examiner, job, arena, &result);
}

static const struct fw_match_record *find_match(const struct fw_result_item *item, const char *rule)
{
        for (size_t i = 0; i < item->matches_len; i++)
                if (fw_str_eq(item->matches[i].rule_id, fw_str_c(rule)))
                        return &item->matches[i];
        return NULL;
}

START_TEST(new_items_come_with_their_matches)
{
        struct fw_job job =
                job_of(RSS(ITEM("1", "Korean troops", "&lt;p&gt;They say &lt;b&gt;troops&lt;/b&gt; came.&lt;/p&gt;")
                                   ITEM("2", "A troupe of actors", "Nothing else")));
        examine(&job);
        ck_assert_int_eq(result.status, FW_JOB_DONE);
        assert_text(result.feed.title, "News");
        ck_assert_uint_eq(result.items_len, 2);
        ck_assert_uint_eq(result.seen_len, 2);
        const struct fw_result_item *item = &result.items[0];
        ck_assert_int_eq(item->news, FW_ITEM_NEW);
        assert_text(item->item.title, "Korean troops");
        assert_text(item->language, "en");
        ck_assert_uint_ne(item->link_key, 0);
        ck_assert_mem_eq(&item->key, &result.seen[0].key, sizeof(item->key));
        ck_assert_uint_eq(item->matches_len, 1);
        ck_assert_uint_eq(result.items[1].matches_len, 0);
}
END_TEST

START_TEST(a_match_says_which_words_and_shows_them)
{
        struct fw_job job =
                job_of(RSS(ITEM("1", "Korean troops", "&lt;p&gt;They say &lt;b&gt;troops&lt;/b&gt; came.&lt;/p&gt;")));
        examine(&job);
        const struct fw_match_record *match = find_match(&result.items[0], "troops");
        ck_assert_ptr_nonnull(match);
        ck_assert_int_eq(match->outcome, FW_MATCHED);
        ck_assert_uint_ge(match->hits_len, 2);
        ck_assert_int_eq(match->hits[0].field, FW_FIELD_TITLE);
        ck_assert_uint_eq(match->hits[0].start, 7);
        ck_assert_uint_eq(match->hits[0].end, 13);
        for (size_t i = 0; i < match->hits_len; i++) {
                assert_text(match->hits[i].text, "troops");
                assert_text(match->hits[i].term, "troop*");
        }
        assert_text(match->excerpt, "They say troops came.");
        ck_assert_uint_eq(match->excerpt_marks_len, 1);
        ck_assert_uint_eq(match->excerpt_marks[0].start, 9);
        ck_assert_uint_eq(match->excerpt_marks[0].end, 15);
}
END_TEST

START_TEST(a_match_in_the_title_alone_shows_the_beginning_of_the_text)
{
        struct fw_job job = job_of(RSS(ITEM("1", "Korean troops", "Nothing of them here.")));
        examine(&job);
        const struct fw_match_record *match = find_match(&result.items[0], "troops");
        assert_text(match->excerpt, "Nothing of them here.");
        ck_assert_uint_eq(match->excerpt_marks_len, 0);
}
END_TEST

START_TEST(excluded_matches_are_recorded_as_such)
{
        struct fw_job job = job_of(RSS(ITEM("1", "Horoscope", "Troops of stars")));
        examine(&job);
        ck_assert_int_eq(find_match(&result.items[0], "troops")->outcome, FW_EXCLUDED_BY_RULE);
}
END_TEST

START_TEST(rules_see_the_feed_as_it_is_configured)
{
        const struct fw_str tags[] = { FW_STR("world") };
        struct fw_job job = job_of(RSS(ITEM("1", "Korean troops", "x")));
        examine(&job);
        ck_assert_ptr_null(find_match(&result.items[0], "scoped"));
        job.feed_tags = tags;
        job.feed_tags_len = 1;
        examine(&job);
        ck_assert_ptr_nonnull(find_match(&result.items[0], "scoped"));
}
END_TEST

START_TEST(every_field_of_the_language_is_filled)
{
        const struct fw_str tags[] = { FW_STR("world") };
        struct fw_job job =
                job_of(RSS("<item><link>http://example.org/a</link><title>x</title><category>Asia</category>"
                           "<author>A. Reporter</author></item>"));
        job.feed_tags = tags;
        job.feed_tags_len = 1;
        examine(&job);
        ck_assert_ptr_nonnull(find_match(&result.items[0], "by-field"));
}
END_TEST

START_TEST(the_configured_language_wins_over_the_feeds)
{
        struct fw_job job = job_of(RSS(ITEM("1", "Deploying", "x")));
        examine(&job);
        assert_text(result.items[0].language, "en");
        ck_assert_ptr_nonnull(find_match(&result.items[0], "deployment"));
        job.feed_language = FW_STR("ru");
        examine(&job);
        assert_text(result.items[0].language, "ru");
        ck_assert_ptr_null(find_match(&result.items[0], "deployment"));
}
END_TEST

START_TEST(known_items_are_seen_but_not_handed_on)
{
        struct fw_job job = job_of(RSS(ITEM("1", "troops one", "x") ITEM("2", "troops two", "x")));
        examine(&job);
        struct fw_known_item known[] = { result.seen[0], result.seen[1] };
        job.known = known;
        job.known_len = 2;
        examine(&job);
        ck_assert_uint_eq(result.items_len, 0);
        ck_assert_uint_eq(result.seen_len, 2);

        job.body = FW_STR(RSS(ITEM("1", "troops one, corrected", "x") ITEM("3", "troops three", "x")));
        examine(&job);
        ck_assert_uint_eq(result.items_len, 2);
        ck_assert_int_eq(result.items[0].news, FW_ITEM_UPDATED);
        ck_assert_mem_eq(&result.items[0].key, &known[0].key, sizeof(known[0].key));
        ck_assert_int_eq(result.items[1].news, FW_ITEM_NEW);
        ck_assert_uint_eq(result.items[1].matches_len, 1);
}
END_TEST

START_TEST(an_item_that_stands_twice_counts_once)
{
        struct fw_job job = job_of(RSS(ITEM("1", "troops", "x") ITEM("1", "troops", "x")));
        examine(&job);
        ck_assert_uint_eq(result.items_len, 1);
        ck_assert_uint_eq(result.seen_len, 1);
}
END_TEST

START_TEST(what_is_no_feed_is_named)
{
        struct fw_job job = job_of("<!DOCTYPE html><html><head><title>x</title></head><body>no feed</body></html>");
        examine(&job);
        ck_assert_int_eq(result.status, FW_JOB_NO_FEED);
        ck_assert_msg(fw_str_find(result.error, FW_STR("HTML"), 0) != SIZE_MAX, "%.*s", FW_STR_ARG(result.error));
        ck_assert_uint_eq(result.items_len, 0);
        job.body = FW_STR_NONE;
        examine(&job);
        ck_assert_int_eq(result.status, FW_JOB_NO_FEED);
        ck_assert(!fw_str_empty(result.error));
}
END_TEST

START_TEST(rules_that_meet_a_limit_are_named_once)
{
        struct fw_job job =
                job_of(RSS(ITEM("1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "x") ITEM(
                        "2", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "x")));
        examine(&job);
        ck_assert_uint_eq(result.items_len, 2);
        ck_assert_uint_eq(result.limited_rules_len, 1);
        assert_text(result.limited_rules[0], "slow");
        ck_assert_ptr_null(find_match(&result.items[0], "slow"));
}
END_TEST

START_TEST(one_job_leaves_nothing_to_the_next)
{
        struct fw_job first = job_of(RSS(ITEM("1", "x", "troops here")));
        struct fw_job second = job_of(RSS(ITEM("2", "Korean troops", "and deployed")));
        for (int i = 0; i < 3; i++) {
                examine(&first);
                assert_text(find_match(&result.items[0], "troops")->excerpt, "troops here");
                examine(&second);
                assert_text(find_match(&result.items[0], "deployment")->excerpt, "and deployed");
                fw_arena_reset(arena);
        }
}
END_TEST

UNIT_MAIN_WITH("examine", set_up, tear_down, new_items_come_with_their_matches, a_match_says_which_words_and_shows_them,
               a_match_in_the_title_alone_shows_the_beginning_of_the_text, excluded_matches_are_recorded_as_such,
               rules_see_the_feed_as_it_is_configured, every_field_of_the_language_is_filled,
               the_configured_language_wins_over_the_feeds, known_items_are_seen_but_not_handed_on,
               an_item_that_stands_twice_counts_once, what_is_no_feed_is_named, rules_that_meet_a_limit_are_named_once,
               one_job_leaves_nothing_to_the_next)
