/*
 * json_feed: JSON Feed 1.0 and 1.1. Private to this room.
 */
#pragma once

#include "feed/feed.h"

struct fw_json_feed {
        struct fw_feed *feed;
        const struct fw_item *const *items; /* feed->items_len of them */
        struct fw_str problem;              /* what was mended in the text; empty: nothing */
};

/* Everything in `arena`. 0, or -EBADMSG and what it is instead ("JSON without the version of a JSON Feed"). */
int fw_json_feed_read(struct fw_str text, const struct fw_feed_hints *hints, struct fw_arena *arena,
                      struct fw_json_feed *ret_feed, const char **ret_what);
