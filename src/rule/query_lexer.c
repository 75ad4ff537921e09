#include "rule/query_lexer.h"

#include <stdlib.h>

/*
 * White space parts tokens; parentheses, '|' and a comma before white space end a word; everything else belongs to the word it
 * stands in and is cut later as the text is. A character that is an operator in one place and a sign in another is decided by
 * what stands before it: quotes, '/', '@', '$', '+' and '-' mean something only at the start of a token.
 */

void fw_query_lexer_init(struct fw_query_lexer *lexer, const struct fw_query_parser_context *context,
                         const struct fw_query_origin *origin)
{
        *lexer = (struct fw_query_lexer){
                .origin = origin, .text = origin->text, .arena = context->arena, .diag = context->diag
        };
}

struct fw_location fw_query_location(const struct fw_query_origin *origin, size_t from, size_t to)
{
        if (origin->node)
                return fw_yaml_text_location(origin->node, from, to);
        if (!origin->location.source)
                return FW_NOWHERE;
        return (struct fw_location){ .source = origin->location.source,
                                     .offset = origin->location.offset + from,
                                     .length = to - from };
}

static bool is_escapable(char c)
{
        return c == '"' || c == '\'' || c == '\\';
}

struct fw_str fw_query_unescape(struct fw_arena *arena, struct fw_str text)
{
        if (fw_str_find_byte(text, '\\', 0) == SIZE_MAX)
                return text;
        char *out = fw_arena_alloc(arena, text.len);
        size_t len = 0;
        for (size_t i = 0; i < text.len; i++) {
                if (text.p[i] == '\\' && i + 1 < text.len && is_escapable(text.p[i + 1]))
                        i++;
                out[len++] = text.p[i];
        }
        return fw_str_n(out, len);
}

/* The offset of the first unescaped `quote` at or after `from`, or SIZE_MAX. */
static size_t find_close(struct fw_str text, size_t from, char quote)
{
        for (size_t i = from; i < text.len; i++) {
                if (text.p[i] == '\\')
                        i++;
                else if (text.p[i] == quote)
                        return i;
        }
        return SIZE_MAX;
}

bool fw_query_is_quoted(struct fw_str text, char quote)
{
        return text.len >= 2 && text.p[0] == quote && find_close(text, 1, quote) == text.len - 1;
}

static char char_at(const struct fw_query_lexer *lexer, size_t at)
{
        return at < lexer->text.len ? lexer->text.p[at] : '\0';
}

static size_t skip_space(const struct fw_query_lexer *lexer, size_t at)
{
        while (at < lexer->text.len && fw_is_space(lexer->text.p[at]))
                at++;
        return at;
}

static struct fw_query_token token(const struct fw_query_lexer *lexer, enum fw_query_token_kind kind, size_t from,
                                   size_t to)
{
        return (struct fw_query_token){
                .kind = kind, .from = (uint32_t) from, .to = (uint32_t) to, .text = fw_str_slice(lexer->text, from, to)
        };
}

static struct fw_query_token take(struct fw_query_lexer *lexer, enum fw_query_token_kind kind, size_t to)
{
        struct fw_query_token taken = token(lexer, kind, lexer->at, to);
        lexer->at = to;
        return taken;
}

static struct fw_query_token broken(struct fw_query_lexer *lexer, size_t from, size_t to, const char *message)
{
        fw_diag_add(lexer->diag, FW_ERROR, fw_query_location(lexer->origin, from, to), "%s", message);
        struct fw_query_token bad = token(lexer, FW_TOK_BROKEN, from, lexer->text.len);
        lexer->at = lexer->text.len;
        return bad;
}

static struct fw_query_token lex_quoted(struct fw_query_lexer *lexer, char quote)
{
        size_t from = lexer->at;
        size_t close = find_close(lexer->text, from + 1, quote);
        if (close == SIZE_MAX)
                return broken(lexer, from, from + 1,
                              quote == '"' ? "this '\"' is never closed; a phrase ends with '\"'"
                                           : "this \"'\" is never closed; an exact term ends with \"'\" (an apostrophe "
                                             "at the start of a word is written \\')");
        struct fw_query_token quoted = take(lexer, quote == '"' ? FW_TOK_PHRASE : FW_TOK_EXACT, close + 1);
        quoted.text = fw_query_unescape(lexer->arena, fw_str_slice(lexer->text, from + 1, close));
        return quoted;
}

