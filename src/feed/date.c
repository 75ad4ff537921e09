#include "feed/date.h"

#include <stdbool.h>
#include <unicode/uchar.h>

#include "base/macros.h"
#include "base/utf8.h"
#include "feed/date_words.h"
#include "feed/limits.h"

/*
 * Not a list of formats but a reader of parts: a token says by its shape what it is (13:05 is a time, 2026-02-03 a
 * date, +0900 after a time a zone, "Feb" a month), and only what shape cannot tell goes by place: the first small
 * number is the day, the next number the year. "Tue, 3 Feb 26 04:05 EST" is so read by the same dozen rules as
 * "2026年2月3日 午後4時5分". What is left without year, month or day, or has a part out of its range, is no date.
 */
struct parts {
        int64_t year;
        int month, day; /* 0: not seen yet; week and ordinal dates are turned into these */
        int hour, minute, second, usec;
        bool has_year, has_time;
        bool is_iso; /* began with a year: what follows 'T' or a blank is a time of day without separators */
        int zone_minutes;
        bool has_zone;
        char half; /* 'a' or 'p' */
        bool is_wrong;
        int ambiguous[2]; /* a/b/2026: which is the month? 0: none */
};

struct number {
        int64_t value;
        size_t digits;
};

struct cursor {
        struct fw_str text;
        size_t at;
};

static char peek(const struct cursor *c, size_t ahead)
{
        return c->at + ahead < c->text.len ? c->text.p[c->at + ahead] : '\0';
}

static struct number take_number(struct cursor *c)
{
        struct number number = { 0 };
        for (; fw_is_digit(peek(c, 0)); c->at++, number.digits++)
                if (number.digits < 15)
                        number.value = number.value * 10 + (peek(c, 0) - '0');
        return number;
}

/* Takes ":05" or ".05" off: one separator of `separators`, then digits. */
static bool take_next(struct cursor *c, const char *separators, struct number *ret)
{
        if (!peek(c, 0) || !strchr(separators, peek(c, 0)) || !fw_is_digit(peek(c, 1)))
                return false;
        c->at++;
        *ret = take_number(c);
        return true;
}

static void take_fraction(struct cursor *c, struct parts *p)
{
        if ((peek(c, 0) != '.' && peek(c, 0) != ',') || !fw_is_digit(peek(c, 1)))
                return;
        c->at++;
        int scale = 100000;
        for (; fw_is_digit(peek(c, 0)); c->at++, scale /= 10)
                p->usec += (peek(c, 0) - '0') * scale;
}

static void take_time(struct cursor *c, struct number hour, struct parts *p)
{
        struct number minute = { 0 }, second = { 0 };
        (void) take_next(c, ":", &minute);
        if (take_next(c, ":", &second))
                take_fraction(c, p);
        if (p->has_time || hour.digits > 2 || minute.digits > 2 || second.digits > 2)
                p->is_wrong = true;
        p->hour = (int) hour.value;
        p->minute = (int) minute.value;
        p->second = (int) second.value;
        p->has_time = true;
}

/* 192030 or 1920 after the date. */
static void set_compact_time(struct cursor *c, struct number number, struct parts *p)
{
        if (number.digits == 4)
                number.value *= 100;
        else if (number.digits == 6)
                take_fraction(c, p);
        p->hour = (int) (number.value / 10000);
        p->minute = (int) (number.value / 100 % 100);
        p->second = (int) (number.value % 100);
        p->has_time = true;
}

/* +01:00, -0234, +9; "GMT+3" comes here too. */
static void take_offset(struct cursor *c, struct parts *p)
{
        int sign = peek(c, 0) == '-' ? -1 : 1;
        c->at++;
        struct number hours = take_number(c), minutes = { 0 };
        if (hours.digits > 2) {
                minutes.value = hours.value % 100;
                hours.value /= 100;
        } else {
                (void) take_next(c, ":", &minutes);
        }
        if (hours.digits > 4 || hours.value > 15 || minutes.value > 59)
                p->is_wrong = true;
        else
                p->zone_minutes = sign * (int) (hours.value * 60 + minutes.value);
        p->has_zone = true;
}

