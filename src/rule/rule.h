/*
 * rule: from rule and entity files to a compiled rule set, and from an item to its matches. The door of this room.
 *
 *     lexer → parser → tree → compiler → rule set → matcher
 *
 * Pure: bytes in, values out. The language is SPEC.md sections 4, 5 and 10; docs/rule-language.md has the grammar.
 * A rule set never changes after it is built; any number of match contexts, one a thread, work on it at the same time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/str.h"

/* The keys of a document, which are the query's fields too. `text:` is summary and body together. */
#define FW_FIELDS(X)            \
        X(TITLE, "title")       \
        X(SUMMARY, "summary")   \
        X(BODY, "body")         \
        X(CATEGORY, "category") \
        X(AUTHOR, "author")     \
        X(URL, "url")           \
        X(FEED, "feed")         \
        X(TAG, "tag")           \
        X(LANG, "lang")

enum fw_field {
#define FW_X(name, text) FW_FIELD_##name,
        FW_FIELDS(FW_X)
#undef FW_X
                FW_FIELDS_LEN
};
/* "title" */
const char *fw_field_name(enum fw_field field);

#define FW_SEVERITIES(X)      \
        X(INFO, "info")       \
        X(NOTICE, "notice")   \
        X(WARNING, "warning") \
        X(CRITICAL, "critical")

enum fw_severity {
#define FW_X(name, text) FW_SEVERITY_##name,
        FW_SEVERITIES(FW_X)
#undef FW_X
                FW_SEVERITIES_LEN
};
const char *fw_severity_name(enum fw_severity severity);
/* 0 or -EINVAL. */
int fw_severity_from_name(struct fw_str name, enum fw_severity *ret_severity);

/* ---- sources ---- */

struct fw_rule_file {
        struct fw_str name; /* the path as messages show it */
        struct fw_str content;
};

/* What lint knows of the world about the rules; a NULL pointer with length 0 means "not known, do not check". */
struct fw_rule_world {
        const struct fw_str *channels;
        size_t channels_len;
        const struct fw_rule_feed *feeds;
        size_t feeds_len;
};

/* A feed as selectors see it. */
struct fw_rule_feed {
        struct fw_str id, url, title;
        const struct fw_str *tags;
        size_t tags_len;
};

struct fw_rule_sources {
        const struct fw_rule_file *rules;
        size_t rules_len;
        const struct fw_rule_file *entities;
        size_t entities_len;
        struct fw_str unless;               /* the configuration's global exclusion; empty: none */
        struct fw_location unless_location; /* of its first byte, for messages */
        const struct fw_rule_world *world;  /* NULL: not known */
        /*
         * Gives the content of a word list named in a `define: {file: …}` of `from` (a rule file's name). 0 and a view that lives
         * until fw_ruleset_compile() returns, or a negative errno. NULL: word lists cannot be read, naming one is an error.
         */
        int (*read_file)(void *userdata, struct fw_str from, struct fw_str path, struct fw_str *ret_content);
        void *userdata;
};

/* ---- rule set ---- */

struct fw_ruleset;

/*
 * Compiles everything. 0 and a new reference; -EINVAL with all errors of all files in `diag` when there is any. Warnings
 * (lint) come into `diag` either way. The sources may go afterwards.
 */
int fw_ruleset_compile(const struct fw_rule_sources *sources, struct fw_diag *diag, struct fw_ruleset **ret_ruleset);
struct fw_ruleset *fw_ruleset_ref(struct fw_ruleset *ruleset);
/* Drops a reference (thread-safe). Returns NULL. */
struct fw_ruleset *fw_ruleset_unref(struct fw_ruleset *ruleset);
FW_DEFINE_CLEANUP(struct fw_ruleset, fw_ruleset_unref);

/* Selects feeds: by any of the ids, tags or URL globs; all of them when everything is empty. */
struct fw_feed_selector {
        const struct fw_str *ids, *tags, *urls;
        size_t ids_len, tags_len, urls_len;
};
bool fw_feed_selector_empty(const struct fw_feed_selector *selector);
bool fw_feed_selector_matches(const struct fw_feed_selector *selector, const struct fw_rule_feed *feed);

/* What a rule says besides its query. Strings live as long as the rule set. */
struct fw_rule {
        struct fw_str id;
        struct fw_str name;  /* as given, else the id */
        struct fw_str match; /* the query as written */
        struct fw_str unless;
        struct fw_str file; /* where it is defined */
        unsigned line;
        enum fw_severity severity; /* valid if severity_given; else the configuration's default */
        bool severity_given;
        bool test;                   /* status: test: matched and recorded, nobody is told */
        const struct fw_str *notify; /* channels; none: the configuration's defaults */
        size_t notify_len;
        struct fw_feed_selector feeds, except;
        const struct fw_str *languages;
        size_t languages_len;
        const uint32_t *alert_again_at; /* stories: feeds counts, increasing */
        size_t alert_again_at_len;
        uint64_t realert_min_usec, realert_max_usec; /* 0: not given */
        struct fw_hash128 fingerprint;               /* changes when anything of the rule does */
};

