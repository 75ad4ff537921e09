/*
 * base64: RFC 4648, for Atom's content.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/*
 * What `text` stands for, in the arena: text in UTF-8, or empty if it is none (a picture). Characters outside the
 * alphabet are skipped.
 */
struct fw_str fw_base64_decode(struct fw_str text, struct fw_arena *arena);
