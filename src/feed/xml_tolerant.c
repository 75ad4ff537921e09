#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/macros.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "feed/limits.h"
#include "feed/xml.h"
#include "feed/xml_entities.h"
#include "feed/xml_repair.h"

struct open_element {
        struct fw_str name; /* with its prefix, as written */
        size_t namespaces;  /* in scope outside of it */
        unsigned kind;      /* of xml_repair.h */
};

struct declaration {
        struct fw_str prefix;
        struct fw_str uri;
        enum fw_namespace namespace;
};

struct raw_attribute {
        struct fw_str name;
        size_t value, value_len; /* in `values` */
};

struct tolerant {
        struct fw_str text;
        size_t at;
        size_t first_line;
        const struct fw_xml_handler *handler;
        void *userdata;
        struct fw_arena *arena;
        struct fw_xml_entities entities;
        FW_VEC(struct open_element) open;
        size_t too_deep; /* open elements beyond the limit, not reported */
        FW_VEC(struct declaration) namespaces;
        FW_VEC(struct raw_attribute) raw;
        FW_VEC(struct fw_xml_attribute) attributes;
        struct fw_buf values, pending;
        size_t cdata_end; /* the next "]]>" at or after the last place asked for; SIZE_MAX: none */
        size_t cdata_asked;
        bool no_more[256]; /* quotes, and '-' for "-->", of which there is no further one */
        bool seen_root;
        bool is_broken; /* known not to be well-formed: elements may have been left open */
        struct fw_str problem;
};

/* Keeps the first only: the rest mostly follows from it. */
static void fw_printf(3, 4) complain(struct tolerant *t, size_t at, const char *format, ...)
{
        if (t->problem.len > 0)
                return;
        size_t line = t->first_line;
        for (size_t i = 0; (i = fw_str_find_byte(fw_str_slice(t->text, 0, at), '\n', i)) != SIZE_MAX; i++)
                line++;
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&words, format, args);
        va_end(args);
        t->problem = fw_arena_printf(t->arena, "line %zu: %s", line, fw_buf_c(&words));
}

static char at(const struct tolerant *t, size_t offset)
{
        return offset < t->text.len ? t->text.p[offset] : '\0';
}

static struct fw_str rest(const struct tolerant *t)
{
        return fw_str_slice(t->text, t->at, t->text.len);
}

/*
 * Like fw_str_find_byte(), but remembers that there is no more of a byte, so that no two searches read the same in
 * vain.
 */
static size_t find_quote(struct tolerant *t, char quote, size_t from)
{
        if (t->no_more[(unsigned char) quote])
                return SIZE_MAX;
        size_t found = fw_str_find_byte(t->text, quote, from);
        t->no_more[(unsigned char) quote] = found == SIZE_MAX;
        return found;
}

/* One reference at `offset`, appended to `out`; returns its length. */
static size_t resolve_reference(struct tolerant *t, struct fw_str text, size_t offset, size_t place, struct fw_buf *out)
{
        size_t len;
        switch (fw_xml_resolve(&t->entities, text, offset, out, &len)) {
        case FW_XML_REFERENCE_GOOD:
                break;
        case FW_XML_REFERENCE_FOREIGN:
                complain(t, place, "'%.*s' is no reference that XML knows",
                         FW_STR_ARG(fw_utf8_cut(fw_str_slice(text, offset, offset + len), 32)));
                break;
        case FW_XML_REFERENCE_ENDLESS:
                complain(t, place, "the entity '%.*s' contains itself or grows too large", (int) FW_MIN(len, 32u),
                         text.p + offset);
                break;
        case FW_XML_REFERENCE_NONE:
                complain(t, place, "'&' that begins no reference; it should be '&amp;'");
        }
        return len;
}

