#include "feed/sniff.h"

#include "base/macros.h"
#include "base/utf8.h"
#include "feed/charset.h"
#include "feed/limits.h"

struct pattern {
        const char *bytes;
        size_t len;
        const char *converter;
        bool is_mark;
};

/* XML 1.0 appendix F.1, the longer first; '<' or '<?' where there is no mark. */
static const struct pattern patterns[] = {
        { "\x00\x00\xFE\xFF", 4, "UTF-32BE", true }, { "\xFF\xFE\x00\x00", 4, "UTF-32LE", true },
        { "\xEF\xBB\xBF", 3, "UTF-8", true },        { "\xFE\xFF", 2, "UTF-16BE", true },
        { "\xFF\xFE", 2, "UTF-16LE", true },         { "\x84\x31\x95\x33", 4, "gb18030", true },
        { "\x00\x00\x00<", 4, "UTF-32BE", false },   { "<\x00\x00\x00", 4, "UTF-32LE", false },
        { "\x00\x00\x00{", 4, "UTF-32BE", false },   { "{\x00\x00\x00", 4, "UTF-32LE", false },
        { "\x00<", 2, "UTF-16BE", false },           { "<\x00", 2, "UTF-16LE", false },
        { "\x00{", 2, "UTF-16BE", false },           { "{\x00", 2, "UTF-16LE", false },
        { "\x4C\x6F\xA7\x94", 4, "ibm-37", false },
};

static const struct pattern *find_pattern(struct fw_str body)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(patterns); i++)
                if (fw_str_starts(body, fw_str_n(patterns[i].bytes, patterns[i].len)))
                        return &patterns[i];
        return NULL;
}

/* The value of `name` in "…; name=value" or `name = 'value'`, or an empty view. */
static struct fw_str parameter(struct fw_str text, struct fw_str name)
{
        for (size_t at = 0; at + name.len < text.len; at++) {
                if (!fw_str_starts_nocase(fw_str_slice(text, at, text.len), name))
                        continue;
                struct fw_str value = fw_str_trim(fw_str_slice(text, at + name.len, text.len));
                if (value.len < 2 || value.p[0] != '=')
                        continue;
                value = fw_str_trim(fw_str_slice(value, 1, value.len));
                char quote = value.len > 0 && (value.p[0] == '"' || value.p[0] == '\'') ? value.p[0] : '\0';
                if (quote)
                        value = fw_str_slice(value, 1, value.len);
                size_t end = 0;
                while (end < value.len &&
                       (quote ? value.p[end] != quote : !fw_is_space(value.p[end]) && !strchr(";,?", value.p[end])))
                        end++;
                return fw_str_slice(value, 0, end);
        }
        return FW_STR_NONE;
}

/* `<name`, with or without a prefix, at `at`. */
static bool tag_is(struct fw_str text, size_t at, struct fw_str name)
{
        struct fw_str rest = fw_str_slice(text, at + 1, FW_MIN(text.len, at + 80));
        size_t end = 0;
        while (end < rest.len && !fw_is_space(rest.p[end]) && !strchr("/>", rest.p[end]))
                end++;
        rest = fw_str_slice(rest, 0, end);
        size_t colon = fw_str_find_byte(rest, ':', 0);
        return fw_str_eq_nocase(colon == SIZE_MAX ? rest : fw_str_slice(rest, colon + 1, rest.len), name);
}

static bool is_root(struct fw_str text, size_t at)
{
        static const char *const roots[] = { "rss", "feed", "rdf", "channel", "opml" };
        for (size_t i = 0; i < FW_ARRAY_LEN(roots); i++)
                if (tag_is(text, at, fw_str_c(roots[i])))
                        return true;
        return false;
}

/*
 * The encoding of the XML declaration, looked for before the root, past white space and what a server wrote before
 * it. JSON has none, whatever stands in its strings.
 */
static struct fw_str declared_encoding(struct fw_str text)
{
        text = fw_str_trim(fw_str_slice(text, 0, FW_LIMIT_SNIFF_BYTES));
        if (fw_str_starts(text, FW_STR("{")) || fw_str_starts(text, FW_STR("[")))
                return FW_STR_NONE;
        for (size_t at = 0; (at = fw_str_find_byte(text, '<', at)) != SIZE_MAX && !is_root(text, at); at++) {
                if (!fw_str_starts(fw_str_slice(text, at, text.len), FW_STR("<?xml")))
                        continue;
                size_t end = fw_str_find(text, FW_STR("?>"), at);
                return end == SIZE_MAX ? FW_STR_NONE : parameter(fw_str_slice(text, at, end), FW_STR("encoding"));
        }
        return FW_STR_NONE;
}

static bool is_wide(const char *converter)
{
        return strncmp(converter, "UTF-16", 6) == 0 || strncmp(converter, "UTF-32", 6) == 0;
}

static bool is_ascii_label(struct fw_str label)
{
        return fw_str_eq_nocase(label, FW_STR("us-ascii")) || fw_str_eq_nocase(label, FW_STR("ascii"));
}

