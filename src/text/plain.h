/*
 * plain: how a struct fw_plain_text grows, piece by piece in the order of the source. Private to this room.
 */
#pragma once

#include <stddef.h>

#include "base/str.h"
#include "text/html.h"

/* Appends source bytes [from, to) as they are. */
void fw_plain_append_verbatim(struct fw_plain_text *plain, struct fw_str source, size_t from, size_t to);
/* Appends a text that stands for source bytes [from, to). */
void fw_plain_append_for(struct fw_plain_text *plain, struct fw_str text, size_t from, size_t to);
/* What is appended next starts a block. */
void fw_plain_start_block(struct fw_plain_text *plain);
