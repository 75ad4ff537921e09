/*
 * stem: Snowball's stemmers, made when a language is first asked for. Making one reads no file. Private to this room.
 */
#pragma once

#include "base/str.h"

struct fw_stems;

struct fw_stems *fw_stems_new(void);
struct fw_stems *fw_stems_free(struct fw_stems *stems);
/* The stem, valid until the next call; a view without bytes (p NULL) when the language has no stemmer. */
struct fw_str fw_stems_get(struct fw_stems *stems, struct fw_str word, struct fw_str language);
