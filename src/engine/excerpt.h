/*
 * excerpt: what a reader is shown of a text about the words that matched. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "rule/record.h"
#include "text/html.h"

/*
 * Cuts out of a plain text at most FW_LIMIT_EXCERPT_BYTES about as many of `hits` (by start, within the text, may
 * overlap) as fit, at the borders of words where there are any; "…" stands for what was left out, white space is one
 * space. Without hits, the beginning. `*ret_marks`: the hits within, joined where they touch.
 */
void fw_excerpt(struct fw_str text, const struct fw_mark *hits, size_t hits_len, struct fw_arena *arena,
                struct fw_str *ret_excerpt, const struct fw_mark **ret_marks, size_t *ret_marks_len);

/* The plain bytes that come from source bytes [from, to): the inverse of fw_plain_to_source(). */
struct fw_mark fw_plain_from_source(const struct fw_plain_text *plain, uint32_t from, uint32_t to);

/* A short copy of a piece of text with white space as one space, for a line of output. */
struct fw_str fw_one_line(struct fw_str text, size_t max_bytes, struct fw_arena *arena);
