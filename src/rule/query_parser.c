#include "rule/query_lexer.h"

#include <errno.h>

#include "base/limits.h"

/*
 * Recursive descent, one function a level of binding, loosest first:
 *
 *     or      = and { OR and }
 *     and     = not { [AND] not }
 *     not     = [NOT] near { NOT near }
 *     near    = operand { (NEAR/n | BEFORE/n | NOT NEAR/n) operand }
 *     operand = field ":" operand | FIRST/n "(" or ")" | ATLEAST/n "(" or ")" | n OF "(" or { ", " or } ")"
 *             | "(" or ")" | word | phrase | exact | regex | @entity | $name
 *
 * The first error of the grammar ends a query; what can be told apart from it (fields, numbers, terms) is told and passed over.
 */

struct parser {
        const struct fw_query_parser_context *context;
        const struct fw_query_origin *origin;
        struct fw_query_lexer lexer;
        struct fw_query_token current;
        struct fw_query_token next;
        unsigned depth;
        unsigned list_depth; /* commas part the list of an n OF at this depth */
        bool failed;         /* there were errors; the tree is no good */
        bool stopped;        /* the grammar is lost */
};

struct node_list {
        struct fw_query_node **p;
        size_t len, cap;
};

static struct fw_query_node *parse_or(struct parser *parser);
static struct fw_query_node *parse_operand(struct parser *parser);

static void advance(struct parser *parser)
{
        parser->current = parser->next;
        parser->next = fw_query_lexer_next(&parser->lexer);
}

__attribute__((format(printf, 4, 5))) static void fail(struct parser *parser, size_t from, size_t to,
                                                       const char *format, ...)
{
        struct fw_buf message = FW_BUF_INIT(4096);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&message, format, args);
        va_end(args);
        fw_diag_add(parser->context->diag, FW_ERROR, fw_query_location(parser->origin, from, to), "%s",
                    fw_buf_c(&message));
        fw_buf_done(&message);
        parser->failed = true;
}

/* Tells an error of the grammar, unless one was told; nothing after it can be understood. */
#define stop(parser, token, ...)                                                   \
        do {                                                                       \
                if (!(parser)->stopped && (parser)->current.kind != FW_TOK_BROKEN) \
                        fail((parser), (token).from, (token).to, __VA_ARGS__);     \
                (parser)->failed = (parser)->stopped = true;                       \
        } while (0)

static struct fw_query_node *node_new(struct parser *parser, enum fw_query_kind kind, size_t from, size_t to)
{
        struct fw_query_node *node = fw_arena_new_object(parser->context->arena, struct fw_query_node);
        node->kind = kind;
        node->origin = parser->origin;
        node->from = (uint32_t) from;
        node->to = (uint32_t) to;
        return node;
}

static void list_add(struct parser *parser, struct node_list *list, struct fw_query_node *node)
{
        if (!node)
                return;
        if (list->len == list->cap) {
                size_t cap = list->cap ? list->cap * 2 : 4;
                struct fw_query_node **grown = fw_arena_new_array(parser->context->arena, struct fw_query_node *, cap);
                if (list->len)
                        memcpy(grown, list->p, list->len * sizeof(*grown));
                list->p = grown;
                list->cap = cap;
        }
        list->p[list->len++] = node;
}

/* The node itself if there is but one, else a group of them. */
static struct fw_query_node *group(struct parser *parser, enum fw_query_kind kind, const struct node_list *list)
{
        if (list->len == 0)
                return NULL;
        if (list->len == 1)
                return list->p[0];
        struct fw_query_node *node = node_new(parser, kind, list->p[0]->from, list->p[list->len - 1]->to);
        node->children = list->p;
        node->children_len = list->len;
        return node;
}

static struct fw_query_node *wrap(struct parser *parser, enum fw_query_kind kind, size_t from,
                                  struct fw_query_node *child)
{
        struct fw_query_node *node = node_new(parser, kind, from, child->to);
        node->children = fw_arena_new_array(parser->context->arena, struct fw_query_node *, 1);
        node->children[0] = child;
        node->children_len = 1;
        return node;
}

/* ---- terms ---- */

static bool is_any_only(const struct fw_query_words *words)
{
        for (size_t i = 0; i < words->len; i++) {
                if (words->p[i].kind != FW_WORD_ANY)
                        return false;
        }
        return true;
}

