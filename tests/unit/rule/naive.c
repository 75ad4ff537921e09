#include "naive.h"

#include <stdlib.h>

#include "base/utf8.h"

struct field {
        enum fw_field field;
        struct fw_plain_text plain;
        struct fw_tokens tokens;
};

/* An occurrence: words [first, last] and bytes [from, to) of one field; `first` > `last` lies between two words. */
struct place {
        size_t field;
        long first, last;
        size_t from, to;
};

struct places {
        FW_VEC(struct place) list;
};

struct name {
        size_t entity;
        enum fw_name_class class;
        bool exact, plural;
        struct fw_query_words words;
};

struct naive {
        const struct fw_ruleset *ruleset;
        struct fw_tokenizer *tokenizer;
        struct fw_arena *arena;
        struct fw_str language;
        struct field fields[8];
        size_t fields_len;
        FW_VEC(struct name) names;
        FW_VEC(struct mention {
                size_t entity;
                enum fw_name_class class;
                struct place place;
        })
        mentions;
};

struct scope {
        uint32_t fields;
        long title_words, other_words;
};

static const struct scope everywhere = { FW_SEARCHED_FIELDS, 1000000, 1000000 };

/* ---- one word ---- */

static bool glob(struct fw_str pattern, struct fw_str word)
{
        size_t letter;
        if (pattern.len == 0)
                return word.len == 0;
        struct fw_str rest = fw_str_slice(pattern, 1, pattern.len);
        if (pattern.p[0] == '*')
                return glob(rest, word) || (word.len && glob(pattern, fw_str_slice(word, 1, word.len)));
        if (word.len == 0)
                return false;
        (void) fw_utf8_decode(word, 0, &letter);
        if (pattern.p[0] == '?')
                return glob(rest, fw_str_slice(word, letter, word.len));
        return pattern.p[0] == word.p[0] && glob(rest, fw_str_slice(word, 1, word.len));
}

static bool meets(struct naive *naive, const struct fw_query_word *word, const struct fw_token *token)
{
        bool hangul = word->flags & FW_TOKEN_HANGUL;
        if (word->kind == FW_WORD_ANY)
                return true;
        if (word->kind == FW_WORD_WILDCARD) {
                struct fw_str pattern =
                        fw_arena_printf(naive->arena, "%.*s%s", FW_STR_ARG(word->folded), hangul ? "*" : "");
                return glob(pattern, token->folded);
        }
        if (word->kind == FW_WORD_STEM && fw_text_has_stemmer(naive->language))
                return fw_str_eq(fw_text_stem(naive->tokenizer, word->accented, naive->language, naive->arena),
                                 fw_text_stem(naive->tokenizer, token->accented, naive->language, naive->arena));
        return hangul ? fw_str_starts(token->folded, word->folded) : fw_str_eq(token->folded, word->folded);
}

/* ---- scope ---- */

static long words_searched(const struct naive *naive, const struct scope *scope, size_t field)
{
        const struct field *at = &naive->fields[field];
        if (!(scope->fields & (1u << at->field)))
                return 0;
        return FW_MIN(at->field == FW_FIELD_TITLE ? scope->title_words : scope->other_words,
                      (long) at->tokens.list.len);
}

static struct scope narrow(struct scope scope, const struct fw_query_node *node)
{
        if (node->kind == FW_QUERY_FIELD)
                scope.fields = node->fields;
        if (node->kind == FW_QUERY_FIELD && node->lead)
                scope.other_words = FW_MIN(scope.other_words, 50);
        if (node->kind == FW_QUERY_FIRST) {
                scope.title_words = FW_MIN(scope.title_words, (long) node->number);
                scope.other_words = FW_MIN(scope.other_words, (long) node->number);
        }
        return scope;
}

/* ---- leaves ---- */

static struct place place_of(const struct naive *naive, size_t field, size_t start, size_t len)
{
        const struct fw_token *tokens = naive->fields[field].tokens.list.p;
        return (struct place){ field, (long) start, (long) (start + len - 1), tokens[start].start,
                               tokens[start + len - 1].end };
}

static bool words_at(struct naive *naive, const struct fw_query_words *words, size_t field, size_t start)
{
        const struct field *at = &naive->fields[field];
        if (start + words->len > at->tokens.list.len)
                return false;
        for (size_t i = 0; i < words->len; i++) {
                const struct fw_token *token = &at->tokens.list.p[start + i];
                if (!meets(naive, &words->p[i], token) || (i > 0 && token->block != token[-1].block) ||
                    (words->p[i].joined && (token->flags & FW_TOKEN_GAP_BEFORE)))
                        return false;
        }
        return true;
}

