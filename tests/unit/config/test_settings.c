#include <errno.h>

#include "base/clock.h"
#include "config/settings.h"
#include "config_fixture.h"

START_TEST(an_empty_file_gives_the_defaults)
{
        load_well("");
        ck_assert_uint_eq(config->interval_usec, 15 * FW_USEC_PER_MINUTE);
        ck_assert_uint_eq(config->min_interval_usec, 5 * FW_USEC_PER_MINUTE);
        ck_assert_uint_eq(config->max_interval_usec, 6 * FW_USEC_PER_HOUR);
        ck_assert_uint_eq(config->concurrency, 128);
        ck_assert_uint_eq(config->per_host, 2);
        ck_assert_uint_eq(config->timeout_usec, 30 * FW_USEC_PER_SEC);
        ck_assert_uint_eq(config->connect_timeout_usec, 10 * FW_USEC_PER_SEC);
        ck_assert_uint_eq(config->max_body_bytes, 16 * 1024 * 1024);
        ck_assert_uint_eq(config->keep_items_usec, 90 * FW_USEC_PER_DAY);
        ck_assert_uint_eq(config->keep_alerts_usec, 400 * FW_USEC_PER_DAY);
        ck_assert_int_eq(config->backfill, FW_BACKFILL_AGE);
        ck_assert_uint_eq(config->backfill_usec, FW_USEC_PER_DAY);
        ck_assert_int_eq(config->default_severity, FW_SEVERITY_WARNING);
        ck_assert_uint_ge(config->workers, 1);
        assert_text(config->store_path, "/var/lib/test/feedwatch.db");
        assert_text(config->control_socket, "/run/test/control.sock");
        ck_assert_uint_eq(config->channels_len, 2);
        assert_text(config->channels[0].name, "log");
        assert_text(config->channels[0].target, "journal");
        assert_text(config->channels[1].name, "desktop");
        ck_assert_uint_eq(config->default_notify_len, 2);
}
END_TEST

START_TEST(every_setting_can_be_given)
{
        load_well("backfill: 7d\n"
                  "poll: {interval: 1h, min_interval: 1s, max_interval: 2h, concurrency: 5, per_host: 1, host_spacing: "
                  "100ms,\n"
                  "       timeout: 5s, connect_timeout: 2s, max_body: 64KiB, user_agent: me}\n"
                  "store: {path: state/x.db, keep_items: 2d, keep_alerts: 3d}\n"
                  "workers: 3\n"
                  "defaults: {severity: critical, notify: [file]}\n"
                  "channels: {file: {type: log, target: alerts.jsonl, min_severity: notice}}\n"
                  "unless: 'category:horoscope'\n"
                  "control: {socket: /tmp/c.sock, http: off}\n");
        ck_assert_uint_eq(config->backfill_usec, 7 * FW_USEC_PER_DAY);
        ck_assert_uint_eq(config->min_interval_usec, FW_USEC_PER_SEC);
        ck_assert_uint_eq(config->concurrency, 5);
        ck_assert_uint_eq(config->host_spacing_usec, 100 * FW_USEC_PER_MSEC);
        ck_assert_uint_eq(config->max_body_bytes, 64 * 1024);
        assert_text(config->user_agent, "me");
        ck_assert_uint_eq(config->workers, 3);
        ck_assert_int_eq(config->default_severity, FW_SEVERITY_CRITICAL);
        ck_assert_int_eq(config->channels[0].min_severity, FW_SEVERITY_NOTICE);
        assert_text(config->unless, "category:horoscope");
        assert_text(config->control_socket, "/tmp/c.sock");

        char here[128];
        snprintf(here, sizeof(here), "%s/state/x.db", folder);
        assert_text(config->store_path, here);
        snprintf(here, sizeof(here), "%s/alerts.jsonl", folder);
        assert_text(config->channels[0].target, here);
}
END_TEST

START_TEST(a_contact_follows_the_user_agent)
{
        load_well("poll: {contact: 'https://www.example.org/feeds'}\n");
        ck_assert(fw_str_starts(config->user_agent, FW_STR("feedwatch/")));
        ck_assert(fw_str_ends(config->user_agent, FW_STR(" (+https://www.example.org/feeds)")));
        load_well("poll: {contact: feeds@example.org, user_agent: me}\n");
        assert_text(config->user_agent, "me (+feeds@example.org)");
        load_well("poll: {contact: ''}\n");
        ck_assert(fw_str_find_byte(config->user_agent, '+', 0) == SIZE_MAX);
}
END_TEST

START_TEST(a_contact_is_an_address_on_one_line)
{
        static const char *const wrong[] = { "somebody", "a@example.org\\r\\nX: y", "https://example.org/ x",
                                             "https://example.org/)", "b\\u00fcro@example.org" };
        for (size_t i = 0; i < FW_ARRAY_LEN(wrong); i++) {
                fw_cleanup(fw_freep) char *content = fw_asprintf("poll: {contact: \"%s\"}\n", wrong[i]);
                ck_assert_int_eq(load(content), -EINVAL);
                ck_assert_msg(strstr(fw_buf_c(&out), "'contact' must be a URL or a mail address"), "%s", wrong[i]);
        }
        ck_assert_int_eq(load("poll: {user_agent: \"me\\r\\nX: y\"}\n"), -EINVAL);
        ck_assert_ptr_nonnull(strstr(fw_buf_c(&out), "'user_agent' must be one line"));
}
END_TEST