static void cut_words(struct parser *parser, struct fw_query_node *node, unsigned flags)
{
        node->words = fw_query_cut(parser->context->tokenizer, parser->context->arena, node->text, flags);
        if (node->words.len == 0)
                fail(parser, node->from, node->to,
                     node->quoted
                             ? "there is no word in this phrase; write one or more words between the quotation marks"
                             : "there is no word in '%.*s'; write a word, or the signs within a regular expression "
                               "/…/",
                     FW_STR_ARG(node->text));
        else if (is_any_only(&node->words))
                fail(parser, node->from, node->to,
                     "a lone '*' would match every word; write at least one letter beside it");
}

static struct fw_query_node *word_node(struct parser *parser, struct fw_str text, size_t from, size_t to)
{
        struct fw_query_node *node = node_new(parser, FW_QUERY_WORDS, from, to);
        unsigned flags = FW_CUT_WILDCARDS;
        node->text = fw_query_unescape(parser->context->arena, text);
        node->stem = node->text.len > 1 && fw_str_ends(node->text, FW_STR("~"));
        if (node->stem) {
                node->text.len--;
                flags = FW_CUT_STEM;
                if (fw_str_find_byte(node->text, '*', 0) != SIZE_MAX ||
                    fw_str_find_byte(node->text, '?', 0) != SIZE_MAX)
                        fail(parser, from, to,
                             "'%.*s~' is both a wildcard and a stem; leave out the '~' or the wildcard",
                             FW_STR_ARG(node->text));
        }
        cut_words(parser, node, flags);
        return node;
}

static struct fw_query_node *phrase_node(struct parser *parser, struct fw_str text, size_t from, size_t to)
{
        struct fw_query_node *node = node_new(parser, FW_QUERY_WORDS, from, to);
        node->text = text;
        node->quoted = true;
        cut_words(parser, node, FW_CUT_WILDCARDS);
        return node;
}

static struct fw_query_node *exact_node(struct parser *parser, struct fw_str text, size_t from, size_t to)
{
        struct fw_query_node *node = node_new(parser, FW_QUERY_EXACT, from, to);
        node->text = fw_str_trim(text);
        node->words = fw_query_cut(parser->context->tokenizer, parser->context->arena, node->text, 0);
        if (node->words.len == 0)
                fail(parser, from, to,
                     "an exact term needs at least one letter or digit; signs alone are found by a regular expression "
                     "/…/");
        return node;
}

static struct fw_query_node *simple_node(struct parser *parser, enum fw_query_kind kind,
                                         const struct fw_query_token *token)
{
        struct fw_query_node *node = node_new(parser, kind, token->from, token->to);
        node->text = token->text;
        return node;
}

static struct fw_query_node *regex_node(struct parser *parser, const struct fw_query_token *token)
{
        struct fw_query_node *node = simple_node(parser, FW_QUERY_REGEX, token);
        node->flags = token->argument;
        for (size_t i = 0; i < token->argument.len; i++) {
                size_t at = token->to - token->argument.len + i;
                if (!strchr("imsx", token->argument.p[i]))
                        fail(parser, at, at + 1, "unknown flag '%c' of a regular expression; there are i, m, s and x",
                             token->argument.p[i]);
        }
        if (token->text.len == 0)
                fail(parser, token->from, token->to, "an empty regular expression matches everywhere; write a pattern");
        return node;
}

/* ---- numbers ---- */

/* The count of NEAR/n and its like; tells what is wrong with it. 1 then, so that the rest can be read. */
static uint32_t parse_number(struct parser *parser, const struct fw_query_token *token, const char *what,
                             const char *example)
{
        uint64_t number = 0;
        if (!token->has_argument || token->argument.len == 0)
                fail(parser, token->from, token->to, "%s is missing here; write %s", what, example);
        else if (fw_str_to_u64(token->argument, &number) < 0)
                fail(parser, token->from, token->to, "%s must be a whole number, but is '%.*s'; write %s", what,
                     FW_STR_ARG(token->argument), example);
        else if (number == 0)
                fail(parser, token->from, token->to, "%s must be at least 1; write %s", what, example);
        else if (number > FW_LIMIT_QUERY_NUMBER)
                fail(parser, token->from, token->to, "%s may be at most %u", what, FW_LIMIT_QUERY_NUMBER);
        else
                return (uint32_t) number;
        return 1;
}

/* ---- operands ---- */

