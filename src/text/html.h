/*
 * html: HTML as a reader sees it: plain text, with a map back into the bytes it came from.
 *
 * Follows the HTML standard's tokenizer where it decides what is text (§13.2.5), not its tree construction: tags vanish,
 * `script`, `style`, `template`, comments and the like vanish with their content, character references are decoded once
 * and only once, `<` before anything that cannot start a tag is text. Linear in the input; no allocation per element.
 * The elements that part text are in a table: block elements end a paragraph, `br` and pictures part words, inline elements part
 * nothing. Ruby's reading aids vanish, so that the characters that they explain stay together.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"

/* Of one text. Offsets are 32 bits, and references may decode to more bytes than they have. Beyond: not read. */
#define FW_LIMIT_TEXT_BYTES ((size_t) 1024 * 1024 * 1024)

/*
 * Plain bytes [plain, next segment's plain) come from source bytes starting at `source`; inside a `verbatim` segment byte i
 * of the one is byte i of the other, otherwise (a character reference) the whole segment stands for the source bytes
 * up to the next segment's.
 */
struct fw_text_segment {
        uint32_t plain;
        uint32_t source;
        uint32_t source_end;
        bool verbatim;
};

struct fw_plain_text {
        struct fw_buf text; /* '\n' between blocks, ' ' for br; otherwise white space and bytes as written */
        FW_VEC(struct fw_text_segment) map;
        FW_VEC(uint32_t) blocks; /* offsets in `text` at which a new block starts (not 0); increasing */
};

void fw_plain_text_init(struct fw_plain_text *plain);
void fw_plain_text_done(struct fw_plain_text *plain);
/* Empties, keeps the memory. */
void fw_plain_text_reset(struct fw_plain_text *plain);

/* What a reader sees of `html`, instead of what was in `ret_plain`. White space at the start of a block is not seen. */
void fw_html_to_text(struct fw_str html, struct fw_plain_text *ret_plain);
/* Plain text in the same clothes: identity map, an empty line starts a block. */
void fw_text_as_plain(struct fw_str text, struct fw_plain_text *ret_plain);
/* The source range of plain bytes [from, to): markup between them is inside, markup about them is not. */
void fw_plain_to_source(const struct fw_plain_text *plain, uint32_t from, uint32_t to, uint32_t *ret_source_from,
                        uint32_t *ret_source_to);
/* Decodes the character reference at `html[offset] == '&'` (HTML §13.2.5.72): its length in bytes and up to two code points,
 * or 0 if it is none. `in_attribute` applies the standard's rule for attributes. */
size_t fw_html_decode_reference(struct fw_str html, size_t offset, bool in_attribute, uint32_t ret_codes[2]);
