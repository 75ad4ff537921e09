/*
 * Spans of time and numbers of bytes as people write and read them.
 */
#include <errno.h>

#include "base/clock.h"

struct unit {
        const char *name;
        uint64_t factor;
};

#define LONGEST_DURATION (100 * 365 * FW_USEC_PER_DAY + 25 * FW_USEC_PER_DAY)

/* from the longest */
static const struct unit time_units[] = {
        { "w", 7 * FW_USEC_PER_DAY },
        { "d", FW_USEC_PER_DAY },
        { "h", FW_USEC_PER_HOUR },
        { "m", FW_USEC_PER_MINUTE },
        { "s", FW_USEC_PER_SEC },
        { "ms", FW_USEC_PER_MSEC },
        { "us", 1 },
};

static const struct unit size_units[] = {
        { "B", 1 },
        { "kB", 1000 },
        { "MB", 1000 * 1000 },
        { "GB", 1000 * 1000 * 1000 },
        { "TB", UINT64_C(1000) * 1000 * 1000 * 1000 },
        { "KiB", 1024 },
        { "MiB", 1024 * 1024 },
        { "GiB", 1024 * 1024 * 1024 },
        { "TiB", UINT64_C(1024) * 1024 * 1024 * 1024 },
};

/* Takes "90" and "s" off `*rest`: the number (0 or an errno), the index of the unit in the table. */
static int take_amount(struct fw_str *rest, const struct unit *units, size_t count, uint64_t *ret_value,
                       size_t *ret_unit)
{
        size_t digits = 0, end;
        while (digits < rest->len && fw_is_digit(rest->p[digits]))
                digits++;
        for (end = digits; end < rest->len && fw_is_alpha(rest->p[end]);)
                end++;
        struct fw_str name = fw_str_slice(*rest, digits, end);
        for (size_t i = 0; i < count; i++) {
                if (!fw_str_eq(name, fw_str_c(units[i].name)))
                        continue;
                int r = fw_str_to_u64(fw_str_slice(*rest, 0, digits), ret_value);
                if (r == 0 && __builtin_mul_overflow(*ret_value, units[i].factor, ret_value))
                        r = -ERANGE;
                *rest = fw_str_slice(*rest, end, rest->len);
                *ret_unit = i;
                return r;
        }
        return -EINVAL;
}

int fw_parse_duration(struct fw_str s, uint64_t *ret_usec)
{
        if (s.len == 0)
                return -EINVAL;
        uint64_t sum = 0;
        int result = 0;
        size_t allowed_from = 0;
        while (s.len > 0) {
                uint64_t part = 0;
                size_t unit;
                int r = take_amount(&s, time_units, FW_ARRAY_LEN(time_units), &part, &unit);
                if (r == -EINVAL || unit < allowed_from)
                        return -EINVAL;
                if (r < 0 || __builtin_add_overflow(sum, part, &sum) || sum > LONGEST_DURATION)
                        result = -ERANGE;
                allowed_from = unit + 1;
        }
        if (result == 0)
                *ret_usec = sum;
        return result;
}

int fw_append_duration(struct fw_buf *buf, uint64_t usec)
{
        if (usec == 0)
                return fw_buf_append_c(buf, "0s");
        for (size_t i = 1; i < FW_ARRAY_LEN(time_units); i++) {
                uint64_t count = usec / time_units[i].factor;
                if (count > 0)
                        (void) fw_buf_printf(buf, "%llu%s", (unsigned long long) count, time_units[i].name);
                usec %= time_units[i].factor;
        }
        return buf->error;
}

static uint64_t round_to(uint64_t value, uint64_t step)
{
        return (value + step / 2) / step * step;
}

/* "4 h 5 min": `usec` in the larger unit and what is left, rounded, in the smaller. */
static int append_two_units(struct fw_buf *buf, uint64_t usec, uint64_t larger, const char *larger_name,
                            uint64_t smaller, const char *smaller_name)
{
        uint64_t rounded = round_to(usec, smaller);
        (void) fw_buf_printf(buf, "%llu %s", (unsigned long long) (rounded / larger), larger_name);
        uint64_t rest = rounded % larger / smaller;
        if (rest > 0)
                (void) fw_buf_printf(buf, " %llu %s", (unsigned long long) rest, smaller_name);
        return buf->error;
}

int fw_append_duration_words(struct fw_buf *buf, uint64_t usec)
{
        if (round_to(usec, FW_USEC_PER_MINUTE) >= FW_USEC_PER_DAY) {
                uint64_t hours = round_to(usec, FW_USEC_PER_HOUR);
                const char *day = hours / FW_USEC_PER_DAY == 1 ? "day" : "days";
                return append_two_units(buf, usec, FW_USEC_PER_DAY, day, FW_USEC_PER_HOUR, "h");
        }
        if (round_to(usec, FW_USEC_PER_SEC) >= FW_USEC_PER_HOUR)
                return append_two_units(buf, usec, FW_USEC_PER_HOUR, "h", FW_USEC_PER_MINUTE, "min");
        if (round_to(usec, FW_USEC_PER_SEC) >= FW_USEC_PER_MINUTE)
                return append_two_units(buf, usec, FW_USEC_PER_MINUTE, "min", FW_USEC_PER_SEC, "s");
        uint64_t tenths = round_to(usec, FW_USEC_PER_SEC / 10) / (FW_USEC_PER_SEC / 10);
        if (tenths >= 100)
                return fw_buf_printf(buf, "%llu s",
                                     (unsigned long long) (round_to(usec, FW_USEC_PER_SEC) / FW_USEC_PER_SEC));
        if (tenths >= 10 && tenths % 10 != 0)
                return fw_buf_printf(buf, "%llu.%llu s", (unsigned long long) tenths / 10,
                                     (unsigned long long) tenths % 10);
        if (tenths >= 10 || usec == 0)
                return fw_buf_printf(buf, "%llu s", (unsigned long long) tenths / 10);
        if (usec >= FW_USEC_PER_MSEC)
                return fw_buf_printf(buf, "%llu ms", (unsigned long long) ((usec + 500) / FW_USEC_PER_MSEC));
        return fw_buf_printf(buf, "%llu µs", (unsigned long long) usec);
}

int fw_parse_size(struct fw_str s, uint64_t *ret_bytes)
{
        uint64_t bytes = 0;
        size_t unit;
        int r = take_amount(&s, size_units, FW_ARRAY_LEN(size_units), &bytes, &unit);
        if (s.len > 0 || r == -EINVAL)
                return -EINVAL;
        if (r < 0 || bytes > INT64_MAX)
                return -ERANGE;
        *ret_bytes = bytes;
        return 0;
}

int fw_append_size(struct fw_buf *buf, uint64_t bytes)
{
        static const char *const names[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
        double amount = (double) bytes;
        size_t unit = 0;
        /* 1023.95 would be shown as 1024.0 */
        while (amount >= (unit == 0 ? 1024 : 1023.95) && unit + 1 < FW_ARRAY_LEN(names)) {
                amount /= 1024;
                unit++;
        }
        unsigned long long tenths = (unsigned long long) (amount * 10 + 0.5);
        if (tenths % 10 == 0)
                return fw_buf_printf(buf, "%llu %s", tenths / 10, names[unit]);
        return fw_buf_printf(buf, "%llu.%llu %s", tenths / 10, tenths % 10, names[unit]);
}
