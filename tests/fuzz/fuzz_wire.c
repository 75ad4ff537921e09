/*
 * What comes over the socket pair: frames, and the payloads of jobs and results. Whatever is accepted holds together,
 * and is the same when it is written and read again. The first byte of the input says which of them the rest is.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdbool.h>

#include "engine/wire.h"

static void check_frames(struct fw_str bytes)
{
        size_t len = 0;
        struct fw_frame frame;
        struct fw_str words;
        int r;
        while ((r = fw_frame_read(bytes, &len, &frame)) == 0) {
                fuzz_check(len <= bytes.len && frame.payload.len + FW_FRAME_HEADER_BYTES == len);
                (void) fw_wire_get_ready(frame.payload);
                if (fw_wire_get_failed(frame.payload, &words) == 0)
                        fuzz_check(words.len < frame.payload.len);
                bytes = fw_str_slice(bytes, len, bytes.len);
        }
        fuzz_check(r == -EAGAIN || r == -EBADMSG);
        fuzz_check(r != -EAGAIN || len == 0 || len > bytes.len);
}

/* Writing what was read gives the same bytes again: nothing is lost, nothing stands twice. */
static void check_same(int r, const struct fw_buf *frame, struct fw_str payload)
{
        fuzz_check(r == 0);
        fuzz_check(fw_str_eq(fw_str_slice(fw_buf_str(frame), FW_FRAME_HEADER_BYTES, frame->len), payload));
}

static void check_job(struct fw_str payload, struct fw_arena *arena)
{
        fw_cleanup(fw_buf_done) struct fw_buf again = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_job job;
        uint64_t id;
        if (fw_wire_get_job(payload, arena, &id, &job) == 0)
                check_same(fw_wire_put_job(&again, id, &job), &again, payload);
}

static void check_ranges(const struct fw_result_item *item)
{
        for (size_t m = 0; m < item->matches_len; m++) {
                const struct fw_match_record *match = &item->matches[m];
                for (size_t i = 0; i < match->hits_len; i++) {
                        fuzz_check(match->hits[i].start <= match->hits[i].end);
                        fuzz_check(match->hits[i].field != FW_FIELD_TITLE ||
                                   match->hits[i].end <= item->item.title.len);
                }
                for (size_t i = 0; i < match->excerpt_marks_len; i++)
                        fuzz_check(match->excerpt_marks[i].end <= match->excerpt.len);
        }
}

static void check_result(struct fw_str payload, struct fw_arena *arena)
{
        fw_cleanup(fw_buf_done) struct fw_buf again = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_result result;
        uint64_t id;
        if (fw_wire_get_result(payload, arena, &id, &result) < 0)
                return;
        for (size_t i = 0; i < result.items_len; i++)
                check_ranges(&result.items[i]);
        check_same(fw_wire_put_result(&again, id, &result), &again, payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct fw_str input = fuzz_str(data, size);
        struct fw_str rest = fw_str_slice(input, 1, input.len);
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        if (input.len == 0)
                return 0;
        if (input.p[0] == 'j')
                check_job(rest, arena);
        else if (input.p[0] == 'r')
                check_result(rest, arena);
        else
                check_frames(rest);
        return 0;
}
