#include "base/macros.h"
#include "feed/feed.h"

/* https://www.jsonfeed.org/version/1.1/; what it has no word for is in "_feedwatch". */

static json_t *people_to_json(const struct fw_person *people, size_t len)
{
        json_t *list = json_array();
        for (size_t i = 0; i < len; i++) {
                json_t *person = json_object();
                fw_json_set_str(person, "name", people[i].name);
                fw_json_set_str(person, "url", people[i].url);
                fw_json_set_str(person, "avatar", people[i].avatar);
                (void) json_array_append_new(list, person);
        }
        return list;
}

static json_t *strings_to_json(const struct fw_str *strings, size_t len)
{
        json_t *list = json_array();
        for (size_t i = 0; i < len; i++)
                (void) json_array_append_new(list, fw_json_str(strings[i]));
        return list;
}

static json_t *attachments_to_json(const struct fw_attachment *attachments, size_t len)
{
        json_t *list = json_array();
        for (size_t i = 0; i < len; i++) {
                const struct fw_attachment *attachment = &attachments[i];
                json_t *object = json_object();
                fw_json_set_str(object, "url", attachment->url);
                fw_json_set_str(object, "mime_type", attachment->mime_type);
                fw_json_set_str(object, "title", attachment->title);
                if (attachment->size_bytes > 0 && attachment->size_bytes <= INT64_MAX)
                        fw_json_set_int(object, "size_in_bytes", (int64_t) attachment->size_bytes);
                if (attachment->duration_seconds > 0)
                        fw_json_set(object, "duration_in_seconds", json_real(attachment->duration_seconds));
                (void) json_array_append_new(list, object);
        }
        return list;
}

json_t *fw_item_to_json(const struct fw_item *item)
{
        json_t *json = json_object();
        fw_json_set(json, "id", fw_json_str(item->id));
        fw_json_set_str(json, "url", item->url);
        fw_json_set_str(json, "external_url", item->external_url);
        fw_json_set_str(json, "title", item->title);
        fw_json_set_str(json, "content_html", item->content_html);
        fw_json_set_str(json, "content_text", item->content_text);
        fw_json_set_str(json, "summary", item->summary);
        fw_json_set_str(json, "image", item->image);
        fw_json_set_time(json, "date_published", item->published_usec);
        fw_json_set_time(json, "date_modified", item->modified_usec);
        if (item->authors_len > 0)
                fw_json_set(json, "authors", people_to_json(item->authors, item->authors_len));
        if (item->tags_len > 0)
                fw_json_set(json, "tags", strings_to_json(item->tags, item->tags_len));
        fw_json_set_str(json, "language", item->language);
        if (item->attachments_len > 0)
                fw_json_set(json, "attachments", attachments_to_json(item->attachments, item->attachments_len));
        return json;
}

static json_t *hub_to_json(struct fw_str url)
{
        json_t *hub = json_object(), *hubs = json_array();
        fw_json_set_str(hub, "type", FW_STR("WebSub"));
        fw_json_set_str(hub, "url", url);
        (void) json_array_append_new(hubs, hub);
        return hubs;
}

static json_t *skip_hours_to_json(uint32_t hours)
{
        json_t *list = json_array();
        for (int hour = 0; hour < 24; hour++)
                if (hours & UINT32_C(1) << hour)
                        (void) json_array_append_new(list, json_integer(hour));
        return list;
}

static json_t *skip_days_to_json(uint8_t days)
{
        static const char *const names[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                             "Thursday", "Friday", "Saturday" };
        json_t *list = json_array();
        for (size_t day = 0; day < FW_ARRAY_LEN(names); day++)
                if (days & 1 << day)
                        (void) json_array_append_new(list, json_string(names[day]));
        return list;
}

static json_t *extension_to_json(const struct fw_feed *feed)
{
        json_t *json = json_object();
        fw_json_set_str(json, "format", fw_str_c(fw_feed_format_name(feed->format)));
        fw_json_set_str(json, "malformed", feed->malformed);
        if (feed->ttl_minutes > 0)
                fw_json_set_int(json, "ttl_minutes", feed->ttl_minutes);
        if (feed->update_period_minutes > 0)
                fw_json_set_int(json, "update_period_minutes", feed->update_period_minutes);
        if (feed->skip_hours)
                fw_json_set(json, "skip_hours", skip_hours_to_json(feed->skip_hours));
        if (feed->skip_days)
                fw_json_set(json, "skip_days", skip_days_to_json(feed->skip_days));
        if (feed->tags_len > 0)
                fw_json_set(json, "tags", strings_to_json(feed->tags, feed->tags_len));
        return json;
}

json_t *fw_feed_to_json(const struct fw_feed *feed, json_t *items)
{
        json_t *json = json_object();
        fw_json_set_str(json, "version", FW_STR("https://jsonfeed.org/version/1.1"));
        fw_json_set(json, "title", fw_json_str(feed->title));
        fw_json_set_str(json, "home_page_url", feed->home_page_url);
        fw_json_set_str(json, "feed_url", feed->feed_url);
        fw_json_set_str(json, "description", feed->description);
        fw_json_set_str(json, "next_url", feed->next_url);
        fw_json_set_str(json, "icon", feed->icon);
        fw_json_set_str(json, "favicon", feed->favicon);
        if (feed->authors_len > 0)
                fw_json_set(json, "authors", people_to_json(feed->authors, feed->authors_len));
        fw_json_set_str(json, "language", feed->language);
        if (feed->expired)
                fw_json_set(json, "expired", json_true());
        if (feed->hub_url.len > 0)
                fw_json_set(json, "hubs", hub_to_json(feed->hub_url));
        fw_json_set(json, "_feedwatch", extension_to_json(feed));
        fw_json_set(json, "items", items ? items : json_array());
        return json;
}
