/*
 * xml: a document of UTF-8 as a stream of elements and text, well-formed or not.
 *
 * Two readers with one face. What is well-formed goes through libxml2, which is fast and lets nothing wrong pass.
 * What it refuses, and what could make it slow (a document type with entities, an element with thousands of
 * attributes), is read again from the start by the tolerant reader, which knows how feeds break. Neither fetches or
 * opens anything, and both are linear in the size of the document.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "feed/namespaces.h"

struct fw_xml_attribute {
        enum fw_namespace namespace; /* FW_NS_NONE without a prefix */
        struct fw_str name, value;   /* value: references resolved */
};

struct fw_xml_element {
        enum fw_namespace namespace;
        struct fw_str name; /* without its prefix */
        struct fw_str uri;  /* of its namespace; empty: none or unknown */
        const struct fw_xml_attribute *attributes;
        size_t attributes_len;
        size_t offset; /* of its '<' in the document; only the tolerant reader tells, with the strict one it is 0 */
};

/* Everything that is passed is valid during the call only. Text comes in pieces. start and end are balanced, always. */
struct fw_xml_handler {
        void (*start)(void *userdata, const struct fw_xml_element *element);
        void (*end)(void *userdata);
        void (*text)(void *userdata, struct fw_str text);
};

/* The attribute's value, or NULL. */
const struct fw_str *fw_xml_attribute(const struct fw_xml_element *element, enum fw_namespace namespace,
                                      struct fw_str name);

/*
 * The strict reader. 0; -EBADMSG if the document is not well-formed or not for this reader: what was reported so far
 * is then to be forgotten. `*ret_problem` (in `arena`): what is wrong, with the line (counted from `first_line`);
 * empty: nothing is.
 */
int fw_xml_read_strict(struct fw_str text, size_t first_line, const struct fw_xml_handler *handler, void *userdata,
                       struct fw_arena *arena, struct fw_str *ret_problem);

/*
 * The tolerant reader: never fails. It skips to the first element; lets '&' and '<' stand for themselves where they
 * begin nothing; knows HTML's entities; takes attributes without quotes; closes what was left open and drops what was
 * never opened; keeps what a cut document had. `is_broken`: the document is known not to be well-formed, so that a
 * field which begins inside another shows that the other was left open. `*ret_problem`: the first thing that it
 * mended; empty: nothing.
 */
void fw_xml_read_tolerant(struct fw_str text, size_t first_line, bool is_broken, const struct fw_xml_handler *handler,
                          void *userdata, struct fw_arena *arena, struct fw_str *ret_problem);
