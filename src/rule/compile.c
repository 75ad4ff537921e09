#include "rule/program.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Trees → the shared graph. A node is made once for each different content: its key is its bytes and those of its children,
 * leaves are told apart by how they are written too, because hits quote them. Names vanish: what they stand for is shared.
 */

void fw_program_init(struct fw_program *program)
{
        *program = (struct fw_program){ .unless = FW_NONE };
}

void fw_program_done(struct fw_program *program)
{
        for (size_t i = 0; i < program->regexes.len; i++)
                pcre2_code_free(program->regexes.p[i].code);
        fw_vec_done(&program->nodes);
        fw_vec_done(&program->labels);
        fw_vec_done(&program->children);
        fw_vec_done(&program->elements);
        fw_vec_done(&program->scopes);
        fw_vec_done(&program->exacts);
        fw_vec_done(&program->regexes);
        fw_vec_done(&program->rules);
        fw_vec_done(&program->needs);
        free(program->posting_starts);
        free(program->postings);
        free(program->always);
        free(program->pair_keys);
        free(program->pair_triggers);
        free(program->selector_starts);
        free(program->selector_list);
        free(program->selector_classes);
}

void fw_compiler_init(struct fw_compiler *compiler, struct fw_program *program, struct fw_vocabulary *vocabulary,
                      struct fw_arena *arena, struct fw_draft *draft)
{
        *compiler =
                (struct fw_compiler){ .program = program, .vocabulary = vocabulary, .arena = arena, .draft = draft };
        fw_map_init(&compiler->nodes);
        fw_map_init(&compiler->names);
}

void fw_compiler_done(struct fw_compiler *compiler)
{
        fw_map_done(&compiler->nodes);
        fw_map_done(&compiler->names);
        fw_vec_done(&compiler->postings);
        fw_vec_done(&compiler->triggers);
        fw_vec_done(&compiler->always);
}

/* ---- nodes ---- */

static uint32_t compile(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope);

static uint32_t put_scope(struct fw_program *program, struct fw_scope scope)
{
        for (size_t i = program->scopes.len; i > 0; i--) {
                const struct fw_scope *known = &program->scopes.p[i - 1];
                if (known->fields == scope.fields && known->title_words == scope.title_words &&
                    known->other_words == scope.other_words)
                        return (uint32_t) i - 1;
        }
        fw_vec_push(&program->scopes, scope);
        program->fields |= scope.fields;
        return (uint32_t) program->scopes.len - 1;
}

/* The index of a node with this content; `tail` is what belongs to it beside the struct: children, elements. */
static uint32_t put_node(struct fw_compiler *compiler, struct fw_operation_node node, struct fw_str label,
                         const void *tail, size_t tail_len)
{
        fw_cleanup(fw_buf_done) struct fw_buf key = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        const uint32_t head[] = { node.op,     node.scope, node.len,     node.required,
                                  node.number, node.unit,  node.ordered, node.negated };
        fw_buf_append(&key, fw_str_n((const char *) head, sizeof(head)));
        fw_buf_append(&key, fw_str_n(tail, tail_len));
        fw_buf_append(&key, label);

        union fw_map_value *known = fw_map_get(&compiler->nodes, fw_buf_str(&key));
        if (known)
                return (uint32_t) known->number;
        uint32_t index = (uint32_t) compiler->program->nodes.len;
        fw_vec_push(&compiler->triggers, FW_NONE);
        fw_vec_push(&compiler->program->labels, fw_arena_copy(compiler->arena, label));
        fw_map_put(&compiler->nodes, fw_arena_copy(compiler->draft->scratch, fw_buf_str(&key)), NULL)->number = index;
        if (node.op >= FW_OP_AND) {
                node.first = (uint32_t) compiler->program->children.len;
                for (size_t i = 0; i < node.len; i++)
                        fw_vec_push(&compiler->program->children, ((const uint32_t *) tail)[i]);
        } else if (node.op == FW_OP_WORDS || node.op == FW_OP_EXACT) {
                node.first = (uint32_t) compiler->program->elements.len;
                for (size_t i = 0; i < node.len; i++)
                        fw_vec_push(&compiler->program->elements, ((const struct fw_element *) tail)[i]);
        }
        fw_vec_push(&compiler->program->nodes, node);
        return index;
}

