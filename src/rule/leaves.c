#include "rule/context.h"

/*
 * Occurrences of leaves: words and phrases from the occurrences of their rarest word, exact terms besides by the very signs of
 * the text, entities from the mentions, regular expressions from the plain text.
 */

/* How many words of a field a scope searches; 0: none of it. */
static uint32_t words_searched(const struct fw_match_context *context, const struct fw_scope *scope, uint32_t field)
{
        const struct fw_item_field *at = &context->fields.p[field];
        if (!(scope->fields & (1u << at->field)))
                return 0;
        uint32_t limit = at->field == FW_FIELD_TITLE ? scope->title_words : scope->other_words;
        return FW_MIN(limit, at->end - at->first);
}

static const struct fw_scope *scope_of(const struct fw_match_context *context, const struct fw_operation_node *node)
{
        return &context->ruleset->program.scopes.p[node->scope];
}

/* ---- words and phrases ---- */

/* True if the elements stand at tokens from `start` on, in one field and block and within the scope. */
static bool elements_at(const struct fw_match_context *context, const struct fw_operation_node *node, uint32_t start,
                        uint32_t field)
{
        const struct fw_item_field *at = &context->fields.p[field];
        const struct fw_element *elements = &context->ruleset->program.elements.p[node->first];
        uint32_t searched = words_searched(context, scope_of(context, node), field);
        if (start < at->first || start - at->first + node->len > searched)
                return false;
        for (uint32_t i = 0; i < node->len; i++) {
                const struct fw_token *token = &context->tokens.list.p[start + i];
                if (i != node->anchor && elements[i].term != FW_NONE &&
                    !fw_token_meets(context, start + i, elements[i].term))
                        return false;
                if (i > 0 && token->block != token[-1].block)
                        return false;
                if (elements[i].joined && (token->flags & FW_TOKEN_GAP_BEFORE))
                        return false;
        }
        return true;
}

static struct fw_span span_of_tokens(const struct fw_match_context *context, uint32_t start, uint32_t len,
                                     uint32_t field)
{
        return (struct fw_span){ .field = field,
                                 .first = (int32_t) start,
                                 .last = (int32_t) (start + len - 1),
                                 .from = context->tokens.list.p[start].start,
                                 .to = context->tokens.list.p[start + len - 1].end };
}

/* ---- exact terms ---- */

static bool is_ascii(struct fw_str s)
{
        for (size_t i = 0; i < s.len; i++) {
                if ((unsigned char) s.p[i] >= 0x80)
                        return false;
        }
        return true;
}

/* The length of an apostrophe, of whatever kind, at `at`; 0 if there is none. */
static size_t apostrophe(struct fw_str text, size_t at)
{
        static const char *const kinds[] = { "'", "\xE2\x80\x99", "\xE2\x80\x98", "\xCA\xBC" };
        for (size_t i = 0; i < FW_ARRAY_LEN(kinds); i++) {
                if (fw_str_starts(fw_str_slice(text, at, text.len), fw_str_c(kinds[i])))
                        return strlen(kinds[i]);
        }
        return 0;
}

static size_t white_space(struct fw_str text, size_t at)
{
        size_t end = at;
        while (end < text.len && fw_is_space(text.p[end]))
                end++;
        return end - at;
}

/* True if `signs` stand at text[*at…]; any white space is as good as any, and so are apostrophes. Moves behind them. */
static bool signs_at(struct fw_str signs, struct fw_str text, size_t *at)
{
        for (size_t i = 0; i < signs.len;) {
                size_t mine = white_space(signs, i), theirs = white_space(text, *at);
                if (!mine && !theirs) {
                        mine = apostrophe(signs, i);
                        theirs = apostrophe(text, *at);
                }
                if (!mine && !theirs && *at < text.len && signs.p[i] == text.p[*at])
                        mine = theirs = 1;
                if (!mine || !theirs)
                        return false;
                i += mine;
                *at += theirs;
        }
        return true;
}

/* The words are there in their case; now the signs before, between and after them must be, too. */
static bool exact_at(const struct fw_match_context *context, const struct fw_operation_node *node, uint32_t start,
                     uint32_t field, struct fw_span *span)
{
        const struct fw_exact_text *exact = &context->ruleset->program.exacts.p[node->number];
        struct fw_str text = fw_buf_str(&context->fields.p[field].plain->text);
        size_t before = exact->words[0].start;
        if (before > span->from ||
            !fw_str_eq(fw_str_slice(text, span->from - before, span->from), fw_str_slice(exact->text, 0, before)))
                return false;
        for (uint32_t i = 0; i < node->len; i++) {
                const struct fw_token *token = &context->tokens.list.p[start + i];
                const struct fw_query_word *word = &exact->words[i];
                struct fw_str theirs = fw_str_slice(text, token->start, token->end);
                struct fw_str mine = fw_str_slice(exact->text, word->start, word->end);
                if (is_ascii(theirs) && is_ascii(mine) && !fw_str_eq(theirs, mine))
                        return false;
                size_t at = token->end;
                size_t next = i + 1 < node->len ? exact->words[i + 1].start : exact->text.len;
                if (!signs_at(fw_str_slice(exact->text, word->end, next), text, &at))
                        return false;
                if (i + 1 < node->len && at != context->tokens.list.p[start + i + 1].start)
                        return false;
                span->to = (uint32_t) at;
        }
        span->from -= (uint32_t) before;
        return true;
}

