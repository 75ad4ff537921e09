#include "base/clock.h"

#include <errno.h>
#include <time.h>

static int64_t timespec_usec(const struct timespec *ts)
{
        return (int64_t) ts->tv_sec * (int64_t) FW_USEC_PER_SEC + ts->tv_nsec / 1000;
}

static int64_t system_wall(void *userdata)
{
        (void) userdata;
        struct timespec now;
        (void) clock_gettime(CLOCK_REALTIME, &now);
        return timespec_usec(&now);
}

static uint64_t system_monotonic(void *userdata)
{
        (void) userdata;
        struct timespec now;
        (void) clock_gettime(CLOCK_BOOTTIME, &now);
        return (uint64_t) timespec_usec(&now);
}

struct fw_clock fw_clock_system(void)
{
        return (struct fw_clock){ .wall_usec = system_wall, .monotonic_usec = system_monotonic };
}

static int64_t manual_wall(void *userdata)
{
        return ((const struct fw_manual_clock *) userdata)->wall_usec;
}

static uint64_t manual_monotonic(void *userdata)
{
        return ((const struct fw_manual_clock *) userdata)->monotonic_usec;
}

struct fw_clock fw_clock_manual(struct fw_manual_clock *manual)
{
        return (struct fw_clock){ .wall_usec = manual_wall, .monotonic_usec = manual_monotonic, .userdata = manual };
}

void fw_manual_clock_advance(struct fw_manual_clock *manual, uint64_t usec)
{
        manual->wall_usec += (int64_t) usec;
        manual->monotonic_usec += usec;
}

/*
 * Days since 1970-01-01 and back, after Howard Hinnant's "chrono-compatible low-level date algorithms": years begin in March
 * so that the leap day is the last, and come in eras of 400.
 */
#define DAYS_PER_ERA      146097
#define DAYS_BEFORE_EPOCH 719468 /* from 0000-03-01 */

static int64_t floor_div(int64_t a, int64_t b)
{
        return a / b - (a % b < 0);
}

/* Years beyond what microseconds reach are cut, so that nothing here overflows. */
#define LARGEST_YEAR 300000

static int64_t days_from_civil(int64_t year, int month, int day)
{
        year = FW_MAX(FW_MIN(year, LARGEST_YEAR), -LARGEST_YEAR) - (month <= 2);
        int64_t era = floor_div(year, 400);
        int64_t year_of_era = year - era * 400;
        int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        return era * DAYS_PER_ERA + day_of_era - DAYS_BEFORE_EPOCH;
}

int64_t fw_civil_to_usec(const struct fw_civil *civil)
{
        int64_t seconds = days_from_civil(civil->year, civil->month, civil->day) * 86400 +
                          (int64_t) civil->hour * 3600 + (int64_t) civil->minute * 60 + civil->second;
        int64_t usec;
        if (__builtin_mul_overflow(seconds, (int64_t) FW_USEC_PER_SEC, &usec) ||
            __builtin_add_overflow(usec, (int64_t) civil->usec, &usec))
                return FW_TIME_NONE;
        return usec;
}

struct fw_civil fw_civil_from_usec(int64_t usec)
{
        int64_t usec_per_day = (int64_t) FW_USEC_PER_DAY;
        int64_t days = floor_div(usec, usec_per_day);
        int64_t in_day = usec % usec_per_day + (usec % usec_per_day < 0 ? usec_per_day : 0);
        int64_t seconds = in_day / (int64_t) FW_USEC_PER_SEC;

        int64_t shifted = days + DAYS_BEFORE_EPOCH;
        int64_t era = floor_div(shifted, DAYS_PER_ERA);
        int64_t day_of_era = shifted - era * DAYS_PER_ERA;
        int64_t year_of_era =
                (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_PER_ERA - 1)) / 365;
        int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        int64_t march_month = (5 * day_of_year + 2) / 153;
        int month = (int) (march_month < 10 ? march_month + 3 : march_month - 9);
        return (struct fw_civil){
                .year = era * 400 + year_of_era + (month <= 2),
                .month = month,
                .day = (int) (day_of_year - (153 * march_month + 2) / 5 + 1),
                .hour = (int) (seconds / 3600),
                .minute = (int) (seconds / 60 % 60),
                .second = (int) (seconds % 60),
                .usec = (int) (in_day % (int64_t) FW_USEC_PER_SEC),
                .weekday = (int) (((days + 4) % 7 + 7) % 7),
        };
}

