#include "fuzz.h"

#include "base/utf8.h"
#include "text/html.h"

static void check_map(const struct fw_plain_text *plain, size_t source_len)
{
        uint32_t source = 0;
        for (size_t i = 0; i < plain->map.len; i++) {
                const struct fw_text_segment *segment = &plain->map.p[i];
                size_t next = i + 1 < plain->map.len ? segment[1].plain : plain->text.len;
                fuzz_check(segment->plain < next);
                fuzz_check(segment->source >= source && segment->source_end >= segment->source);
                fuzz_check(!segment->verbatim || segment->source_end - segment->source == next - segment->plain);
                source = segment->source_end;
        }
        fuzz_check(source <= source_len);
        fuzz_check(plain->map.len > 0 || plain->text.len == 0);
}

static void check_blocks(const struct fw_plain_text *plain)
{
        uint32_t before = 0;
        for (size_t i = 0; i < plain->blocks.len; i++) {
                fuzz_check(plain->blocks.p[i] > before && plain->blocks.p[i] < plain->text.len);
                before = plain->blocks.p[i];
        }
}

static void check_ranges(const struct fw_plain_text *plain, size_t source_len)
{
        for (uint32_t from = 0; from < plain->text.len; from += 7) {
                uint32_t to = (uint32_t) FW_MIN((size_t) from + 5, plain->text.len), source_from, source_to;
                fw_plain_to_source(plain, from, to, &source_from, &source_to);
                fuzz_check(source_from <= source_to && source_to <= source_len);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct fw_str source = fuzz_str(data, size);
        struct fw_plain_text plain;
        fw_plain_text_init(&plain);
        fw_html_to_text(source, &plain);
        check_map(&plain, size);
        check_blocks(&plain);
        check_ranges(&plain, size);
        fuzz_check(!fw_utf8_valid(source) || fw_utf8_valid(fw_buf_str(&plain.text)));

        fw_text_as_plain(source, &plain);
        check_map(&plain, size);
        check_blocks(&plain);
        fuzz_check(fw_str_eq(fw_buf_str(&plain.text), source));
        fw_plain_text_done(&plain);
        return 0;
}
