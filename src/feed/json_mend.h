/*
 * json_mend: JSON that a strict parser takes, from JSON as feeds have it.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/*
 * Appends `text` (UTF-8) to `out` with what strict parsers refuse mended, in one pass: what a cut document left open
 * is closed, lone surrogates become U+FFFD, control characters in strings are escaped, a comma too many and a missing
 * one are put right, a member that is none is dropped, values nested beyond FW_LIMIT_NESTING become null. Numbers
 * that a double cannot hold exactly, or that were written other than as plain integers, become strings of their
 * digits. `*ret_problem`: the first thing that was wrong, with its line, in `arena`; empty: nothing.
 */
void fw_json_mend(struct fw_str text, struct fw_arena *arena, struct fw_buf *out, struct fw_str *ret_problem);
