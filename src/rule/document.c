#include "rule/context.h"

/* ---- memo of wildcards ---- */

struct memo_entry {
        uint32_t len;
        uint32_t terms[];
};

void fw_memo_init(struct fw_memo *memo)
{
        fw_map_init(&memo->map);
        memo->arena = fw_arena_new();
}

void fw_memo_done(struct fw_memo *memo)
{
        fw_map_done(&memo->map);
        memo->arena = fw_arena_free(memo->arena);
}

/* What the memo knows of a word; NULL and a slot to be filled if nothing. */
static const struct memo_entry *memo_find(struct fw_memo *memo, struct fw_str word)
{
        union fw_map_value *known = fw_map_get(&memo->map, word);
        return known ? known->pointer : NULL;
}

static const struct memo_entry *memo_put(struct fw_memo *memo, struct fw_str word, const uint32_t *terms, size_t len)
{
        if (memo->map.len >= FW_LIMIT_MEMO_WORDS) {
                fw_memo_done(memo);
                fw_memo_init(memo);
        }
        struct memo_entry *entry = fw_arena_alloc(memo->arena, sizeof(*entry) + len * sizeof(*terms));
        entry->len = (uint32_t) len;
        if (len)
                memcpy(entry->terms, terms, len * sizeof(*terms));
        fw_map_put(&memo->map, fw_arena_copy(memo->arena, word), NULL)->pointer = entry;
        return entry;
}

static const struct memo_entry *wildcards_of(struct fw_match_context *context, struct fw_str folded)
{
        const struct memo_entry *known = memo_find(&context->memo, folded);
        if (known)
                return known;
        context->scratch_terms.terms.len = 0;
        fw_vocabulary_match_wildcards(&context->ruleset->vocabulary, folded, &context->scratch_terms);
        return memo_put(&context->memo, folded, context->scratch_terms.terms.p, context->scratch_terms.terms.len);
}

/* ---- stems ---- */

struct fw_stem_table {
        struct fw_str language; /* its primary subtag; empty: no stemmer */
        struct fw_map by_stem;  /* stem → first index in the vocabulary's stems + 1 */
        uint32_t *next;         /* by stem term: the next with the same stem + 1 */
        struct fw_memo memo;    /* accented word → terms */
        struct fw_arena *arena;
};

static struct fw_str primary_subtag(struct fw_str language)
{
        size_t len = 0;
        while (len < language.len && fw_is_alpha(language.p[len]))
                len++;
        return fw_str_slice(language, 0, len);
}

static struct fw_stem_table *stem_table_new(struct fw_match_context *context, struct fw_str language)
{
        const struct fw_vocabulary *vocabulary = &context->ruleset->vocabulary;
        struct fw_stem_table *table = fw_calloc(1, sizeof(*table));
        table->arena = fw_arena_new();
        table->language = fw_arena_copy(table->arena, language);
        table->next = fw_arena_new_array(table->arena, uint32_t, vocabulary->stems.len);
        fw_map_init(&table->by_stem);
        fw_memo_init(&table->memo);
        for (size_t i = 0; i < vocabulary->stems.len; i++) {
                struct fw_str stem = language.len ? fw_text_stem(context->tokenizer, vocabulary->stems.p[i].accented,
                                                                 language, table->arena)
                                                  : vocabulary->stems.p[i].folded;
                union fw_map_value *first = fw_map_put(&table->by_stem, stem, NULL);
                table->next[i] = (uint32_t) first->number;
                first->number = i + 1;
        }
        return table;
}

static void stem_table_free(struct fw_stem_table *table)
{
        fw_map_done(&table->by_stem);
        fw_memo_done(&table->memo);
        fw_arena_free(table->arena);
        free(table);
}

void fw_stem_tables_done(struct fw_match_context *context)
{
        for (size_t i = 0; i < context->stem_tables.len; i++)
                stem_table_free(context->stem_tables.p[i]);
        fw_vec_done(&context->stem_tables);
}

