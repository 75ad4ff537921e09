#include "fetch/fetch.h"

#include <netinet/in.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "unit.h"
#include "world.h"

/* ---- requests and answers ---- */

START_TEST(a_feed_comes_whole_with_its_headers)
{
        const struct got *got = get("/feed");
        ck_assert_int_eq(got->outcome, FW_FETCH_OK);
        ck_assert_uint_eq(got->status, 200);
        ck_assert_str_eq(got->body, FEED);
        ck_assert_str_eq(got->content_type, "application/rss+xml");
        ck_assert_str_eq(got->permanent_url, "");
        fw_cleanup(fw_freep) char *url = url_of(world.server, "/feed");
        ck_assert_str_eq(got->final_url, url);
        ck_assert_str_eq(get("/two-cache-controls")->cache_control, "public, max-age=60");
}
END_TEST

START_TEST(requests_say_who_asks_and_nothing_else)
{
        (void) get("/feed");
        struct fw_str request = fw_str_c(world.requests.p[0]);
        ck_assert(fw_str_eq(loopback_header(request, "User-Agent"), FW_STR("feedwatch-test/1 (+http://example.org/)")));
        ck_assert(fw_str_find(loopback_header(request, "Accept-Encoding"), FW_STR("gzip"), 0) != SIZE_MAX);
        ck_assert(fw_str_find(loopback_header(request, "Accept"), FW_STR("application/atom+xml"), 0) != SIZE_MAX);
        ck_assert(fw_str_empty(loopback_header(request, "Cookie")));
        ck_assert(fw_str_empty(loopback_header(request, "Referer")));
        ck_assert(fw_str_empty(loopback_header(request, "If-None-Match")));
}
END_TEST

START_TEST(configured_headers_go_along)
{
        struct fw_header headers[] = { { FW_STR("X-Key"), FW_STR("k") }, { FW_STR("Accept"), FW_STR("text/xml") } };
        struct fw_fetch_request request = { .headers = headers, .headers_len = 2, .authorization = FW_STR("Bearer s") };
        (void) start_request(&request, "/feed");
        await(1);
        struct fw_str seen = fw_str_c(world.requests.p[0]);
        ck_assert(fw_str_eq(loopback_header(seen, "X-Key"), FW_STR("k")));
        ck_assert(fw_str_eq(loopback_header(seen, "Accept"), FW_STR("text/xml")));
        ck_assert(fw_str_eq(loopback_header(seen, "Authorization"), FW_STR("Bearer s")));
}
END_TEST

START_TEST(validators_come_and_go_byte_for_byte)
{
        const struct got *first = get("/etag");
        ck_assert_str_eq(first->entity_tag, "W/\"a b,c\"");
        ck_assert_str_eq(first->last_modified, "yesterday, roughly");
        struct fw_fetch_request request = { .entity_tag = FW_STR("W/\"a b,c\""),
                                            .last_modified = FW_STR("yesterday, roughly") };
        (void) start_request(&request, "/etag");
        await(2);
        ck_assert_int_eq(world.answers.p[1].outcome, FW_FETCH_NOT_MODIFIED);
        ck_assert_uint_eq(world.answers.p[1].status, 304);
        ck_assert(fw_str_eq(loopback_header(fw_str_c(world.requests.p[1]), "If-Modified-Since"),
                            FW_STR("yesterday, roughly")));
}
END_TEST

START_TEST(validators_go_to_the_url_that_gave_them_only)
{
        fw_cleanup(fw_freep) char *final_url = url_of(world.server, "/feed");
        struct fw_fetch_request request = { .entity_tag = FW_STR("\"x\""), .validators_url = fw_str_c(final_url) };
        (void) start_request(&request, "/found");
        await(1);
        ck_assert(fw_str_empty(loopback_header(fw_str_c(world.requests.p[0]), "If-None-Match")));
        ck_assert(fw_str_eq(loopback_header(fw_str_c(world.requests.p[1]), "If-None-Match"), FW_STR("\"x\"")));
}
END_TEST

START_TEST(a_304_nobody_asked_for_is_an_error)
{
        check_reason(get("/stray-304"), FW_FETCH_HTTP_ERROR,
                     "HTTP 304 Not Modified, though nothing was said of an earlier answer");
}
END_TEST

START_TEST(connections_are_used_again)
{
        (void) get("/feed");
        (void) get("/feed2");
        (void) get("/nothing-here");
        (void) get("/feed3");
        ck_assert_uint_eq(loopback_accepted(world.server), 1);
}
END_TEST

/* ---- redirects ---- */

START_TEST(redirects_are_followed)
{
        static const char *const paths[] = { "/found", "/see", "/temporary", "/moved", "/space" };
        for (size_t i = 0; i < FW_ARRAY_LEN(paths); i++) {
                const struct got *got = get(paths[i]);
                ck_assert_msg(got->outcome == FW_FETCH_OK, "%s: %s", paths[i], got->reason);
                ck_assert_str_eq(got->body, FEED);
        }
}
END_TEST

