/*
 * tokenizer: from text to tokens.
 *
 * Three ways, the first that can is taken; they agree, which tests check:
 *
 *   1. A run of ASCII letters and digits with nothing behind it that could go on with the word is a word at once.
 *   2. So is a character of a script without spaces that has no marks.
 *   3. All else, up to white space or a sign that parts words in any case, is a chunk: normalised, cut by the rules, folded.
 *      What a chunk gives depends on its bytes alone, so the tokenizer remembers short ones ("Korea’s", "войска").
 */
#include "text/text.h"

#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/utf8.h"
#include "text/characters.h"
#include "text/chunks.h"
#include "text/fold.h"
#include "text/sentence.h"
#include "text/stem.h"
#include "text/units.h"

struct fw_tokenizer {
        struct fw_characters characters;
        struct fw_folder folder;
        struct fw_chunks *chunks;
        struct fw_stems *stems;
        struct fw_units units;
};

struct fw_tokenizer *fw_tokenizer_new(void)
{
        struct fw_tokenizer *tokenizer = fw_calloc(1, sizeof(*tokenizer));
        fw_characters_init(&tokenizer->characters);
        tokenizer->chunks = fw_chunks_new();
        tokenizer->stems = fw_stems_new();
        return tokenizer;
}

struct fw_tokenizer *fw_tokenizer_free(struct fw_tokenizer *tokenizer)
{
        if (!tokenizer)
                return NULL;
        fw_folder_done(&tokenizer->folder);
        fw_chunks_free(tokenizer->chunks);
        fw_stems_free(tokenizer->stems);
        fw_vec_done(&tokenizer->units.list);
        free(tokenizer);
        return NULL;
}

/* ---- one text ---- */

enum {
        WORD = 1,  /* letters and digits */
        UPPER = 2, /* capitals */
        SPACE = 4,
        JOINER = 8, /* may stand inside a word, if what follows is part of it */
        HIGH = 16   /* not ASCII */
};

static const uint8_t BYTES[256] = {
        ['a' ... 'z'] = WORD,    ['A' ... 'Z'] = WORD | UPPER,
        ['0' ... '9'] = WORD,    [' '] = SPACE,
        ['\t' ... '\r'] = SPACE, [0x1C ... 0x1F] = SPACE,
        ['.'] = JOINER,          [','] = JOINER,
        ['\''] = JOINER,         ['_'] = JOINER,
        [';'] = JOINER,          [0x80 ... 0xFF] = HIGH,
};

struct run {
        struct fw_tokenizer *tokenizer;
        const struct fw_plain_text *plain;
        struct fw_str text;
        struct fw_arena *arena;
        struct fw_tokens *tokens;
        size_t at;
        bool gap;    /* something other than white space was met since the last word */
        char *lower; /* as long as the text: ASCII words with capitals, folded, each in its place */
        uint32_t position;
        size_t next_block; /* index in plain->blocks */
        size_t block_end;
        size_t sentence_end;
        uint32_t sentence;
        bool sentence_has_words;
        uint32_t block;
};

static uint8_t byte_at(const struct run *run, size_t at)
{
        return BYTES[(unsigned char) run->text.p[at]];
}

static void end_sentence(struct run *run)
{
        if (run->sentence_has_words)
                run->sentence++;
        run->sentence_has_words = false;
}

/* Brings block and sentence up to byte `start`. */
static void place(struct run *run, size_t start)
{
        while (start >= run->block_end) {
                end_sentence(run);
                run->block++;
                run->sentence_end = run->block_end;
                run->next_block++;
                run->block_end = run->next_block < run->plain->blocks.len ? run->plain->blocks.p[run->next_block]
                                                                          : run->text.len;
                struct fw_str block = fw_str_slice(run->text, 0, run->block_end);
                run->sentence_end = fw_sentence_end(&run->tokenizer->characters, block, run->sentence_end);
        }
        while (start >= run->sentence_end) {
                end_sentence(run);
                struct fw_str block = fw_str_slice(run->text, 0, run->block_end);
                run->sentence_end = fw_sentence_end(&run->tokenizer->characters, block, run->sentence_end);
        }
        run->sentence_has_words = true;
}

