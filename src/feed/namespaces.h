/*
 * namespaces: which vocabulary an element belongs to, by the URI of its namespace, whatever its prefix.
 */
#pragma once

#include "base/str.h"

enum fw_namespace {
        FW_NS_NONE,
        FW_NS_RSS,     /* RSS 0.90 to 2.0 in any of the namespaces that people gave it */
        FW_NS_RSS_090, /* the same, of 0.90's own */
        FW_NS_RSS_10,  /* the same, of 1.0's own */
        FW_NS_ATOM_03,
        FW_NS_ATOM_10,
        FW_NS_RDF,
        FW_NS_DC, /* Dublin Core, elements and terms */
        FW_NS_CONTENT,
        FW_NS_MEDIA,
        FW_NS_ITUNES, /* and Google Play's copy of it */
        FW_NS_SYNDICATION,
        FW_NS_XHTML,
        FW_NS_XML,
        FW_NS_OTHER,
};

/* URIs are compared without case, and with or without a last slash or '#': writers are careless about these. */
enum fw_namespace fw_namespace_of(struct fw_str uri);
/* What a prefix stands for by custom, for documents that forgot to declare it: FW_NS_OTHER if by none. */
enum fw_namespace fw_namespace_of_prefix(struct fw_str prefix);
