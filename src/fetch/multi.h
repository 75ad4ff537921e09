/*
 * multi: libcurl's multi interface on an sd-event loop. It owns the loop's sources for libcurl's sockets and timer and
 * knows nothing of what is transferred.
 */
#pragma once

#include <curl/curl.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/macros.h"

struct fw_multi;

/*
 * A transfer is over; it may be removed, and others added, from inside. Called from the event loop, never from inside a
 * function of this header.
 */
typedef void fw_multi_done_function(void *userdata, CURL *easy, CURLcode result);

/* `event` is borrowed. 0 or a negative errno. */
int fw_multi_new(sd_event *event, fw_multi_done_function *done, void *userdata, struct fw_multi **ret_multi);
/* All transfers must have been removed. */
struct fw_multi *fw_multi_free(struct fw_multi *multi);
FW_DEFINE_CLEANUP(struct fw_multi, fw_multi_free);

/* How many idle connections are kept for reuse. */
void fw_multi_set_connections(struct fw_multi *multi, uint32_t connections);
/* Starts the transfer; `easy` stays the caller's, who removes it before cleaning it up. 0 or -EIO. */
int fw_multi_add(struct fw_multi *multi, CURL *easy);
/* Ends it if it still runs. */
void fw_multi_remove(struct fw_multi *multi, CURL *easy);
