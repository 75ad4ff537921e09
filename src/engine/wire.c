#include "engine/wire.h"

#include <errno.h>
#include <string.h>

#include "engine/pack.h"

/* ---- frames ---- */

size_t fw_frame_begin(struct fw_buf *out, enum fw_frame_type type)
{
        size_t begin = out->len;
        fw_pack_u32(out, type);
        fw_pack_u32(out, 0);
        return begin;
}

int fw_frame_end(struct fw_buf *out, size_t begin)
{
        if (out->error)
                return out->error;
        size_t len = out->len - begin - FW_FRAME_HEADER_BYTES;
        if (len > FW_LIMIT_FRAME_BYTES)
                return -EMSGSIZE;
        uint32_t payload_len = (uint32_t) len;
        memcpy(out->p + begin + sizeof(uint32_t), &payload_len, sizeof(payload_len));
        return 0;
}

int fw_frame_read(struct fw_str bytes, size_t *ret_len, struct fw_frame *ret_frame)
{
        *ret_len = 0;
        if (bytes.len < FW_FRAME_HEADER_BYTES)
                return -EAGAIN;
        struct fw_unpacker in = { .rest = bytes };
        uint32_t type = fw_unpack_u32(&in);
        uint32_t len = fw_unpack_u32(&in);
        if (type < FW_FRAME_READY || type > FW_FRAME_RESULT || len > FW_LIMIT_FRAME_BYTES)
                return -EBADMSG;
        *ret_len = FW_FRAME_HEADER_BYTES + len;
        if (bytes.len < *ret_len)
                return -EAGAIN;
        *ret_frame = (struct fw_frame){ .type = (enum fw_frame_type) type, .payload = fw_str_slice(in.rest, 0, len) };
        return 0;
}

int fw_wire_put_ready(struct fw_buf *out)
{
        size_t begin = fw_frame_begin(out, FW_FRAME_READY);
        fw_pack_u32(out, FW_WIRE_VERSION);
        return fw_frame_end(out, begin);
}

int fw_wire_get_ready(struct fw_str payload)
{
        struct fw_unpacker in = { .rest = payload };
        uint32_t version = fw_unpack_u32(&in);
        if (!fw_unpack_complete(&in))
                return -EBADMSG;
        return version == FW_WIRE_VERSION ? 0 : -EPROTO;
}

int fw_wire_put_failed(struct fw_buf *out, struct fw_str words)
{
        size_t begin = fw_frame_begin(out, FW_FRAME_FAILED);
        fw_pack_text(out, words);
        return fw_frame_end(out, begin);
}

int fw_wire_get_failed(struct fw_str payload, struct fw_str *ret_words)
{
        struct fw_unpacker in = { .rest = payload };
        struct fw_str words = fw_unpack_text(&in);
        if (!fw_unpack_complete(&in))
                return -EBADMSG;
        *ret_words = words;
        return 0;
}

/* ---- structs of strings: one table says which, for both directions ---- */

static const size_t person_texts[] = {
        offsetof(struct fw_person, name),
        offsetof(struct fw_person, url),
        offsetof(struct fw_person, avatar),
};
static const size_t item_texts[] = {
        offsetof(struct fw_item, id),           offsetof(struct fw_item, url),
        offsetof(struct fw_item, external_url), offsetof(struct fw_item, title),
        offsetof(struct fw_item, summary),      offsetof(struct fw_item, content_html),
        offsetof(struct fw_item, content_text), offsetof(struct fw_item, image),
        offsetof(struct fw_item, language),
};
static const size_t feed_texts[] = {
        offsetof(struct fw_feed, title),         offsetof(struct fw_feed, description),
        offsetof(struct fw_feed, home_page_url), offsetof(struct fw_feed, feed_url),
        offsetof(struct fw_feed, icon),          offsetof(struct fw_feed, favicon),
        offsetof(struct fw_feed, language),      offsetof(struct fw_feed, hub_url),
        offsetof(struct fw_feed, next_url),      offsetof(struct fw_feed, malformed),
};
/* Bytes, not text: URLs and types come as the server sent them. */
static const size_t job_bytes[] = {
        offsetof(struct fw_job, feed_id),    offsetof(struct fw_job, feed_url),
        offsetof(struct fw_job, feed_title), offsetof(struct fw_job, feed_language),
        offsetof(struct fw_job, url),        offsetof(struct fw_job, content_type),
        offsetof(struct fw_job, body),
};