/* What a label says, if the bytes let it be true. */
static const char *believe(struct fw_str label, struct fw_str body, const struct pattern *pattern,
                           struct fw_arena *arena, struct fw_str *ret_complaint)
{
        if (label.len == 0)
                return NULL;
        const char *converter = fw_charset_find(label);
        if (!converter) {
                *ret_complaint = fw_arena_printf(arena, "the charset '%.*s' is not known; read as UTF-8",
                                                 FW_STR_ARG(fw_utf8_cut(label, 64)));
                return NULL;
        }
        if (pattern) /* the bytes are of this family; within it the label may only name the family itself */
                return is_wide(pattern->converter) || is_wide(converter) ? pattern->converter : converter;
        if (is_wide(converter)) {
                *ret_complaint =
                        fw_arena_printf(arena, "the charset is declared as '%.*s' but is not that", FW_STR_ARG(label));
                return NULL;
        }
        if (is_ascii_label(label) && fw_utf8_valid(body))
                return "UTF-8";
        return converter;
}

static const char *choose_converter(struct fw_str body, struct fw_str content_type, const struct pattern *pattern,
                                    struct fw_arena *arena, struct fw_str *ret_complaint)
{
        if (pattern && pattern->is_mark)
                return pattern->converter;
        const char *converter =
                believe(parameter(content_type, FW_STR("charset")), body, pattern, arena, ret_complaint);
        if (converter)
                return converter;
        struct fw_str head = fw_str_slice(body, 0, FW_LIMIT_SNIFF_BYTES);
        if (pattern) {
                size_t ignored;
                head = fw_charset_to_utf8(fw_str_slice(head, 0, 1024), pattern->converter, arena, &ignored);
        }
        converter = believe(declared_encoding(head), body, pattern, arena, ret_complaint);
        return converter ? converter : pattern ? pattern->converter : "UTF-8";
}

static size_t count_lines(struct fw_str text)
{
        size_t lines = 0;
        for (size_t at = 0; (at = fw_str_find_byte(text, '\n', at)) != SIZE_MAX; at++)
                lines++;
        return lines;
}

/*
 * Where XML begins: at once, or past junk at its declaration or the root of a feed; SIZE_MAX if nothing looks like
 * it.
 */
static size_t find_document(struct fw_str text)
{
        struct fw_str head = fw_str_slice(text, 0, FW_LIMIT_SNIFF_BYTES);
        bool clean = fw_str_starts(head, FW_STR("<?xml")) || fw_str_starts(head, FW_STR("<!--"));
        if (clean)
                return 0;
        for (size_t at = 0; (at = fw_str_find_byte(head, '<', at)) != SIZE_MAX; at++)
                if (fw_str_starts(fw_str_slice(head, at, head.len), FW_STR("<?xml")) || is_root(head, at))
                        return at;
        return SIZE_MAX;
}

/* White space before the declaration is an error, before a document without one it is not. */
static void set_xml(struct fw_sniffed *sniffed, size_t start)
{
        struct fw_str junk = fw_str_slice(sniffed->text, 0, start);
        struct fw_str document = fw_str_slice(sniffed->text, start, sniffed->text.len);
        bool has_prolog =
                fw_str_find(junk, FW_STR("<!"), 0) != SIZE_MAX || fw_str_find(junk, FW_STR("<?"), 0) != SIZE_MAX;
        bool is_blank = fw_str_empty(fw_str_trim(junk)) && !fw_str_starts(document, FW_STR("<?xml"));
        sniffed->kind = FW_BODY_XML;
        if (has_prolog && !fw_str_starts(document, FW_STR("<?xml")) && fw_str_trim(junk).p[0] == '<')
                return; /* a document type or a stylesheet before the root: the document begins there */
        sniffed->skipped_bytes = is_blank ? 0 : start;
        sniffed->first_line += count_lines(junk);
        sniffed->text = document;
}

static bool is_text(struct fw_str text)
{
        size_t odd = 0;
        text = fw_str_slice(text, 0, 4096);
        for (size_t i = 0; i < text.len; i++)
                odd += (unsigned char) text.p[i] < ' ' && !fw_is_space(text.p[i]);
        return odd * 20 <= text.len;
}

static void set_kind(struct fw_sniffed *sniffed)
{
        struct fw_str trimmed = fw_str_trim(sniffed->text);
        if (trimmed.len == 0) {
                sniffed->kind = FW_BODY_EMPTY;
                return;
        }
        if (trimmed.p[0] == '{' || trimmed.p[0] == '[') {
                sniffed->kind = FW_BODY_JSON;
                return;
        }
        if (fw_str_starts_nocase(trimmed, FW_STR("<!doctype html")) || tag_is(trimmed, 0, FW_STR("html"))) {
                sniffed->kind = FW_BODY_HTML;
                return;
        }
        size_t start = find_document(sniffed->text);
        if (start != SIZE_MAX)
                set_xml(sniffed, start);
        else
                sniffed->kind = trimmed.p[0] == '<' && is_text(trimmed) ? FW_BODY_XML : FW_BODY_OTHER;
}

void fw_sniff(struct fw_str body, struct fw_str content_type, struct fw_arena *arena, struct fw_sniffed *ret)
{
        *ret = (struct fw_sniffed){ .first_line = 1 };
        const struct pattern *pattern = find_pattern(body);
        const char *converter = choose_converter(body, content_type, pattern, arena, &ret->complaint);
        size_t bad_offset;
        ret->text = fw_charset_to_utf8(body, converter, arena, &bad_offset);
        if (bad_offset != SIZE_MAX && fw_str_empty(ret->complaint))
                ret->complaint = fw_arena_printf(arena, "line %zu: bytes that are no %s",
                                                 1 + count_lines(fw_str_slice(ret->text, 0, bad_offset)), converter);
        if (fw_str_starts(ret->text, FW_STR("\xEF\xBB\xBF")))
                ret->text = fw_str_slice(ret->text, 3, ret->text.len);
        ret->whole = ret->text;
        set_kind(ret);
}
