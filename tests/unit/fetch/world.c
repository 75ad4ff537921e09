#include "world.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/clock.h"

struct world world;

static char *text_of(struct fw_str s)
{
        return fw_strndup(s.p ? s.p : "", s.len);
}

static void on_done(void *userdata fw_unused, const struct fw_fetch_answer *answer)
{
        fw_vec_push(&world.answers, (struct got){ .outcome = answer->outcome,
                                                  .status = answer->http_status,
                                                  .reason = text_of(answer->reason),
                                                  .final_url = text_of(answer->final_url),
                                                  .permanent_url = text_of(answer->permanent_url),
                                                  .content_type = text_of(answer->content_type),
                                                  .entity_tag = text_of(answer->entity_tag),
                                                  .last_modified = text_of(answer->last_modified),
                                                  .cache_control = text_of(answer->cache_control),
                                                  .retry_after = text_of(answer->retry_after),
                                                  .body = text_of(answer->body) });
}

static void free_answers(void)
{
        for (size_t i = 0; i < world.answers.len; i++) {
                struct got *got = &world.answers.p[i];
                char *texts[] = { got->reason,        got->final_url,   got->permanent_url,
                                  got->content_type,  got->entity_tag,  got->last_modified,
                                  got->cache_control, got->retry_after, got->body };
                for (size_t t = 0; t < FW_ARRAY_LEN(texts); t++)
                        free(texts[t]);
        }
        for (size_t i = 0; i < world.requests.len; i++)
                free(world.requests.p[i]);
        fw_vec_done(&world.answers);
        fw_vec_done(&world.requests);
}

static void reply_redirect(struct loopback_answer *answer, const char *status, const char *target)
{
        fw_cleanup(fw_freep) char *location = fw_asprintf("Location: %s\r\n", target);
        loopback_reply(answer, status, location, FW_STR("moved"));
}