static void pack_members(struct fw_buf *out, const void *object, const size_t *offsets, size_t len)
{
        for (size_t i = 0; i < len; i++)
                fw_pack_text(out, *(const struct fw_str *) ((const char *) object + offsets[i]));
}

static void unpack_members(struct fw_unpacker *in, void *object, const size_t *offsets, size_t len)
{
        for (size_t i = 0; i < len; i++)
                *(struct fw_str *) ((char *) object + offsets[i]) = fw_unpack_text(in);
}

static void pack_persons(struct fw_buf *out, const struct fw_person *persons, size_t len)
{
        fw_pack_count(out, len);
        for (size_t i = 0; i < len; i++)
                pack_members(out, &persons[i], person_texts, FW_ARRAY_LEN(person_texts));
}

static const struct fw_person *unpack_persons(struct fw_unpacker *in, struct fw_arena *arena, size_t *ret_len)
{
        *ret_len = fw_unpack_count(in, sizeof(uint32_t) * FW_ARRAY_LEN(person_texts));
        struct fw_person *persons = fw_arena_new_array(arena, struct fw_person, *ret_len);
        for (size_t i = 0; i < *ret_len; i++)
                unpack_members(in, &persons[i], person_texts, FW_ARRAY_LEN(person_texts));
        return persons;
}

#define KNOWN_ITEM_BYTES (sizeof(struct fw_hash128) + sizeof(uint64_t))

static void pack_known(struct fw_buf *out, const struct fw_known_item *known, size_t len)
{
        fw_pack_count(out, len);
        for (size_t i = 0; i < len; i++) {
                fw_pack_hash(out, &known[i].key);
                fw_pack_u64(out, known[i].content_hash);
        }
}

static const struct fw_known_item *unpack_known(struct fw_unpacker *in, struct fw_arena *arena, size_t *ret_len)
{
        *ret_len = fw_unpack_count(in, KNOWN_ITEM_BYTES);
        struct fw_known_item *known = fw_arena_new_array(arena, struct fw_known_item, *ret_len);
        for (size_t i = 0; i < *ret_len; i++) {
                known[i].key = fw_unpack_hash(in);
                known[i].content_hash = fw_unpack_u64(in);
        }
        return known;
}

/* ---- job ---- */

int fw_wire_put_job(struct fw_buf *out, uint64_t id, const struct fw_job *job)
{
        size_t begin = fw_frame_begin(out, FW_FRAME_JOB);
        fw_pack_u64(out, id);
        for (size_t i = 0; i < FW_ARRAY_LEN(job_bytes); i++)
                fw_pack_bytes(out, *(const struct fw_str *) ((const char *) job + job_bytes[i]));
        fw_pack_texts(out, job->feed_tags, job->feed_tags_len);
        pack_known(out, job->known, job->known_len);
        return fw_frame_end(out, begin);
}

int fw_wire_get_job(struct fw_str payload, struct fw_arena *arena, uint64_t *ret_id, struct fw_job *ret_job)
{
        struct fw_unpacker in = { .rest = payload };
        struct fw_job job = { 0 };
        uint64_t id = fw_unpack_u64(&in);
        for (size_t i = 0; i < FW_ARRAY_LEN(job_bytes); i++)
                *(struct fw_str *) ((char *) &job + job_bytes[i]) = fw_unpack_bytes(&in);
        job.feed_tags = fw_unpack_texts(&in, arena, &job.feed_tags_len);
        job.known = unpack_known(&in, arena, &job.known_len);
        if (!fw_unpack_complete(&in))
                return -EBADMSG;
        *ret_id = id;
        *ret_job = job;
        return 0;
}

/* ---- matches ---- */

static void pack_match(struct fw_buf *out, const struct fw_match_record *match)
{
        fw_pack_text(out, match->rule_id);
        fw_pack_u8(out, (uint8_t) match->outcome);
        fw_pack_count(out, match->hits_len);
        for (size_t i = 0; i < match->hits_len; i++) {
                const struct fw_hit_record *hit = &match->hits[i];
                fw_pack_u8(out, (uint8_t) hit->field);
                fw_pack_u32(out, hit->start);
                fw_pack_u32(out, hit->end);
                fw_pack_text(out, hit->text);
                fw_pack_text(out, hit->term);
        }
        fw_pack_text(out, match->excerpt);
        fw_pack_count(out, match->excerpt_marks_len);
        for (size_t i = 0; i < match->excerpt_marks_len; i++) {
                fw_pack_u32(out, match->excerpt_marks[i].start);
                fw_pack_u32(out, match->excerpt_marks[i].end);
        }
}

