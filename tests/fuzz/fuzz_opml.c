/*
 * A subscription list: what is written of it is read again as the same feeds.
 */
#include "fuzz.h"

#include "base/macros.h"
#include "feed/opml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_subscription_list list, again;
        int r = fw_opml_parse(FW_STR("fuzz.opml"), fuzz_str(data, size), arena, diag, &list);
        (void) fw_diag_render_all(diag, false, &text);
        fuzz_check((r < 0) == fw_diag_has_errors(diag));
        if (r < 0)
                return 0;
        fw_buf_reset(&text);
        fuzz_check(fw_opml_write(&list, &text) == 0);
        fuzz_check(fw_opml_parse(FW_STR("again.opml"), fw_buf_str(&text), arena, diag, &again) == 0);
        fuzz_check(again.feeds_len == list.feeds_len);
        return 0;
}
