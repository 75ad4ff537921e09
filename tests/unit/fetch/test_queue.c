#include "fetch/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "unit.h"
#include "world.h"

/* ---- queues ---- */

static void run_until_held(unsigned held)
{
        while (loopback_held(world.server) < held)
                ck_assert_int_ge(sd_event_run(world.event, UINT64_MAX), 0);
}

static void check_limit(unsigned limit)
{
        loopback_hold(world.server, true);
        for (int i = 0; i < 5; i++)
                (void) start("/feed");
        ck_assert_uint_eq(fw_fetch_active(world.fetch), 5);
        for (size_t done = 0; done < 5; done++) {
                unsigned expected = (unsigned) FW_MIN(limit, 5 - done);
                run_until_held(expected);
                run_ready();
                ck_assert_uint_eq(loopback_held(world.server), expected);
                loopback_release_one(world.server);
                await(done + 1);
        }
        ck_assert_uint_eq(fw_fetch_active(world.fetch), 0);
}

START_TEST(no_more_transfers_run_than_may)
{
        world.options.concurrency = 3;
        world_configure();
        check_limit(3);
}
END_TEST

START_TEST(no_more_transfers_run_to_a_host_than_may)
{
        world.options.per_host = 2;
        world_configure();
        check_limit(2);
}
END_TEST

START_TEST(a_full_host_does_not_hold_up_others)
{
        struct loopback *other = loopback_new(world.event, "127.0.0.2", world_serve, NULL);
        world.options.per_host = 1;
        world_configure();
        loopback_hold(world.server, true);
        (void) start("/feed");
        (void) start("/feed");
        run_until_held(1);
        fw_cleanup(fw_freep) char *url = fw_asprintf("http://127.0.0.2:%u/feed", loopback_port(other));
        ck_assert_int_eq(get_url(url, false)->outcome, FW_FETCH_OK);
        loopback_free(other);
}
END_TEST

START_TEST(requests_to_one_host_keep_their_spacing)
{
        world.options.host_spacing_usec = 30 * FW_USEC_PER_MSEC;
        world_configure();
        uint64_t began = 0;
        uint64_t ended = 0;
        (void) sd_event_now(world.event, CLOCK_BOOTTIME, &began);
        (void) start("/feed");
        (void) start("/feed");
        (void) start("/feed");
        await(3);
        (void) sd_event_now(world.event, CLOCK_BOOTTIME, &ended);
        /* at least, and never a most: three starts have two gaps between them */
        ck_assert_uint_ge(ended - began, 60 * FW_USEC_PER_MSEC);
}
END_TEST

START_TEST(a_429_gives_its_host_the_pause_it_wants)
{
        world.options.per_host = 1;
        world_configure();
        (void) start("/busy");
        (void) start("/feed");
        await(2);
        ck_assert_int_eq(world.answers.p[0].outcome, FW_FETCH_POSTPONED);
        ck_assert_str_eq(world.answers.p[0].retry_after, "120");
        ck_assert_str_eq(world.answers.p[0].reason, "127.0.0.1 asked for a pause, which lasts another 2 min");
        ck_assert_int_eq(world.answers.p[1].outcome, FW_FETCH_HTTP_ERROR);
        ck_assert_uint_eq(world.answers.p[1].status, 429);
        ck_assert_str_eq(world.answers.p[1].retry_after, "120");
        ck_assert_int_eq(get("/feed")->outcome, FW_FETCH_POSTPONED);
        ck_assert_uint_eq(world.requests.len, 1);
}
END_TEST

START_TEST(cancelled_transfers_stay_silent)
{
        world.options.per_host = 1;
        world_configure();
        loopback_hold(world.server, true);
        struct fw_transfer *running = start("/feed");
        struct fw_transfer *waiting = start("/feed2");
        (void) start("/feed3");
        run_until_held(1);
        fw_fetch_cancel(world.fetch, waiting);
        fw_fetch_cancel(world.fetch, running);
        loopback_hold(world.server, false);
        await(1);
        ck_assert(strstr(world.requests.p[world.requests.len - 1], "/feed3") != NULL);
        struct fw_transfer *finished = start("/feed");
        fw_fetch_cancel(world.fetch, finished);
        struct fw_fetch_request request = { .url = FW_STR("gopher://example.org/") };
        finished = start_request(&request, "");
        fw_fetch_cancel(world.fetch, finished);
        run_ready();
        ck_assert_uint_eq(world.answers.len, 1);
        ck_assert_uint_eq(fw_fetch_active(world.fetch), 0);
}
END_TEST