static const char *describe(const struct fw_query_token *token)
{
        switch (token->kind) {
        case FW_TOK_END:
                return "the query ends here";
        case FW_TOK_RPAREN:
                return "there is a ')'";
        case FW_TOK_COMMA:
                return "there is a ','";
        default:
                return "there is another operator";
        }
}

static bool starts_operand(enum fw_query_token_kind kind)
{
        switch (kind) {
        case FW_TOK_WORD:
        case FW_TOK_PHRASE:
        case FW_TOK_EXACT:
        case FW_TOK_REGEX:
        case FW_TOK_ENTITY:
        case FW_TOK_NAME:
        case FW_TOK_FIELD:
        case FW_TOK_LPAREN:
        case FW_TOK_FIRST:
        case FW_TOK_ATLEAST:
        case FW_TOK_OF:
                return true;
        default:
                return false;
        }
}

/* True at the ')' that belongs to `open`, which is taken; else tells that it is missing. */
static bool close_paren(struct parser *parser, const struct fw_query_token *open)
{
        if (parser->stopped)
                return false;
        if (parser->current.kind == FW_TOK_RPAREN) {
                advance(parser);
                return true;
        }
        if (parser->current.kind == FW_TOK_END)
                stop(parser, *open, "this '(' is never closed; add a ')'");
        else
                stop(parser, parser->current, "a ')' or an operator is expected here");
        return false;
}

/* A '(' query ')'; NULL when it could not be read. The node keeps its own range. */
static struct fw_query_node *parse_parenthesis(struct parser *parser)
{
        struct fw_query_token open = parser->current;
        unsigned list_depth = parser->list_depth;
        advance(parser);
        if (parser->current.kind == FW_TOK_RPAREN) {
                open.to = parser->current.to;
                stop(parser, open, "nothing stands between these parentheses; write a query or leave them out");
                return NULL;
        }
        parser->list_depth = 0;
        struct fw_query_node *inner = parse_or(parser);
        parser->list_depth = list_depth;
        uint32_t to = parser->current.to;
        if (!close_paren(parser, &open) || !inner)
                return NULL;
        inner->parenthesised = true;
        if (inner->children_len) {
                inner->from = open.from;
                inner->to = to;
        }
        return inner;
}

static bool expect_open(struct parser *parser, const char *example)
{
        if (parser->current.kind == FW_TOK_LPAREN)
                return true;
        stop(parser, parser->current, "a '(' is expected here; write %s", example);
        return false;
}

static struct fw_query_node *parse_function(struct parser *parser, enum fw_query_kind kind)
{
        struct fw_query_token token = parser->current;
        const char *example = kind == FW_QUERY_FIRST ? "FIRST/30(…)" : "ATLEAST/3(…)";
        uint32_t number =
                parse_number(parser, &token, kind == FW_QUERY_FIRST ? "the number of words" : "the count", example);
        advance(parser);
        if (!expect_open(parser, example))
                return NULL;
        struct fw_query_node *inner = parse_parenthesis(parser);
        if (!inner)
                return NULL;
        struct fw_query_node *node = wrap(parser, kind, token.from, inner);
        node->number = number;
        return node;
}

static struct fw_query_node *parse_of(struct parser *parser)
{
        static const char example[] = "2 OF (a, b, c)";
        struct fw_query_token token = parser->current;
        uint32_t number = parse_number(parser, &token, "the count before OF", example);
        advance(parser);
        if (!expect_open(parser, example))
                return NULL;
        struct fw_query_token open = parser->current;
        unsigned list_depth = parser->list_depth;
        struct node_list list = { 0 };
        parser->list_depth = parser->depth;
        do {
                advance(parser);
                if (parser->current.kind == FW_TOK_RPAREN && list.len == 0)
                        stop(parser, parser->current, "the list is empty; write %s", example);
                list_add(parser, &list, parse_or(parser));
        } while (!parser->stopped && parser->current.kind == FW_TOK_COMMA);
        parser->list_depth = list_depth;
        uint32_t to = parser->current.to;
        if (!close_paren(parser, &open))
                return NULL;
        if (number > list.len)
                fail(parser, token.from, to,
                     "%u of %zu can never be; list more, each after a comma and a space, or ask for fewer", number,
                     list.len);
        struct fw_query_node *node = node_new(parser, FW_QUERY_OF, token.from, to);
        node->children = list.p;
        node->children_len = list.len;
        node->number = number;
        return node;
}

