/*
 * manners: what an answer means for a feed: its validators, its health, and when it may be asked again, and why then.
 * Pure.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/backoff.h"
#include "base/clock.h"
#include "base/random.h"
#include "feed/feed.h"
#include "feed/state.h"
#include "fetch/fetch.h"

struct fw_manners {
        uint64_t interval_usec; /* the feed's own, else the general one */
        uint64_t min_interval_usec, max_interval_usec;
        uint32_t moved_after_polls; /* permanent redirects in a row before the new URL is stored */
};

/*
 * Brings `state` up to date after an answer at `now_usec`. New strings go to `arena`. `feed` is what the body said
 * (NULL if it was not read: not modified, unchanged, or failed); `no_feed` is why a body that came is no feed (empty:
 * it is one, or none came). Freshness, Retry-After, ttl and the like raise the due time, never lower it, up to
 * `max_interval_usec`; failures back off exponentially with jitter, up to the same. A feed that is paused or gone is so
 * afterwards, unless a gone one answered. `body_hash` and `body_bytes` are left to the caller, and so is answer->body:
 * it need not be there any more.
 */
void fw_manners_apply(struct fw_feed_state *state, const struct fw_manners *manners,
                      const struct fw_fetch_answer *answer, const struct fw_feed *feed, struct fw_str no_feed,
                      int64_t now_usec, struct fw_random *random, struct fw_arena *arena);
/* The URL to ask: `moved_url` once enough polls in a row said so, else `url`. */
struct fw_str fw_manners_url(const struct fw_feed_state *state, const struct fw_manners *manners);
/* The first due time of a feed never polled, one of `feeds`: spread, so that a start is no burst. */
int64_t fw_manners_first_due(const struct fw_manners *manners, size_t feeds, int64_t now_usec,
                             struct fw_random *random);
