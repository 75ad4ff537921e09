#include "control/events.h"

#include <errno.h>

void fw_event_parser_init(struct fw_event_parser *parser, enum fw_event_format format, size_t max_bytes,
                          fw_event_function *on_event, void *userdata)
{
        *parser = (struct fw_event_parser){ .format = format, .on_event = on_event, .userdata = userdata };
        fw_buf_init(&parser->line, max_bytes);
        fw_buf_init(&parser->data, max_bytes);
        fw_buf_init(&parser->id, max_bytes);
}

void fw_event_parser_done(struct fw_event_parser *parser)
{
        fw_buf_done(&parser->line);
        fw_buf_done(&parser->data);
        fw_buf_done(&parser->id);
}

static int end_event(struct fw_event_parser *parser)
{
        int r = 0;
        if (parser->has_data)
                r = parser->on_event(parser->userdata, fw_buf_str(&parser->id), fw_buf_str(&parser->data));
        fw_buf_reset(&parser->data);
        parser->has_data = false;
        return r;
}

static int take_field(struct fw_event_parser *parser, struct fw_str name, struct fw_str value)
{
        if (fw_str_eq(name, FW_STR("data"))) {
                if (parser->has_data)
                        (void) fw_buf_append_byte(&parser->data, '\n');
                parser->has_data = true;
                return fw_buf_append(&parser->data, value);
        }
        if (fw_str_eq(name, FW_STR("id")) && fw_str_find_byte(value, '\0', 0) == SIZE_MAX) {
                fw_buf_reset(&parser->id);
                return fw_buf_append(&parser->id, value);
        }
        return 0;
}

static int take_sse_line(struct fw_event_parser *parser, struct fw_str line)
{
        if (fw_str_empty(line))
                return end_event(parser);
        size_t colon = fw_str_find_byte(line, ':', 0);
        if (colon == SIZE_MAX)
                return take_field(parser, line, FW_STR_NONE);
        struct fw_str value = fw_str_slice(line, colon + 1, line.len);
        if (value.len > 0 && value.p[0] == ' ')
                value = fw_str_slice(value, 1, value.len);
        return take_field(parser, fw_str_slice(line, 0, colon), value);
}

static int take_line(struct fw_event_parser *parser, struct fw_str line)
{
        if (line.len > 0 && line.p[line.len - 1] == '\r')
                line.len--;
        if (parser->format == FW_EVENTS_SSE)
                return take_sse_line(parser, line);
        return fw_str_empty(fw_str_trim(line)) ? 0 : parser->on_event(parser->userdata, FW_STR_NONE, line);
}

int fw_event_parser_feed(struct fw_event_parser *parser, struct fw_str bytes)
{
        while (bytes.len > 0) {
                size_t newline = fw_str_find_byte(bytes, '\n', 0);
                int r = fw_buf_append(&parser->line, fw_str_slice(bytes, 0, newline));
                if (r < 0 || newline == SIZE_MAX)
                        return r;
                r = take_line(parser, fw_buf_str(&parser->line));
                if (r != 0)
                        return r;
                fw_buf_reset(&parser->line);
                bytes = fw_str_slice(bytes, newline + 1, bytes.len);
        }
        return 0;
}
