#include "engine/excerpt.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "unit.h"

static struct fw_arena *arena;
static struct fw_plain_text plain;

static void set_up(void)
{
        arena = fw_arena_new();
        fw_plain_text_init(&plain);
}

static void tear_down(void)
{
        fw_plain_text_done(&plain);
        (void) fw_arena_free(arena);
}

/* The excerpt with its marks as [ ]. */
static const char *shown(const char *text, const struct fw_mark *hits, size_t hits_len)
{
        struct fw_str excerpt;
        const struct fw_mark *marks;
        size_t marks_len;
        struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_excerpt(fw_str_c(text), hits, hits_len, arena, &excerpt, &marks, &marks_len);
        ck_assert_uint_le(excerpt.len, FW_LIMIT_EXCERPT_BYTES);
        ck_assert(fw_utf8_valid(excerpt));
        size_t from = 0;
        for (size_t i = 0; i < marks_len; i++) {
                ck_assert_uint_le(from, marks[i].start);
                ck_assert_uint_lt(marks[i].start, marks[i].end);
                ck_assert_uint_le(marks[i].end, excerpt.len);
                (void) fw_buf_append(&out, fw_str_slice(excerpt, from, marks[i].start));
                (void) fw_buf_append_byte(&out, '[');
                (void) fw_buf_append(&out, fw_str_slice(excerpt, marks[i].start, marks[i].end));
                (void) fw_buf_append_byte(&out, ']');
                from = marks[i].end;
        }
        (void) fw_buf_append(&out, fw_str_slice(excerpt, from, excerpt.len));
        struct fw_str copy = fw_arena_copy(arena, fw_buf_str(&out));
        fw_buf_done(&out);
        return copy.p;
}

/* Marks of every occurrence of a word. */
static size_t find_all(const char *text, const char *word, struct fw_mark *marks)
{
        size_t len = 0;
        for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
                marks[len++] = (struct fw_mark){ .start = (uint32_t) (at - text),
                                                 .end = (uint32_t) (at - text + (long) strlen(word)) };
        return len;
}

START_TEST(a_short_text_is_shown_whole_with_its_hits)
{
        struct fw_mark marks[4];
        const char *text = "North Korean troops, troops again";
        ck_assert_str_eq(shown(text, marks, find_all(text, "troops", marks)), "North Korean [troops], [troops] again");
        ck_assert_str_eq(shown(text, NULL, 0), text);
        ck_assert_str_eq(shown("", NULL, 0), "");
}
END_TEST

START_TEST(white_space_is_one_space_and_marks_follow)
{
        struct fw_mark marks[4];
        const char *text = "  first\n\n\tsecond   special\n forces  ";
        ck_assert_str_eq(shown(text, marks, find_all(text, "special\n forces", marks)),
                         "first second [special forces]");
}
END_TEST

START_TEST(hits_that_touch_or_overlap_are_one_mark)
{
        const struct fw_mark hits[] = { { 0, 5 }, { 2, 4 }, { 4, 8 }, { 8, 10 }, { 12, 13 } };
        ck_assert_str_eq(shown("abcdefghijklmnop", hits, 5), "[abcdefghij]kl[m]nop");
}
END_TEST

static void fill(struct fw_buf *text, const char *word, int times)
{
        for (int i = 0; i < times; i++)
                (void) fw_buf_append_c(text, word);
}

START_TEST(a_long_text_is_cut_about_its_hits_between_words)
{
        struct fw_mark marks[4];
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fill(&text, "lorem ", 200);
        fill(&text, "troops ", 1);
        fill(&text, "ipsum ", 200);
        const char *excerpt = shown(fw_buf_c(&text), marks, find_all(fw_buf_c(&text), "troops", marks));
        ck_assert(fw_str_starts(fw_str_c(excerpt), FW_STR("…lorem lorem ")));
        ck_assert(fw_str_ends(fw_str_c(excerpt), FW_STR(" ipsum ipsum…")));
        ck_assert_ptr_nonnull(strstr(excerpt, "lorem [troops] ipsum"));
        ck_assert_uint_gt(strlen(excerpt), FW_LIMIT_EXCERPT_BYTES - 20);
}
END_TEST

START_TEST(the_busiest_part_is_shown)
{
        struct fw_mark marks[8];
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fill(&text, "troops ", 1);
        fill(&text, "lorem ", 100);
        fill(&text, "two troops and three troops here ", 1);
        fill(&text, "ipsum ", 100);
        const char *excerpt = shown(fw_buf_c(&text), marks, find_all(fw_buf_c(&text), "troops", marks));
        ck_assert_ptr_nonnull(strstr(excerpt, "two [troops] and three [troops] here"));
}
END_TEST

