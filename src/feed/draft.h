/*
 * draft: a feed and an item while they are being read, from whichever format. Several elements can give one field;
 * the one of the lowest rank wins, the first among equals.
 */
#pragma once

#include <stdbool.h>

#include "base/vec.h"
#include "feed/feed.h"
#include "text/html.h"

enum fw_text_kind {
        FW_TEXT_NONE,
        FW_TEXT_PLAIN,
        FW_TEXT_HTML,
};

/* A text as it was given; made into a field when all is known. */
struct fw_draft_text {
        enum fw_text_kind kind;
        unsigned rank;
        struct fw_str raw;
        struct fw_str base; /* of its relative links; empty: the document's */
};

struct fw_draft_string {
        struct fw_str value;
        unsigned rank;
        struct fw_str base; /* for links */
};

struct fw_draft_time {
        int64_t usec;
        unsigned rank;
};

typedef FW_VEC(struct fw_person) fw_person_list;
typedef FW_VEC(struct fw_str) fw_str_list;
typedef FW_VEC(struct fw_attachment) fw_attachment_list;

struct fw_item_draft {
        struct fw_draft_text title, summary, content, description;
        struct fw_draft_string id, url, external_url, image, language;
        struct fw_draft_time published, modified;
        double duration_seconds;
        fw_person_list authors, source_authors;
        fw_str_list tags;
        fw_attachment_list attachments;
};

struct fw_feed_draft {
        struct fw_feed feed; /* what needs no ranks */
        struct fw_draft_text title, description;
        struct fw_draft_string home_page_url, feed_url, icon, favicon, language, hub_url, next_url;
        fw_person_list authors;
        fw_str_list tags;
        uint32_t update_period_minutes; /* sy:updatePeriod alone */
        uint32_t update_frequency;
};

/* What finishing a draft needs; lives as long as the parse. */
struct fw_finisher {
        struct fw_arena *arena;
        struct fw_plain_text plain; /* scratch */
        struct fw_buf scratch;
};

void fw_finisher_init(struct fw_finisher *finisher, struct fw_arena *arena);
void fw_finisher_done(struct fw_finisher *finisher);

/* Setters: nothing happens for an empty value or one of no better rank. Strings are copied into `arena`. */
void fw_draft_set_text(struct fw_draft_text *text, enum fw_text_kind kind, struct fw_str raw, struct fw_str base,
                       unsigned rank, struct fw_arena *arena);
void fw_draft_set_string(struct fw_draft_string *string, struct fw_str value, struct fw_str base, unsigned rank,
                         struct fw_arena *arena);
/* Of a date as the feed has it; one that cannot be read is none. */
void fw_draft_set_date(struct fw_draft_time *time, struct fw_str date, unsigned rank);
void fw_draft_add_tag(fw_str_list *tags, struct fw_str tag, struct fw_arena *arena);
/* Without a name or link it is not added; one that is there already gets what the other knew more. */
void fw_draft_add_person(fw_person_list *people, const struct fw_person *person);
/* By its URL, already absolute; a second of the same URL adds what the first did not say. */
void fw_draft_add_attachment(fw_attachment_list *attachments, const struct fw_attachment *attachment);

/* "me@example.com (Ann)", "Ann <me@example.com>" → "Ann"; an address alone stays. In the arena. */
struct fw_str fw_person_name(struct fw_str text, struct fw_finisher *finisher);
/* HTML, or plain text, as one line of plain text, in the arena. */
struct fw_str fw_line_of(enum fw_text_kind kind, struct fw_str text, struct fw_finisher *finisher);

void fw_item_draft_reset(struct fw_item_draft *draft);
void fw_item_draft_done(struct fw_item_draft *draft);
/* The item, in the arena. `base`: of links that had none of their own; may be empty. */
struct fw_item *fw_item_finish(struct fw_item_draft *draft, struct fw_str base, struct fw_finisher *finisher);
void fw_feed_draft_done(struct fw_feed_draft *draft);
struct fw_feed *fw_feed_finish(struct fw_feed_draft *draft, struct fw_str base, struct fw_finisher *finisher);