static struct fw_query_token lex_regex(struct fw_query_lexer *lexer)
{
        size_t from = lexer->at;
        size_t close = find_close(lexer->text, from + 1, '/');
        if (close == SIZE_MAX)
                return broken(lexer, from, from + 1,
                              "this '/' begins a regular expression that is never closed; it ends with '/' (a slash in "
                              "it is written \\/)");
        size_t end = close + 1;
        while (end < lexer->text.len && fw_is_alpha(lexer->text.p[end]))
                end++;
        struct fw_query_token regex = take(lexer, FW_TOK_REGEX, end);
        regex.text = fw_str_slice(lexer->text, from + 1, close);
        regex.argument = fw_str_slice(lexer->text, close + 1, end);
        return regex;
}

static bool is_name_char(char c)
{
        return fw_is_alpha(c) || fw_is_digit(c) || c == '-' || c == '_' || (unsigned char) c >= 0x80;
}

/* @entity and $name. In entities '.' and ':' stand between parts. */
static struct fw_query_token lex_name(struct fw_query_lexer *lexer, enum fw_query_token_kind kind)
{
        size_t end = lexer->at + 1;
        for (;; end++) {
                char c = char_at(lexer, end);
                bool inner = kind == FW_TOK_ENTITY && (c == '.' || c == ':') && is_name_char(char_at(lexer, end + 1));
                if (!is_name_char(c) && !inner)
                        break;
        }
        if (end == lexer->at + 1)
                return broken(
                        lexer, lexer->at, end,
                        kind == FW_TOK_ENTITY
                                ? "'@' needs the name of an entity right after it; put a sign that is meant as it "
                                  "is into '…'"
                                : "'$' needs a defined name right after it; put a sign that is meant as it is "
                                  "into '…'");
        struct fw_query_token name = take(lexer, kind, end);
        name.text = fw_str_slice(name.text, 1, name.text.len);
        return name;
}

/* Commas at the end of a word part the elements of a list; inside of a word they are the word's. */
static bool ends_list_item(const struct fw_query_lexer *lexer, size_t comma)
{
        while (char_at(lexer, comma + 1) == ',')
                comma++;
        char after = char_at(lexer, comma + 1);
        return fw_is_space(after) || strchr("()\"|", after);
}

static size_t word_end(const struct fw_query_lexer *lexer, size_t at)
{
        for (; at < lexer->text.len; at++) {
                char c = lexer->text.p[at];
                if (c == '\\' && at + 1 < lexer->text.len && is_escapable(lexer->text.p[at + 1])) {
                        at++;
                        continue;
                }
                bool parts =
                        fw_is_space(c) || (c != '\0' && strchr("()\"|", c)) || (c == ',' && ends_list_item(lexer, at));
                if (parts)
                        break;
        }
        return at;
}

/* The end of `name:` if the word at `at` begins so, else 0. */
static size_t field_end(const struct fw_query_lexer *lexer, size_t at, size_t end)
{
        char first = char_at(lexer, at);
        if (!fw_is_alpha(first) && (unsigned char) first < 0x80)
                return 0;
        while (at < end && is_name_char(lexer->text.p[at]))
                at++;
        return char_at(lexer, at) == ':' && at < end ? at + 1 : 0;
}

struct operator_word {
        struct fw_str name;
        enum fw_query_token_kind kind;
        bool slash;       /* takes /n */
        bool needs_paren; /* is a word unless '/' or '(' follows */
};

static const struct operator_word operator_words[] = {
        { FW_STR("AND"), FW_TOK_AND, false, false },       { FW_STR("OR"), FW_TOK_OR, false, false },
        { FW_STR("NOT"), FW_TOK_NOT, false, false },       { FW_STR("NEAR"), FW_TOK_NEAR, true, false },
        { FW_STR("BEFORE"), FW_TOK_BEFORE, true, false },  { FW_STR("FIRST"), FW_TOK_FIRST, true, true },
        { FW_STR("ATLEAST"), FW_TOK_ATLEAST, true, true },
};

