/*
 * html_links: the links of a piece of HTML made absolute.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * `html` with every relative URL in its attributes resolved against `base`, all other bytes as they were. The same
 * view if there is nothing to do or `base` is empty.
 */
struct fw_str fw_html_resolve_links(struct fw_str html, struct fw_str base, struct fw_arena *arena);
/* True for attributes whose value is one URL (href, src, cite, …). */
bool fw_html_is_link_attribute(struct fw_str name);