/* Exact terms of the test are plain words: their case decides, and whether dots were dropped. */
static bool exact_words_at(struct naive *naive, const struct fw_query_words *words, bool acronyms_too, size_t field,
                           size_t start)
{
        const struct field *at = &naive->fields[field];
        if (start + words->len > at->tokens.list.len)
                return false;
        for (size_t i = 0; i < words->len; i++) {
                const struct fw_token *token = &at->tokens.list.p[start + i];
                if (!fw_str_eq(words->p[i].cased, token->cased) || (i > 0 && token->block != token[-1].block) ||
                    (!acronyms_too && ((words->p[i].flags ^ token->flags) & FW_TOKEN_ACRONYM)))
                        return false;
        }
        return true;
}

static void find_words(struct naive *naive, const struct fw_query_node *node, struct scope scope, struct places *ret)
{
        for (size_t f = 0; f < naive->fields_len; f++) {
                long searched = words_searched(naive, &scope, f);
                for (long start = 0; start + (long) node->words.len <= searched; start++) {
                        bool here = node->kind == FW_QUERY_EXACT
                                            ? exact_words_at(naive, &node->words, false, f, (size_t) start)
                                            : words_at(naive, &node->words, f, (size_t) start);
                        if (here)
                                fw_vec_push(&ret->list, place_of(naive, f, (size_t) start, node->words.len));
                }
        }
}

/* Patterns of the test are plain letters. */
static void find_regex(struct naive *naive, const struct fw_query_node *node, struct scope scope, struct places *ret)
{
        for (size_t f = 0; f < naive->fields_len; f++) {
                const struct field *at = &naive->fields[f];
                struct fw_str text = fw_buf_str(&at->plain.text);
                long searched = words_searched(naive, &scope, f), len = (long) at->tokens.list.len;
                if (!(scope.fields & (1u << at->field)))
                        continue;
                if (searched < len)
                        text = fw_str_slice(text, 0, at->tokens.list.p[searched - 1].end);
                for (size_t from = 0; (from = fw_str_find(text, node->text, from)) != SIZE_MAX;
                     from += node->text.len) {
                        size_t to = from + node->text.len;
                        struct place place = { f, 0, -1, from, to };
                        while (place.first < len && at->tokens.list.p[place.first].end <= from)
                                place.first++;
                        while (place.last + 1 < len && at->tokens.list.p[place.last + 1].start < to)
                                place.last++;
                        fw_vec_push(&ret->list, place);
                }
        }
}

static bool is_selected(const struct fw_entity *entity, struct fw_str text, enum fw_name_class class)
{
        const char *suffixes[] = { ".name", ".adjective", ".metonym" };
        for (size_t i = 0; i < FW_ARRAY_LEN(suffixes); i++) {
                if (fw_str_ends(text, fw_str_c(suffixes[i]))) {
                        if (!fw_str_eq(fw_str_slice(fw_str_c(suffixes[i]), 1, 100),
                                       fw_str_c(fw_name_class_name(class))))
                                return false;
                        text.len -= strlen(suffixes[i]);
                }
        }
        if (fw_str_starts(text, FW_STR("kind:")))
                return fw_str_eq(fw_str_slice(text, 5, text.len), fw_str_c(fw_entity_kind_name(entity->kind)));
        for (size_t i = 0; i < entity->groups_len; i++) {
                if (fw_str_eq(entity->groups[i], text))
                        return true;
        }
        return fw_str_eq(entity->id, text);
}

static void find_entities(struct naive *naive, const struct fw_query_node *node, struct scope scope, struct places *ret)
{
        for (size_t i = 0; i < naive->mentions.len; i++) {
                const struct mention *mention = &naive->mentions.p[i];
                const struct fw_entity *entity = fw_ruleset_entity(naive->ruleset, mention->entity);
                if (is_selected(entity, node->text, mention->class) &&
                    mention->place.last < words_searched(naive, &scope, mention->place.field))
                        fw_vec_push(&ret->list, mention->place);
        }
}

/* ---- occurrences ---- */

static bool same(const struct place *a, const struct place *b)
{
        return a->field == b->field && a->first == b->first && a->last == b->last && a->from == b->from &&
               a->to == b->to;
}

static void find(struct naive *naive, const struct fw_query_node *node, struct scope scope, struct places *ret);

static bool overlap(const struct place *a, const struct place *b)
{
        return a->field == b->field && a->first <= b->last && b->first <= a->last;
}

