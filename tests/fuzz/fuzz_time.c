/*
 * RFC 3339 times, durations, sizes and numbers: what is read and written again is the same.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "base/clock.h"

static void check_time(struct fw_str s)
{
        int64_t usec, again;
        if (fw_parse_rfc3339(s, &usec) < 0)
                return;
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fuzz_check(fw_append_rfc3339(&text, usec) == 0);
        struct fw_civil civil = fw_civil_from_usec(usec);
        fuzz_check(fw_civil_to_usec(&civil) == usec);
        /* a zone can move the ends of the years that RFC 3339 can write out of their range */
        if (civil.year >= 0 && civil.year <= 9999)
                fuzz_check(fw_parse_rfc3339(fw_buf_str(&text), &again) == 0 && again == usec);
}

static void check_duration(struct fw_str s)
{
        uint64_t usec, again;
        if (fw_parse_duration(s, &usec) < 0)
                return;
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fuzz_check(fw_append_duration(&text, usec) == 0);
        fuzz_check(fw_parse_duration(fw_buf_str(&text), &again) == 0 && again == usec);
        fuzz_check(fw_append_duration_words(&text, usec) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct fw_str s = fuzz_str(data, size);
        check_time(s);
        check_duration(s);

        uint64_t number;
        int64_t signed_number;
        double decimal;
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        if (fw_parse_size(s, &number) == 0)
                fuzz_check(fw_append_size(&text, number) == 0);
        if (fw_str_to_i64(s, &signed_number) == 0)
                fuzz_check(fw_str_to_double(s, &decimal) == 0 || s.p[s.p[0] == '-'] == '0');
        return 0;
}
