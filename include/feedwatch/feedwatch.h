/*
 * libfeedwatch: read news feeds, find what is named in them.
 *
 *     bytes of a feed ─► struct feedwatch_feed ─► items ─┐
 *                                                        ├─► feedwatch_match() ─► matches with byte ranges
 *     rule and entity files ─► struct feedwatch_rules ───┘
 *
 * The library reads no file, no clock and no network, writes nowhere, and keeps no state of its own between calls but
 * in the objects that it hands out. Objects are opaque; each is freed by its own function, which accepts NULL. Different
 * objects may be used by different threads at once, one object by one thread at a time; compiled rules never change, and
 * may be shared by any number of matchers.
 *
 * Text is UTF-8. Inputs are a pointer and a length in bytes; a NULL pointer with length 0 is an empty text. What comes back
 * as struct feedwatch_text is a view that is not terminated, owned by the object that it was asked from. Functions that can
 * fail return 0 or a negative errno; the words for people are in the diagnostics. When memory runs out the process aborts.
 *
 * Enumerations may grow; a program should ignore values that it does not know. docs/library.md has a walk through.
 */
#ifndef FEEDWATCH_FEEDWATCH_H
#define FEEDWATCH_FEEDWATCH_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define FEEDWATCH_PUBLIC __attribute__((visibility("default")))
#else
#define FEEDWATCH_PUBLIC
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that runs: "0.1.0". */
FEEDWATCH_PUBLIC const char *feedwatch_version(void);

/* A view of bytes; `data` may be NULL when `size` is 0. */
struct feedwatch_text {
        const char *data;
        size_t size;
};

/* Frees what the library returned as `char *`. */
FEEDWATCH_PUBLIC void feedwatch_free(char *text);

/* ---- diagnostics: what is wrong with a text, and where ---- */

enum feedwatch_level {
        FEEDWATCH_NOTE = 0, /* belongs to the message before it */
        FEEDWATCH_WARNING = 1,
        FEEDWATCH_ERROR = 2,
};

struct feedwatch_diagnostics;

FEEDWATCH_PUBLIC struct feedwatch_diagnostics *feedwatch_diagnostics_new(void);
FEEDWATCH_PUBLIC void feedwatch_diagnostics_free(struct feedwatch_diagnostics *diagnostics);
/* How many messages there are. The functions below take an index under it. */
FEEDWATCH_PUBLIC size_t feedwatch_diagnostics_count(const struct feedwatch_diagnostics *diagnostics);
FEEDWATCH_PUBLIC enum feedwatch_level feedwatch_diagnostics_level(const struct feedwatch_diagnostics *diagnostics,
                                                                  size_t index);
/* The sentence alone, terminated. */
FEEDWATCH_PUBLIC const char *feedwatch_diagnostics_message(const struct feedwatch_diagnostics *diagnostics,
                                                           size_t index);
/* The name of the text it is about, as it was given; empty without a place. */
FEEDWATCH_PUBLIC struct feedwatch_text feedwatch_diagnostics_file(const struct feedwatch_diagnostics *diagnostics,
                                                                  size_t index);
/* From 1, the column in characters; 0 without a place. */
FEEDWATCH_PUBLIC unsigned feedwatch_diagnostics_line(const struct feedwatch_diagnostics *diagnostics, size_t index);
FEEDWATCH_PUBLIC unsigned feedwatch_diagnostics_column(const struct feedwatch_diagnostics *diagnostics, size_t index);
/* All of them as a compiler prints them, "file:line:column: error: …" with the line and a caret. Free with feedwatch_free(). */
FEEDWATCH_PUBLIC char *feedwatch_diagnostics_render(const struct feedwatch_diagnostics *diagnostics);

/* ---- feeds ---- */

/* RSS 0.9x, 1.0, 2.0; Atom 0.3, 1.0; CDF; JSON Feed 1.0, 1.1. With all its items in memory. */
struct feedwatch_feed;

/* An instant that is not known. Other instants are microseconds since 1970-01-01T00:00:00Z. */
#define FEEDWATCH_TIME_NONE INT64_MIN

/*
 * Reads the body of a feed. `url`, where it came from (for relative links), and `content_type`, the header of that name, are
 * terminated and may be NULL. `diagnostics` may be NULL. 0; -EBADMSG when it is no feed (the diagnostics say what it is); -EMSGSIZE
 * when it is too large in some way. A feed that is broken in part is read as far as it makes sense.
 */
FEEDWATCH_PUBLIC int feedwatch_feed_parse(const void *body, size_t size, const char *url, const char *content_type,
                                          struct feedwatch_diagnostics *diagnostics, struct feedwatch_feed **ret_feed);
FEEDWATCH_PUBLIC void feedwatch_feed_free(struct feedwatch_feed *feed);

