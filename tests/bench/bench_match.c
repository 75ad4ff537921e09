/*
 * bench_match: items decided a second, at 10, 1,000, … rules, beside the floor: reading their markup and cutting them into
 * words, which any matcher must do.
 *
 *     bench_match --smoke
 *     bench_match [DOCS.jsonl RULES.yaml]     documents {"title","body"}; the first N rules of a file with one rule a line
 *
 * Without files, texts and rules are made of words that occur as they do in language (Zipf): of ten rules six are
 * "a b" AND c, two a phrase, one (a OR b OR c) NOT d, one a NEAR/10 b. CPU time, best of three.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "rule/rule.h"
#include "text/text.h"

#define WORDS        20000
#define WORDS_A_TEXT 130
#define PASSES       3

struct bench {
        struct fw_arena *arena;
        FW_VEC(struct fw_document_field) fields; /* title and body of each document, in turn */
        struct fw_buf rules;
        struct fw_random random;
};

static double cpu_seconds(void)
{
        struct timespec now;
        (void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static void add_document(struct bench *bench, struct fw_str title, struct fw_str body)
{
        fw_vec_push(&bench->fields, (struct fw_document_field){ FW_FIELD_TITLE, title, false });
        fw_vec_push(&bench->fields, (struct fw_document_field){ FW_FIELD_BODY, body, true });
}

/* ---- made texts and rules ---- */

/* The n-th word of our language: syllables that spell n. */
static void append_word(struct fw_buf *out, uint32_t n)
{
        static const char consonants[] = "bdfgklmnprstvz", vowels[] = "aeiou";
        for (n += 70; n > 0; n /= 70)
                fw_buf_printf(out, "%c%c", consonants[n % 14], vowels[n / 14 % 5]);
}

/* A word's number, as often as Zipf has it: the first is everywhere, the last hardly anywhere. */
static uint32_t pick(struct bench *bench, double least)
{
        double spread = (double) fw_random_u32(&bench->random) / UINT32_MAX;
        return (uint32_t) (least * pow(WORDS / least, spread)) - 1;
}

static void append_words(struct bench *bench, struct fw_buf *out, double least, uint32_t count, const char *between)
{
        for (uint32_t i = 0; i < count; i++) {
                fw_buf_append_c(out, i ? between : "");
                append_word(out, pick(bench, least));
        }
}

static void make_documents(struct bench *bench, uint32_t count)
{
        struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (uint32_t i = 0; i < count; i++) {
                fw_buf_reset(&text);
                append_words(bench, &text, 1, 10, " ");
                struct fw_str title = fw_arena_copy(bench->arena, fw_buf_str(&text));
                fw_buf_reset(&text);
                append_words(bench, &text, 1, WORDS_A_TEXT, " ");
                add_document(bench, title, fw_arena_copy(bench->arena, fw_buf_str(&text)));
        }
        fw_buf_done(&text);
}

static void append_rule(struct bench *bench, uint32_t index)
{
        struct fw_buf *out = &bench->rules;
        fw_buf_printf(out, "  - {id: r%u, match: '", index);
        if (index % 10 == 8) {
                fw_buf_append_c(out, "(");
                append_words(bench, out, 500, 3, " OR ");
                fw_buf_append_c(out, ") NOT ");
        } else if (index % 10 < 8) {
                fw_buf_append_c(out, "\"");
                append_words(bench, out, 60, 2, " ");
                fw_buf_append_c(out, index % 10 < 6 ? "\" AND " : "\"");
        } else {
                append_words(bench, out, 100, 1, "");
                fw_buf_append_c(out, " NEAR/10 ");
        }
        if (index % 10 < 6 || index % 10 > 7)
                append_words(bench, out, 100, 1, "");
        fw_buf_append_c(out, "'}\n");
}

static void make_rules(struct bench *bench, uint32_t count)
{
        fw_buf_append_c(&bench->rules, "rules:\n");
        for (uint32_t i = 0; i < count; i++)
                append_rule(bench, i);
}

/* ---- given ones ---- */

static int read_documents(struct bench *bench, const char *path)
{
        fw_cleanup(fw_buf_done) struct fw_buf file = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        int r = fw_file_read(path, &file);
        if (r < 0)
                return r;
        struct fw_str rest = fw_buf_str(&file), line;
        while (fw_str_split(&rest, '\n', &line)) {
                json_t *json = fw_json_parse(line, NULL);
                if (json)
                        add_document(bench, fw_arena_copy(bench->arena, fw_json_get_str(json, "title")),
                                     fw_arena_copy(bench->arena, fw_json_get_str(json, "body")));
                json_decref(json);
        }
        return 0;
}

/* The first `count` rules: the head of the file and so many lines. */
static struct fw_str first_rules(const struct bench *bench, size_t count)
{
        struct fw_str all = fw_buf_str(&bench->rules);
        size_t end = 0;
        for (size_t i = 0; i <= count && end < all.len; i++) {
                size_t line = fw_str_find_byte(all, '\n', end);
                end = line == SIZE_MAX ? all.len : line + 1;
        }
        return fw_str_slice(all, 0, end);
}

/* ---- measuring ---- */

/* Documents a second that only have their words cut. */
static double measure_floor(const struct bench *bench)
{
        fw_cleanup(fw_tokenizer_freep) struct fw_tokenizer *tokenizer = fw_tokenizer_new();
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_tokens tokens = { 0 };
        struct fw_plain_text plain;
        double best = INFINITY;
        fw_plain_text_init(&plain);
        for (int pass = 0; pass < PASSES; pass++) {
                double start = cpu_seconds();
                for (size_t i = 0; i < bench->fields.len; i++) {
                        fw_plain_text_reset(&plain);
                        if (bench->fields.p[i].html)
                                fw_html_to_text(bench->fields.p[i].value, &plain);
                        else
                                fw_text_as_plain(bench->fields.p[i].value, &plain);
                        tokens.list.len = 0;
                        fw_arena_reset(arena);
                        fw_tokenize(tokenizer, &plain, arena, &tokens);
                }
                best = fmin(best, cpu_seconds() - start);
        }
        fw_plain_text_done(&plain);
        fw_vec_done(&tokens.list);
        return (double) bench->fields.len / 2 / best;
}

static int measure(const struct bench *bench, size_t count, double floor)
{
        struct fw_rule_file file = { FW_STR("rules.yaml"), first_rules(bench, count) };
        struct fw_rule_sources sources = { .rules = &file, .rules_len = 1 };
        fw_cleanup(fw_ruleset_unrefp) struct fw_ruleset *ruleset = NULL;
        double start = cpu_seconds();
        if (fw_ruleset_compile(&sources, NULL, &ruleset) < 0) {
                (void) fprintf(stderr, "the rules cannot be compiled\n");
                return EXIT_FAILURE;
        }
        double compile = cpu_seconds() - start, best = INFINITY;
        fw_cleanup(fw_match_context_freep) struct fw_match_context *context = fw_match_context_new(ruleset);
        size_t matches = 0, documents = bench->fields.len / 2;
        for (int pass = 0; pass < PASSES; pass++) {
                matches = 0;
                start = cpu_seconds();
                for (size_t i = 0; i < documents; i++) {
                        struct fw_document document = { .fields = &bench->fields.p[2 * i],
                                                        .fields_len = 2,
                                                        .language = FW_STR("en") };
                        matches += fw_match(context, &document)->matches_len;
                }
                best = fmin(best, cpu_seconds() - start);
        }
        (void) printf("{\"bench\":\"match\",\"rules\":%zu,\"compile_s\":%.2f,\"docs\":%zu,\"matches_per_doc\":%.2f,"
                      "\"docs_s\":%.0f,\"floor_docs_s\":%.0f,\"of_floor\":%.2f}\n",
                      fw_ruleset_len(ruleset), compile, documents, (double) matches / (double) documents,
                      (double) documents / best, floor, (double) documents / best / floor);
        return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
        bool smoke = argc == 2 && strcmp(argv[1], "--smoke") == 0;
        size_t most = smoke ? 1000 : 100000;
        struct bench bench = { .arena = fw_arena_new(), .rules = FW_BUF_INIT(FW_BUF_UNBOUNDED) };
        int status = EXIT_SUCCESS;
        fw_random_init_seed(&bench.random, 11);
        if (argc == 3) {
                if (read_documents(&bench, argv[1]) < 0 || fw_file_read(argv[2], &bench.rules) < 0)
                        status = EXIT_FAILURE;
        } else {
                make_documents(&bench, smoke ? 50 : 3000);
                make_rules(&bench, (uint32_t) most);
        }
        double floor = measure_floor(&bench);
        for (size_t count = 10; count <= most && status == EXIT_SUCCESS; count *= 10)
                status = measure(&bench, count, floor);
        fw_buf_done(&bench.rules);
        fw_vec_done(&bench.fields);
        fw_arena_free(bench.arena);
        return status;
}
