/*
 * opml: subscription lists, OPML 1.0 and 2.0.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/str.h"

struct fw_subscription {
        struct fw_str url;   /* xmlUrl */
        struct fw_str title; /* title, else text */
        struct fw_str home_page_url;
        struct fw_str type; /* as given */
        struct fw_str language;
        const struct fw_str *tags; /* the outlines about it, outermost first, and `category` */
        size_t tags_len;
        struct fw_location location; /* its outline */
};

struct fw_subscription_list {
        struct fw_str title;
        const struct fw_subscription *feeds;
        size_t feeds_len;
};

/*
 * 0 or -EINVAL with errors in `diag` (no OPML, no outline with xmlUrl at all). An outline that is wrong costs itself
 * and gets a warning with its place. Content that is not well-formed is read as far as it goes, with a warning.
 */
int fw_opml_parse(struct fw_str name, struct fw_str content, struct fw_arena *arena, struct fw_diag *diag,
                  struct fw_subscription_list *ret_list);
/* OPML 2.0; feeds with tags stand in an outline of their first tag, further ones in `category`. 0 or -EMSGSIZE. */
int fw_opml_write(const struct fw_subscription_list *list, struct fw_buf *out);
