#include <time.h>

#include "base/utf8.h"
#include "fixture.h"

static char rendered[8192];

static const char *keep(struct fw_buf *out)
{
        snprintf(rendered, sizeof(rendered), "%s", fw_buf_c(out));
        fw_buf_done(out);
        return rendered;
}

/* Steals the alert. */
static const char *line(json_t *alert, bool color)
{
        struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_alert_line(alert, color, &out), 0);
        json_decref(alert);
        return keep(&out);
}

static const char *block(json_t *alert, bool color, unsigned width)
{
        struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_alert_block(alert, color, width, &out), 0);
        json_decref(alert);
        return keep(&out);
}

static void before(void)
{
        make_folder();
        setenv("TZ", "UTC", 1);
        tzset();
}

START_TEST(a_line_says_it_all)
{
        ck_assert_str_eq(line(troops_alert(), false),
                         "CRITICAL North Korean troops abroad: Seoul: North Korean troops in Russia (BBC World) "
                         "https://example.org/1");
}
END_TEST

START_TEST(a_coloured_line_has_the_matched_words_in_bold)
{
        ck_assert_str_eq(line(troops_alert(), true),
                         "\033[1;31mCRITICAL\033[0m North Korean troops abroad: Seoul: \033[1mNorth Korean "
                         "troops\033[0m in Russia (BBC World) https://example.org/1");
}
END_TEST

START_TEST(a_reason_other_than_the_first_is_said)
{
        json_t *alert = troops_alert();
        fw_json_set(alert, "reason", json_string("updated"));
        ck_assert_str_eq(line(alert, false),
                         "CRITICAL North Korean troops abroad (updated): Seoul: North Korean troops in Russia (BBC "
                         "World) https://example.org/1");
}
END_TEST

START_TEST(an_alert_without_title_or_item_still_has_a_line)
{
        ck_assert_str_eq(line(alert_with(FW_STR(" \n"), FW_STR(""), FW_STR("")), false),
                         "CRITICAL North Korean troops abroad: (without title) (BBC World)");
        ck_assert_str_eq(
                line(json_pack("{s:s,s:s,s:s}", "kind", "health", "severity", "warning", "reason", "feed fails"),
                     false),
                "WARNING health (feed fails)");
        ck_assert_str_eq(line(json_object(), false), "");
        ck_assert_str_eq(block(json_object(), false, 80), "\n");
}
END_TEST

START_TEST(a_block_marks_the_matched_words)
{
        ck_assert_str_eq(block(troops_alert(), false, 0), "CRITICAL North Korean troops abroad\n"
                                                          "  Seoul: »North Korean troops« in Russia\n"
                                                          "  BBC World · 2024-10-24 07:31:02\n"
                                                          "  https://example.org/1\n"
                                                          "  Three thousand »North Korean« soldiers have been sent.\n");
}
END_TEST

START_TEST(a_coloured_block_marks_them_in_bold)
{
        ck_assert_str_eq(block(troops_alert(), true, 0),
                         "\033[1;31mCRITICAL\033[0m\033[1m North Korean troops abroad\033[0m\n"
                         "  Seoul: \033[1mNorth Korean troops\033[0m in Russia\n"
                         "  BBC World · 2024-10-24 07:31:02\n"
                         "  https://example.org/1\n"
                         "  Three thousand \033[1mNorth Korean\033[0m soldiers have been sent.\n");
}
END_TEST

START_TEST(a_block_wraps_between_words)
{
        ck_assert_str_eq(block(troops_alert(), false, 24), "CRITICAL North Korean\n"
                                                           "troops abroad\n"
                                                           "  Seoul: »North Korean\n"
                                                           "  troops« in Russia\n"
                                                           "  BBC World · 2024-10-24\n"
                                                           "  07:31:02\n"
                                                           "  https://example.org/1\n"
                                                           "  Three thousand »North\n"
                                                           "  Korean« soldiers have\n"
                                                           "  been sent.\n");
}
END_TEST

/* The longest line in columns. */
static size_t widest(const char *text)
{
        size_t most = 0;
        struct fw_str rest = fw_str_c(text), part;
        while (fw_str_split(&rest, '\n', &part))
                most = FW_MAX(most, fw_utf8_width(part));
        return most;
}

