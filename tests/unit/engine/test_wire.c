#include "engine/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/pack.h"
#include "unit.h"

static struct fw_arena *arena;
static struct fw_buf out;

static void set_up(void)
{
        arena = fw_arena_new();
        fw_buf_init(&out, FW_BUF_UNBOUNDED);
}

static void tear_down(void)
{
        fw_buf_done(&out);
        (void) fw_arena_free(arena);
}

static struct fw_frame whole_frame(enum fw_frame_type type)
{
        struct fw_frame frame;
        size_t len = 0;
        ck_assert_int_eq(fw_frame_read(fw_buf_str(&out), &len, &frame), 0);
        ck_assert_uint_eq(len, out.len);
        ck_assert_int_eq(frame.type, type);
        return frame;
}

START_TEST(a_frame_is_read_when_it_is_whole)
{
        struct fw_frame frame;
        size_t len = 1;
        ck_assert_int_eq(fw_wire_put_failed(&out, FW_STR("words")), 0);
        for (size_t cut = 0; cut < out.len; cut++) {
                ck_assert_int_eq(fw_frame_read(fw_str_n(out.p, cut), &len, &frame), -EAGAIN);
                ck_assert_uint_eq(len, cut < FW_FRAME_HEADER_BYTES ? 0 : out.len);
        }
        struct fw_str words;
        ck_assert_int_eq(fw_wire_get_failed(whole_frame(FW_FRAME_FAILED).payload, &words), 0);
        assert_text(words, "words");
}
END_TEST

START_TEST(unknown_types_and_lengths_beyond_the_limit_are_no_frames)
{
        struct fw_frame frame;
        size_t len = 0;
        uint32_t header[2] = { FW_FRAME_RESULT + 1, 0 };
        ck_assert_int_eq(fw_frame_read(fw_str_n((char *) header, sizeof(header)), &len, &frame), -EBADMSG);
        header[0] = FW_FRAME_RESULT;
        header[1] = FW_LIMIT_FRAME_BYTES;
        ck_assert_int_eq(fw_frame_read(fw_str_n((char *) header, sizeof(header)), &len, &frame), -EAGAIN);
        header[1] = FW_LIMIT_FRAME_BYTES + 1;
        ck_assert_int_eq(fw_frame_read(fw_str_n((char *) header, sizeof(header)), &len, &frame), -EBADMSG);
}
END_TEST

START_TEST(the_version_is_compared)
{
        ck_assert_int_eq(fw_wire_put_ready(&out), 0);
        struct fw_frame frame = whole_frame(FW_FRAME_READY);
        ck_assert_int_eq(fw_wire_get_ready(frame.payload), 0);
        out.p[FW_FRAME_HEADER_BYTES]++;
        ck_assert_int_eq(fw_wire_get_ready(frame.payload), -EPROTO);
        ck_assert_int_eq(fw_wire_get_ready(fw_str_slice(frame.payload, 0, 3)), -EBADMSG);
}
END_TEST

START_TEST(a_job_arrives_as_it_was_sent)
{
        const struct fw_str tags[] = { FW_STR("world"), FW_STR("asia") };
        const struct fw_known_item known[] = { { .key = { { 1, 2, 3 } }, .content_hash = 77 } };
        const struct fw_job job = { .feed_id = FW_STR("bbc"),
                                    .feed_url = FW_STR("http://a/"),
                                    .feed_title = FW_STR("BBC"),
                                    .feed_tags = tags,
                                    .feed_tags_len = 2,
                                    .feed_language = FW_STR("en"),
                                    .url = FW_STR("http://b/"),
                                    .content_type = FW_STR("text/\xff"),
                                    .body = fw_str_n("a\0b", 3),
                                    .known = known,
                                    .known_len = 1 };
        ck_assert_int_eq(fw_wire_put_job(&out, 5, &job), 0);
        struct fw_job got;
        uint64_t id = 0;
        ck_assert_int_eq(fw_wire_get_job(whole_frame(FW_FRAME_JOB).payload, arena, &id, &got), 0);
        ck_assert_uint_eq(id, 5);
        assert_text(got.feed_id, "bbc");
        assert_text(got.feed_url, "http://a/");
        assert_text(got.feed_title, "BBC");
        assert_text(got.feed_language, "en");
        assert_text(got.url, "http://b/");
        assert_text(got.content_type, "text/\xff");
        ck_assert(fw_str_eq(got.body, job.body));
        ck_assert_uint_eq(got.feed_tags_len, 2);
        assert_text(got.feed_tags[1], "asia");
        ck_assert_uint_eq(got.known_len, 1);
        ck_assert_mem_eq(&got.known[0].key, &known[0].key, sizeof(known[0].key));
        ck_assert_uint_eq(got.known[0].content_hash, 77);
}
END_TEST