static void set_year(struct parts *p, struct number number)
{
        p->year = number.value;
        if (number.digits == 2) /* RFC 5322 §4.3 */
                p->year += number.value < 50 ? 2000 : 1900;
        else if (number.digits == 3)
                p->year += 1900;
        p->has_year = true;
}

static void set_day_of_year(struct parts *p, int64_t day)
{
        struct fw_civil civil = { .year = p->year, .month = 1, .day = 1 };
        if (day < 1 || day > 366 || p->year > 9999) {
                p->is_wrong = true;
                return;
        }
        civil = fw_civil_from_usec(fw_civil_to_usec(&civil) + (day - 1) * (int64_t) FW_USEC_PER_DAY);
        p->is_wrong |= civil.year != p->year;
        p->month = civil.month;
        p->day = civil.day;
}

/* ISO 8601 week `week` of the year, day 1 (Monday) to 7. */
static void set_week_date(struct parts *p, int64_t week, int64_t day)
{
        struct fw_civil civil = { .year = p->year, .month = 1, .day = 4 };
        if (week < 1 || week > 53 || day < 1 || day > 7 || p->year > 9999) {
                p->is_wrong = true;
                return;
        }
        int64_t fourth = fw_civil_to_usec(&civil);
        int64_t monday = (fw_civil_from_usec(fourth).weekday + 6) % 7;
        civil = fw_civil_from_usec(fourth + ((week - 1) * 7 + day - 1 - monday) * (int64_t) FW_USEC_PER_DAY);
        p->year = civil.year;
        p->month = civil.month;
        p->day = civil.day;
}

/* A date that begins with its year: what follows the first four digits. */
static void take_after_year(struct cursor *c, struct parts *p)
{
        struct number second, third;
        p->is_iso = true;
        size_t ahead = peek(c, 0) == '-' ? 1 : 0;
        if (fw_lower(peek(c, ahead)) == 'w' && fw_is_digit(peek(c, ahead + 1)) && fw_is_digit(peek(c, ahead + 2))) {
                c->at += ahead + 3;
                int64_t week = (c->text.p[c->at - 2] - '0') * 10 + (c->text.p[c->at - 1] - '0');
                third.value = 1;
                if (fw_is_digit(peek(c, 0)))
                        third = take_number(c);
                else
                        (void) take_next(c, "-", &third);
                set_week_date(p, week, third.value);
                return;
        }
        if (!take_next(c, "-/.", &second))
                return;
        if (second.digits == 3) {
                set_day_of_year(p, second.value);
                return;
        }
        p->month = (int) second.value;
        p->is_wrong |= second.value == 0 || second.digits > 2;
        if (!take_next(c, "-/.", &third))
                return;
        p->day = (int) third.value;
        p->is_wrong |= third.value == 0 || third.digits > 2;
}

/* 3.2.2026, 3-2-2026 and 3/2/2026: dots and hyphens have the day first; with slashes it depends on the writer. */
static void take_numeric_date(struct cursor *c, struct number first, struct parts *p)
{
        char separator = peek(c, 0);
        struct number second, year;
        if (!take_next(c, "/.-", &second) || !take_next(c, "/.-", &year)) {
                p->is_wrong = true;
                return;
        }
        set_year(p, year);
        bool month_first = separator == '/' && second.value > 12;
        p->day = (int) (month_first ? second.value : first.value);
        p->month = (int) (month_first ? first.value : second.value);
        if (separator == '/' && first.value <= 12 && second.value <= 12 && first.value != second.value) {
                p->ambiguous[0] = (int) first.value;
                p->ambiguous[1] = (int) second.value;
        }
}

static bool is_numeric_date(const struct cursor *c)
{
        size_t i = 0;
        for (int fields = 0; fields < 2; fields++) {
                if (!peek(c, i) || !strchr("/.-", peek(c, i)) || !fw_is_digit(peek(c, i + 1)))
                        return false;
                for (i++; fw_is_digit(peek(c, i)); i++)
                        continue;
        }
        return true;
}

