#include "feed/xml_entities.h"

#include "base/macros.h"
#include "base/utf8.h"
#include "feed/limits.h"
#include "text/html.h"

void fw_xml_entities_init(struct fw_xml_entities *entities, struct fw_arena *arena, size_t document_bytes)
{
        *entities = (struct fw_xml_entities){
                .arena = arena,
                .budget_bytes = FW_LIMIT_XML_ENTITY_BYTES + FW_LIMIT_XML_ENTITY_RATIO * document_bytes,
        };
        fw_map_init(&entities->values);
}

void fw_xml_entities_done(struct fw_xml_entities *entities)
{
        fw_map_done(&entities->values);
}

static bool is_xml_character(uint32_t code)
{
        return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0xD800) ||
               (code >= 0xE000 && code < 0xFFFE) || (code >= 0x10000 && code <= 0x10FFFF);
}

/* "&#233;" or "&#xE9;" at `at`; false if it is none. A code of no character gives 0. */
static bool read_number(struct fw_str text, size_t at, uint32_t *ret_code, size_t *ret_len)
{
        size_t i = at + 2;
        bool is_hex = i < text.len && (text.p[i] == 'x' || text.p[i] == 'X');
        size_t start = i += is_hex;
        uint32_t code = 0;
        for (; i < text.len; i++) {
                char c = fw_lower(text.p[i]);
                bool is_letter = is_hex && c >= 'a' && c <= 'f';
                if (!fw_is_digit(c) && !is_letter)
                        break;
                uint32_t digit = (uint32_t) (is_letter ? c - 'a' + 10 : c - '0');
                code = FW_MIN(code * (is_hex ? 16 : 10) + digit, 0x110000u);
        }
        if (i == start)
                return false;
        *ret_code = is_xml_character(code) ? code : 0;
        *ret_len = i - at + (i < text.len && text.p[i] == ';');
        return true;
}

static enum fw_xml_reference resolve_number(struct fw_str text, size_t at, struct fw_buf *out, size_t *ret_len)
{
        uint32_t code;
        if (!read_number(text, at, &code, ret_len)) {
                *ret_len = 1;
                (void) fw_buf_append_byte(out, '&');
                return FW_XML_REFERENCE_NONE;
        }
        if (code == 0)
                return FW_XML_REFERENCE_FOREIGN;
        char bytes[4];
        (void) fw_buf_append(out, fw_str_n(bytes, fw_utf8_encode(code, bytes)));
        return text.p[at + *ret_len - 1] == ';' ? FW_XML_REFERENCE_GOOD : FW_XML_REFERENCE_FOREIGN;
}

/* The name between '&' and ';', or an empty view. */
static struct fw_str reference_name(struct fw_str text, size_t at)
{
        size_t end = at + 1;
        while (end < text.len && end - at < 256 &&
               (fw_is_alpha(text.p[end]) || fw_is_digit(text.p[end]) || strchr("._-:", text.p[end]) ||
                (text.p[end] & 0x80)))
                if (text.p[end++] == '\0')
                        break;
        return end < text.len && text.p[end] == ';' ? fw_str_slice(text, at + 1, end) : FW_STR_NONE;
}

