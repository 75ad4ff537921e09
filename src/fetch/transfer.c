#include "fetch/transfer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "fetch/address.h"
#include "fetch/http.h"

/* What we can read, best first; whatever else there is, is looked at too. */
#define ACCEPT                                                                                                  \
        "Accept: application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, " \
        "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"

static char *copy_or_null(struct fw_str s)
{
        return fw_str_empty(s) ? NULL : fw_strndup(s.p, s.len);
}

/* libcurl's list takes a copy of the line; without memory it gives NULL and leaves the old list. */
static void add_header(struct curl_slist **headers, const char *line)
{
        struct curl_slist *longer = curl_slist_append(*headers, line);
        if (!longer)
                fw_out_of_memory(strlen(line));
        *headers = longer;
}

static void add_header_field(struct curl_slist **headers, const char *name, const char *value)
{
        /* For libcurl "Name;" is a header without a value, "Name:" the order to leave one out. */
        fw_cleanup(fw_freep) char *line = *value ? fw_asprintf("%s: %s", name, value) : fw_asprintf("%s;", name);
        add_header(headers, line);
}

struct fw_transfer *fw_transfer_new(const struct fw_fetch_options *options, const struct fw_fetch_request *request,
                                    fw_fetch_done_function *done, void *userdata)
{
        struct fw_transfer *transfer = fw_calloc(1, sizeof(*transfer));
        transfer->done = done;
        transfer->userdata = userdata;
        transfer->url = fw_strndup(request->url.p ? request->url.p : "", request->url.len);
        transfer->first_url = fw_strdup(transfer->url);
        transfer->entity_tag = copy_or_null(request->entity_tag);
        transfer->last_modified = copy_or_null(request->last_modified);
        transfer->validators_url = copy_or_null(request->validators_url);
        transfer->authorization = copy_or_null(request->authorization);
        for (size_t i = 0; i < request->headers_len; i++) {
                const struct fw_header *header = &request->headers[i];
                fw_cleanup(fw_freep) char *name = fw_asprintf("%.*s", FW_STR_ARG(header->name));
                fw_cleanup(fw_freep) char *value = fw_asprintf("%.*s", FW_STR_ARG(header->value));
                add_header_field(&transfer->own_headers, name, value);
        }
        transfer->permanent_so_far = true;
        transfer->timeout_usec = options->timeout_usec;
        transfer->connect_timeout_usec = options->connect_timeout_usec;
        transfer->is_private = options->is_private ? options->is_private : fw_address_is_private;
        fw_buf_init(&transfer->body, (size_t) FW_MIN(options->max_body_bytes, FW_BUF_UNBOUNDED));
        return transfer;
}

static void drop_request(struct fw_transfer *transfer)
{
        curl_easy_cleanup(transfer->easy);
        transfer->easy = NULL;
        curl_slist_free_all(transfer->request_headers);
        transfer->request_headers = NULL;
}

struct fw_transfer *fw_transfer_free(struct fw_transfer *transfer)
{
        if (!transfer)
                return NULL;
        drop_request(transfer);
        curl_slist_free_all(transfer->own_headers);
        fw_buf_done(&transfer->body);
        (void) fw_arena_free(transfer->arena);
        free(transfer->entity_tag);
        free(transfer->last_modified);
        free(transfer->validators_url);
        free(transfer->authorization);
        free(transfer->url);
        free(transfer->first_url);
        free(transfer->permanent_url);
        free(transfer);
        return NULL;
}

/* ---- what libcurl asks while it runs ---- */

/* Statuses whose body is taken for the feed. */
static bool carries_feed(long status)
{
        return status == 200 || status == 203;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *userdata)
{
        struct fw_transfer *transfer = userdata;
        size_t len = size * count;
        long status = 0;
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        if (!carries_feed(status)) {
                transfer->error_page_bytes += len;
                if (transfer->error_page_bytes <= FW_LIMIT_ERROR_PAGE_BYTES)
                        return len;
                transfer->cut = FW_CUT_ERROR_PAGE;
                return 0;
        }
        if (fw_buf_append(&transfer->body, fw_str_n(bytes, len)) == 0)
                return len;
        transfer->cut = FW_CUT_BODY;
        return 0;
}

static size_t on_header(char *line fw_unused, size_t size, size_t count, void *userdata)
{
        struct fw_transfer *transfer = userdata;
        size_t len = size * count;
        transfer->header_bytes += len;
        if (transfer->header_bytes <= FW_LIMIT_HEADER_BYTES)
                return len;
        transfer->cut = FW_CUT_HEADERS;
        return 0;
}

/* A redirect from the public internet must not reach what only this machine can reach. */
static bool out_of_bounds(struct fw_transfer *transfer, const struct sockaddr *address)
{
        if (!transfer->seen_public || !transfer->is_private(address))
                return false;
        transfer->cut = FW_CUT_PRIVATE;
        return true;
}

