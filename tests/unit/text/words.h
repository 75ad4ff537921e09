/*
 * words: the tokens of a text, for tests to look at.
 */
#pragma once

#include <check.h>

#include "base/arena.h"
#include "base/buf.h"
#include "text/text.h"

struct words {
        struct fw_arena *arena;
        struct fw_tokenizer *tokenizer;
        struct fw_plain_text plain;
        struct fw_tokens tokens;
};

static inline void words_init(struct words *words)
{
        *words = (struct words){ .arena = fw_arena_new(), .tokenizer = fw_tokenizer_new() };
        fw_plain_text_init(&words->plain);
}

static inline void words_done(struct words *words)
{
        words->arena = fw_arena_free(words->arena);
        words->tokenizer = fw_tokenizer_free(words->tokenizer);
        fw_plain_text_done(&words->plain);
        fw_vec_done(&words->tokens.list);
}

static inline void words_of(struct words *words, struct fw_str text, bool html)
{
        words->tokens.list.len = 0;
        if (html)
                fw_html_to_text(text, &words->plain);
        else
                fw_text_as_plain(text, &words->plain);
        fw_tokenize(words->tokenizer, &words->plain, words->arena, &words->tokens);
}

static inline struct fw_str words_source(const struct words *words, size_t index)
{
        const struct fw_token *token = &words->tokens.list.p[index];
        return fw_str_slice(fw_buf_str(&words->plain.text), token->start, token->end);
}