static uint32_t put_group(struct fw_compiler *compiler, struct fw_operation_node node, const uint32_t *children)
{
        return put_node(compiler, node, FW_STR_NONE, children, node.len * sizeof(*children));
}

static const struct fw_operation_node *node_at(const struct fw_compiler *compiler, uint32_t index)
{
        return &compiler->program->nodes.p[index];
}

/* ---- leaves ---- */

float fw_word_weight(struct fw_str folded)
{
        static const char common[] =
                " the of and to in a is for on that with as it at by from be was are an this has have he his not but "
                "they said will its who their more we you i or new been after had were all one about up out she her if "
                "can also over would first when year years two than into people other what which last could time no "
                "how us world news says government state president country police de la le el en los der die das und "
                "les des et du que il di e o do da un una dans ist den von mit del se las por con para ";
        char key[16];
        if (folded.len + 2 < sizeof(key)) {
                (void) snprintf(key, sizeof(key), " %.*s ", FW_STR_ARG(folded));
                if (strstr(common, key))
                        return 1000;
        }
        return folded.len <= 2 ? 150 : folded.len <= 4 ? 40 : folded.len <= 6 ? 15 : 5;
}

static float element_weight(const struct fw_query_word *word)
{
        switch (word->kind) {
        case FW_WORD_ANY:
                return FW_WEIGHT_ALWAYS;
        case FW_WORD_WILDCARD: {
                size_t letters = 0;
                for (size_t i = 0; i < word->folded.len; i++)
                        letters += word->folded.p[i] != '*' && word->folded.p[i] != '?';
                return letters == 0 ? 2000 : letters <= 2 ? 800 : letters <= 4 ? 60 : 15;
        }
        default:
                if (word->flags & FW_TOKEN_SEQUENCE)
                        return 100;
                return fw_word_weight(word->folded);
        }
}

/* The rarest element; a phrase is rarer than its rarest word. */
static void weigh_elements(struct fw_operation_node *node, const struct fw_query_words *words)
{
        node->weight = FW_WEIGHT_ALWAYS;
        for (size_t i = 0; i < words->len; i++) {
                float weight = element_weight(&words->p[i]);
                if (weight < node->weight || i == 0) {
                        node->weight = weight;
                        node->anchor = (uint32_t) i;
                }
        }
        if (words->len > 1 && node->weight < FW_WEIGHT_ALWAYS)
                node->weight /= 10;
}

static struct fw_str leaf_label(const struct fw_query_node *tree)
{
        return fw_str_slice(tree->origin->text, tree->from, tree->to);
}

static uint32_t compile_words(struct fw_compiler *compiler, const struct fw_query_words *words, uint32_t scope,
                              struct fw_str label)
{
        struct fw_operation_node node = { .op = FW_OP_WORDS, .scope = scope, .len = (uint32_t) words->len };
        struct fw_element *elements = fw_arena_new_array(compiler->draft->scratch, struct fw_element, words->len);
        for (size_t i = 0; i < words->len; i++) {
                elements[i].term = fw_vocabulary_add_word(compiler->vocabulary, compiler->arena, &words->p[i]);
                elements[i].joined = words->p[i].joined;
        }
        weigh_elements(&node, words);
        return put_node(compiler, node, label, elements, words->len * sizeof(*elements));
}