static curl_socket_t open_socket(void *userdata, curlsocktype purpose fw_unused, struct curl_sockaddr *address)
{
        if (out_of_bounds(userdata, &address->addr))
                return CURL_SOCKET_BAD;
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A numeric address as libcurl writes it. What cannot be read stays AF_UNSPEC, which is private. */
static struct sockaddr_storage read_address(const char *text)
{
        struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
        struct sockaddr_in *v4 = (struct sockaddr_in *) &address;
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *) &address;
        if (text && inet_pton(AF_INET, text, &v4->sin_addr) == 1)
                address.ss_family = AF_INET;
        else if (text && inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
                address.ss_family = AF_INET6;
        return address;
}

/* Connections are reused: what open_socket() allowed for one poll may be out of bounds for another. */
static int before_request(void *userdata, char *remote, char *local fw_unused, int remote_port fw_unused,
                          int local_port fw_unused)
{
        struct sockaddr_storage address = read_address(remote);
        return out_of_bounds(userdata, (const struct sockaddr *) &address) ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* ---- one request ---- */

static void build_headers(struct fw_transfer *transfer)
{
        struct curl_slist **headers = &transfer->request_headers;
        const char *validators_url = transfer->validators_url ? transfer->validators_url : transfer->first_url;
        transfer->conditional =
                strcmp(transfer->url, validators_url) == 0 && (transfer->entity_tag || transfer->last_modified);
        if (transfer->conditional && transfer->entity_tag)
                add_header_field(headers, "If-None-Match", transfer->entity_tag);
        if (transfer->conditional && transfer->last_modified)
                add_header_field(headers, "If-Modified-Since", transfer->last_modified);

        bool accept_given = false;
        if (fw_url_same_origin(transfer->url, transfer->first_url)) {
                if (transfer->authorization)
                        add_header_field(headers, "Authorization", transfer->authorization);
                for (struct curl_slist *own = transfer->own_headers; own; own = own->next) {
                        accept_given |= fw_str_starts_nocase(fw_str_c(own->data), FW_STR("accept:"));
                        add_header(headers, own->data);
                }
        }
        if (!accept_given)
                add_header(headers, ACCEPT);
}

static long to_msec(uint64_t usec)
{
        uint64_t msec = usec / FW_USEC_PER_MSEC;
        return (long) FW_MAX(FW_MIN(msec, (uint64_t) INT32_MAX), (uint64_t) 1);
}

int fw_transfer_prepare(struct fw_transfer *transfer, const char *user_agent)
{
        CURL *easy = curl_easy_init();
        if (!easy)
                return -ENOMEM;
        transfer->easy = easy;
        transfer->curl_words[0] = '\0';
        transfer->cut = FW_CUT_NOT;
        transfer->header_bytes = transfer->error_page_bytes = 0;
        fw_buf_reset(&transfer->body);
        build_headers(transfer);

        uint64_t left_usec =
                transfer->timeout_usec > transfer->spent_usec ? transfer->timeout_usec - transfer->spent_usec : 0;
        (void) curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
        (void) curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_words);
        (void) curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        /*
         * A name that is being looked up is looked up by a thread; without this libcurl would wait for it when giving
         * up.
         */
        (void) curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
        (void) curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        (void) curl_easy_setopt(easy, CURLOPT_URL, transfer->url);
        (void) curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent);
        (void) curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->request_headers);
        (void) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl can undo */
        /*
         * Over TLS it is soon known whether the server speaks HTTP/2; in the clear one would wait for a whole answer.
         */
        (void) curl_easy_setopt(easy, CURLOPT_PIPEWAIT, strncmp(transfer->url, "https", 5) == 0 ? 1L : 0L);
        (void) curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, to_msec(left_usec));
        (void) curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, to_msec(transfer->connect_timeout_usec));
        (void) curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, FW_LIMIT_LOW_SPEED_BYTES_PER_SEC);
        (void) curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, FW_LIMIT_LOW_SPEED_SECONDS);
        (void) curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) transfer->body.max);
        (void) curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
        (void) curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
        (void) curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
        (void) curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
        (void) curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
        (void) curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
        (void) curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
        (void) curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
        return 0;
}

/* ---- its end ---- */

/* The answer and its arena, which every way to the end fills. */
static struct fw_fetch_answer *begin_answer(struct fw_transfer *transfer, enum fw_fetch_outcome outcome)
{
        if (!transfer->arena)
                transfer->arena = fw_arena_new();
        transfer->answer.outcome = outcome;
        transfer->answer.final_url = fw_str_c(transfer->url);
        transfer->answer.permanent_url = fw_str_c(transfer->permanent_url);
        transfer->answer.duration_usec = transfer->spent_usec;
        return &transfer->answer;
}

void fw_transfer_answer(struct fw_transfer *transfer, enum fw_fetch_outcome outcome, const char *format, ...)
{
        struct fw_fetch_answer *answer = begin_answer(transfer, outcome);
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&words, format, args);
        va_end(args);
        answer->reason = fw_arena_copy(transfer->arena, fw_buf_str(&words));
}