static bool one_unit(const struct naive *naive, enum fw_near_unit unit, const struct place *a, const struct place *b)
{
        const struct field *field = &naive->fields[a->field];
        long ends[] = { a->first, a->last, b->first, b->last };
        uint32_t first = 0;
        for (size_t i = 0; i < 4; i++) {
                long index = FW_MAX(0, FW_MIN(ends[i], (long) field->tokens.list.len - 1));
                const struct fw_token *token = &field->tokens.list.p[index];
                uint32_t number = unit == FW_NEAR_SENTENCE ? token->sentence : token->block;
                first = i == 0 ? number : first;
                if (number != first)
                        return false;
        }
        return true;
}

static bool is_near(const struct naive *naive, const struct fw_query_node *node, const struct place *a,
                    const struct place *b)
{
        long gap = b->first > a->last                     ? b->first - a->last
                   : a->first > b->last && !node->ordered ? a->first - b->last
                                                          : 0;
        if (a->field != b->field || gap <= 0)
                return false;
        return node->unit == FW_NEAR_WORDS ? gap <= (long) node->number : one_unit(naive, node->unit, a, b);
}

static void find_near(struct naive *naive, const struct fw_query_node *node, struct scope scope, struct places *ret)
{
        struct places left = { 0 }, right = { 0 };
        find(naive, node->children[0], scope, &left);
        find(naive, node->children[1], scope, &right);
        for (size_t i = 0; i < left.list.len; i++) {
                const struct place *a = &left.list.p[i];
                bool alone = true;
                for (size_t k = 0; k < right.list.len; k++) {
                        const struct place *b = &right.list.p[k];
                        bool near = is_near(naive, node, a, b);
                        alone = alone && (same(a, b) || !(near || overlap(a, b)));
                        if (near && !node->negated)
                                fw_vec_push(&ret->list,
                                            (struct place){ a->field, FW_MIN(a->first, b->first),
                                                            FW_MAX(a->last, b->last), FW_MIN(a->from, b->from),
                                                            FW_MAX(a->to, b->to) });
                }
                if (node->negated && alone)
                        fw_vec_push(&ret->list, *a);
        }
        fw_vec_done(&left.list);
        fw_vec_done(&right.list);
}

static void find(struct naive *naive, const struct fw_query_node *node, struct scope scope, struct places *ret)
{
        switch (node->kind) {
        case FW_QUERY_WORDS:
        case FW_QUERY_EXACT:
                find_words(naive, node, scope, ret);
                break;
        case FW_QUERY_REGEX:
                find_regex(naive, node, scope, ret);
                break;
        case FW_QUERY_ENTITY:
                find_entities(naive, node, scope, ret);
                break;
        case FW_QUERY_NEAR:
                find_near(naive, node, scope, ret);
                break;
        default:
                for (size_t i = 0; i < node->children_len; i++)
                        find(naive, node->children[i], narrow(scope, node), ret);
        }
}

static size_t count(struct naive *naive, const struct fw_query_node *node, struct scope scope)
{
        struct places found = { 0 };
        size_t distinct = 0;
        find(naive, node, scope, &found);
        for (size_t i = 0; i < found.list.len; i++) {
                bool new = true;
                for (size_t k = 0; k < i && new; k++)
                        new = !same(&found.list.p[i], &found.list.p[k]);
                distinct += new;
        }
        fw_vec_done(&found.list);
        return distinct;
}

/* ---- verdicts ---- */

static bool holds(struct naive *naive, const struct fw_query_node *node, struct scope scope)
{
        size_t found = 0;
        switch (node->kind) {
        case FW_QUERY_NOT:
                return !holds(naive, node->children[0], scope);
        case FW_QUERY_FIELD:
        case FW_QUERY_FIRST:
                return holds(naive, node->children[0], narrow(scope, node));
        case FW_QUERY_ATLEAST:
                return count(naive, node->children[0], scope) >= node->number;
        case FW_QUERY_AND:
        case FW_QUERY_OR:
        case FW_QUERY_OF:
                for (size_t i = 0; i < node->children_len; i++)
                        found += holds(naive, node->children[i], scope);
                return found >= (node->kind == FW_QUERY_AND  ? node->children_len
                                 : node->kind == FW_QUERY_OR ? 1
                                                             : node->number);
        default:
                return count(naive, node, scope) > 0;
        }
}

bool naive_holds(struct naive *naive, const struct fw_query_node *tree)
{
        return holds(naive, tree, everywhere);
}

/* ---- mentions ---- */

/* Bytes of the last word that the name covers: longer is better among names of as many words. */
static size_t last_bytes(const struct naive *naive, const struct name *name, size_t field, size_t start)
{
        const struct fw_query_word *last = &name->words.p[name->words.len - 1];
        bool prefix = !name->exact && (last->flags & FW_TOKEN_HANGUL);
        return prefix ? last->folded.len : naive->fields[field].tokens.list.p[start + name->words.len - 1].folded.len;
}

