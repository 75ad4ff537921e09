#include "fuzz.h"

#include "control/events.h"

/* Whatever the pieces in which bytes come, the events are the same. */
static int note(void *userdata, struct fw_str id, struct fw_str data)
{
        struct fw_buf *seen = userdata;
        fuzz_check(fw_buf_append(seen, id) == 0 && fw_buf_append_byte(seen, '\0') == 0);
        fuzz_check(fw_buf_append(seen, data) == 0 && fw_buf_append_byte(seen, '\0') == 0);
        return 0;
}

static int parse(enum fw_event_format format, struct fw_str bytes, size_t piece, struct fw_buf *seen)
{
        struct fw_event_parser parser;
        int r = 0;
        fw_event_parser_init(&parser, format, 64, note, seen);
        for (size_t at = 0; at < bytes.len && r == 0; at += piece)
                r = fw_event_parser_feed(&parser, fw_str_slice(bytes, at, at + piece));
        fw_event_parser_done(&parser);
        return r;
}

static void compare(enum fw_event_format format, struct fw_str bytes)
{
        fw_cleanup(fw_buf_done) struct fw_buf whole = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_buf_done) struct fw_buf pieces = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        int r = parse(format, bytes, bytes.len, &whole);
        fuzz_check(parse(format, bytes, 3, &pieces) == r);
        fuzz_check(fw_str_eq(fw_buf_str(&whole), fw_buf_str(&pieces)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        if (size == 0)
                return 0;
        compare(FW_EVENTS_SSE, fuzz_str(data, size));
        compare(FW_EVENTS_LINES, fuzz_str(data, size));
        return 0;
}
