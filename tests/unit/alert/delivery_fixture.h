/*
 * delivery_fixture: an outbox worker on an event loop of its own, a clock that is moved by hand, and a log channel that writes to a file.
 */
#pragma once

#include <sys/wait.h>

#include "base/file.h"
#include "fixture.h"

static sd_event *event;
static struct fw_manual_clock manual;
static struct fw_clock fixed_clock;
static struct fw_random randomness;
static struct fw_delivery *delivery;
static char log_path[160];
static struct fw_channel_config file_channels[2];
static struct fw_config file_config;
static char news[2000];

static void on_news(void *userdata, enum fw_delivery_news kind, struct fw_str channel, struct fw_str said)
{
        static const char *const names[] = { "failing", "recovered", "gave up" };
        (void) userdata;
        snprintf(news + strlen(news), sizeof(news) - strlen(news), "%.*s %s: %.*s\n", FW_STR_ARG(channel), names[kind],
                 FW_STR_ARG(said));
}

static void start_delivery(void)
{
        ck_assert_int_ge(sd_event_new(&event), 0);
        ck_assert_int_eq(fw_delivery_new(event, store, &fixed_clock, &randomness, on_news, NULL, &delivery), 0);
        ck_assert_int_eq(fw_delivery_configure(delivery, &file_config), 0);
}

static void stop_delivery(void)
{
        delivery = fw_delivery_free(delivery);
        event = sd_event_unref(event);
}

static fw_unused void before_delivery(void)
{
        set_up();
        manual = (struct fw_manual_clock){ .wall_usec = NOW };
        fixed_clock = fw_clock_manual(&manual);
        fw_random_init_seed(&randomness, 1);
        snprintf(log_path, sizeof(log_path), "%s/log/alerts.jsonl", folder);
        char log_folder[160];
        snprintf(log_folder, sizeof(log_folder), "%s/log", folder);
        ck_assert_int_eq(mkdir(log_folder, 0700), 0);
        memcpy(file_channels, channels, sizeof(file_channels));
        file_channels[0].target = fw_str_c(log_path);
        file_config = config;
        file_config.channels = file_channels;
        file_config.channels_len = 2;
        start_delivery();
}

/* As a daemon that starts again on what another one left. */
static fw_unused void before_delivery_again(void)
{
        ck_assert_msg(open_store() == 0, "%s", words);
        start_delivery();
}

/* Everything that can be done without time going by. */
static void run(void)
{
        fw_delivery_kick(delivery);
        while (sd_event_run(event, 0) > 0)
                continue;
}

static fw_unused void advance(uint64_t usec)
{
        fw_manual_clock_advance(&manual, usec);
        run();
}

/* An alert that names itself, as it would be composed. */
static void store_alert(const char *id)
{
        static const struct fw_str both[] = { FW_STR("log"), FW_STR("desktop") };
        char json[64];
        snprintf(json, sizeof(json), "{\"id\":\"%s\"}", id);
        struct fw_stored_alert alert = { .id = fw_str_c(id),
                                         .time_usec = fw_clock_wall(&fixed_clock),
                                         .kind = FW_STR("match"),
                                         .json = fw_str_c(json) };
        ck_assert_int_eq(fw_store_add_alert(store, &alert, both, 2), 0);
}

static fw_unused void check_log(const char *expected)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(1 << 24);
        int r = fw_file_read(log_path, &content);
        ck_assert_msg(r == 0 || (r == -ENOENT && !*expected), "%s", strerror(-r));
        ck_assert_str_eq(fw_buf_c(&content), expected);
}

/* The row of an alert (by sequence) in the log channel (0) or the desktop's (1). */
static fw_unused struct fw_outbox_row row_of(int64_t sequence, size_t channel)
{
        struct fw_outbox_row *rows;
        size_t len;
        ck_assert_int_eq(fw_store_outbox_of(store, sequence, arena, &rows, &len), 0);
        ck_assert_uint_gt(len, channel);
        return rows[channel];
}

static fw_unused struct fw_channel_health health_of(size_t index)
{
        struct fw_channel_health health;
        ck_assert(fw_delivery_health(delivery, index, &health));
        return health;
}
