/*
 * json: what jansson leaves to its users. json_t is the tree that rooms pass around where JSON is the language
 * (alerts, control API, JSON Feed); ownership is jansson's: functions named `…_new` steal or give references as it does.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/str.h"

static inline void fw_json_decrefp(json_t **json)
{
        json_decref(*json);
}

/* A JSON string; invalid UTF-8 is repaired with U+FFFD, so it is never NULL. */
json_t *fw_json_str(struct fw_str s);
/* An RFC 3339 string, or null for FW_TIME_NONE. */
json_t *fw_json_time(int64_t usec);
/* Sets `key` unless the string is empty. */
void fw_json_set_str(json_t *object, const char *key, struct fw_str s);
/* Sets `key` unless it is FW_TIME_NONE. */
void fw_json_set_time(json_t *object, const char *key, int64_t usec);
void fw_json_set_int(json_t *object, const char *key, int64_t number);
/* Sets and steals `value`. */
void fw_json_set(json_t *object, const char *key, json_t *value);
/* The member as a view, empty if it is missing or no string. Valid as long as the object. */
struct fw_str fw_json_get_str(const json_t *object, const char *key);
int64_t fw_json_get_int(const json_t *object, const char *key, int64_t otherwise);
/* An RFC 3339 member, or FW_TIME_NONE. */
int64_t fw_json_get_time(const json_t *object, const char *key);
/* Appends compact JSON in one line, non-ASCII as it is, keys in order of insertion. 0 or -EMSGSIZE. */
int fw_json_append(struct fw_buf *out, const json_t *json);
/* NULL and a message with line and column in `*ret_error` (free with free(); may be NULL) when it is no JSON. Depth-limited. */
json_t *fw_json_parse(struct fw_str text, char **ret_error);