static struct fw_stem_table *find_stem_table(struct fw_match_context *context, struct fw_str language)
{
        language = fw_text_has_stemmer(language) ? primary_subtag(language) : FW_STR_NONE;
        for (size_t i = 0; i < context->stem_tables.len; i++) {
                if (fw_str_eq_nocase(context->stem_tables.p[i]->language, language))
                        return context->stem_tables.p[i];
        }
        fw_vec_push(&context->stem_tables, stem_table_new(context, language));
        return context->stem_tables.p[context->stem_tables.len - 1];
}

static const struct memo_entry *stems_of(struct fw_match_context *context, struct fw_stem_table *table,
                                         const struct fw_token *token)
{
        const struct fw_vocabulary *vocabulary = &context->ruleset->vocabulary;
        struct fw_str word = table->language.len ? token->accented : token->folded;
        const struct memo_entry *known = memo_find(&table->memo, word);
        if (known)
                return known;
        struct fw_term_list *list = &context->scratch_terms;
        list->terms.len = 0;
        struct fw_str stem =
                table->language.len ? fw_text_stem(context->tokenizer, word, table->language, context->arena) : word;
        union fw_map_value *first = fw_map_get(&table->by_stem, stem);
        for (uint64_t i = first ? first->number : 0; i; i = table->next[i - 1])
                fw_vec_push(&list->terms, vocabulary->stems.p[i - 1].term);
        for (size_t i = 0; i < vocabulary->stems.len && !table->language.len; i++) {
                const struct fw_vocabulary_stem *plain = &vocabulary->stems.p[i];
                if (plain->hangul && fw_str_starts(word, plain->folded) && !fw_str_eq(word, plain->folded))
                        fw_vec_push(&list->terms, plain->term);
        }
        return memo_put(&table->memo, word, list->terms.p, list->terms.len);
}

/* ---- tokens → terms ---- */

static void add_occurrence(struct fw_match_context *context, uint32_t term, uint32_t token, uint32_t field_bit)
{
        struct fw_term_state *state = &context->term_states[term];
        uint32_t occurrence = (uint32_t) context->occurrences.len;
        fw_vec_push(&context->occurrences, (struct fw_occurrence){ .token = token, .next = FW_NONE });
        if (state->item != context->item) {
                *state = (struct fw_term_state){ .item = context->item, .head = occurrence };
                fw_vec_push(&context->seen_terms, term);
        } else {
                context->occurrences.p[state->tail].next = occurrence;
        }
        state->tail = occurrence;
        state->fields |= field_bit;
}

static void add_extra(struct fw_match_context *context, struct fw_token_terms *terms, uint32_t term, uint32_t token,
                      uint32_t field_bit)
{
        fw_vec_push(&context->extras, term);
        terms->extra_len++;
        add_occurrence(context, term, token, field_bit);
}

static void resolve_token(struct fw_match_context *context, uint32_t index, uint32_t field, uint32_t field_bit,
                          struct fw_stem_table *stems)
{
        const struct fw_vocabulary *vocabulary = &context->ruleset->vocabulary;
        const struct fw_token *token = &context->tokens.list.p[index];
        struct fw_token_terms terms = { .field = field,
                                        .literal = FW_NONE,
                                        .word = fw_vocabulary_find(vocabulary, token->folded),
                                        .extra = (uint32_t) context->extras.len };
        if (terms.word != FW_NONE) {
                const struct fw_vocabulary_word *word = &vocabulary->words.p[terms.word];
                terms.literal = word->literal;
                if (word->literal != FW_NONE)
                        add_occurrence(context, word->literal, index, field_bit);
                for (uint32_t i = word->exact; i != FW_NONE; i = vocabulary->exacts.p[i].next) {
                        if (fw_str_eq(vocabulary->exacts.p[i].cased, token->cased))
                                add_extra(context, &terms, vocabulary->exacts.p[i].term, index, field_bit);
                }
        }
        if (fw_vocabulary_has_wildcards(vocabulary)) {
                const struct memo_entry *wild = wildcards_of(context, token->folded);
                for (uint32_t i = 0; i < wild->len; i++)
                        add_extra(context, &terms, wild->terms[i], index, field_bit);
        }
        if (stems) {
                const struct memo_entry *found = stems_of(context, stems, token);
                for (uint32_t i = 0; i < found->len; i++)
                        add_extra(context, &terms, found->terms[i], index, field_bit);
        }
        fw_vec_push(&context->terms, terms);
}