START_TEST(an_unbroken_permanent_chain_is_told)
{
        fw_cleanup(fw_freep) char *target = url_of(world.server, "/feed?a=b");
        const struct got *got = get("/moved");
        ck_assert_str_eq(got->permanent_url, target);
        ck_assert_str_eq(got->final_url, target);

        fw_cleanup(fw_freep) char *half_way = url_of(world.server, "/found");
        ck_assert_str_eq(get("/mixed")->permanent_url, half_way);
        ck_assert_str_eq(get("/found")->permanent_url, "");
}
END_TEST

START_TEST(redirects_elsewhere_are_refused)
{
        check_reason(get("/to-file"), FW_FETCH_REFUSED,
                     "redirected to 'file:///etc/passwd'; only http and https are followed");
        check_reason(get("/to-gopher"), FW_FETCH_REFUSED,
                     "redirected to 'gopher://127.0.0.1/'; only http and https are followed");
        check_reason(get("/to-rubbish"), FW_FETCH_REFUSED, "redirected to 'http://[', which is no URL");
}
END_TEST

START_TEST(ten_redirects_are_followed_and_no_more)
{
        ck_assert_int_eq(get("/hops-10")->outcome, FW_FETCH_OK);
        fw_cleanup(fw_freep) char *reason = fw_asprintf(
                "more than 10 redirects, the last to 'http://127.0.0.1:%u/feed'", loopback_port(world.server));
        check_reason(get("/hops-11"), FW_FETCH_REFUSED, reason);
}
END_TEST

START_TEST(a_loop_of_redirects_ends)
{
        ck_assert_int_eq(get("/loop")->outcome, FW_FETCH_REFUSED);
        ck_assert_uint_eq(world.requests.len, 11);
}
END_TEST

START_TEST(urls_have_a_limit)
{
        fw_cleanup(fw_freep) char *start_of_url = url_of(world.server, "/feed");
        fw_cleanup(fw_freep) char *longest = fw_asprintf("%s%0*d", start_of_url, 16384 - (int) strlen(start_of_url), 0);
        fw_cleanup(fw_freep) char *too_long = fw_asprintf("%s0", longest);
        ck_assert_int_eq(get_url(longest, false)->outcome, FW_FETCH_OK);
        ck_assert_int_eq(get_url(too_long, false)->outcome, FW_FETCH_REFUSED);
}
END_TEST

START_TEST(secrets_stay_with_their_origin)
{
        struct loopback *other = loopback_new(world.event, "127.0.0.1", world_serve, NULL);
        fw_cleanup(fw_freep) char *path = fw_asprintf("/to-port-%u", loopback_port(other));
        struct fw_header headers[] = { { FW_STR("X-Key"), FW_STR("k") } };
        struct fw_fetch_request request = { .headers = headers, .headers_len = 1, .authorization = FW_STR("Bearer s") };
        (void) start_request(&request, path);
        await(1);
        ck_assert_int_eq(world.answers.p[0].outcome, FW_FETCH_OK);
        ck_assert(!fw_str_empty(loopback_header(fw_str_c(world.requests.p[0]), "Authorization")));
        ck_assert(fw_str_empty(loopback_header(fw_str_c(world.requests.p[1]), "Authorization")));
        ck_assert(fw_str_empty(loopback_header(fw_str_c(world.requests.p[1]), "X-Key")));
        loopback_free(other);
}
END_TEST

/* In this test's world 127.0.0.2 is out on the internet. */
static bool all_but_127_0_0_2(const struct sockaddr *address)
{
        return address->sa_family != AF_INET ||
               ((const struct sockaddr_in *) (const void *) address)->sin_addr.s_addr != htonl(0x7f000002);
}

START_TEST(redirects_from_public_to_private_are_refused)
{
        struct loopback *outside = loopback_new(world.event, "127.0.0.2", world_serve, NULL);
        world.options.is_private = all_but_127_0_0_2;
        world_configure();
        fw_cleanup(fw_freep) char *url =
                fw_asprintf("http://127.0.0.2:%u/to-port-%u", loopback_port(outside), loopback_port(world.server));
        check_reason(get_url(url, false), FW_FETCH_REFUSED,
                     "redirected from the public internet to '127.0.0.1', which is at a private address");
        ck_assert_uint_eq(loopback_accepted(world.server), 0);

        /* the configuration may name it, and an open connection to it makes no difference */
        ck_assert_int_eq(get("/feed")->outcome, FW_FETCH_OK);
        check_reason(get_url(url, false), FW_FETCH_REFUSED,
                     "redirected from the public internet to '127.0.0.1', which is at a private address");
        loopback_free(outside);
}
END_TEST

/* ---- what goes wrong ---- */

