#include "rule/gazetteer.h"

#define ROOT 0u

void fw_gazetteer_init(struct fw_gazetteer *gazetteer)
{
        *gazetteer = (struct fw_gazetteer){ 0 };
        fw_vec_push(&gazetteer->names_of, FW_NONE);
}

void fw_gazetteer_done(struct fw_gazetteer *gazetteer)
{
        free(gazetteer->keys);
        free(gazetteer->values);
        fw_vec_done(&gazetteer->names_of);
        fw_vec_done(&gazetteer->names);
}

/* ---- edges ---- */

static uint64_t edge_key(uint32_t node, uint32_t term, bool joined)
{
        return ((uint64_t) node << 33 | (uint64_t) term << 1 | joined) + 1;
}

static size_t find_slot(const struct fw_gazetteer *gazetteer, uint64_t key)
{
        size_t mask = gazetteer->cap - 1;
        size_t i = (size_t) ((key * UINT64_C(0x9E3779B97F4A7C15)) >> 29) & mask;
        while (gazetteer->keys[i] != 0 && gazetteer->keys[i] != key)
                i = (i + 1) & mask;
        return i;
}

static void grow(struct fw_gazetteer *gazetteer)
{
        struct fw_gazetteer old = *gazetteer;
        gazetteer->cap = old.cap ? old.cap * 2 : 1024;
        gazetteer->keys = fw_calloc(gazetteer->cap, sizeof(*gazetteer->keys));
        gazetteer->values = fw_calloc(gazetteer->cap, sizeof(*gazetteer->values));
        for (size_t i = 0; i < old.cap; i++) {
                if (old.keys[i]) {
                        size_t slot = find_slot(gazetteer, old.keys[i]);
                        gazetteer->keys[slot] = old.keys[i];
                        gazetteer->values[slot] = old.values[i];
                }
        }
        free(old.keys);
        free(old.values);
}

uint32_t fw_gazetteer_step(const struct fw_gazetteer *gazetteer, uint32_t node, uint32_t term, bool joined)
{
        if (gazetteer->cap == 0)
                return FW_NONE;
        size_t slot = find_slot(gazetteer, edge_key(node, term, joined));
        return gazetteer->keys[slot] ? gazetteer->values[slot] : FW_NONE;
}

static uint32_t put_edge(struct fw_gazetteer *gazetteer, uint32_t node, uint32_t term, bool joined)
{
        if (gazetteer->len * 2 >= gazetteer->cap)
                grow(gazetteer);
        size_t slot = find_slot(gazetteer, edge_key(node, term, joined));
        if (gazetteer->keys[slot] == 0) {
                gazetteer->keys[slot] = edge_key(node, term, joined);
                gazetteer->values[slot] = (uint32_t) gazetteer->names_of.len;
                gazetteer->len++;
                fw_vec_push(&gazetteer->names_of, FW_NONE);
        }
        return gazetteer->values[slot];
}

/* ---- names ---- */

static struct fw_str append_star(struct fw_arena *arena, struct fw_str folded)
{
        return fw_arena_printf(arena, "%.*s*", FW_STR_ARG(folded));
}

uint32_t fw_vocabulary_add_word(struct fw_vocabulary *vocabulary, struct fw_arena *arena,
                                const struct fw_query_word *word)
{
        bool hangul = word->flags & FW_TOKEN_HANGUL;
        struct fw_str folded = fw_arena_copy(arena, word->folded);
        if (word->kind == FW_WORD_STEM)
                return fw_vocabulary_add_stem(vocabulary, fw_arena_copy(arena, word->accented), folded, hangul);
        if (word->kind == FW_WORD_ANY)
                return FW_NONE;
        if (hangul && !fw_str_ends(folded, FW_STR("*")))
                return fw_vocabulary_add_wildcard(vocabulary, append_star(arena, folded));
        return word->kind == FW_WORD_WILDCARD ? fw_vocabulary_add_wildcard(vocabulary, folded)
                                              : fw_vocabulary_add_literal(vocabulary, folded);
}