START_TEST(wide_characters_wrap_anywhere_and_take_two_columns)
{
        static const char excerpt[] =
                "北朝鮮の部隊がロシアに派遣されたと韓国の情報機関が発表した。北朝鮮の部隊がロシアに派遣された。";
        const char *text = block(alert_with(FW_STR("북한군"), FW_STR("https://e/"), fw_str_c(excerpt)), false, 40);
        ck_assert_uint_le(widest(text), 40);
        ck_assert_uint_ge(widest(text), 39);
}
END_TEST

START_TEST(a_link_is_never_broken)
{
        static const char url[] = "https://example.org/a/very/long/path/that/does/not/fit/into/the/window/at/all.html";
        ck_assert_ptr_nonnull(strstr(block(alert_with(FW_STR("t"), fw_str_c(url), FW_STR("")), false, 20), url));
}
END_TEST

START_TEST(no_feed_sends_escape_sequences_or_newlines)
{
        static const struct fw_str hostile[] = {
                FW_STR("\033[2J\033]0;owned\007 gone"),
                FW_STR("first\nCRITICAL fake rule: fake title"),
                FW_STR("tab\there\r\rback \010\010 bell\007 del\177"),
                FW_STR("\302\23331m C1 \302\220 DCS \302\235 OSC"),
                FW_STR("\u202etxt.exe\u202c \u2066isolated\u2069 \ufeff mark"),
                FW_STR("line\u2028separator\u2029paragraph\302\205next"),
                FW_STR("nul\0byte"),
                FW_STR("<script>alert(1)</script> & \"quotes\""),
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(hostile); i++) {
                json_t *alert = alert_with(hostile[i], hostile[i], hostile[i]);
                fw_json_set(alert, "rule_name", fw_json_str(hostile[i]));
                fw_json_set(json_object_get(json_object_get(alert, "item"), "feed"), "title", fw_json_str(hostile[i]));
                fw_json_set(alert, "reason", fw_json_str(hostile[i]));
                fw_json_set(alert, "severity", fw_json_str(hostile[i]));
                struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                ck_assert_int_eq(fw_alert_line(alert, false, &out), 0);
                size_t len;
                for (size_t at = 0; at < out.len; at += len)
                        ck_assert(!fw_code_acts(fw_utf8_decode(fw_buf_str(&out), at, &len)));
                fw_buf_reset(&out);
                ck_assert_int_eq(fw_alert_block(alert, false, 60, &out), 0);
                for (size_t at = 0; at < out.len; at += len) {
                        uint32_t code = fw_utf8_decode(fw_buf_str(&out), at, &len);
                        ck_assert(code == '\n' || !fw_code_acts(code));
                }
                fw_buf_done(&out);
                json_decref(alert);
        }
}
END_TEST

START_TEST(hostile_text_stays_readable)
{
        ck_assert_str_eq(line(alert_with(FW_STR("\033[31mred\nnext\tline\u202e!"), FW_STR("u"), FW_STR("")), false),
                         "CRITICAL North Korean troops abroad: \uFFFD[31mred next line! (BBC World) u");
        ck_assert_str_eq(line(alert_with(FW_STR("<b>&amp;</b>"), FW_STR("u"), FW_STR("")), false),
                         "CRITICAL North Korean troops abroad: <b>&amp;</b> (BBC World) u");
}
END_TEST

START_TEST(marks_that_fit_no_text_do_no_harm)
{
        static const int64_t odd[][2] = { { -1, 5 }, { 5, 3 }, { 0, INT64_MAX }, { 4, 5 }, { 1000, 2000 }, { 2, 2 } };
        for (size_t i = 0; i < FW_ARRAY_LEN(odd); i++) {
                json_t *alert = alert_with(FW_STR("일이삼사"), FW_STR("u"), FW_STR("일이삼사"));
                json_array_append_new(
                        json_object_get(json_object_get(alert, "item"), "marks"),
                        json_pack("{s:I,s:I}", "start", (json_int_t) odd[i][0], "end", (json_int_t) odd[i][1]));
                const char *text = block(alert, false, 0);
                ck_assert(fw_utf8_valid(fw_str_c(text)));
        }
}
END_TEST

UNIT_MAIN_WITH("alert render", before, remove_folder, a_line_says_it_all, a_coloured_line_has_the_matched_words_in_bold,
               a_reason_other_than_the_first_is_said, an_alert_without_title_or_item_still_has_a_line,
               a_block_marks_the_matched_words, a_coloured_block_marks_them_in_bold, a_block_wraps_between_words,
               wide_characters_wrap_anywhere_and_take_two_columns, a_link_is_never_broken,
               no_feed_sends_escape_sequences_or_newlines, hostile_text_stays_readable,
               marks_that_fit_no_text_do_no_harm)
