/*
 * sniff: what a body is, before it is read: its charset, and whether XML, JSON or none of it.
 *
 * Charset, the first that speaks (RFC 7303 §3.3): a byte order mark; the charset parameter of the Content-Type; the
 * pattern of the first bytes (XML 1.0 appendix F), through which the XML declaration is read; UTF-8. JSON is UTF-8
 * whatever is said of it (RFC 8259), unless it has a mark or zero bytes. A declaration that the bytes contradict is
 * not believed.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum fw_body_kind {
        FW_BODY_XML,
        FW_BODY_JSON,
        FW_BODY_HTML,
        FW_BODY_EMPTY,
        FW_BODY_OTHER, /* binary, or text that is neither */
};

struct fw_sniffed {
        enum fw_body_kind kind;
        struct fw_str whole;     /* the body as valid UTF-8 without a mark */
        struct fw_str text;      /* the end of it that begins where the document does, past junk before it */
        size_t skipped_bytes;    /* of junk other than white space, in `text`'s measure */
        size_t first_line;       /* of the original in which `text` begins, from 1 */
        struct fw_str complaint; /* what was wrong with the charset, in words; empty: nothing */
};

void fw_sniff(struct fw_str body, struct fw_str content_type, struct fw_arena *arena, struct fw_sniffed *ret);
