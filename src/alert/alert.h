/*
 * alert: from a match to a delivered message. The door of this room, with alert/delivery.h.
 *
 *     match → decide (backfill, old news, repeated, test …) → route (channels) → compose → store + outbox → deliver
 *
 * Here: deciding, routing and composing; pure but for the store that is asked what happened before.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "base/str.h"
#include "config/config.h"
#include "feed/feed.h"
#include "feed/state.h"
#include "rule/record.h"
#include "rule/rule.h"
#include "store/store.h"

/* How late an item may appear after its own date and still be news: publishers queue, edit and syndicate. */
#define FW_ALERT_LATE_GRACE_USEC (6 * FW_USEC_PER_HOUR)

/* The poll that brought the item. */
struct fw_alert_origin {
        const struct fw_feed_state *feed; /* as it was before this poll: first_polled, last_complete */
        const struct fw_feed_config *feed_config;
        struct fw_str feed_title; /* the configuration's, else the feed's, else the id */
        int64_t now_usec;
};

/*
 * What is to become of one match on one stored item, but for what only the store knows (FW_DECISION_REPEATED).
 * `published_usec` in the future counts as now; without a date, the item counts as of now. As long as no fetch was complete, `backfill` bounds
 * the age; afterwards an item dated before the last complete one, less the grace, is old. `test` is said of what would have alerted.
 */
enum fw_decision fw_alert_decide(const struct fw_config *config, const struct fw_rule *rule,
                                 const struct fw_alert_origin *origin, int64_t published_usec,
                                 enum fw_match_outcome outcome);
/* The channels of a rule: its own, else the defaults; less those whose least severity is above the rule's. In `arena`. */
void fw_alert_route(const struct fw_config *config, const struct fw_rule *rule, struct fw_arena *arena,
                    const struct fw_str **ret_channels, size_t *ret_len);
enum fw_severity fw_alert_severity(const struct fw_config *config, const struct fw_rule *rule);

/* What a match alert says. Views. */
struct fw_alert_parts {
        struct fw_str id; /* ULID */
        int64_t time_usec;
        const struct fw_rule *rule;
        enum fw_severity severity;
        const char *reason; /* "first", "updated" */
        int64_t item_id;
        const struct fw_item *item;
        struct fw_str language;
        uint32_t feeds; /* that the item belongs to */
        const struct fw_match_record *match;
        const struct fw_alert_origin *origin;
};
/* The alert as every receiver gets it (docs/alerts.md), its texts within alert/limits.h: a match in a title that was cut ends where the
 * title does, or is left out. A new reference. */
json_t *fw_alert_compose(const struct fw_alert_parts *parts);
/* The "matches" array alone, with all matches. */
json_t *fw_alert_matches_json(const struct fw_match_record *match);

/*
 * Takes all matches of one item through decide, store and compose, inside the caller's transaction: adds the decisions, the
 * alerts and their outbox rows. A rule alerts on an item once, whichever feed brings it; an update (`updated`: known key, other text) alerts
 * whatever the item's date if it matches for the first time. Matches of rules that are not in `ruleset` any more are dropped.
 * The new alerts' JSON objects are appended to `made` (a JSON array) if it is not NULL. 0 or the store's error.
 */
int fw_alert_item(struct fw_store *store, const struct fw_config *config, const struct fw_ruleset *ruleset,
                  const struct fw_alert_origin *origin, int64_t item_id, const struct fw_item *item,
                  struct fw_str language, bool updated, const struct fw_match_record *matches, size_t matches_len,
                  struct fw_random *random, struct fw_arena *arena, json_t *made);

/*
 * Whatever a feed says stays text in both: control characters become U+FFFD, white space of any kind one space, direction marks vanish.
 *
 * The readable line of an alert, for logs and terminals: "CRITICAL North Korean troops abroad: <title> (BBC World) <url>",
 * with "(updated)" after the rule unless the reason is "first". `color`: with the matched words of the title in bold. No newline.
 */
int fw_alert_line(const json_t *alert, bool color, struct fw_buf *out);
/* The readable block for a terminal: rule, severity, title, feed, time, link, excerpt; matched words marked: with colour, else
 * between »…«. `width`: columns to wrap at (at least 20; links are not broken), 0: no wrapping. Ends with a newline. */
int fw_alert_block(const json_t *alert, bool color, unsigned width, struct fw_buf *out);
