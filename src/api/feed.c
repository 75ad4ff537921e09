#include "api/api.h"

#include "base/alloc.h"

static int keep_item(void *userdata, const struct fw_item *item)
{
        struct feedwatch_feed *feed = userdata;
        fw_vec_push(&feed->items, *item);
        return 0;
}

int feedwatch_feed_parse(const void *body, size_t size, const char *url, const char *content_type,
                         struct feedwatch_diagnostics *diagnostics, struct feedwatch_feed **ret_feed)
{
        struct feedwatch_feed *feed = fw_calloc(1, sizeof(*feed));
        feed->arena = fw_arena_new();
        struct fw_str copy = fw_arena_copy(feed->arena, fw_str_n(body, size));
        struct fw_feed_hints hints = {
                .url = fw_str_c(url ? fw_arena_strdup(feed->arena, url) : NULL),
                .content_type = fw_str_c(content_type ? fw_arena_strdup(feed->arena, content_type) : NULL),
        };
        int r = fw_feed_parse(copy, &hints, feed->arena, keep_item, feed, api_diag(diagnostics), &feed->feed);
        if (r < 0) {
                feedwatch_feed_free(feed);
                return r;
        }
        *ret_feed = feed;
        return 0;
}

void feedwatch_feed_free(struct feedwatch_feed *feed)
{
        if (!feed)
                return;
        (void) fw_arena_free(feed->arena);
        fw_vec_done(&feed->items);
        free(feed);
}

static struct fw_str feed_text(const struct fw_feed *feed, enum feedwatch_feed_text which)
{
        switch (which) {
        case FEEDWATCH_FEED_FORMAT:
                return fw_str_c(fw_feed_format_name(feed->format));
        case FEEDWATCH_FEED_TITLE:
                return feed->title;
        case FEEDWATCH_FEED_DESCRIPTION:
                return feed->description;
        case FEEDWATCH_FEED_HOME_PAGE_URL:
                return feed->home_page_url;
        case FEEDWATCH_FEED_URL:
                return feed->feed_url;
        case FEEDWATCH_FEED_LANGUAGE:
                return feed->language;
        case FEEDWATCH_FEED_ICON:
                return feed->icon;
        case FEEDWATCH_FEED_MALFORMED:
                return feed->malformed;
        }
        return FW_STR_NONE;
}

struct feedwatch_text feedwatch_feed_text(const struct feedwatch_feed *feed, enum feedwatch_feed_text which)
{
        return api_text(feed_text(feed->feed, which));
}

char *feedwatch_feed_to_json(const struct feedwatch_feed *feed)
{
        json_t *items = json_array();
        for (size_t i = 0; i < feed->items.len; i++)
                json_array_append_new(items, fw_item_to_json(&feed->items.p[i]));
        fw_cleanup(fw_json_decrefp) json_t *document = fw_feed_to_json(feed->feed, items);
        return json_dumps(document, JSON_COMPACT);
}

size_t feedwatch_feed_items(const struct feedwatch_feed *feed)
{
        return feed->items.len;
}

static struct fw_str item_text(const struct fw_item *item, enum feedwatch_item_text which)
{
        switch (which) {
        case FEEDWATCH_ITEM_ID:
                return item->id;
        case FEEDWATCH_ITEM_URL:
                return item->url;
        case FEEDWATCH_ITEM_TITLE:
                return item->title;
        case FEEDWATCH_ITEM_SUMMARY:
                return item->summary;
        case FEEDWATCH_ITEM_CONTENT_HTML:
                return item->content_html;
        case FEEDWATCH_ITEM_CONTENT_TEXT:
                return item->content_text;
        case FEEDWATCH_ITEM_IMAGE:
                return item->image;
        case FEEDWATCH_ITEM_LANGUAGE:
                return item->language;
        }
        return FW_STR_NONE;
}

struct feedwatch_text feedwatch_item_text(const struct feedwatch_feed *feed, size_t item,
                                          enum feedwatch_item_text which)
{
        return api_text(item_text(&feed->items.p[item], which));
}

int64_t feedwatch_item_published(const struct feedwatch_feed *feed, size_t item)
{
        return feed->items.p[item].published_usec;
}

int64_t feedwatch_item_modified(const struct feedwatch_feed *feed, size_t item)
{
        return feed->items.p[item].modified_usec;
}

size_t feedwatch_item_list_size(const struct feedwatch_feed *feed, size_t item, enum feedwatch_item_list list)
{
        switch (list) {
        case FEEDWATCH_ITEM_TAGS:
                return feed->items.p[item].tags_len;
        case FEEDWATCH_ITEM_AUTHORS:
                return feed->items.p[item].authors_len;
        case FEEDWATCH_ITEM_ATTACHMENTS:
                return feed->items.p[item].attachments_len;
        }
        return 0;
}

struct feedwatch_text feedwatch_item_list_text(const struct feedwatch_feed *feed, size_t item,
                                               enum feedwatch_item_list list, size_t index)
{
        switch (list) {
        case FEEDWATCH_ITEM_TAGS:
                return api_text(feed->items.p[item].tags[index]);
        case FEEDWATCH_ITEM_AUTHORS:
                return api_text(feed->items.p[item].authors[index].name);
        case FEEDWATCH_ITEM_ATTACHMENTS:
                return api_text(feed->items.p[item].attachments[index].url);
        }
        return api_text(FW_STR_NONE);
}
