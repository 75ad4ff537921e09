/*
 * notifier: messages on the screen, through libnotify, whose home this is. Blocks while the notification server takes
 * one.
 */
#pragma once

#include <stdbool.h>

#include "base/macros.h"
#include "desktop/message.h"

/* Notifications whose action can still be invoked; of more, the oldest lose theirs. */
#define FW_LIMIT_NOTIFICATIONS 100

struct fw_notifier;

/* NULL without a session bus; then `*ret_error` says why (free with free()). */
struct fw_notifier *fw_notifier_new(char **ret_error);
/* What is on the screen stays there. */
struct fw_notifier *fw_notifier_free(struct fw_notifier *notifier);
FW_DEFINE_CLEANUP(struct fw_notifier, fw_notifier_free);

/* Asks the server what it can do; to be called before messages are made and shown. -EIO: there is none, with words in
 * fw_notifier_error(). */
int fw_notifier_ask(struct fw_notifier *notifier);
/* The server understands markup in the body. */
bool fw_notifier_has_markup(const struct fw_notifier *notifier);
/* "dunst 1.9.0" */
const char *fw_notifier_server(const struct fw_notifier *notifier);
/* 0, or -EIO with words in fw_notifier_error(). */
int fw_notifier_show(struct fw_notifier *notifier, const struct fw_message *message);
const char *fw_notifier_error(const struct fw_notifier *notifier);