static bool is_forbidden(struct fw_str text, size_t i)
{
        unsigned char c = (unsigned char) text.p[i];
        if (c < 0x20)
                return c != '\t' && c != '\n' && c != '\r';
        return c == 0xEF && i + 2 < text.len && (unsigned char) text.p[i + 1] == 0xBF &&
               (unsigned char) text.p[i + 2] >= 0xBE;
}

/* Appends `text` without what XML forbids, references resolved if `references`. `place`: its offset, for messages. */
static void append_clean(struct tolerant *t, struct fw_str text, size_t place, bool references, struct fw_buf *out)
{
        size_t start = 0, i = 0;
        while (i < text.len) {
                bool is_reference = references && text.p[i] == '&';
                if (!is_reference && !is_forbidden(text, i)) {
                        i++;
                        continue;
                }
                (void) fw_buf_append(out, fw_str_slice(text, start, i));
                if (is_reference) {
                        i += resolve_reference(t, text, i, place + i, out);
                } else {
                        complain(t, place + i, "a character that XML forbids (0x%02x)", (unsigned char) text.p[i]);
                        i += text.p[i] == '\xEF' ? 3 : 1;
                }
                start = i;
        }
        (void) fw_buf_append(out, fw_str_slice(text, start, text.len));
}

static void report_text(struct tolerant *t, size_t from, size_t to, bool references)
{
        if (t->open.len == 0 || t->too_deep > 0 || from == to)
                return;
        fw_buf_reset(&t->pending);
        append_clean(t, fw_str_slice(t->text, from, to), from, references, &t->pending);
        if (t->pending.len > 0)
                t->handler->text(t->userdata, fw_buf_str(&t->pending));
}

static void close_top(struct tolerant *t)
{
        t->namespaces.len = t->open.p[--t->open.len].namespaces;
        t->handler->end(t->userdata);
}

static void close_down_to(struct tolerant *t, size_t len, size_t place)
{
        while (t->open.len > len) {
                complain(t, place, "<%.*s> is never closed", FW_STR_ARG(t->open.p[t->open.len - 1].name));
                close_top(t);
        }
}

static bool is_name_start(char c)
{
        return fw_is_alpha(c) || c == '_' || c == ':' || (c & 0x80);
}

static struct fw_str read_name(struct tolerant *t)
{
        size_t start = t->at;
        while (t->at < t->text.len && !fw_is_space(at(t, t->at)) && !strchr("/><=\"'", at(t, t->at)))
                t->at++;
        if (t->at < t->text.len && at(t, t->at) == '\0' && t->at == start)
                t->at++;
        return fw_str_slice(t->text, start, t->at);
}

static void skip_space(struct tolerant *t)
{
        while (t->at < t->text.len && fw_is_space(t->text.p[t->at]))
                t->at++;
}

static void append_value(struct tolerant *t, size_t from, size_t to)
{
        size_t before = t->values.len;
        append_clean(t, fw_str_slice(t->text, from, to), from, true, &t->values);
        for (size_t i = before; i < t->values.len; i++) /* XML 1.0 §3.3.3 */
                if (fw_is_space(t->values.p[i]))
                        t->values.p[i] = ' ';
}

static bool is_value_start(char c)
{
        return c && !fw_is_space(c) && c != '/' && c != '>' && c != '?';
}

/*
 * Where a value that begins at `start` ends if its closing quote was forgotten: with its tag, or before the next
 * attribute.
 */
static size_t forgotten_quote_end(struct tolerant *t, size_t start, size_t end)
{
        struct fw_str value = fw_str_slice(t->text, start, end == SIZE_MAX ? t->text.len : end);
        size_t tag_end = fw_str_find_byte(value, '>', 0);
        bool spans_tags = end == SIZE_MAX || (tag_end != SIZE_MAX && fw_str_find_byte(value, '<', tag_end) != SIZE_MAX);
        if (spans_tags) {
                size_t last = start + FW_MIN(tag_end, value.len);
                return last > start && at(t, last - 1) == '/' ? last - 1 : last;
        }
        /* url="http://e.example/a length="5": the quote found is the next attribute's */
        bool is_next_value = value.len > 0 && value.p[value.len - 1] == '=' && is_value_start(at(t, end + 1));
        size_t blank = is_next_value ? fw_str_find_byte(value, ' ', 0) : SIZE_MAX;
        return blank == SIZE_MAX ? SIZE_MAX : start + blank;
}

