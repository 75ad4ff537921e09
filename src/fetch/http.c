#include "fetch/http.h"

#include <errno.h>

#include "base/macros.h"

#define MAX_DELTA_SECONDS ((uint64_t) 1 << 31) /* RFC 9111 §1.2.2: what overflows counts as this */

static const struct {
        uint32_t status;
        const char *text;
} status_texts[] = {
        { 200, "OK" },
        { 201, "Created" },
        { 202, "Accepted" },
        { 204, "No Content" },
        { 206, "Partial Content" },
        { 300, "Multiple Choices" },
        { 301, "Moved Permanently" },
        { 302, "Found" },
        { 303, "See Other" },
        { 304, "Not Modified" },
        { 307, "Temporary Redirect" },
        { 308, "Permanent Redirect" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 402, "Payment Required" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 406, "Not Acceptable" },
        { 408, "Request Timeout" },
        { 409, "Conflict" },
        { 410, "Gone" },
        { 412, "Precondition Failed" },
        { 415, "Unsupported Media Type" },
        { 418, "I'm a teapot" },
        { 421, "Misdirected Request" },
        { 425, "Too Early" },
        { 426, "Upgrade Required" },
        { 428, "Precondition Required" },
        { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 451, "Unavailable For Legal Reasons" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 502, "Bad Gateway" },
        { 503, "Service Unavailable" },
        { 504, "Gateway Timeout" },
        { 505, "HTTP Version Not Supported" },
        { 507, "Insufficient Storage" },
        { 508, "Loop Detected" },
        { 511, "Network Authentication Required" },
};

const char *fw_http_status_text(uint32_t status)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(status_texts); i++)
                if (status_texts[i].status == status)
                        return status_texts[i].text;
        return "";
}

/* ---- dates ---- */

/* Reads along a date; after the first mismatch everything fails, so that one check at the end is enough. */
struct date_reader {
        struct fw_str rest;
        bool failed;
};

static void expect(struct date_reader *reader, struct fw_str literal)
{
        if (fw_str_starts(reader->rest, literal))
                reader->rest = fw_str_slice(reader->rest, literal.len, reader->rest.len);
        else
                reader->failed = true;
}

static int read_digits(struct date_reader *reader, size_t count)
{
        uint64_t number = 0;
        if (reader->rest.len < count || fw_str_to_u64(fw_str_slice(reader->rest, 0, count), &number) < 0)
                reader->failed = true;
        reader->rest = fw_str_slice(reader->rest, count, reader->rest.len);
        return (int) number;
}

/* asctime's day: two digits, the first of which may be a space. */
static int read_padded_day(struct date_reader *reader)
{
        if (!fw_str_starts(reader->rest, FW_STR(" ")))
                return read_digits(reader, 2);
        expect(reader, FW_STR(" "));
        return read_digits(reader, 1);
}

static int read_month(struct date_reader *reader)
{
        static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        for (int month = 0; month < 12; month++) {
                struct fw_str name = fw_str_n(names + 3 * month, 3);
                if (fw_str_starts(reader->rest, name)) {
                        expect(reader, name);
                        return month + 1;
                }
        }
        reader->failed = true;
        return 1;
}

static void read_time_of_day(struct date_reader *reader, struct fw_civil *civil)
{
        civil->hour = read_digits(reader, 2);
        expect(reader, FW_STR(":"));
        civil->minute = read_digits(reader, 2);
        expect(reader, FW_STR(":"));
        civil->second = read_digits(reader, 2);
}

/* "06 Nov 1994 08:49:37 GMT" (IMF-fixdate) or "06-Nov-94 08:49:37 GMT" (RFC 850), after the weekday. */
static void read_day_first(struct date_reader *reader, struct fw_civil *civil)
{
        civil->day = read_digits(reader, 2);
        bool two_digit_year = fw_str_starts(reader->rest, FW_STR("-"));
        struct fw_str separator = two_digit_year ? FW_STR("-") : FW_STR(" ");
        expect(reader, separator);
        civil->month = read_month(reader);
        expect(reader, separator);
        civil->year = read_digits(reader, two_digit_year ? 2 : 4);
        if (two_digit_year)
                civil->year += civil->year < 70 ? 2000 : 1900;
        expect(reader, FW_STR(" "));
        read_time_of_day(reader, civil);
        expect(reader, FW_STR(" GMT"));
}

/* "Nov  6 08:49:37 1994" (asctime), after the weekday. */
static void read_month_first(struct date_reader *reader, struct fw_civil *civil)
{
        civil->month = read_month(reader);
        expect(reader, FW_STR(" "));
        civil->day = read_padded_day(reader);
        expect(reader, FW_STR(" "));
        read_time_of_day(reader, civil);
        expect(reader, FW_STR(" "));
        civil->year = read_digits(reader, 4);
}

static int days_in_month(int64_t year, int month)
{
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        return month == 2 && leap ? 29 : days[month - 1];
}