static bool predefined(struct fw_str name, char *ret)
{
        static const struct {
                const char *name;
                char c;
        } table[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' } };
        for (size_t i = 0; i < FW_ARRAY_LEN(table); i++) {
                if (!fw_str_eq(name, fw_str_c(table[i].name)))
                        continue;
                *ret = table[i].c;
                return true;
        }
        return false;
}

static bool resolve_html(struct fw_str text, size_t at, struct fw_buf *out)
{
        uint32_t codes[2] = { 0 };
        size_t len = fw_html_decode_reference(text, at, false, codes);
        if (len == 0 || text.p[at + len - 1] != ';')
                return false;
        for (size_t i = 0; i < 2 && codes[i]; i++) {
                char bytes[4];
                (void) fw_buf_append(out, fw_str_n(bytes, fw_utf8_encode(codes[i], bytes)));
        }
        return true;
}

/* Every step costs its own length even if it yields nothing, so that no nest of empty entities is free. */
static bool pay(struct fw_xml_entities *entities, size_t bytes)
{
        if (entities->budget_bytes < bytes)
                return false;
        entities->budget_bytes -= bytes;
        return true;
}

static enum fw_xml_reference resolve(struct fw_xml_entities *entities, struct fw_str text, size_t at, unsigned depth,
                                     struct fw_buf *out, size_t *ret_len);

static enum fw_xml_reference expand(struct fw_xml_entities *entities, struct fw_str value, unsigned depth,
                                    struct fw_buf *out)
{
        enum fw_xml_reference worst = FW_XML_REFERENCE_GOOD;
        size_t at = 0, len;
        if (depth > FW_LIMIT_XML_ENTITY_DEPTH || !pay(entities, value.len + 1))
                return FW_XML_REFERENCE_ENDLESS;
        while (at < value.len) {
                size_t next = FW_MIN(fw_str_find_byte(value, '&', at), value.len);
                (void) fw_buf_append(out, fw_str_slice(value, at, next));
                at = next;
                if (at == value.len)
                        break;
                enum fw_xml_reference got = resolve(entities, value, at, depth, out, &len);
                if (got == FW_XML_REFERENCE_ENDLESS)
                        return got;
                worst = FW_MAX(worst, got);
                at += len;
        }
        return worst;
}

static enum fw_xml_reference resolve(struct fw_xml_entities *entities, struct fw_str text, size_t at, unsigned depth,
                                     struct fw_buf *out, size_t *ret_len)
{
        if (at + 1 < text.len && text.p[at + 1] == '#')
                return resolve_number(text, at, out, ret_len);
        struct fw_str name = reference_name(text, at);
        *ret_len = name.len + 2;
        char c;
        if (predefined(name, &c)) {
                (void) fw_buf_append_byte(out, c);
                return FW_XML_REFERENCE_GOOD;
        }
        const union fw_map_value *value = name.len > 0 ? fw_map_get(&entities->values, name) : NULL;
        if (value)
                return value->pointer ? expand(entities, *(const struct fw_str *) value->pointer, depth + 1, out)
                                      : FW_XML_REFERENCE_GOOD;
        if (name.len > 0 && resolve_html(text, at, out))
                return entities->may_have_others ? FW_XML_REFERENCE_GOOD : FW_XML_REFERENCE_FOREIGN;
        *ret_len = 1;
        (void) fw_buf_append_byte(out, '&');
        return FW_XML_REFERENCE_NONE;
}

enum fw_xml_reference fw_xml_resolve(struct fw_xml_entities *entities, struct fw_str text, size_t at,
                                     struct fw_buf *out, size_t *ret_len)
{
        size_t before = out->len;
        enum fw_xml_reference got = resolve(entities, text, at, 0, out, ret_len);
        if (got == FW_XML_REFERENCE_ENDLESS)
                out->len = before;
        return got;
}

static size_t skip_space(struct fw_str text, size_t at)
{
        while (at < text.len && fw_is_space(text.p[at]))
                at++;
        return at;
}

static struct fw_str read_word(struct fw_str text, size_t *at)
{
        *at = skip_space(text, *at);
        size_t start = *at;
        while (*at < text.len && !fw_is_space(text.p[*at]) && !strchr("<>[]\"'", text.p[*at]))
                (*at)++;
        return fw_str_slice(text, start, *at);
}

/* A literal in either quotes; an empty view without a pointer if there is none. */
static struct fw_str read_literal(struct fw_str text, size_t *at)
{
        *at = skip_space(text, *at);
        if (*at >= text.len || (text.p[*at] != '"' && text.p[*at] != '\''))
                return FW_STR_NONE;
        size_t start = *at + 1, end = FW_MIN(fw_str_find_byte(text, text.p[*at], start), text.len);
        *at = FW_MIN(end + 1, text.len);
        return fw_str_slice(text, start, end);
}

/* XML 1.0 §4.5: numbers are resolved when the entity is declared, names when it is used. */
static struct fw_str replacement_text(struct fw_xml_entities *entities, struct fw_str literal)
{
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (size_t at = 0, len; at < literal.len; at += len) {
                len = 1;
                if (fw_str_starts(fw_str_slice(literal, at, literal.len), FW_STR("&#")))
                        (void) resolve_number(literal, at, &out, &len);
                else
                        (void) fw_buf_append_byte(&out, literal.p[at]);
        }
        return fw_arena_copy(entities->arena, fw_buf_str(&out));
}

/* `<!ENTITY name "value">` behind its first word; parameter entities and external ones are only noted. */
static void read_entity(struct fw_xml_entities *entities, struct fw_str text, size_t *at)
{
        struct fw_str name = read_word(text, at);
        if (fw_str_eq(name, FW_STR("%"))) {
                entities->may_have_others = true;
                return;
        }
        struct fw_str literal = read_literal(text, at);
        bool is_new;
        union fw_map_value *value = fw_map_put(&entities->values, fw_arena_copy(entities->arena, name), &is_new);
        if (!is_new || !literal.p) /* the first declaration counts; an external one stands for nothing */
                return;
        struct fw_str *replacement = fw_arena_new_object(entities->arena, struct fw_str);
        *replacement = replacement_text(entities, literal);
        value->pointer = replacement;
}

/* Over a declaration to behind its '>', quotes respected. */
static size_t skip_declaration(struct fw_str text, size_t at)
{
        while (at < text.len && text.p[at] != '>' && text.p[at] != ']') {
                if (text.p[at] == '"' || text.p[at] == '\'')
                        at = FW_MIN(fw_str_find_byte(text, text.p[at], at + 1), text.len - 1);
                at++;
        }
        return at < text.len && text.p[at] == '>' ? at + 1 : at;
}

static size_t read_internal_subset(struct fw_xml_entities *entities, struct fw_str text, size_t at)
{
        while (at < text.len && text.p[at] != ']') {
                struct fw_str rest = fw_str_slice(text, at, text.len);
                if (fw_str_starts(rest, FW_STR("<!--"))) {
                        size_t end = fw_str_find(text, FW_STR("-->"), at + 4);
                        at = end == SIZE_MAX ? text.len : end + 3;
                } else if (fw_str_starts(rest, FW_STR("<!ENTITY"))) {
                        at += strlen("<!ENTITY");
                        read_entity(entities, text, &at);
                        at = skip_declaration(text, at);
                } else if (rest.p[0] == '<') {
                        at = skip_declaration(text, at + 1);
                } else {
                        entities->may_have_others |= rest.p[0] == '%';
                        at++;
                }
        }
        return FW_MIN(at + 1, text.len);
}

size_t fw_xml_read_doctype(struct fw_xml_entities *entities, struct fw_str text, size_t at)
{
        while (at < text.len && text.p[at] != '[' && text.p[at] != '>') {
                struct fw_str word = read_word(text, &at);
                entities->may_have_others |= fw_str_eq(word, FW_STR("SYSTEM")) || fw_str_eq(word, FW_STR("PUBLIC"));
                if (!read_literal(text, &at).p && word.len == 0 && at < text.len && text.p[at] != '[' &&
                    text.p[at] != '>')
                        at++;
        }
        if (at < text.len && text.p[at] == '[')
                at = read_internal_subset(entities, text, at + 1);
        return skip_declaration(text, at);
}