/* A gzip stream of `len` zeros: some thousand times smaller. */
static void append_bomb(struct fw_buf *out, size_t len)
{
        z_stream stream = { 0 };
        ck_assert_int_eq(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
        static unsigned char zeros[65536];
        unsigned char packed[65536];
        for (size_t done = 0; done < len || stream.avail_in > 0;) {
                if (stream.avail_in == 0) {
                        stream.next_in = zeros;
                        stream.avail_in = (uInt) FW_MIN(sizeof(zeros), len - done);
                        done += stream.avail_in;
                }
                stream.next_out = packed;
                stream.avail_out = sizeof(packed);
                (void) deflate(&stream, done == len ? Z_FINISH : Z_NO_FLUSH);
                (void) fw_buf_append(out, fw_str_n((char *) packed, sizeof(packed) - stream.avail_out));
        }
        (void) deflateEnd(&stream);
}

static bool redirects(struct fw_str path, struct loopback_answer *answer)
{
        static const struct {
                const char *path, *status, *target;
        } table[] = {
                { "/moved", "301 Moved Permanently", "/moved2" },
                { "/moved2", "308 Permanent Redirect", "feed?a=b#part" },
                { "/found", "302 Found", "/feed" },
                { "/mixed", "301 Moved Permanently", "/found" },
                { "/see", "303 See Other", "/feed" },
                { "/temporary", "307 Temporary Redirect", "/feed" },
                { "/loop", "302 Found", "/loop" },
                { "/to-file", "302 Found", "file:///etc/passwd" },
                { "/to-gopher", "301 Moved Permanently", "gopher://127.0.0.1/" },
                { "/space", "302 Found", "/feed with space" },
                { "/to-rubbish", "302 Found", "http://[" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(table); i++) {
                if (fw_str_eq(path, fw_str_c(table[i].path))) {
                        reply_redirect(answer, table[i].status, table[i].target);
                        return true;
                }
        }
        return false;
}

static void serve_raw(struct loopback_answer *answer, const char *bytes)
{
        (void) fw_buf_append_c(&answer->bytes, bytes);
}

static void serve_other(struct fw_str path, struct fw_str request, struct loopback_answer *answer)
{
        if (fw_str_eq(path, FW_STR("/etag"))) {
                bool same = fw_str_eq(loopback_header(request, "If-None-Match"), FW_STR("W/\"a b,c\""));
                loopback_reply(answer, same ? "304 Not Modified" : "200 OK",
                               "ETag: W/\"a b,c\"\r\nLast-Modified: yesterday, roughly\r\n",
                               same ? FW_STR_NONE : FW_STR(FEED));
        } else if (fw_str_eq(path, FW_STR("/busy"))) {
                loopback_reply(answer, "429 Too Many Requests", "Retry-After: 120\r\n", FW_STR("slow down"));
        } else if (fw_str_eq(path, FW_STR("/stray-304"))) {
                loopback_reply(answer, "304 Not Modified", "", FW_STR_NONE);
        } else if (fw_str_eq(path, FW_STR("/cut"))) {
                serve_raw(answer, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>");
        } else if (fw_str_eq(path, FW_STR("/silent"))) {
                answer->keep_open = true;
        } else if (fw_str_eq(path, FW_STR("/stalls"))) {
                serve_raw(answer, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>");
                answer->keep_open = true;
        } else if (fw_str_eq(path, FW_STR("/empty"))) {
                serve_raw(answer, "");
        } else if (fw_str_eq(path, FW_STR("/rubbish"))) {
                serve_raw(answer, "220 smtp.example.org ESMTP\r\n\r\n");
        } else if (fw_str_eq(path, FW_STR("/bad-gzip"))) {
                loopback_reply(answer, "200 OK", "Content-Encoding: gzip\r\n", FW_STR("this is no gzip stream"));
        } else if (fw_str_eq(path, FW_STR("/two-cache-controls"))) {
                loopback_reply(answer, "200 OK", "Cache-Control: public\r\nCache-Control: max-age=60\r\n",
                               FW_STR(FEED));
        } else {
                loopback_reply(answer, "404 Not Found", "", FW_STR("no such page"));
        }
}

static void serve_large(struct fw_str path, struct loopback_answer *answer)
{
        fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        if (fw_str_eq(path, FW_STR("/large-bomb"))) {
                append_bomb(&body, 64 * 1024 * 1024);
                loopback_reply(answer, "200 OK", "Content-Encoding: gzip\r\n", fw_buf_str(&body));
        } else if (fw_str_eq(path, FW_STR("/large-header"))) {
                (void) fw_buf_append_c(&answer->bytes, "HTTP/1.1 200 OK\r\n");
                for (int i = 0; i < 400; i++)
                        (void) fw_buf_printf(&answer->bytes, "X-%d: %01000d\r\n", i, 0);
        } else if (fw_str_eq(path, FW_STR("/large-error"))) {
                (void) fw_buf_printf(&answer->bytes, "HTTP/1.1 500 Oops\r\n\r\n%0300000d", 0);
        } else {
                /* "/large-N": exactly N bytes; "/large-chunked-N": without saying so before */
                bool chunked = fw_str_starts(path, FW_STR("/large-chunked-"));
                uint64_t len = 0;
                size_t digits = chunked ? strlen("/large-chunked-") : strlen("/large-");
                ck_assert_int_eq(fw_str_to_u64(fw_str_slice(path, digits, path.len), &len), 0);
                (void) fw_buf_printf(&body, "%0*d", (int) len, 0);
                if (chunked)
                        (void) fw_buf_printf(&answer->bytes, "HTTP/1.1 200 OK\r\n\r\n%.*s",
                                             FW_STR_ARG(fw_buf_str(&body)));
                else
                        loopback_reply(answer, "200 OK", "", fw_buf_str(&body));
        }
}

void world_serve(void *userdata fw_unused, struct fw_str path, struct fw_str request, struct loopback_answer *answer)
{
        fw_vec_push(&world.requests, text_of(request));
        if (redirects(path, answer))
                return;
        if (fw_str_starts(path, FW_STR("/to-port-"))) {
                fw_cleanup(fw_freep) char *target =
                        fw_asprintf("http://127.0.0.1:%.*s/feed", (int) path.len - 9, path.p + 9);
                reply_redirect(answer, "301 Moved Permanently", target);
        } else if (fw_str_starts(path, FW_STR("/hops-"))) {
                /* "/hops-N": N redirects on the way */
                uint64_t hops = 0;
                ck_assert_int_eq(fw_str_to_u64(fw_str_slice(path, 6, path.len), &hops), 0);
                fw_cleanup(fw_freep) char *target =
                        hops > 1 ? fw_asprintf("/hops-%d", (int) hops - 1) : fw_strdup("/feed");
                reply_redirect(answer, "302 Found", target);
        } else if (fw_str_starts(path, FW_STR("/feed"))) {
                loopback_reply(answer, "200 OK", "Content-Type: application/rss+xml\r\n", FW_STR(FEED));
        } else if (fw_str_starts(path, FW_STR("/large-"))) {
                serve_large(path, answer);
        } else {
                serve_other(path, request, answer);
        }
}

void world_set_up(void)
{
        ck_assert_int_ge(sd_event_new(&world.event), 0);
        world.server = loopback_new(world.event, "127.0.0.1", world_serve, NULL);
        world.options = (struct fw_fetch_options){ .user_agent = FW_STR("feedwatch-test/1 (+http://example.org/)"),
                                                   .concurrency = 10,
                                                   .per_host = 10,
                                                   .timeout_usec = 20 * FW_USEC_PER_SEC,
                                                   .connect_timeout_usec = 10 * FW_USEC_PER_SEC,
                                                   .max_body_bytes = 1024 * 1024 };
        ck_assert_int_ge(fw_fetch_new(world.event, &world.options, &world.fetch), 0);
}

void world_tear_down(void)
{
        (void) fw_fetch_free(world.fetch);
        loopback_free(world.server);
        sd_event_unref(world.event);
        free_answers();
}

char *url_of(const struct loopback *loopback, const char *path)
{
        return fw_asprintf("http://127.0.0.1:%u%s", loopback_port(loopback), path);
}

struct fw_transfer *start_request(struct fw_fetch_request *request, const char *path)
{
        fw_cleanup(fw_freep) char *url = fw_str_empty(request->url) ? url_of(world.server, path) : NULL;
        struct fw_transfer *transfer = NULL;
        if (url)
                request->url = fw_str_c(url);
        ck_assert_int_eq(fw_fetch_start(world.fetch, request, on_done, NULL, &transfer), 0);
        request->url = FW_STR_NONE;
        return transfer;
}

struct fw_transfer *start(const char *path)
{
        struct fw_fetch_request request = { 0 };
        return start_request(&request, path);
}

void await(size_t count)
{
        while (world.answers.len < count)
                ck_assert_int_ge(sd_event_run(world.event, UINT64_MAX), 0);
        ck_assert_uint_eq(world.answers.len, count);
}

const struct got *get(const char *path)
{
        size_t before = world.answers.len;
        (void) start(path);
        ck_assert_uint_eq(world.answers.len, before);
        await(before + 1);
        return &world.answers.p[before];
}

const struct got *get_url(const char *url, bool allow_file)
{
        size_t before = world.answers.len;
        struct fw_fetch_request request = { .url = fw_str_c(url), .allow_file = allow_file };
        (void) start_request(&request, "");
        await(before + 1);
        return &world.answers.p[before];
}

void check_reason(const struct got *got, enum fw_fetch_outcome outcome, const char *reason)
{
        ck_assert_str_eq(got->reason, reason);
        ck_assert_int_eq(got->outcome, outcome);
        ck_assert_str_eq(got->body, "");
}

void world_configure(void)
{
        fw_fetch_configure(world.fetch, &world.options);
}

void run_ready(void)
{
        while (sd_event_run(world.event, 0) > 0)
                continue;
}
