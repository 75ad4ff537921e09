/*
 * Dates: whatever is read as one can be written as RFC 3339, and is then read as the same instant.
 */
#include "fuzz.h"

#include "base/macros.h"
#include "feed/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        int64_t usec = fw_date_parse(fuzz_str(data, size));
        if (usec == FW_TIME_NONE)
                return 0;
        struct fw_civil civil = fw_civil_from_usec(usec);
        if (civil.year < 1000 || civil.year > 9999) /* a zone can move the ends of the years that are read */
                return 0;
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fuzz_check(fw_append_rfc3339(&text, usec) == 0);
        fuzz_check(fw_date_parse(fw_buf_str(&text)) == usec);
        return 0;
}