/* "年", "월", "시": the character or word right after a number says what it counts. */
static char take_counter(struct cursor *c)
{
        if (peek(c, 0) == 'h' && fw_is_digit(peek(c, 1))) {
                c->at++;
                return 'h';
        }
        if ((unsigned char) peek(c, 0) < 0x80)
                return 0;
        size_t len;
        (void) fw_utf8_decode(c->text, c->at, &len);
        char counter = fw_date_counter(fw_str_slice(c->text, c->at, c->at + len));
        if (counter)
                c->at += len;
        return counter;
}

static void set_counted(struct parts *p, char counter, struct number number)
{
        int value = number.value > 9999 ? -1 : (int) number.value;
        switch (counter) {
        case 'Y':
                set_year(p, number);
                break;
        case 'M':
                p->month = value;
                break;
        case 'D':
                p->day = value;
                break;
        case 'h':
                p->hour = value;
                p->has_time = true;
                break;
        case 'm':
                p->minute = value;
                break;
        default:
                p->second = value;
        }
}

/* A bare number: compact forms by their length, else the first thing that is still missing. */
static void set_bare(struct cursor *c, struct number number, struct parts *p)
{
        bool wants_time = p->is_iso && p->day > 0 && !p->has_time;
        if (wants_time && (number.digits == 6 || number.digits == 4)) {
                set_compact_time(c, number, p);
        } else if (number.digits == 14 || number.digits == 12 || number.digits == 8) {
                int64_t below = number.digits == 14 ? 1000000 : number.digits == 12 ? 10000 : 1;
                int64_t date = number.value / below;
                set_year(p, (struct number){ .value = date / 10000, .digits = 4 });
                p->month = (int) (date / 100 % 100);
                p->day = (int) (date % 100);
                p->is_iso = true;
                if (below > 1)
                        set_compact_time(
                                c, (struct number){ .value = number.value % below, .digits = number.digits - 8 }, p);
        } else if (number.digits == 7 && !p->has_year) {
                set_year(p, (struct number){ .value = number.value / 1000, .digits = 4 });
                set_day_of_year(p, number.value % 1000);
                p->is_iso = true;
        } else if (p->day == 0 && number.digits <= 2) {
                p->day = (int) number.value;
                p->is_wrong |= number.value == 0;
        } else if (!p->has_year && number.digits <= 4) {
                set_year(p, number);
        } else {
                p->is_wrong = true;
        }
}

static void take_digits(struct cursor *c, struct parts *p)
{
        struct number number = take_number(c);
        char counter;
        if (peek(c, 0) == ':' && fw_is_digit(peek(c, 1))) {
                take_time(c, number, p);
        } else if (number.digits == 4 && !p->has_year && (p->day == 0 || p->month == 0)) {
                set_year(p, number);
                counter = take_counter(c);
                if (counter && counter != 'Y')
                        p->is_wrong = true;
                else if (!counter && p->day == 0 && p->month == 0)
                        take_after_year(c, p);
        } else if ((counter = take_counter(c))) {
                set_counted(p, counter, number);
        } else if (number.digits <= 2 && !p->has_year && is_numeric_date(c)) {
                take_numeric_date(c, number, p);
        } else {
                set_bare(c, number, p);
        }
}

static bool is_word_byte(char byte)
{
        return fw_is_alpha(byte) || (unsigned char) byte >= 0x80;
}

/* The next word in lower case; dots inside are kept ("a.m", "π.μ"). */
static struct fw_str take_word(struct cursor *c, char *out, size_t cap)
{
        size_t used = 0;
        while (is_word_byte(peek(c, 0)) || (peek(c, 0) == '.' && used > 0 && used < 4 && is_word_byte(peek(c, 1)))) {
                size_t len;
                uint32_t code = fw_utf8_decode(c->text, c->at, &len);
                c->at += len;
                if (used + 4 <= cap)
                        used += fw_utf8_encode((uint32_t) u_tolower((UChar32) code), out + used);
        }
        return fw_str_n(out, used);
}