static void read_quoted(struct tolerant *t)
{
        size_t start = t->at + 1, end = find_quote(t, at(t, t->at), start);
        size_t forgotten = forgotten_quote_end(t, start, end);
        if (forgotten != SIZE_MAX)
                complain(t, start, "an attribute's value has no closing quote");
        append_value(t, start, forgotten != SIZE_MAX ? forgotten : end);
        t->at = FW_MIN(forgotten != SIZE_MAX ? forgotten : end + 1, t->text.len);
}

static void read_value(struct tolerant *t)
{
        if (at(t, t->at) == '"' || at(t, t->at) == '\'') {
                read_quoted(t);
                return;
        }
        size_t start = t->at;
        complain(t, start, "an attribute's value has no quotes");
        while (t->at < t->text.len && !fw_is_space(at(t, t->at)) && at(t, t->at) != '>' && at(t, t->at) != '<')
                t->at++;
        if (t->at > start && at(t, t->at) == '>' && at(t, t->at - 1) == '/')
                t->at--;
        append_value(t, start, t->at);
}

static void read_attribute(struct tolerant *t)
{
        struct raw_attribute attribute = { .value = t->values.len };
        size_t start = t->at;
        attribute.name = read_name(t);
        if (attribute.name.len == 0) {
                complain(t, t->at, "'%c' where an attribute should be", at(t, t->at));
                t->at++;
                return;
        }
        skip_space(t);
        if (at(t, t->at) == '=') {
                t->at++;
                skip_space(t);
                read_value(t);
        } else {
                complain(t, start, "the attribute '%.*s' has no value", FW_STR_ARG(fw_utf8_cut(attribute.name, 32)));
        }
        attribute.value_len = t->values.len - attribute.value;
        if (t->raw.len < FW_LIMIT_XML_ATTRIBUTES) {
                fw_vec_push(&t->raw, attribute);
        } else {
                complain(t, start, "more than %zu attributes", FW_LIMIT_XML_ATTRIBUTES);
                t->values.len = attribute.value;
        }
}

/* Attributes up to the end of the tag. False if the document ends first; `*ret_empty`: "/>". */
static bool read_attributes(struct tolerant *t, bool *ret_empty)
{
        fw_buf_reset(&t->values);
        t->raw.len = 0;
        *ret_empty = false;
        for (skip_space(t); t->at < t->text.len; skip_space(t)) {
                char c = at(t, t->at);
                if (c == '>') {
                        t->at++;
                        return true;
                }
                if (c == '<') {
                        complain(t, t->at, "a tag begins inside another");
                        return true;
                }
                *ret_empty = c == '/' && at(t, t->at + 1) == '>';
                if (c == '/')
                        t->at++;
                else
                        read_attribute(t);
        }
        return false;
}

static struct fw_str prefix_of(struct fw_str name, struct fw_str *ret_local)
{
        size_t colon = fw_str_find_byte(name, ':', 0);
        *ret_local = colon == SIZE_MAX ? name : fw_str_slice(name, colon + 1, name.len);
        return colon == SIZE_MAX ? FW_STR_NONE : fw_str_slice(name, 0, colon);
}

