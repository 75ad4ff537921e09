#include "control/events.h"

#include <errno.h>

#include "base/arena.h"
#include "unit.h"

static struct fw_event_parser parser;
static struct fw_buf seen; /* "id=data;" for each event */
static int answer;

static int note(void *userdata fw_unused, struct fw_str id, struct fw_str data)
{
        ck_assert_int_eq(fw_buf_append(&seen, id), 0);
        ck_assert_int_eq(fw_buf_append_c(&seen, "="), 0);
        ck_assert_int_eq(fw_buf_append(&seen, data), 0);
        ck_assert_int_eq(fw_buf_append_c(&seen, ";"), 0);
        return answer;
}

static void tear_down(void)
{
        fw_event_parser_done(&parser);
        fw_buf_done(&seen);
}

static void begin(enum fw_event_format format, size_t max_bytes)
{
        fw_event_parser_init(&parser, format, max_bytes, note, NULL);
        fw_buf_init(&seen, FW_BUF_UNBOUNDED);
        answer = 0;
}

static void feed(const char *text)
{
        ck_assert_int_eq(fw_event_parser_feed(&parser, fw_str_c(text)), 0);
}

START_TEST(events_have_ids_and_data_of_several_lines)
{
        begin(FW_EVENTS_SSE, 1000);
        feed("id: 1\nevent: alert\ndata: a\n\n");
        feed("data:b\ndata: c\n\n");
        feed("id\ndata\n\n");
        assert_buf(&seen, "1=a;1=b\nc;=;");
}
END_TEST

START_TEST(comments_and_unknown_fields_are_nothing)
{
        begin(FW_EVENTS_SSE, 1000);
        feed(": alive\n\nretry: 2000\nid: 5\n\nnonsense\nother: x\n\n");
        assert_buf(&seen, "");
        assert_text(fw_buf_str(&parser.id), "5");
        feed("data: x\n\n");
        assert_buf(&seen, "5=x;");
}
END_TEST

START_TEST(lines_may_end_in_cr_lf)
{
        begin(FW_EVENTS_SSE, 1000);
        feed("id: 1\r\ndata: a\r\n\r\n");
        assert_buf(&seen, "1=a;");
}
END_TEST

START_TEST(bytes_may_come_one_by_one)
{
        begin(FW_EVENTS_SSE, 1000);
        const char *text = "id: 12\ndata: first\n\ndata: second\n\n";
        for (size_t i = 0; text[i]; i++)
                ck_assert_int_eq(fw_event_parser_feed(&parser, fw_str_n(&text[i], 1)), 0);
        assert_buf(&seen, "12=first;12=second;");
}
END_TEST

START_TEST(an_event_that_is_not_ended_is_none)
{
        begin(FW_EVENTS_SSE, 1000);
        feed("data: half\n");
        assert_buf(&seen, "");
}
END_TEST

START_TEST(json_lines_are_one_event_each_and_empty_ones_none)
{
        begin(FW_EVENTS_LINES, 1000);
        feed("{\"a\":1}\n\n\r\n  \n{\"b\":2}\r\n{\"half\"");
        assert_buf(&seen, "={\"a\":1};={\"b\":2};");
}
END_TEST

START_TEST(a_line_may_be_as_long_as_the_limit_and_no_longer)
{
        begin(FW_EVENTS_LINES, 8);
        feed("12345678\n");
        assert_buf(&seen, "=12345678;");
        ck_assert_int_eq(fw_event_parser_feed(&parser, FW_STR("123456789\n")), -EMSGSIZE);
        assert_buf(&seen, "");
}
END_TEST

START_TEST(data_of_many_lines_has_the_same_limit)
{
        begin(FW_EVENTS_SSE, 16);
        feed("data: 1234567\n");
        feed("data: 1234567\n");
        ck_assert_int_eq(fw_event_parser_feed(&parser, FW_STR("data: 1234567\n")), -EMSGSIZE);
}
END_TEST

START_TEST(what_the_receiver_says_ends_it)
{
        begin(FW_EVENTS_LINES, 1000);
        answer = -ECANCELED;
        ck_assert_int_eq(fw_event_parser_feed(&parser, FW_STR("1\n2\n")), -ECANCELED);
        assert_buf(&seen, "=1;");
}
END_TEST

UNIT_MAIN_WITH("events", NULL, tear_down, events_have_ids_and_data_of_several_lines,
               comments_and_unknown_fields_are_nothing, lines_may_end_in_cr_lf, bytes_may_come_one_by_one,
               an_event_that_is_not_ended_is_none, json_lines_are_one_event_each_and_empty_ones_none,
               a_line_may_be_as_long_as_the_limit_and_no_longer, data_of_many_lines_has_the_same_limit,
               what_the_receiver_says_ends_it)
