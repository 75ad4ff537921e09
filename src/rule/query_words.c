#include "rule/query.h"

#include "base/utf8.h"

/*
 * Terms are cut by the tokenizer that cuts the texts, so the two can never disagree. Wildcards are no letters and would part
 * words there; they go through it in the clothes of two letters that no text has, and are dressed back afterwards:
 *
 *     anti-tank*  →  anti-tankʘ  →  anti · tankʘ  →  anti · tank*
 */
#define RUN    "\xCA\x98" /* U+0298, for `*` */
#define LETTER "\xC7\x82" /* U+01C2, for `?` */

static struct fw_str disguise(struct fw_arena *arena, struct fw_str text)
{
        char *out = fw_arena_alloc(arena, text.len * 2 + 1);
        size_t len = 0;
        for (size_t i = 0; i < text.len; i++) {
                const char *letter = text.p[i] == '*' ? RUN : text.p[i] == '?' ? LETTER : NULL;
                if (letter) {
                        out[len++] = letter[0];
                        out[len++] = letter[1];
                } else {
                        out[len++] = text.p[i];
                }
        }
        return fw_str_n(out, len);
}

static struct fw_str undisguise(struct fw_arena *arena, struct fw_str word)
{
        char *out = fw_arena_alloc(arena, word.len + 1);
        size_t len = 0;
        for (size_t i = 0; i < word.len; i++) {
                bool pair = i + 1 < word.len;
                if (pair && memcmp(word.p + i, RUN, 2) == 0) {
                        if (len == 0 || out[len - 1] != '*')
                                out[len++] = '*';
                        i++;
                } else if (pair && memcmp(word.p + i, LETTER, 2) == 0) {
                        out[len++] = '?';
                        i++;
                } else {
                        out[len++] = word.p[i];
                }
        }
        return fw_str_n(out, len);
}

static bool has_wildcard(struct fw_str folded)
{
        return fw_str_find_byte(folded, '*', 0) != SIZE_MAX || fw_str_find_byte(folded, '?', 0) != SIZE_MAX;
}

static struct fw_query_word make_word(struct fw_arena *arena, const struct fw_token *token, unsigned flags)
{
        struct fw_query_word word = { .kind = FW_WORD_LITERAL,
                                      .folded = fw_arena_copy(arena, token->folded),
                                      .cased = fw_arena_copy(arena, token->cased),
                                      .accented = fw_arena_copy(arena, token->accented),
                                      .start = token->start,
                                      .end = token->end,
                                      .flags = token->flags };
        if (flags & FW_CUT_WILDCARDS) {
                word.folded = undisguise(arena, word.folded);
                if (fw_str_eq(word.folded, FW_STR("*")))
                        word.kind = FW_WORD_ANY;
                else if (has_wildcard(word.folded))
                        word.kind = FW_WORD_WILDCARD;
        }
        return word;
}

/* Contiguous characters of a script without spaces are a sequence, which no punctuation may part. */
static void join_sequences(struct fw_query_words *words)
{
        for (size_t i = 1; i < words->len; i++) {
                const struct fw_query_word *before = &words->p[i - 1];
                bool sequence = (words->p[i].flags | before->flags) & FW_TOKEN_SEQUENCE;
                words->p[i].joined = sequence && before->end == words->p[i].start;
        }
}

/* In a script without spaces `北朝*` is `北朝`: the run of letters at an end may be empty, and words have no ends. */
static void drop_runs_beside_sequences(struct fw_query_words *words)
{
        if (words->len > 1 && words->p[words->len - 1].kind == FW_WORD_ANY && words->p[words->len - 1].joined)
                words->len--;
        if (words->len > 1 && words->p[0].kind == FW_WORD_ANY && words->p[1].joined) {
                words->p++;
                words->len--;
                words->p[0].joined = false;
        }
}

struct fw_query_words fw_query_cut(struct fw_tokenizer *tokenizer, struct fw_arena *arena, struct fw_str text,
                                   unsigned flags)
{
        struct fw_query_words words = { 0 };
        struct fw_plain_text plain;
        struct fw_tokens tokens = { 0 };
        bool wildcards = (flags & FW_CUT_WILDCARDS) && has_wildcard(text);

        fw_plain_text_init(&plain);
        fw_text_as_plain(wildcards ? disguise(arena, text) : text, &plain);
        fw_tokenize(tokenizer, &plain, arena, &tokens);
        words.p = fw_arena_new_array(arena, struct fw_query_word, tokens.list.len + 1);
        for (size_t i = 0; i < tokens.list.len; i++)
                words.p[words.len++] = make_word(arena, &tokens.list.p[i], wildcards ? flags : 0);
        fw_vec_done(&tokens.list);
        fw_plain_text_done(&plain);

        join_sequences(&words);
        if (wildcards)
                drop_runs_beside_sequences(&words);
        if ((flags & FW_CUT_STEM) && words.len)
                words.p[words.len - 1].kind = FW_WORD_STEM;
        return words;
}

bool fw_wildcard_matches(struct fw_str pattern, struct fw_str word)
{
        size_t p = 0, w = 0, star = SIZE_MAX, retry = 0;
        while (w < word.len) {
                size_t letter;
                (void) fw_utf8_decode(word, w, &letter);
                if (p < pattern.len && pattern.p[p] == '*') {
                        star = ++p;
                        retry = w;
                } else if (p < pattern.len && pattern.p[p] == '?') {
                        p++;
                        w += letter;
                } else if (p < pattern.len && pattern.p[p] == word.p[w]) {
                        p++;
                        w++;
                } else if (star != SIZE_MAX) {
                        (void) fw_utf8_decode(word, retry, &letter);
                        retry += letter;
                        p = star;
                        w = retry;
                } else {
                        return false;
                }
        }
        while (p < pattern.len && pattern.p[p] == '*')
                p++;
        return p == pattern.len;
}