/* One result with something in every place. */
static struct fw_hit_record hit = {
        .field = FW_FIELD_TITLE, .start = 1, .end = 3, .text = { "bc", 2 }, .term = { "b*", 2 }
};
static struct fw_mark marks[] = { { 0, 2 }, { 2, 4 } };
static struct fw_match_record match;
static struct fw_result_item item;
static const struct fw_known_item seen = { .key = { { 9 } }, .content_hash = 8 };
static const struct fw_person author = { .name = { "A", 1 }, .url = { "u", 1 }, .avatar = { "v", 1 } };
static const struct fw_str tag = { "t", 1 };
static struct fw_result result;

static void fill_result(void)
{
        match = (struct fw_match_record){ .rule_id = FW_STR("r"),
                                          .outcome = FW_EXCLUDED_BY_CONFIG,
                                          .hits = &hit,
                                          .hits_len = 1,
                                          .excerpt = FW_STR("abcd"),
                                          .excerpt_marks = marks,
                                          .excerpt_marks_len = 2 };
        item = (struct fw_result_item){ .news = FW_ITEM_UPDATED,
                                        .key = { { 9 } },
                                        .content_hash = 8,
                                        .link_key = 7,
                                        .item = { .id = FW_STR("id"),
                                                  .id_is_given = true,
                                                  .title = FW_STR("abcd"),
                                                  .content_html = FW_STR("<p>"),
                                                  .language = FW_STR("en"),
                                                  .published_usec = -5,
                                                  .modified_usec = INT64_MIN,
                                                  .authors = &author,
                                                  .authors_len = 1,
                                                  .tags = &tag,
                                                  .tags_len = 1 },
                                        .language = FW_STR("en-GB"),
                                        .matches = &match,
                                        .matches_len = 1 };
        result = (struct fw_result){ .status = FW_JOB_DONE,
                                     .feed = { .format = FW_FEED_CDF,
                                               .title = FW_STR("T"),
                                               .malformed = FW_STR("m"),
                                               .authors = &author,
                                               .authors_len = 1,
                                               .ttl_minutes = 60,
                                               .update_period_minutes = 30,
                                               .skip_hours = 3,
                                               .skip_days = 4,
                                               .expired = true,
                                               .items_len = 12 },
                                     .items = &item,
                                     .items_len = 1,
                                     .seen = &seen,
                                     .seen_len = 1,
                                     .limited_rules = &tag,
                                     .limited_rules_len = 1 };
}

static int round_trip(struct fw_result *ret_result)
{
        uint64_t id = 0;
        fw_buf_reset(&out);
        ck_assert_int_eq(fw_wire_put_result(&out, 6, &result), 0);
        return fw_wire_get_result(whole_frame(FW_FRAME_RESULT).payload, arena, &id, ret_result);
}

START_TEST(a_result_arrives_as_it_was_sent)
{
        struct fw_result got;
        fill_result();
        ck_assert_int_eq(round_trip(&got), 0);
        ck_assert_int_eq(got.feed.format, FW_FEED_CDF);
        assert_text(got.feed.title, "T");
        assert_text(got.feed.malformed, "m");
        assert_text(got.feed.authors[0].avatar, "v");
        ck_assert_uint_eq(got.feed.ttl_minutes, 60);
        ck_assert_uint_eq(got.feed.update_period_minutes, 30);
        ck_assert_uint_eq(got.feed.skip_hours, 3);
        ck_assert_uint_eq(got.feed.skip_days, 4);
        ck_assert(got.feed.expired);
        ck_assert_uint_eq(got.feed.items_len, 12);
        ck_assert_uint_eq(got.items_len, 1);
        const struct fw_result_item *got_item = &got.items[0];
        ck_assert_int_eq(got_item->news, FW_ITEM_UPDATED);
        ck_assert_mem_eq(&got_item->key, &item.key, sizeof(item.key));
        ck_assert_uint_eq(got_item->content_hash, 8);
        ck_assert_uint_eq(got_item->link_key, 7);
        assert_text(got_item->language, "en-GB");
        assert_text(got_item->item.id, "id");
        ck_assert(got_item->item.id_is_given);
        assert_text(got_item->item.content_html, "<p>");
        ck_assert_int_eq(got_item->item.published_usec, -5);
        ck_assert(got_item->item.modified_usec == INT64_MIN);
        assert_text(got_item->item.authors[0].url, "u");
        assert_text(got_item->item.tags[0], "t");
        const struct fw_match_record *got_match = &got_item->matches[0];
        assert_text(got_match->rule_id, "r");
        ck_assert_int_eq(got_match->outcome, FW_EXCLUDED_BY_CONFIG);
        ck_assert_int_eq(got_match->hits[0].field, FW_FIELD_TITLE);
        ck_assert_uint_eq(got_match->hits[0].start, 1);
        ck_assert_uint_eq(got_match->hits[0].end, 3);
        assert_text(got_match->hits[0].term, "b*");
        assert_text(got_match->excerpt, "abcd");
        ck_assert_uint_eq(got_match->excerpt_marks[1].end, 4);
        ck_assert_uint_eq(got.seen[0].content_hash, 8);
        assert_text(got.limited_rules[0], "t");
}
END_TEST