static void declare_namespaces(struct tolerant *t, size_t place)
{
        for (size_t i = 0; i < t->raw.len; i++) {
                struct fw_str local, prefix = prefix_of(t->raw.p[i].name, &local);
                bool is_default = fw_str_empty(prefix) && fw_str_eq(local, FW_STR("xmlns"));
                if (!is_default && !fw_str_eq(prefix, FW_STR("xmlns")))
                        continue;
                if (t->namespaces.len >= FW_LIMIT_XML_NAMESPACES) {
                        complain(t, place, "more than %zu namespaces", FW_LIMIT_XML_NAMESPACES);
                        return;
                }
                struct fw_str uri = fw_str_slice(fw_buf_str(&t->values), t->raw.p[i].value,
                                                 t->raw.p[i].value + t->raw.p[i].value_len);
                struct declaration declaration = { .prefix = is_default ? FW_STR_NONE : local,
                                                   .uri = fw_arena_copy(t->arena, uri),
                                                   .namespace = fw_namespace_of(uri) };
                fw_vec_push(&t->namespaces, declaration);
        }
}

static struct declaration find_namespace(struct tolerant *t, struct fw_str prefix, size_t place)
{
        for (size_t i = t->namespaces.len; i > 0; i--)
                if (fw_str_eq(t->namespaces.p[i - 1].prefix, prefix))
                        return t->namespaces.p[i - 1];
        struct declaration unknown = { .prefix = prefix, .namespace = FW_NS_NONE };
        if (!fw_str_empty(prefix)) {
                unknown.namespace = fw_namespace_of_prefix(prefix);
                if (unknown.namespace != FW_NS_XML)
                        complain(t, place, "the prefix '%.*s' is not declared", FW_STR_ARG(fw_utf8_cut(prefix, 32)));
        }
        return unknown;
}

static void collect_attributes(struct tolerant *t, size_t place)
{
        t->attributes.len = 0;
        for (size_t i = 0; i < t->raw.len; i++) {
                struct fw_str local, prefix = prefix_of(t->raw.p[i].name, &local);
                if (fw_str_eq(prefix, FW_STR("xmlns")) || fw_str_eq(t->raw.p[i].name, FW_STR("xmlns")))
                        continue;
                struct fw_xml_attribute attribute = {
                        .name = local,
                        .namespace = fw_str_empty(prefix) ? FW_NS_NONE : find_namespace(t, prefix, place).namespace,
                        .value = fw_str_slice(fw_buf_str(&t->values), t->raw.p[i].value,
                                              t->raw.p[i].value + t->raw.p[i].value_len),
                };
                fw_vec_push(&t->attributes, attribute);
        }
}

/* The number of open elements that may stay open when one of `kind` begins; see xml_repair.h. */
static size_t room_for(const struct tolerant *t, unsigned kind)
{
        size_t len = t->open.len;
        unsigned parents = kind & FW_XML_ITEM ? FW_XML_ITEM_PARENT : kind & FW_XML_FIELD ? FW_XML_CONTAINER : 0;
        if (parents) {
                while (len > 0 && !(t->open.p[len - 1].kind & parents))
                        len--;
                return len > 0 ? len : t->open.len;
        }
        return kind & FW_XML_NAMESAKE && len > 0 && t->open.p[len - 1].kind & FW_XML_LEAF ? len - 1 : len;
}

static void start_element(struct tolerant *t, struct fw_str name, bool is_empty, size_t place)
{
        unsigned kind = fw_xml_kind(name);
        if (t->is_broken || kind & FW_XML_ITEM)
                close_down_to(t, room_for(t, kind), place);
        if (t->too_deep > 0 || t->open.len >= FW_LIMIT_NESTING) {
                complain(t, place, "elements are nested deeper than %d", FW_LIMIT_NESTING);
                t->too_deep += !is_empty;
                return;
        }
        struct open_element element = { .name = name, .namespaces = t->namespaces.len, .kind = kind };
        declare_namespaces(t, place);
        struct fw_str local, prefix = prefix_of(name, &local);
        struct declaration declaration = find_namespace(t, prefix, place);
        collect_attributes(t, place);
        fw_vec_push(&t->open, element);
        if (t->seen_root && t->open.len == 1)
                complain(t, place, "another document follows");
        t->seen_root = true;
        struct fw_xml_element reported = { .namespace = declaration.namespace,
                                           .uri = declaration.uri,
                                           .name = local,
                                           .attributes = t->attributes.p,
                                           .attributes_len = t->attributes.len,
                                           .offset = place };
        t->handler->start(t->userdata, &reported);
        if (is_empty)
                close_top(t);
}

