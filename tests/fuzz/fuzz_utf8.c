#include "fuzz.h"

#include "base/buf.h"
#include "base/utf8.h"

static void check_decode(struct fw_str s)
{
        bool valid = true;
        size_t len;
        for (size_t at = 0; at < s.len; at += len) {
                uint32_t code = fw_utf8_decode(s, at, &len);
                fuzz_check(len >= 1 && len <= 4 && at + len <= s.len);
                fuzz_check(code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF));
                char encoded[4];
                bool same = fw_str_eq(fw_str_n(encoded, fw_utf8_encode(code, encoded)), fw_str_slice(s, at, at + len));
                fuzz_check(same || code == FW_REPLACEMENT);
                valid = valid && same;
        }
        fuzz_check(valid == fw_utf8_valid(s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct fw_str s = fuzz_str(data, size);
        check_decode(s);

        fw_cleanup(fw_buf_done) struct fw_buf repaired = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fuzz_check(fw_utf8_append_repaired(&repaired, s) == 0);
        fuzz_check(fw_utf8_valid(fw_buf_str(&repaired)));
        fuzz_check(!fw_utf8_valid(s) || fw_str_eq(s, fw_buf_str(&repaired)));

        fw_cleanup(fw_buf_done) struct fw_buf escaped = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fuzz_check(fw_utf8_append_escaped(&escaped, s) == 0);
        fuzz_check(fw_utf8_valid(fw_buf_str(&escaped)));
        for (size_t i = 0; i < escaped.len; i++)
                fuzz_check((uint8_t) escaped.p[i] >= 0x20 && escaped.p[i] != 0x7F);

        struct fw_str cut = fw_utf8_cut(fw_buf_str(&repaired), repaired.len / 2);
        fuzz_check(cut.len <= repaired.len / 2 && fw_utf8_valid(cut));
        (void) fw_utf8_width(s);
        return 0;
}