START_TEST(text_that_is_no_utf8_is_repaired_by_its_sender_and_refused_by_its_reader)
{
        struct fw_result got;
        fill_result();
        item.item.content_text = FW_STR("a\xff");
        ck_assert_int_eq(round_trip(&got), 0);
        assert_text(got.items[0].item.content_text, "a\xef\xbf\xbd");
        size_t at = fw_str_find(fw_buf_str(&out), FW_STR("\xef\xbf\xbd"), 0);
        ck_assert_uint_ne(at, SIZE_MAX);
        out.p[at] = 'x';
        uint64_t id = 0;
        ck_assert_int_eq(fw_wire_get_result(whole_frame(FW_FRAME_RESULT).payload, arena, &id, &got), -EBADMSG);
}
END_TEST

START_TEST(enumerations_beyond_their_end_are_refused)
{
        struct fw_result got;
        fill_result();
        result.status = FW_JOB_CRASHED;
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
        fill_result();
        result.feed.format = (enum fw_feed_format)(FW_FEED_CDF + 1);
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
        fill_result();
        item.news = (enum fw_item_news) 2;
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
        fill_result();
        match.outcome = (enum fw_match_outcome) 3;
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
        fill_result();
        hit.field = FW_FIELDS_LEN;
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
}
END_TEST

START_TEST(ranges_outside_their_text_are_refused)
{
        struct fw_result got;
        fill_result();
        hit.end = 4;
        ck_assert_int_eq(round_trip(&got), 0);
        hit.end = 5;
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
        hit.end = 0;
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
        hit.end = 3;
        marks[1].end = 5;
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
        marks[1] = (struct fw_mark){ 1, 4 };
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
        marks[1] = (struct fw_mark){ 3, 2 };
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
}
END_TEST

START_TEST(an_excerpt_has_its_limit)
{
        char text[FW_LIMIT_EXCERPT_BYTES + 1];
        struct fw_result got;
        memset(text, 'x', sizeof(text));
        fill_result();
        match.excerpt = fw_str_n(text, sizeof(text) - 1);
        ck_assert_int_eq(round_trip(&got), 0);
        match.excerpt = fw_str_n(text, sizeof(text));
        ck_assert_int_eq(round_trip(&got), -EBADMSG);
}
END_TEST

START_TEST(a_result_cut_anywhere_is_refused)
{
        struct fw_result got;
        uint64_t id = 0;
        fill_result();
        ck_assert_int_eq(round_trip(&got), 0);
        struct fw_str payload = whole_frame(FW_FRAME_RESULT).payload;
        for (size_t cut = 0; cut < payload.len; cut++)
                ck_assert_int_eq(fw_wire_get_result(fw_str_slice(payload, 0, cut), arena, &id, &got), -EBADMSG);
        (void) fw_buf_append_byte(&out, 'x');
        payload = fw_str_slice(fw_buf_str(&out), FW_FRAME_HEADER_BYTES, out.len);
        ck_assert_int_eq(fw_wire_get_result(payload, arena, &id, &got), -EBADMSG);
}
END_TEST

START_TEST(counts_are_compared_with_what_is_there_before_anything_is_allocated)
{
        fw_pack_count(&out, 1000000);
        fw_pack_u64(&out, 0);
        struct fw_unpacker in = { .rest = fw_buf_str(&out) };
        size_t len = 1;
        (void) fw_unpack_texts(&in, arena, &len);
        ck_assert_uint_eq(len, 0);
        ck_assert(in.failed);
        ck_assert_uint_lt(fw_arena_used(arena), 100);
}
END_TEST

START_TEST(a_payload_beyond_the_limit_is_not_sent)
{
        char *body = malloc(FW_LIMIT_FRAME_BYTES);
        ck_assert_ptr_nonnull(body);
        memset(body, 0, FW_LIMIT_FRAME_BYTES);
        struct fw_job job = { .body = fw_str_n(body, FW_LIMIT_FRAME_BYTES) };
        ck_assert_int_eq(fw_wire_put_job(&out, 1, &job), -EMSGSIZE);
        free(body);
}
END_TEST

UNIT_MAIN_WITH("wire", set_up, tear_down, a_frame_is_read_when_it_is_whole,
               unknown_types_and_lengths_beyond_the_limit_are_no_frames, the_version_is_compared,
               a_job_arrives_as_it_was_sent, a_result_arrives_as_it_was_sent,
               text_that_is_no_utf8_is_repaired_by_its_sender_and_refused_by_its_reader,
               enumerations_beyond_their_end_are_refused, ranges_outside_their_text_are_refused,
               an_excerpt_has_its_limit, a_result_cut_anywhere_is_refused,
               counts_are_compared_with_what_is_there_before_anything_is_allocated,
               a_payload_beyond_the_limit_is_not_sent)