enum feedwatch_feed_text {
        FEEDWATCH_FEED_FORMAT = 0, /* "rss-2.0", "atom-1.0", "json-1.1", … */
        FEEDWATCH_FEED_TITLE = 1,
        FEEDWATCH_FEED_DESCRIPTION = 2,
        FEEDWATCH_FEED_HOME_PAGE_URL = 3,
        FEEDWATCH_FEED_URL = 4,
        FEEDWATCH_FEED_LANGUAGE = 5,
        FEEDWATCH_FEED_ICON = 6,
        FEEDWATCH_FEED_MALFORMED = 7, /* what was wrong with it, in words; empty: nothing */
};
/* Empty where the feed has nothing, or for a value that the library does not know. */
FEEDWATCH_PUBLIC struct feedwatch_text feedwatch_feed_text(const struct feedwatch_feed *feed,
                                                           enum feedwatch_feed_text which);
/* The whole feed as a JSON Feed 1.1 document. Free with feedwatch_free(). */
FEEDWATCH_PUBLIC char *feedwatch_feed_to_json(const struct feedwatch_feed *feed);

/* Items are named by their index, in the order of the document. */
FEEDWATCH_PUBLIC size_t feedwatch_feed_items(const struct feedwatch_feed *feed);

enum feedwatch_item_text {
        FEEDWATCH_ITEM_ID = 0, /* as given, else the link, else something stable */
        FEEDWATCH_ITEM_URL = 1,
        FEEDWATCH_ITEM_TITLE = 2,        /* plain text */
        FEEDWATCH_ITEM_SUMMARY = 3,      /* plain text */
        FEEDWATCH_ITEM_CONTENT_HTML = 4, /* the fullest text */
        FEEDWATCH_ITEM_CONTENT_TEXT = 5, /* the same as plain text */
        FEEDWATCH_ITEM_IMAGE = 6,
        FEEDWATCH_ITEM_LANGUAGE = 7, /* its own; empty: the feed's */
};
FEEDWATCH_PUBLIC struct feedwatch_text feedwatch_item_text(const struct feedwatch_feed *feed, size_t item,
                                                           enum feedwatch_item_text which);
FEEDWATCH_PUBLIC int64_t feedwatch_item_published(const struct feedwatch_feed *feed, size_t item);
FEEDWATCH_PUBLIC int64_t feedwatch_item_modified(const struct feedwatch_feed *feed, size_t item);

enum feedwatch_item_list {
        FEEDWATCH_ITEM_TAGS = 0,
        FEEDWATCH_ITEM_AUTHORS = 1,     /* names */
        FEEDWATCH_ITEM_ATTACHMENTS = 2, /* addresses */
};
FEEDWATCH_PUBLIC size_t feedwatch_item_list_size(const struct feedwatch_feed *feed, size_t item,
                                                 enum feedwatch_item_list list);
FEEDWATCH_PUBLIC struct feedwatch_text feedwatch_item_list_text(const struct feedwatch_feed *feed, size_t item,
                                                                enum feedwatch_item_list list, size_t index);

/* ---- rules ---- */

/* The files that rules are compiled from, given as text. Names are only for messages and for finding word lists. */
struct feedwatch_sources;

FEEDWATCH_PUBLIC struct feedwatch_sources *feedwatch_sources_new(void);
FEEDWATCH_PUBLIC void feedwatch_sources_free(struct feedwatch_sources *sources);
/* Both are copied. */
FEEDWATCH_PUBLIC void feedwatch_sources_add_rules(struct feedwatch_sources *sources, const char *name,
                                                  const char *content, size_t size);
FEEDWATCH_PUBLIC void feedwatch_sources_add_entities(struct feedwatch_sources *sources, const char *name,
                                                     const char *content, size_t size);
/* A word list, for `define: {x: {file: NAME}}`. */
FEEDWATCH_PUBLIC void feedwatch_sources_add_word_list(struct feedwatch_sources *sources, const char *name,
                                                      const char *content, size_t size);

/* Compiled rules and entities: never change, count their references. */
struct feedwatch_rules;

/*
 * Compiles all sources, which may go afterwards. 0, or -EINVAL with every error of every file in `diagnostics` (which may be NULL);
 * warnings come into it either way.
 */
FEEDWATCH_PUBLIC int feedwatch_rules_compile(const struct feedwatch_sources *sources,
                                             struct feedwatch_diagnostics *diagnostics,
                                             struct feedwatch_rules **ret_rules);
FEEDWATCH_PUBLIC struct feedwatch_rules *feedwatch_rules_ref(struct feedwatch_rules *rules);
FEEDWATCH_PUBLIC void feedwatch_rules_unref(struct feedwatch_rules *rules);
/* Rules are named by their index. */
FEEDWATCH_PUBLIC size_t feedwatch_rules_count(const struct feedwatch_rules *rules);
FEEDWATCH_PUBLIC struct feedwatch_text feedwatch_rules_id(const struct feedwatch_rules *rules, size_t rule);
FEEDWATCH_PUBLIC struct feedwatch_text feedwatch_rules_name(const struct feedwatch_rules *rules, size_t rule);
/* The query as it was understood, fully parenthesised. Free with feedwatch_free(). */
FEEDWATCH_PUBLIC char *feedwatch_rules_print(const struct feedwatch_rules *rules, size_t rule);

