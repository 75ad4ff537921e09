#include "rule/program.h"

#include <stdlib.h>

/*
 * Filing. For a rule to hold, something must occur; the rule is filed under the rarest such thing, so that an item looks only
 * at rules that it has a good chance of meeting:
 *
 *     "special forces" AND korea     the pair special·forces
 *     (troop* OR soldier) NOT cup    a trigger of its own, which both troop* and soldier fire
 *     2 OF (a, b, c)                 any two of the three: without the most frequent, at least one of the others is there
 *     /T-?62/                        nothing: runs on every item
 */

/* Fired with one of `fields`, and only if the term `companion` occurs too. trigger FW_NONE: nothing must occur. */
struct filing {
        uint32_t trigger;
        uint32_t fields;
        uint32_t companion;
};

#define ALWAYS ((struct filing){ FW_NONE, 0, FW_NONE })
/* Nothing can make it hold; it need not be filed. */
#define FILED_NOWHERE (UINT32_MAX - 1)

static struct filing file(struct fw_compiler *compiler, uint32_t index);

static void post(struct fw_compiler *compiler, struct filing filing, uint32_t target)
{
        if (filing.trigger == FILED_NOWHERE)
                return;
        struct fw_pending_posting pending = { filing.trigger, { target, filing.fields, filing.companion } };
        fw_vec_push(&compiler->postings, pending);
}

/* ---- pairs ---- */

static size_t pair_slot(const struct fw_program *program, uint64_t key)
{
        size_t mask = program->pairs_cap - 1;
        size_t i = (size_t) ((key * UINT64_C(0x9E3779B97F4A7C15)) >> 29) & mask;
        while (program->pair_keys[i] != 0 && program->pair_keys[i] != key)
                i = (i + 1) & mask;
        return i;
}

static uint64_t pair_key(uint32_t left, uint32_t right)
{
        return ((uint64_t) left << 32 | right) + 1;
}

uint32_t fw_program_pair(const struct fw_program *program, uint32_t left, uint32_t right)
{
        if (program->pairs_cap == 0)
                return FW_NONE;
        size_t slot = pair_slot(program, pair_key(left, right));
        return program->pair_keys[slot] ? program->pair_triggers[slot] : FW_NONE;
}

static void grow_pairs(struct fw_program *program)
{
        uint64_t *keys = program->pair_keys;
        uint32_t *triggers = program->pair_triggers;
        size_t cap = program->pairs_cap;
        program->pairs_cap = cap ? cap * 2 : 1024;
        program->pair_keys = fw_calloc(program->pairs_cap, sizeof(*keys));
        program->pair_triggers = fw_calloc(program->pairs_cap, sizeof(*triggers));
        for (size_t i = 0; i < cap; i++) {
                if (keys[i]) {
                        size_t slot = pair_slot(program, keys[i]);
                        program->pair_keys[slot] = keys[i];
                        program->pair_triggers[slot] = triggers[i];
                }
        }
        free(keys);
        free(triggers);
}

static uint32_t put_pair(struct fw_compiler *compiler, uint32_t left, uint32_t right)
{
        struct fw_program *program = compiler->program;
        if (program->pairs_len * 2 >= program->pairs_cap)
                grow_pairs(program);
        size_t slot = pair_slot(program, pair_key(left, right));
        if (program->pair_keys[slot] == 0) {
                program->pair_keys[slot] = pair_key(left, right);
                program->pair_triggers[slot] = program->triggers_len++;
                program->pairs_len++;
                uint32_t word = compiler->vocabulary->term_words.p[left];
                compiler->vocabulary->words.p[word].flags |= FW_WORD_STARTS_PAIR;
        }
        return program->pair_triggers[slot];
}

/* The weight of a plain term; negative if it is none. */
static float plain_weight(const struct fw_vocabulary *vocabulary, uint32_t term)
{
        uint32_t word = term == FW_NONE ? FW_NONE : vocabulary->term_words.p[term];
        return word == FW_NONE ? -1 : fw_word_weight(vocabulary->words.p[word].folded);
}

static struct filing file_words(struct fw_compiler *compiler, const struct fw_operation_node *node, uint32_t fields)
{
        const struct fw_element *elements = &compiler->program->elements.p[node->first];
        uint32_t best = FW_NONE;
        float best_weight = 0;
        for (uint32_t i = 0; node->op == FW_OP_WORDS && i + 1 < node->len; i++) {
                float left = plain_weight(compiler->vocabulary, elements[i].term);
                float right = plain_weight(compiler->vocabulary, elements[i + 1].term);
                if (left < 0 || right < 0 || (best != FW_NONE && left * right >= best_weight))
                        continue;
                best = i;
                best_weight = left * right;
        }
        struct filing filing = { elements[node->anchor].term, fields, FW_NONE };
        if (best != FW_NONE)
                filing.trigger = put_pair(compiler, elements[best].term, elements[best + 1].term);
        for (uint32_t i = 0; i < node->len && filing.companion == FW_NONE; i++) {
                if (best != FW_NONE ? i != best && i != best + 1 : i != node->anchor)
                        filing.companion = elements[i].term;
        }
        return filing;
}

/* ---- groups ---- */

/* The child of a NEAR under which it is filed. */
static uint32_t rarer_side(const struct fw_program *program, const struct fw_operation_node *node)
{
        const uint32_t *children = &program->children.p[node->first];
        bool right = program->nodes.p[children[1]].weight < program->nodes.p[children[0]].weight;
        return children[!node->negated && right];
}