int fw_append_rfc3339(struct fw_buf *buf, int64_t usec)
{
        if (usec == FW_TIME_NONE)
                return buf->error;
        struct fw_civil civil = fw_civil_from_usec(usec);
        (void) fw_buf_printf(buf, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long) civil.year, civil.month, civil.day,
                             civil.hour, civil.minute, civil.second);
        if (civil.usec)
                (void) fw_buf_printf(buf, ".%06d", civil.usec);
        return fw_buf_append_byte(buf, 'Z');
}

int fw_append_local_time(struct fw_buf *buf, int64_t usec)
{
        if (usec == FW_TIME_NONE)
                return buf->error;
        time_t seconds = (time_t) floor_div(usec, (int64_t) FW_USEC_PER_SEC);
        struct tm local;
        char text[64];
        if (!localtime_r(&seconds, &local) || strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local) == 0)
                return fw_append_rfc3339(buf, usec);
        return fw_buf_append_c(buf, text);
}

struct reader {
        struct fw_str text;
        size_t at;
        bool failed;
};

/* Exactly `digits` digits, in [min, max]. */
static int read_number(struct reader *reader, size_t digits, uint64_t min, uint64_t max)
{
        uint64_t value = 0;
        struct fw_str part = fw_str_slice(reader->text, reader->at, reader->at + digits);
        if (part.len != digits || fw_str_to_u64(part, &value) < 0 || value < min || value > max)
                reader->failed = true;
        reader->at += digits;
        return (int) value;
}

/* One of `allowed`; returns it, or 0. */
static char read_one_of(struct reader *reader, const char *allowed)
{
        char c = reader->at < reader->text.len ? reader->text.p[reader->at] : '\0';
        if (c == '\0' || !strchr(allowed, c)) {
                reader->failed = true;
                return '\0';
        }
        reader->at++;
        return c;
}

static bool at_byte(const struct reader *reader, char c)
{
        return reader->at < reader->text.len && reader->text.p[reader->at] == c;
}

/* A fraction of a second, ".5" or any number of digits; what is finer than a microsecond is cut off. */
static int read_fraction(struct reader *reader)
{
        if (!at_byte(reader, '.'))
                return 0;
        reader->at++;
        int usec = 0;
        int weight = (int) FW_USEC_PER_SEC / 10;
        size_t first = reader->at;
        for (; reader->at < reader->text.len && fw_is_digit(reader->text.p[reader->at]); reader->at++) {
                usec += weight * (reader->text.p[reader->at] - '0');
                weight /= 10;
        }
        reader->failed |= reader->at == first;
        return usec;
}

/* "Z" or "+hh:mm"; in minutes */
static int read_zone(struct reader *reader)
{
        char sign = read_one_of(reader, "Zz+-");
        if (sign != '+' && sign != '-')
                return 0;
        int minutes = read_number(reader, 2, 0, 23) * 60;
        (void) read_one_of(reader, ":");
        minutes += read_number(reader, 2, 0, 59);
        return sign == '-' ? -minutes : minutes;
}

static int days_of_month(int64_t year, int month)
{
        int64_t next = month == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, month + 1, 1);
        return (int) (next - days_from_civil(year, month, 1));
}

int fw_parse_rfc3339(struct fw_str s, int64_t *ret_usec)
{
        struct reader reader = { .text = s };
        struct fw_civil civil = { 0 };
        civil.year = read_number(&reader, 4, 0, 9999);
        (void) read_one_of(&reader, "-");
        civil.month = read_number(&reader, 2, 1, 12);
        (void) read_one_of(&reader, "-");
        civil.day = read_number(&reader, 2, 1, 31);
        (void) read_one_of(&reader, "Tt ");
        civil.hour = read_number(&reader, 2, 0, 23);
        (void) read_one_of(&reader, ":");
        civil.minute = read_number(&reader, 2, 0, 59);
        (void) read_one_of(&reader, ":");
        civil.second = read_number(&reader, 2, 0, 60);
        civil.usec = read_fraction(&reader);
        int zone_minutes = read_zone(&reader);
        if (reader.failed || reader.at != s.len || civil.day > days_of_month(civil.year, civil.month))
                return -EINVAL;
        *ret_usec = fw_civil_to_usec(&civil) - (int64_t) zone_minutes * (int64_t) FW_USEC_PER_MINUTE;
        return 0;
}
