/*
 * sentence: where sentences end, UAX #29 (rules SB1 to SB998), with one difference: a line feed is white space, because in
 * what was HTML it is; blocks are the caller's business. Private to this room.
 */
#pragma once

#include <stddef.h>

#include "base/str.h"
#include "text/characters.h"

/* The first byte behind the sentence that begins at `from` < `text.len`; `text.len` for the last one. */
size_t fw_sentence_end(struct fw_characters *characters, struct fw_str text, size_t from);
