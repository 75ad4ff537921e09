/*
 * client_internal: what calls and streams share.
 */
#pragma once

#include <curl/curl.h>

#include "base/buf.h"
#include "control/client.h"

struct fw_client {
        char *socket_path;
        CURL *easy; /* of calls: its connection is used again */
        struct fw_buf error;
        json_t *error_body;
        long status;
};

/* One request on a handle: everything but where the answer goes. */
struct fw_exchange {
        CURL *easy;
        struct curl_slist *headers;
        char *url;
        char *sent; /* the body as text */
};

void fw_exchange_init(struct fw_exchange *exchange, const struct fw_client *client, CURL *easy, const char *method,
                      const char *path, const json_t *body, struct fw_str last_event_id);
/* Leaves the handle alone. */
void fw_exchange_done(struct fw_exchange *exchange);

/* Forgets the last error. */
void fw_client_begin(struct fw_client *client);
/* Judges how a transfer ended: 0 for a 2xx; else the negative errno, with words. `answer`: the body of an error answer.
 * */
int fw_client_judge(struct fw_client *client, CURL *easy, CURLcode code, struct fw_str answer);
/* The same for an answer that cannot be understood. */
int fw_client_nonsense(struct fw_client *client, const char *what);
