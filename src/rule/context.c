#include "rule/context.h"

#include <stdlib.h>

#define JIT_STACK_BYTES ((size_t) 512 * 1024)

struct fw_match_context *fw_match_context_new(struct fw_ruleset *ruleset)
{
        struct fw_match_context *context = fw_calloc(1, sizeof(*context));
        const struct fw_program *program = &ruleset->program;
        context->ruleset = fw_ruleset_ref(ruleset);
        context->tokenizer = fw_tokenizer_new();
        context->arena = fw_arena_new();
        context->term_states = fw_calloc(program->terms_len + 1, sizeof(*context->term_states));
        context->trigger_states = fw_calloc(program->triggers_len + 1, sizeof(*context->trigger_states));
        context->node_states = fw_calloc(program->nodes.len + 1, sizeof(*context->node_states));
        context->selector_states = fw_calloc(program->selectors_len + 1, sizeof(*context->selector_states));
        context->rule_items = fw_calloc(ruleset->rules_len + 1, sizeof(*context->rule_items));
        fw_memo_init(&context->memo);

        context->match_data = pcre2_match_data_create(1, NULL);
        context->match_limits = pcre2_match_context_create(NULL);
        context->jit_stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK_BYTES, NULL);
        if (!context->match_data || !context->match_limits || !context->jit_stack)
                fw_out_of_memory(JIT_STACK_BYTES);
        pcre2_set_match_limit(context->match_limits, FW_LIMIT_REGEX_STEPS);
        pcre2_set_heap_limit(context->match_limits, 20 * 1024);
        pcre2_jit_stack_assign(context->match_limits, NULL, context->jit_stack);
        return context;
}

struct fw_match_context *fw_match_context_free(struct fw_match_context *context)
{
        if (!context)
                return NULL;
        for (size_t i = 0; i < context->plains.len; i++) {
                fw_plain_text_done(context->plains.p[i]);
                free(context->plains.p[i]);
        }
        fw_vec_done(&context->plains);
        fw_vec_done(&context->tokens.list);
        fw_vec_done(&context->terms);
        fw_vec_done(&context->extras);
        fw_vec_done(&context->fields);
        fw_vec_done(&context->occurrences);
        fw_vec_done(&context->seen_terms);
        fw_vec_done(&context->candidates);
        fw_vec_done(&context->mentions);
        fw_vec_done(&context->scratch_terms.terms);
        free(context->term_states);
        free(context->trigger_states);
        free(context->node_states);
        free(context->selector_states);
        free(context->rule_items);
        fw_memo_done(&context->memo);
        fw_stem_tables_done(context);
        pcre2_match_data_free(context->match_data);
        pcre2_match_context_free(context->match_limits);
        pcre2_jit_stack_free(context->jit_stack);
        fw_tokenizer_free(context->tokenizer);
        fw_arena_free(context->arena);
        fw_ruleset_unref(context->ruleset);
        free(context);
        return NULL;
}
