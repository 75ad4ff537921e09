/*
 * fixture: a configuration, rules, a feed and an item made by hand, beside the store of the store's own fixture.
 */
#pragma once

#include "../store/fixture.h"

#include "alert/alert.h"
#include "alert/delivery.h"

static fw_unused const struct fw_channel_config channels[] = {
        { .name = FW_STR("log"), .type = FW_CHANNEL_LOG, .target = FW_STR("stderr") },
        { .name = FW_STR("desktop"), .type = FW_CHANNEL_DESKTOP, .min_severity = FW_SEVERITY_WARNING },
};
static fw_unused const struct fw_str default_notify[] = { FW_STR("log"), FW_STR("desktop") };

static fw_unused const struct fw_config config = {
        .channels = channels,
        .channels_len = FW_ARRAY_LEN(channels),
        .backfill = FW_BACKFILL_AGE,
        .backfill_usec = FW_USEC_PER_DAY,
        .default_severity = FW_SEVERITY_WARNING,
        .default_notify = default_notify,
        .default_notify_len = FW_ARRAY_LEN(default_notify),
};

static fw_unused const struct fw_feed_config feed_config = { .id = FW_STR("bbc-world"),
                                                             .url = FW_STR("https://example.org/feed") };

/* A feed that was read completely an hour ago. */
static fw_unused struct fw_feed_state known_feed(void)
{
        return (struct fw_feed_state){ .key = 1,
                                       .id = FW_STR("bbc-world"),
                                       .url = FW_STR("https://example.org/feed"),
                                       .first_polled_usec = NOW - 30 * DAY,
                                       .last_complete_usec = NOW - HOUR };
}

static fw_unused struct fw_feed_state new_feed(void)
{
        struct fw_feed_state state = known_feed();
        state.first_polled_usec = state.last_complete_usec = FW_TIME_NONE;
        return state;
}

static fw_unused struct fw_alert_origin origin_of(const struct fw_feed_state *state)
{
        return (struct fw_alert_origin){
                .feed = state, .feed_config = &feed_config, .feed_title = FW_STR("BBC World"), .now_usec = NOW
        };
}

static fw_unused const struct fw_item troops_item = {
        .id = FW_STR("urn:1"),
        .url = FW_STR("https://example.org/1"),
        .title = FW_STR("Seoul: North Korean troops in Russia"),
        .content_text = FW_STR("Three thousand North Korean soldiers have been sent."),
        .published_usec = NOW - HOUR,
        .modified_usec = FW_TIME_NONE,
};

static fw_unused const struct fw_hit_record troops_hits[] = {
        { .field = FW_FIELD_TITLE,
          .start = 7,
          .end = 19,
          .text = FW_STR("North Korean"),
          .term = FW_STR("@north-korea") },
        { .field = FW_FIELD_TITLE, .start = 20, .end = 26, .text = FW_STR("troops"), .term = FW_STR("troop*") },
        { .field = FW_FIELD_BODY,
          .start = 15,
          .end = 27,
          .text = FW_STR("North Korean"),
          .term = FW_STR("@north-korea") },
};
static fw_unused const struct fw_mark troops_marks[] = { { 15, 27 } };

static fw_unused struct fw_match_record match_of(const char *rule_id)
{
        return (struct fw_match_record){ .rule_id = str(rule_id),
                                         .outcome = FW_MATCHED,
                                         .hits = troops_hits,
                                         .hits_len = FW_ARRAY_LEN(troops_hits),
                                         .excerpt = FW_STR("Three thousand North Korean soldiers have been sent."),
                                         .excerpt_marks = troops_marks,
                                         .excerpt_marks_len = 1 };
}

/* The composed alert of all this. */
static fw_unused json_t *troops_alert(void)
{
        static const struct fw_rule rule = { .id = FW_STR("nk-troops"), .name = FW_STR("North Korean troops abroad") };
        static struct fw_feed_state feed;
        feed = known_feed();
        struct fw_alert_origin origin = origin_of(&feed);
        struct fw_match_record match = match_of("nk-troops");
        struct fw_alert_parts parts = { .id = FW_STR("01JAYQ3V8G0000000000000AAA"),
                                        .time_usec = NOW,
                                        .rule = &rule,
                                        .severity = FW_SEVERITY_CRITICAL,
                                        .reason = "first",
                                        .item_id = 42,
                                        .item = &troops_item,
                                        .language = FW_STR("en"),
                                        .feeds = 2,
                                        .match = &match,
                                        .origin = &origin };
        return fw_alert_compose(&parts);
}

/* The same with another title, link and excerpt, and no marks. */
static fw_unused json_t *alert_with(struct fw_str title, struct fw_str url, struct fw_str excerpt)
{
        json_t *alert = troops_alert();
        json_t *item = json_object_get(alert, "item");
        fw_json_set(item, "title", fw_json_str(title));
        fw_json_set(item, "url", fw_json_str(url));
        fw_json_set(item, "excerpt", fw_json_str(excerpt));
        fw_json_set(item, "marks", json_array());
        fw_json_set(alert, "matches", json_array());
        return alert;
}