/* How long the value of a field can be at most, as far as the result has it. */
static size_t field_len(const struct fw_item *item, enum fw_field field)
{
        switch (field) {
        case FW_FIELD_TITLE:
                return item->title.len;
        case FW_FIELD_SUMMARY:
                return item->summary.len;
        case FW_FIELD_BODY:
                return FW_MAX(item->content_html.len, item->content_text.len);
        case FW_FIELD_URL:
                return item->url.len;
        default:
                return UINT32_MAX;
        }
}

static const struct fw_hit_record *unpack_hits(struct fw_unpacker *in, const struct fw_item *item,
                                               struct fw_arena *arena, size_t *ret_len)
{
        *ret_len = fw_unpack_count(in, 1 + 4 * sizeof(uint32_t));
        struct fw_hit_record *hits = fw_arena_new_array(arena, struct fw_hit_record, *ret_len);
        for (size_t i = 0; i < *ret_len; i++) {
                hits[i].field = (enum fw_field) fw_unpack_enum(in, FW_FIELDS_LEN);
                hits[i].start = fw_unpack_u32(in);
                hits[i].end = fw_unpack_u32(in);
                hits[i].text = fw_unpack_text(in);
                hits[i].term = fw_unpack_text(in);
                in->failed |= hits[i].start > hits[i].end || hits[i].end > field_len(item, hits[i].field);
        }
        return hits;
}

/* Marks do not overlap and lie in the excerpt, in order. */
static const struct fw_mark *unpack_marks(struct fw_unpacker *in, struct fw_str excerpt, struct fw_arena *arena,
                                          size_t *ret_len)
{
        *ret_len = fw_unpack_count(in, 2 * sizeof(uint32_t));
        struct fw_mark *marks = fw_arena_new_array(arena, struct fw_mark, *ret_len);
        uint32_t last = 0;
        for (size_t i = 0; i < *ret_len; i++) {
                marks[i].start = fw_unpack_u32(in);
                marks[i].end = fw_unpack_u32(in);
                in->failed |= marks[i].start < last || marks[i].end < marks[i].start || marks[i].end > excerpt.len;
                last = marks[i].end;
        }
        return marks;
}

#define MATCH_LEAST_BYTES (4 * sizeof(uint32_t) + 1)

static const struct fw_match_record *unpack_matches(struct fw_unpacker *in, const struct fw_item *item,
                                                    struct fw_arena *arena, size_t *ret_len)
{
        *ret_len = fw_unpack_count(in, MATCH_LEAST_BYTES);
        struct fw_match_record *matches = fw_arena_new_array(arena, struct fw_match_record, *ret_len);
        for (size_t i = 0; i < *ret_len; i++) {
                struct fw_match_record *match = &matches[i];
                match->rule_id = fw_unpack_text(in);
                match->outcome = (enum fw_match_outcome) fw_unpack_enum(in, FW_EXCLUDED_BY_CONFIG + 1);
                match->hits = unpack_hits(in, item, arena, &match->hits_len);
                match->excerpt = fw_unpack_text(in);
                match->excerpt_marks = unpack_marks(in, match->excerpt, arena, &match->excerpt_marks_len);
                in->failed |= match->excerpt.len > FW_LIMIT_EXCERPT_BYTES;
        }
        return matches;
}

/* ---- items ---- */

static void pack_item(struct fw_buf *out, const struct fw_result_item *item)
{
        fw_pack_u8(out, (uint8_t) item->news);
        fw_pack_hash(out, &item->key);
        fw_pack_u64(out, item->content_hash);
        fw_pack_u64(out, item->link_key);
        fw_pack_text(out, item->language);
        pack_members(out, &item->item, item_texts, FW_ARRAY_LEN(item_texts));
        fw_pack_u8(out, item->item.id_is_given);
        fw_pack_u64(out, (uint64_t) item->item.published_usec);
        fw_pack_u64(out, (uint64_t) item->item.modified_usec);
        pack_persons(out, item->item.authors, item->item.authors_len);
        fw_pack_texts(out, item->item.tags, item->item.tags_len);
        fw_pack_count(out, item->matches_len);
        for (size_t i = 0; i < item->matches_len; i++)
                pack_match(out, &item->matches[i]);
}