int fw_parse_http_date(struct fw_str s, int64_t *ret_usec)
{
        size_t weekday_len = 0;
        while (weekday_len < s.len && fw_is_alpha(s.p[weekday_len]))
                weekday_len++;
        if (weekday_len < 3)
                return -EINVAL;

        struct date_reader reader = { .rest = fw_str_slice(s, weekday_len, s.len) };
        struct fw_civil civil = { 0 };
        if (fw_str_starts(reader.rest, FW_STR(", "))) {
                expect(&reader, FW_STR(", "));
                read_day_first(&reader, &civil);
        } else {
                expect(&reader, FW_STR(" "));
                read_month_first(&reader, &civil);
        }
        if (reader.failed || reader.rest.len > 0 || civil.day < 1 ||
            civil.day > days_in_month(civil.year, civil.month) || civil.hour > 23 || civil.minute > 59 ||
            civil.second > 60)
                return -EINVAL;
        *ret_usec = fw_civil_to_usec(&civil);
        return 0;
}

/* ---- spans ---- */

/* delta-seconds (RFC 9111 §1.2.2). */
static int parse_delta_seconds(struct fw_str value, uint64_t *ret_seconds)
{
        uint64_t seconds = 0;
        int r = fw_str_to_u64(value, &seconds);
        if (r == -ERANGE)
                seconds = MAX_DELTA_SECONDS;
        else if (r < 0)
                return r;
        *ret_seconds = FW_MIN(seconds, MAX_DELTA_SECONDS);
        return 0;
}

/* `until` - `from`, 0 when that is negative. */
static uint64_t span_between(int64_t from, int64_t until)
{
        return until > from ? (uint64_t) until - (uint64_t) from : 0;
}

int fw_parse_retry_after(struct fw_str value, int64_t now_usec, uint64_t *ret_usec)
{
        value = fw_str_trim(value);
        if (fw_str_empty(value))
                return -ENODATA;
        uint64_t seconds = 0;
        uint64_t span = 0;
        int64_t date = 0;
        if (parse_delta_seconds(value, &seconds) == 0)
                span = seconds * FW_USEC_PER_SEC;
        else if (fw_parse_http_date(value, &date) == 0)
                span = span_between(now_usec, date);
        else
                return -EINVAL;
        *ret_usec = FW_MIN(span, FW_LIMIT_RETRY_AFTER_USEC);
        return 0;
}

/* Takes one directive off `*rest`, up to a comma outside quotes; false when nothing is left. */
static bool next_directive(struct fw_str *rest, struct fw_str *ret_name, struct fw_str *ret_value)
{
        if (fw_str_empty(*rest))
                return false;
        size_t end = 0;
        bool quoted = false;
        for (; end < rest->len && (quoted || rest->p[end] != ','); end++) {
                if (quoted && rest->p[end] == '\\' && end + 1 < rest->len)
                        end++;
                else if (rest->p[end] == '"')
                        quoted = !quoted;
        }
        struct fw_str directive = fw_str_slice(*rest, 0, end);
        *rest = fw_str_slice(*rest, end + 1, rest->len);

        size_t equals = fw_str_find_byte(directive, '=', 0);
        *ret_name = fw_str_trim(fw_str_slice(directive, 0, equals));
        *ret_value = equals == SIZE_MAX ? FW_STR_NONE : fw_str_trim(fw_str_slice(directive, equals + 1, directive.len));
        if (ret_value->len >= 2 && ret_value->p[0] == '"' && ret_value->p[ret_value->len - 1] == '"')
                *ret_value = fw_str_slice(*ret_value, 1, ret_value->len - 1);
        return true;
}

struct fw_cache_control fw_parse_cache_control(struct fw_str value)
{
        struct fw_cache_control control = { 0 };
        struct fw_str name;
        struct fw_str argument;
        while (next_directive(&value, &name, &argument)) {
                if (fw_str_eq_nocase(name, FW_STR("no-cache")) || fw_str_eq_nocase(name, FW_STR("no-store")))
                        control.no_cache = true;
                else if (fw_str_eq_nocase(name, FW_STR("max-age")) && !control.max_age_given)
                        control.max_age_given = parse_delta_seconds(argument, &control.max_age_seconds) == 0;
        }
        return control;
}

uint64_t fw_http_freshness_usec(const struct fw_freshness_fields *fields, int64_t now_usec)
{
        struct fw_cache_control control = fw_parse_cache_control(fields->cache_control);
        if (control.no_cache)
                return 0;

        uint64_t lifetime = 0;
        if (control.max_age_given) {
                lifetime = control.max_age_seconds * FW_USEC_PER_SEC;
        } else {
                int64_t expires = 0;
                int64_t date = now_usec;
                if (fw_parse_http_date(fw_str_trim(fields->expires), &expires) < 0)
                        return 0;
                if (fw_parse_http_date(fw_str_trim(fields->date), &date) < 0)
                        date = now_usec;
                lifetime = span_between(date, expires);
        }
        uint64_t age = 0;
        if (parse_delta_seconds(fw_str_trim(fields->age), &age) < 0)
                age = 0;
        age *= FW_USEC_PER_SEC;
        return lifetime > age ? lifetime - age : 0;
}