static void word_spans(struct fw_match_context *context, const struct fw_operation_node *node, struct fw_spans *ret)
{
        uint32_t anchor = context->ruleset->program.elements.p[node->first + node->anchor].term;
        const struct fw_term_state *state = &context->term_states[anchor];
        if (state->item != context->item || !(state->fields & scope_of(context, node)->fields))
                return;
        for (uint32_t i = state->head; i != FW_NONE; i = context->occurrences.p[i].next) {
                uint32_t token = context->occurrences.p[i].token;
                uint32_t field = context->terms.p[token].field;
                if (token < node->anchor || !elements_at(context, node, token - node->anchor, field))
                        continue;
                uint32_t start = token - node->anchor;
                struct fw_span span = span_of_tokens(context, start, node->len, field);
                if (node->op == FW_OP_EXACT && !exact_at(context, node, start, field, &span))
                        continue;
                fw_spans_add(context, ret, span);
        }
}

/* ---- entities ---- */

static void entity_spans(struct fw_match_context *context, const struct fw_operation_node *node, struct fw_spans *ret)
{
        const struct fw_selector_state *state = &context->selector_states[node->number];
        if (state->item != context->item)
                return;
        for (uint32_t i = 0; i < state->spans.len; i++) {
                const struct fw_span *span = &state->spans.p[i];
                uint32_t searched = words_searched(context, scope_of(context, node), span->field);
                if ((uint32_t) span->last < context->fields.p[span->field].first + searched)
                        fw_spans_add(context, ret, *span);
        }
}

/* ---- regular expressions ---- */

/* The first token that ends after byte `at`. */
static int32_t token_after(const struct fw_match_context *context, const struct fw_item_field *field, size_t at)
{
        uint32_t low = field->first, high = field->end;
        while (low < high) {
                uint32_t middle = low + (high - low) / 2;
                if (context->tokens.list.p[middle].end <= at)
                        low = middle + 1;
                else
                        high = middle;
        }
        return (int32_t) low;
}

/* The words that a match covers in part; if none, the place between two. */
static struct fw_span span_of_bytes(const struct fw_match_context *context, uint32_t field, size_t from, size_t to)
{
        const struct fw_item_field *at = &context->fields.p[field];
        int32_t first = token_after(context, at, from);
        int32_t last = token_after(context, at, to);
        if (last >= (int32_t) at->end || context->tokens.list.p[last].start >= to)
                last--;
        return (struct fw_span){
                .field = field, .first = first, .last = last, .from = (uint32_t) from, .to = (uint32_t) to
        };
}

/* The part of the text that the scope lets a pattern see. */
static struct fw_str regex_subject(const struct fw_match_context *context, const struct fw_operation_node *node,
                                   uint32_t field)
{
        const struct fw_item_field *at = &context->fields.p[field];
        struct fw_str text = fw_buf_str(&at->plain->text);
        const struct fw_scope *scope = scope_of(context, node);
        if (!(scope->fields & (1u << at->field)))
                return FW_STR_NONE;
        uint32_t searched = words_searched(context, scope, field);
        if (searched < at->end - at->first)
                return fw_str_slice(text, 0, context->tokens.list.p[at->first + searched - 1].end);
        return text;
}

static void search_field(struct fw_match_context *context, const struct fw_operation_node *node, uint32_t field,
                         struct fw_spans *ret)
{
        const pcre2_code *code = context->ruleset->program.regexes.p[node->number].code;
        struct fw_str subject = regex_subject(context, node, field);
        size_t at = 0;
        for (uint32_t found = 0; at < subject.len && found < FW_LIMIT_REGEX_MATCHES; found++) {
                int r = pcre2_match(code, (PCRE2_SPTR) subject.p, subject.len, at, PCRE2_NOTEMPTY, context->match_data,
                                    context->match_limits);
                if (r < 0) {
                        context->limited = context->limited || r != PCRE2_ERROR_NOMATCH;
                        return;
                }
                const PCRE2_SIZE *range = pcre2_get_ovector_pointer(context->match_data);
                if (range[0] < range[1])
                        fw_spans_add(context, ret, span_of_bytes(context, field, range[0], range[1]));
                /* \K in a look-around can put the end before the start. */
                at = FW_MAX(range[1], at + 1);
        }
}

void fw_leaf_spans(struct fw_match_context *context, const struct fw_operation_node *node, struct fw_spans *ret)
{
        switch (node->op) {
        case FW_OP_WORDS:
        case FW_OP_EXACT:
                word_spans(context, node, ret);
                break;
        case FW_OP_ENTITY:
                entity_spans(context, node, ret);
                break;
        case FW_OP_REGEX:
                for (uint32_t i = 0; i < context->fields.len; i++)
                        search_field(context, node, i, ret);
                break;
        default:
                break;
        }
        fw_spans_tidy(ret);
}
