#include "fuzz.h"

#include "base/utf8.h"
#include "text/text.h"

static void check_tokens(const struct fw_tokens *tokens, size_t text_len)
{
        struct fw_token before = { 0 };
        for (size_t i = 0; i < tokens->list.len; i++) {
                const struct fw_token *token = &tokens->list.p[i];
                fuzz_check(token->start < token->end && token->end <= text_len);
                fuzz_check(token->start >= before.start && token->position == i);
                fuzz_check(token->sentence >= before.sentence && token->block >= before.block);
                fuzz_check(token->block == before.block || i == 0 || token->sentence > before.sentence);
                fuzz_check(token->folded.len > 0 && token->cased.len > 0 && token->accented.len > 0);
                fuzz_check(fw_utf8_valid(token->folded) && fw_utf8_valid(token->cased) &&
                           fw_utf8_valid(token->accented));
                before = *token;
        }
}

/* A second time, with everything remembered, must give the same. */
static void check_again(const struct fw_tokens *first, const struct fw_tokens *second)
{
        fuzz_check(first->list.len == second->list.len);
        for (size_t i = 0; i < first->list.len; i++) {
                const struct fw_token *a = &first->list.p[i], *b = &second->list.p[i];
                fuzz_check(a->start == b->start && a->end == b->end && a->flags == b->flags);
                fuzz_check(a->sentence == b->sentence && a->block == b->block);
                fuzz_check(fw_str_eq(a->folded, b->folded) && fw_str_eq(a->cased, b->cased));
                fuzz_check(fw_str_eq(a->accented, b->accented));
        }
}

static void fuzz_single_words(struct fw_tokenizer *tokenizer, const struct fw_tokens *tokens, struct fw_arena *arena)
{
        static const char *const LANGUAGES[] = { "en", "de", "ru", "ar", "tr", "hi", "el", "ca" };
        for (size_t i = 0; i < FW_MIN(tokens->list.len, (size_t) 16); i++) {
                struct fw_str language = fw_str_c(LANGUAGES[i % FW_ARRAY_LEN(LANGUAGES)]);
                struct fw_str stem = fw_text_stem(tokenizer, tokens->list.p[i].accented, language, arena);
                fuzz_check(fw_utf8_valid(stem));
                fuzz_check(fw_utf8_valid(fw_text_fold(tokenizer, tokens->list.p[i].cased, arena)));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        fw_cleanup(fw_tokenizer_freep) struct fw_tokenizer *tokenizer = fw_tokenizer_new();
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_plain_text plain;
        struct fw_tokens tokens = { 0 }, again = { 0 };
        fw_plain_text_init(&plain);
        if (size > 0 && data[0] % 2)
                fw_html_to_text(fuzz_str(data, size), &plain);
        else
                fw_text_as_plain(fuzz_str(data, size), &plain);
        fw_tokenize(tokenizer, &plain, arena, &tokens);
        fw_tokenize(tokenizer, &plain, arena, &again);
        check_tokens(&tokens, plain.text.len);
        check_again(&tokens, &again);
        fuzz_single_words(tokenizer, &tokens, arena);
        (void) fw_text_fold(tokenizer, fuzz_str(data, size), arena);
        fw_vec_done(&tokens.list);
        fw_vec_done(&again.list);
        fw_plain_text_done(&plain);
        return 0;
}