/* An operator at [lexer->at, end), or a token of kind END if it is a word. */
static struct fw_query_token lex_operator(struct fw_query_lexer *lexer, size_t end)
{
        struct fw_str word = fw_str_slice(lexer->text, lexer->at, end);
        for (size_t i = 0; i < FW_ARRAY_LEN(operator_words); i++) {
                const struct operator_word *op = &operator_words[i];
                if (!fw_str_starts(word, op->name))
                        continue;
                bool slash = op->slash && word.len > op->name.len && word.p[op->name.len] == '/';
                if (!slash && word.len != op->name.len)
                        continue;
                if (op->needs_paren && !slash && char_at(lexer, end) != '(')
                        continue;
                struct fw_query_token found = take(lexer, op->kind, end);
                found.has_argument = slash;
                if (slash)
                        found.argument = fw_str_slice(word, op->name.len + 1, word.len);
                return found;
        }
        return token(lexer, FW_TOK_END, end, end);
}

/* "2 OF": the number is the word at [lexer->at, end). */
static bool is_of(const struct fw_query_lexer *lexer, size_t at, size_t *ret_end)
{
        if (!fw_str_eq(fw_str_slice(lexer->text, at, at + 2), FW_STR("OF")))
                return false;
        *ret_end = at + 2;
        return char_at(lexer, at + 2) == '(' || char_at(lexer, at + 2) == '\0' || fw_is_space(char_at(lexer, at + 2));
}

static bool all_digits(struct fw_str word)
{
        for (size_t i = 0; i < word.len; i++) {
                if (!fw_is_digit(word.p[i]))
                        return false;
        }
        return word.len > 0;
}

static struct fw_query_token lex_word(struct fw_query_lexer *lexer)
{
        size_t from = lexer->at;
        size_t end = word_end(lexer, from);
        size_t of_end;
        struct fw_str word = fw_str_slice(lexer->text, from, end);

        struct fw_query_token op = lex_operator(lexer, end);
        if (op.kind != FW_TOK_END)
                return op;
        if (all_digits(word) && is_of(lexer, skip_space(lexer, end), &of_end)) {
                struct fw_query_token of = take(lexer, FW_TOK_OF, of_end);
                of.argument = word;
                of.has_argument = true;
                return of;
        }
        if (is_of(lexer, from, &of_end) && of_end == end && char_at(lexer, skip_space(lexer, end)) == '(')
                return take(lexer, FW_TOK_OF, end);
        size_t colon = field_end(lexer, from, end);
        if (colon) {
                struct fw_query_token field = take(lexer, FW_TOK_FIELD, colon);
                field.text = fw_str_slice(field.text, 0, field.text.len - 1);
                return field;
        }
        return take(lexer, FW_TOK_WORD, end);
}

/* `+` and `-` are operators after white space or a parenthesis and before a term. */
static bool is_sign_operator(const struct fw_query_lexer *lexer)
{
        char before = lexer->at ? lexer->text.p[lexer->at - 1] : ' ';
        if (!fw_is_space(before) && before != '(' && before != ')')
                return false;
        char after = char_at(lexer, skip_space(lexer, lexer->at + 1));
        return after != '\0' && !strchr(")|,", after);
}

struct fw_query_token fw_query_lexer_next(struct fw_query_lexer *lexer)
{
        lexer->at = skip_space(lexer, lexer->at);
        if (lexer->at >= lexer->text.len)
                return token(lexer, FW_TOK_END, lexer->text.len, lexer->text.len);
        char c = lexer->text.p[lexer->at];
        switch (c) {
        case '(':
                return take(lexer, FW_TOK_LPAREN, lexer->at + 1);
        case ')':
                return take(lexer, FW_TOK_RPAREN, lexer->at + 1);
        case '|':
                return take(lexer, FW_TOK_OR, lexer->at + 1);
        case '"':
        case '\'':
                return lex_quoted(lexer, c);
        case '/':
                return lex_regex(lexer);
        case '@':
                return lex_name(lexer, FW_TOK_ENTITY);
        case '$':
                return lex_name(lexer, FW_TOK_NAME);
        case ',':
                if (ends_list_item(lexer, lexer->at))
                        return take(lexer, FW_TOK_COMMA, lexer->at + 1);
                return lex_word(lexer);
        case '+':
        case '-':
                if (is_sign_operator(lexer))
                        return take(lexer, c == '+' ? FW_TOK_AND : FW_TOK_NOT, lexer->at + 1);
                return lex_word(lexer);
        default:
                return lex_word(lexer);
        }
}