static void unknown_field(struct parser *parser, const struct fw_query_token *token)
{
        static const struct fw_str names[] = {
                FW_STR("title"),  FW_STR("text"), FW_STR("summary"), FW_STR("body"), FW_STR("lead"), FW_STR("category"),
                FW_STR("author"), FW_STR("url"),  FW_STR("feed"),    FW_STR("tag"),  FW_STR("lang"),
        };
        struct fw_str nearest = fw_str_nearest(token->text, names, FW_ARRAY_LEN(names));
        if (nearest.len)
                fail(parser, token->from, token->to - 1, "unknown field '%.*s'; did you mean '%.*s'?",
                     FW_STR_ARG(token->text), FW_STR_ARG(nearest));
        else
                fail(parser, token->from, token->to - 1,
                     "unknown field '%.*s'; there are title, text, summary, body, lead, category, author, url, feed, "
                     "tag "
                     "and lang (put a word with a colon into \"…\")",
                     FW_STR_ARG(token->text));
}

static struct fw_query_node *parse_field(struct parser *parser)
{
        struct fw_query_token token = parser->current;
        bool lead = fw_str_eq(token.text, FW_STR("lead"));
        uint32_t fields = lead ? FW_SEARCHED_FIELDS : fw_query_field_mask(token.text);
        if (!fields)
                unknown_field(parser, &token);
        advance(parser);
        if (!starts_operand(parser->current.kind)) {
                stop(parser, token, "a term or a '(' must follow '%.*s:'", FW_STR_ARG(token.text));
                return NULL;
        }
        struct fw_query_node *inner = parse_operand(parser);
        if (!inner)
                return NULL;
        struct fw_query_node *node = wrap(parser, FW_QUERY_FIELD, token.from, inner);
        node->text = token.text;
        node->fields = fields;
        node->lead = lead;
        return node;
}

static struct fw_query_node *parse_term(struct parser *parser)
{
        struct fw_query_token token = parser->current;
        advance(parser);
        switch (token.kind) {
        case FW_TOK_WORD:
                return word_node(parser, token.text, token.from, token.to);
        case FW_TOK_PHRASE:
                return phrase_node(parser, token.text, token.from, token.to);
        case FW_TOK_EXACT:
                return exact_node(parser, token.text, token.from, token.to);
        case FW_TOK_REGEX:
                return regex_node(parser, &token);
        case FW_TOK_ENTITY:
                return simple_node(parser, FW_QUERY_ENTITY, &token);
        default:
                return simple_node(parser, FW_QUERY_NAME, &token);
        }
}

static struct fw_query_node *choose_operand(struct parser *parser)
{
        switch (parser->current.kind) {
        case FW_TOK_FIELD:
                return parse_field(parser);
        case FW_TOK_FIRST:
                return parse_function(parser, FW_QUERY_FIRST);
        case FW_TOK_ATLEAST:
                return parse_function(parser, FW_QUERY_ATLEAST);
        case FW_TOK_OF:
                return parse_of(parser);
        case FW_TOK_LPAREN:
                return parse_parenthesis(parser);
        default:
                return parse_term(parser);
        }
}

/* The caller has seen that an operand starts here. */
static struct fw_query_node *parse_operand(struct parser *parser)
{
        if (parser->depth >= FW_LIMIT_NESTING) {
                stop(parser, parser->current, "more than %d levels of parentheses; use names ($name) to part the query",
                     FW_LIMIT_NESTING);
                return NULL;
        }
        parser->depth++;
        struct fw_query_node *node = choose_operand(parser);
        parser->depth--;
        return node;
}

/* An operand where there must be one: `after` is the operator before it, or NULL at the start of a query or parenthesis. */
static struct fw_query_node *require_operand(struct parser *parser, const struct fw_query_token *after)
{
        const struct fw_query_token *found = &parser->current;
        if (starts_operand(found->kind))
                return parse_operand(parser);
        if (after)
                stop(parser, *after, "'%.*s' has nothing on its right: %s", FW_STR_ARG(after->text), describe(found));
        else if (found->kind == FW_TOK_RPAREN)
                stop(parser, *found, "this ')' closes nothing; leave it out, or add a '('");
        else if (found->kind == FW_TOK_COMMA)
                stop(parser, *found, "a term is expected here, but there is a ','");
        else if (found->kind == FW_TOK_END)
                stop(parser, *found, "the query is empty; write at least one term");
        else
                stop(parser, *found, "'%.*s' has nothing on its left; put it into \"…\" if the word is meant",
                     FW_STR_ARG(found->text));
        return NULL;
}

