/*
 * What is wrong with a YAML file before its nodes have a meaning: its bytes, and what libfyaml says, in words for people who
 * write a query into a YAML value and forget the quotes.
 */
#include "base/utf8.h"
#include "base/yaml_tree.h"

static bool is_allowed(uint32_t code)
{
        return code == '\t' || code == '\n' || code == '\r' ||
               (code >= 0x20 && code != 0x7F && (code < 0x80 || code > 0x9F)) || code == 0x85;
}

bool fw_yaml_check_bytes(const struct fw_source_text *source, struct fw_diag *diag)
{
        struct fw_str content = fw_source_content(source);
        size_t len;
        for (size_t at = 0; at < content.len; at += len) {
                uint32_t code = (uint8_t) content.p[at];
                len = 1;
                if (code >= 0x80)
                        code = fw_utf8_decode(content, at, &len);
                if (code == FW_REPLACEMENT && !fw_utf8_valid(fw_str_slice(content, at, at + len))) {
                        fw_diag_add(diag, FW_ERROR, (struct fw_location){ source, at, len },
                                    "byte 0x%02X is no UTF-8; save the file as UTF-8", (uint8_t) content.p[at]);
                        return false;
                }
                if (!is_allowed(code)) {
                        fw_diag_add(diag, FW_ERROR, (struct fw_location){ source, at, len },
                                    "control character U+%04X; remove it, or write it as \"\\x%02x\"", code, code);
                        return false;
                }
        }
        return true;
}

size_t fw_yaml_offset_of(struct fw_str content, size_t line, size_t column)
{
        size_t at = fw_str_starts(content, FW_STR("\xEF\xBB\xBF")) ? 3 : 0;
        for (size_t current = 1; current < line && at < content.len; at++)
                if (content.p[at] == '\n' ||
                    (content.p[at] == '\r' && (at + 1 == content.len || content.p[at + 1] != '\n')))
                        current++;
        for (size_t current = 1; current < column && at < content.len && content.p[at] != '\n'; current++) {
                size_t len;
                (void) fw_utf8_decode(content, at, &len);
                at += len;
        }
        return at;
}

/* Whether a tab stands among the white space that the line begins with. */
static bool is_indented_with_tab(struct fw_str content, size_t offset, size_t *ret_tab)
{
        size_t at = offset;
        while (at > 0 && content.p[at - 1] != '\n' && content.p[at - 1] != '\r')
                at--;
        while (at < content.len && content.p[at] == ' ')
                at++;
        *ret_tab = at;
        return at < content.len && content.p[at] == '\t';
}

/* The end of the line that `offset` is in, then the next line's tab. */
static bool is_next_line_indented_with_tab(struct fw_str content, size_t offset, size_t *ret_tab)
{
        size_t end = fw_str_find_byte(content, '\n', offset);
        return end != SIZE_MAX && is_indented_with_tab(content, end + 1, ret_tab);
}

static const struct {
        const char *starts_with;
        const char *says;
} translations[] = {
        { "plain scalar cannot start with",
          "a value cannot begin with this character; put quotes around the whole value" },
        { "invalid trailing content after", "text goes on after the closing quote; put the whole value into quotes, "
                                            "and write a quote inside '…' twice" },
        { "invalid nested block mapping on the same line", "a second ': ' in one line; put quotes around the value" },
        { "invalid multiline plain key",
          "this is no 'key: value'; the ':' is missing, or the next line is indented too far" },
        { "invalid multiline double-quoted", "a key cannot go on over several lines; is a closing quote missing?" },
        { "invalid multiline single-quoted", "a key cannot go on over several lines; is a closing quote missing?" },
        { "flow sequence without a closing bracket", "a '[' was opened and not closed with ']'" },
        { "flow mapping without a closing brace", "a '{' was opened and not closed with '}'" },
        { "missing comma in flow sequence", "a ',' or the closing ']' is missing" },
        { "missing comma in flow mapping", "a ',' or the closing '}' is missing" },
        { "flow sequence with invalid extra closing bracket",
          "a ']' without '['; put quotes around a text that has it" },
        { "flow mapping with invalid extra closing brace", "a '}' without '{'; put quotes around a text that has it" },
        { "double-quoted scalar without closing quote", "the closing '\"' is missing" },
        { "single-quoted scalar without closing quote", "the closing ' is missing" },
        { "block scalar no linebreak found",
          "nothing may stand behind '|' or '>'; put quotes around a text that begins with it" },
        { "invalid anchor detected", "a value cannot begin with '&'; put quotes around the whole value" },
        { "invalid alias detected", "a value cannot begin with '*'; put quotes around the whole value" },
        { "invalid scalar at the end of block sequence", "a list's elements begin with '- '; check the indentation" },
        { "wrong indendation in sequence", "this is indented differently from what stands above" },
        { "invalid mapping in plain multiline", "this is indented differently from what stands above" },
        { "did not find expected key", "'key: value' is expected here; check the indentation" },
        { "wrongly indented", "the lines of a quoted text must be indented further than its key" },
        { "block sequence on the same line as a mapping key", "a list begins on the line after its key" },
};

void fw_yaml_say_syntax_error(const struct fw_source_text *source, size_t offset, const char *message,
                              struct fw_diag *diag)
{
        struct fw_str content = fw_source_content(source);
        struct fw_str said = fw_str_c(message);
        size_t tab;
        if (is_indented_with_tab(content, offset, &tab) || (fw_str_starts(said, FW_STR("invalid multiline")) &&
                                                            is_next_line_indented_with_tab(content, offset, &tab))) {
                fw_diag_add(diag, FW_ERROR, (struct fw_location){ source, tab, 1 },
                            "a tab cannot indent in YAML; use spaces");
                return;
        }
        struct fw_location location = { .source = source, .offset = offset };
        for (size_t i = 0; i < FW_ARRAY_LEN(translations); i++) {
                if (fw_str_starts(said, fw_str_c(translations[i].starts_with))) {
                        fw_diag_add(diag, FW_ERROR, location, "%s", translations[i].says);
                        return;
                }
        }
        fw_diag_add(diag, FW_ERROR, location, "%s", message);
}
