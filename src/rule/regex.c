#include "rule/program.h"

/*
 * Patterns are compiled when rules are loaded, just-in-time where PCRE2 can; nothing is compiled while matching. Subjects
 * need not be valid UTF-8.
 */

uint32_t fw_regex_add(struct fw_program *program, const struct fw_query_node *node, struct fw_diag *diag)
{
        uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
        for (size_t i = 0; i < node->flags.len; i++) {
                char flag = node->flags.p[i];
                options |= flag == 'i'   ? PCRE2_CASELESS
                           : flag == 'm' ? PCRE2_MULTILINE
                           : flag == 's' ? PCRE2_DOTALL
                                         : PCRE2_EXTENDED;
        }
        int error;
        PCRE2_SIZE offset;
        pcre2_code *code = pcre2_compile((PCRE2_SPTR) node->text.p, node->text.len, options, &error, &offset, NULL);
        if (!code) {
                PCRE2_UCHAR words[256];
                (void) pcre2_get_error_message(error, words, sizeof(words));
                size_t at = FW_MIN(node->from + 1 + offset, (size_t) node->to - 1);
                fw_diag_add(diag, FW_ERROR, fw_query_location(node->origin, at, at + 1),
                            "this regular expression cannot be read here: %s", (const char *) words);
                return FW_NONE;
        }
        uint32_t matches_empty = 0;
        (void) pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &matches_empty);
        if (matches_empty)
                fw_diag_add(diag, FW_WARNING, fw_query_node_location(node),
                            "this regular expression can match nothing at all; such empty matches do not count");
        /* Without JIT the interpreter runs it. */
        (void) pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
        fw_vec_push(&program->regexes, (struct fw_regex){ .code = code });
        return (uint32_t) program->regexes.len - 1;
}
