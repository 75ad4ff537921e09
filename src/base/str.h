/*
 * str: a view of bytes, pointer and length. Not owned, not terminated, may hold any byte. Text in it is UTF-8 unless a
 * comment says otherwise.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct fw_str {
        const char *p; /* may be NULL when len is 0 */
        size_t len;
};

#define FW_STR(literal) ((struct fw_str){ .p = "" literal, .len = sizeof(literal) - 1 })
#define FW_STR_NONE     ((struct fw_str){ .p = NULL, .len = 0 })
/* For "%.*s". */
#define FW_STR_ARG(s) (int) (s).len, (s).p ? (s).p : ""

static inline struct fw_str fw_str_n(const char *p, size_t len)
{
        return (struct fw_str){ .p = p, .len = len };
}

/* A view of a terminated string; NULL gives an empty view. */
static inline struct fw_str fw_str_c(const char *text)
{
        return (struct fw_str){ .p = text, .len = text ? strlen(text) : 0 };
}

static inline bool fw_str_empty(struct fw_str s)
{
        return s.len == 0;
}

static inline bool fw_str_eq(struct fw_str a, struct fw_str b)
{
        return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* Bytes [from, to) of `s`; both are cut to its length. */
static inline struct fw_str fw_str_slice(struct fw_str s, size_t from, size_t to)
{
        if (!s.p)
                return FW_STR_NONE;
        if (to > s.len)
                to = s.len;
        if (from > to)
                from = to;
        return (struct fw_str){ .p = s.p + from, .len = to - from };
}

/* Byte order, shorter first; <0, 0, >0. */
int fw_str_cmp(struct fw_str a, struct fw_str b);
/* The same for ASCII letters of either case; other bytes as they are. */
bool fw_str_eq_nocase(struct fw_str a, struct fw_str b);
bool fw_str_starts(struct fw_str s, struct fw_str prefix);
bool fw_str_starts_nocase(struct fw_str s, struct fw_str prefix);
bool fw_str_ends(struct fw_str s, struct fw_str suffix);
/* Offset of the first `needle` at or after `from`, or SIZE_MAX. An empty needle is found at `from`. */
size_t fw_str_find(struct fw_str s, struct fw_str needle, size_t from);
size_t fw_str_find_byte(struct fw_str s, char byte, size_t from);
/* Without leading and trailing ASCII white space (space, tab, CR, LF, FF, VT). */
struct fw_str fw_str_trim(struct fw_str s);
/*
 * Takes the part of `*rest` before the first `separator` off into `*ret_part`; false when nothing is left. "a,,b" gives
 * "a", "", "b"; an empty `*rest` gives nothing.
 */
bool fw_str_split(struct fw_str *rest, char separator, struct fw_str *ret_part);

static inline bool fw_is_space(char c)
{
        return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool fw_is_digit(char c)
{
        return c >= '0' && c <= '9';
}
static inline bool fw_is_alpha(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline char fw_lower(char c)
{
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
}

/*
 * The whole of `s` as a decimal number: digits only, for the signed form after an optional '-'. 0; -EINVAL for anything
 * else, -ERANGE beyond the type.
 */
int fw_str_to_u64(struct fw_str s, uint64_t *ret_value);
int fw_str_to_i64(struct fw_str s, int64_t *ret_value);
/* A finite decimal number as JSON writes it, whatever the locale. 0, -EINVAL, -ERANGE. */
int fw_str_to_double(struct fw_str s, double *ret_value);

/*
 * How many single-character edits (insert, delete, replace, swap neighbours) part two short words; at most `limit` + 1.
 * For "did you mean": case of ASCII letters is ignored.
 */
unsigned fw_str_distance(struct fw_str a, struct fw_str b, unsigned limit);
/* The candidate nearest to `wanted` within a third of its length (at least 1 edit), or an empty view. */
struct fw_str fw_str_nearest(struct fw_str wanted, const struct fw_str *candidates, size_t count);

/* The word to be said after a number: "rule", "rules". */
static inline const char *fw_plural(uint64_t number, const char *one, const char *many)
{
        return number == 1 ? one : many;
}
