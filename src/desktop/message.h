/*
 * message: what a notification says of an alert. Pure.
 *
 * The summary of a notification is plain text; the body may have the markup of the Desktop Notifications Specification
 * (<b>…</b>, with &, < and > escaped), but only if the server says that it understands it. Whatever a feed wrote stays
 * text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "base/macros.h"

/* A summary is cut here, in bytes: a notification is no place for more. */
#define FW_LIMIT_MESSAGE_SUMMARY_BYTES 200
/* Alerts that one summary notification names. */
#define FW_MESSAGE_NAMED_ALERTS 5

enum fw_urgency {
        FW_URGENCY_LOW,
        FW_URGENCY_NORMAL,
        FW_URGENCY_CRITICAL,
};

struct fw_message {
        char *summary;
        char *body;
        char *link; /* http or https; NULL: nothing to open */
        enum fw_urgency urgency;
};

void fw_message_done(struct fw_message *message);

/* An alert as the control API gives it; what is missing in it is left out. `markup`: the server understands it. */
void fw_message_of_alert(const json_t *alert, bool markup, struct fw_message *ret_message);
/* Many alerts as one: how many, and the most severe of them by name. `alerts` has at least one. */
void fw_message_of_many(const json_t *const *alerts, size_t count, bool markup, struct fw_message *ret_message);
