/*
 * A whole job, as a worker does it: whatever the body is, the result passes the daemon's checks, and its hits and
 * excerpts hold together.
 */
#include "fuzz.h"

#include "base/diag.h"
#include "base/utf8.h"
#include "engine/examine.h"
#include "engine/wire.h"

static const char rules[] = "rules:\n"
                            "  - {id: words, match: 'a* OR the OR \"北朝鮮\" OR deploy~'}\n"
                            "  - {id: near, match: 'title:e* OR a NEAR/8 b', unless: 'x'}\n"
                            "  - {id: regex, match: '/[0-9a-c]+/'}\n"
                            "  - {id: fields, match: 'category:t* OR author:a* OR url:http'}\n";

static struct fw_examiner *make_examiner(void)
{
        const struct fw_rule_file file = { .name = FW_STR("rules.yaml"), .content = fw_str_c(rules) };
        const struct fw_rule_sources sources = { .rules = &file, .rules_len = 1 };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_ruleset_unrefp) struct fw_ruleset *ruleset = NULL;
        fuzz_check(fw_ruleset_compile(&sources, diag, &ruleset) == 0);
        return fw_examiner_new(ruleset);
}

static void check_match(const struct fw_match_record *match)
{
        for (size_t i = 0; i < match->hits_len; i++)
                fuzz_check(match->hits[i].text.len <= FW_LIMIT_HIT_TEXT_BYTES);
        fuzz_check(match->hits_len > 0 || match->excerpt_marks_len == 0);
        for (size_t i = 0; i < match->excerpt_marks_len; i++)
                fuzz_check(match->excerpt_marks[i].start < match->excerpt_marks[i].end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct fw_examiner *examiner;
        if (!examiner)
                examiner = make_examiner();
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        fw_cleanup(fw_buf_done) struct fw_buf frame = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        const struct fw_job job = { .feed_id = FW_STR("f"),
                                    .url = FW_STR("http://example.org/feed"),
                                    .feed_language = FW_STR("en"),
                                    .body = fuzz_str(data, size) };
        struct fw_result result;
        struct fw_result received;
        uint64_t id = 0;
        fw_examine(examiner, &job, arena, &result);
        fuzz_check(fw_wire_put_result(&frame, 1, &result) == 0);
        struct fw_str payload = fw_str_slice(fw_buf_str(&frame), FW_FRAME_HEADER_BYTES, frame.len);
        fuzz_check(fw_wire_get_result(payload, arena, &id, &received) == 0);
        fuzz_check(received.status == FW_JOB_DONE || received.error.len > 0);
        for (size_t i = 0; i < received.items_len; i++)
                for (size_t m = 0; m < received.items[i].matches_len; m++)
                        check_match(&received.items[i].matches[m]);
        return 0;
}