size_t fw_ruleset_len(const struct fw_ruleset *ruleset);
const struct fw_rule *fw_ruleset_rule(const struct fw_ruleset *ruleset, size_t index);
/* The index of the rule with this id, or SIZE_MAX. */
size_t fw_ruleset_find(const struct fw_ruleset *ruleset, struct fw_str id);
/* Appends the query of a rule as it was understood, fully parenthesised. 0 or -EMSGSIZE. */
int fw_ruleset_print(const struct fw_ruleset *ruleset, size_t index, struct fw_buf *out);

#define FW_ENTITY_KINDS(X)              \
        X(COUNTRY, "country")           \
        X(PERSON, "person")             \
        X(ORGANIZATION, "organization") \
        X(PLACE, "place")               \
        X(PRODUCT, "product")           \
        X(TOPIC, "topic")

enum fw_entity_kind {
#define FW_X(name, text) FW_ENTITY_##name,
        FW_ENTITY_KINDS(FW_X)
#undef FW_X
                FW_ENTITY_KINDS_LEN
};
const char *fw_entity_kind_name(enum fw_entity_kind kind);

#define FW_NAME_CLASSES(X)        \
        X(NAME, "name")           \
        X(ADJECTIVE, "adjective") \
        X(METONYM, "metonym")     \
        X(NOT, "not")

enum fw_name_class {
#define FW_X(name, text) FW_NAME_##name,
        FW_NAME_CLASSES(FW_X)
#undef FW_X
};
const char *fw_name_class_name(enum fw_name_class class);

struct fw_entity_name {
        struct fw_str text;
        enum fw_name_class class;
        bool exact;  /* counts only in this very case */
        bool proper; /* counts only with a capital first letter, if it has one itself, and not inside a Katakana word */
        /*
         * Languages of items that it counts in, primary subtags parted by spaces, `und` for items of unknown language; empty: all.
         * Set for what stands under `words`, and for what CLDR calls a country in languages written in Latin letters, where
         * it often is another word in another language ("Island" is Iceland in German). A `*` in such a name is any ending.
         */
        struct fw_str languages;
};

struct fw_entity {
        struct fw_str id;
        enum fw_entity_kind kind;
        struct fw_str country;              /* ISO 3166-1 alpha-2, or empty */
        const struct fw_entity_name *names; /* of every class, as written */
        size_t names_len;
        const struct fw_str *needs;
        size_t needs_len;
        const struct fw_str *groups;
        size_t groups_len;
        struct fw_str file;
        unsigned line;
};

size_t fw_ruleset_entities_len(const struct fw_ruleset *ruleset);
const struct fw_entity *fw_ruleset_entity(const struct fw_ruleset *ruleset, size_t index);
size_t fw_ruleset_find_entity(const struct fw_ruleset *ruleset, struct fw_str id);

/* ---- matching ---- */

struct fw_document_field {
        enum fw_field field;
        struct fw_str value;
        bool html; /* markup is to be seen through; byte ranges are those of the markup */
};

struct fw_document {
        const struct fw_document_field *fields; /* a field may stand several times (categories, tags, authors) */
        size_t fields_len;
        struct fw_str language;          /* BCP 47; empty: unknown */
        const struct fw_rule_feed *feed; /* for the scope of rules; NULL: every rule is in scope */
};

/* Words that made a rule match: bytes [start, end) of fields[field_index].value as it was given. */
struct fw_hit {
        uint32_t field_index;
        uint32_t start, end;
        struct fw_str term; /* the part of the query that they met, as written; lives as long as the rule set */
};

enum fw_match_outcome {
        FW_MATCHED,
        FW_EXCLUDED_BY_RULE,   /* its `unless` holds */
        FW_EXCLUDED_BY_CONFIG, /* the global `unless` holds */
};

struct fw_rule_match {
        uint32_t rule_index;
        enum fw_match_outcome outcome;
        const struct fw_hit *hits; /* by field, then start; distinct; at most FW_LIMIT_HITS */
        size_t hits_len;
};

struct fw_match_result {
        const struct fw_rule_match *matches; /* by rule index; rules out of scope (feed, language) are not there */
        size_t matches_len;
        const uint32_t *limited; /* rules that met a limit (regex, steps): the part that did counts as not found */
        size_t limited_len;
};

#define FW_LIMIT_HITS 100

struct fw_match_context;
/* Holds a reference on the rule set, the tokenizer and all memory that matching needs. One a thread. */
struct fw_match_context *fw_match_context_new(struct fw_ruleset *ruleset);
struct fw_match_context *fw_match_context_free(struct fw_match_context *context);
FW_DEFINE_CLEANUP(struct fw_match_context, fw_match_context_free);

/* Decides all rules for one document. The result is valid until the next call on this context. */
const struct fw_match_result *fw_match(struct fw_match_context *context, const struct fw_document *document);

/* A mention of an entity in a document, or a name that lost. */
struct fw_mention {
        uint32_t entity_index;
        enum fw_name_class class;
        uint32_t field_index, start, end;
        struct fw_str name;  /* the gazetteer's name */
        bool counts;         /* false: see `lost_to` */
        const char *lost_to; /* "a longer name", "needs not met", "'not' name"; NULL if it counts */
        uint32_t winner;     /* entity of the longer name, or UINT32_MAX */
};
/* All mentions, by field and start. Valid until the next call on this context. */
const struct fw_mention *fw_find_mentions(struct fw_match_context *context, const struct fw_document *document,
                                          size_t *ret_len);