/* ---- operators ---- */

static void parse_distance(struct parser *parser, const struct fw_query_token *token, struct fw_query_node *node)
{
        const char *example = node->ordered ? "BEFORE/8, BEFORE/s (sentence) or BEFORE/p (paragraph)"
                                            : "NEAR/8, NEAR/s (sentence) or NEAR/p (paragraph)";
        if (fw_str_eq(token->argument, FW_STR("s")))
                node->unit = FW_NEAR_SENTENCE;
        else if (fw_str_eq(token->argument, FW_STR("p")))
                node->unit = FW_NEAR_PARAGRAPH;
        else
                node->number = parse_number(parser, token, "the distance", example);
}

static struct fw_query_node *parse_near(struct parser *parser, const struct fw_query_token *after)
{
        struct fw_query_node *left = require_operand(parser, after);
        for (unsigned links = 0; !parser->stopped; links++) {
                struct fw_query_token token = parser->current;
                bool negated = token.kind == FW_TOK_NOT && parser->next.kind == FW_TOK_NEAR;
                if (token.kind == FW_TOK_NOT && parser->next.kind == FW_TOK_BEFORE) {
                        token.to = parser->next.to;
                        stop(parser, token,
                             "there is no NOT BEFORE; write NOT NEAR/n, or exclude with NOT (a BEFORE/n b)");
                        return NULL;
                }
                if (negated)
                        advance(parser);
                struct fw_query_token op = parser->current;
                if (op.kind != FW_TOK_NEAR && op.kind != FW_TOK_BEFORE)
                        return left;
                if (links >= FW_LIMIT_NESTING)
                        stop(parser, op, "more than %d NEAR in a row; part the query", FW_LIMIT_NESTING);
                advance(parser);
                struct fw_query_node *right = require_operand(parser, &op);
                if (!left || !right)
                        return NULL;
                struct node_list sides = { 0 };
                list_add(parser, &sides, left);
                list_add(parser, &sides, right);
                left = group(parser, FW_QUERY_NEAR, &sides);
                left->ordered = op.kind == FW_TOK_BEFORE;
                left->negated = negated;
                parse_distance(parser, &op, left);
        }
        return left;
}

static struct fw_query_node *parse_not(struct parser *parser, const struct fw_query_token *after)
{
        struct node_list list = { 0 };
        if (parser->current.kind != FW_TOK_NOT) {
                list_add(parser, &list, parse_near(parser, after));
        }
        while (!parser->stopped && parser->current.kind == FW_TOK_NOT) {
                struct fw_query_token token = parser->current;
                advance(parser);
                struct fw_query_node *excluded = parse_near(parser, &token);
                if (excluded)
                        list_add(parser, &list, wrap(parser, FW_QUERY_NOT, token.from, excluded));
        }
        return group(parser, FW_QUERY_AND, &list);
}

/* A comma outside of a list means nothing; a warning says so. */
static void skip_stray_commas(struct parser *parser)
{
        while (parser->current.kind == FW_TOK_COMMA && parser->list_depth != parser->depth) {
                fw_diag_add(parser->context->diag, FW_WARNING,
                            fw_query_location(parser->origin, parser->current.from, parser->current.to),
                            "a comma means nothing outside of 'n OF (…)'; write OR or AND between the terms");
                advance(parser);
        }
}

static struct fw_query_node *parse_and(struct parser *parser, const struct fw_query_token *after)
{
        struct node_list list = { 0 };
        bool implicit = false;
        list_add(parser, &list, parse_not(parser, after));
        while (!parser->stopped) {
                skip_stray_commas(parser);
                struct fw_query_token token = parser->current;
                if (token.kind == FW_TOK_AND) {
                        advance(parser);
                        list_add(parser, &list, parse_not(parser, &token));
                } else if (starts_operand(token.kind)) {
                        implicit = true;
                        list_add(parser, &list, parse_not(parser, NULL));
                } else {
                        break;
                }
        }
        struct fw_query_node *node = group(parser, FW_QUERY_AND, &list);
        if (node && list.len > 1)
                node->implicit = implicit;
        return node;
}