/* A term that must occur for a node to hold, or FW_NONE. */
static uint32_t necessary_term(const struct fw_program *program, uint32_t index)
{
        const struct fw_operation_node *node = &program->nodes.p[index];
        switch (node->op) {
        case FW_OP_WORDS:
        case FW_OP_EXACT:
                return program->elements.p[node->first + node->anchor].term;
        case FW_OP_AND:
        case FW_OP_ATLEAST:
                return necessary_term(program, program->children.p[node->first]);
        case FW_OP_NEAR:
                return necessary_term(program, rarer_side(program, node));
        default:
                return FW_NONE;
        }
}

/* An AND or a NEAR: filed under `index`; `other` must hold as well, FW_NONE: nothing. */
static struct filing file_with(struct fw_compiler *compiler, uint32_t index, uint32_t other)
{
        struct filing filing = file(compiler, index);
        uint32_t companion = other == FW_NONE ? FW_NONE : necessary_term(compiler->program, other);
        if (companion != FW_NONE)
                filing.companion = companion;
        return filing;
}

/* A trigger of its own for the first `len` children, fired by any of them. */
static struct filing file_any(struct fw_compiler *compiler, uint32_t index, uint32_t len)
{
        struct fw_program *program = compiler->program;
        if (compiler->triggers.p[index] == FW_NONE) {
                uint32_t trigger = program->triggers_len++;
                compiler->triggers.p[index] = trigger;
                for (uint32_t i = 0; i < len; i++) {
                        uint32_t child = program->children.p[program->nodes.p[index].first + i];
                        post(compiler, file(compiler, child), trigger | FW_TARGET_TRIGGER);
                }
        }
        return (struct filing){ compiler->triggers.p[index], UINT32_MAX, FW_NONE };
}

static struct filing file(struct fw_compiler *compiler, uint32_t index)
{
        const struct fw_program *program = compiler->program;
        const struct fw_operation_node *node = &program->nodes.p[index];
        if (node->weight >= FW_WEIGHT_ALWAYS)
                return ALWAYS;
        switch (node->op) {
        case FW_OP_WORDS:
        case FW_OP_EXACT:
                return file_words(compiler, node, program->scopes.p[node->scope].fields);
        case FW_OP_ENTITY:
                return (struct filing){ program->terms_len + node->number, program->scopes.p[node->scope].fields,
                                        FW_NONE };
        case FW_OP_AND: {
                const uint32_t *children = &program->children.p[node->first];
                return file_with(compiler, children[0], node->required > 1 ? children[1] : FW_NONE);
        }
        case FW_OP_ATLEAST:
                return file(compiler, program->children.p[node->first]);
        case FW_OP_OR:
                return file_any(compiler, index, node->len);
        case FW_OP_OF:
                return file_any(compiler, index, node->len - node->number + 1);
        case FW_OP_NEAR: {
                const uint32_t *children = &program->children.p[node->first];
                uint32_t side = rarer_side(program, node);
                return file_with(compiler, side, node->negated ? FW_NONE : children[side == children[0]]);
        }
        default:
                return (struct filing){ FILED_NOWHERE, 0, FW_NONE };
        }
}

/* ---- lists ---- */

static void sort_postings(struct fw_compiler *compiler)
{
        struct fw_program *program = compiler->program;
        size_t len = compiler->postings.len;
        program->posting_starts = fw_calloc((size_t) program->triggers_len + 2, sizeof(uint32_t));
        program->postings = fw_calloc(len + 1, sizeof(*program->postings));
        uint32_t *ends = program->posting_starts + 1;
        for (size_t i = 0; i < len; i++)
                ends[compiler->postings.p[i].trigger + 1]++;
        for (uint32_t i = 0; i < program->triggers_len; i++)
                ends[i + 1] += ends[i];
        /* ends[t] is where t's postings start now, and where they end when they are in their places. */
        for (size_t i = 0; i < len; i++)
                program->postings[ends[compiler->postings.p[i].trigger]++] = compiler->postings.p[i].posting;
}

void fw_compile_triggers(struct fw_compiler *compiler)
{
        struct fw_program *program = compiler->program;
        program->terms_len = (uint32_t) compiler->vocabulary->term_words.len;
        program->triggers_len = program->terms_len + program->selectors_len;
        for (uint32_t i = 0; i < program->rules.len; i++) {
                struct filing filing = file(compiler, program->rules.p[i].match);
                if (filing.trigger == FW_NONE)
                        fw_vec_push(&compiler->always, i);
                else
                        post(compiler, filing, i);
        }
        sort_postings(compiler);
        program->always_len = compiler->always.len;
        program->always = compiler->always.p;
        compiler->always.p = NULL;
        compiler->always.len = compiler->always.cap = 0;
}

void fw_compile_selectors(struct fw_compiler *compiler, const struct fw_entity_selector *const *selectors, size_t len)
{
        struct fw_program *program = compiler->program;
        size_t entities = compiler->draft->entities.len, total = 0;
        program->selectors_len = (uint32_t) len;
        program->selector_classes = fw_calloc(len + 1, sizeof(int));
        program->selector_starts = fw_calloc(entities + 2, sizeof(uint32_t));
        uint32_t *ends = program->selector_starts + 1;
        for (size_t s = 0; s < len; s++) {
                program->selector_classes[s] = selectors[s]->class;
                total += selectors[s]->entities_len;
                for (size_t i = 0; i < selectors[s]->entities_len; i++)
                        ends[selectors[s]->entities[i] + 1]++;
        }
        for (size_t i = 0; i < entities; i++)
                ends[i + 1] += ends[i];
        program->selector_list = fw_calloc(total + 1, sizeof(uint32_t));
        for (size_t s = 0; s < len; s++) {
                for (size_t i = 0; i < selectors[s]->entities_len; i++)
                        program->selector_list[ends[selectors[s]->entities[i]]++] = (uint32_t) s;
        }
}