static void push_token(struct run *run, struct fw_forms forms, size_t start, size_t end, uint32_t flags)
{
        if (start >= run->sentence_end || start >= run->block_end)
                place(run, start);
        run->sentence_has_words = true;
        struct fw_token token = {
                .folded = forms.folded,
                .cased = forms.cased,
                .accented = forms.accented,
                .start = (uint32_t) start,
                .end = (uint32_t) end,
                .position = run->position++,
                .sentence = run->sentence,
                .block = run->block,
                .flags = flags | (run->gap ? FW_TOKEN_GAP_BEFORE : 0),
        };
        fw_vec_push(&run->tokens->list, token);
        run->gap = false;
}

static void push_verbatim(struct run *run, size_t start, size_t end, uint32_t flags)
{
        struct fw_str word = fw_str_slice(run->text, start, end);
        push_token(run, (struct fw_forms){ word, word, word }, start, end, flags);
}

/* An ASCII word with capitals. */
static void push_lowered(struct run *run, size_t start, size_t end)
{
        if (!run->lower)
                run->lower = fw_arena_alloc(run->arena, run->text.len);
        for (size_t i = start; i < end; i++)
                run->lower[i] = fw_lower(run->text.p[i]);
        struct fw_str lower = fw_str_n(run->lower + start, end - start);
        push_token(run, (struct fw_forms){ fw_str_slice(run->text, start, end), lower, lower }, start, end, 0);
}

/* True if no word goes on over the character at `at`, whatever stands before it. */
static bool ends_chunk(const struct run *run, size_t at)
{
        size_t len;
        uint16_t info = fw_character(&run->tokenizer->characters, fw_utf8_decode(run->text, at, &len));
        enum fw_character_class class = fw_character_class(info);
        return (class == FW_CHAR_OTHER || class == FW_CHAR_SPACE || class == FW_CHAR_SEQUENCE) &&
               !(info & FW_CHAR_ATTACHES);
}

/* True if the ASCII letters and digits that end at `at` are a whole word, whatever the rules about joining say. */
static bool is_word_end(const struct run *run, size_t at)
{
        if (at < run->text.len && (byte_at(run, at) & JOINER)) {
                at++;
                if (at < run->text.len && (byte_at(run, at) & (JOINER | WORD)))
                        return false;
        }
        return at >= run->text.len || !(byte_at(run, at) & HIGH) || ends_chunk(run, at);
}

static struct fw_str copy_form(struct run *run, struct fw_str form, struct fw_str source)
{
        if (form.p == NULL)
                return source;
        char *copy = fw_arena_alloc(run->arena, form.len);
        memcpy(copy, form.p, form.len);
        return fw_str_n(copy, form.len);
}

static void push_chunk(struct run *run, const struct fw_chunk *chunk, size_t from)
{
        for (size_t i = 0; i < chunk->words_len; i++) {
                const struct fw_chunk_word *word = &chunk->words[i];
                struct fw_str source = fw_str_slice(run->text, from + word->start, from + word->end);
                struct fw_forms forms = { .cased = copy_form(run, word->forms.cased, source) };
                bool is_cased = word->forms.accented.p == word->forms.cased.p;
                forms.accented = is_cased ? forms.cased : copy_form(run, word->forms.accented, source);
                bool is_accented = word->forms.folded.p == word->forms.accented.p;
                forms.folded = is_accented ? forms.accented : copy_form(run, word->forms.folded, source);
                run->gap |= word->gap_before;
                push_token(run, forms, from + word->start, from + word->end, word->flags);
        }
        run->gap |= chunk->gap_behind;
}

/* The third way, from a character that is part of a word. */
static void read_chunk(struct run *run, size_t from)
{
        struct fw_tokenizer *tokenizer = run->tokenizer;
        size_t to = from, len;
        do {
                (void) fw_utf8_decode(run->text, to, &len);
                to += len;
        } while (to < run->text.len && !ends_chunk(run, to));
        run->at = to;
        struct fw_str bytes = fw_str_slice(run->text, from, to);
        const struct fw_chunk *known = fw_chunks_find(tokenizer->chunks, bytes);
        if (known) {
                push_chunk(run, known, from);
                return;
        }
        tokenizer->units.list.len = 0;
        fw_units_collect(&tokenizer->characters, &tokenizer->folder, bytes, 0, bytes.len, &tokenizer->units);
        push_chunk(
                run,
                fw_chunks_add(tokenizer->chunks, bytes, &tokenizer->units, &tokenizer->folder, &tokenizer->characters),
                from);
}