/* All values of a header of the last answer, joined as RFC 9110 §5.3 says, in the answer's arena. */
static struct fw_str read_header(struct fw_transfer *transfer, const char *name)
{
        fw_cleanup(fw_buf_done) struct fw_buf joined = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct curl_header *header;
        for (size_t i = 0; curl_easy_header(transfer->easy, name, i, CURLH_HEADER, -1, &header) == CURLHE_OK; i++) {
                if (i > 0)
                        (void) fw_buf_append(&joined, FW_STR(", "));
                (void) fw_buf_append_c(&joined, header->value);
        }
        return fw_arena_copy(transfer->arena, fw_buf_str(&joined));
}

/* The only value, or the first, of a header that is no list. */
static const char *first_header(struct fw_transfer *transfer, const char *name)
{
        struct curl_header *header;
        return curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : NULL;
}

static struct fw_str copy_first_header(struct fw_transfer *transfer, const char *name)
{
        return fw_arena_copy(transfer->arena, fw_str_c(first_header(transfer, name)));
}

static void answer_status(struct fw_transfer *transfer, uint32_t status)
{
        enum fw_fetch_outcome outcome = carries_feed((long) status)              ? FW_FETCH_OK
                                        : status == 304 && transfer->conditional ? FW_FETCH_NOT_MODIFIED
                                                                                 : FW_FETCH_HTTP_ERROR;
        struct fw_fetch_answer *answer = begin_answer(transfer, outcome);
        const char *text = fw_http_status_text(status);
        answer->http_status = status;
        answer->reason = fw_arena_printf(
                transfer->arena, "HTTP %u%s%s%s", status, *text ? " " : "", text,
                status == 304 && !transfer->conditional ? ", though nothing was said of an earlier answer" : "");
        answer->content_type = copy_first_header(transfer, "Content-Type");
        answer->entity_tag = copy_first_header(transfer, "ETag");
        answer->last_modified = copy_first_header(transfer, "Last-Modified");
        answer->cache_control = read_header(transfer, "Cache-Control");
        answer->expires = copy_first_header(transfer, "Expires");
        answer->age = copy_first_header(transfer, "Age");
        answer->date = copy_first_header(transfer, "Date");
        answer->retry_after = copy_first_header(transfer, "Retry-After");
        if (outcome == FW_FETCH_OK)
                answer->body = fw_buf_str(&transfer->body);
}

static bool is_redirect(long status)
{
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Moves the transfer on to where the answer points, or refuses to. */
static enum fw_next_step follow(struct fw_transfer *transfer, long status, const char *location)
{
        fw_cleanup(fw_freep) char *target = fw_url_resolve(transfer->url, location);
        fw_cleanup(fw_freep) char *scheme = NULL;
        fw_cleanup(fw_freep) char *host = NULL;
        if (!target || fw_url_parts(target, &scheme, &host) < 0) {
                fw_transfer_answer(transfer, FW_FETCH_REFUSED, "redirected to '%.200s', which is no URL", location);
                return FW_STEP_ANSWER;
        }
        if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0) {
                fw_transfer_answer(transfer, FW_FETCH_REFUSED,
                                   "redirected to '%.200s'; only http and https are followed", target);
                return FW_STEP_ANSWER;
        }
        if (++transfer->redirects > FW_LIMIT_REDIRECTS) {
                fw_transfer_answer(transfer, FW_FETCH_REFUSED, "more than %d redirects, the last to '%.200s'",
                                   FW_LIMIT_REDIRECTS, target);
                return FW_STEP_ANSWER;
        }
        transfer->permanent_so_far &= status == 301 || status == 308;
        if (transfer->permanent_so_far) {
                free(transfer->permanent_url);
                transfer->permanent_url = fw_strdup(target);
        }
        free(transfer->url);
        transfer->url = target;
        target = NULL;
        return FW_STEP_FOLLOW;
}

static void take_figures(struct fw_transfer *transfer)
{
        curl_off_t body_bytes = 0;
        curl_off_t usec = 0;
        long header_bytes = 0;
        char *remote = NULL;
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_HEADER_SIZE, &header_bytes);
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &usec);
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &remote);
        transfer->answer.wire_bytes += (uint64_t) body_bytes + (uint64_t) header_bytes;
        transfer->spent_usec += (uint64_t) usec;
        struct sockaddr_storage address = read_address(remote);
        transfer->seen_public |= !transfer->is_private((const struct sockaddr *) &address);
}

enum fw_next_step fw_transfer_conclude(struct fw_transfer *transfer, CURLcode result)
{
        long status = 0;
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        take_figures(transfer);

        enum fw_next_step step = FW_STEP_ANSWER;
        /* Whatever happened to the page that came with it: a status that brings no feed is the answer. */
        bool answered = result == CURLE_OK || (status >= 200 && !carries_feed(status));
        const char *location = answered && is_redirect(status) ? first_header(transfer, "Location") : NULL;
        if (!answered)
                fw_transfer_explain_failure(transfer, result);
        else if (location)
                step = follow(transfer, status, location);
        else
                answer_status(transfer, (uint32_t) status);
        if (transfer->answer.http_status == 0)
                transfer->answer.http_status = (uint32_t) status;
        drop_request(transfer);
        return step;
}
