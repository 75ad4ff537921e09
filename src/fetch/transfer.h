/*
 * transfer: one poll under way, behind the door. fetch.c owns transfers and decides when they run; transfer.c makes one
 * HTTP request of one and reads its end; words.c says what went wrong; local.c reads files.
 */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "base/buf.h"
#include "fetch/fetch.h"
#include "fetch/limits.h"

/* Why we ended a request ourselves. */
enum fw_cut {
        FW_CUT_NOT,
        FW_CUT_BODY,       /* larger than max_body */
        FW_CUT_HEADERS,    /* larger than FW_LIMIT_HEADER_BYTES */
        FW_CUT_ERROR_PAGE, /* the status is known, the rest is of no interest */
        FW_CUT_PRIVATE,    /* a redirect from the public internet to a private address */
};

enum fw_transfer_state {
        FW_TRANSFER_WAITING,  /* in its host's queue */
        FW_TRANSFER_RUNNING,  /* libcurl has it */
        FW_TRANSFER_FINISHED, /* the answer waits to be handed over */
};

struct fw_host;

struct fw_transfer {
        TAILQ_ENTRY(fw_transfer) link; /* in the list of its state */
        enum fw_transfer_state state;
        struct fw_fetch *fetch;
        struct fw_host *host;
        fw_fetch_done_function *done;
        void *userdata;

        /* What was asked. */
        char *entity_tag, *last_modified, *validators_url; /* NULL: none */
        char *authorization;
        struct curl_slist *own_headers; /* the configuration's, "Name: value" */

        /* Where it is now. */
        char *url; /* of this request */
        char *first_url;
        char *permanent_url;   /* NULL: none yet */
        bool permanent_so_far; /* every redirect was 301 or 308 */
        bool seen_public;      /* some answer came from a public address */
        unsigned redirects;

        /* The request under way. */
        CURL *easy;
        struct curl_slist *request_headers;
        bool conditional;
        char curl_words[CURL_ERROR_SIZE];
        struct fw_buf body; /* decompressed */
        size_t header_bytes, error_page_bytes;
        enum fw_cut cut;

        /* Limits, as they were when it started. */
        uint64_t timeout_usec, connect_timeout_usec;
        bool (*is_private)(const struct sockaddr *address);

        uint64_t spent_usec; /* in requests that ended */
        struct fw_fetch_answer answer;
        struct fw_arena *arena; /* the answer's strings; made when it ends */
};

TAILQ_HEAD(fw_transfer_list, fw_transfer);

/* What the end of a request means for the poll. */
enum fw_next_step {
        FW_STEP_ANSWER, /* transfer->answer is complete */
        FW_STEP_FOLLOW, /* transfer->url is where the redirect leads */
};

/* Copies the request. Nothing runs yet. */
struct fw_transfer *fw_transfer_new(const struct fw_fetch_options *options, const struct fw_fetch_request *request,
                                    fw_fetch_done_function *done, void *userdata);
/* The request must not run any more. */
struct fw_transfer *fw_transfer_free(struct fw_transfer *transfer);
FW_DEFINE_CLEANUP(struct fw_transfer, fw_transfer_free);

/* Makes the libcurl handle for one request to transfer->url. 0 or -ENOMEM. */
int fw_transfer_prepare(struct fw_transfer *transfer, const char *user_agent);
/* Reads what the request came to. libcurl has let go of the handle; it is freed here. */
enum fw_next_step fw_transfer_conclude(struct fw_transfer *transfer, CURLcode result);
/* Ends the poll with an outcome and its reason in words. */
void fw_transfer_answer(struct fw_transfer *transfer, enum fw_fetch_outcome outcome, const char *format, ...)
        fw_printf(3, 4);

/* The scheme ("https") and the host, both lower-case, the host without port. 0, or -EINVAL. Free with free(). */
int fw_url_parts(const char *url, char **ret_scheme, char **ret_host);
/* True for the same scheme, host and port (RFC 6454). */
bool fw_url_same_origin(const char *a, const char *b);
/* `reference` as seen from `base`, without a fragment; NULL when it is no URL. Free with free(). */
char *fw_url_resolve(const char *base, const char *reference);

/* The port, given or the scheme's; 0: neither. */
long fw_url_port(const char *url);
/* The path of a URL, decoded; "" when it has none. Free with free(). */
char *fw_url_path(const char *url);

/* Fills the answer from a file. */
void fw_transfer_read_file(struct fw_transfer *transfer, const char *path);

/* Fills the answer after a request that libcurl, or we, broke off: its outcome, and words for it. */
void fw_transfer_explain_failure(struct fw_transfer *transfer, CURLcode result);
void fw_transfer_explain_too_large(struct fw_transfer *transfer);
