/*
 * limits: how much of a feed is read, with the reason and what happens beyond. Nesting is FW_LIMIT_NESTING of
 * base/limits.h.
 */
#pragma once

#include <stddef.h>

/* A date with comments and all. Beyond: no date. */
#define FW_LIMIT_DATE_BYTES ((size_t) 256)

/*
 * Items of one document. The largest archives have some ten thousand. Beyond: the rest is left out, the feed
 * malformed.
 */
#define FW_LIMIT_FEED_ITEMS ((size_t) 100000)

/*
 * Tags, attachments or authors of one item (of each). Podcasts with chapters as enclosures reach a hundred. Beyond:
 * left out.
 */
#define FW_LIMIT_ITEM_LIST ((size_t) 256)

/*
 * Attributes of one element, and namespaces in scope of one: libxml2 compares each with each. Beyond: the tolerant
 * reader, which drops the rest and marks the feed malformed.
 */
#define FW_LIMIT_XML_ATTRIBUTES ((size_t) 256)
#define FW_LIMIT_XML_NAMESPACES ((size_t) 256)

/*
 * Internal entities: what all their expansions may add to a document, beside four times its size. Beyond: they stand
 * for nothing.
 */
#define FW_LIMIT_XML_ENTITY_BYTES ((size_t) 64 * 1024)
#define FW_LIMIT_XML_ENTITY_RATIO ((size_t) 4)
#define FW_LIMIT_XML_ENTITY_DEPTH 16

/* The beginning of a body in which its kind is looked for, past whatever a broken server wrote before it. */
#define FW_LIMIT_SNIFF_BYTES ((size_t) 64 * 1024)

/*
 * A base URL. Each relative link repeats it, so that a long one would make a small feed large. Beyond: links stay
 * relative.
 */
#define FW_LIMIT_LINK_BASE_BYTES ((size_t) 2048)
/*
 * What making links absolute may add to one text, beside this many times its size. Beyond: further links stay
 * relative.
 */
#define FW_LIMIT_LINK_GROWTH_BYTES ((size_t) 64 * 1024)
#define FW_LIMIT_LINK_GROWTH_RATIO ((size_t) 2)