START_TEST(backfill_is_an_age_or_all_or_none)
{
        load_well("backfill: all\n");
        ck_assert_int_eq(config->backfill, FW_BACKFILL_ALL);
        load_well("backfill: none\n");
        ck_assert_int_eq(config->backfill, FW_BACKFILL_NONE);
        refused("backfill: some\n", "feedwatch.yaml:1:11: error: 'backfill' must be 'all', 'none', or a duration such "
                                    "as 24h or 7d (at most 3650d)\n"
                                    "    1 | backfill: some\n"
                                    "      |           ^~~~\n");
}
END_TEST

START_TEST(all_errors_are_said_at_once)
{
        refused("backfil: 24h\n"
                "poll: {interval: 15, per_host: many, timeout: 5000h}\n"
                "defaults: {severity: urgent}\n",
                "feedwatch.yaml:1:1: error: unknown key 'backfil' in the configuration; did you mean 'backfill'?\n"
                "    1 | backfil: 24h\n"
                "      | ^~~~~~~\n"
                "feedwatch.yaml:2:18: error: 'interval' must be a duration such as 90s, 15m, 6h or 7d, but is '15'\n"
                "    2 | poll: {interval: 15, per_host: many, timeout: 5000h}\n"
                "      |                  ^~\n"
                "feedwatch.yaml:2:32: error: 'per_host' must be a whole number from 1 to 1000, but is 'many'\n"
                "    2 | poll: {interval: 15, per_host: many, timeout: 5000h}\n"
                "      |                                ^~~~\n"
                "feedwatch.yaml:2:47: error: 'timeout' must be from 1s to 1h, but is '5000h'\n"
                "    2 | poll: {interval: 15, per_host: many, timeout: 5000h}\n"
                "      |                                               ^~~~~\n"
                "feedwatch.yaml:3:22: error: 'severity' must be one of info, notice, warning, critical, but is "
                "'urgent'\n"
                "    3 | defaults: {severity: urgent}\n"
                "      |                      ^~~~~~\n");
}
END_TEST

START_TEST(a_key_in_a_section_is_told_the_nearest_of_that_section)
{
        refused("store: {keep_item: 3d}\n",
                "feedwatch.yaml:1:9: error: unknown key 'keep_item' in 'store'; did you mean 'keep_items'?\n"
                "    1 | store: {keep_item: 3d}\n"
                "      |         ^~~~~~~~~\n");
}
END_TEST

START_TEST(what_this_version_does_not_do_is_refused)
{
        refused("quiet_hours: {from: '23:00', to: '07:00'}\n"
                "control: {http: 127.0.0.1:8643}\n",
                "feedwatch.yaml:1:1: error: 'quiet_hours' is not in this version: no alert would be held; remove it\n"
                "    1 | quiet_hours: {from: '23:00', to: '07:00'}\n"
                "      | ^~~~~~~~~~~\n"
                "feedwatch.yaml:2:11: error: 'http' is not in this version: the daemon would not listen on TCP; remove "
                "it\n"
                "    2 | control: {http: 127.0.0.1:8643}\n"
                "      |           ^~~~\n");
}
END_TEST

START_TEST(a_bound_that_is_not_given_gives_way_to_the_interval)
{
        load_well("poll: {interval: 1m}\n");
        ck_assert_uint_eq(config->min_interval_usec, FW_USEC_PER_MINUTE);
        load_well("poll: {interval: 12h}\n");
        ck_assert_uint_eq(config->max_interval_usec, 12 * FW_USEC_PER_HOUR);
        refused("poll: {interval: 1m, min_interval: 2m}\n",
                "feedwatch.yaml:1:36: error: 'min_interval' is longer than 'interval'\n"
                "    1 | poll: {interval: 1m, min_interval: 2m}\n"
                "      |                                    ^~\n");
}
END_TEST

START_TEST(a_section_must_be_a_mapping)
{
        refused("poll: fast\n", "feedwatch.yaml:1:7: error: 'poll' must be a mapping, but is a string\n"
                                "    1 | poll: fast\n"
                                "      |       ^~~~\n");
}
END_TEST

START_TEST(a_missing_file_says_how_to_make_one)
{
        ck_assert_int_eq(fw_config_load(&paths, diag, &config), -ENOENT);
        (void) fw_diag_render_all(diag, false, &out);
        assert_buf(&out,
                   "error: there is no configuration 'feedwatch.yaml'; 'feedwatch init' writes one to start from\n");
}
END_TEST

START_TEST(every_setting_explains_itself)
{
        for (const struct fw_setting *setting = fw_settings; setting->name; setting++) {
                ck_assert_ptr_nonnull(setting->help);
                ck_assert_msg(setting->help[strlen(setting->help) - 1] != '.', "%s", setting->name);
                ck_assert_uint_le(setting->min, setting->max);
        }
}
END_TEST

UNIT_MAIN_WITH("settings", setup, teardown, an_empty_file_gives_the_defaults, every_setting_can_be_given,
               a_contact_follows_the_user_agent, a_contact_is_an_address_on_one_line, backfill_is_an_age_or_all_or_none,
               all_errors_are_said_at_once, a_key_in_a_section_is_told_the_nearest_of_that_section,
               what_this_version_does_not_do_is_refused, a_bound_that_is_not_given_gives_way_to_the_interval,
               a_section_must_be_a_mapping, a_missing_file_says_how_to_make_one, every_setting_explains_itself)
