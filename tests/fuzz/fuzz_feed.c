/*
 * A body of any kind → a feed: strings are UTF-8, items are complete, keys can be made of them, and the JSON of it all is a feed
 * again with as many items.
 */
#include "fuzz.h"

#include "base/macros.h"
#include "base/utf8.h"
#include "feed/feed.h"
#include "feed/link.h"

struct seen {
        struct fw_identity *identity;
        json_t *items;
        size_t len;
};

static void check_text(struct fw_str s)
{
        fuzz_check(fw_utf8_valid(s));
}

static int check_item(void *userdata, const struct fw_item *item)
{
        struct seen *seen = userdata;
        fuzz_check(item->id.len > 0);
        check_text(item->id);
        check_text(item->url);
        check_text(item->title);
        check_text(item->summary);
        check_text(item->content_html);
        check_text(item->content_text);
        for (size_t i = 0; i < item->tags_len; i++)
                fuzz_check(item->tags[i].len > 0);
        for (size_t i = 0; i < item->attachments_len; i++)
                fuzz_check(item->attachments[i].url.len > 0);
        fw_identity_add(seen->identity, item);
        (void) fw_item_link_key(item);
        (void) fw_item_content_hash(item);
        seen->len++;
        return json_array_append_new(seen->items, fw_item_to_json(item));
}

static int count_item(void *userdata, fw_unused const struct fw_item *item)
{
        (*(size_t *) userdata)++;
        return 0;
}

/* What was written must be readable as what it is: a well-formed JSON Feed. */
static void check_again(const struct fw_feed *feed, const struct seen *seen)
{
        fw_cleanup(fw_json_decrefp) json_t *json = fw_feed_to_json(feed, json_incref(seen->items));
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fuzz_check(fw_json_append(&text, json) == 0);
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        const struct fw_feed *again;
        size_t items = 0;
        fuzz_check(fw_feed_parse(fw_buf_str(&text), NULL, arena, count_item, &items, NULL, &again) == 0);
        fuzz_check(again->format == FW_FEED_JSON_11 && items == seen->len && again->items_len == seen->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct fw_feed_hints hints = { .url = FW_STR("https://example.org/a/feed.xml") };
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        fw_cleanup(fw_identity_freep) struct fw_identity *identity = fw_identity_new();
        fw_cleanup(fw_json_decrefp) json_t *items = json_array();
        struct seen seen = { .identity = identity, .items = items };
        const struct fw_feed *feed;
        if (fw_feed_parse(fuzz_str(data, size), &hints, arena, check_item, &seen, NULL, &feed) < 0)
                return 0;
        fuzz_check(feed->items_len == seen.len);
        check_text(feed->title);
        check_text(feed->description);
        check_text(feed->malformed);
        for (size_t i = 0; i < seen.len; i++)
                (void) fw_identity_key(identity, i);
        check_again(feed, &seen);
        return 0;
}
