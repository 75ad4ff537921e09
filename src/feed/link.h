/*
 * link: URLs (RFC 3986, and the URL standard where the web differs).
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * `reference` against `base` (absolute, or empty: then the reference as it is, trimmed). Never fails: what is no URL
 * stays.
 */
struct fw_str fw_link_resolve(struct fw_str base, struct fw_str reference, struct fw_arena *arena);
/*
 * The same for two links to the same article: scheme and host lower-case, default port and fragment off, tracking
 * parameters (utm_*, fbclid, gclid, …: the table in link.c) off, dot segments resolved, an empty path '/',
 * percent-encoding normalised. What is no http(s) URL stays as it is.
 */
struct fw_str fw_link_canonical(struct fw_str url, struct fw_arena *arena);
/* True for http:// and https:// with a host. */
bool fw_link_is_http(struct fw_str url);
