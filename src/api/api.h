/*
 * api: what is behind the opaque types of include/feedwatch/feedwatch.h. Private to this room.
 */
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"
#include "base/vec.h"
#include "feed/feed.h"
#include "feedwatch/feedwatch.h"
#include "rule/rule.h"

struct feedwatch_feed {
        struct fw_arena *arena;
        const struct fw_feed *feed;
        FW_VEC(struct fw_item) items;
};

struct feedwatch_document {
        struct fw_arena *arena;
        FW_VEC(struct fw_document_field) fields;
        struct fw_str language;
};

static inline struct feedwatch_text api_text(struct fw_str s)
{
        return (struct feedwatch_text){ .data = s.p, .size = s.len };
}

/* The diagnostics are the collector itself under another name. */
static inline struct fw_diag *api_diag(struct feedwatch_diagnostics *diagnostics)
{
        return (struct fw_diag *) diagnostics;
}
static inline const struct fw_diag *api_diag_const(const struct feedwatch_diagnostics *diagnostics)
{
        return (const struct fw_diag *) diagnostics;
}
