/*
 * yaml_scalar: from a scalar's bytes in the file to its value, and back from a place in the value to the place in the file.
 * Inside base only. Both ways are one walk over the same pieces, so they cannot disagree.
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum fw_yaml_style {
        FW_YAML_PLAIN,
        FW_YAML_SINGLE_QUOTED,
        FW_YAML_DOUBLE_QUOTED,
        FW_YAML_LITERAL,
        FW_YAML_FOLDED,
};

/* YAML 1.2.2 section 8.1.1.2: what becomes of the line breaks at the end of a block scalar. */
enum fw_yaml_chomping {
        FW_YAML_CLIP,
        FW_YAML_STRIP,
        FW_YAML_KEEP,
};

struct fw_yaml_scalar {
        struct fw_str content; /* of the whole file */
        size_t from, to;       /* the scalar without its quotes; of a block scalar its lines without the header */
        size_t indent;         /* block scalars only: columns before the content */
        enum fw_yaml_style style;
        enum fw_yaml_chomping chomping; /* block scalars only */
};

/*
 * Reads the header of a block scalar ("|", ">-", "|2+", …), which ends the line before `scalar->from` and stands at or after
 * the byte `header_from`; `parent_indent` is the column of the collection that the scalar is in, 0 at the top.
 * Sets `chomping` and `indent`.
 */
void fw_yaml_scalar_read_header(struct fw_yaml_scalar *scalar, size_t header_from, size_t parent_indent);

/* Appends the value. 0 or -EMSGSIZE. */
int fw_yaml_scalar_append_value(const struct fw_yaml_scalar *scalar, struct fw_buf *out);
/* Whether the value is just the bytes [from, to) of the file. */
bool fw_yaml_scalar_is_verbatim(const struct fw_yaml_scalar *scalar);
/* Where bytes [from, to) of the value stand in the file; both are cut to its length. */
void fw_yaml_scalar_locate(const struct fw_yaml_scalar *scalar, size_t from, size_t to, size_t *ret_from,
                           size_t *ret_to);