static void read_ascii(struct run *run)
{
        size_t from = run->at, at = from;
        uint8_t seen = 0;
        for (; at < run->text.len && (byte_at(run, at) & WORD); at++)
                seen |= byte_at(run, at);
        if (!is_word_end(run, at)) {
                read_chunk(run, from);
                return;
        }
        if (seen & UPPER)
                push_lowered(run, from, at);
        else
                push_verbatim(run, from, at, 0);
        run->at = at;
}

static void read_other(struct run *run)
{
        size_t len;
        uint16_t info = fw_character(&run->tokenizer->characters, fw_utf8_decode(run->text, run->at, &len));
        switch (fw_character_class(info)) {
        case FW_CHAR_SEQUENCE: {
                size_t next = run->at + len;
                if (!(info & FW_CHAR_FIXED) || (next < run->text.len && !ends_chunk(run, next))) {
                        read_chunk(run, run->at);
                        return;
                }
                push_verbatim(run, run->at, next, FW_TOKEN_SEQUENCE);
                break;
        }
        case FW_CHAR_LETTER:
        case FW_CHAR_HEBREW:
        case FW_CHAR_HANGUL:
        case FW_CHAR_DIGIT:
        case FW_CHAR_COMPLEX:
                read_chunk(run, run->at);
                return;
        case FW_CHAR_SPACE:
        case FW_CHAR_IGNORED:
                break;
        default:
                run->gap = true;
                break;
        }
        run->at += len;
}

void fw_tokenize(struct fw_tokenizer *tokenizer, const struct fw_plain_text *plain, struct fw_arena *arena,
                 struct fw_tokens *ret_tokens)
{
        struct run run = {
                .tokenizer = tokenizer,
                .plain = plain,
                .text = fw_buf_str(&plain->text),
                .arena = arena,
                .tokens = ret_tokens,
        };
        run.block_end = plain->blocks.len > 0 ? plain->blocks.p[0] : run.text.len;
        run.sentence_end = fw_sentence_end(&tokenizer->characters, fw_str_slice(run.text, 0, run.block_end), 0);
        while (run.at < run.text.len) {
                uint8_t byte = byte_at(&run, run.at);
                if (byte & WORD) {
                        read_ascii(&run);
                } else if (byte & HIGH) {
                        read_other(&run);
                } else {
                        run.gap |= !(byte & SPACE);
                        run.at++;
                }
        }
}

/* ---- single words ---- */

bool fw_text_begins_small(struct fw_str cased, struct fw_str accented)
{
        size_t len;
        return cased.len == 0 || accented.len == 0 ||
               fw_utf8_decode(cased, 0, &len) == fw_utf8_decode(accented, 0, &len);
}

bool fw_text_is_katakana(struct fw_str text)
{
        size_t len;
        uint32_t code = text.len > 0 ? fw_utf8_decode(text, 0, &len) : 0;
        return code >= 0x30A1 && code <= 0x30FF && code != 0x30FB; /* not the middle dot */
}

bool fw_text_is_latin(struct fw_str text)
{
        size_t len;
        return text.len > 0 && fw_character_is_latin(fw_utf8_decode(text, 0, &len));
}

struct fw_str fw_text_fold(struct fw_tokenizer *tokenizer, struct fw_str word, struct fw_arena *arena)
{
        tokenizer->units.list.len = 0;
        fw_units_collect(&tokenizer->characters, &tokenizer->folder, word, 0, word.len, &tokenizer->units);
        return fw_fold_characters(&tokenizer->folder, &tokenizer->characters, &tokenizer->units, arena).folded;
}

struct fw_str fw_text_stem(struct fw_tokenizer *tokenizer, struct fw_str accented, struct fw_str language,
                           struct fw_arena *arena)
{
        struct fw_str stem = fw_stems_get(tokenizer->stems, accented, language);
        /* The stemmer keeps its answer only until the next question. */
        struct fw_str kept = stem.p ? fw_arena_copy(arena, stem) : accented;
        return fw_fold_accents(&tokenizer->folder, &tokenizer->characters, kept, arena);
}