static void read_start_tag(struct tolerant *t)
{
        size_t place = t->at++;
        struct fw_str name = read_name(t);
        bool is_empty;
        if (read_attributes(t, &is_empty))
                start_element(t, name, is_empty, place);
        else
                complain(t, place, "the document ends inside a tag");
}

static void read_end_tag(struct tolerant *t)
{
        size_t place = t->at;
        t->at += 2;
        struct fw_str name = read_name(t);
        size_t end = FW_MIN(fw_str_find_byte(t->text, '>', t->at), t->text.len);
        size_t next = fw_str_find_byte(fw_str_slice(t->text, 0, end), '<', t->at);
        if (end == t->text.len || next != SIZE_MAX)
                complain(t, place, "the tag '</%.*s' is cut short", FW_STR_ARG(fw_utf8_cut(name, 32)));
        t->at = next != SIZE_MAX ? next : FW_MIN(end + 1, t->text.len);
        if (t->too_deep > 0) {
                t->too_deep--;
                return;
        }
        size_t open = t->open.len;
        while (open > 0 && !fw_str_eq_nocase(t->open.p[open - 1].name, name))
                open--;
        if (open == 0) {
                complain(t, place, "'</%.*s>' closes nothing", FW_STR_ARG(fw_utf8_cut(name, 32)));
                return;
        }
        close_down_to(t, open, place);
        close_top(t);
}

/* The end of the CDATA section that starts at t->at: its "]]>", or where it must have ended if that was forgotten. */
static size_t find_cdata_end(struct tolerant *t, size_t start, size_t *ret_next)
{
        if (t->cdata_end != SIZE_MAX && (t->cdata_end < start || t->cdata_asked == 0))
                t->cdata_end = fw_str_find(t->text, FW_STR("]]>"), start);
        t->cdata_asked = start;
        size_t limit = FW_MIN(t->cdata_end, t->text.len);
        struct fw_str inside = fw_str_slice(t->text, 0, limit);
        size_t another = fw_str_find(inside, FW_STR("<![CDATA["), start);
        if (t->cdata_end != SIZE_MAX && another == SIZE_MAX) {
                *ret_next = t->cdata_end + 3;
                return t->cdata_end;
        }
        char closer[64];
        struct fw_str name = t->open.len > 0 ? fw_str_slice(t->open.p[t->open.len - 1].name, 0, 60) : FW_STR_NONE;
        int len = snprintf(closer, sizeof(closer), "</%.*s", FW_STR_ARG(name));
        struct fw_str before = fw_str_slice(inside, 0, FW_MIN(another, inside.len));
        size_t end = fw_str_find(before, fw_str_n(closer, (size_t) len), start);
        if (end != SIZE_MAX || t->cdata_end == SIZE_MAX) {
                complain(t, start, "a CDATA section is never closed");
                *ret_next = FW_MIN(end, t->text.len);
                return *ret_next;
        }
        *ret_next = t->cdata_end + 3;
        return t->cdata_end;
}

static void read_cdata(struct tolerant *t)
{
        size_t start = t->at + strlen("<![CDATA["), next;
        size_t end = find_cdata_end(t, start, &next);
        report_text(t, start, end, false);
        t->at = next;
}