START_TEST(statuses_are_told_in_words)
{
        const struct got *got = get("/nothing-here");
        check_reason(got, FW_FETCH_HTTP_ERROR, "HTTP 404 Not Found");
        ck_assert_uint_eq(got->status, 404);
}
END_TEST

START_TEST(a_refused_connection_is_told_in_words)
{
        uint16_t port = loopback_port(world.server);
        loopback_free(world.server);
        fw_cleanup(fw_freep) char *url = fw_asprintf("http://127.0.0.1:%u/", port);
        fw_cleanup(fw_freep) char *reason =
                fw_asprintf("could not connect to 127.0.0.1 port %u: connection refused", port);
        check_reason(get_url(url, false), FW_FETCH_UNREACHABLE, reason);
        world.server = loopback_new(world.event, "127.0.0.1", world_serve, NULL);
}
END_TEST

START_TEST(an_unknown_host_is_told_in_words)
{
        check_reason(get_url("http://no-such-host.invalid/", false), FW_FETCH_UNREACHABLE,
                     "could not find the address of no-such-host.invalid; check its spelling, and DNS");
}
END_TEST

START_TEST(silent_and_stalling_servers_time_out)
{
        world.options.timeout_usec = 300 * FW_USEC_PER_MSEC;
        world_configure();
        const struct got *got = get("/silent");
        ck_assert_int_eq(got->outcome, FW_FETCH_TIMEOUT);
        ck_assert_msg(strncmp(got->reason, "timed out after ", 16) == 0, "%s", got->reason);
        got = get("/stalls");
        ck_assert_int_eq(got->outcome, FW_FETCH_TIMEOUT);
        ck_assert_msg(strstr(got->reason, " B received") != NULL, "%s", got->reason);
}
END_TEST

START_TEST(broken_answers_are_told_in_words)
{
        const struct got *got = get("/cut");
        ck_assert_int_eq(got->outcome, FW_FETCH_BROKEN);
        ck_assert_msg(strncmp(got->reason, "the transfer broke off after ", 29) == 0, "%s", got->reason);
        ck_assert_str_eq(got->body, "");

        fw_cleanup(fw_freep) char *reason =
                fw_asprintf("127.0.0.1 port %u closed the connection without an answer", loopback_port(world.server));
        check_reason(get("/empty"), FW_FETCH_BROKEN, reason);
        fw_cleanup(fw_freep) char *no_http =
                fw_asprintf("what 127.0.0.1 port %u answers is no HTTP", loopback_port(world.server));
        check_reason(get("/rubbish"), FW_FETCH_BROKEN, no_http);
        got = get("/bad-gzip");
        ck_assert_int_eq(got->outcome, FW_FETCH_BROKEN);
        ck_assert_msg(strncmp(got->reason, "the body could not be decompressed: ", 36) == 0, "%s", got->reason);
}
END_TEST

START_TEST(bodies_up_to_the_limit_pass_and_beyond_are_cut)
{
        static const char too_large[] = "the body is larger than max_body (1 MiB)";
        ck_assert_uint_eq(strlen(get("/large-1048576")->body), 1048576);
        ck_assert_uint_eq(strlen(get("/large-chunked-1048576")->body), 1048576);
        check_reason(get("/large-1048577"), FW_FETCH_TOO_LARGE, too_large);
        check_reason(get("/large-chunked-1048577"), FW_FETCH_TOO_LARGE, too_large);
        check_reason(get("/large-bomb"), FW_FETCH_TOO_LARGE, too_large);
}
END_TEST

START_TEST(headers_have_a_limit_too)
{
        check_reason(get("/large-header"), FW_FETCH_TOO_LARGE, "the header of the answer is larger than 256 KiB");
}
END_TEST

START_TEST(a_long_error_page_is_not_read_to_its_end)
{
        const struct got *got = get("/large-error");
        check_reason(got, FW_FETCH_HTTP_ERROR, "HTTP 500 Internal Server Error");
}
END_TEST

UNIT_MAIN_WITH("transfer", world_set_up, world_tear_down, a_feed_comes_whole_with_its_headers,
               requests_say_who_asks_and_nothing_else, configured_headers_go_along,
               validators_come_and_go_byte_for_byte, validators_go_to_the_url_that_gave_them_only,
               a_304_nobody_asked_for_is_an_error, connections_are_used_again, redirects_are_followed,
               an_unbroken_permanent_chain_is_told, redirects_elsewhere_are_refused, a_loop_of_redirects_ends,
               ten_redirects_are_followed_and_no_more, urls_have_a_limit, secrets_stay_with_their_origin,
               redirects_from_public_to_private_are_refused, statuses_are_told_in_words,
               a_refused_connection_is_told_in_words, an_unknown_host_is_told_in_words,
               silent_and_stalling_servers_time_out, broken_answers_are_told_in_words,
               bodies_up_to_the_limit_pass_and_beyond_are_cut, headers_have_a_limit_too,
               a_long_error_page_is_not_read_to_its_end)
