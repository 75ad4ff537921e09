#include "base/str.h"

#include <errno.h>
#include <locale.h>
#include <math.h>

#include "base/alloc.h"

int fw_str_cmp(struct fw_str a, struct fw_str b)
{
        size_t common = FW_MIN(a.len, b.len);
        int r = common ? memcmp(a.p, b.p, common) : 0;
        return r ? r : (a.len > b.len) - (a.len < b.len);
}

bool fw_str_eq_nocase(struct fw_str a, struct fw_str b)
{
        return a.len == b.len && fw_str_starts_nocase(a, b);
}

bool fw_str_starts(struct fw_str s, struct fw_str prefix)
{
        return fw_str_eq(fw_str_slice(s, 0, prefix.len), prefix);
}

bool fw_str_starts_nocase(struct fw_str s, struct fw_str prefix)
{
        if (s.len < prefix.len)
                return false;
        for (size_t i = 0; i < prefix.len; i++)
                if (fw_lower(s.p[i]) != fw_lower(prefix.p[i]))
                        return false;
        return true;
}

bool fw_str_ends(struct fw_str s, struct fw_str suffix)
{
        return s.len >= suffix.len && fw_str_eq(fw_str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t fw_str_find(struct fw_str s, struct fw_str needle, size_t from)
{
        if (from > s.len || needle.len > s.len - from)
                return SIZE_MAX;
        if (needle.len == 0)
                return from;
        const char *found = memmem(s.p + from, s.len - from, needle.p, needle.len);
        return found ? (size_t) (found - s.p) : SIZE_MAX;
}

size_t fw_str_find_byte(struct fw_str s, char byte, size_t from)
{
        if (from >= s.len)
                return SIZE_MAX;
        const char *found = memchr(s.p + from, byte, s.len - from);
        return found ? (size_t) (found - s.p) : SIZE_MAX;
}

struct fw_str fw_str_trim(struct fw_str s)
{
        size_t from = 0, to = s.len;
        while (from < to && fw_is_space(s.p[from]))
                from++;
        while (to > from && fw_is_space(s.p[to - 1]))
                to--;
        return fw_str_slice(s, from, to);
}

bool fw_str_split(struct fw_str *rest, char separator, struct fw_str *ret_part)
{
        if (!rest->p)
                return false;
        if (rest->len == 0) {
                *rest = FW_STR_NONE;
                return false;
        }
        size_t at = fw_str_find_byte(*rest, separator, 0);
        *ret_part = fw_str_slice(*rest, 0, at);
        *rest = at == SIZE_MAX ? FW_STR_NONE : fw_str_slice(*rest, at + 1, rest->len);
        return true;
}

int fw_str_to_u64(struct fw_str s, uint64_t *ret_value)
{
        if (s.len == 0)
                return -EINVAL;
        uint64_t value = 0;
        bool overflow = false;
        for (size_t i = 0; i < s.len; i++) {
                if (!fw_is_digit(s.p[i]))
                        return -EINVAL;
                overflow |= __builtin_mul_overflow(value, 10, &value);
                overflow |= __builtin_add_overflow(value, (uint64_t) (s.p[i] - '0'), &value);
        }
        if (overflow)
                return -ERANGE;
        *ret_value = value;
        return 0;
}

int fw_str_to_i64(struct fw_str s, int64_t *ret_value)
{
        bool negative = s.len > 0 && s.p[0] == '-';
        uint64_t magnitude;
        int r = fw_str_to_u64(fw_str_slice(s, negative, s.len), &magnitude);
        if (r < 0)
                return r;
        if (magnitude > (uint64_t) INT64_MAX + negative)
                return -ERANGE;
        *ret_value = negative ? (int64_t) (0 - magnitude) : (int64_t) magnitude;
        return 0;
}

static size_t skip_digits(struct fw_str s, size_t at)
{
        while (at < s.len && fw_is_digit(s.p[at]))
                at++;
        return at;
}

/* RFC 8259 section 6 */
static bool is_json_number(struct fw_str s)
{
        size_t at = s.len > 0 && s.p[0] == '-';
        size_t end = skip_digits(s, at);
        if (end == at || (s.p[at] == '0' && end > at + 1))
                return false;
        if (end < s.len && s.p[end] == '.') {
                at = end + 1;
                end = skip_digits(s, at);
                if (end == at)
                        return false;
        }
        if (end < s.len && fw_lower(s.p[end]) == 'e') {
                at = end + 1;
                if (at < s.len && (s.p[at] == '+' || s.p[at] == '-'))
                        at++;
                end = skip_digits(s, at);
                if (end == at)
                        return false;
        }
        return end == s.len;
}

int fw_str_to_double(struct fw_str s, double *ret_value)
{
        if (!is_json_number(s))
                return -EINVAL;
        fw_cleanup(fw_freep) char *text = fw_strndup(s.p, s.len);
        locale_t c_locale = newlocale(LC_ALL_MASK, "C", NULL);
        double value = strtod_l(text, NULL, c_locale);
        freelocale(c_locale);
        if (!isfinite(value))
                return -ERANGE;
        *ret_value = value;
        return 0;
}

/* Longer names are no slips of the finger. */
#define LONGEST_WORD 64

static bool same(struct fw_str a, size_t i, struct fw_str b, size_t j)
{
        return fw_lower(a.p[i]) == fw_lower(b.p[j]);
}

unsigned fw_str_distance(struct fw_str a, struct fw_str b, unsigned limit)
{
        if (a.len > LONGEST_WORD || b.len > LONGEST_WORD)
                return fw_str_eq_nocase(a, b) ? 0 : limit + 1;

        /* optimal string alignment, three rows of the table */
        unsigned rows[3][LONGEST_WORD + 1];
        unsigned *before = rows[0], *above = rows[1], *row = rows[2];
        for (size_t j = 0; j <= b.len; j++)
                above[j] = (unsigned) j;
        for (size_t i = 1; i <= a.len; i++) {
                row[0] = (unsigned) i;
                for (size_t j = 1; j <= b.len; j++) {
                        unsigned replaced = above[j - 1] + !same(a, i - 1, b, j - 1);
                        row[j] = FW_MIN(replaced, FW_MIN(above[j], row[j - 1]) + 1);
                        if (i > 1 && j > 1 && same(a, i - 1, b, j - 2) && same(a, i - 2, b, j - 1))
                                row[j] = FW_MIN(row[j], before[j - 2] + 1);
                }
                unsigned *oldest = before;
                before = above;
                above = row;
                row = oldest;
        }
        return FW_MIN(above[b.len], limit + 1);
}

struct fw_str fw_str_nearest(struct fw_str wanted, const struct fw_str *candidates, size_t count)
{
        unsigned limit = (unsigned) FW_MAX(wanted.len / 3, (size_t) 1);
        unsigned best = limit + 1;
        struct fw_str nearest = FW_STR_NONE;
        for (size_t i = 0; i < count; i++) {
                unsigned distance = fw_str_distance(wanted, candidates[i], limit);
                if (distance < best) {
                        best = distance;
                        nearest = candidates[i];
                }
        }
        return nearest;
}
