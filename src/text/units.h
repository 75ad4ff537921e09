/*
 * units: from bytes to normalised characters that know which bytes they come from. Private to this room.
 */
#pragma once

#include <stddef.h>

#include "base/str.h"
#include "text/characters.h"
#include "text/cut.h"
#include "text/fold.h"

/* Appends the characters of text bytes [from, to); offsets are those of `text`. */
void fw_units_collect(struct fw_characters *characters, struct fw_folder *folder, struct fw_str text, size_t from,
                      size_t to, struct fw_units *ret_units);
