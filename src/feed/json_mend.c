#include "feed/json_mend.h"

#include "base/limits.h"
#include "base/macros.h"

/*
 * A machine with a stack of open brackets. `expect` says what may come next; anything else is mended or skipped, so
 * that the output is valid whatever the input was.
 */
enum expect {
        EXPECT_VALUE,
        EXPECT_KEY, /* or the end of the object */
        EXPECT_COLON,
        EXPECT_COMMA,   /* or the end of the container */
        EXPECT_NOTHING, /* the document is complete */
};

struct mender {
        struct fw_str text;
        size_t at;
        struct fw_arena *arena;
        struct fw_buf *out;
        char open[FW_LIMIT_NESTING]; /* '{' or '[' */
        size_t depth;
        enum expect expect;
        bool pending_comma; /* to be written before the next element, if there is one */
        struct fw_str problem;
};

static void complain(struct mender *m, const char *what)
{
        if (m->problem.len > 0)
                return;
        size_t line = 1;
        for (size_t i = 0; i < m->at && i < m->text.len; i++)
                line += m->text.p[i] == '\n';
        m->problem = fw_arena_printf(m->arena, "line %zu: %s", line, what);
}

static char peek(const struct mender *m, size_t ahead)
{
        return m->at + ahead < m->text.len ? m->text.p[m->at + ahead] : '\0';
}

static void put(struct mender *m, const char *text)
{
        (void) fw_buf_append_c(m->out, text);
}

static void put_comma(struct mender *m)
{
        if (m->pending_comma)
                put(m, ",");
        m->pending_comma = false;
}

static void after_value(struct mender *m)
{
        m->expect = m->depth > 0 ? EXPECT_COMMA : EXPECT_NOTHING;
}

/* The four hexadecimal digits at `ahead`, or -1. */
static int hex4(const struct mender *m, size_t ahead)
{
        int code = 0;
        for (size_t i = 0; i < 4; i++) {
                char c = fw_lower(peek(m, ahead + i));
                if (fw_is_digit(c))
                        code = code * 16 + (c - '0');
                else if (c >= 'a' && c <= 'f')
                        code = code * 16 + (c - 'a' + 10);
                else
                        return -1;
        }
        return code;
}

/* "\u…": pairs of surrogates pass, lone ones and rubbish do not; neither does NUL, which no text has. */
static void take_unicode_escape(struct mender *m)
{
        int high = hex4(m, 2), low = peek(m, 6) == '\\' && peek(m, 7) == 'u' ? hex4(m, 8) : -1;
        bool is_pair = high >= 0xD800 && high < 0xDC00 && low >= 0xDC00 && low < 0xE000;
        bool is_lone = high >= 0xD800 && high < 0xE000 && !is_pair;
        if (high <= 0 || is_lone) {
                complain(m, "an escape of no character");
                put(m, "\\ufffd");
                m->at += high < 0 ? 2 : 6;
                return;
        }
        size_t len = is_pair ? 12 : 6;
        (void) fw_buf_append(m->out, fw_str_slice(m->text, m->at, m->at + len));
        m->at += len;
}

static void take_escape(struct mender *m)
{
        char c = peek(m, 1);
        if (c == 'u') {
                take_unicode_escape(m);
        } else if (c && strchr("\"\\/bfnrt", c)) {
                (void) fw_buf_append(m->out, fw_str_slice(m->text, m->at, m->at + 2));
                m->at += 2;
        } else {
                complain(m, "a '\\' that escapes nothing");
                put(m, "\\\\");
                m->at++;
        }
}

static void take_string(struct mender *m)
{
        put(m, "\"");
        m->at++;
        while (m->at < m->text.len && peek(m, 0) != '"') {
                size_t start = m->at;
                while (m->at < m->text.len && peek(m, 0) != '"' && peek(m, 0) != '\\' &&
                       (unsigned char) peek(m, 0) >= ' ')
                        m->at++;
                (void) fw_buf_append(m->out, fw_str_slice(m->text, start, m->at));
                if (m->at == m->text.len || peek(m, 0) == '"')
                        break;
                if (peek(m, 0) == '\\') {
                        take_escape(m);
                        continue;
                }
                complain(m, "a control character in a string");
                put(m, peek(m, 0) == '\n' ? "\\n" : " ");
                m->at++;
        }
        if (m->at == m->text.len)
                complain(m, "the document ends inside a string");
        put(m, "\"");
        m->at = FW_MIN(m->at + 1, m->text.len);
}

/* Literals and numbers: whatever stands up to the next punctuation. */
static void take_word(struct mender *m)
{
        size_t start = m->at;
        while (m->at < m->text.len && !fw_is_space(peek(m, 0)) &&
               (peek(m, 0) == '\0' || !strchr(",:[]{}\"", peek(m, 0))))
                m->at++;
        struct fw_str word = fw_str_slice(m->text, start, m->at);
        int64_t number;
        double any;
        bool is_literal =
                fw_str_eq(word, FW_STR("true")) || fw_str_eq(word, FW_STR("false")) || fw_str_eq(word, FW_STR("null"));
        bool is_integer = fw_str_to_i64(word, &number) == 0 && word.len <= 16 && (word.p[0] != '0' || word.len == 1) &&
                          word.p[0] != '-';
        if (is_literal || is_integer) {
                (void) fw_buf_append(m->out, word);
        } else if (fw_str_to_double(word, &any) == 0) {
                put(m, "\"");
                (void) fw_buf_append(m->out, word);
                put(m, "\"");
        } else {
                complain(m, "a value that is none");
                put(m, "null");
        }
        after_value(m);
}