static uint32_t compile_exact(struct fw_compiler *compiler, const struct fw_query_node *tree, uint32_t scope)
{
        const struct fw_query_words *words = &tree->words;
        struct fw_operation_node node = { .op = FW_OP_EXACT, .scope = scope, .len = (uint32_t) words->len };
        struct fw_element *elements = fw_arena_new_array(compiler->draft->scratch, struct fw_element, words->len);
        struct fw_query_word *kept = fw_arena_new_array(compiler->arena, struct fw_query_word, words->len);
        for (size_t i = 0; i < words->len; i++) {
                kept[i] = words->p[i];
                kept[i].folded = fw_arena_copy(compiler->arena, kept[i].folded);
                kept[i].cased = fw_arena_copy(compiler->arena, kept[i].cased);
                elements[i].term = fw_vocabulary_add_exact(compiler->vocabulary, kept[i].folded, kept[i].cased);
        }
        weigh_elements(&node, words);
        node.number = (uint32_t) compiler->program->exacts.len;
        fw_vec_push(&compiler->program->exacts,
                    (struct fw_exact_text){ .text = fw_arena_copy(compiler->arena, tree->text), .words = kept });
        return put_node(compiler, node, leaf_label(tree), elements, words->len * sizeof(*elements));
}

static uint32_t compile_regex(struct fw_compiler *compiler, const struct fw_query_node *tree, uint32_t scope)
{
        uint32_t index = fw_regex_add(compiler->program, tree, compiler->draft->diag);
        if (index == FW_NONE)
                return FW_NONE;
        struct fw_operation_node node = {
                .op = FW_OP_REGEX, .scope = scope, .number = index, .weight = FW_WEIGHT_ALWAYS
        };
        return put_node(compiler, node, leaf_label(tree), NULL, 0);
}

static uint32_t compile_entity(struct fw_compiler *compiler, const struct fw_query_node *tree, uint32_t scope)
{
        const struct fw_entity_selector *selector = tree->selector;
        compiler->program->uses_entities = true;
        struct fw_operation_node node = { .op = selector->entities_len ? FW_OP_ENTITY : FW_OP_NEVER,
                                          .scope = scope,
                                          .number = selector->index,
                                          .weight = 4.0f * (float) FW_MIN(selector->entities_len, 100) };
        return put_node(compiler, node, leaf_label(tree), NULL, 0);
}

/* ---- groups ---- */

static int by_weight(const void *a, const void *b, void *program)
{
        const struct fw_program *p = program;
        const uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
        float wx = p->nodes.p[x].weight, wy = p->nodes.p[y].weight;
        return wx < wy ? -1 : wx > wy ? 1 : x < y ? -1 : x > y;
}

/* Appends the compiled children of an AND: required ones to `yes`, excluded ones to `no`. */
static bool compile_and_children(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope,
                                 bool excluded, struct fw_term_list *yes, struct fw_term_list *no);

/* One part of an AND, which may exclude only, also through names, fields and FIRST. */
static bool compile_part(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope,
                         struct fw_term_list *yes, struct fw_term_list *no)
{
        const struct fw_query_node *meant = tree;
        while (meant->kind == FW_QUERY_NAME)
                meant = meant->definition->tree;
        if (meant->kind == FW_QUERY_AND)
                return compile_and_children(compiler, meant, scope, false, yes, no);
        if (meant->kind == FW_QUERY_NOT)
                return compile_and_children(compiler, meant, scope, true, yes, no);
        if (meant->kind == FW_QUERY_FIELD || meant->kind == FW_QUERY_FIRST)
                return compile_part(compiler, meant->children[0], fw_query_narrow(scope, meant), yes, no);
        uint32_t node = compile(compiler, tree, scope);
        fw_vec_push(&yes->terms, node);
        return node != FW_NONE;
}

static bool compile_and_children(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope,
                                 bool excluded, struct fw_term_list *yes, struct fw_term_list *no)
{
        bool good = true;
        for (size_t i = 0; i < tree->children_len; i++) {
                if (excluded) {
                        uint32_t node = compile(compiler, tree->children[i], scope);
                        fw_vec_push(&no->terms, node);
                        good = good && node != FW_NONE;
                } else {
                        good = compile_part(compiler, tree->children[i], scope, yes, no) && good;
                }
        }
        return good;
}

