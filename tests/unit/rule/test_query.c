#include "../unit.h"

#include "rule/query.h"

static struct fw_arena *arena;
static struct fw_tokenizer *tokenizer;
static struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);

static void setup(void)
{
        arena = fw_arena_new();
        tokenizer = fw_tokenizer_new();
}

static void teardown(void)
{
        fw_arena_free(arena);
        fw_tokenizer_free(tokenizer);
        fw_buf_done(&out);
}

static struct fw_query_node *parse(struct fw_str text)
{
        struct fw_query_parser_context context = { .arena = arena, .tokenizer = tokenizer };
        struct fw_query_origin *origin = fw_arena_new_object(arena, struct fw_query_origin);
        origin->text = fw_arena_copy(arena, text);
        return fw_query_parse(&context, origin);
}

static void check_print(const char *query, const char *expected)
{
        struct fw_query_node *tree = parse(fw_str_c(query));
        ck_assert_msg(tree, "'%s' cannot be read", query);
        fw_buf_reset(&out);
        (void) fw_query_print(tree, false, &out);
        ck_assert_msg(fw_str_eq(fw_buf_str(&out), fw_str_c(expected)), "'%s' is %s, not %s", query, fw_buf_c(&out),
                      expected);
        /* What is printed means the same. */
        tree = parse(fw_buf_str(&out));
        ck_assert_msg(tree, "'%s' cannot be read", expected);
        fw_buf_reset(&out);
        (void) fw_query_print(tree, false, &out);
        ck_assert_str_eq(fw_buf_c(&out), expected);
}