/* A comment that is never closed is only the tag that it looks like: what follows may be good. */
static void read_comment(struct tolerant *t)
{
        size_t end = t->no_more['-'] ? SIZE_MAX : fw_str_find(t->text, FW_STR("-->"), t->at + 2);
        t->no_more['-'] = end == SIZE_MAX;
        if (end == SIZE_MAX) {
                complain(t, t->at, "a comment is never closed");
                size_t next = FW_MIN(fw_str_find_byte(t->text, '<', t->at + 1), t->text.len);
                size_t close = fw_str_find_byte(fw_str_slice(t->text, 0, next), '>', t->at);
                t->at = close == SIZE_MAX ? next : close + 1;
                return;
        }
        size_t dashes = fw_str_find(fw_str_slice(t->text, 0, end), FW_STR("--"), t->at + 4);
        if (dashes != SIZE_MAX)
                complain(t, dashes, "'--' inside a comment");
        t->at = end + 3;
}

/* `<?…?>`, and `<!…>` that is none of the above. */
static void skip_to(struct tolerant *t, char last)
{
        size_t end = fw_str_find_byte(t->text, last, t->at);
        if (end == SIZE_MAX)
                complain(t, t->at, "the document ends inside a declaration");
        t->at = FW_MIN(FW_MIN(end, t->text.len) + 1, t->text.len);
}

static void read_instruction(struct tolerant *t)
{
        bool is_declaration = fw_str_starts(rest(t), FW_STR("<?xml")) && fw_is_space(at(t, t->at + 5));
        if (is_declaration && t->at > 0)
                complain(t, t->at, "the XML declaration is not at the start");
        skip_to(t, '>');
}

static void read_markup(struct tolerant *t)
{
        struct fw_str here = rest(t);
        char next = at(t, t->at + 1);
        if (fw_str_starts(here, FW_STR("<![CDATA[")))
                read_cdata(t);
        else if (fw_str_starts(here, FW_STR("<!--")))
                read_comment(t);
        else if (fw_str_starts_nocase(here, FW_STR("<!DOCTYPE")) && !t->seen_root)
                t->at = fw_xml_read_doctype(&t->entities, t->text, t->at + strlen("<!DOCTYPE"));
        else if (next == '?')
                read_instruction(t);
        else if (next == '!')
                skip_to(t, '>');
        else if (next == '/' && is_name_start(at(t, t->at + 2)))
                read_end_tag(t);
        else if (is_name_start(next))
                read_start_tag(t);
        else {
                complain(t, t->at, "'<' that begins no tag; it should be '&lt;'");
                report_text(t, t->at, t->at + 1, false);
                t->at++;
        }
}

static void read_document(struct tolerant *t)
{
        while (t->at < t->text.len) {
                if (t->seen_root && t->open.len == 0 && !fw_is_space(t->text.p[t->at]) && t->text.p[t->at] != '<')
                        complain(t, t->at, "something follows the end of the document");
                size_t next = FW_MIN(fw_str_find_byte(t->text, '<', t->at), t->text.len);
                report_text(t, t->at, next, true);
                t->at = next;
                if (next < t->text.len)
                        read_markup(t);
        }
        if (t->open.len > 0)
                complain(t, t->text.len, "the document ends before </%.*s>", FW_STR_ARG(t->open.p[0].name));
        close_down_to(t, 0, t->text.len);
}

void fw_xml_read_tolerant(struct fw_str text, size_t first_line, bool is_broken, const struct fw_xml_handler *handler,
                          void *userdata, struct fw_arena *arena, struct fw_str *ret_problem)
{
        struct tolerant t = { .text = text,
                              .first_line = first_line,
                              .handler = handler,
                              .userdata = userdata,
                              .arena = arena,
                              .is_broken = is_broken };
        fw_buf_init(&t.values, FW_BUF_UNBOUNDED);
        fw_buf_init(&t.pending, FW_BUF_UNBOUNDED);
        fw_xml_entities_init(&t.entities, arena, text.len);
        read_document(&t);
        fw_xml_entities_done(&t.entities);
        fw_buf_done(&t.values);
        fw_buf_done(&t.pending);
        fw_vec_done(&t.open);
        fw_vec_done(&t.namespaces);
        fw_vec_done(&t.raw);
        fw_vec_done(&t.attributes);
        *ret_problem = t.problem;
}