START_TEST(freeing_ends_everything_silently)
{
        world.options.per_host = 1;
        world_configure();
        (void) start("/silent");
        (void) start("/feed");
        struct fw_fetch_request request = { .url = FW_STR("gopher://example.org/") };
        (void) start_request(&request, "");
        world.fetch = fw_fetch_free(world.fetch);
        run_ready();
        ck_assert_uint_eq(world.answers.len, 0);
}
END_TEST

/* ---- URLs that are not asked for, and files ---- */

START_TEST(other_schemes_are_refused)
{
        check_reason(get_url("ftp://example.org/feed", false), FW_FETCH_REFUSED,
                     "'ftp://example.org/feed' cannot be fetched; only http, https and file can");
        check_reason(get_url("not a url", false), FW_FETCH_REFUSED, "'not a url' is no URL");
        check_reason(get_url("file:///etc/hostname", false), FW_FETCH_REFUSED,
                     "'file:///etc/hostname' is not read: files must be named in the configuration");
        check_reason(get_url("file://other/etc/hostname", true), FW_FETCH_REFUSED,
                     "'file://other/etc/hostname' is no URL");
}
END_TEST

START_TEST(files_are_read_and_known_again_when_unchanged)
{
        char directory[] = "/tmp/feedwatch-test-XXXXXX";
        ck_assert_ptr_nonnull(mkdtemp(directory));
        fw_cleanup(fw_freep) char *path = fw_path_join(directory, "a feed.xml");
        fw_cleanup(fw_freep) char *url = fw_asprintf("file://%s/a%%20feed.xml", directory);
        fw_cleanup(fw_freep) char *directory_url = fw_asprintf("file://%s", directory);
        fw_cleanup(fw_freep) char *directory_reason = fw_asprintf("could not read '%s': Is a directory", directory);
        ck_assert_int_eq(fw_file_replace(path, FW_STR(FEED), 0600), 0);

        const struct got *got = get_url(url, true);
        ck_assert_int_eq(got->outcome, FW_FETCH_OK);
        ck_assert_str_eq(got->body, FEED);
        fw_cleanup(fw_freep) char *tag = fw_strdup(got->entity_tag);
        struct fw_fetch_request again = { .url = fw_str_c(url), .allow_file = true, .entity_tag = fw_str_c(tag) };
        (void) start_request(&again, "");
        await(2);
        ck_assert_int_eq(world.answers.p[1].outcome, FW_FETCH_NOT_MODIFIED);

        ck_assert_int_eq(fw_file_replace(path, FW_STR("other"), 0600), 0);
        again.url = fw_str_c(url);
        (void) start_request(&again, "");
        await(3);
        ck_assert_str_eq(world.answers.p[2].body, "other");
        check_reason(get_url(directory_url, true), FW_FETCH_UNREACHABLE, directory_reason);
        ck_assert_int_eq(truncate(path, 1048577), 0);
        check_reason(get_url(url, true), FW_FETCH_TOO_LARGE, "the body is larger than max_body (1 MiB)");
        ck_assert_int_eq(unlink(path), 0);
        ck_assert_int_eq(get_url(url, true)->outcome, FW_FETCH_UNREACHABLE);
        ck_assert_int_eq(mkfifo(path, 0600), 0);
        ck_assert_int_eq(get_url(url, true)->outcome, FW_FETCH_UNREACHABLE);
        ck_assert_int_eq(unlink(path), 0);
        ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

UNIT_MAIN_WITH("queue", world_set_up, world_tear_down, no_more_transfers_run_than_may,
               no_more_transfers_run_to_a_host_than_may, a_full_host_does_not_hold_up_others,
               requests_to_one_host_keep_their_spacing, a_429_gives_its_host_the_pause_it_wants,
               cancelled_transfers_stay_silent, freeing_ends_everything_silently, other_schemes_are_refused,
               files_are_read_and_known_again_when_unchanged)
