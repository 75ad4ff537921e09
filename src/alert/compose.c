#include "alert/alert.h"

#include "alert/limits.h"
#include "base/utf8.h"

#define ELLIPSIS "…"

/* How much of `text` is shown: all of it, or what fits with an ellipsis. */
static size_t shown_len(struct fw_str text, size_t most_bytes)
{
        return text.len <= most_bytes ? text.len : fw_utf8_cut(text, most_bytes - strlen(ELLIPSIS)).len;
}

static json_t *bounded(struct fw_str text, size_t most_bytes)
{
        size_t len = shown_len(text, most_bytes);
        if (len == text.len)
                return fw_json_str(text);
        fw_cleanup(fw_buf_done) struct fw_buf cut = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append(&cut, fw_str_slice(text, 0, len));
        (void) fw_buf_append_c(&cut, ELLIPSIS);
        return fw_json_str(fw_buf_str(&cut));
}

static json_t *hit_json(const struct fw_hit_record *hit, uint32_t end)
{
        json_t *entry = json_object();
        fw_json_set(entry, "field", fw_json_str(fw_str_c(fw_field_name(hit->field))));
        fw_json_set_int(entry, "start", hit->start);
        fw_json_set_int(entry, "end", end);
        fw_json_set(entry, "text", bounded(hit->text, FW_LIMIT_ALERT_MATCH_TEXT_BYTES));
        fw_json_set(entry, "term", bounded(hit->term, FW_LIMIT_ALERT_TERM_BYTES));
        return entry;
}

json_t *fw_alert_matches_json(const struct fw_match_record *match)
{
        json_t *matches = json_array();
        for (size_t i = 0; i < match->hits_len; i++)
                json_array_append_new(matches, hit_json(&match->hits[i], match->hits[i].end));
        return matches;
}

/* The matches of an alert that shows `title_len` bytes of its item's title: none leads behind them. */
static json_t *shown_matches_json(const struct fw_match_record *match, size_t title_len)
{
        json_t *matches = json_array();
        for (size_t i = 0; i < match->hits_len; i++) {
                const struct fw_hit_record *hit = &match->hits[i];
                if (hit->field != FW_FIELD_TITLE || hit->end <= title_len)
                        json_array_append_new(matches, hit_json(hit, hit->end));
                else if (hit->start < title_len)
                        json_array_append_new(matches, hit_json(hit, (uint32_t) title_len));
        }
        return matches;
}

static json_t *marks_json(const struct fw_match_record *match)
{
        json_t *marks = json_array();
        for (size_t i = 0; i < match->excerpt_marks_len; i++) {
                json_t *mark = json_object();
                fw_json_set_int(mark, "start", match->excerpt_marks[i].start);
                fw_json_set_int(mark, "end", match->excerpt_marks[i].end);
                json_array_append_new(marks, mark);
        }
        return marks;
}

static json_t *feed_json(const struct fw_alert_origin *origin)
{
        json_t *feed = json_object();
        fw_json_set(feed, "id", fw_json_str(origin->feed->id));
        fw_json_set(feed, "title", bounded(origin->feed_title, FW_LIMIT_ALERT_FEED_TITLE_BYTES));
        fw_json_set(
                feed, "url",
                bounded(origin->feed_config ? origin->feed_config->url : origin->feed->url, FW_LIMIT_ALERT_URL_BYTES));
        return feed;
}

static json_t *item_json(const struct fw_alert_parts *parts)
{
        const struct fw_item *item = parts->item;
        json_t *object = json_object();
        fw_json_set_int(object, "id", parts->item_id);
        fw_json_set(object, "title", bounded(item->title, FW_LIMIT_ALERT_TITLE_BYTES));
        fw_json_set(object, "url", bounded(item->url, FW_LIMIT_ALERT_URL_BYTES));
        fw_json_set(object, "published", fw_json_time(item->published_usec));
        fw_json_set(object, "language",
                    parts->language.len ? bounded(parts->language, FW_LIMIT_ALERT_LANGUAGE_BYTES) : json_null());
        fw_json_set(object, "excerpt",
                    fw_json_str(parts->match->excerpt)); /* bounded where it is made and where it comes in */
        fw_json_set(object, "marks", marks_json(parts->match));
        fw_json_set(object, "feed", feed_json(parts->origin));
        return object;
}

static json_t *story_json(const struct fw_alert_parts *parts)
{
        json_t *story = json_object();
        fw_json_set_int(story, "id", parts->item_id);
        fw_json_set_int(story, "items", 1);
        fw_json_set_int(story, "feeds", parts->feeds);
        return story;
}

json_t *fw_alert_compose(const struct fw_alert_parts *parts)
{
        json_t *alert = json_object();
        fw_json_set(alert, "id", fw_json_str(parts->id));
        fw_json_set(alert, "time", fw_json_time(parts->time_usec));
        fw_json_set(alert, "kind", json_string("match"));
        fw_json_set(alert, "reason", json_string(parts->reason));
        fw_json_set(alert, "rule", fw_json_str(parts->rule->id));
        fw_json_set(alert, "rule_name", fw_json_str(parts->rule->name));
        fw_json_set(alert, "severity", json_string(fw_severity_name(parts->severity)));
        fw_json_set(alert, "item", item_json(parts));
        fw_json_set(alert, "matches",
                    shown_matches_json(parts->match, shown_len(parts->item->title, FW_LIMIT_ALERT_TITLE_BYTES)));
        fw_json_set(alert, "story", story_json(parts));
        return alert;
}