static void take_text(struct cursor *c, struct parts *p)
{
        char bytes[64];
        struct fw_str word = take_word(c, bytes, sizeof(bytes));
        int month = fw_date_month(word), zone;
        char half = fw_date_half_of_day(word);
        if (month > 0)
                p->month = month;
        else if (half && !(word.len == 1 && !p->has_time))
                p->half = half;
        else if (p->has_time && !p->has_zone && fw_date_zone(word, &zone)) {
                p->zone_minutes = zone;
                p->has_zone = zone != 0 || word.len == 1; /* "GMT+3": the offset is still to come */
        }
}

/* Comments (RFC 5322 §3.2.2) nest, and a backslash quotes. */
static void skip_comment(struct cursor *c)
{
        for (size_t depth = 0; c->at < c->text.len; c->at++) {
                char byte = peek(c, 0);
                if (byte == '\\')
                        c->at++;
                else if (byte == '(')
                        depth++;
                else if (byte == ')' && --depth == 0)
                        break;
        }
        c->at++;
}

static void take_part(struct cursor *c, struct parts *p)
{
        char byte = peek(c, 0);
        if (byte == '(')
                skip_comment(c);
        else if (fw_is_digit(byte))
                take_digits(c, p);
        else if (is_word_byte(byte))
                take_text(c, p);
        else if ((byte == '+' || byte == '-') && p->has_time && !p->has_zone && fw_is_digit(peek(c, 1)))
                take_offset(c, p);
        else
                c->at++;
}

static bool settle(struct parts *p)
{
        if (p->ambiguous[0] > 0) {
                if (!p->half)
                        return false;
                p->month = p->ambiguous[0];
                p->day = p->ambiguous[1];
        }
        if (p->half) {
                if (p->hour < 1 || p->hour > 12)
                        return p->half == 'p' && p->hour <= 23; /* "14:30 PM" is what it says */
                p->hour = p->hour % 12 + (p->half == 'p' ? 12 : 0);
        }
        if (p->is_iso) {
                p->month = FW_MAX(p->month, 1);
                p->day = FW_MAX(p->day, 1);
        }
        return !p->is_wrong && p->has_year && p->year >= 1000 && p->year <= 9999;
}

static int days_in(int64_t year, int month)
{
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        return month == 2 && leap ? 29 : days[month - 1];
}

static bool in_range(const struct parts *p)
{
        if (p->month < 1 || p->month > 12 || p->day < 1 || p->day > days_in(p->year, p->month))
                return false;
        bool is_midnight_after = p->hour == 24 && p->minute == 0 && p->second == 0;
        return p->hour >= 0 && (p->hour <= 23 || is_midnight_after) && p->minute >= 0 && p->minute <= 59 &&
               p->second >= 0 && p->second <= 60;
}

int64_t fw_date_parse(struct fw_str text)
{
        struct cursor c = { .text = fw_str_trim(text) };
        struct parts p = { 0 };
        if (c.text.len > FW_LIMIT_DATE_BYTES || peek(&c, 0) == '-') /* "-0001-11-30": some databases' nothing */
                return FW_TIME_NONE;
        while (c.at < c.text.len)
                take_part(&c, &p);
        if (!settle(&p) || !in_range(&p))
                return FW_TIME_NONE;
        struct fw_civil civil = { .year = p.year,
                                  .month = p.month,
                                  .day = p.day,
                                  .minute = p.minute,
                                  .hour = p.hour == 24 ? 0 : p.hour,
                                  .second = p.second,
                                  .usec = p.usec };
        int64_t usec = fw_civil_to_usec(&civil) - (int64_t) p.zone_minutes * (int64_t) FW_USEC_PER_MINUTE;
        return p.hour == 24 ? usec + (int64_t) FW_USEC_PER_DAY : usec;
}
