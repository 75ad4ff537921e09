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

/* ---- languages ---- */

uint64_t fw_gazetteer_language(const struct fw_gazetteer *gazetteer, struct fw_str language)
{
        if (language.len == 0)
                language = FW_STR("und");
        for (size_t i = 0; i < gazetteer->languages_len; i++) {
                if (fw_language_same_primary(gazetteer->languages[i], language))
                        return UINT64_C(1) << i;
        }
        return 0;
}

/* The bits of a name's languages; new ones get one. More than there are bits count as any. */
static uint64_t language_bits(struct fw_gazetteer *gazetteer, struct fw_str languages)
{
        uint64_t bits = languages.len ? 0 : FW_ANY_LANGUAGE;
        struct fw_str subtag;
        while (fw_str_split(&languages, ' ', &subtag)) {
                uint64_t bit = fw_gazetteer_language(gazetteer, subtag);
                if (bit == 0 && gazetteer->languages_len == FW_ARRAY_LEN(gazetteer->languages))
                        return FW_ANY_LANGUAGE;
                if (bit == 0) {
                        bit = UINT64_C(1) << gazetteer->languages_len;
                        gazetteer->languages[gazetteer->languages_len++] = subtag;
                }
                bits |= bit;
        }
        return bits;
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

/* What names are added to, and which of them now. */
struct builder {
        struct fw_gazetteer *gazetteer;
        struct fw_vocabulary *vocabulary;
        struct fw_draft *draft;
        bool written;
};

/* The node at the end of a name's path. */
static uint32_t put_path(struct builder *builder, const struct fw_query_words *words, bool exact)
{
        struct fw_arena *arena = builder->draft->arena;
        uint32_t node = ROOT;
        for (size_t i = 0; i < words->len; i++) {
                const struct fw_query_word *word = &words->p[i];
                uint32_t term = exact ? fw_vocabulary_add_exact(builder->vocabulary, fw_arena_copy(arena, word->folded),
                                                                fw_arena_copy(arena, word->cased))
                                      : fw_vocabulary_add_word(builder->vocabulary, arena, word);
                node = put_edge(builder->gazetteer, node, term, word->joined);
        }
        uint32_t first = fw_vocabulary_find(builder->vocabulary, words->p[0].folded);
        if (first != FW_NONE)
                builder->vocabulary->words.p[first].flags |= FW_WORD_STARTS_NAME;
        return node;
}

static void add_words(struct builder *builder, const struct fw_query_words *words, uint32_t entity,
                      const struct fw_entity_name *name)
{
        struct fw_gazetteer *gazetteer = builder->gazetteer;
        uint32_t node = put_path(builder, words, name->exact);
        struct fw_gazetteer_name added = { .entity = entity,
                                           .class = name->class,
                                           .text = name->text,
                                           .languages = language_bits(gazetteer, name->languages),
                                           .proper = name->proper,
                                           .capital = name->proper &&
                                                      !fw_text_begins_small(words->p[0].cased, words->p[0].accented),
                                           .next = gazetteer->names_of.p[node] };
        for (uint32_t i = added.next; i != FW_NONE; i = gazetteer->names.p[i].next) {
                struct fw_gazetteer_name *known = &gazetteer->names.p[i];
                if (!builder->written && i < gazetteer->written_len && known->entity != entity)
                        return;
                if (known->entity == entity && known->class == name->class && known->proper == added.proper) {
                        known->languages |= added.languages;
                        return;
                }
        }
        fw_vec_push(&gazetteer->names, added);
        gazetteer->names_of.p[node] = (uint32_t) gazetteer->names.len - 1;
}

static void add_name(struct builder *builder, uint32_t entity, const struct fw_entity_name *name,
                     struct fw_location location)
{
        struct fw_draft *draft = builder->draft;
        struct fw_query_words words = fw_query_cut(draft->tokenizer, draft->scratch, name->text,
                                                   name->languages.len > 0 ? FW_CUT_WILDCARDS : 0);
        if (words.len == 0) {
                fw_diag_add(draft->diag, FW_ERROR, location,
                            "there is no word in the name '%.*s'; write at least one letter", FW_STR_ARG(name->text));
                return;
        }
        add_words(builder, &words, entity, name);
        struct fw_query_word *last = &words.p[words.len - 1];
        if (name->class == FW_NAME_ADJECTIVE && name->languages.len == 0 &&
            !(last->flags & (FW_TOKEN_HANGUL | FW_TOKEN_SEQUENCE))) {
                /* "North Korean" is also met by "North Koreans". */
                last->folded = fw_arena_printf(draft->arena, "%.*ss", FW_STR_ARG(last->folded));
                add_words(builder, &words, entity, name);
        }
}

static void add_names(struct builder *builder, uint32_t entity)
{
        const struct fw_entity_draft *draft = &builder->draft->entities.p[entity];
        for (size_t i = 0; i < draft->entity.names_len; i++) {
                if ((draft->name_locations[i].source != NULL) == builder->written)
                        add_name(builder, entity, &draft->entity.names[i], draft->name_locations[i]);
        }
}

void fw_gazetteer_build(struct fw_gazetteer *gazetteer, struct fw_vocabulary *vocabulary, struct fw_draft *draft)
{
        struct builder builder = { gazetteer, vocabulary, draft, true };
        for (uint32_t i = 0; i < draft->entities.len; i++)
                add_names(&builder, i);
        gazetteer->written_len = gazetteer->names.len;
        builder.written = false;
        for (uint32_t i = 0; i < draft->entities.len; i++)
                add_names(&builder, i);
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

/* Two names at one place: of two entities, or one of them a `not`. */
static void lint_pair(struct fw_draft *draft, const struct fw_gazetteer_name *later,
                      const struct fw_gazetteer_name *first)
{
        bool excluded = later->class == FW_NAME_NOT;
        const struct fw_gazetteer_name *name = excluded ? first : later, *other = excluded ? later : first;
        const struct fw_entity *owner = &draft->entities.p[other->entity].entity;
        if (name->class == FW_NAME_NOT || (other->class != FW_NAME_NOT && name->entity == other->entity))
                return;
        if (other->class != FW_NAME_NOT && (name->languages & other->languages) != FW_ANY_LANGUAGE)
                return; /* words of one language are shared on purpose: 美中 */
        if (other->class == FW_NAME_NOT)
                fw_diag_add(draft->diag, FW_WARNING, name_location(draft, name),
                            "'%.*s' is never found, because it is a 'not' of '%.*s'; take it out of one of the two",
                            FW_STR_ARG(name->text), FW_STR_ARG(owner->id));
        else
                fw_diag_add(draft->diag, FW_WARNING, name_location(draft, name),
                            "'%.*s' is also a name of '%.*s': the text mentions both; take it out of one, or give both "
                            "'needs'",
                            FW_STR_ARG(name->text), FW_STR_ARG(owner->id));
}

void fw_gazetteer_lint(const struct fw_gazetteer *gazetteer, struct fw_draft *draft)
{
        for (size_t i = 0; i < gazetteer->written_len; i++) {
                const struct fw_gazetteer_name *later = &gazetteer->names.p[i];
                if (later->next != FW_NONE)
                        lint_pair(draft, later, &gazetteer->names.p[later->next]);
        }
}