/* ---- documents ---- */

/* What rules look at: values of fields. */
struct feedwatch_document;

enum feedwatch_field {
        FEEDWATCH_FIELD_TITLE = 0,
        FEEDWATCH_FIELD_SUMMARY = 1,
        FEEDWATCH_FIELD_BODY = 2,
        FEEDWATCH_FIELD_CATEGORY = 3,
        FEEDWATCH_FIELD_AUTHOR = 4,
        FEEDWATCH_FIELD_URL = 5,
        FEEDWATCH_FIELD_FEED = 6,
        FEEDWATCH_FIELD_TAG = 7,
        FEEDWATCH_FIELD_LANG = 8,
};

enum feedwatch_markup {
        FEEDWATCH_PLAIN = 0,
        FEEDWATCH_HTML = 1, /* markup is seen through; byte ranges are those of the markup */
};

FEEDWATCH_PUBLIC struct feedwatch_document *feedwatch_document_new(void);
FEEDWATCH_PUBLIC void feedwatch_document_free(struct feedwatch_document *document);
/* Empties it for the next one, keeping its memory. */
FEEDWATCH_PUBLIC void feedwatch_document_reset(struct feedwatch_document *document);
/*
 * Adds a value (copied) to a field, which may have several, and returns its index, by which hits name it. Indices count from 0
 * over all fields, in the order of addition.
 */
FEEDWATCH_PUBLIC size_t feedwatch_document_add(struct feedwatch_document *document, enum feedwatch_field field,
                                               enum feedwatch_markup markup, const char *value, size_t size);
/* A BCP 47 tag ("en-GB"), for stems and for rules with `languages`; unknown without. */
FEEDWATCH_PUBLIC void feedwatch_document_set_language(struct feedwatch_document *document, const char *tag);
/* Adds an item's title, summary, text, address, tags, authors and language, as feedwatch itself does. */
FEEDWATCH_PUBLIC void feedwatch_document_add_item(struct feedwatch_document *document,
                                                  const struct feedwatch_feed *feed, size_t item);
/* A value as it was added, by its index. */
FEEDWATCH_PUBLIC struct feedwatch_text feedwatch_document_value(const struct feedwatch_document *document,
                                                                size_t index);
FEEDWATCH_PUBLIC enum feedwatch_field feedwatch_document_field(const struct feedwatch_document *document, size_t index);

/* ---- matching ---- */

/* Working memory for matching; one a thread. Holds a reference on its rules. */
struct feedwatch_matcher;

FEEDWATCH_PUBLIC struct feedwatch_matcher *feedwatch_matcher_new(struct feedwatch_rules *rules);
FEEDWATCH_PUBLIC void feedwatch_matcher_free(struct feedwatch_matcher *matcher);

/*
 * Decides all rules for a document, and returns how many match it (rules whose `unless` holds do not). What the functions below
 * tell about a match, an index under this number, holds until the next call with this matcher.
 */
FEEDWATCH_PUBLIC size_t feedwatch_match(struct feedwatch_matcher *matcher, const struct feedwatch_document *document);
/* The index of the rule that matched; matches are in the order of rules. */
FEEDWATCH_PUBLIC size_t feedwatch_match_rule(const struct feedwatch_matcher *matcher, size_t match);
/* How many places in the document made it match; by value, then start. */
FEEDWATCH_PUBLIC size_t feedwatch_match_hits(const struct feedwatch_matcher *matcher, size_t match);

struct feedwatch_hit {
        size_t value;               /* index of the value in the document */
        size_t start, end;          /* bytes [start, end) of the value */
        struct feedwatch_text term; /* the part of the query that they met; owned by the rules */
};
FEEDWATCH_PUBLIC struct feedwatch_hit feedwatch_match_hit(const struct feedwatch_matcher *matcher, size_t match,
                                                          size_t hit);
/* How many rules met a limit in the last call (a regular expression that took too long); they count as not matched. */
FEEDWATCH_PUBLIC size_t feedwatch_match_limited(const struct feedwatch_matcher *matcher);

/* ---- entities ---- */

struct feedwatch_mention {
        struct feedwatch_text entity; /* its id */
        struct feedwatch_text name;   /* the name that was met, as the gazetteer has it */
        size_t value;                 /* index of the value in the document */
        size_t start, end;            /* bytes [start, end) of the value */
};
/* Finds all mentions of entities in a document: how many. As with matches, they hold until the next call with this matcher. */
FEEDWATCH_PUBLIC size_t feedwatch_find_mentions(struct feedwatch_matcher *matcher,
                                                const struct feedwatch_document *document);
FEEDWATCH_PUBLIC struct feedwatch_mention feedwatch_mention(const struct feedwatch_matcher *matcher, size_t index);

#ifdef __cplusplus
}
#endif

#endif