static struct fw_query_node *parse_or(struct parser *parser)
{
        struct node_list list = { 0 };
        list_add(parser, &list, parse_and(parser, NULL));
        while (!parser->stopped && parser->current.kind == FW_TOK_OR) {
                struct fw_query_token token = parser->current;
                advance(parser);
                list_add(parser, &list, parse_and(parser, &token));
        }
        return group(parser, FW_QUERY_OR, &list);
}

/* What ended a query before its end. */
static void refuse_rest(struct parser *parser)
{
        const struct fw_query_token *token = &parser->current;
        if (token->kind == FW_TOK_RPAREN)
                stop(parser, *token, "this ')' closes nothing; leave it out, or add a '('");
        else
                stop(parser, *token, "'%.*s' is not expected here", FW_STR_ARG(token->text));
}

struct fw_query_node *fw_query_parse(const struct fw_query_parser_context *context,
                                     const struct fw_query_origin *origin)
{
        struct parser parser = { .context = context, .origin = origin, .list_depth = UINT32_MAX };
        if (origin->text.len > FW_LIMIT_QUERY_BYTES) {
                fail(&parser, 0, 1,
                     "the query is longer than %zu bytes; put long lists into a file (define: {name: {file: …}})",
                     FW_LIMIT_QUERY_BYTES);
                return NULL;
        }
        fw_query_lexer_init(&parser.lexer, context, origin);
        advance(&parser);
        advance(&parser);
        struct fw_query_node *tree = parse_or(&parser);
        if (!parser.stopped && parser.current.kind != FW_TOK_END)
                refuse_rest(&parser);
        return parser.failed ? NULL : tree;
}

/* ---- word lists ---- */

static struct fw_query_node *line_node(struct parser *parser, struct fw_str line, size_t from, size_t to)
{
        struct fw_arena *arena = parser->context->arena;
        struct fw_str inner = fw_str_slice(line, 1, line.len ? line.len - 1 : 0);
        if (fw_query_is_quoted(line, '"'))
                return phrase_node(parser, fw_query_unescape(arena, inner), from, to);
        if (fw_query_is_quoted(line, '\''))
                return exact_node(parser, fw_query_unescape(arena, inner), from, to);
        bool several = false;
        for (size_t i = 0; i < line.len; i++)
                several = several || fw_is_space(line.p[i]);
        if (line.len > 1 && line.p[0] == '@' && !several) {
                struct fw_query_node *entity = node_new(parser, FW_QUERY_ENTITY, from, to);
                entity->text = fw_str_slice(line, 1, line.len);
                return entity;
        }
        return several ? phrase_node(parser, line, from, to) : word_node(parser, line, from, to);
}

struct fw_query_node *fw_query_parse_line(const struct fw_query_parser_context *context,
                                          const struct fw_query_origin *origin, size_t from, size_t to)
{
        struct parser parser = { .context = context, .origin = origin };
        struct fw_query_node *node = line_node(&parser, fw_str_slice(origin->text, from, to), from, to);
        return parser.failed ? NULL : node;
}

struct fw_query_node *fw_query_parse_list(const struct fw_query_parser_context *context,
                                          const struct fw_query_origin *origin)
{
        struct parser parser = { .context = context, .origin = origin };
        struct node_list list = { 0 };
        bool failed = false;
        struct fw_str rest = origin->text, line;
        if (fw_str_starts(rest, FW_STR("\xEF\xBB\xBF")))
                rest = fw_str_slice(rest, 3, rest.len);
        while (fw_str_split(&rest, '\n', &line)) {
                line = fw_str_trim(line);
                if (line.len == 0 || line.p[0] == '#')
                        continue;
                size_t from = (size_t) (line.p - origin->text.p);
                struct fw_query_node *term = fw_query_parse_line(context, origin, from, from + line.len);
                failed = failed || !term;
                list_add(&parser, &list, term);
        }
        return failed ? NULL : fw_query_make_or(context->arena, origin, list.p, list.len);
}

struct fw_query_node *fw_query_make_or(struct fw_arena *arena, const struct fw_query_origin *origin,
                                       struct fw_query_node **children, size_t children_len)
{
        struct fw_query_node *node = fw_arena_new_object(arena, struct fw_query_node);
        *node = (struct fw_query_node){ .kind = FW_QUERY_OR,
                                        .origin = origin,
                                        .to = (uint32_t) origin->text.len,
                                        .children = children,
                                        .children_len = children_len,
                                        .parenthesised = true };
        return node;
}
