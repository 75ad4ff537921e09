/*
 * query_lexer: a query's text → tokens.
 */
#pragma once

#include "rule/query.h"

enum fw_query_token_kind {
        FW_TOK_END,
        FW_TOK_WORD,
        FW_TOK_PHRASE,
        FW_TOK_EXACT,
        FW_TOK_REGEX,
        FW_TOK_ENTITY,
        FW_TOK_NAME,
        FW_TOK_FIELD,
        FW_TOK_LPAREN,
        FW_TOK_RPAREN,
        FW_TOK_COMMA,
        FW_TOK_AND,
        FW_TOK_OR,
        FW_TOK_NOT,
        FW_TOK_NEAR,
        FW_TOK_BEFORE,
        FW_TOK_FIRST,
        FW_TOK_ATLEAST,
        FW_TOK_OF,
        FW_TOK_BROKEN, /* an error was told */
};

struct fw_query_token {
        enum fw_query_token_kind kind;
        uint32_t from, to;      /* bytes of the query */
        struct fw_str text;     /* what the token says: the word, the phrase unescaped, the field's or entity's name */
        struct fw_str argument; /* NEAR/…, FIRST/…, ATLEAST/…: what follows the slash; n OF: n; regex: flags */
        bool has_argument;      /* there was a slash */
};

struct fw_query_lexer {
        const struct fw_query_origin *origin;
        struct fw_str text;
        size_t at;
        struct fw_arena *arena;
        struct fw_diag *diag;
};

void fw_query_lexer_init(struct fw_query_lexer *lexer, const struct fw_query_parser_context *context,
                         const struct fw_query_origin *origin);
struct fw_query_token fw_query_lexer_next(struct fw_query_lexer *lexer);
/* True if the text is one exact term or phrase from its first to its last byte: opened by `quote`, closed at the end. */
bool fw_query_is_quoted(struct fw_str text, char quote);
/* `\"`, `\'` and `\\` become the second character; other backslashes stay. */
struct fw_str fw_query_unescape(struct fw_arena *arena, struct fw_str text);