/* Sorts nodes by weight and drops what is there twice; how many are left. */
static size_t sort_by_weight(struct fw_program *program, uint32_t *list, size_t len)
{
        size_t kept = 0;
        if (len)
                qsort_r(list, len, sizeof(*list), by_weight, program);
        for (size_t i = 0; i < len; i++) {
                if (kept == 0 || list[kept - 1] != list[i])
                        list[kept++] = list[i];
        }
        return kept;
}

/* AND, and all that is an AND in effect. The cheapest and rarest parts come first. */
static uint32_t compile_and(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope)
{
        struct fw_program *program = compiler->program;
        struct fw_term_list yes = { 0 }, no = { 0 };
        uint32_t result = FW_NONE;
        if (compile_part(compiler, tree, scope, &yes, &no) && yes.terms.len > 0) {
                yes.terms.len = sort_by_weight(program, yes.terms.p, yes.terms.len);
                no.terms.len = sort_by_weight(program, no.terms.p, no.terms.len);
                struct fw_operation_node node = { .op = FW_OP_AND, .required = (uint32_t) yes.terms.len };
                node.weight = program->nodes.p[yes.terms.p[0]].weight;
                for (size_t i = 0; i < no.terms.len; i++)
                        fw_vec_push(&yes.terms, no.terms.p[i]);
                node.len = (uint32_t) yes.terms.len;
                result = node.len == 1 ? yes.terms.p[0] : put_group(compiler, node, yes.terms.p);
        }
        fw_vec_done(&yes.terms);
        fw_vec_done(&no.terms);
        return result;
}

/* All children in the order of the tree; false if one is broken. */
static bool compile_children(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope,
                             uint32_t **ret_children)
{
        bool good = true;
        *ret_children = fw_arena_new_array(compiler->draft->scratch, uint32_t, tree->children_len + 1);
        for (size_t i = 0; i < tree->children_len; i++) {
                (*ret_children)[i] = compile(compiler, tree->children[i], scope);
                good = good && (*ret_children)[i] != FW_NONE;
        }
        return good;
}

static uint32_t compile_or(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope)
{
        uint32_t *children;
        if (!compile_children(compiler, tree, scope, &children))
                return FW_NONE;
        size_t len = tree->children_len;
        len = sort_by_weight(compiler->program, children, len);
        struct fw_operation_node node = { .op = len ? FW_OP_OR : FW_OP_NEVER, .len = (uint32_t) len };
        for (size_t i = 0; i < len; i++)
                node.weight += node_at(compiler, children[i])->weight;
        return len == 1 ? children[0] : put_group(compiler, node, children);
}

/* `n OF` holds only if one of any len - n + 1 holds: the weight of the rarest of these. */
static uint32_t compile_of(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope)
{
        uint32_t *children;
        if (!compile_children(compiler, tree, scope, &children))
                return FW_NONE;
        qsort_r(children, tree->children_len, sizeof(uint32_t), by_weight, compiler->program);
        struct fw_operation_node node = { .op = FW_OP_OF,
                                          .len = (uint32_t) tree->children_len,
                                          .number = tree->number };
        for (size_t i = 0; i < node.len - node.number + 1; i++)
                node.weight += node_at(compiler, children[i])->weight;
        return put_group(compiler, node, children);
}

static uint32_t compile_near(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope)
{
        uint32_t *children;
        if (!compile_children(compiler, tree, scope, &children))
                return FW_NONE;
        struct fw_operation_node node = { .op = FW_OP_NEAR,
                                          .len = 2,
                                          .number = tree->number,
                                          .unit = (uint8_t) tree->unit,
                                          .ordered = tree->ordered,
                                          .negated = tree->negated };
        float left = node_at(compiler, children[0])->weight, right = node_at(compiler, children[1])->weight;
        node.weight = node.negated ? left : FW_MIN(left, right);
        return put_group(compiler, node, children);
}

