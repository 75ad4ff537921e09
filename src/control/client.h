/*
 * client: the other side of the control API, for the command line and the desktop agent. The home of libcurl's easy interface over the
 * unix socket. Synchronous.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "base/str.h"

struct fw_client;

/*
 * Does not connect yet. `socket_path` is copied.
 */
struct fw_client *fw_client_new(const char *socket_path);
struct fw_client *fw_client_free(struct fw_client *client);
FW_DEFINE_CLEANUP(struct fw_client, fw_client_free);

/* What went wrong with the last call, in words for people: "no daemon listens at /run/feedwatch/control.sock". */
const char *fw_client_error(const struct fw_client *client);

/*
 * One request. 0 and the parsed body (may be JSON null) for a 2xx; -ECONNREFUSED when no daemon listens; -EACCES when the socket may not be
 * opened; -EREMOTEIO for an error answer, whose message is in fw_client_error(); -EPROTO for nonsense. `body`: NULL for none; not stolen.
 */
int fw_client_call(struct fw_client *client, const char *method, const char *path, const json_t *body, json_t **ret_body);

/*
 * A streaming request whose answer comes as JSON lines (application/x-ndjson) or server-sent events: `on_event` gets each. A nonzero
 * return ends the stream and comes back. `event_id` is the event's id (SSE), or empty. 0 when the server ended the stream.
 */
typedef int fw_client_event_function(void *userdata, struct fw_str event_id, json_t *event);
int fw_client_stream(struct fw_client *client, const char *method, const char *path, const json_t *body,
                     fw_client_event_function *on_event, void *userdata);
/* Percent-encodes one path segment or query value. Free with free(). */
char *fw_client_escape(struct fw_str s);
