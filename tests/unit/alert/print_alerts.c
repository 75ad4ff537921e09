/*
 * Prints alerts as they are composed, one a line: the ordinary one, one of which little is known, and hostile ones.
 */
#include <stdio.h>

#include "fixture.h"

static void print(json_t *alert)
{
        fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_json_append(&line, alert);
        (void) puts(fw_buf_c(&line));
        json_decref(alert);
}

static json_t *compose(const struct fw_item *item, const struct fw_match_record *match, const char *reason)
{
        static const struct fw_rule rule = { .id = FW_STR("r"), .name = FW_STR("r") };
        struct fw_feed_state feed = known_feed();
        struct fw_alert_origin origin = origin_of(&feed);
        char id[FW_ULID_LEN + 1];
        struct fw_random random;
        fw_random_init_seed(&random, 1);
        fw_ulid(&random, NOW, id);
        struct fw_alert_parts parts = { .id = fw_str_c(id),
                                        .time_usec = NOW + 250000,
                                        .rule = &rule,
                                        .severity = FW_SEVERITY_INFO,
                                        .reason = reason,
                                        .item_id = 1,
                                        .item = item,
                                        .feeds = 1,
                                        .match = match,
                                        .origin = &origin };
        return fw_alert_compose(&parts);
}

int main(void)
{
        struct fw_item bare = { .published_usec = FW_TIME_NONE };
        struct fw_item hostile = { .title = FW_STR("\033[2J\"\\\n\xff</script>\0nul"),
                                   .url = FW_STR("javascript:alert(1)"),
                                   .published_usec = NOW + 400 * DAY };
        struct fw_match_record nothing = { .rule_id = FW_STR("r") };
        struct fw_match_record everything = match_of("r");
        print(troops_alert());
        print(compose(&bare, &nothing, "first"));
        print(compose(&hostile, &everything, "updated"));
        return 0;
}
