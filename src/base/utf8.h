/*
 * utf8: one code point at a time (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define FW_REPLACEMENT 0xFFFDu

/*
 * Decodes the code point at `offset` (< s.len), stores its length in bytes (1 to 4). An invalid sequence gives
 * FW_REPLACEMENT and the length of its maximal valid prefix (at least 1), as the Unicode standard recommends (§3.9, D93b).
 */
uint32_t fw_utf8_decode(struct fw_str s, size_t offset, size_t *ret_len);
/* Writes 1 to 4 bytes, returns how many. `code` must be a scalar value. */
size_t fw_utf8_encode(uint32_t code, char out[4]);
bool fw_utf8_valid(struct fw_str s);
/* Appends `s` with every invalid sequence replaced by U+FFFD. 0 or -EMSGSIZE. */
int fw_utf8_append_repaired(struct fw_buf *buf, struct fw_str s);
/* The longest prefix of at most `max_bytes` that does not cut a code point. */
struct fw_str fw_utf8_cut(struct fw_str s, size_t max_bytes);
/* Controls, and what could reorder or hide the rest of a line on a terminal. */
bool fw_code_acts(uint32_t code);
/*
 * Appends `s` so that a terminal or a log shows it in one line and nothing in it acts: controls, direction marks and invalid
 * bytes as \n, \x1b, \u202e, \xff. Quotes and backslashes stay. 0 or -EMSGSIZE.
 */
int fw_utf8_append_escaped(struct fw_buf *buf, struct fw_str s);
/*
 * The same for text that people read and nobody has to correct: what has no looks of its own (direction marks, the byte order mark)
 * vanishes instead. Right-to-left headlines are full of it.
 */
int fw_utf8_append_displayed(struct fw_buf *buf, struct fw_str s);

/* Columns on a terminal: 0 for combining and invisible characters, 2 for wide ones (UAX #11 W and F, emoji), else 1. */
unsigned fw_code_width(uint32_t code);
/* The sum over `s`. */
size_t fw_utf8_width(struct fw_str s);
