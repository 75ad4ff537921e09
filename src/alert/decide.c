#include "alert/alert.h"

/* The item's date as the feed's poll sees it: undated and future items are as young as now. */
static int64_t effective_date(int64_t published_usec, int64_t now_usec)
{
        return published_usec == FW_TIME_NONE || published_usec > now_usec ? now_usec : published_usec;
}

/* The first fetch that brought items: a feed that only failed so far has not been backfilled yet. */
static bool is_backfill(const struct fw_config *config, const struct fw_alert_origin *origin, int64_t date_usec)
{
        switch (config->backfill) {
        case FW_BACKFILL_ALL:
                return false;
        case FW_BACKFILL_NONE:
                return true;
        case FW_BACKFILL_AGE:
                break;
        }
        return date_usec < origin->now_usec - (int64_t) config->backfill_usec;
}

static bool takes(const struct fw_config *config, const struct fw_rule *rule, struct fw_str name)
{
        const struct fw_channel_config *channel = fw_config_find_channel(config, name);
        return channel && channel->min_severity <= fw_alert_severity(config, rule);
}

static const struct fw_str *wanted_channels(const struct fw_config *config, const struct fw_rule *rule, size_t *ret_len)
{
        *ret_len = rule->notify_len ? rule->notify_len : config->default_notify_len;
        return rule->notify_len ? rule->notify : config->default_notify;
}

static bool anyone_takes(const struct fw_config *config, const struct fw_rule *rule)
{
        size_t len;
        const struct fw_str *wanted = wanted_channels(config, rule, &len);
        for (size_t i = 0; i < len; i++)
                if (takes(config, rule, wanted[i]))
                        return true;
        return false;
}

enum fw_decision fw_alert_decide(const struct fw_config *config, const struct fw_rule *rule,
                                 const struct fw_alert_origin *origin, int64_t published_usec,
                                 enum fw_match_outcome outcome)
{
        if (outcome == FW_EXCLUDED_BY_RULE)
                return FW_DECISION_EXCLUDED;
        if (outcome == FW_EXCLUDED_BY_CONFIG)
                return FW_DECISION_EXCLUDED_BY_CONFIG;
        int64_t date_usec = effective_date(published_usec, origin->now_usec);
        int64_t last_complete_usec = origin->feed->last_complete_usec;
        if (last_complete_usec > origin->now_usec) /* a clock that was ahead makes nothing old */
                last_complete_usec = origin->now_usec;
        if (last_complete_usec == FW_TIME_NONE) {
                if (is_backfill(config, origin, date_usec))
                        return FW_DECISION_BACKFILL;
        } else if (date_usec < last_complete_usec - (int64_t) FW_ALERT_LATE_GRACE_USEC) {
                return FW_DECISION_OLD;
        }
        if (rule->test)
                return FW_DECISION_TEST;
        return anyone_takes(config, rule) ? FW_DECISION_ALERTED : FW_DECISION_NOT_NOTIFIED;
}

void fw_alert_route(const struct fw_config *config, const struct fw_rule *rule, struct fw_arena *arena,
                    const struct fw_str **ret_channels, size_t *ret_len)
{
        size_t wanted_len, len = 0;
        const struct fw_str *wanted = wanted_channels(config, rule, &wanted_len);
        struct fw_str *channels = fw_arena_new_array(arena, struct fw_str, wanted_len);
        for (size_t i = 0; i < wanted_len; i++)
                if (takes(config, rule, wanted[i]))
                        channels[len++] = wanted[i];
        *ret_channels = channels;
        *ret_len = len;
}

enum fw_severity fw_alert_severity(const struct fw_config *config, const struct fw_rule *rule)
{
        return rule->severity_given ? rule->severity : config->default_severity;
}