static void add_path(struct fw_gazetteer *gazetteer, struct fw_vocabulary *vocabulary, struct fw_arena *arena,
                     const struct fw_query_words *words, uint32_t entity, const struct fw_entity_name *name)
{
        uint32_t node = ROOT;
        for (size_t i = 0; i < words->len; i++) {
                const struct fw_query_word *word = &words->p[i];
                uint32_t term = name->exact ? fw_vocabulary_add_exact(vocabulary, fw_arena_copy(arena, word->folded),
                                                                      fw_arena_copy(arena, word->cased))
                                            : fw_vocabulary_add_word(vocabulary, arena, word);
                node = put_edge(gazetteer, node, term, word->joined);
        }
        uint32_t first = fw_vocabulary_find(vocabulary, words->p[0].folded);
        if (first != FW_NONE)
                vocabulary->words.p[first].flags |= FW_WORD_STARTS_NAME;
        for (uint32_t i = gazetteer->names_of.p[node]; i != FW_NONE; i = gazetteer->names.p[i].next) {
                if (gazetteer->names.p[i].entity == entity && gazetteer->names.p[i].class == name->class)
                        return;
        }
        fw_vec_push(&gazetteer->names, (struct fw_gazetteer_name){ .entity = entity,
                                                                   .class = name->class,
                                                                   .text = name->text,
                                                                   .next = gazetteer->names_of.p[node] });
        gazetteer->names_of.p[node] = (uint32_t) gazetteer->names.len - 1;
}

/* "North Korean" is also met by "North Koreans". */
static void add_plural(struct fw_gazetteer *gazetteer, struct fw_vocabulary *vocabulary, struct fw_arena *arena,
                       struct fw_query_words words, uint32_t entity, const struct fw_entity_name *name)
{
        struct fw_query_word *last = &words.p[words.len - 1];
        last->folded = fw_arena_printf(arena, "%.*ss", FW_STR_ARG(last->folded));
        add_path(gazetteer, vocabulary, arena, &words, entity, name);
}

void fw_gazetteer_add(struct fw_gazetteer *gazetteer, struct fw_vocabulary *vocabulary, struct fw_draft *draft,
                      uint32_t entity_index)
{
        const struct fw_entity_draft *entity = &draft->entities.p[entity_index];
        for (size_t i = 0; i < entity->entity.names_len; i++) {
                const struct fw_entity_name *name = &entity->entity.names[i];
                struct fw_query_words words = fw_query_cut(draft->tokenizer, draft->scratch, name->text, 0);
                if (words.len == 0) {
                        fw_diag_add(draft->diag, FW_ERROR, entity->name_locations[i],
                                    "there is no word in the name '%.*s'; write at least one letter",
                                    FW_STR_ARG(name->text));
                        continue;
                }
                add_path(gazetteer, vocabulary, draft->arena, &words, entity_index, name);
                uint32_t flags = words.p[words.len - 1].flags;
                if (name->class == FW_NAME_ADJECTIVE && !(flags & (FW_TOKEN_HANGUL | FW_TOKEN_SEQUENCE)))
                        add_plural(gazetteer, vocabulary, draft->arena, words, entity_index, name);
        }
}

/* ---- lint ---- */

/* Where a name is written, or NOWHERE if it came from elsewhere. */
static struct fw_location name_location(const struct fw_draft *draft, const struct fw_gazetteer_name *name)
{
        const struct fw_entity_draft *entity = &draft->entities.p[name->entity];
        for (size_t i = 0; i < entity->entity.names_len; i++) {
                if (entity->entity.names[i].class == name->class && fw_str_eq(entity->entity.names[i].text, name->text))
                        return entity->name_locations[i].source ? entity->name_locations[i] : entity->location;
        }
        return entity->location;
}

void fw_gazetteer_lint(const struct fw_gazetteer *gazetteer, struct fw_draft *draft)
{
        for (size_t i = 0; i < gazetteer->names.len; i++) {
                const struct fw_gazetteer_name *later = &gazetteer->names.p[i];
                for (uint32_t k = later->next; k != FW_NONE; k = gazetteer->names.p[k].next) {
                        const struct fw_gazetteer_name *first = &gazetteer->names.p[k];
                        if (later->class == FW_NAME_NOT || first->class == FW_NAME_NOT ||
                            first->entity == later->entity)
                                continue;
                        const struct fw_entity *owner = &draft->entities.p[first->entity].entity;
                        fw_diag_add(
                                draft->diag, FW_WARNING, name_location(draft, later),
                                "'%.*s' is also a name of '%.*s': the text mentions both; take it out of one, or give "
                                "both 'needs'",
                                FW_STR_ARG(later->text), FW_STR_ARG(owner->id));
                        break;
                }
        }
}
