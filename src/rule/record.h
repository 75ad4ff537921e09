/*
 * record: a match as it is handed on: from the worker to the store and into alerts. Plain values that need neither the rule
 * set nor the document.
 */
#pragma once

#include "base/str.h"
#include "rule/rule.h"

struct fw_hit_record {
        enum fw_field field;
        uint32_t start, end; /* bytes of the field's value as the feed had it */
        struct fw_str text;  /* what stands there, as a reader sees it */
        struct fw_str term;  /* the part of the query that it met */
};

/* Bytes [start, end) of a text that are to be marked. */
struct fw_mark {
        uint32_t start, end;
};

struct fw_match_record {
        struct fw_str rule_id;
        enum fw_match_outcome outcome;
        const struct fw_hit_record *hits;
        size_t hits_len;
        struct fw_str excerpt; /* plain text about the hits, at most FW_LIMIT_EXCERPT_BYTES */
        const struct fw_mark *excerpt_marks;
        size_t excerpt_marks_len;
};

#define FW_LIMIT_EXCERPT_BYTES 320