/* Over a value that is nested too deep, in one pass. */
static void skip_container(struct mender *m)
{
        size_t depth = 0;
        complain(m, "values are nested too deep");
        for (; m->at < m->text.len; m->at++) {
                char c = peek(m, 0);
                if (c == '"') {
                        for (m->at++; m->at < m->text.len && peek(m, 0) != '"'; m->at++)
                                m->at += peek(m, 0) == '\\';
                } else if (c == '[' || c == '{') {
                        depth++;
                } else if ((c == ']' || c == '}') && --depth == 0) {
                        m->at++;
                        break;
                }
        }
        m->at = FW_MIN(m->at, m->text.len);
        put(m, "null");
        after_value(m);
}

static void open_container(struct mender *m, char bracket)
{
        if (m->depth == FW_LIMIT_NESTING) {
                skip_container(m);
                return;
        }
        (void) fw_buf_append_byte(m->out, bracket);
        m->open[m->depth++] = bracket;
        m->expect = bracket == '{' ? EXPECT_KEY : EXPECT_VALUE;
        m->at++;
}

static void close_container(struct mender *m)
{
        if (m->expect == EXPECT_COLON)
                put(m, ":null");
        else if (m->expect == EXPECT_VALUE && m->open[m->depth - 1] == '{')
                put(m, "null");
        (void) fw_buf_append_byte(m->out, m->open[--m->depth] == '{' ? '}' : ']');
        m->pending_comma = false;
        after_value(m);
}

/* A closing bracket closes what is open of its kind; of the other kind, if there is none of its own. */
static void take_closer(struct mender *m, char opener)
{
        m->at++;
        size_t depth = m->depth;
        while (depth > 0 && m->open[depth - 1] != opener)
                depth--;
        if (depth != m->depth)
                complain(m, "a bracket that closes nothing");
        if (depth == 0)
                return;
        while (m->depth >= depth)
                close_container(m);
}

static void take_value(struct mender *m)
{
        char c = peek(m, 0);
        put_comma(m);
        if (c == '{' || c == '[') {
                open_container(m, c);
        } else if (c == '"') {
                take_string(m);
                after_value(m);
        } else {
                take_word(m);
        }
}

static void take_key(struct mender *m)
{
        if (peek(m, 0) != '"') {
                complain(m, "a key should be here");
                m->at++;
                return;
        }
        put_comma(m);
        take_string(m);
        m->expect = EXPECT_COLON;
}

static void take_comma(struct mender *m)
{
        if (m->expect != EXPECT_COMMA) {
                complain(m, "a comma too many");
        } else {
                m->pending_comma = true;
                m->expect = m->open[m->depth - 1] == '{' ? EXPECT_KEY : EXPECT_VALUE;
        }
        m->at++;
}

static void take_colon(struct mender *m)
{
        if (m->expect == EXPECT_COLON) {
                put(m, ":");
                m->expect = EXPECT_VALUE;
        } else {
                complain(m, "a ':' that belongs to no key");
        }
        m->at++;
}

/* Something else than the comma or colon that should be here: taken as if it stood there. */
static void supply(struct mender *m)
{
        complain(m, m->expect == EXPECT_COLON ? "a ':' is missing" : "a comma is missing");
        if (m->expect == EXPECT_COLON) {
                put(m, ":");
                m->expect = EXPECT_VALUE;
        } else {
                m->pending_comma = true;
                m->expect = m->open[m->depth - 1] == '{' ? EXPECT_KEY : EXPECT_VALUE;
        }
}

static void take_token(struct mender *m)
{
        char c = peek(m, 0);
        if (fw_is_space(c))
                m->at++;
        else if ((c == '}' || c == ']') && m->depth > 0) {
                if (m->pending_comma)
                        complain(m, "a comma too many");
                take_closer(m, c == '}' ? '{' : '[');
        } else if (c == ',' && m->depth > 0)
                take_comma(m);
        else if (c == ':')
                take_colon(m);
        else if (m->expect == EXPECT_KEY)
                take_key(m);
        else if (m->expect == EXPECT_VALUE)
                take_value(m);
        else
                supply(m);
}

void fw_json_mend(struct fw_str text, struct fw_arena *arena, struct fw_buf *out, struct fw_str *ret_problem)
{
        struct mender m = { .text = text, .arena = arena, .out = out, .expect = EXPECT_VALUE };
        while (m.at < text.len && m.expect != EXPECT_NOTHING)
                take_token(&m);
        if (m.depth > 0)
                complain(&m, "the document ends before it is complete");
        if (fw_str_trim(fw_str_slice(text, m.at, text.len)).len > 0)
                complain(&m, "something follows the document");
        while (m.depth > 0)
                close_container(&m);
        if (out->len == 0)
                put(&m, "null");
        *ret_problem = m.problem;
}
