/*
 * http: the fields of an HTTP answer that say something about time. Pure. RFC 9110 (HTTP semantics), RFC 9111
 * (caching).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "fetch/limits.h"

/*
 * An HTTP date, all three forms of RFC 9110 §5.6.7. Two-digit years below 70 are 20xx. The name of the weekday is not
 * compared with the date. 0 or -EINVAL.
 */
int fw_parse_http_date(struct fw_str s, int64_t *ret_usec);

/*
 * Retry-After (RFC 9110 §10.2.3), seconds or a date, as a span from `now_usec`; a date in the past gives 0, and
 * FW_LIMIT_RETRY_AFTER_USEC is the most. 0; -ENODATA when the field is absent (empty), -EINVAL when it is neither.
 */
int fw_parse_retry_after(struct fw_str value, int64_t now_usec, uint64_t *ret_usec);

/* What Cache-Control says to a private cache (RFC 9111 §5.2.2). Unknown directives are ignored. */
struct fw_cache_control {
        bool no_cache; /* no-cache or no-store: never fresh */
        bool max_age_given;
        uint64_t max_age_seconds; /* at most 2^31 */
};
struct fw_cache_control fw_parse_cache_control(struct fw_str value);

struct fw_freshness_fields {
        struct fw_str cache_control, expires, age, date; /* as sent; empty: absent */
};
/*
 * For how long from now the answer may be taken for current (RFC 9111 §4.2): max-age, else Expires less Date, in both
 * cases less Age. 0 when nothing is said, when it is unreadable, or when it has passed.
 */
uint64_t fw_http_freshness_usec(const struct fw_freshness_fields *fields, int64_t now_usec);

/* "Not Found"; "" for an unregistered status. */
const char *fw_http_status_text(uint32_t status);
