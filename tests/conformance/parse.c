/*
 * parse: `feedwatch parse --json FILE…` and nothing else, so that the conformance cases run before the command line is there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/macros.h"
#include "feed/feed.h"

static int add_item(void *userdata, const struct fw_item *item)
{
        return json_array_append_new(userdata, fw_item_to_json(item));
}

static int print_feed(struct fw_str body, struct fw_diag *diag)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        fw_cleanup(fw_json_decrefp) json_t *items = json_array();
        const struct fw_feed *feed;
        int r = fw_feed_parse(body, NULL, arena, add_item, items, diag, &feed);
        if (r < 0)
                return r;
        fw_cleanup(fw_json_decrefp) json_t *json = fw_feed_to_json(feed, json_incref(items));
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_json_append(&out, json);
        puts(fw_buf_c(&out));
        return 0;
}

int main(int argc, char **argv)
{
        int status = EXIT_SUCCESS;
        for (int i = 3; i < argc; i++) {
                fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
                fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED),
                                                      error = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                if (fw_file_read(argv[i], &body) == 0 && print_feed(fw_buf_str(&body), diag) == 0)
                        continue;
                (void) fw_diag_first_error(diag, &error);
                fprintf(stderr, "%s: %s\n", argv[i], fw_buf_c(&error));
                status = EXIT_FAILURE;
        }
        return status;
}
