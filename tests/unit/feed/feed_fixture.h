/*
 * feed_fixture: a body parsed, with its items in a list, for tests of what feeds become.
 */
#pragma once

#include <check.h>
#include <stdlib.h>

#include "base/macros.h"
#include "base/vec.h"
#include "feed/feed.h"

struct parsed {
        struct fw_arena *arena;
        struct fw_diag *diag;
        const struct fw_feed *feed; /* NULL: refused */
        int status;
        FW_VEC(const struct fw_item *) items;
};

static inline int keep_parsed_item(void *userdata, const struct fw_item *item)
{
        struct parsed *parsed = userdata;
        fw_vec_push(&parsed->items, item);
        return 0;
}

static inline struct parsed parse_with(struct fw_str body, const struct fw_feed_hints *hints)
{
        struct parsed parsed = { .arena = fw_arena_new(), .diag = fw_diag_new() };
        parsed.status = fw_feed_parse(body, hints, parsed.arena, keep_parsed_item, &parsed, parsed.diag, &parsed.feed);
        return parsed;
}

static inline struct parsed parse_text(const char *body)
{
        return parse_with(fw_str_c(body), NULL);
}

/* The items of an RSS channel, or its fields, between the usual lines; the channel's link is http://example.org/. */
#define RSS(content) \
        "<rss version=\"2.0\"><channel><title>T</title><link>http://example.org/</link>" content "</channel></rss>"
#define ATOM(content) "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title>" content "</feed>"

static inline void parsed_done(struct parsed *parsed)
{
        fw_vec_done(&parsed->items);
        parsed->diag = fw_diag_free(parsed->diag);
        parsed->arena = fw_arena_free(parsed->arena);
}

static inline void check_str(struct fw_str got, const char *wanted)
{
        ck_assert_msg(fw_str_eq(got, fw_str_c(wanted)), "got '%.*s', wanted '%s'", FW_STR_ARG(got), wanted);
}

static inline int run_suite(Suite *suite)
{
        SRunner *runner = srunner_create(suite);
        srunner_run_all(runner, CK_ENV);
        int failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
