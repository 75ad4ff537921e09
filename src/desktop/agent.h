/*
 * agent: from the daemon's alert stream to the screen. Runs on GLib's main loop, because libnotify's actions do.
 *
 *     connect ─► stream ─► waiting ─► shown ─► acknowledged ─► place remembered
 *        ▲                    │          │
 *        └──── backoff ◄──────┴──────────┘ nothing can be shown, or the daemon went: what waited comes again, from the place
 *
 * At least once: an alert's place is remembered after the daemon knows that it was shown. A kill before that shows it once
 * more. More than FW_AGENT_FLOOD alerts that wait at once are shown as one.
 */
#pragma once

#include <stdint.h>

#include "base/macros.h"
#include "base/random.h"
#include "control/client.h"
#include "desktop/notifier.h"
#include "desktop/place.h"

/* So many alerts that come together are each shown for themselves. */
#define FW_AGENT_FLOOD 5
/* How long alerts are gathered before they are shown. */
#define FW_AGENT_GATHER_MSEC 300
/* What a first start goes back to: as long as the daemon waits for an acknowledgement. */
#define FW_AGENT_FIRST_HOURS 24
/* A single alert that the server refuses so often is passed over; it stays unacknowledged, so the daemon shows it as
 * failed. */
#define FW_AGENT_TRIES           10
#define FW_AGENT_RETRY_BASE_MSEC 1000
#define FW_AGENT_RETRY_CAP_MSEC  60000

struct fw_agent;

/* All are borrowed. Begins to connect when the main loop runs. */
struct fw_agent *fw_agent_new(struct fw_client *client, struct fw_notifier *notifier, struct fw_place *place,
                              struct fw_random *random);
struct fw_agent *fw_agent_free(struct fw_agent *agent);
FW_DEFINE_CLEANUP(struct fw_agent, fw_agent_free);