/* ---- fields ---- */

static struct fw_plain_text *next_plain(struct fw_match_context *context)
{
        size_t used = context->fields.len;
        if (used == context->plains.len) {
                struct fw_plain_text *plain = fw_calloc(1, sizeof(*plain));
                fw_plain_text_init(plain);
                fw_vec_push(&context->plains, plain);
        }
        fw_plain_text_reset(context->plains.p[used]);
        return context->plains.p[used];
}

static void load_field(struct fw_match_context *context, enum fw_field field, uint32_t index, struct fw_str value,
                       bool html)
{
        struct fw_item_field loaded = { .field = field,
                                        .index = index,
                                        .first = (uint32_t) context->tokens.list.len,
                                        .plain = next_plain(context) };
        if (html)
                fw_html_to_text(value, loaded.plain);
        else
                fw_text_as_plain(value, loaded.plain);
        fw_tokenize(context->tokenizer, loaded.plain, context->arena, &context->tokens);
        loaded.end = (uint32_t) context->tokens.list.len;
        fw_vec_push(&context->fields, loaded);
}

/* What the document does not say itself, its feed and language do. */
static void load_implied_fields(struct fw_match_context *context, uint32_t mask, uint32_t present)
{
        const struct fw_document *document = context->document;
        uint32_t missing = mask & ~present;
        if ((missing & (1u << FW_FIELD_LANG)) && document->language.len)
                load_field(context, FW_FIELD_LANG, FW_NONE, document->language, false);
        if (!document->feed)
                return;
        if (missing & (1u << FW_FIELD_FEED)) {
                load_field(context, FW_FIELD_FEED, FW_NONE, document->feed->id, false);
                load_field(context, FW_FIELD_FEED, FW_NONE, document->feed->title, false);
        }
        for (size_t i = 0; (missing & (1u << FW_FIELD_TAG)) && i < document->feed->tags_len; i++)
                load_field(context, FW_FIELD_TAG, FW_NONE, document->feed->tags[i], false);
}

static void start_item(struct fw_match_context *context, const struct fw_document *document)
{
        fw_arena_reset(context->arena);
        context->document = document;
        context->item++;
        context->languages = fw_gazetteer_language(&context->ruleset->gazetteer, document->language);
        context->tokens.list.len = 0;
        context->terms.len = 0;
        context->extras.len = 0;
        context->fields.len = 0;
        context->occurrences.len = 0;
        context->seen_terms.len = 0;
        context->candidates.len = 0;
        context->mentions.len = 0;
        context->limited = false;
        context->steps = FW_LIMIT_MATCH_STEPS;
}

void fw_context_load(struct fw_match_context *context, const struct fw_document *document, uint32_t mask)
{
        uint32_t present = 0;
        start_item(context, document);
        for (size_t i = 0; i < document->fields_len; i++) {
                const struct fw_document_field *field = &document->fields[i];
                present |= 1u << field->field;
                if (mask & (1u << field->field))
                        load_field(context, field->field, (uint32_t) i, field->value, field->html);
        }
        load_implied_fields(context, mask, present);

        const struct fw_vocabulary *vocabulary = &context->ruleset->vocabulary;
        struct fw_stem_table *stems = vocabulary->stems.len ? find_stem_table(context, document->language) : NULL;
        for (uint32_t f = 0; f < context->fields.len; f++) {
                const struct fw_item_field *field = &context->fields.p[f];
                for (uint32_t i = field->first; i < field->end; i++)
                        resolve_token(context, i, f, 1u << field->field, stems);
        }
}