static void unpack_item(struct fw_unpacker *in, struct fw_arena *arena, struct fw_result_item *item)
{
        item->news = (enum fw_item_news) fw_unpack_enum(in, FW_ITEM_UPDATED + 1);
        item->key = fw_unpack_hash(in);
        item->content_hash = fw_unpack_u64(in);
        item->link_key = fw_unpack_u64(in);
        item->language = fw_unpack_text(in);
        unpack_members(in, &item->item, item_texts, FW_ARRAY_LEN(item_texts));
        item->item.id_is_given = fw_unpack_bool(in);
        item->item.published_usec = (int64_t) fw_unpack_u64(in);
        item->item.modified_usec = (int64_t) fw_unpack_u64(in);
        item->item.authors = unpack_persons(in, arena, &item->item.authors_len);
        item->item.tags = fw_unpack_texts(in, arena, &item->item.tags_len);
        item->matches = unpack_matches(in, &item->item, arena, &item->matches_len);
}

#define ITEM_LEAST_BYTES \
        (2 + sizeof(struct fw_hash128) + 4 * sizeof(uint64_t) + sizeof(uint32_t) * (4 + FW_ARRAY_LEN(item_texts)))

/* ---- result ---- */

static void pack_feed(struct fw_buf *out, const struct fw_feed *feed)
{
        fw_pack_u8(out, (uint8_t) feed->format);
        pack_members(out, feed, feed_texts, FW_ARRAY_LEN(feed_texts));
        pack_persons(out, feed->authors, feed->authors_len);
        fw_pack_texts(out, feed->tags, feed->tags_len);
        fw_pack_u32(out, feed->ttl_minutes);
        fw_pack_u32(out, feed->update_period_minutes);
        fw_pack_u32(out, feed->skip_hours);
        fw_pack_u8(out, feed->skip_days);
        fw_pack_u8(out, feed->expired);
        fw_pack_u64(out, feed->items_len);
}

static void unpack_feed(struct fw_unpacker *in, struct fw_arena *arena, struct fw_feed *feed)
{
        feed->format = (enum fw_feed_format) fw_unpack_enum(in, FW_FEED_CDF + 1);
        unpack_members(in, feed, feed_texts, FW_ARRAY_LEN(feed_texts));
        feed->authors = unpack_persons(in, arena, &feed->authors_len);
        feed->tags = fw_unpack_texts(in, arena, &feed->tags_len);
        feed->ttl_minutes = fw_unpack_u32(in);
        feed->update_period_minutes = fw_unpack_u32(in);
        feed->skip_hours = fw_unpack_u32(in);
        feed->skip_days = fw_unpack_u8(in);
        feed->expired = fw_unpack_bool(in);
        feed->items_len = (size_t) fw_unpack_u64(in);
}

int fw_wire_put_result(struct fw_buf *out, uint64_t id, const struct fw_result *result)
{
        size_t begin = fw_frame_begin(out, FW_FRAME_RESULT);
        fw_pack_u64(out, id);
        fw_pack_u8(out, (uint8_t) result->status);
        fw_pack_text(out, result->error);
        pack_feed(out, &result->feed);
        fw_pack_count(out, result->items_len);
        for (size_t i = 0; i < result->items_len; i++)
                pack_item(out, &result->items[i]);
        pack_known(out, result->seen, result->seen_len);
        fw_pack_texts(out, result->limited_rules, result->limited_rules_len);
        return fw_frame_end(out, begin);
}

int fw_wire_get_result(struct fw_str payload, struct fw_arena *arena, uint64_t *ret_id, struct fw_result *ret_result)
{
        struct fw_unpacker in = { .rest = payload };
        struct fw_result result = { 0 };
        uint64_t id = fw_unpack_u64(&in);
        /* The other statuses are the daemon's own findings. */
        result.status = (enum fw_job_status) fw_unpack_enum(&in, FW_JOB_NO_FEED + 1);
        result.error = fw_unpack_text(&in);
        unpack_feed(&in, arena, &result.feed);
        result.items_len = fw_unpack_count(&in, ITEM_LEAST_BYTES);
        struct fw_result_item *items = fw_arena_new_array(arena, struct fw_result_item, result.items_len);
        for (size_t i = 0; i < result.items_len; i++)
                unpack_item(&in, arena, &items[i]);
        result.items = items;
        result.seen = unpack_known(&in, arena, &result.seen_len);
        result.limited_rules = fw_unpack_texts(&in, arena, &result.limited_rules_len);
        if (!fw_unpack_complete(&in))
                return -EBADMSG;
        *ret_id = id;
        *ret_result = result;
        return 0;
}
