/*
 * The fields of an HTTP answer that say something about time: dates, Retry-After, Cache-Control and freshness. The
 * input's lines are the fields.
 */
#include "fuzz.h"

#include "fetch/http.h"

#define NOW ((int64_t) 1729762262 * 1000000)

static void check_date(struct fw_str s)
{
        int64_t usec;
        if (fw_parse_http_date(s, &usec) < 0)
                return;
        struct fw_civil civil = fw_civil_from_usec(usec);
        fuzz_check(civil.year >= 0 && civil.year <= 10000 && civil.usec == 0);
}

static void check_spans(struct fw_str s)
{
        uint64_t usec;
        if (fw_parse_retry_after(s, NOW, &usec) == 0)
                fuzz_check(usec <= FW_LIMIT_RETRY_AFTER_USEC);
        struct fw_cache_control control = fw_parse_cache_control(s);
        fuzz_check(control.max_age_seconds <= (uint64_t) 1 << 31);
        fuzz_check(control.max_age_given || control.max_age_seconds == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct fw_str rest = fuzz_str(data, size);
        struct fw_freshness_fields fields = { 0 };
        struct fw_str *const all[] = { &fields.cache_control, &fields.expires, &fields.age, &fields.date };
        for (size_t i = 0; i < FW_ARRAY_LEN(all); i++) {
                (void) fw_str_split(&rest, '\n', all[i]);
                check_date(*all[i]);
                check_spans(*all[i]);
        }
        struct fw_cache_control control = fw_parse_cache_control(fields.cache_control);
        uint64_t fresh_usec = fw_http_freshness_usec(&fields, NOW);
        fuzz_check(!control.no_cache || fresh_usec == 0);
        fuzz_check(!control.max_age_given || fresh_usec <= control.max_age_seconds * FW_USEC_PER_SEC);
        return 0;
}
