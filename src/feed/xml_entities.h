/*
 * xml_entities: the entities that a document type declares inside the document, for the tolerant reader. None from
 * outside.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"

struct fw_xml_entities {
        struct fw_map values; /* name → struct fw_str *, NULL for an external one */
        struct fw_arena *arena;
        bool may_have_others; /* the document type points outside: a name unknown here is no error */
        size_t budget_bytes;  /* what expansions may still cost */
};

void fw_xml_entities_init(struct fw_xml_entities *entities, struct fw_arena *arena, size_t document_bytes);
void fw_xml_entities_done(struct fw_xml_entities *entities);

/* Reads the `<!DOCTYPE …>` that starts at `at`; returns the offset behind it. */
size_t fw_xml_read_doctype(struct fw_xml_entities *entities, struct fw_str text, size_t at);

enum fw_xml_reference {
        FW_XML_REFERENCE_GOOD,
        FW_XML_REFERENCE_FOREIGN, /* HTML's, or a number of no character: resolved as well as can be */
        FW_XML_REFERENCE_ENDLESS, /* an entity that contains itself or grows out of proportion: stands for nothing */
        FW_XML_REFERENCE_NONE,    /* a bare '&': stands for itself */
};

/*
 * Resolves what begins at `text.p[at] == '&'`: appends what it stands for, and stores how many bytes it took (at
 * least 1).
 */
enum fw_xml_reference fw_xml_resolve(struct fw_xml_entities *entities, struct fw_str text, size_t at,
                                     struct fw_buf *out, size_t *ret_len);