static uint32_t compile_atleast(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope)
{
        uint32_t child = compile(compiler, tree->children[0], scope);
        if (child == FW_NONE)
                return FW_NONE;
        struct fw_operation_node node = {
                .op = FW_OP_ATLEAST, .len = 1, .number = tree->number, .weight = node_at(compiler, child)->weight
        };
        return put_group(compiler, node, &child);
}

struct fw_scope fw_query_narrow(struct fw_scope scope, const struct fw_query_node *tree)
{
        if (tree->kind == FW_QUERY_FIELD) {
                scope.fields = tree->fields;
                if (tree->lead)
                        scope.other_words = FW_MIN(scope.other_words, FW_LEAD_WORDS);
        } else if (tree->kind == FW_QUERY_FIRST) {
                scope.title_words = FW_MIN(scope.title_words, tree->number);
                scope.other_words = FW_MIN(scope.other_words, tree->number);
        }
        return scope;
}

/* A named query is compiled once for each scope, however many rules use it. */
static uint32_t compile_name(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope)
{
        const struct {
                const struct fw_definition *definition;
                struct fw_scope scope;
        } content = { tree->definition, scope };
        struct fw_str key = fw_arena_copy(compiler->draft->scratch, fw_str_n((const char *) &content, sizeof(content)));
        union fw_map_value *known = fw_map_get(&compiler->names, key);
        if (known)
                return (uint32_t) known->number;
        uint32_t node = compile(compiler, tree->definition->tree, scope);
        fw_map_put(&compiler->names, key, NULL)->number = node;
        return node;
}

static uint32_t compile(struct fw_compiler *compiler, const struct fw_query_node *tree, struct fw_scope scope)
{
        switch (tree->kind) {
        case FW_QUERY_WORDS:
                return compile_words(compiler, &tree->words, put_scope(compiler->program, scope), leaf_label(tree));
        case FW_QUERY_EXACT:
                return compile_exact(compiler, tree, put_scope(compiler->program, scope));
        case FW_QUERY_REGEX:
                return compile_regex(compiler, tree, put_scope(compiler->program, scope));
        case FW_QUERY_ENTITY:
                return compile_entity(compiler, tree, put_scope(compiler->program, scope));
        case FW_QUERY_NAME:
                return compile_name(compiler, tree, scope);
        case FW_QUERY_AND:
        case FW_QUERY_NOT:
                return compile_and(compiler, tree, scope);
        case FW_QUERY_OR:
                return compile_or(compiler, tree, scope);
        case FW_QUERY_NEAR:
                return compile_near(compiler, tree, scope);
        case FW_QUERY_OF:
                return compile_of(compiler, tree, scope);
        case FW_QUERY_ATLEAST:
                return compile_atleast(compiler, tree, scope);
        case FW_QUERY_FIRST:
        case FW_QUERY_FIELD:
                return compile(compiler, tree->children[0], fw_query_narrow(scope, tree));
        }
        return FW_NONE;
}

static const struct fw_scope everywhere = { FW_SEARCHED_FIELDS, UINT32_MAX, UINT32_MAX };

uint32_t fw_compile_query(struct fw_compiler *compiler, const struct fw_query_node *tree)
{
        return compile(compiler, tree, everywhere);
}

uint32_t fw_compile_needs(struct fw_compiler *compiler, const struct fw_str *needs, size_t needs_len)
{
        uint32_t *children = fw_arena_new_array(compiler->draft->scratch, uint32_t, needs_len);
        uint32_t scope = put_scope(compiler->program, everywhere), len = 0;
        for (size_t i = 0; i < needs_len; i++) {
                struct fw_query_words words =
                        fw_query_cut(compiler->draft->tokenizer, compiler->draft->scratch, needs[i], 0);
                if (words.len)
                        children[len++] = compile_words(compiler, &words, scope, needs[i]);
        }
        return put_group(compiler, (struct fw_operation_node){ .op = FW_OP_OR, .len = len }, children);
}
