#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "fetch/transfer.h"

/* What happened on the way, in the terms of the user. */
struct story {
        char *scheme, *host;
        long port;
        char *system_words; /* of errno, "connection refused"; NULL: none */
        const char *curl_words;
        char *elapsed, *received;
        bool resolved, connected;
};

static void story_done(struct story *story)
{
        free(story->scheme);
        free(story->host);
        free(story->system_words);
        free(story->elapsed);
        free(story->received);
}

static char *duration_words(uint64_t usec)
{
        struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_duration_words(&words, usec);
        return fw_buf_steal(&words);
}

static char *size_words(uint64_t bytes)
{
        struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_size(&words, bytes);
        return fw_buf_steal(&words);
}

/* "connection refused": strerror() within a sentence. */
static char *errno_words(int error)
{
        char *words = fw_strdup(strerror(error));
        if (isupper((unsigned char) words[0]) && islower((unsigned char) words[1]))
                words[0] = fw_lower(words[0]);
        return words;
}

static void read_story(struct fw_transfer *transfer, CURLcode result, struct story *story)
{
        long error = 0;
        long port = 0;
        curl_off_t lookup_usec = 0;
        curl_off_t connect_usec = 0;
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &error);
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_PORT, &port);
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_NAMELOOKUP_TIME_T, &lookup_usec);
        (void) curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &connect_usec);
        if (fw_url_parts(transfer->url, &story->scheme, &story->host) < 0) {
                story->scheme = fw_strdup("");
                story->host = fw_strdup(transfer->url);
        }
        story->port = port > 0 ? port : fw_url_port(transfer->url);
        story->system_words = error ? errno_words((int) error) : NULL;
        story->curl_words = transfer->curl_words[0] ? transfer->curl_words : curl_easy_strerror(result);
        story->elapsed = duration_words(transfer->spent_usec);
        story->received = size_words(transfer->answer.wire_bytes);
        story->resolved = lookup_usec > 0;
        story->connected = connect_usec > 0;
}

void fw_transfer_explain_too_large(struct fw_transfer *transfer)
{
        fw_cleanup(fw_freep) char *limit = size_words(transfer->body.max);
        fw_transfer_answer(transfer, FW_FETCH_TOO_LARGE, "the body is larger than max_body (%s)", limit);
}

static void explain_cut(struct fw_transfer *transfer, const struct story *story)
{
        fw_cleanup(fw_freep) char *header_limit = size_words(FW_LIMIT_HEADER_BYTES);
        if (transfer->cut == FW_CUT_PRIVATE)
                fw_transfer_answer(transfer, FW_FETCH_REFUSED,
                                   "redirected from the public internet to '%s', which is at a private address",
                                   story->host);
        else if (transfer->cut == FW_CUT_HEADERS)
                fw_transfer_answer(transfer, FW_FETCH_TOO_LARGE, "the header of the answer is larger than %s",
                                   header_limit);
        else
                fw_transfer_explain_too_large(transfer);
}

static void explain_timeout(struct fw_transfer *transfer, const struct story *story)
{
        bool too_slow = strstr(story->curl_words, "too slow") != NULL;
        if (!story->resolved)
                fw_transfer_answer(transfer, FW_FETCH_TIMEOUT, "timed out looking up the address of %s after %s",
                                   story->host, story->elapsed);
        else if (!story->connected)
                fw_transfer_answer(transfer, FW_FETCH_TIMEOUT, "timed out connecting to %s port %ld after %s",
                                   story->host, story->port, story->elapsed);
        else
                fw_transfer_answer(transfer, FW_FETCH_TIMEOUT, "%s after %s, %s received",
                                   too_slow ? "too slow: given up" : "timed out", story->elapsed, story->received);
}

static void explain_unreachable(struct fw_transfer *transfer, CURLcode result, const struct story *story)
{
        if (result == CURLE_COULDNT_RESOLVE_HOST)
                fw_transfer_answer(transfer, FW_FETCH_UNREACHABLE,
                                   "could not find the address of %s; check its spelling, "
                                   "and DNS",
                                   story->host);
        else if (result == CURLE_COULDNT_CONNECT)
                fw_transfer_answer(transfer, FW_FETCH_UNREACHABLE, "could not connect to %s port %ld: %s", story->host,
                                   story->port, story->system_words ? story->system_words : story->curl_words);
        else if (result == CURLE_PEER_FAILED_VERIFICATION)
                fw_transfer_answer(transfer, FW_FETCH_UNREACHABLE, "the TLS certificate of %s is not accepted: %s",
                                   story->host, story->curl_words);
        else
                fw_transfer_answer(transfer, FW_FETCH_UNREACHABLE, "no secure connection to %s port %ld: %s",
                                   story->host, story->port, story->curl_words);
}

static void explain_broken(struct fw_transfer *transfer, CURLcode result, const struct story *story)
{
        if (result == CURLE_GOT_NOTHING)
                fw_transfer_answer(transfer, FW_FETCH_BROKEN, "%s port %ld closed the connection without an answer",
                                   story->host, story->port);
        else if (result == CURLE_PARTIAL_FILE)
                fw_transfer_answer(transfer, FW_FETCH_BROKEN, "the transfer broke off after %s: %s", story->received,
                                   story->curl_words);
        else if (result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_WEIRD_SERVER_REPLY)
                fw_transfer_answer(transfer, FW_FETCH_BROKEN, "what %s port %ld answers is no HTTP", story->host,
                                   story->port);
        else if (result == CURLE_BAD_CONTENT_ENCODING || result == CURLE_WRITE_ERROR)
                fw_transfer_answer(transfer, FW_FETCH_BROKEN, "the body could not be decompressed: %s",
                                   story->curl_words);
        else
                fw_transfer_answer(transfer, FW_FETCH_BROKEN, "the transfer from %s failed after %s: %s", story->host,
                                   story->received, story->curl_words);
}

void fw_transfer_explain_failure(struct fw_transfer *transfer, CURLcode result)
{
        fw_cleanup(story_done) struct story story = { 0 };
        read_story(transfer, result, &story);
        if (result == CURLE_FILESIZE_EXCEEDED)
                transfer->cut = FW_CUT_BODY;
        if (transfer->cut != FW_CUT_NOT) {
                explain_cut(transfer, &story);
                return;
        }
        switch (result) {
        case CURLE_OPERATION_TIMEDOUT:
                explain_timeout(transfer, &story);
                break;
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS:
                explain_unreachable(transfer, result, &story);
                break;
        default:
                explain_broken(transfer, result, &story);
        }
}
