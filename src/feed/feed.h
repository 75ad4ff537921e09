/*
 * feed: bytes → feed and items. The door of this room, with feed/opml.h and feed/link.h.
 *
 * RSS 0.9x, 1.0, 2.0; Atom 0.3, 1.0; CDF; JSON Feed 1.0, 1.1, whatever the charset, and whatever is left of them when
 * they are not well-formed. Pure: no I/O, no clock; nothing is fetched, no external entity expanded; linear in the
 * input. What the fields mean, to the letter: docs/feeds.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/str.h"

#define FW_FEED_FORMATS(X)     \
        X(RSS_090, "rss-0.90") \
        X(RSS_091, "rss-0.91") \
        X(RSS_092, "rss-0.92") \
        X(RSS_093, "rss-0.93") \
        X(RSS_094, "rss-0.94") \
        X(RSS_10, "rss-1.0")   \
        X(RSS_20, "rss-2.0")   \
        X(ATOM_03, "atom-0.3") \
        X(ATOM_10, "atom-1.0") \
        X(JSON_10, "json-1.0") \
        X(JSON_11, "json-1.1") \
        X(CDF, "cdf")

enum fw_feed_format {
#define FW_X(name, text) FW_FEED_##name,
        FW_FEED_FORMATS(FW_X)
#undef FW_X
};
/* "rss-2.0" */
const char *fw_feed_format_name(enum fw_feed_format format);

struct fw_person {
        struct fw_str name, url, avatar;
};

struct fw_attachment {
        struct fw_str url, mime_type, title;
        uint64_t size_bytes;     /* 0: unknown */
        double duration_seconds; /* 0: unknown */
};

/*
 * Strings are UTF-8, valid, in the arena of the parse; empty where the feed has nothing. Links are absolute where
 * they can be.
 */
struct fw_item {
        struct fw_str id;  /* as given, else the link, else something stable made from title and date */
        bool id_is_given;  /* guid, atom:id, rdf:about, JSON id */
        struct fw_str url; /* the article */
        struct fw_str external_url;
        struct fw_str title;        /* plain text */
        struct fw_str summary;      /* plain text */
        struct fw_str content_html; /* the fullest text, as HTML */
        struct fw_str content_text; /* the same as plain text, '\n' between blocks; there also if only HTML was given */
        struct fw_str image;
        struct fw_str language; /* its own, BCP 47; empty: the feed's */
        int64_t published_usec; /* FW_TIME_NONE: none, or unreadable */
        int64_t modified_usec;
        const struct fw_person *authors;
        size_t authors_len;
        const struct fw_str *tags;
        size_t tags_len;
        const struct fw_attachment *attachments;
        size_t attachments_len;
};

struct fw_feed {
        enum fw_feed_format format;
        struct fw_str title, description; /* plain text */
        struct fw_str home_page_url, feed_url, icon, favicon, language;
        const struct fw_person *authors;
        size_t authors_len;
        const struct fw_str *tags;
        size_t tags_len;
        struct fw_str hub_url;          /* WebSub */
        struct fw_str next_url;         /* the next page of a paged feed */
        uint32_t ttl_minutes;           /* RSS ttl; 0: none */
        uint32_t update_period_minutes; /* sy:updatePeriod / sy:updateFrequency; 0: none */
        uint32_t skip_hours;            /* bit h: no polling in hour h of UTC */
        uint8_t skip_days;              /* bit d: not on weekday d, 0 = Sunday, UTC */
        bool expired;                   /* JSON Feed: no further items will come */
        struct fw_str malformed;        /* empty, or what was wrong, in words, with the line */
        size_t items_len;               /* how many were handed to the sink */
};

/* What is known of the body from outside. */
struct fw_feed_hints {
        struct fw_str url;          /* where it came from, after redirects: the base of relative links; may be empty */
        struct fw_str content_type; /* the Content-Type header as sent; may be empty */
};

/*
 * Receives items in the order of the document. The item is valid during the call only unless the caller keeps the
 * arena; a nonzero return ends the parse and comes back from fw_feed_parse().
 */
typedef int fw_feed_item_function(void *userdata, const struct fw_item *item);

/*
 * Parses a whole body. Items go to `on_item`, everything is allocated in `arena`. 0 and `*ret_feed`; -EBADMSG if it is no
 * feed (with an error in `diag` that says what it is instead: "an HTML page", "empty", …). A feed that is broken in part,
 * or meets a limit of feed/limits.h, is a success with `malformed`. `hints` may be NULL.
 */
int fw_feed_parse(struct fw_str body, const struct fw_feed_hints *hints, struct fw_arena *arena,
                  fw_feed_item_function *on_item, void *userdata, struct fw_diag *diag,
                  const struct fw_feed **ret_feed);

/* The item, and the feed with its items (stolen, may be NULL), as JSON Feed 1.1 objects, with "_feedwatch" beside. */
json_t *fw_item_to_json(const struct fw_item *item);
json_t *fw_feed_to_json(const struct fw_feed *feed, json_t *items);

/*
 * Identity, as docs/feeds.md tells. An item's key is a fingerprint of its id; of its link where none was given; of link,
 * title and date together where several items of this document share that. Keys are only compared inside one feed.
 *
 *         struct fw_identity *identity = fw_identity_new();
 *         fw_identity_add(identity, &item) for each item;
 *         fw_identity_key(identity, i) for each, when all were added.
 */
struct fw_identity;
struct fw_identity *fw_identity_new(void);
struct fw_identity *fw_identity_free(struct fw_identity *identity);
FW_DEFINE_CLEANUP(struct fw_identity, fw_identity_free);
void fw_identity_add(struct fw_identity *identity, const struct fw_item *item);
struct fw_hash128 fw_identity_key(const struct fw_identity *identity, size_t index);
/* Changes when what a reader sees of the item does (title, summary, text, link). */
uint64_t fw_item_content_hash(const struct fw_item *item);
/*
 * The same for the same article in several feeds: the fingerprint of its canonical link; 0 if it has none, or only
 * that of a front page.
 */
uint64_t fw_item_link_key(const struct fw_item *item);
