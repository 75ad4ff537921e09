/*
 * xml_repair: what the tolerant reader knows of the structure of feeds, to mend elements that were never closed: an
 * item cannot be inside another or inside a title, nor a date inside a description.
 */
#pragma once

#include "base/str.h"

enum fw_xml_kind {
        FW_XML_ITEM = 1 << 0, /* item, entry; begins only in an item parent */
        FW_XML_ITEM_PARENT = 1 << 1,
        FW_XML_CONTAINER = 1 << 2, /* holds fields */
        FW_XML_FIELD = 1 << 3,     /* and is no element of HTML: begins only in a container */
        FW_XML_LEAF = 1 << 4,      /* a field without markup in it */
        FW_XML_NAMESAKE = 1 << 5,  /* a field that HTML has too: ends a leaf, but may be in a description */
};

/* The kinds of an element by its name with the prefix as written, 0 for what is not known. */
unsigned fw_xml_kind(struct fw_str name);