START_TEST(without_hits_a_long_text_shows_its_beginning)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fill(&text, "lorem ", 200);
        const char *excerpt = shown(fw_buf_c(&text), NULL, 0);
        ck_assert(fw_str_starts(fw_str_c(excerpt), FW_STR("lorem lorem")));
        ck_assert(fw_str_ends(fw_str_c(excerpt), FW_STR("lorem…")));
}
END_TEST

START_TEST(text_without_spaces_is_cut_between_characters)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fill(&text, "北朝鮮", 200);
        const struct fw_mark hit = { 900, 909 };
        ck_assert_ptr_nonnull(strstr(shown(fw_buf_c(&text), &hit, 1), "[北朝鮮]"));
        const struct fw_mark everything = { 0, 1800 };
        ck_assert(fw_str_starts(fw_str_c(shown(fw_buf_c(&text), &everything, 1)), FW_STR("[北朝鮮")));
}
END_TEST

START_TEST(every_window_of_every_text_is_sound)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fill(&text, "ein Wört 鮮 ", 60);
        for (uint32_t start = 0; start + 20 < text.len; start++) {
                const struct fw_mark hit = { start, start + 20 };
                if (((unsigned char) text.p[start] & 0xC0) != 0x80 &&
                    ((unsigned char) text.p[start + 20] & 0xC0) != 0x80)
                        (void) shown(fw_buf_c(&text), &hit, 1);
        }
}
END_TEST

static void check_range(struct fw_str html, const char *source, const char *wanted)
{
        size_t at = fw_str_find(html, fw_str_c(source), 0);
        ck_assert_uint_ne(at, SIZE_MAX);
        struct fw_mark mark = fw_plain_from_source(&plain, (uint32_t) at, (uint32_t) (at + strlen(source)));
        struct fw_str got = fw_str_slice(fw_buf_str(&plain.text), mark.start, mark.end);
        ck_assert_msg(fw_str_eq(got, fw_str_c(wanted)), "'%s' gave '%.*s'", source, FW_STR_ARG(got));
}

START_TEST(ranges_of_markup_lead_to_the_text)
{
        struct fw_str html = FW_STR("<p>North <b>Kor</b>ea &amp; caf&eacute;</p><p>troops</p>");
        fw_html_to_text(html, &plain);
        check_range(html, "North", "North");
        check_range(html, "orth", "orth");
        check_range(html, "Kor</b>ea", "Korea");
        check_range(html, "ea &amp;", "ea &");
        check_range(html, "&eacute;", "é");
        check_range(html, "caf&eacute;", "café");
        check_range(html, "troops", "troops");
        check_range(html, "<b>", "");
        struct fw_mark beyond = fw_plain_from_source(&plain, 1000, 2000);
        ck_assert_uint_eq(beyond.start, plain.text.len);
        ck_assert_uint_eq(beyond.end, plain.text.len);
}
END_TEST

START_TEST(every_range_of_the_text_comes_back_through_its_source)
{
        fw_html_to_text(FW_STR("<h1>A &lt;b&gt;</h1>x<i>y</i>z&#x1F600;.<br>end"), &plain);
        for (uint32_t from = 0; from < plain.text.len; from++) {
                for (uint32_t to = from + 1; to <= plain.text.len; to++) {
                        uint32_t source_from;
                        uint32_t source_to;
                        fw_plain_to_source(&plain, from, to, &source_from, &source_to);
                        struct fw_mark mark = fw_plain_from_source(&plain, source_from, source_to);
                        ck_assert_uint_le(mark.start, from);
                        ck_assert_uint_ge(mark.end, to);
                        ck_assert_uint_le(mark.end, plain.text.len);
                }
        }
}
END_TEST

START_TEST(a_line_is_short_and_has_no_breaks)
{
        struct fw_str line = fw_one_line(FW_STR(" special \n forces "), 100, arena);
        ck_assert(fw_str_eq(line, FW_STR("special forces")));
        line = fw_one_line(FW_STR("北朝鮮"), 8, arena);
        ck_assert(fw_str_eq(line, FW_STR("北朝")));
}
END_TEST

UNIT_MAIN_WITH("excerpt", set_up, tear_down, a_short_text_is_shown_whole_with_its_hits,
               white_space_is_one_space_and_marks_follow, hits_that_touch_or_overlap_are_one_mark,
               a_long_text_is_cut_about_its_hits_between_words, the_busiest_part_is_shown,
               without_hits_a_long_text_shows_its_beginning, text_without_spaces_is_cut_between_characters,
               every_window_of_every_text_is_sound, ranges_of_markup_lead_to_the_text,
               every_range_of_the_text_comes_back_through_its_source, a_line_is_short_and_has_no_breaks)