START_TEST(queries_are_printed_fully_parenthesised)
{
        static const char *const cases[][2] = {
                { "a", "a" },
                { "((a))", "a" },
                { "a b c", "(a AND b AND c)" },
                { "a AND b + c", "(a AND b AND c)" },
                { "a OR b AND c", "(a OR (b AND c))" },
                { "a b | c d", "((a AND b) OR (c AND d))" },
                { "a|b", "(a OR b)" },
                { "(a)-b", "(a NOT b)" },
                { "a OR b NOT c", "(a OR (b NOT c))" },
                { "a NOT b AND c", "((a NOT b) AND c)" },
                { "NOT b AND a", "(a NOT b)" },
                { "NOT c AND a b", "((a AND b) NOT c)" },
                { "a -b -c", "(a NOT b NOT c)" },
                { "a AND NOT b", "(a NOT b)" },
                { "a NOT (b OR c)", "(a NOT (b OR c))" },
                { "a NOT b NEAR/1 c", "(a NOT (b NEAR/1 c))" },
                { "a NEAR/2 b NEAR/3 c", "((a NEAR/2 b) NEAR/3 c)" },
                { "a NEAR/2 (b NEAR/3 c)", "(a NEAR/2 (b NEAR/3 c))" },
                { "a BEFORE/s b NOT NEAR/p c", "((a BEFORE/s b) NOT NEAR/p c)" },
                { "title:a b", "(title:a AND b)" },
                { "title:(a b)", "title:(a AND b)" },
                { "title: a", "title:a" },
                { "lead:\"a b\" text:@x", "(lead:\"a b\" AND text:@x)" },
                { "title:FIRST/3(a OR b)", "title:(FIRST/3(a OR b))" },
                { "FIRST/30(a)", "FIRST/30(a)" },
                { "ATLEAST/3(a OR b)", "ATLEAST/3(a OR b)" },
                { "2 OF (a b, \"c d\", (e OR f)) g", "(2 OF ((a AND b), \"c d\", (e OR f)) AND g)" },
                { "2 OF (12,000, b)", "2 OF (12,000, b)" },
                { "troop* deploy~ wom?n", "(troop* AND deploy~ AND wom?n)" },
                { "'WHO' 'C++'", "('WHO' AND 'C++')" },
                { "'rock \\'n\\' roll' \"a \\\"b\\\" c\"", "('rock \\'n\\' roll' AND \"a \\\"b\\\" c\")" },
                { "/a\\/b (c|d)/i x", "(/a\\/b (c|d)/i AND x)" },
                { "@north-korea.adjective @kind:person $our-names",
                  "(@north-korea.adjective AND @kind:person AND $our-names)" },
                { "C++ AT&T o'brien t-54 and/or", "(C++ AND AT&T AND o'brien AND t-54 AND and/or)" },
                { "a+b a-b", "(a+b AND a-b)" },
                { "12:30 3 of 4", "(12:30 AND 3 AND of AND 4)" },
                { "FIRST of OF", "(FIRST AND of AND OF)" },
                { "a AND(b OR(c))", "(a AND (b OR c))" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++)
                check_print(cases[i][0], cases[i][1]);
}
END_TEST

static void check_words(const char *term, unsigned flags, const char *expected)
{
        static const char kinds[] = "l*.~";
        struct fw_query_words words = fw_query_cut(tokenizer, arena, fw_str_c(term), flags);
        fw_buf_reset(&out);
        for (size_t i = 0; i < words.len; i++)
                fw_buf_printf(&out, "%s%s%c:%.*s", i ? " " : "", words.p[i].joined ? "+" : "", kinds[words.p[i].kind],
                              FW_STR_ARG(words.p[i].folded));
        ck_assert_msg(fw_str_eq(fw_buf_str(&out), fw_str_c(expected)), "'%s' is cut into %s, not %s", term,
                      fw_buf_c(&out), expected);
}

START_TEST(terms_are_cut_as_texts_are)
{
        check_words("Anti-Tank", FW_CUT_WILDCARDS, "l:anti l:tank");
        check_words("anti-tank*", FW_CUT_WILDCARDS, "l:anti *:tank*");
        check_words("Troop*", FW_CUT_WILDCARDS, "*:troop*");
        check_words("caf**é?", FW_CUT_WILDCARDS, "*:caf*e?");
        check_words("a * b", FW_CUT_WILDCARDS, "l:a .:* l:b");
        check_words("U.S. army's", FW_CUT_WILDCARDS, "l:us l:army");
        check_words("deployed", FW_CUT_STEM, "~:deployed");
        check_words("who?", 0, "l:who");
        check_words("北朝鮮", FW_CUT_WILDCARDS, "l:北 +l:朝 +l:鮮");
        check_words("北朝*", FW_CUT_WILDCARDS, "l:北 +l:朝");
        check_words("*朝鮮", FW_CUT_WILDCARDS, "l:朝 +l:鮮");
        check_words("北 朝", FW_CUT_WILDCARDS, "l:北 l:朝");
        check_words("&", FW_CUT_WILDCARDS, "");
}
END_TEST

static void check_list(const char *list, const char *expected)
{
        struct fw_query_parser_context context = { .arena = arena, .tokenizer = tokenizer };
        struct fw_query_origin origin = { .text = fw_str_c(list) };
        struct fw_query_node *tree = fw_query_parse_list(&context, &origin);
        ck_assert_ptr_nonnull(tree);
        fw_buf_reset(&out);
        (void) fw_query_print(tree, false, &out);
        ck_assert_str_eq(fw_buf_c(&out), expected);
}

START_TEST(a_line_of_a_list_is_a_term)
{
        check_list("acme\n\n# no\n  initech  \r\n", "(acme OR initech)");
        check_list("\xEF\xBB\xBF"
                   "acme corp\nU.S. Steel\n",
                   "(\"acme corp\" OR \"U.S. Steel\")");
        check_list("acme*\n'WHO'\n\"a b\"\n@x\nrun~\n", "(acme* OR 'WHO' OR \"a b\" OR @x OR run~)");
        check_list("black OR white\n'n sync\n", "(\"black OR white\" OR \"'n sync\")");
        check_list("", "()");
}
END_TEST

START_TEST(wildcards_are_for_letters_of_one_word)
{
        ck_assert(fw_wildcard_matches(FW_STR("troop*"), FW_STR("troop")));
        ck_assert(fw_wildcard_matches(FW_STR("*a*a*"), FW_STR("banana")));
        ck_assert(fw_wildcard_matches(FW_STR("wom?n"), FW_STR("womёn")));
        ck_assert(fw_wildcard_matches(FW_STR("?"), FW_STR("軍")));
        ck_assert(!fw_wildcard_matches(FW_STR("?"), FW_STR("")));
        ck_assert(!fw_wildcard_matches(FW_STR("?troops"), FW_STR("troops")));
        ck_assert(!fw_wildcard_matches(FW_STR("wom*n"), FW_STR("womankind")));
        ck_assert(fw_wildcard_matches(FW_STR("*ab"), FW_STR("aab")));
}
END_TEST

START_TEST(limits_are_errors)
{
        fw_buf_reset(&out);
        for (int i = 0; i < 5000; i++)
                fw_buf_append_c(&out, "(");
        ck_assert_ptr_null(parse(fw_buf_str(&out)));
        fw_buf_reset(&out);
        fw_buf_append_c(&out, "a");
        for (int i = 0; i < 5000; i++)
                fw_buf_append_c(&out, " NEAR/2 a");
        ck_assert_ptr_null(parse(fw_buf_str(&out)));
        fw_buf_reset(&out);
        for (int i = 0; i < 5000; i++)
                fw_buf_append_c(&out, "title:");
        ck_assert_ptr_null(parse(fw_buf_str(&out)));
        fw_buf_reset(&out);
        while (out.len <= FW_LIMIT_QUERY_BYTES)
                fw_buf_append_c(&out, "abcdefghi ");
        ck_assert_ptr_null(parse(fw_buf_str(&out)));
        out.len = FW_LIMIT_QUERY_BYTES;
        ck_assert_ptr_nonnull(parse(fw_buf_str(&out)));
        ck_assert_ptr_null(parse(fw_str_n("a \0 b", 5)));
}
END_TEST

UNIT_MAIN_WITH("query", setup, teardown, queries_are_printed_fully_parenthesised, terms_are_cut_as_texts_are,
               a_line_of_a_list_is_a_term, wildcards_are_for_letters_of_one_word, limits_are_errors)
