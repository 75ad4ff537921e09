#include "alert/alert.h"

json_t *fw_alert_matches_json(const struct fw_match_record *match)
{
        json_t *matches = json_array();
        for (size_t i = 0; i < match->hits_len; i++) {
                const struct fw_hit_record *hit = &match->hits[i];
                json_t *entry = json_object();
                fw_json_set(entry, "field", fw_json_str(fw_str_c(fw_field_name(hit->field))));
                fw_json_set_int(entry, "start", hit->start);
                fw_json_set_int(entry, "end", hit->end);
                fw_json_set(entry, "text", fw_json_str(hit->text));
                fw_json_set(entry, "term", fw_json_str(hit->term));
                json_array_append_new(matches, entry);
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
        fw_json_set(feed, "title", fw_json_str(origin->feed_title));
        fw_json_set(feed, "url", fw_json_str(origin->feed_config ? origin->feed_config->url : origin->feed->url));
        return feed;
}

static json_t *item_json(const struct fw_alert_parts *parts)
{
        const struct fw_item *item = parts->item;
        json_t *object = json_object();
        fw_json_set_int(object, "id", parts->item_id);
        fw_json_set(object, "title", fw_json_str(item->title));
        fw_json_set(object, "url", fw_json_str(item->url));
        fw_json_set(object, "published", fw_json_time(item->published_usec));
        fw_json_set(object, "language", parts->language.len ? fw_json_str(parts->language) : json_null());
        fw_json_set(object, "excerpt", fw_json_str(parts->match->excerpt));
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
        fw_json_set(alert, "matches", fw_alert_matches_json(parts->match));
        fw_json_set(alert, "story", story_json(parts));
        return alert;
}
