/*
 * From the matches of one item to decisions, alerts and outbox rows, all in the caller's transaction.
 */
#include "alert/alert.h"

#include "alert/identifier.h"

/* What is the same for all matches of one item. */
struct matched_item {
        struct fw_store *store;
        const struct fw_config *config;
        const struct fw_alert_origin *origin;
        int64_t id;
        const struct fw_item *item;
        struct fw_str language;
        bool updated;
        struct fw_random *random;
        struct fw_arena *arena;
        json_t *made;
};

static struct fw_str to_text(struct fw_arena *arena, const json_t *json)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_json_append(&text, json);
        return fw_arena_copy(arena, fw_buf_str(&text));
}

static int note_decision(const struct matched_item *matched, const struct fw_match_record *match,
                         enum fw_decision decision, struct fw_str alert_id)
{
        fw_cleanup(fw_json_decrefp) json_t *hits = fw_alert_matches_json(match);
        return fw_store_add_decision(matched->store, matched->id, matched->origin->feed->key, match->rule_id, decision,
                                     alert_id, to_text(matched->arena, hits), matched->origin->now_usec);
}

/* The alert is news whatever was the item's date if an update made it match: it was seen in time, and did not match then. */
static int decide(const struct matched_item *matched, const struct fw_rule *rule, const struct fw_match_record *match,
                  enum fw_decision *ret_decision)
{
        int64_t date_usec = matched->updated ? FW_TIME_NONE : matched->item->published_usec;
        *ret_decision = fw_alert_decide(matched->config, rule, matched->origin, date_usec, match->outcome);
        if (match->outcome != FW_MATCHED)
                return 0;
        bool before = false;
        int r = fw_store_has_matched(matched->store, matched->id, rule->id, &before);
        if (before)
                *ret_decision = FW_DECISION_REPEATED;
        return r;
}

static int store_alert(const struct matched_item *matched, const struct fw_rule *rule,
                       const struct fw_alert_parts *parts, const json_t *alert)
{
        const struct fw_str *channels;
        size_t channels_len;
        fw_alert_route(matched->config, rule, matched->arena, &channels, &channels_len);
        struct fw_stored_alert stored = {
                .id = parts->id,
                .time_usec = parts->time_usec,
                .kind = fw_json_get_str(alert, "kind"),
                .rule_id = rule->id,
                .severity = parts->severity,
                .item_id = matched->id,
                .feed_key = matched->origin->feed->key,
                .json = to_text(matched->arena, alert),
        };
        return fw_store_add_alert(matched->store, &stored, channels, channels_len);
}

static int make_alert(const struct matched_item *matched, const struct fw_rule *rule,
                      const struct fw_match_record *match)
{
        char id[FW_ULID_LEN + 1];
        struct fw_str previous = FW_STR_NONE;
        uint32_t feeds = 0;
        int r = fw_store_last_alert_id(matched->store, matched->arena, &previous);
        if (r == 0)
                r = fw_store_count_item_feeds(matched->store, matched->id, &feeds);
        if (r < 0)
                return r;
        fw_alert_next_id(previous, matched->random, matched->origin->now_usec, id);
        struct fw_alert_parts parts = {
                .id = fw_str_n(id, FW_ULID_LEN),
                .time_usec = matched->origin->now_usec,
                .rule = rule,
                .severity = fw_alert_severity(matched->config, rule),
                .reason = matched->updated ? "updated" : "first",
                .item_id = matched->id,
                .item = matched->item,
                .language = matched->language,
                .feeds = feeds,
                .match = match,
                .origin = matched->origin,
        };
        fw_cleanup(fw_json_decrefp) json_t *alert = fw_alert_compose(&parts);
        r = store_alert(matched, rule, &parts, alert);
        if (r == 0)
                r = note_decision(matched, match, FW_DECISION_ALERTED, parts.id);
        if (r == 0 && matched->made)
                json_array_append(matched->made, alert);
        return r;
}

static int settle_match(const struct matched_item *matched, const struct fw_rule *rule,
                        const struct fw_match_record *match)
{
        enum fw_decision decision;
        int r = decide(matched, rule, match, &decision);
        if (r < 0)
                return r;
        return decision == FW_DECISION_ALERTED ? make_alert(matched, rule, match)
                                               : note_decision(matched, match, decision, FW_STR_NONE);
}

int fw_alert_item(struct fw_store *store, const struct fw_config *config, const struct fw_ruleset *ruleset,
                  const struct fw_alert_origin *origin, int64_t item_id, const struct fw_item *item,
                  struct fw_str language, bool updated, const struct fw_match_record *matches, size_t matches_len,
                  struct fw_random *random, struct fw_arena *arena, json_t *made)
{
        const struct matched_item matched = {
                .store = store,
                .config = config,
                .origin = origin,
                .id = item_id,
                .item = item,
                .language = language,
                .updated = updated,
                .random = random,
                .arena = arena,
                .made = made,
        };
        for (size_t i = 0; i < matches_len; i++) {
                /* A worker may still have answered with rules of before a reload. */
                size_t index = fw_ruleset_find(ruleset, matches[i].rule_id);
                if (index == SIZE_MAX)
                        continue;
                int r = settle_match(&matched, fw_ruleset_rule(ruleset, index), &matches[i]);
                if (r < 0)
                        return r;
        }
        return 0;
}