static bool name_at(struct naive *naive, const struct name *name, size_t field, size_t start)
{
        return name->exact ? exact_words_at(naive, &name->words, true, field, start)
                           : words_at(naive, &name->words, field, start);
}

static bool needs_met(struct naive *naive, const struct fw_entity *entity)
{
        bool met = entity->needs_len == 0;
        for (size_t i = 0; i < entity->needs_len && !met; i++) {
                struct fw_query_node need = { .kind = FW_QUERY_WORDS };
                need.words = fw_query_cut(naive->tokenizer, naive->arena, entity->needs[i], 0);
                met = naive_holds(naive, &need);
        }
        return met;
}

/* Adds the mentions at one word; how many words they take, or 0. */
static size_t mention_at(struct naive *naive, size_t field, size_t start)
{
        size_t best_words = 0, best_bytes = 0;
        bool excluded = false;
        for (int pass = 0; pass < 3; pass++) {
                for (size_t i = 0; i < naive->names.len; i++) {
                        const struct name *name = &naive->names.p[i];
                        if (!name_at(naive, name, field, start))
                                continue;
                        size_t words = name->words.len, bytes = last_bytes(naive, name, field, start);
                        if (pass == 0 && (words > best_words || (words == best_words && bytes > best_bytes))) {
                                best_words = words;
                                best_bytes = bytes;
                        }
                        if (words != best_words || bytes != best_bytes)
                                continue;
                        if (pass == 1 && name->class == FW_NAME_NOT)
                                excluded = true;
                        struct place place = place_of(naive, field, start, words);
                        if (pass == 2 && !excluded && needs_met(naive, fw_ruleset_entity(naive->ruleset, name->entity)))
                                fw_vec_push(&naive->mentions, (struct mention){ name->entity, name->class, place });
                }
        }
        return best_words;
}

static void add_names(struct naive *naive)
{
        for (size_t e = 0; e < fw_ruleset_entities_len(naive->ruleset); e++) {
                const struct fw_entity *entity = fw_ruleset_entity(naive->ruleset, e);
                for (size_t i = 0; i < entity->names_len; i++) {
                        const struct fw_entity_name *name = &entity->names[i];
                        struct name cut = { .entity = e, .class = name->class, .exact = name->exact };
                        cut.words = fw_query_cut(naive->tokenizer, naive->arena, name->text, 0);
                        fw_vec_push(&naive->names, cut);
                        if (name->class != FW_NAME_ADJECTIVE)
                                continue;
                        struct fw_str plural = fw_arena_printf(naive->arena, "%.*ss", FW_STR_ARG(name->text));
                        cut.words = fw_query_cut(naive->tokenizer, naive->arena, plural, 0);
                        fw_vec_push(&naive->names, cut);
                }
        }
}

struct naive *naive_new(const struct fw_ruleset *ruleset, const struct fw_document *document)
{
        struct naive *naive = fw_calloc(1, sizeof(*naive));
        naive->ruleset = ruleset;
        naive->tokenizer = fw_tokenizer_new();
        naive->arena = fw_arena_new();
        naive->language = document->language;
        for (size_t i = 0; i < document->fields_len; i++) {
                struct field *field = &naive->fields[naive->fields_len++];
                field->field = document->fields[i].field;
                fw_plain_text_init(&field->plain);
                if (document->fields[i].html)
                        fw_html_to_text(document->fields[i].value, &field->plain);
                else
                        fw_text_as_plain(document->fields[i].value, &field->plain);
                fw_tokenize(naive->tokenizer, &field->plain, naive->arena, &field->tokens);
        }
        add_names(naive);
        for (size_t f = 0; f < naive->fields_len; f++) {
                for (size_t start = 0; start < naive->fields[f].tokens.list.len;)
                        start += FW_MAX(mention_at(naive, f, start), 1);
        }
        return naive;
}

void naive_free(struct naive *naive)
{
        for (size_t i = 0; i < naive->fields_len; i++) {
                fw_plain_text_done(&naive->fields[i].plain);
                fw_vec_done(&naive->fields[i].tokens.list);
        }
        fw_vec_done(&naive->names);
        fw_vec_done(&naive->mentions);
        fw_tokenizer_free(naive->tokenizer);
        fw_arena_free(naive->arena);
        free(naive);
}

bool naive_mentions(struct naive *naive, size_t entity)
{
        for (size_t i = 0; i < naive->mentions.len; i++) {
                if (naive->mentions.p[i].entity == entity)
                        return true;
        }
        return false;
}
